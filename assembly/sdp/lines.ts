// The lines of a session description (RFC 8866 §5): type "=" value, ended by CRLF or LF.

import { between, byteAt, EMPTY, size, slice, Slice, start, tail, trim } from "../bytes/slice";

/** What `readLine` read, without its end. */
export let line: Slice = EMPTY;
/** What `firstWord` left. */
export let rest: Slice = EMPTY;

/**
 * Reads the line that begins there and answers where the next one begins. The last line may lack its
 * end, or half of it. 0 when a byte is in it that no line may hold (NUL, a control, a single CR);
 * `line` then ends in front of that byte.
 */
export function readLine(from: usize, stop: usize): usize {
  let p = from;
  while (p < stop && isText(load<u8>(p))) p++;
  line = between(from, p);
  if (p == stop) return stop;
  if (load<u8>(p) == 13 && ++p == stop) return stop;
  return load<u8>(p) == 10 ? p + 1 : 0;
}

/** The letter in front of "="; 0 if the line has no such form. */
export function lineType(line: Slice): u8 {
  return size(line) >= 2 && byteAt(line, 1) == 0x3d ? byteAt(line, 0) : 0;
}

/** What follows the "=". Blanks around it are forbidden, but seen in the field: they are left out. */
export function lineValue(line: Slice): Slice {
  return trim(tail(line, 2));
}

/** The value up to its first blank; what follows is in `rest`. */
export function firstWord(value: Slice): Slice {
  let n = 0;
  while (n < size(value) && byteAt(value, n) != 32) n++;
  rest = trim(tail(value, n));
  return slice(start(value), n);
}

function isText(byte: u8): bool {
  return byte >= 32 ? byte != 127 : byte == 9;
}
