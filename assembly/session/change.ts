// A re-INVITE or UPDATE of ours (RFC 3261 §14.1, RFC 3311): to refresh, to hold, to resume, to move our media.
//
// One at a time. What the user wants meanwhile waits in `wantsHold`, a refresh that falls due in
// `refreshIsDue`; both are looked at when the present change is over.

import { beginAttempts, noteAuthenticationInfo } from "../auth/attempts";
import { keep, release } from "../bytes/blocks";
import { EMPTY, isPresent, size, Slice } from "../bytes/slice";
import { refreshTarget } from "../dialog/establish";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { retryAfter } from "../message/retry-after";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { destroy, findTransaction, limitTimeout, State, Transaction } from "../transaction/transaction";
import { isAwaitingAck } from "./answer";
import { endCall, sendByeNow } from "./bye";
import { Call, CallState, Change } from "./call";
import { changeName, sayNotice, sayRefreshed, Side } from "./call-events";
import { EndRule } from "./end-rule";
import { noteFocus } from "./focus";
import { goOnTransferring } from "./refer";
import { goesElsewhere } from "./fail-over";
import { patienceMs } from "./locate";
import { makeOffer, MediaVerdict, repeatOffer, sdpOf, takeAnswer, withdrawOffer } from "./media";
import { glareDelayMs, Outcome, refreshOutcome, retryDelayMs, SPACED_RETRY_MS } from "./refresh-outcome";
import { armSessionTimers, giveUp, refreshSession } from "./refresh";
import { acknowledge, noteChallenge, Purpose, send, sequenceOf } from "./request";
import {
  attemptRunUntil,
  fitsInvite,
  isRunning,
  mayAttempt,
  Refresher,
  refreshMethod,
} from "./session-timer";
import { receiveTimerSuccess, receiveTooSmall, TooSmall } from "./timer-request";

/** A peer that asks its user before it answers a re-INVITE gets this long, if the session lasts so long. */
const PATIENCE_MS: i64 = 180_000;
/** Between two tries to send at all. */
const RECONNECT_MS: i64 = 2_000;

/** Begins a change; what can't be sent now is tried again later. */
export function startChange(call: Call, change: Change, method: Method): void {
  if (method == Method.Invite && isAwaitingAck(call)) return postpone(call, change);
  call.change = change;
  call.changeMethod = method;
  beginAttempts(call.attempts);
  const ready = method == Method.Update || (change == Change.Refresh ? repeatOffer(call) : makeOffer(call));
  if (!ready || !sendChange(call)) retryLater(call, Timer.Retry, RECONNECT_MS);
}

// No INVITE of ours before the ACK to the peer's (RFC 3261 §14.1): it continues with what waits.
function postpone(call: Call, change: Change): void {
  closeChange(call);
  if (change == Change.Refresh) call.refreshIsDue = true;
}

/** Sends the open change, for the first time or once more. */
function sendChange(call: Call): bool {
  const d = call.dialog!;
  const method = call.changeMethod;
  const body = method == Method.Invite ? call.proposedSdp : EMPTY;
  const sequence = sequenceOf(d);
  const t = send(call, d, method, sequence, body, Purpose.Change);
  if (!t) return false;
  call.changeTransaction = t.handle;
  if (method == Method.Invite) call.inviteSequence = sequence;
  call.retry.arm(Timer.Silence, nowMs() + changePatienceMs(call));
  bound(call, t);
  return true;
}

function changePatienceMs(call: Call): i64 {
  return call.changeMethod == Method.Invite
    ? patienceMs(call, Key.ProxyInviteRetryCounts, Key.ServerInviteRetryCounts, 0)
    : patienceMs(call, Key.ProxyRetryCounts, Key.ServerRetryCounts, number(Key.TimerT2, call.account));
}

/** No answer yet: the same request goes to another target of the next hop's name, if it has one. */
export function changeIsSilent(call: Call): void {
  const t = findTransaction(call.changeTransaction);
  if (!t || t.state > State.Trying || isLate(call) || !goesElsewhere(call, null)) return;
  t.retransmit.stop();
  t.purpose = <u8>Purpose.ChangeLeft;
  again(call);
}

// An attempt may not run into the expiry (RFC 4028 §10), and a provisional response stops Timer B.
function bound(call: Call, t: Transaction): void {
  const now = nowMs();
  const own = <i64>number(Key.TimerT1, call.account) * 64;
  let until = now + PATIENCE_MS;
  if (isRunning(call.timer)) {
    limitTimeout(t, attemptRunUntil(call.timer, now, own));
    until = attemptRunUntil(call.timer, now, PATIENCE_MS);
  }
  if (call.changeMethod == Method.Invite) call.guard.arm(Timer.Change, until);
}

/**
 * Provisional responses only show that it arrived; everything final decides. The 2xx to an INVITE may come
 * again while another change is open: it is acknowledged, and that is all.
 */
