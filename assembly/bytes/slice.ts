// A slice: some bytes of linear memory, as one value.
//
// slice = size (upper 32 bits) | address (lower 32 bits). A u64 travels in a local, so that handing
// bytes from room to room allocates nothing. EMPTY is "nothing there"; a slice of size 0 may still
// have an address (an empty header value), which isPresent tells apart.

import { findByte } from "./scan";

export type Slice = u64;

// @ts-ignore: decorator
@inline
export const EMPTY: Slice = 0;

// @ts-ignore: decorator
@inline
export function slice(address: usize, size: i32): Slice {
  return ((<u64>(<u32>size)) << 32) | (<u64>(<u32>address));
}

/** The bytes from start up to, not including, end. */
// @ts-ignore: decorator
@inline
export function between(start: usize, end: usize): Slice {
  return slice(start, <i32>(end - start));
}

// @ts-ignore: decorator
@inline
export function start(s: Slice): usize {
  return <usize>(<u32>s);
}

// @ts-ignore: decorator
@inline
export function size(s: Slice): i32 {
  return <i32>(s >>> 32);
}

// @ts-ignore: decorator
@inline
export function end(s: Slice): usize {
  return start(s) + <usize>size(s);
}

// @ts-ignore: decorator
@inline
export function isPresent(s: Slice): bool {
  return s != EMPTY;
}

// @ts-ignore: decorator
@inline
export function byteAt(s: Slice, index: i32): u8 {
  return load<u8>(start(s) + <usize>index);
}

/** From byte `from` to the end. */
export function tail(s: Slice, from: i32): Slice {
  return slice(start(s) + <usize>from, size(s) - from);
}

export function equals(a: Slice, b: Slice): bool {
  return size(a) == size(b) && memory.compare(start(a), start(b), <usize>size(a)) == 0;
}

// @ts-ignore: decorator
@inline
export function lower(byte: u8): u8 {
  return byte - 65 < 26 ? byte | 0x20 : byte;
}

/** ASCII letters compare without regard to case; every other byte compares as it is. */
export function equalsIgnoringCase(a: Slice, b: Slice): bool {
  return size(a) == size(b) && startsWithIgnoringCase(a, b);
}

export function startsWithIgnoringCase(s: Slice, prefix: Slice): bool {
  const n = size(prefix);
  if (size(s) < n) return false;
  let p = start(s);
  let q = start(prefix);
  for (const stop = q + <usize>n; q < stop; p++, q++) {
    const a = load<u8>(p);
    const b = load<u8>(q);
    if (a != b && lower(a) != lower(b)) return false;
  }
  return true;
}

/** Index of the first such byte, or -1. */
export function indexOf(s: Slice, byte: u8): i32 {
  const p = findByte(start(s), end(s), byte);
  return p == end(s) ? -1 : <i32>(p - start(s));
}

/** Without the blanks and line ends around it (LWS of RFC 3261 §25.1). */
export function trim(s: Slice): Slice {
  let p = start(s);
  let q = end(s);
  if (p < q && load<u8>(p) > 32 && load<u8>(q - 1) > 32) return s;
  while (p < q && isBlank(load<u8>(p))) p++;
  while (q > p && isBlank(load<u8>(q - 1))) q--;
  return between(p, q);
}

// @ts-ignore: decorator
@inline
export function isBlank(byte: u8): bool {
  return byte <= 32 && (byte == 32 || byte == 9 || byte == 13 || byte == 10);
}

// @ts-ignore: decorator
@inline
export function isDigit(byte: u8): bool {
  return byte - 48 < 10;
}

/** Only digits, at most `max`; -1 for anything else, an empty slice and an overflow included. */
export function decimal(s: Slice, max: i64 = 0xffffffff): i64 {
  if (size(s) == 0) return -1;
  let value: i64 = 0;
  const stop = end(s);
  for (let p = start(s); p < stop; p++) {
    const byte = load<u8>(p);
    if (!isDigit(byte)) return -1;
    if (value > i64.MAX_VALUE / 10) return -1;
    value = value * 10 + <i64>(byte - 48);
    if (<u64>value > <u64>max) return -1;
  }
  return value;
}

/** Text known at compile time, as bytes: w("Via: "). The build replaces the call; it never runs. */
export function w(text: string): Slice {
  return text.length ? unreachable() : EMPTY;
}

// What w("...") becomes (tools/words-transform.mjs).
// @ts-ignore: decorator
@global
@inline
export function __word(address: usize, size: i32): Slice {
  return slice(address, size);
}
