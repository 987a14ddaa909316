// The five entities that need no DTD (XML 1.0 §4.6). References to a character by its number stay as they are.

import { findByte } from "../bytes/scan";
import { between, byteAt, EMPTY, end, indexOf, isPresent, size, Slice, start, w } from "../bytes/slice";
import { startsWithIgnoringCase } from "../bytes/slice";
import { put, putByte } from "../output/output";

const ESCAPED = w("&<>\"'");

/** Writes text or an attribute's value of a document, with what its entities stand for; any other "&" stays one. */
export function putUnescaped(s: Slice): void {
  const stop = end(s);
  let p = start(s);
  while (p < stop) {
    const q = findByte(p, stop, 0x26);
    put(between(p, q));
    p = q < stop ? putEntity(q, stop) : q;
  }
}

/** What the "&" at p begins; answers the address behind it. */
function putEntity(p: usize, stop: usize): usize {
  for (let i = 0; i < size(ESCAPED); i++) {
    const byte = byteAt(ESCAPED, i);
    const entity = entityOf(byte);
    if (!startsWithIgnoringCase(between(p, stop), entity)) continue;
    putByte(byte);
    return p + <usize>size(entity);
  }
  putByte(0x26);
  return p + 1;
}

/** Writes text so that it can stand between tags and between quotes. */
export function putEscaped(s: Slice): void {
  const stop = end(s);
  for (let p = start(s); p < stop; p++) {
    const byte = load<u8>(p);
    const entity = entityOf(byte);
    if (isPresent(entity)) put(entity);
    else putByte(byte);
  }
}

function entityOf(byte: u8): Slice {
  switch (indexOf(ESCAPED, byte)) {
    case 0:
      return w("&amp;");
    case 1:
      return w("&lt;");
    case 2:
      return w("&gt;");
    case 3:
      return w("&quot;");
    case 4:
      return w("&apos;");
    default:
      return EMPTY;
  }
}
