// Date = wkday "," SP 2DIGIT SP month SP 4DIGIT SP time SP "GMT"   (RFC 3261 §20.17): no other zone

import { byteAt, decimal, equalsIgnoringCase, size, slice, Slice, start, w } from "../bytes/slice";
import { put, putByte, putNumber } from "../output/output";
import { Header } from "./header";
import { beginRow, endRow } from "./row";

const DATE_BYTES: i32 = 29;
const DAY: i64 = 86400;

/** Seconds since the first of January 1970; -1 for what is no date, or one before that. */
export function parseDate(value: Slice): i64 {
  if (size(value) != DATE_BYTES || !hasSeparators(value)) return -1;
  const year = <i32>decimal(piece(value, 12, 4));
  const month = nameIn(months(), piece(value, 8, 3));
  const day = <i32>decimal(piece(value, 5, 2));
  const hour = decimal(piece(value, 17, 2), 23);
  const minute = decimal(piece(value, 20, 2), 59);
  const second = decimal(piece(value, 23, 2), 59);
  if (nameIn(weekdays(), piece(value, 0, 3)) < 0 || year < 1970 || month < 0 || day < 1) return -1;
  if (hour < 0 || minute < 0 || second < 0) return -1;
  const first = daysUntil(year, month);
  if (first + day > daysUntil(year + month / 11, (month + 1) % 12)) return -1;
  return (first + day - 1) * DAY + hour * 3600 + minute * 60 + second;
}

/** A whole row. */
export function putDate(seconds: i64): void {
  const days = seconds / DAY;
  let year = 1970 + <i32>(days / 366);
  while (daysUntil(year + 1, 0) <= days) year++;
  let month = 11;
  while (daysUntil(year, month) > days) month--;
  beginRow(Header.Date);
  put(piece(weekdays(), <i32>((days + 4) % 7) * 3, 3));
  put(w(", "));
  putTwo(<i32>(days - daysUntil(year, month)) + 1);
  putByte(32);
  put(piece(months(), month * 3, 3));
  putByte(32);
  putNumber(year);
  putByte(32);
  putTime(<i32>(seconds % DAY));
  put(w(" GMT"));
  endRow();
}

function putTime(second: i32): void {
  putTwo(second / 3600);
  putByte(0x3a);
  putTwo((second / 60) % 60);
  putByte(0x3a);
  putTwo(second % 60);
}

function putTwo(number: i32): void {
  putByte(<u8>(48 + number / 10));
  putByte(<u8>(48 + (number % 10)));
}

/** Days from 1970 to the first of that month, which counts from 0. */
function daysUntil(year: i32, month: i32): i64 {
  const before = year - 1; // leap days of the years gone by
  const leapDays = before / 4 - before / 100 + before / 400 - 477;
  const isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  // 30.6 days from March on: 31 and 30 in the order in which they come.
  const inYear = month < 2 ? month * 31 : (306 * (month - 2) + 5) / 10 + 59 + (isLeap ? 1 : 0);
  return <i64>(year - 1970) * 365 + leapDays + inYear;
}

function hasSeparators(s: Slice): bool {
  return (
    byteAt(s, 3) == 0x2c &&
    byteAt(s, 4) == 32 &&
    byteAt(s, 7) == 32 &&
    byteAt(s, 11) == 32 &&
    byteAt(s, 16) == 32 &&
    byteAt(s, 19) == 0x3a &&
    byteAt(s, 22) == 0x3a &&
    equalsIgnoringCase(piece(s, 25, 4), w(" GMT"))
  );
}

function piece(s: Slice, from: i32, bytes: i32): Slice {
  return slice(start(s) + <usize>from, bytes);
}

function weekdays(): Slice {
  return w("SunMonTueWedThuFriSat");
}

function months(): Slice {
  return w("JanFebMarAprMayJunJulAugSepOctNovDec");
}

/** Which of the names of three letters it is, from 0; -1 for none. */
function nameIn(names: Slice, name: Slice): i32 {
  for (let i = 0; i < size(names); i += 3) {
    if (equalsIgnoringCase(piece(names, i, 3), name)) return i / 3;
  }
  return -1;
}
