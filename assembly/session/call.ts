// A call: one INVITE session (RFC 3261 §13), from the wish to ring somebody to the last BYE.
//
//   outgoing   Locating -> Calling -> Proceeding --2xx--> Up
//                              \           \
//                               +-----------+--CANCEL--> Cancelling --final--> over
//   incoming   Locating -> Ringing --answer--> Accepted --ACK--> Up
//   both       Up --hung up--> Ending --response to our BYE--> over;   Up --BYE received--> over
//
// A re-INVITE or UPDATE of ours is a Change; there is one at a time (change.ts).

import { Attempts, forgetChallenges, newAttempts } from "../auth/attempts";
import { isPresent, Slice } from "../bytes/slice";
import { release } from "../bytes/blocks";
import { Dialog, releaseDialog } from "../dialog/dialog";
import { Kind, openPool, Pool, Pooled } from "../handle/pool";
import { Method } from "../message/method";
import { Counter, EventKind, Transport } from "../output/abi-numbers";
import { count } from "../output/counters";
import { beginEvent } from "../output/output";
import { Deadline, newDeadline } from "../time/deadlines";
import { endSearch, findSearch } from "../transport/destination";
import { forgetQuery } from "../transport/query";
import { EndRule } from "./end-rule";
import { RefreshMethod } from "./refresh-method";
import { givePort } from "./rtp-ports";
import { newSessionTimer, SessionTimer, stopTimer } from "./session-timer";

export const enum CallState {
  /** A name or our own address is being looked up. */
  Locating = 0,
  /** INVITE sent, nothing heard. */
  Calling,
  /** A provisional response came. */
  Proceeding,
  /** Given up by the user; CANCEL was sent or waits for a provisional response. */
  Cancelling,
  /** 180 sent. */
  Ringing,
  /** 2xx sent, no ACK yet. */
  Accepted,
  Up,
  /** BYE sent. */
  Ending,
}

/** What a re-INVITE or UPDATE of ours is for. */
export const enum Change {
  None = 0,
  Refresh,
  Hold,
  Resume,
  /** Our media go to another address. */
  Media,
}

/** A transfer that we asked the other side for (refer.ts). */
export const enum Transfer {
  None = 0,
  /** For the other call to be answered, or a change of ours to end. */
  Waiting,
  /** REFER sent. */
  Asking,
  /** 2xx received: NOTIFY says how it goes. */
  Accepted,
}

export const DEADLINES_PER_CALL: u32 = 7;


@unmanaged
export class Call extends Pooled {
  // Made once, with the pool.
  timer: SessionTimer;
  /** What the peer and the proxies want credentials for. */
  attempts: Attempts;
  /** Locating, ringing, ringback, CANCEL: whatever bounds the present state. */
  guard: Deadline;
  /** 2xx again, provisional again. */
  pace: Deadline;
  acceptTimeout: Deadline;
  refresh: Deadline;
  expiry: Deadline;
  retry: Deadline;
  /** News of a transfer. */
  news: Deadline;

  // Everything from here on is zeroed when it is taken.
  /** As people count: 1, 2, ... */
  number: u32;
  account: i32;
  isOutgoing: bool;
  state: CallState;
  /** The other side has said so. */
  hasRung: bool;
  /** The user, or sip_stop, wants it over as soon as the protocol permits. */
  wantsEnd: bool;
  /** Why our BYE is sent, for its Reason; before that how the call ends where no target is left. */
  endRule: EndRule;
  endStatus: i32;
  /** call.ended was said. */
  isOver: bool;

  /** The one dialog: Trying while our INVITE is open, confirmed once the call is up. */
  dialog: Dialog | null;
  /** Early dialogs of our INVITE. */
  forks: Dialog | null;
  /** Our INVITE's client transaction, or the server transaction of the peer's newest INVITE. */
  invite: u32;
  /** CSeq of the INVITE whose ACK or response we wait for. */
  inviteSequence: u32;
  /** Open question for our own address. */
  query: u32;
  /** Handle of the search for a server to send the INVITE to. */
  search: u32;
  /** It came from a server of the account, or went to one: what it asserts may be believed. */
  isTrusted: bool;
  /** The other side says that somebody else has taken it (RFC 3326). */
  isElsewhere: bool;
  /** To a number of ringlet.emergency.numbers; one bit for each account that it was tried by: session/emergency.ts. */
  isEmergency: bool;
  triedAccounts: u32;
  /** Seconds until it is answered by itself; -1 if the user has to. */
  answersAfter: i32;
  /** Because the caller wants it so. */
  isIntercom: bool;
  /** The peer takes our provisional responses reliably (RFC 3262); RSeq of the newest, 0 before the first. */
  isReliable: bool;
  rseq: u32;
  /** It has no PRACK yet. */
  isUnacknowledged: bool;
  /** The user has answered, and our offer in it waits for that PRACK. */
  answersLater: bool;
  /** If nobody answers it may be forwarded. */
  mayForward: bool;
  /** Which server is searched: session/locate.ts; 0 before the first. */
  place: i32;

