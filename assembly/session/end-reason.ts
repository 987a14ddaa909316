// Reason (RFC 3326): what we say where a rule and not a person ends a call, and what the other side says.

import { Slice, w } from "../bytes/slice";
import { Elements } from "../message/list";
import { Message } from "../message/message";
import { findReason, Reason } from "../message/reason";
import { mark, put, putNumber, written } from "../output/output";
import { EndRule, endRuleWords } from "./end-rule";

const all = changetype<Elements>(memory.data(offsetof<Elements>(), 8));
const reason = changetype<Reason>(memory.data(offsetof<Reason>(), 8));

/** Somebody else has taken the call. */
export const ELSEWHERE: i32 = 200;

/** Reason: SIP;cause=408;text="Session refresh timeout", written at the cursor; of size 0 where a person decided. */
export function writeReason(rule: EndRule, status: i32): Slice {
  const from = mark();
  if (!isByRule(rule)) return written(from);
  put(w("Reason: SIP;cause="));
  // 408 and 481 to a refresh, and none, are told alike (RFC 4028 §10).
  putNumber(rule == EndRule.RefreshUnanswered ? 408 : status);
  put(w(';text="'));
  put(endRuleWords(rule));
  put(w('"\r\n'));
  return written(from);
}

function isByRule(rule: EndRule): bool {
  switch (rule) {
    case EndRule.None:
    case EndRule.UserHungUp:
    case EndRule.UserCancelled:
    case EndRule.PhoneStopped:
    case EndRule.Transferred:
      return false;
    default:
      return true;
  }
}

/** Cause of a Reason with the protocol SIP; 0 if there is none. */
export function sipCause(m: Message): i32 {
  return findReason(all, m, w("SIP"), reason) ? reason.cause : 0;
}
