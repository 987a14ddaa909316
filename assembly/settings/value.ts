// Values as text: read, written, and what would have been permitted, by the type of the key.

import {
  decimal,
  end,
  equals,
  equalsIgnoringCase,
  indexOf,
  isDigit,
  lower,
  size,
  slice,
  Slice,
  start,
  tail,
  w,
} from "../bytes/slice";
import { put, putByte, putNumber } from "../output/output";
import { Codec, codecName } from "../sdp/codec";
import { Row, Type } from "./rows";

export const enum Reading {
  Taken,
  /** It was outside and is now the nearer end of the range. */
  Clamped,
  Rejected,
}

/** "As elsewhere", or "by our own rule", for keys that permit it: the only number below 0. */
const INHERITED: i32 = -1;
/** More digits than any permitted number has, and still a number that can be moved into its range. */
const HUGE: i64 = 999_999_999_999_999;
const MOST_SECONDS: i64 = 1_000_000;
const CODES: i32 = 5;
/** A codec of the old list that this phone does not have: the first number after the real ones. */
export const OTHER_CODEC: i32 = <i32>Codec.TelephoneEvent;

let numeric: i32 = 0;

/** The number that `readValue` read. */
export function numberRead(): i32 {
  return numeric;
}

/** Reads a value that is not blank; a number is then at numberRead(), a text is the value itself. */
export function readValue(row: Row, value: Slice): Reading {
  switch (row.type) {
    case Type.Text:
    case Type.Host:
      return isText(value, row) ? Reading.Taken : Reading.Rejected;
    case Type.CodecName:
      numeric = codecOf(value);
      return Reading.Taken;
  }
  if (row.least == INHERITED && equals(value, w("-1"))) {
    numeric = INHERITED;
    return Reading.Taken;
  }
  const n = numberOf(row, value);
  if (n < 0) return Reading.Rejected;
  if (row.type == Type.Clamped || (row.type == Type.ZeroOrClamped && n > 0 && n < row.least))
    return clamp(row, n);
  if (!isPermitted(row, n)) return Reading.Rejected;
  numeric = <i32>n;
  return Reading.Taken;
}

function numberOf(row: Row, value: Slice): i64 {
  if (row.type == Type.Seconds) return milliseconds(value);
  if (row.type == Type.Role) {
    if (equalsIgnoringCase(value, w("uac"))) return 0;
    if (equalsIgnoringCase(value, w("uas"))) return 1;
  }
  return decimal(value, HUGE);
}

/** seconds = 1*DIGIT [ "." 1*3DIGIT ], in ms; less than 0 for anything else. */
function milliseconds(value: Slice): i64 {
  const dot = indexOf(value, 0x2e);
  if (dot < 0) return decimal(value, MOST_SECONDS) * 1000;
  const fraction = tail(value, dot + 1);
  const whole = decimal(slice(start(value), dot), MOST_SECONDS);
  let part = decimal(fraction, 999);
  if (whole < 0 || part < 0 || size(fraction) > 3) return -1;
  for (let digits = size(fraction); digits < 3; digits++) part *= 10;
  return whole * 1000 + part;
}

function clamp(row: Row, n: i64): Reading {
  numeric = <i32>max<i64>(row.least, min<i64>(row.most, n));
  return <i64>numeric == n ? Reading.Taken : Reading.Clamped;
}

function isPermitted(row: Row, n: i64): bool {
  if (row.type == Type.Code) return isCode(row.least, n);
  if ((row.type == Type.ZeroOr || row.type == Type.ZeroOrClamped) && n == 0) return true;
  if (row.type == Type.Tens && n % 10 != 0) return false;
  return n >= row.least && n <= row.most;
}

function isCode(set: i32, n: i64): bool {
  for (let i = 0; i < CODES; i++) {
    if ((set >> i) & 1 && n == <i64>codeAt(i)) return true;
  }
  return false;
}

function codeAt(index: i32): i32 {
  switch (index) {
    case 0:
      return 404;
    case 1:
      return 480;
    case 2:
      return 486;
    case 3:
      return 600;
    default:
      return 603;
  }
}

function isText(value: Slice, row: Row): bool {
  const isHost = row.type == Type.Host;
  if (size(value) > row.most) return false;
  const stop = end(value);
  for (let p = start(value); p < stop; p++) {
    const byte = load<u8>(p);
    if (isHost ? !isHostByte(byte) : !isPrintable(byte)) return false;
  }
  return true;
}

/** No control characters: these texts become lines of SIP, which end at CR and LF. */
function isPrintable(byte: u8): bool {
  return byte >= 32 && byte != 127;
}

/** Letters, digits and `-._:[]`, the zone of an IPv6 address (`%`) included. */
function isHostByte(byte: u8): bool {
  if (isDigit(byte) || lower(byte) - 97 < 26) return true;
  return indexOf(w("-._:[]%"), byte) >= 0;
}

function codecOf(value: Slice): i32 {
  for (let codec = 0; codec < OTHER_CODEC; codec++) {
    if (equalsIgnoringCase(value, codecName(<Codec>codec))) return codec;
  }
  return OTHER_CODEC;
}

// ---- written ----

/** Writes a number in the key's own unit. */
export function putValue(row: Row, n: i32): void {
  if (row.type == Type.Seconds) putSeconds(n);
  else if (row.type == Type.CodecName) put(n == OTHER_CODEC ? w("other") : codecName(<Codec>n));
  else putNumber(n);
}

function putSeconds(ms: i32): void {
  putNumber(ms / 1000);
  let rest = ms % 1000;
  if (rest == 0) return;
  putByte(0x2e);
  for (; rest; rest = (rest * 10) % 1000) putByte(<u8>(48 + rest / 100));
}

/** Writes what is permitted, for the one who has to mend the file. */
export function putPermitted(row: Row): void {
  switch (row.type) {
    case Type.Text:
    case Type.Host:
      put(row.type == Type.Host ? w("a host name or address") : w("printable text"));
      put(w(" of at most "));
      putNumber(row.most);
      put(w(" bytes"));
      return;
    case Type.Role:
      put(w("0 or 1, uac or uas"));
      return;
    case Type.Code:
      putCodes(row.least);
      return;
    case Type.Tens:
      putTens(row.least, row.most);
      return;
  }
  if (row.type == Type.ZeroOr || row.type == Type.ZeroOrClamped) put(w("0 or "));
  putValue(row, row.least);
  put(row.least == 0 && row.most == 1 ? w(" or ") : w(".."));
  putValue(row, row.most);
}

function putCodes(set: i32): void {
  put(w("one of"));
  for (let i = 0; i < CODES; i++) {
    if ((set >> i) & 1) putAfterBlank(codeAt(i));
  }
}

function putTens(least: i32, most: i32): void {
  put(w("one of"));
  for (let n = least; n <= most; n += 10) putAfterBlank(n);
}

function putAfterBlank(n: i32): void {
  putByte(32);
  putNumber(n);
}
