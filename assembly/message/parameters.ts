// generic-param = token [ "=" ( token / host / quoted-string ) ], each behind a ";" (RFC 3261 §25.1).

import {
  between,
  byteAt,
  EMPTY,
  end,
  indexOf,
  size,
  slice,
  Slice,
  start,
  startsWithIgnoringCase,
  tail,
  trim,
} from "../bytes/slice";
import { Class, indexOutsideQuotes, skip, skipFolded, skipQuoted } from "./grammar";

/** What takeParameter took: the name in lower case, its first byte lowest; 0 for one of more than 8 bytes. */
export let takenName: u64 = 0;
/** Quotes kept; of size 0 but present if there is none. */
export let takenValue: Slice = 0;

/**
 * The value of the first parameter with that name, in any case, of `;a=b;c`: quotes kept, EMPTY
 * without one, of size 0 but present for one that has no value.
 */
export function parameter(params: Slice, name: Slice): Slice {
  const stop = end(params);
  for (let p = start(params); p < stop; p = nextSemicolon(p, stop)) {
    if (load<u8>(p) == 0x3b) p++;
    p = skipFolded(p, stop);
    if (!startsWithIgnoringCase(between(p, stop), name)) continue;
    p += <usize>size(name);
    const q = skipFolded(p, stop);
    if (q == stop || load<u8>(q) == 0x3b) return slice(p, 0);
    if (load<u8>(q) == 0x3d) return trim(between(q + 1, nextSemicolon(q + 1, stop)));
  }
  return EMPTY;
}

/** Address of the first `;` outside quoted strings, or stop. */
function nextSemicolon(p: usize, stop: usize): usize {
  return p + <usize>indexOutsideQuotes(between(p, stop), 0x3b);
}

/** Well formed; true for no parameter at all, and a lone `;` at the end is tolerated. */
export function areParameters(params: Slice): bool {
  const stop = end(params);
  let p = start(params);
  while (p && p < stop) p = takeParameter(p, stop, p == start(params));
  return p == stop;
}

/**
 * Takes the parameter that begins with the `;` at p into `taken...`: the address behind it and its blanks,
 * where the next one, a comma or stop is, or 0 if it is not well formed. Only behind another one may there be a
 * lone `;`, at the end.
 */
export function takeParameter(p: usize, stop: usize, isFirst: bool): usize {
  takenName = 0;
  if (load<u8>(p) != 0x3b) return 0;
  const from = skipFolded(p + 1, stop);
  p = skip(from, stop, Class.Token);
  if (p == from) return isEnd(p, stop) && !isFirst ? p : 0;
  takenName = nameKey(from, p, stop);
  takenValue = slice(p, 0);
  p = skipFolded(p, stop);
  if (isEnd(p, stop) || load<u8>(p) == 0x3b) return p;
  return load<u8>(p) == 0x3d ? takeValue(skipFolded(p + 1, stop), stop) : 0;
}

/** The token from p up to q as takenName has it. Setting bit 5 makes letters small and changes no other byte of tokens. */
function nameKey(p: usize, q: usize, stop: usize): u64 {
  const n = q - p;
  if (n > 8) return 0;
  if (p + 8 <= stop) return (load<u64>(p) | 0x2020202020202020) & (~(<u64>0) >>> (64 - 8 * <u64>n));
  let key: u64 = 0;
  for (let at = q; at > p; at--) key = (key << 8) | (load<u8>(at - 1) | 0x20);
  return key;
}

/** Takes a quoted string, or text without blanks, quotes, commas and angle brackets; as takeParameter. */
export function takeValue(from: usize, stop: usize): usize {
  const isQuoted = from < stop && load<u8>(from) == 0x22;
  let p = isQuoted ? skipQuoted(from, stop) : skip(from, stop, Class.Value);
  if (p == 0) return 0;
  takenValue = between(from, p);
  p = skipFolded(p, stop);
  return isEnd(p, stop) || load<u8>(p) == 0x3b ? p : 0;
}

/** The element ends at p. */
// @ts-ignore: decorator
@inline
function isEnd(p: usize, stop: usize): bool {
  return p == stop || load<u8>(p) == 0x2c;
}

/** What stands between the quotes, escapes as they are; anything else unchanged. */
export function unquote(s: Slice): Slice {
  const n = size(s);
  const isQuoted = n > 1 && byteAt(s, 0) == 0x22 && byteAt(s, n - 1) == 0x22;
  return isQuoted ? slice(start(s) + 1, n - 2) : s;
}

/** Of `;a=b;c`, or `a=b;c`, the part `a=b`. */
export function firstParameter(params: Slice): Slice {
  const s = byteAt(params, 0) == 0x3b ? tail(params, 1) : params;
  return trim(slice(start(s), indexOutsideQuotes(s, 0x3b)));
}

/** Of `;a=b;c` the part `;c`. */
export function otherParameters(params: Slice): Slice {
  const s = tail(params, 1);
  return tail(s, indexOutsideQuotes(s, 0x3b));
}

/** Of `a=b` the part `a`. */
export function nameOf(one: Slice): Slice {
  const equal = indexOf(one, 0x3d);
  return equal < 0 ? one : trim(slice(start(one), equal));
}

/** Of `a=b` the part `b`; of size 0 without one. */
export function valueOf(one: Slice): Slice {
  const equal = indexOf(one, 0x3d);
  return equal < 0 ? slice(end(one), 0) : trim(tail(one, equal + 1));
}
