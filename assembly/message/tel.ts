// telephone-subscriber: the number of a tel URI, or of a SIP URI with user=phone (RFC 3966 §3)
//
// number *( ";" ( isub / ext / phone-context / param ) ), where a number may have separators for the eye.

import { reserve } from "../bytes/arena";
import {
  byteAt,
  end,
  indexOf,
  isDigit,
  isPresent,
  lower,
  size,
  Slice,
  start,
  startsWithIgnoringCase,
  w,
} from "../bytes/slice";
import { Comparing, sameEscaped } from "./escapes";
import { allOf, before, Class, isOf } from "./grammar";
import { areParameters, firstParameter, nameOf, otherParameters, parameter, valueOf } from "./parameters";
import { hasWord } from "./token-list";
import { MOST_PARAMETERS, parametersOf } from "./valued";


@unmanaged
export class TelNumber {
  /** As written, separators and `+` included. */
  number: Slice;
  /** A domain name or a global number, for a local one; EMPTY if it was left out. */
  phoneContext: Slice;
  extension: Slice;
  /** isub, escapes as they stand. */
  subaddress: Slice;
  /** With the `;` in front. */
  params: Slice;
  isGlobal: bool;
}

export function newTelNumber(): TelNumber {
  return changetype<TelNumber>(reserve(offsetof<TelNumber>()));
}

/**
 * What follows `tel:`, or stands in front of the `@`. False if it has no digit or is not well formed.
 * Deviates from §3: a local number may lack its phone-context, because phones dial 112 that way.
 */
export function parseTel(subscriber: Slice, out: TelNumber): bool {
  out.number = before(subscriber, 0x3b);
  out.params = parametersOf(subscriber);
  out.phoneContext = parameter(out.params, w("phone-context"));
  out.extension = parameter(out.params, w("ext"));
  out.subaddress = parameter(out.params, w("isub"));
  out.isGlobal = size(out.number) > 0 && byteAt(out.number, 0) == 0x2b;
  const isNumber = out.isGlobal ? isGlobalNumber(out.number) : isLocalNumber(out.number);
  return isNumber && areParameters(out.params) && !(isPresent(out.extension) && isPresent(out.subaddress));
}

/** A parameter that must be understood and is not: the URI must not be used (§5.4). */
export function hasUnknownMandatory(number: TelNumber): bool {
  for (let rest = number.params; size(rest) > 0; rest = otherParameters(rest)) {
    if (startsWithIgnoringCase(nameOf(firstParameter(rest)), w("m-"))) return true;
  }
  return false;
}

/** Equivalent as §4 says: separators, letter case and the order of parameters do not count. */
export function sameTel(a: Slice, b: Slice): bool {
  return (
    sameDigits(before(a, 0x3b), before(b, 0x3b)) &&
    hasAll(parametersOf(a), parametersOf(b)) &&
    hasAll(parametersOf(b), parametersOf(a))
  );
}

/** Each parameter of `a` is in `b` and says the same. */
function hasAll(a: Slice, b: Slice): bool {
  let allowed = MOST_PARAMETERS;
  for (let rest = a; size(rest) > 0; rest = otherParameters(rest)) {
    const one = firstParameter(rest);
    if (allowed-- == 0) return false;
    const there = parameter(b, nameOf(one));
    if (!isPresent(there) || !sameValue(nameOf(one), valueOf(one), there)) return false;
  }
  return true;
}

function sameValue(name: Slice, a: Slice, b: Slice): bool {
  const isNumber = hasWord(w("ext,phone-context"), name) && allOf(a, Class.Phone) && allOf(b, Class.Phone);
  return isNumber ? sameDigits(a, b) : sameEscaped(a, b, Comparing.UriIgnoringCase);
}

/** The same without the separators; letters, which are hexadecimal digits here, in any case. */
export function sameDigits(a: Slice, b: Slice): bool {
  let p = behindSeparators(start(a), end(a));
  let q = behindSeparators(start(b), end(b));
  while (p < end(a) && q < end(b) && lower(load<u8>(p)) == lower(load<u8>(q))) {
    p = behindSeparators(p + 1, end(a));
    q = behindSeparators(q + 1, end(b));
  }
  return p == end(a) && q == end(b);
}

function behindSeparators(p: usize, stop: usize): usize {
  while (p < stop && isSeparator(load<u8>(p))) p++;
  return p;
}

function isSeparator(byte: u8): bool {
  return indexOf(w("-.()"), byte) >= 0;
}

/** "+" *phonedigit DIGIT *phonedigit */
function isGlobalNumber(s: Slice): bool {
  let digits = 0;
  for (let p = start(s) + 1; p < end(s); p++) {
    const byte = load<u8>(p);
    if (isDigit(byte)) digits++;
    else if (!isSeparator(byte)) return false;
  }
  return digits > 0;
}

/** *phonedigit-hex ( HEXDIG / "*" / "#" ) *phonedigit-hex */
function isLocalNumber(s: Slice): bool {
  let digits = 0;
  for (let p = start(s); p < end(s); p++) {
    const byte = load<u8>(p);
    if (isOf(byte, Class.Hex) || byte == 0x2a || byte == 0x23) digits++;
    else if (!isSeparator(byte)) return false;
  }
  return digits > 0;
}
