// An INVITE that takes the place of a call of ours (RFC 3891 §3).

import { EMPTY, equals, w } from "../bytes/slice";
import { matchDialog } from "../dialog/dialog";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { DialogName, parseReplaces } from "../message/replaces";
import { EventKind, Status } from "../output/abi-numbers";
import { answerCall } from "./answer";
import { Call, findCall } from "./call";
import { sayNumber } from "./call-events";
import { EndRule } from "./end-rule";
import { rejectCall } from "./ring";
import { hangUp } from "./session";

const name = changetype<DialogName>(memory.data(offsetof<DialogName>(), 8));

/** The call that the INVITE is to replace; null without such a wish. */
export let replaced: Call | null = null;

/** Finds it: 0, or the status to refuse the INVITE with. */
export function findReplaced(m: Message): i32 {
  replaced = null;
  const row = m.first(Header.Replaces);
  if (row < 0) return 0;
  if (m.behind(row) >= 0 || !parseReplaces(m.value(row), name)) return 400;
  let d = matchDialog(name.callId, name.localTag, name.remoteTag);
  // A peer of RFC 2543 has no tag.
  if (!d && equals(name.remoteTag, w("0"))) d = matchDialog(name.callId, name.localTag, EMPTY);
  const call = d ? findCall(d.call) : null;
  if (!d || !call) return 481;
  if (call.isOver) return 603;
  if (d.isConfirmed) {
    if (name.isEarlyOnly) return 486;
  } else if (!call.isOutgoing) return 481; // only the one who calls gives an early dialog away
  replaced = call;
  return 0;
}

/** The new call could ring now: it is answered, and the other one ends. */
export function takePlace(call: Call): void {
  const old = findCall(call.replaces);
  if (!old || old.isOver) return rejectCall(call, 603, EndRule.Replaced);
  sayNumber(call, EventKind.CallReplaced, w("call.replaced"), w("of"), old.number);
  if (answerCall(call) == Status.Ok) hangUp(old, EndRule.Replaced);
}
