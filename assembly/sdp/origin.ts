// The o= line: who made a description, and which version of it this is (RFC 8866 §5.2).

import { EMPTY, end, equals, size, Slice, start } from "../bytes/slice";
import { line, lineType, readLine } from "./lines";

/**
 * True if the next description has the o= line of the previous one, byte for byte: nothing changed
 * (RFC 3264 §8), a refresh and not a new offer. Two without an o= line are not the same.
 */
export function isSameOffer(previous: Slice, next: Slice): bool {
  const origin = originLine(previous);
  return size(origin) > 0 && equals(origin, originLine(next));
}

function originLine(bytes: Slice): Slice {
  const stop = end(bytes);
  let p = start(bytes);
  while (p != 0 && p < stop) {
    p = readLine(p, stop);
    if (lineType(line) == 0x6f) return line;
  }
  return EMPTY;
}
