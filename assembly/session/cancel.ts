// CANCEL, ours and the peer's (RFC 3261 §9).

import { Header } from "../message/header";
import { Message } from "../message/message";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { findTransaction } from "../transaction/transaction";
import { sendCancel } from "../transaction/cancel";
import { endCall } from "./bye";
import { Call, CallState, stopSearching } from "./call";
import { Side } from "./call-events";
import { ELSEWHERE, sipCause, writeReason } from "./end-reason";
import { EndRule } from "./end-rule";
import { Purpose } from "./request";
import { reply } from "./reply";

/**
 * The user, or a rule, gives up before an answer. Before any provisional response a CANCEL might overtake its INVITE,
 * so it waits for one (§9.1).
 */
export function cancelCall(call: Call, rule: EndRule, status: i32): void {
  const mayLeave = call.state == CallState.Proceeding;
  call.state = CallState.Cancelling;
  call.wantsEnd = true;
  call.endRule = rule;
  call.endStatus = status;
  stopSearching(call);
  if (mayLeave) cancelNow(call);
}

/** Sends the CANCEL; no answer to the INVITE for 64*T1 from now counts as its end (§9.1). */
export function cancelNow(call: Call): void {
  if (call.guard.isArmed(Timer.Change)) return;
  const t = findTransaction(call.invite);
  if (t) sendCancel(t, call.handle, Purpose.Cancel, writeReason(call.endRule, call.endStatus), nowMs());
  call.guard.arm(Timer.Change, nowMs() + <i64>number(Key.TimerT1, call.account) * 64);
}

/** The caller gave up. Its Reason may say that somebody else answered (RFC 3326). */
export function receiveCancel(call: Call, m: Message): void {
  if (call.state != CallState.Ringing && call.state != CallState.Locating) return;
  const t = findTransaction(call.invite);
  const d = call.dialog;
  call.isElsewhere = sipCause(m) == ELSEWHERE;
  if (t && d) reply(t, 487, d.localTag);
  endCall(call, Side.Remote, 487, EndRule.PeerCancelled, m.header(Header.Reason));
}
