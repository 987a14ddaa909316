// qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3"0" ] )   (RFC 3261 §25.1)
//
// Counted in thousandths, so that no floating point is needed: 0..1000.

import { byteAt, decimal, size, Slice, tail, w } from "../bytes/slice";
import { putByte } from "../output/output";
import { parameter } from "./parameters";

/** What is not weighted, or can't be read, counts in full. */
export const FULL: i32 = 1000;

/** Thousandths; -1 for what is no qvalue. */
export function parseQ(text: Slice): i32 {
  const n = size(text);
  if (n == 0 || n > 5) return -1;
  const whole = byteAt(text, 0) - 48;
  if (whole > 1) return -1;
  if (n == 1) return whole * FULL;
  if (byteAt(text, 1) != 0x2e) return -1;
  if (n == 2) return whole * FULL;
  let part = <i32>decimal(tail(text, 2));
  if (part < 0) return -1;
  for (let digits = n - 2; digits < 3; digits++) part *= 10;
  const q = whole * FULL + part;
  return q > FULL ? -1 : q;
}

/** The q parameter of those; FULL without one that can be read. */
export function qOf(params: Slice): i32 {
  const q = parseQ(parameter(params, w("q")));
  return q < 0 ? FULL : q;
}

/** `;q=0.7`; nothing for FULL. */
export function putQ(thousandths: i32): void {
  if (thousandths == FULL) return;
  putByte(0x3b);
  putByte(0x71);
  putByte(0x3d);
  putByte(0x30);
  if (thousandths == 0) return;
  putByte(0x2e);
  for (let rest = thousandths; rest > 0; rest = (rest % 100) * 10) putByte(<u8>(48 + rest / 100));
}
