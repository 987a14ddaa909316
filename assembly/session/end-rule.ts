// Why a call ended: the rule's id and its words, for the people who must find out.

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
  NoAck,
  NoPrack,
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
  /** Another fork of the INVITE was taken. */
  ForkLost,
  /** An INVITE was answered when another target had its turn. */
  AnsweredLate,
  Transferred,
  Replaced,
}

/** Short and stable: scripts may compare it. */
export function endRuleId(rule: EndRule): Slice {
  switch (rule) {
    case EndRule.UserHungUp:
      return w("user-hangup");
    case EndRule.UserRejected:
      return w("user-reject");
    case EndRule.UserCancelled:
      return w("user-cancel");
    case EndRule.PeerHungUp:
      return w("peer-bye");
    case EndRule.PeerCancelled:
      return w("peer-cancel");
    case EndRule.PeerRefused:
      return w("peer-refused");
    case EndRule.NoAnswerFromPeer:
      return w("RFC3261-17.1.1-timeout");
    case EndRule.RingTimeout:
      return w("setting-ringing_timeout");
    case EndRule.RingbackTimeout:
      return w("setting-ringback_timeout");
    case EndRule.Forwarded:
      return w("setting-forward");
    case EndRule.NoPrack:
      return w("RFC3262-3-no-prack");
    case EndRule.NoAck:
      return w("RFC3261-13.3.1.4-no-ack");
    case EndRule.SessionExpired:
      return w("RFC4028-10-expired");
    case EndRule.RefreshUnanswered:
      return w("RFC4028-10-unanswered");
    case EndRule.RefreshRefused:
      return w("RFC5057-refused");
    case EndRule.DialogGone:
      return w("RFC3261-12.2.1.2-gone");
    case EndRule.RefreshTooLate:
      return w("RFC4028-10-late");
    case EndRule.NoCommonMedia:
      return w("RFC3264-no-common-media");
    case EndRule.BadAnswer:
      return w("RFC3264-bad-answer");
    case EndRule.BadRoute:
      return w("RFC3261-12.1.2-route");
    case EndRule.NotLocated:
      return w("RFC3263-not-located");
    case EndRule.TransportFailed:
      return w("RFC3261-8.1.3.1-transport");
    case EndRule.TooSmallInterval:
      return w("RFC4028-7.3-interval");
    case EndRule.CredentialsRefused:
      return w("RFC3261-22-credentials");
    case EndRule.TooManyRedirects:
      return w("RFC3261-8.1.3.4-redirects");
    case EndRule.PhoneStopped:
      return w("user-stop");
    case EndRule.NoMemory:
      return w("capacity-memory");
    case EndRule.Transferred:
      return w("user-transfer");
    case EndRule.Replaced:
      return w("RFC3891-replaced");
    default:
      return w("none");
  }
}

/** For a person, where no response or Reason header says more. */
export function endRuleWords(rule: EndRule): Slice {
  switch (rule) {
    case EndRule.UserHungUp:
      return w("hung up here");
    case EndRule.UserRejected:
      return w("rejected here");
    case EndRule.UserCancelled:
      return w("given up here before it was answered");
    case EndRule.PeerHungUp:
      return w("the other side hung up");
    case EndRule.PeerCancelled:
      return w("the caller gave up");
    case EndRule.PeerRefused:
      return w("the other side refused");
    case EndRule.NoAnswerFromPeer:
      return w("no answer to INVITE for 64*T1");
    case EndRule.RingTimeout:
      return w("nobody answered here in time");
    case EndRule.RingbackTimeout:
      return w("nobody answered there in time");
    case EndRule.Forwarded:
      return w("nobody answered here, forwarded");
    case EndRule.NoPrack:
      return w("our ringing was never acknowledged");
    case EndRule.NoAck:
      return w("our 200 was never acknowledged");
    case EndRule.SessionExpired:
      return w("the other side was to refresh the session and did not");
    case EndRule.RefreshUnanswered:
      return w("Session refresh timeout");
    case EndRule.RefreshRefused:
      return w("the other side no longer knows the call");
    case EndRule.DialogGone:
      return w("a request in the call met silence, or no call");
    case EndRule.RefreshTooLate:
      return w("the session could not be refreshed in time");
    case EndRule.NoCommonMedia:
      return w("no codec in common");
    case EndRule.BadAnswer:
      return w("the answer does not fit our offer");
    case EndRule.BadRoute:
      return w("a Record-Route of the answer can't be read");
    case EndRule.NotLocated:
      return w("no address found for the target");
    case EndRule.TransportFailed:
      return w("the message could not be sent");
    case EndRule.TooSmallInterval:
      return w("no session interval suits both sides");
    case EndRule.CredentialsRefused:
      return w("user name or password refused");
    case EndRule.TooManyRedirects:
      return w("redirected too often");
    case EndRule.PhoneStopped:
      return w("the phone is going off");
    case EndRule.NoMemory:
      return w("no memory for another message");
    case EndRule.ForkLost:
      return w("Call completed elsewhere");
    case EndRule.AnsweredLate:
      return w("answered too late");
    case EndRule.Transferred:
      return w("the other side was transferred");
    case EndRule.Replaced:
      return w("another call has taken its place");
    default:
      return w("");
  }
}
