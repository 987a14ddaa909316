// The codecs of an account in the order of its offers, from the named keys and the old numbered list.

import { Key, SLOTS } from "./keys";
import { edition, effectiveNumber, isCell, isGiven } from "./store";
import { OTHER_CODEC } from "./value";

const CODECS: i32 = OTHER_CODEC;

// The order that was worked out last, a byte for each place: every offer and answer asks for it.
const order = memory.data(8);
let orderedAccount: i32 = 0;
let orderedEdition: u32 = 0;

/** The codec (sdp/codec.ts) at that place of an offer, from 0; -1 when fewer are enabled. */
export function codecOrder(account: i32, place: i32): i32 {
  if (!isCell(Key.Ptime, account) || place < 0 || place >= CODECS) return -1;
  if (account != orderedAccount || edition != orderedEdition) workOut(account);
  return load<i8>(order + place);
}

function workOut(account: i32): void {
  orderedAccount = account;
  orderedEdition = edition;
  memory.fill(order, 0xff, CODECS);
  for (let codec = 0; codec < CODECS; codec++) {
    if (isEnabled(account, codec)) store<u8>(order + placeOf(account, codec), <u8>codec);
  }
}

/** How many enabled ones come before it; equal priorities keep the order of Codec. */
function placeOf(account: i32, codec: i32): i32 {
  const own = rank(account, codec);
  let before = 0;
  for (let other = 0; other < CODECS; other++) {
    if (other == codec || !isEnabled(account, other)) continue;
    const its = rank(account, other);
    if (its < own || (its == own && other < codec)) before++;
  }
  return before;
}

function isEnabled(account: i32, codec: i32): bool {
  return effective(account, codec, Key.CodecPcmuEnable, Key.CodecSlotEnable) != 0;
}

/** Its priority; 0, "none", comes after all others. */
function rank(account: i32, codec: i32): i32 {
  const priority = effective(account, codec, Key.CodecPcmuPriority, Key.CodecSlotPriority);
  return priority ? priority : i32.MAX_VALUE;
}

/** The named key if it is set, else the slot of the old list, else the named key's default. */
function effective(account: i32, codec: i32, named: Key, family: Key): i32 {
  const key = <Key>(<i32>named + codec);
  if (!isGiven(key, account)) {
    const slot = slotOf(account, codec);
    const old = <Key>(<i32>family + slot);
    if (slot >= 0 && isGiven(old, account)) return effectiveNumber(old, account);
  }
  return effectiveNumber(key, account);
}

/** The slot, from 0, in which a file speaks of the codec; -1 for none. */
function slotOf(account: i32, codec: i32): i32 {
  for (let slot = 0; slot < SLOTS; slot++) {
    if (
      isSlotUsed(account, slot) &&
      effectiveNumber(<Key>(<i32>Key.CodecSlotPayload + slot), account) == codec
    )
      return slot;
  }
  return -1;
}

function isSlotUsed(account: i32, slot: i32): bool {
  for (let family = <i32>Key.CodecSlotEnable; family < <i32>Key.End; family += SLOTS) {
    if (isGiven(<Key>(family + slot), account)) return true;
  }
  return false;
}
