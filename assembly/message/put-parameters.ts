// Writing parameters (RFC 3261 §25.1). What `parameter` answers can be handed on as it is: nothing is
// written for EMPTY, the name alone for a value of size 0.

import { between, end, equalsIgnoringCase, isPresent, size, Slice, start } from "../bytes/slice";
import { put, putByte, putNumber } from "../output/output";
import { hasWord } from "./token-list";
import { firstParameter, nameOf, otherParameters } from "./parameters";
import { putQuotedAgain } from "./quoted";

export function putParameter(name: Slice, value: Slice): void {
  if (!isPresent(value)) return;
  putByte(0x3b);
  put(name);
  if (size(value) == 0) return;
  putByte(0x3d);
  put(value);
}

/** The value has no quotes, but its escapes, as `unquote` leaves it. */
export function putQuotedParameter(name: Slice, inside: Slice): void {
  if (!isPresent(inside)) return;
  putByte(0x3b);
  put(name);
  putByte(0x3d);
  putQuotedAgain(inside);
}

/** Nothing for a negative number, which stands for "none". */
export function putNumberParameter(name: Slice, value: i64): void {
  if (value < 0) return;
  putByte(0x3b);
  put(name);
  putByte(0x3d);
  putNumber(value);
}

/** A parameter without value, if the flag is set. */
export function putFlag(name: Slice, isSet: bool): void {
  if (!isSet) return;
  putByte(0x3b);
  put(name);
}

/** All but those of the names in `known`, comma between them: what the typed fields do not say, as it stood. */
export function putOtherParameters(params: Slice, known: Slice): void {
  for (let rest = params; size(rest) > 0; rest = otherParameters(rest)) {
    if (!hasWord(known, nameOf(firstParameter(rest)))) putFirst(rest);
  }
}

/** The parameters with one of them given a new value in its place, or added at the end. */
export function putParametersWith(params: Slice, name: Slice, value: Slice): void {
  let isThere = false;
  for (let rest = params; size(rest) > 0; rest = otherParameters(rest)) {
    if (!equalsIgnoringCase(nameOf(firstParameter(rest)), name)) putFirst(rest);
    else {
      if (!isThere) putParameter(name, value);
      isThere = true;
    }
  }
  if (!isThere) putParameter(name, value);
}

/** The first parameter with its `;`, byte for byte, but for blanks behind it: they would end the row. */
function putFirst(params: Slice): void {
  const one = firstParameter(params);
  if (size(one) > 0) put(between(start(params), end(one)));
}
