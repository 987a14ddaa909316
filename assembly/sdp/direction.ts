// Which way a stream flows (RFC 3264 §5.1, §6.1).

import { equals, slice, Slice, start, w } from "../bytes/slice";

/** Bit 0: wants to receive; bit 1: wants to send. So an intersection is an `&`. */
export const enum Direction {
  Inactive = 0,
  RecvOnly = 1,
  SendOnly = 2,
  SendRecv = 3,
}

/** The same stream as the other side sees it. */
export function reversed(direction: Direction): Direction {
  return <Direction>(((direction & 1) << 1) | (direction >>> 1));
}

/** Each has eight letters. */
export function directionName(direction: Direction): Slice {
  return slice(start(w("inactiverecvonlysendonlysendrecv")) + direction * 8, 8);
}

/** The direction of an attribute's name; -1 if it is another attribute. */
export function directionNamed(name: Slice): i32 {
  for (let direction = 0; direction < 4; direction++) {
    if (equals(name, directionName(direction))) return direction;
  }
  return -1;
}