  // Who it is: kept.
  /** Request-URI of the outgoing call; URI of the caller otherwise. */
  remoteUri: Slice;
  localAddress: Slice;
  /** What a 302 says behind its Contact, or our INVITE of the redirections that it has met: session/diversion.ts. Kept. */
  history: Slice;
  /** The other side, as it was said last. Kept. */
  party: Slice;
  flow: u32;
  // Target of the INVITE: kept.
  hopAddress: Slice;
  hopName: Slice;
  hopPort: i32;
  hopTransport: Transport;
  /** That is where the INVITE goes; else the next target is looked for. */
  isAimed: bool;
  /** A target was passed over because it is kept out. */
  hasPassed: bool;
  /** The server whose registration found it; 0 where a search did. */
  way: i32;
  /** The server that it waits to be registered at, having left all others; 0 before. */
  awaitedWay: i32;
  /** Credential lines of the newest INVITE, for its ACK. Kept. */
  inviteCredentials: Slice;
  redirects: i32;

  // A transfer that we ask for.
  transfer: Transfer;
  /** The call whose other end it goes to; 0 where a URI was named. */
  transferTo: u32;
  /** That URI. Kept. */
  referTo: Slice;
  /** CSeq of our REFER. */
  referSequence: u32;

  // A call that the other side has asked us for (received-refer.ts).
  /** CSeq of its REFER while it wants to hear of it; 0 otherwise. */
  reportId: u32;
  /** It is not the first in this dialog; there was one. */
  reportsAgain: bool;
  referredOnce: bool;
  /** The newest status of that call, the one that was told, and the NOTIFY that has no answer yet. */
  reportStatus: i32;
  reportedStatus: i32;
  report: u32;

  /** The call over which we were asked for this one; 0 for none, and when it has been told how this one went. */
  referrer: u32;
  /** Lines of our INVITE that a REFER asked for. Kept. */
  referredLines: Slice;
  /** Its Contact says that a conference is there. */
  isFocus: bool;
  /** It says so, or was called as one (account.X.conf_uri): others are sent to it, not into its place. */
  isConference: bool;
  /** The call whose place this one takes as soon as it rings; 0 for none. */
  replaces: u32;

  /** Of the bodies of a dialog that has no media (agent/control.ts): then `localSdp` is such a body. EMPTY for SDP. */
  bodyType: Slice;
  /** DTMF by INFO: kept until all are sent, and how many have been answered. Of a dialog without media the document that is sent. */
  digits: Slice;
  digitsSent: i32;

  // Media.
  /** Where the phone's application takes it, kept, and its port; EMPTY and 0 until it says so. */
  mediaAddress: Slice;
  mediaPort: i32;
  /** The other side has not been told of that. */
  movesMedia: bool;
  localSdp: Slice;
  /** Our newest offer while it is unanswered. */
  proposedSdp: Slice;
  remoteSdp: Slice;
  /** What was agreed, in words. */
  mediaLine: Slice;
  sdpId: u64;
  /** Highest version used in an o= line of ours, and those of `localSdp` and `proposedSdp`. */
  sdpVersion: u64;
  localVersion: u64;
  proposedVersion: u64;
  rtpPort: i32;
  /** We made the offer in a 2xx: the ACK carries the answer. */
  awaitsAnswer: bool;
  mediaIsSaid: bool;
  /** The stream's profile, as it was agreed on. */
  isSavp: bool;
  /** Grows by one with each new key of ours. */
  keyEpoch: u32;
  /** How the one begins that was said. */
  saidKey: u64;
  /** In force; what our open offer says; what the user wants. */
  isHolding: bool;
  offersHold: bool;
  wantsHold: bool;

  // The change of ours that is open.
  change: Change;
  changeMethod: Method;
  changeTransaction: u32;
  changeTries: i32;
  /** The UPDATE of this refresh was given up for a re-INVITE or the other way round. */
  changedMethod: bool;
  refreshMethod: RefreshMethod;
  /** A refresh fell due while something else was open. */
  refreshIsDue: bool;
  /** Between two of what `pace` repeats. */
  paceMs: i64;

  get isUp(): bool {
    return this.state == CallState.Up;
  }

  get isRingingIn(): bool {
    return this.state == CallState.Ringing;
  }
}

let calls: Pool<Call> = changetype<Pool<Call>>(0);
let mostCalls: i32 = 0;
let lastNumber: u32 = 0;

/**
 * Twice as many as may be talking: a call whose BYE waits for an answer still has its place, but the
 * phone is free for the next one.
 */
export function openCalls(count: u32): void {
  mostCalls = count;
  lastNumber = 0;
  calls = openPool<Call>(Kind.Call, placesFor(count));
  for (let i: u32 = 0; i < calls.count; i++) {
    const call = calls.at(i);
    call.timer = newSessionTimer();
    call.attempts = newAttempts();
    call.guard = newDeadline();
    call.pace = newDeadline();
    call.acceptTimeout = newDeadline();
    call.refresh = newDeadline();
    call.expiry = newDeadline();
    call.retry = newDeadline();
    call.news = newDeadline();
  }
}

