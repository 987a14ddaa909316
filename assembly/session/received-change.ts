// A re-INVITE or UPDATE of the peer (RFC 3261 §14.2, RFC 3311 §5.2, RFC 6141).
//
// It is answered at once: the user is not asked. Glare and overlap first, then the session timer, then
// the offer; nothing changes before all of them have agreed.

import { EMPTY, isPresent, size, Slice, w } from "../bytes/slice";
import { randomBelow } from "../crypto/random";
import { Dialog, Exchange } from "../dialog/dialog";
import { refreshTarget } from "../dialog/establish";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { putNumberHeader } from "../message/write";
import { put } from "../output/output";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { beginResponse } from "../transaction/response";
import { Transaction } from "../transaction/transaction";
import { isAwaitingAck, sendAccept, sendSuccess } from "./answer";
import { Call, CallState } from "./call";
import { sayRefreshed, Side } from "./call-events";
import { continueWith, dropWaitingRefresh, isAsking } from "./change";
import { answerOffer, makeOffer, MediaVerdict, sdpOf } from "./media";
import { armSessionTimers } from "./refresh";
import { noteParty } from "./party";
import { putAllow } from "./request";
import { isRunning, SessionTimer } from "./session-timer";
import { applyTimerAnswer, judgeTimerRequest, writeMinSE } from "./timer-answer";
import { endReply, reply } from "./reply";

export function receiveReInvite(call: Call, t: Transaction, m: Message, sequence: u32): void {
  const d = call.dialog!;
  // Its first INVITE has no final answer yet, or ours has no ACK: one after the other (§14.2).
  if (call.state != CallState.Up || isAwaitingAck(call)) return respondLater(d, t);
  if (isAsking(call) && call.changeMethod == Method.Invite) return refuse(d, t, 491);
  if (!passesTimer(call, d, t, m)) return;
  if (!takeOffer(call, d, t, m)) return;
  refreshTarget(d, m);
  noteParty(call, d, m);
  sendAccept(call, t, sequence);
  renewed(call, Method.Invite);
}

export function receiveUpdate(call: Call, d: Dialog, t: Transaction, m: Message, sequence: u32): void {
  const hasOffer = size(sdpOf(m)) > 0;
  if (!isUpdateAllowed(call, hasOffer)) return refuseUpdate(call, d, t);
  // Without an offer an UPDATE never glares, whatever is open.
  if (hasOffer && refusesOffer(call, d, t)) return;
  if (!passesTimer(call, d, t, m)) return;
  if (hasOffer && !takeOffer(call, d, t, m)) return;
  refreshTarget(d, m);
  noteParty(call, d, m);
  sendSuccess(call, d, t, Method.Update, hasOffer ? call.localSdp : EMPTY);
  applyTimerAnswer(call.timer, Method.Update, sequence, nowMs());
  renewed(call, Method.Update);
}

/** True, and answered, where no offer may come now (RFC 3311 §5.2, RFC 6337 §4.2). */
function refusesOffer(call: Call, d: Dialog, t: Transaction): bool {
  const isEarly = d.exchange != Exchange.Open;
  if (isEarly && !isOtherChanged(call, d)) return false;
  if (isEarly) refuse(d, t, 488);
  else if (call.state < CallState.Up && !call.isOutgoing && !call.awaitsAnswer) respondLater(d, t);
  else if (isOfferOpen(call)) refuse(d, t, 491);
  else return false;
  return true;
}

// We have one description to speak of for all forks: one of them may change it.
function isOtherChanged(call: Call, d: Dialog): bool {
  let fork = call.forks;
  while (fork) {
    if (fork != d && fork.exchange == Exchange.Changed) return true;
    fork = fork.nextFork;
  }
  return false;
}

// Where Allow leaves UPDATE out, one that only refreshes is still answered: some peers ignore Allow.
function isUpdateAllowed(call: Call, hasOffer: bool): bool {
  if (number(Key.SessionTimerAllowUpdate, call.account)) return true;
  return !hasOffer && number(Key.SessionTimerAnswerUpdate, call.account) != 0;
}

/** A 405 says what may come instead (RFC 3261 §21.4.6). */
function refuseUpdate(call: Call, d: Dialog, t: Transaction): void {
  const at = beginResponse(t, 405, EMPTY, d.localTag);
  putAllow(call.account);
  endReply(t, at, 405);
}

function isOfferOpen(call: Call): bool {
  return isPresent(call.proposedSdp) || call.awaitsAnswer;
}

function passesTimer(call: Call, d: Dialog, t: Transaction, m: Message): bool {
  const status = judgeTimerRequest(call.timer, m, false);
  if (status == 0) return true;
  respondTimer(call.timer, t, status, d.localTag);
  return false;
}

/** 422 with our Min-SE, or 420 with what we do not support (RFC 4028 §6, RFC 3261 §8.2.2.3). */
export function respondTimer(timer: SessionTimer, t: Transaction, status: i32, tag: Slice): void {
  const at = beginResponse(t, status, EMPTY, tag);
  if (status == 422) writeMinSE(timer);
  else put(w("Unsupported: timer\r\n"));
  endReply(t, at, status);
}

/** Answers the offer, or makes one where there is none; otherwise refuses it, and nothing has changed. */
export function takeOffer(call: Call, d: Dialog, t: Transaction, m: Message): bool {
  if (isPresent(call.bodyType)) return true;
  const sdp = sdpOf(m);
  if (size(sdp)) {
    const isEarly = d.exchange != Exchange.Open;
    const verdict = answerOffer(call, sdp, isEarly);
    if (verdict == MediaVerdict.Agreed) {
      if (isEarly) d.exchange = Exchange.Changed;
      return true;
    }
    refuseMedia(t, verdict, d.localTag);
    return false;
  }
  call.awaitsAnswer = makeOffer(call);
  if (!call.awaitsAnswer) refuse(d, t, 500);
  return call.awaitsAnswer;
}

/** 400, 488 with a Warning, or 500, as the verdict on the peer's SDP asks. */
export function refuseMedia(t: Transaction, verdict: MediaVerdict, tag: Slice): void {
  const status = verdict == MediaVerdict.NothingFits ? 488 : verdict == MediaVerdict.Unreadable ? 400 : 500;
  const at = beginResponse(t, status, EMPTY, tag);
  if (status == 488) put(w('Warning: 305 ringlet "Incompatible media format"\r\n'));
  endReply(t, at, status);
}

function refuse(d: Dialog, t: Transaction, status: i32): void {
  reply(t, status, d.localTag);
}

/** 500 with a Retry-After of 0 to 10 s (§14.2, RFC 3311 §5.2). */
export function respondLater(d: Dialog, t: Transaction): void {
  const at = beginResponse(t, 500, EMPTY, d.localTag);
  putNumberHeader(w("Retry-After"), randomBelow(11));
  endReply(t, at, 500);
}

function renewed(call: Call, method: Method): void {
  if (!call.dialog!.isConfirmed) return;
  dropWaitingRefresh(call);
  armSessionTimers(call);
  if (isRunning(call.timer)) sayRefreshed(call, Side.Remote, method);
  continueWith(call);
}
