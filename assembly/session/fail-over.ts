// The next target (RFC 3263 §4.3): after 503, a failure of the transport, or silence. A new branch and CSeq each
// time, the same Call-ID and From tag. Any other answer is an answer: 486, 600 and 603 end the call.

import { beginAttempts } from "../auth/attempts";
import { Slice } from "../bytes/slice";
import { aimElsewhere } from "../dialog/next-hop";
import { Message } from "../message/message";
import { retryAfter } from "../message/retry-after";
import { nowMs } from "../time/clock";
import { findTransaction } from "../transaction/transaction";
import { Found } from "../transport/destination";
import { endCall } from "./bye";
import { Call, CallState } from "./call";
import { Side } from "./call-events";
import { EndRule } from "./end-rule";
import { proceed } from "./invite";
import { leaveTarget, locate } from "./locate";
import { Purpose } from "./request";

/** How long a target that did not answer is kept out: 64*T1 (RFC 3261 §17.1.1.2). */
const DEAD_TARGET_MS: i64 = 32_000;

/** Until when a target is kept out: as long as its 503 says, or as one that is dead. */
function outUntil(m: Message | null): i64 {
  const seconds = m ? retryAfter(m) : -1;
  return nowMs() + (seconds >= 0 ? <i64>seconds * 1000 : DEAD_TARGET_MS);
}

/** The INVITE came to nothing at this target; where there is no other the call ends like this. */
export function tryElsewhere(call: Call, m: Message | null, status: i32, rule: EndRule, reason: Slice): void {
  leaveTarget(call, outUntil(m));
  call.state = CallState.Locating;
  beginAttempts(call.attempts);
  call.endStatus = status;
  call.endRule = rule;
  const found = locate(call);
  if (found == Found.No) return endCall(call, m ? Side.Remote : Side.Local, status, rule, reason);
  proceed(call, found);
}

/** No answer to the INVITE: where there is no other target this one gets its 64*T1. */
export function moveOn(call: Call): void {
  if (call.state != CallState.Calling) return;
  leaveTarget(call, outUntil(null));
  proceed(call, locate(call));
}

/** The INVITE that is open is not repeated any more. Should it be answered, agent/stray.ts ends it. */
export function leaveInvite(call: Call): void {
  const t = findTransaction(call.invite);
  call.invite = 0;
  if (!t || !t.isOpen) return;
  t.retransmit.stop();
  t.owner = 0;
  t.purpose = <u8>Purpose.InviteLeft;
  call.state = CallState.Locating;
}

/** True while the INVITE may still be answered. */
export function isInviteOpen(call: Call): bool {
  const t = findTransaction(call.invite);
  return t != null && t.isOpen;
}

/** A request in the dialog came to nothing: true if there is another target for it. */
export function goesElsewhere(call: Call, m: Message | null): bool {
  if (m && m.status != 503) return false;
  return aimElsewhere(call.dialog!, outUntil(m));
}