export function receiveChangeResponse(call: Call, t: Transaction, m: Message): void {
  if (m.status < 200) return;
  const isInvite = t.method == Method.Invite;
  const sequence = t.cseq;
  const isOpen = t.handle == call.changeTransaction;
  if (m.status < 300) {
    // The ACK goes to the new target already (RFC 3261 §12.2.1.2, §13.2.2.4).
    if (isOpen) {
      refreshTarget(call.dialog!, m);
      noteFocus(call, m);
    }
    if (isInvite) acknowledge(call, call.dialog!, sequence, EMPTY);
  }
  if (!isOpen) return;
  if (call.state == CallState.Ending) return sendByeNow(call);
  if (!isInvite) call.timer.updateWasAnswered = true;
  call.guard.stop();
  call.changeTransaction = 0;
  if (m.status < 300) succeed(call, m, sequence);
  else fail(call, m.status, m);
}

/** No final response: it counts as 408 (RFC 3261 §8.1.3.1); 0 when it could not be sent. */
export function changeTimedOut(call: Call, status: i32): void {
  if (call.state == CallState.Ending && isAsking(call)) return sendByeNow(call);
  if (call.state != CallState.Up || call.change == Change.None) return;
  call.guard.stop();
  const t = findTransaction(call.changeTransaction);
  if (t) destroy(t);
  call.changeTransaction = 0;
  fail(call, status, null);
}

function succeed(call: Call, m: Message, sequence: u32): void {
  const change = call.change;
  const method = call.changeMethod;
  noteAuthenticationInfo(call.attempts, m);
  receiveTimerSuccess(call.timer, m, sequence, false, nowMs());
  // A body in the answer to an UPDATE without offer means nothing (B14).
  const hasAgreed = method == Method.Update || takeChangedAnswer(call, sdpOf(m));
  closeChange(call);
  armSessionTimers(call);
  if (isRunning(call.timer) || change == Change.Refresh) sayRefreshed(call, Side.Local, method);
  if (!hasAgreed && change != Change.Refresh) forgetWish(call, change, 488);
  continueWith(call);
}

// A refresh whose answer lacks SDP, or does not fit, has renewed the session all the same.
function takeChangedAnswer(call: Call, sdp: Slice): bool {
  if (size(sdp) && takeAnswer(call, sdp) == MediaVerdict.Agreed) return true;
  withdrawOffer(call);
  return false;
}

/** Hold or resume came to nothing. The wish is not repeated, or it would be for ever. */
function forgetWish(call: Call, change: Change, status: i32): void {
  call.wantsHold = call.isHolding;
  call.movesMedia = false;
  sayNotice(call, changeName(change), status);
}

function closeChange(call: Call): void {
  call.change = Change.None;
  call.changeTries = 0;
  call.changedMethod = false;
  call.retry.stop();
}

/** What waited for the change to end: the user's wish before the clock's. */
export function continueWith(call: Call): void {
  if (call.state != CallState.Up || call.change != Change.None) return;
  if (call.wantsEnd) return endCall(call, Side.Local, 200, EndRule.UserHungUp);
  if (call.wantsHold != call.isHolding) {
    startChange(call, call.wantsHold ? Change.Hold : Change.Resume, Method.Invite);
  } else if (call.movesMedia) startChange(call, Change.Media, Method.Invite);
  else if (call.refreshIsDue) refreshSession(call);
  goOnTransferring(call);
}

function fail(call: Call, status: i32, m: Message | null): void {
  if (!isLate(call) && goesElsewhere(call, m)) return again(call);
  const outcome = refreshOutcome(
    status,
    call.changeMethod,
    m != null && retryAfter(m) >= 0,
    call.changeTries,
    mayFallBack(call),
    mayTryOther(call),
  );
  switch (outcome) {
    case Outcome.Dead:
      return endCall(call, Side.Local, status, deadRule(call, status));
    case Outcome.Authenticate:
      if (noteChallenge(call, m!)) return again(call);
      return abandon(call, status);
    case Outcome.RaiseInterval:
      if (receiveTooSmall(call.timer, m!, false) != TooSmall.GiveUp) return again(call);
      return abandon(call, status);
    case Outcome.FallBackToInvite:
      return switchMethod(call, Method.Invite);
    case Outcome.NoUpdateReinvite:
      call.timer.updateWasRefused = true;
      return switchMethod(call, Method.Invite);
    case Outcome.TryOtherMethod:
      return switchMethod(call, call.changeMethod == Method.Invite ? Method.Update : Method.Invite);
    case Outcome.WaitGlare:
      return retryLater(call, Timer.Glare, glareDelayMs(call.isOutgoing));
    case Outcome.RetryAfter:
      return retryLater(call, Timer.Retry, retryDelayMs(retryAfter(m!)));
    case Outcome.RetrySpaced:
      call.changeTries++;
      return retryLater(call, Timer.Retry, SPACED_RETRY_MS);
    case Outcome.Reconnect:
      return retryLater(call, Timer.Retry, RECONNECT_MS);
    default:
      return abandon(call, status);
  }
}

