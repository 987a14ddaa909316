// Call-Info and Alert-Info = "<" URI ">" *( ";" param )   (RFC 3261 §20.9, §20.4): a picture, a ring tone,
// or a word to the phone. A NameAddr holds one element, putAddressRow writes it.

import { byteAt, decimal, EMPTY, size, Slice, w } from "../bytes/slice";
import { NameAddr, parseNameAddr } from "./name-addr";
import { areParameters, parameter, unquote } from "./parameters";
import { parametersOf } from "./valued";

/** One element. Deviates from the grammar: `;info=x` without a URI is common in Alert-Info, and is read. */
export function parseInfo(element: Slice, out: NameAddr): bool {
  if (size(element) == 0 || byteAt(element, 0) != 0x3b) return parseNameAddr(element, out);
  out.display = EMPTY;
  out.uri = EMPTY;
  out.params = parametersOf(element);
  return areParameters(out.params);
}

/** `icon`, `info`, `card` ...; EMPTY without one. */
export function purposeOf(info: NameAddr): Slice {
  return parameter(info.params, w("purpose"));
}

/** The word of an Alert-Info that picks the ring, or answers: without quotes, EMPTY without one. */
export function alertOf(info: NameAddr): Slice {
  return unquote(parameter(info.params, w("info")));
}

/** Seconds after which the phone is asked to answer by itself; -1 if it is not. */
export function answerAfter(info: NameAddr): i64 {
  return decimal(parameter(info.params, w("answer-after")));
}
