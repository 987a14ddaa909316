// Privacy = priv-value *( ";" priv-value )   (RFC 3323 §4.2, RFC 3325 §9.3, RFC 7044 §5)

import { equalsIgnoringCase, indexOf, size, Slice, slice, start, tail, trim, w } from "../bytes/slice";
import { put } from "../output/output";
import { firstWord, otherWords } from "./grammar";
import { Header } from "./header";
import { Message } from "./message";
import { beginRow, endRow } from "./row";

/** One bit each, in the order of the words in `names`. */
export const enum Privacy {
  Nothing = 0,
  Header = 1,
  Session = 2,
  User = 4,
  None = 8,
  Critical = 16,
  Id = 32,
  History = 64,
  /** Something that is not known here. */
  Other = 128,
}

/** Of every row. */
export function privacyIn(m: Message): u32 {
  let bits: u32 = 0;
  for (let row = m.find(Header.Privacy); row >= 0; row = m.find(Header.Privacy, row + 1)) {
    bits |= privacyOf(m.value(row));
  }
  return bits;
}

/** Of a value, or of the Privacy of a History-Info URI. Commas are taken as semicolons. */
export function privacyOf(value: Slice): u32 {
  let bits: u32 = 0;
  for (let rest = value; size(rest) > 0;) {
    const n = separator(rest);
    const word = trim(slice(start(rest), n));
    if (size(word) > 0) bits |= bitOf(word);
    rest = n < size(rest) ? tail(rest, n + 1) : 0;
  }
  return bits;
}

/** A whole row; Other can't be written. */
export function putPrivacy(bits: u32): void {
  beginRow(Header.Privacy);
  let isFirst = true;
  let bit: u32 = 1;
  for (let rest = names(); size(rest) > 0; rest = otherWords(rest), bit <<= 1) {
    if (!(bits & bit)) continue;
    if (!isFirst) put(w(";"));
    put(firstWord(rest));
    isFirst = false;
  }
  endRow();
}

function names(): Slice {
  return w("header,session,user,none,critical,id,history");
}

function bitOf(word: Slice): u32 {
  let bit: u32 = 1;
  for (let rest = names(); size(rest) > 0; rest = otherWords(rest), bit <<= 1) {
    if (equalsIgnoringCase(firstWord(rest), word)) return bit;
  }
  return Privacy.Other;
}

/** Index of the first separator; the size if there is none. */
function separator(s: Slice): i32 {
  const semicolon = indexOf(s, 0x3b);
  const comma = indexOf(s, 0x2c);
  if (semicolon < 0) return comma < 0 ? size(s) : comma;
  return comma < 0 ? semicolon : min(comma, semicolon);
}
