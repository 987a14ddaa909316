// Why a call ended: the rule's id and its words, for the people who must find out.

import { idOf, lineAt, wordsOf } from "../bytes/lines";
import { Slice, w } from "../bytes/slice";

export const enum EndRule {
  None = 0,
  UserHungUp,
  UserRejected,
  UserCancelled,
  PeerHungUp,
  PeerCancelled,
  PeerRefused,
  NoAnswerFromPeer,
  RingTimeout,
  RingbackTimeout,
  Forwarded,
  NoPrack,
  NoAck,
  SessionExpired,
  RefreshUnanswered,
  RefreshRefused,
  /** 408 or 481 to a change of ours, without a session timer. */
  DialogGone,
  RefreshTooLate,
  NoCommonMedia,
  BadAnswer,
  BadRoute,
  NotLocated,
  TransportFailed,
  TooSmallInterval,
  CredentialsRefused,
  TooManyRedirects,
  PhoneStopped,
  NoMemory,
  /** The phone was started again from a saved state, without its media. */
  MediaLost,
  /** A timer of the call could not be run (docs/abi.md, "Faults"). */
  Fault,
  /** Another fork of the INVITE was taken. */
  ForkLost,
  /** An INVITE was answered when another target had its turn. */
  AnsweredLate,
  Transferred,
  Replaced,
}

/** Short and stable: scripts may compare it. */
export function endRuleId(rule: EndRule): Slice {
  return idOf(lineOf(rule));
}

/** For a person, where no response or Reason header says more. */
export function endRuleWords(rule: EndRule): Slice {
  return wordsOf(lineOf(rule));
}

/** In the order of EndRule: the id, a colon, the words. */
function lineOf(rule: EndRule): Slice {
  return lineAt(
    w(`none:
user-hangup:hung up here
user-reject:rejected here
user-cancel:given up here before it was answered
peer-bye:the other side hung up
peer-cancel:the caller gave up
peer-refused:the other side refused
RFC3261-17.1.1-timeout:no answer to INVITE for 64*T1
setting-ringing_timeout:nobody answered here in time
setting-ringback_timeout:nobody answered there in time
setting-forward:nobody answered here, forwarded
RFC3262-3-no-prack:our ringing was never acknowledged
RFC3261-13.3.1.4-no-ack:our 200 was never acknowledged
RFC4028-10-expired:the other side was to refresh the session and did not
RFC4028-10-unanswered:Session refresh timeout
RFC5057-refused:the other side no longer knows the call
RFC3261-12.2.1.2-gone:a request in the call met silence, or no call
RFC4028-10-late:the session could not be refreshed in time
RFC3264-no-common-media:no codec in common
RFC3264-bad-answer:the answer does not fit our offer
RFC3261-12.1.2-route:a Record-Route of the answer can't be read
RFC3263-not-located:no address found for the target
RFC3261-8.1.3.1-transport:the message could not be sent
RFC4028-7.3-interval:no session interval suits both sides
RFC3261-22-credentials:user name or password refused
RFC3261-8.1.3.4-redirects:redirected too often
user-stop:the phone is going off
capacity-memory:no memory for another message
media-lost:the phone has lost its media
fault:an error of the phone
fork-lost:Call completed elsewhere
answered-late:answered too late
user-transfer:the other side was transferred
RFC3891-replaced:another call has taken its place`),
    rule,
  );
}
