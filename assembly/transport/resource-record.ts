// The records of an answer of the name service: one a line, fields between blanks, the time to live last.

import { between, decimal, EMPTY, end, size, Slice, start } from "../bytes/slice";

/** An answer may hold more; nobody tries more targets than this. */
export const MOST_RECORDS: i32 = 32;
/** Those of NAPTR: ORDER PREFERENCE FLAGS SERVICE REPLACEMENT TTL. */
const MOST_FIELDS: i32 = 6;

const fields: usize = memory.data(MOST_FIELDS * 8, 8);
let fieldCount: i32 = 0;
let rest: usize = 0;
let stop: usize = 0;

/** Begins to read an answer; `nextRecord` goes to its first line. */
export function openRecords(lines: Slice): void {
  rest = start(lines);
  stop = end(lines);
}

/** Reads the next line that has any field; false behind the last. */
export function nextRecord(): bool {
  fieldCount = 0;
  while (rest < stop && !fieldCount) readLine();
  return fieldCount > 0;
}

function readLine(): void {
  while (rest < stop && load<u8>(rest) != 10) {
    const from = rest;
    while (rest < stop && load<u8>(rest) > 32) rest++;
    if (rest > from) noteField(between(from, rest));
    else rest++;
  }
  rest++;
}

function noteField(field: Slice): void {
  if (fieldCount < MOST_FIELDS) store<u64>(fields + fieldCount * 8, field);
  fieldCount++;
}

/** A field of the record; EMPTY where it has fewer. */
export function field(index: i32): Slice {
  return index < min(fieldCount, MOST_FIELDS) ? load<u64>(fields + index * 8) : EMPTY;
}

/** A field that is a number up to 65535; -1 for anything else. */
export function numberField(index: i32): i32 {
  return <i32>decimal(field(index), 0xffff);
}

/** A field that is a domain name, without the dot at its end; EMPTY for the root. */
export function nameField(index: i32): Slice {
  const name = field(index);
  const n = size(name);
  const last = n > 0 && load<u8>(end(name) - 1) == 0x2e ? end(name) - 1 : end(name);
  return last == start(name) ? EMPTY : between(start(name), last);
}

/** Seconds, the last field; 0 if it says none. */
export function timeToLive(): i64 {
  return max(decimal(field(fieldCount - 1)), 0);
}
