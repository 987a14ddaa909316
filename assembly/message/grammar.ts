// The character classes of RFC 3261 §25.1, and cutting text at a byte.
//
// Two tables of 256 bytes hold a bit for every class, so that a scanner asks one load a byte.

import {
  between,
  EMPTY,
  end,
  indexOf,
  isBlank,
  isDigit,
  size,
  slice,
  Slice,
  start,
  tail,
  w,
} from "../bytes/slice";

export const enum Class {
  /** token, of methods, header names and parameters. */
  Token = 1,
  /** What may stand in userinfo, escapes apart. */
  User = 2,
  /** uri-parameters with their `;` and `=`, escapes apart. */
  Parameter = 4,
  /** Header components of a URI with their `&` and `=`, escapes apart. */
  Component = 8,
  /** A host name or an IPv4 address. */
  Host = 16,
  /** A scheme. */
  Scheme = 32,
  /** A hexadecimal digit. */
  Hex = 64,
  /** A digit or a separator of a telephone number (RFC 3966 §3). */
  Phone = 128,
  /** From here on in the second table. The value of a parameter without quotes: no blank, no `"`, `,`, `;`, `<`, `>`. */
  Value = 256 + 1,
  /** A display name without quotes, blanks included. */
  Display = 256 + 2,
  /** What stands between quotes, but for escapes. */
  Quoted = 256 + 4,
}

const CLASSES: usize = memory.data(512);

export function openGrammar(): void {
  for (let byte = 48; byte < 58; byte++) add(byte, 255);
  for (let byte = 65; byte < 91; byte++) {
    const bits = byte < 71 ? 255 : 255 & ~(Class.Hex | Class.Phone);
    add(byte, bits);
    add(byte | 32, bits);
  }
  // Raw UTF-8 belongs into escapes; where it stands nevertheless, it does no harm.
  for (let byte = 128; byte < 256; byte++) add(byte, Class.User | Class.Parameter | Class.Component);
  addAll(w("-.!%*_+`'~"), Class.Token);
  // Deviates from §25.1: `#` must be escaped, but users dial it and phones send it.
  addAll(w("-_.!~*'()&=+$,;?/#"), Class.User);
  addAll(w("-_.!~*'()[]/:&+$;=#"), Class.Parameter);
  // More than §25.1 permits: a Refer-To often has Replaces unescaped.
  addAll(w("-_.!~*'()[]/?:+$&=;@,#"), Class.Component);
  addAll(w("-._"), Class.Host);
  addAll(w("+-."), Class.Scheme);
  addAll(w("+-.()*#"), Class.Phone);
  for (let byte = 0; byte < 256; byte++) store<u8>(CLASSES + byte, byte > 32 ? 7 : 6, 256);
  removeAll(w('",;<>'), 3);
  removeAll(w('"\\'), 4);
}

function add(byte: i32, bits: i32): void {
  const place = CLASSES + <usize>byte;
  store<u8>(place, load<u8>(place) | (<u8>bits));
}

function addAll(text: Slice, class_: Class): void {
  const stop = end(text);
  for (let p = start(text); p < stop; p++) add(load<u8>(p), class_);
}

/** From the second table. */
function removeAll(text: Slice, bits: u8): void {
  const stop = end(text);
  for (let p = start(text); p < stop; p++) {
    const place = CLASSES + <usize>load<u8>(p);
    store<u8>(place, load<u8>(place, 256) & ~bits, 256);
  }
}

// @ts-ignore: decorator
@inline
export function isOf(byte: u8, class_: Class): bool {
  return ((<u32>load<u8>(CLASSES + (class_ & 256) + <usize>byte)) & (class_ & 255)) != 0;
}

/** Address of the first byte at or after p that is not of the class, or stop. */
export function skip(p: usize, stop: usize, class_: Class): usize {
  const table = CLASSES + (class_ & 256);
  const bit: u32 = class_ & 255;
  // Four in a row: the end is compared less often.
  for (; p + 4 <= stop; p += 4) {
    if (((<u32>load<u8>(table + <usize>load<u8>(p))) & bit) == 0) return p;
    if (((<u32>load<u8>(table + <usize>load<u8>(p, 1))) & bit) == 0) return p + 1;
    if (((<u32>load<u8>(table + <usize>load<u8>(p, 2))) & bit) == 0) return p + 2;
    if (((<u32>load<u8>(table + <usize>load<u8>(p, 3))) & bit) == 0) return p + 3;
  }
  while (p < stop && (<u32>load<u8>(table + <usize>load<u8>(p))) & bit) p++;
  return p;
}

/** Every byte is of the class; true for no byte at all. */
export function allOf(s: Slice, class_: Class): bool {
  return skip(start(s), end(s), class_) == end(s);
}

export function isToken(s: Slice): bool {
  return size(s) > 0 && allOf(s, Class.Token);
}

/** Address of the first byte at or after p that is no space or tab, or stop. */
export function skipBlanks(p: usize, stop: usize): usize {
  while (p < stop && (load<u8>(p) == 32 || load<u8>(p) == 9)) p++;
  return p;
}

/** The same for the blanks and line ends of folded text. Mostly there are none: that is found out without a call. */
// @ts-ignore: decorator
@inline
export function skipFolded(p: usize, stop: usize): usize {
  return p < stop && load<u8>(p) <= 32 ? skipAllFolded(p, stop) : p;
}

function skipAllFolded(p: usize, stop: usize): usize {
  while (p < stop && load<u8>(p) <= 32 && isBlank(load<u8>(p))) p++;
  return p;
}

/** Address behind the closing quote of the quoted-string that begins at p; 0 if it has none. */
export function skipQuoted(p: usize, stop: usize): usize {
  p = skip(p + 1, stop, Class.Quoted);
  while (p < stop && load<u8>(p) == 0x5c) p = p + 2 < stop ? skip(p + 2, stop, Class.Quoted) : stop;
  return p < stop ? p + 1 : 0;
}

/** Up to the first such byte, or all of it. */
export function before(s: Slice, byte: u8): Slice {
  const index = indexOf(s, byte);
  return index < 0 ? s : slice(start(s), index);
}

/** Behind the first such byte; EMPTY if there is none. */
export function behind(s: Slice, byte: u8): Slice {
  const index = indexOf(s, byte);
  return index < 0 ? EMPTY : tail(s, index + 1);
}

/** Index of the first such byte outside quoted strings; the size if there is none. */
export function indexOutsideQuotes(s: Slice, byte: u8): i32 {
  const stop = end(s);
  let p = start(s);
  while (p < stop && load<u8>(p) != byte) {
    if (load<u8>(p) == 0x22) {
      p = skipQuoted(p, stop);
      if (p == 0) return size(s);
    } else p++;
  }
  return <i32>(p - start(s));
}

/** The first of some comma-separated words. */
export function firstWord(words: Slice): Slice {
  return before(words, 0x2c);
}

/** The words behind the first one. */
export function otherWords(words: Slice): Slice {
  return behind(words, 0x2c);
}

/** The digits at the beginning. */
export function leadingDigits(s: Slice): Slice {
  let p = start(s);
  while (p < end(s) && isDigit(load<u8>(p))) p++;
  return between(start(s), p);
}
