// A conference of three (account.X.conf_type = 0): two calls of ours are up at once, and the phone mixes them. Where a
// server does, it is called, and the other sides of both calls are sent to it (RFC 4579 §5.6).

import { EMPTY, w } from "../bytes/slice";
import { EventKind, Status } from "../output/abi-numbers";
import { beginEvent, endEvent, numberField } from "../output/output";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { Call, callNumbered } from "./call";
import { setHold } from "./change";
import { transferCall } from "./refer";

// Numbers of its calls; 0 for no conference.
let first: u32 = 0;
let second: u32 = 0;
let isMixing: bool = false;
/** Its host leaves. */
let isLeft: bool = false;

export function openConference(): void {
  first = 0;
  isMixing = false;
}

/** Both calls are taken off hold. WrongState unless both are up and there is no other conference. */
export function startConference(a: Call, b: Call): Status {
  if (a == b) return Status.BadArgument;
  if (first || !a.isUp || !b.isUp) return Status.WrongState;
  first = a.number;
  second = b.number;
  isLeft = false;
  setHold(a, false);
  setHold(b, false);
  return Status.Ok;
}

/** Sends the other sides of two calls to the conference that a third one calls, as soon as that is up. */
export function joinAt(a: Call, b: Call, focus: Call): void {
  focus.isConference = true;
  transferCall(a, EMPTY, focus.handle);
  transferCall(b, EMPTY, focus.handle);
}

/** At the end of every call into the module: says when mixing begins, and when it ends. */
export function reviewConference(): void {
  if (!first) return;
  const a = callNumbered(first);
  const b = callNumbered(second);
  const mixes = isTalking(a) && isTalking(b);
  if (mixes != isMixing) say(a ? a.handle : 0, mixes);
  isMixing = mixes;
  if (!a || !b) first = 0;
}

function isTalking(call: Call | null): bool {
  return call != null && call.isUp && !call.wantsHold && !call.isHolding;
}

function say(handle: u32, mixes: bool): void {
  if (!beginEvent(EventKind.CallConference, w("call.conference"), handle, first)) return;
  numberField(w("with"), second);
  numberField(w("mix"), mixes ? 1 : 0);
  endEvent();
}

/** The other call of the conference that this one is in, the first time that the user hangs up and if the two are to go on without him. */
export function leaveToOthers(call: Call): Call | null {
  const other = call.number == first ? second : call.number == second ? first : 0;
  if (!first || !other || isLeft || !number(Key.ConnectOthers)) return null;
  isLeft = true;
  return callNumbered(other);
}
