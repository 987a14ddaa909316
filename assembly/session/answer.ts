// Our 2xx to an INVITE or re-INVITE, again and again until its ACK (RFC 3261 §13.3.1.4).

import { EMPTY, isPresent, size, Slice, w } from "../bytes/slice";
import { Dialog, DialogState, Exchange } from "../dialog/dialog";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { putBody } from "../message/write";
import { put } from "../output/output";
import { Counter, Status } from "../output/abi-numbers";
import { count } from "../output/counters";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { beginResponse, resendResponse, sendResponse } from "../transaction/response";
import { allowRecycling } from "../transaction/table";
import { findTransaction, Transaction } from "../transaction/transaction";
import { endCall, sendBye } from "./bye";
import { Call, CallState } from "./call";
import { sayEstablished, Side } from "./call-events";
import { continueWith } from "./change";
import { settle } from "./early-media";
import { EndRule } from "./end-rule";
import { answerOffer, makeOffer, MediaVerdict, sdpOf, takeAnswer, withdrawOffer } from "./media";
import { armSessionTimers } from "./refresh";
import { putAbilities } from "./request";
import { answerRequiresTimer, applyTimerAnswer, writeTimerAnswer } from "./timer-answer";
import { reply } from "./reply";

/** The user takes the call. What can't be agreed on is refused with 488 (§13.3.1.3). */
export function answerCall(call: Call): Status {
  const t = findTransaction(call.invite);
  if (call.state != CallState.Ringing || !t) return Status.WrongState;
  // No 2xx before the PRACK to a response with SDP (RFC 3262 §3).
  if (call.isUnacknowledged && call.awaitsAnswer) {
    call.answersLater = true;
    call.guard.stop();
    return Status.Ok;
  }
  const isSettled = call.dialog!.exchange != Exchange.Open;
  const verdict = prepareBody(call, isSettled);
  if (verdict != MediaVerdict.Agreed) {
    reply(t, 488, call.dialog!.localTag);
    endCall(call, Side.Local, 488, EndRule.NoCommonMedia);
    return Status.WrongState;
  }
  call.guard.stop();
  call.state = CallState.Accepted;
  call.dialog!.state = DialogState.Confirmed;
  sendAccept(call, t, call.inviteSequence, isSettled);
  armSessionTimers(call);
  return Status.Ok;
}

// An INVITE without offer gets ours in the 2xx, and the ACK brings the answer (§13.2.1).
function prepareBody(call: Call, isSettled: bool): MediaVerdict {
  if (isPresent(call.bodyType)) return MediaVerdict.Agreed;
  if (isSettled) return settle(call, call.dialog!, EMPTY);
  if (isPresent(call.remoteSdp)) return answerOffer(call, call.remoteSdp);
  call.awaitsAnswer = true;
  return makeOffer(call) ? MediaVerdict.Agreed : MediaVerdict.NoMemory;
}

/** Sends the 2xx to an INVITE for the first time, with the SDP that is due; `isSettled`: none, it was agreed on before. */
export function sendAccept(call: Call, t: Transaction, sequence: u32, isSettled: bool = false): void {
  const sdp = isSettled ? EMPTY : call.awaitsAnswer ? call.proposedSdp : call.localSdp;
  sendSuccess(call, call.dialog!, t, Method.Invite, sdp);
  applyTimerAnswer(call.timer, Method.Invite, sequence, nowMs());
  call.invite = t.handle;
  call.inviteSequence = sequence;
  const t1 = number(Key.TimerT1, call.account);
  call.paceMs = t1;
  call.pace.arm(Timer.Accept, nowMs() + t1);
  call.acceptTimeout.arm(Timer.AcceptTimeout, nowMs() + <i64>t1 * 64);
}

/**
 * A 2xx to INVITE or UPDATE: everything that a peer may need to keep the call, whatever it is (docs/interop.md,
 * LY-01 to LY-10).
 */
export function sendSuccess(call: Call, d: Dialog, t: Transaction, method: Method, sdp: Slice): void {
  const at = beginResponse(t, 200, EMPTY, d.localTag);
  putAbilities(call, d);
  writeTimerAnswer(call.timer, method);
  if (answerRequiresTimer(call.timer, method)) put(w("Require: timer\r\n"));
  putBody(isPresent(call.bodyType) ? call.bodyType : w("application/sdp"), sdp);
  sendResponse(t, at, 200, nowMs());
}

/** No ACK yet: the 2xx once more, at T1, 2*T1, ... T2. */
export function acceptAgain(call: Call): void {
  const t = findTransaction(call.invite);
  if (t) resendResponse(t);
  call.paceMs = min(call.paceMs * 2, <i64>number(Key.TimerT2, call.account));
  call.pace.arm(Timer.Accept, nowMs() + call.paceMs);
}

/** An ACK to a 2xx. One with another CSeq is for another INVITE, and one that comes again means nothing. */
export function receiveAck(call: Call, m: Message, sequence: u32): void {
  if (sequence != call.inviteSequence || !isAwaitingAck(call)) return;
  count(Counter.Changes);
  call.pace.stop();
  call.acceptTimeout.stop();
  letGo(call);
  const isFirst = call.state == CallState.Accepted;
  if (isFirst) call.state = CallState.Up;
  if (call.wantsEnd) return hangUpAcknowledged(call);
  if (call.awaitsAnswer && !takeLateAnswer(call, m, isFirst)) return;
  if (isFirst) sayEstablished(call);
  continueWith(call);
}

// Acknowledged, the INVITE's transaction only waits for copies of it that are still on their way: in a full
// table a new request may have its place.
function letGo(call: Call): void {
  const t = findTransaction(call.invite);
  if (t) allowRecycling(t);
}

function hangUpAcknowledged(call: Call): void {
  if (call.isOver) sendBye(call, EndRule.None, 0);
  else endCall(call, Side.Local, 200, EndRule.UserHungUp);
}

// Our offer was in the 2xx. A refresh whose ACK has no answer leaves the media as they were.
function takeLateAnswer(call: Call, m: Message, isFirst: bool): bool {
  call.awaitsAnswer = false;
  const sdp = sdpOf(m);
  if (size(sdp) && takeAnswer(call, sdp) == MediaVerdict.Agreed) return true;
  withdrawOffer(call);
  if (!isFirst) return true;
  endCall(call, Side.Local, 488, EndRule.BadAnswer);
  return false;
}

/** Our 2xx to INVITE has no ACK yet. */
export function isAwaitingAck(call: Call): bool {
  return call.acceptTimeout.place != 0;
}

/** 64*T1 without ACK: the dialog is confirmed, so it is ended with BYE (§13.3.1.4). */
export function ackTimedOut(call: Call): void {
  call.pace.stop();
  if (call.state == CallState.Accepted) call.state = CallState.Up;
  if (call.isOver) sendBye(call, EndRule.NoAck, 408);
  else endCall(call, Side.Local, 408, EndRule.NoAck);
}
