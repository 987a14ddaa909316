// The header components of a URI, `name=value&name=value`, and their percent escapes
// (RFC 3261 §19.1.1). They become headers of a request, so control bytes are never unescaped.

import { EMPTY, end, equalsIgnoringCase, size, Slice, start } from "../bytes/slice";
import { put, putByte } from "../output/output";
import { escapedByte, isEscape } from "./escapes";
import { before, behind, Class, isOf } from "./grammar";
import { nameOf, valueOf } from "./parameters";

/** The value of the first component of that name, escapes as they stand; EMPTY without one. */
export function component(headers: Slice, name: Slice): Slice {
  for (let rest = headers; size(rest) > 0; rest = behind(rest, 0x26)) {
    const one = before(rest, 0x26);
    if (equalsIgnoringCase(nameOf(one), name)) return valueOf(one);
  }
  return EMPTY;
}

/** `name=value`, the value's plain text escaped. The `?` or `&` in front is the caller's. */
export function putComponent(name: Slice, value: Slice): void {
  put(name);
  putByte(0x3d);
  putEscaped(value);
}

/** Letters, digits and `-._` as they are, every other byte as `%` and two digits. */
export function putEscaped(text: Slice): void {
  const stop = end(text);
  for (let p = start(text); p < stop; p++) putEscapedByte(load<u8>(p));
}

function putEscapedByte(byte: u8): void {
  if (isOf(byte, Class.Host)) putByte(byte);
  else putEscape(byte);
}

/** `%` and two digits. */
export function putEscape(byte: u8): void {
  putByte(0x25);
  putByte(upperDigit(byte >>> 4));
  putByte(upperDigit(byte & 15));
}

/** Capitals, which RFC 3986 §2.1 asks for. */
function upperDigit(nibble: u8): u8 {
  return nibble < 10 ? 48 + nibble : 55 + nibble;
}

/** Writes what it means. False at a control byte, where a line end could begin a header of its own. */
export function putUnescaped(text: Slice): bool {
  const stop = end(text);
  for (let p = start(text); p < stop; p++) {
    let byte = load<u8>(p);
    if (byte == 0x25 && isEscape(p, stop)) {
      byte = escapedByte(p);
      p += 2;
    }
    if (byte < 32 || byte == 127) return false;
    putByte(byte);
  }
  return true;
}
