// Texts known at compile time as one list, a line for each: shorter than a constant for each of them.

import { findByte } from "./scan";
import { between, end, size, Slice, start, tail } from "./slice";

const LINE_END: u8 = 10;
const COLON: u8 = 0x3a;

/** The line of that number, counted from 0; the last one for any number beyond. */
export function lineAt(lines: Slice, number: i32): Slice {
  const stop = end(lines);
  let from = start(lines);
  let to = findByte(from, stop, LINE_END);
  for (let left = number; left > 0 && to < stop; left--) {
    from = to + 1;
    to = findByte(from, stop, LINE_END);
  }
  return between(from, to);
}

/** Of a line `id:words` the id. */
export function idOf(line: Slice): Slice {
  return between(start(line), findByte(start(line), end(line), COLON));
}

/** Of a line `id:words` the words. */
export function wordsOf(line: Slice): Slice {
  return tail(line, size(idOf(line)) + 1);
}