function deadRule(call: Call, status: i32): EndRule {
  if (status != 408 && status != 481) return EndRule.RefreshRefused;
  return isRunning(call.timer) ? EndRule.RefreshUnanswered : EndRule.DialogGone;
}

// update_fallback: a gateway that swallows UPDATE deserves one re-INVITE, if a whole one still fits.
function mayFallBack(call: Call): bool {
  const t = call.timer;
  if (t.updateWasAnswered || !number(Key.SessionTimerUpdateFallback, call.account)) return false;
  return isRunning(t) && fitsInvite(t, nowMs(), <i64>number(Key.TimerT1, call.account) * 64);
}

function mayTryOther(call: Call): bool {
  if (call.change != Change.Refresh || call.changedMethod) return false;
  if (call.changeMethod == Method.Update) return true;
  return refreshMethod(call.timer) == Method.Update && number(Key.SessionTimerAllowUpdate, call.account) != 0;
}

function again(call: Call): void {
  if (!sendChange(call)) retryLater(call, Timer.Retry, RECONNECT_MS);
}

function switchMethod(call: Call, method: Method): void {
  call.changedMethod = true;
  withdrawOffer(call);
  startChange(call, call.change, method);
}

/** The change stays open and is sent again, with an offer made anew; unless it is too late for that already. */
function retryLater(call: Call, timer: Timer, delayMs: i64): void {
  withdrawOffer(call);
  if (isLate(call)) return giveUp(call);
  call.movesMedia = call.movesMedia || (call.change != Change.Refresh && call.mediaPort != 0);
  call.retry.arm(timer, nowMs() + delayMs);
}

/** The wait after 491 or Retry-After is over. */
export function retryChange(call: Call): void {
  if (call.state != CallState.Up || call.change == Change.None) return;
  if (isLate(call)) giveUp(call);
  else if (isNeedless(call)) {
    closeChange(call);
    continueWith(call);
  } else startChange(call, call.change, call.changeMethod);
}

/** Our answer to an offer of the peer has said it meanwhile, or the user has thought better of it. */
function isNeedless(call: Call): bool {
  return call.change != Change.Refresh && call.wantsHold == call.isHolding && !call.movesMedia;
}

/** We refresh, and no attempt may begin any more. */
function isLate(call: Call): bool {
  const t = call.timer;
  return isRunning(t) && t.refresher == Refresher.Local && !mayAttempt(t, nowMs());
}

/** True while a request of ours is on its way: between two tries the peer has the right of way. */
export function isAsking(call: Call): bool {
  return call.change != Change.None && call.changeTransaction != 0;
}

/** The peer has renewed the session: a refresh of ours that waits for its turn is not needed any more. */
export function dropWaitingRefresh(call: Call): void {
  if (call.change != Change.Refresh || isAsking(call)) return;
  closeChange(call);
}

/** It came to nothing: the session is as it was, and its timers run on (RFC 3261 §14.1). */
function abandon(call: Call, status: i32): void {
  const change = call.change;
  withdrawOffer(call);
  closeChange(call);
  if (change == Change.Refresh) sayNotice(call, changeName(change), status);
  else forgetWish(call, change, status);
  if (isLate(call)) return giveUp(call);
  // A refresh that made way for this change can wait no longer; nor can the wish that waited for a refresh.
  continueWith(call);
}

/** The phone's application takes the media of the call elsewhere from now on. False without memory. */
export function moveMedia(call: Call, address: Slice, port: i32): bool {
  const kept = keep(address);
  if (!isPresent(kept)) return false;
  release(call.mediaAddress);
  call.mediaAddress = kept;
  call.mediaPort = port;
  call.movesMedia = true;
  // Whoever receives there knows nothing of what was sent by the old key (RFC 4568 §7.1.4).
  call.keyEpoch++;
  continueWith(call);
  return true;
}

/**
 * The phone goes on from a state without the keys of its media (docs/state.md): others are offered, soon. False where
 * a message that has them may have to be sent again.
 */
export function renewKeys(call: Call): bool {
  if (call.change != Change.None || isAwaitingAck(call)) return false;
  release(call.localSdp);
  call.localSdp = EMPTY;
  call.movesMedia = true;
  call.change = Change.Media;
  call.changeMethod = Method.Invite;
  call.retry.arm(Timer.Retry, nowMs());
  return true;
}

/** The user wants to hold or resume. */
export function setHold(call: Call, hold: bool): void {
  call.wantsHold = hold;
  continueWith(call);
}
