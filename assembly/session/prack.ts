// Provisional responses that can't be lost (RFC 3262): each has a number and gets a PRACK.

import { EMPTY, equals, size, w } from "../bytes/slice";
import { randomBits } from "../crypto/random";
import { Dialog, Exchange, matchDialog } from "../dialog/dialog";
import { CSeq } from "../message/cseq";
import { Header } from "../message/header";
import { listHas } from "../message/list";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { parseRAck, RAck, rseq } from "../message/rack";
import { tagOf } from "../message/tag";
import { putBody, putNumberHeader } from "../message/write";
import { mark, put, putByte, putNumber, written } from "../output/output";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { beginResponse, resendResponse, sendResponse } from "../transaction/response";
import { findTransaction, Transaction } from "../transaction/transaction";
import { answerCall } from "./answer";
import { Call, CallState } from "./call";
import { takeEarlyAnswer } from "./early-media";
import { EndRule } from "./end-rule";
import { makeOffer, sdpOf } from "./media";
import { respondLater, takeOffer } from "./received-change";
import { reply } from "./reply";
import { isChallenge } from "./invite-response";
import { noteChallenge, Purpose, send, sequenceOf } from "./request";
import { armProvisional, rejectCall } from "./ring";

/** account.X.100rel_enable. */
export const enum Reliable {
  Off = 0,
  Supported,
  Required,
}

const rack = changetype<RAck>(memory.data(offsetof<RAck>(), 8));
const cseq = changetype<CSeq>(memory.data(offsetof<CSeq>(), 8));

// ---- of the peer ----

/** A provisional response with a number of its own; without 100rel nobody may send us one. */
export function isReliable(call: Call, m: Message): bool {
  return number(Key.Reliable, call.account) != 0 && listHas(m, Header.Require, w("100rel")) && rseq(m) > 0;
}

/**
 * Sends the PRACK. False if the response is to be dropped: it was there already, one before it is missing (§4), or
 * there was no dialog or no memory for the PRACK; then it comes again.
 */
export function acknowledgeRinging(call: Call, fork: Dialog | null, m: Message): bool {
  const newest = <u32>rseq(m);
  if (!fork || (fork.rseq && newest != fork.rseq + 1) || !sendPrack(call, fork, newest)) return false;
  fork.rseq = newest;
  return true;
}

function sendPrack(call: Call, d: Dialog, newest: u32): bool {
  const lines = mark();
  put(w("RAck: "));
  putNumber(newest);
  putByte(0x20);
  putNumber(call.inviteSequence);
  put(w(" INVITE\r\n"));
  return send(call, d, Method.Prack, sequenceOf(d), EMPTY, Purpose.Prack, written(lines)) != null;
}

/** Again with credentials; every other refusal is the callee's to act on. */
export function receivePrackResponse(call: Call, m: Message): void {
  if (!isChallenge(m) || !noteChallenge(call, m)) return;
  const d = matchDialog(m.header(Header.CallId), tagOf(m, Header.From), tagOf(m, Header.To));
  if (d && d.rseq) sendPrack(call, d, d.rseq);
}

// ---- ours ----

/**
 * Whether it rings reliably here: where the caller requires it, or permits it and the setting says so. An INVITE
 * without offer would then get ours with the first ring (§5), which nobody needs who did not ask for it.
 */
export function judgeReliable(call: Call, m: Message): void {
  const wish = number(Key.Reliable, call.account);
  const isPermitted =
    listHas(m, Header.Supported, w("100rel")) && (wish == Reliable.Required || size(m.body) > 0);
  call.isReliable = wish != Reliable.Off && (isPermitted || listHas(m, Header.Require, w("100rel")));
}

/** Our offer, where the INVITE had none and this is the first response that can't be lost. */
export function prepareRinging(call: Call): void {
  if (!call.isReliable || call.rseq || size(call.remoteSdp)) return;
  call.awaitsAnswer = makeOffer(call);
}

/** Require and the next RSeq. */
export function putReliable(call: Call): void {
  call.rseq = call.rseq ? call.rseq + 1 : ((<u32>randomBits()) >>> 2) + 1;
  put(w("Require: 100rel\r\n"));
  putNumberHeader(w("RSeq"), call.rseq);
}

/** It was sent for the first time: until its PRACK it comes again after T1, 2*T1 and so on, over a stream too (§3). */
export function awaitPrack(call: Call, t: Transaction): void {
  call.isUnacknowledged = true;
  call.paceMs = t.t1;
  call.pace.arm(Timer.Reliable, nowMs() + call.paceMs);
}

/** Once more, or after 64*T1 the call is refused. */
export function ringAgain(call: Call): void {
  const t = findTransaction(call.invite);
  call.paceMs <<= 1;
  if (!t || call.paceMs > t.patience) return rejectCall(call, 500, EndRule.NoPrack);
  resendResponse(t);
  call.pace.arm(Timer.Reliable, nowMs() + (call.paceMs == t.patience ? t.t1 : call.paceMs));
}

/** It has been acknowledged, or not: 481 for one that fits nothing (§3). Its body is an answer, or another offer (§5). */
export function receivePrack(call: Call, d: Dialog, t: Transaction, m: Message): void {
  if (!fits(call, m)) return reply(t, 481, d.localTag);
  const sdp = sdpOf(m);
  const isAnswer = call.awaitsAnswer && d.exchange == Exchange.Open;
  const isOffer = !isAnswer && size(sdp) > 0;
  if (isOffer && d.exchange == Exchange.Open) return respondLater(d, t);
  if (isOffer && !takeOffer(call, d, t, m)) return;
  call.isUnacknowledged = false;
  accept(call, d, t, isOffer);
  if (call.state != CallState.Ringing) return;
  armProvisional(call);
  if (isAnswer) {
    call.awaitsAnswer = false;
    if (!takeEarlyAnswer(call, d, sdp, true)) return rejectCall(call, 488, EndRule.BadAnswer);
  }
  if (call.answersLater) answerCall(call);
}

function fits(call: Call, m: Message): bool {
  rack.cseq = cseq;
  return (
    call.isUnacknowledged &&
    parseRAck(m.header(Header.RAck), rack) &&
    rack.rseq == call.rseq &&
    cseq.number == call.inviteSequence &&
    equals(cseq.methodText, w("INVITE"))
  );
}

function accept(call: Call, d: Dialog, t: Transaction, withAnswer: bool): void {
  const at = beginResponse(t, 200, EMPTY, d.localTag);
  putBody(w("application/sdp"), withAnswer ? call.localSdp : EMPTY);
  sendResponse(t, at, 200, nowMs());
}