/** One place is for an emergency, and some for what the user does not see: four dialogs without media (csta/link.ts). */
export function placesFor(count: u32): u32 {
  return count * 2 + 5;
}

export function findCall(handle: u32): Call | null {
  return calls.find(handle);
}

/** True when one more call would be more than the phone may have. */
export function isFull(): bool {
  return countCalls() >= mostCalls || calls.used + 1 >= calls.count;
}

/** Calls that the user still sees. */
export function countCalls(): i32 {
  return <i32>calls.used - overCount;
}

/** Calls of any kind, those included whose last message is still unanswered. */
export function callsInUse(): u32 {
  return calls.used;
}

let overCount: i32 = 0;

/** Call.ended was said: it counts no longer. */
export function markOver(call: Call): void {
  if (call.isOver) return;
  count(Counter.Changes);
  call.isOver = true;
  overCount++;
}

/** False as well for a call without media, of which the user hears nothing. */
export function beginCallEvent(call: Call, event: EventKind, name: Slice): bool {
  return !isPresent(call.bodyType) && beginEvent(event, name, call.handle, call.number);
}

/** `isUrgent`: another call ends for it, or it is an emergency: it may be one more than permitted. */
export function takeCall(account: i32, isOutgoing: bool, isUrgent: bool = false): Call | null {
  if (!isUrgent && isFull()) return null;
  const call = calls.take();
  if (!call) return null;
  const blank = offsetof<Call>("number");
  memory.fill(changetype<usize>(call) + blank, 0, offsetof<Call>() - blank);
  call.number = ++lastNumber;
  call.account = account;
  call.isOutgoing = isOutgoing;
  const owner = call.handle;
  call.guard.owner = owner;
  call.pace.owner = owner;
  call.acceptTimeout.owner = owner;
  call.refresh.owner = owner;
  call.expiry.owner = owner;
  call.retry.owner = owner;
  call.news.owner = owner;
  return call;
}

/** No timer of a call fires after its end (session-timer rule I7). */
export function stopTimers(call: Call): void {
  stopTimer(call.timer);
  call.guard.stop();
  call.pace.stop();
  call.acceptTimeout.stop();
  call.refresh.stop();
  call.expiry.stop();
  call.retry.stop();
  call.news.stop();
}

/** Gives the call and all that it keeps back. */
export function releaseCall(call: Call): void {
  stopTimers(call);
  forgetQuery(call.query);
  stopSearching(call);
  releaseForks(call);
  const dialog = call.dialog;
  if (dialog) releaseDialog(dialog);
  release(call.remoteUri);
  release(call.localAddress);
  release(call.history);
  release(call.party);
  release(call.hopAddress);
  forgetChallenges(call.attempts);
  release(call.hopName);
  release(call.inviteCredentials);
  release(call.localSdp);
  release(call.proposedSdp);
  release(call.remoteSdp);
  release(call.mediaLine);
  release(call.referTo);
  release(call.referredLines);
  release(call.digits);
  release(call.mediaAddress);
  if (call.rtpPort) givePort(call.rtpPort);
  if (call.isOver) overCount--;
  calls.give(call);
}

/** No other target is wanted any more. */
export function stopSearching(call: Call): void {
  const s = findSearch(call.search);
  if (s) endSearch(s);
  call.search = 0;
}

/** Gives every early dialog back, except `keepThis`. */
export function releaseForks(call: Call, keepThis: Dialog | null = null): void {
  let fork = call.forks;
  call.forks = null;
  while (fork) {
    const next = fork.nextFork;
    if (fork != keepThis) releaseDialog(fork);
    fork = next;
  }
}

export function callPlaces(): i32 {
  return <i32>calls.reached;
}

/** The call at a place that the user still sees, to walk over all of them; null where there is none. */
export function callAt(place: i32): Call | null {
  const call = calls.at(place);
  return calls.isUsed(place) && !call.isOver ? call : null;
}

/** The same, or one that has no media and that the user never saw, or whose BYE is still to come or to be answered. */
export function anyCallAt(place: i32): Call | null {
  const call = calls.at(place);
  const isAny = !call.isOver || isPresent(call.bodyType) || call.state == CallState.Ending;
  return calls.isUsed(place) && isAny ? call : null;
}

/** The newest call, or the newest that rings here; null if there is none. */
export function newestCall(onlyRinging: bool): Call | null {
  let newest: Call | null = null;
  for (let place = 0; place < callPlaces(); place++) {
    const call = callAt(place);
    if (!call || (onlyRinging && !call.isRingingIn)) continue;
    if (!newest || call.number > newest.number) newest = call;
  }
  return newest;
}

/** The call of that number; null if there is none. */
export function callNumbered(number: u32): Call | null {
  for (let place = 0; place < callPlaces(); place++) {
    const call = callAt(place);
    if (call && call.number == number) return call;
  }
  return null;
}

/** True if the user sees any call but this one. */
export function isBusyBeside(call: Call): bool {
  return countCalls() > (call.isOver ? 0 : 1);
}
