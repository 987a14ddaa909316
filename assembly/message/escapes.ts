// Percent escapes of URIs: "%" HEX HEX (RFC 3261 §19.1.2, §19.1.4).

import { end, indexOf, lower, Slice, start, w } from "../bytes/slice";
import { Class, isOf, skip } from "./grammar";

export const enum Comparing {
  /** Every escape is the same as its byte. */
  Plain = 0,
  /** An escaped reserved byte differs from the byte itself (§19.1.4). */
  Uri = 1,
  /** As Uri, and letters in any case. */
  UriIgnoringCase = 2,
}

let at: usize = 0;

export function sameEscaped(a: Slice, b: Slice, comparing: Comparing): bool {
  let p = start(a);
  let q = start(b);
  while (p < end(a) && q < end(b)) {
    const left = next(p, end(a), comparing);
    p = at;
    if (left != next(q, end(b), comparing)) return false;
    q = at;
  }
  return p == end(a) && q == end(b);
}

/** The byte at p, unescaped, and `at` behind it; more than 255 for an escape that must stay one. */
function next(p: usize, stop: usize, comparing: Comparing): i32 {
  let byte = load<u8>(p);
  let kept = 0;
  at = p + 1;
  if (byte == 0x25 && isEscape(p, stop)) {
    byte = escapedByte(p);
    at = p + 3;
    if (comparing != Comparing.Plain && indexOf(w(";/?:@&=+$,"), byte) >= 0) kept = 256;
  }
  return kept + <i32>(comparing == Comparing.UriIgnoringCase ? lower(byte) : byte);
}

/** As `skip`, with well-formed escapes in between. */
export function skipEscaped(p: usize, stop: usize, class_: Class): usize {
  const q = skip(p, stop, class_);
  return q < stop && load<u8>(q) == 0x25 ? skipFromEscape(q, stop, class_) : q;
}

function skipFromEscape(p: usize, stop: usize, class_: Class): usize {
  while (p < stop && load<u8>(p) == 0x25 && isEscape(p, stop)) p = skip(p + 3, stop, class_);
  return p;
}

/** A "%" at p has its two hexadecimal digits. */
export function isEscape(p: usize, stop: usize): bool {
  return p + 2 < stop && isOf(load<u8>(p, 1), Class.Hex) && isOf(load<u8>(p, 2), Class.Hex);
}

/** What the escape at p stands for. */
export function escapedByte(p: usize): u8 {
  return (nibble(load<u8>(p, 1)) << 4) | nibble(load<u8>(p, 2));
}

function nibble(digit: u8): u8 {
  return (digit & 15) + (digit > 57 ? 9 : 0);
}
