// One part of a multipart body: a header of MIME fields, an empty line, the content (RFC 2046 §5.1).

import { between, EMPTY, end, equalsIgnoringCase, Slice, start, trim } from "../bytes/slice";
import { before, behind } from "./grammar";

/** What stands in front of the empty line; all of it if there is none. */
export function headOf(part: Slice): Slice {
  return between(start(part), emptyLine(part));
}

/** What stands behind the empty line; of size 0 if there is none. */
export function contentOf(part: Slice): Slice {
  const stop = end(part);
  return between(nextLine(emptyLine(part), stop), stop);
}

/** The value of a field, without the blanks round it, folds as they stand; EMPTY without one. */
export function partField(head: Slice, name: Slice): Slice {
  const stop = end(head);
  for (let p = start(head); p < stop;) {
    const next = nextField(p, stop);
    const line = between(p, next);
    if (equalsIgnoringCase(trim(before(line, 0x3a)), name)) return trim(behind(line, 0x3a));
    p = next;
  }
  return EMPTY;
}

/** Address behind the line that begins at p, or stop. */
export function nextLine(p: usize, stop: usize): usize {
  while (p < stop) {
    if (load<u8>(p++) == 10) return p;
  }
  return stop;
}

/** The same behind a line and those folded into it. */
function nextField(p: usize, stop: usize): usize {
  let next = nextLine(p, stop);
  while (next < stop && (load<u8>(next) == 32 || load<u8>(next) == 9)) next = nextLine(next, stop);
  return next;
}

function emptyLine(part: Slice): usize {
  const stop = end(part);
  let p = start(part);
  while (p < stop && load<u8>(p) != 10 && !(load<u8>(p) == 13 && p + 1 < stop && load<u8>(p + 1) == 10)) {
    p = nextLine(p, stop);
  }
  return p;
}
