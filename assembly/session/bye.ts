// The end of a call: BYE, ours and the peer's (RFC 3261 §15), and what is left to do for a fork that lost.

import { EMPTY, Slice } from "../bytes/slice";
import { Dialog, releaseDialog } from "../dialog/dialog";
import { forkDialog } from "../dialog/establish";
import { beginAttempts } from "../auth/attempts";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { findTransaction, Transaction } from "../transaction/transaction";
import { Call, CallState, releaseCall, stopTimers } from "./call";
import { sayEnded, Side } from "./call-events";
import { goesOn } from "./emergency";
import { ELSEWHERE, sipCause, writeReason } from "./end-reason";
import { EndRule } from "./end-rule";
import { acknowledge, Purpose, send, sequenceOf } from "./request";
import { patienceMs } from "./locate";
import { reply } from "./reply";

/** Ends a call, but for an emergency that can go on: says so, sends BYE where a dialog stands, and lets go of the rest. */
export function endCall(call: Call, by: Side, status: i32, rule: EndRule, reason: Slice = EMPTY): void {
  if (goesOn(call, status, rule)) return;
  sayEnded(call, by, status, rule, reason);
  const d = call.dialog;
  if (d && d.isConfirmed && call.state != CallState.Ending) sendBye(call, rule, status);
  else releaseCall(call);
}

/**
 * BYE in the call's dialog; the call is Ending until it is answered. Reason says why where a rule and not
 * a person decided (RFC 3326).
 */
export function sendBye(call: Call, rule: EndRule, status: i32): void {
  call.endRule = rule;
  call.endStatus = status;
  sendByeNow(call);
}

/** With the reason that the call has kept: the request that it waited for has its final answer, or had time enough. */
export function sendByeNow(call: Call): void {
  stopTimers(call);
  call.state = CallState.Ending;
  call.changeTransaction = 0;
  beginAttempts(call.attempts);
  sendByeAgain(call);
}

/**
 * The user has hung up while a request of ours is open: it is over for the user, and BYE waits for its turn. RFC 3261
 * §15 would have it go at once, and some peers then answer neither; one that is silent is not waited for longer than T2.
 */
export function sendByeAfterChange(call: Call, rule: EndRule, status: i32): void {
  sayEnded(call, Side.Local, status, rule, EMPTY);
  stopTimers(call);
  call.state = CallState.Ending;
  call.endRule = rule;
  call.endStatus = status;
  call.retry.arm(Timer.Change, nowMs() + number(Key.TimerT2, call.account));
}

/** The same BYE with the next CSeq, and with credentials if it was challenged. */
export function sendByeAgain(call: Call): void {
  if (!writeBye(call, call.dialog!, Purpose.Bye)) return releaseCall(call);
  call.guard.arm(
    Timer.Silence,
    nowMs() +
      patienceMs(call, Key.ProxyRetryCounts, Key.ServerRetryCounts, number(Key.TimerT2, call.account)),
  );
}

function writeBye(call: Call, d: Dialog, purpose: Purpose): bool {
  // The other BYE goes to a fork that lost.
  const lost = purpose != Purpose.Bye;
  const reason = writeReason(lost ? EndRule.ForkLost : call.endRule, lost ? ELSEWHERE : call.endStatus);
  return send(call, d, Method.Bye, sequenceOf(d), EMPTY, purpose, reason) != null;
}

/** The peer hangs up (§15.1.2): its own INVITE, if that is still open, ends with 487. */
export function receiveBye(call: Call, t: Transaction, m: Message): void {
  const d = call.dialog;
  const tag = d ? d.localTag : EMPTY;
  const invite = findTransaction(call.invite);
  reply(t, 200, tag);
  // No effect on one that has its final answer.
  if (invite && !call.isOutgoing) reply(invite, 487, tag);
  const cause = sipCause(m);
  call.isElsewhere = cause == ELSEWHERE;
  sayEnded(call, Side.Remote, cause ? cause : 200, EndRule.PeerHungUp, m.header(Header.Reason));
  releaseCall(call);
}

/**
 * A 2xx from a fork that comes too late, or for a call that is gone: ACK, then BYE (§13.2.2.4). The dialog
 * lives until its BYE is answered. `call` lends settings and credentials.
 */
export function sendByeOfFork(call: Call, m: Message, sequence: u32): void {
  const d = forkDialog(call.dialog!, 0, m, sequence);
  if (!d) return;
  acknowledge(call, d, sequence, EMPTY);
  if (!writeBye(call, d, Purpose.ByeFork)) releaseDialog(d);
}
