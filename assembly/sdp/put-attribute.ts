// Writing an a= line (RFC 8866 §5.13).

import { size, Slice, w } from "../bytes/slice";
import { put, putByte, putLine } from "../output/output";

/** `a=name:`; the value and `endAttribute` follow. */
export function beginAttribute(name: Slice): void {
  put(w("a="));
  put(name);
  putByte(0x3a);
}

export function endAttribute(): void {
  putLine();
}

/** The whole line; without a colon for a value of size 0. */
export function putAttribute(name: Slice, value: Slice): void {
  put(w("a="));
  put(name);
  if (size(value) > 0) {
    putByte(0x3a);
    put(value);
  }
  putLine();
}

/** A blank and a word, unless it is of size 0. */
export function putWord(word: Slice): void {
  if (size(word) == 0) return;
  putByte(32);
  put(word);
}
