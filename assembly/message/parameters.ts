// generic-param = token [ "=" ( token / host / quoted-string ) ], each behind a ";" (RFC 3261 §25.1).

import {
  byteAt,
  EMPTY,
  end,
  equalsIgnoringCase,
  indexOf,
  size,
  slice,
  Slice,
  start,
  tail,
  trim,
} from "../bytes/slice";
import { indexOutsideQuotes, isToken, skipQuoted } from "./grammar";

/**
 * The value of the first parameter with that name, in any case, of `;a=b;c`: quotes kept, EMPTY
 * without one, of size 0 but present for one that has no value.
 */
export function parameter(params: Slice, name: Slice): Slice {
  for (let rest = params; size(rest) > 0; rest = otherParameters(rest)) {
    const one = firstParameter(rest);
    if (equalsIgnoringCase(nameOf(one), name)) return valueOf(one);
  }
  return EMPTY;
}

/** Well formed; true for no parameter at all, and a lone `;` at the end is tolerated. */
export function areParameters(params: Slice): bool {
  for (let rest = params; size(rest) > 0; rest = otherParameters(rest)) {
    const one = firstParameter(rest);
    if (size(one) == 0 && start(rest) != start(params) && size(otherParameters(rest)) == 0) return true;
    if (byteAt(rest, 0) != 0x3b || !isToken(nameOf(one)) || !isValue(valueOf(one))) return false;
  }
  return true;
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

/** A quoted string, or text without blanks, quotes, commas and angle brackets; nothing is tolerated. */
function isValue(value: Slice): bool {
  const stop = end(value);
  let p = start(value);
  if (p < stop && load<u8>(p) == 0x22) return skipQuoted(p, stop) == stop;
  for (; p < stop; p++) {
    const byte = load<u8>(p);
    if (byte <= 32 || byte == 0x22 || byte == 0x2c || byte == 0x3c || byte == 0x3e) return false;
  }
  return true;
}
