// A header field that is one number: Max-Forwards, Expires, Min-Expires, RSeq, Content-Length, Flow-Timer.

import { decimal } from "../bytes/slice";
import { Header } from "./header";
import { Message } from "./message";

/** There is no such header row. */
export const ABSENT: i64 = -1;
/** There is one, but it is no number, or too large. */
export const MALFORMED: i64 = -2;

/** Of the first row: the number, ABSENT or MALFORMED. */
export function numberIn(m: Message, h: Header, most: i64 = 0xffffffff): i64 {
  const row = m.find(h);
  if (row < 0) return ABSENT;
  const number = decimal(m.value(row), most);
  return number < 0 ? MALFORMED : number;
}
