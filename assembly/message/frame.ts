// Where a message ends in a stream: Content-Length says it (RFC 3261 §18.3).

import { findByte } from "../bytes/scan";
import {
  between,
  byteAt,
  decimal,
  end,
  indexOf,
  size,
  slice,
  Slice,
  start,
  tail,
  trim,
} from "../bytes/slice";
import { Header, headerOf } from "./header";

/**
 * How many of the bytes are the first message, or the empty lines before it (§7.5): 0 while it is not whole. Without a
 * Content-Length, or with one that is no number, it ends with its header.
 */
export function messageSize(bytes: Slice): i32 {
  const stop = end(bytes);
  const from = behindEmptyLines(start(bytes), stop);
  if (from > start(bytes)) return <i32>(from - start(bytes));
  let length: i64 = 0;
  for (let p = from; p < stop;) {
    const lineEnd = findByte(p, stop, 10);
    if (lineEnd == stop) return 0;
    const line = between(p, lineEnd);
    p = lineEnd + 1;
    if (!size(line) || (size(line) == 1 && byteAt(line, 0) == 13))
      return <i64>(stop - p) < length ? 0 : <i32>(p - start(bytes)) + <i32>length;
    const announced = contentLength(line);
    if (announced >= 0) length = announced;
  }
  return 0;
}

function behindEmptyLines(from: usize, stop: usize): usize {
  let p = from;
  while (p < stop && (load<u8>(p) == 13 || load<u8>(p) == 10)) p++;
  return p;
}

/** -1 if the line is another one. */
function contentLength(line: Slice): i64 {
  const colon = indexOf(line, 0x3a);
  if (colon < 0 || headerOf(trim(slice(start(line), colon))) != Header.ContentLength) return -1;
  return decimal(trim(tail(line, colon + 1)), i32.MAX_VALUE);
}
