// What the module says: one buffer for the bytes that leave and the records that point at them.
//
// It is emptied at the start of every call that changes something and read out by sip_poll: one
// mutation, then drain. A record is (kind, byteLength, words...); the word in front of it, which hosts
// do not see, is the address of the next record.
//
// Bytes are written at the cursor, so that a message is written once, where the host reads it.

import { reserve } from "../bytes/arena";
import { between, end, size, slice, Slice, start } from "../bytes/slice";
import { EventKind, FieldType, RecordKind } from "./abi-numbers";

/** Two largest datagrams and what they are said with. */
export const OUTPUT_BYTES: usize = 144 * 1024;
/** A call that changes something begins no new work when less than this is left. */
const RESERVE_BYTES: usize = 72 * 1024;

let base: usize = 0;
let cursor: usize = 0;
let limit: usize = 0;
/** Where the first byte belonged that did not fit; 0 while all did. */
let lost: usize = 0;
let lastRecord: usize = 0;
let nextRecord: usize = 0;

export function openOutput(): void {
  base = reserve(OUTPUT_BYTES);
  limit = base + OUTPUT_BYTES;
  clearOutput();
}

/** Forgets everything that was said. */
export function clearOutput(): void {
  cursor = base;
  lost = 0;
  lastRecord = 0;
  nextRecord = 0;
}

/** False when a tick should stop firing timers until the host has drained. */
export function hasRoom(): bool {
  return limit - cursor > RESERVE_BYTES;
}

// ---- bytes ----

/** Where the next byte goes: begin a text here, or a part of one, and end it with `written(mark)`. */
export function mark(): usize {
  return cursor;
}

/**
 * What was put since the mark; of size 0 if it did not fit. Once a byte is lost nothing more is taken
 * until the cursor goes back to before it, so that a text never lacks a part in the middle.
 */
export function written(from: usize): Slice {
  if (!lost) return between(from, cursor);
  rewind(from);
  return slice(from, 0);
}

/** Takes back everything since the mark, once it has been kept elsewhere. A record that was said since stays. */
export function rewind(from: usize): void {
  if (from < lastRecord) return;
  cursor = from;
  if (from < lost) lost = 0;
}

export function put(bytes: Slice): void {
  const n = <usize>size(bytes);
  if (lost || n > limit - cursor) return lose();
  memory.copy(cursor, start(bytes), n);
  cursor += n;
}

export function putByte(byte: u8): void {
  if (lost || cursor == limit) return lose();
  store<u8>(cursor++, byte);
}

function lose(): void {
  if (!lost) lost = cursor;
}

export function putNumber(value: i64): void {
  if (value < 0) {
    putByte(0x2d);
    value = -value;
  }
  let scale: u64 = 1;
  while (<u64>value / scale >= 10) scale *= 10;
  for (; scale > 0; scale /= 10) putByte(<u8>(48 + ((<u64>value / scale) % 10)));
}

/** Lower-case hexadecimal digits of every byte. */
export function putHex(bytes: Slice): void {
  const stop = end(bytes);
  for (let p = start(bytes); p < stop; p++) {
    putByte(hexDigit(load<u8>(p) >>> 4));
    putByte(hexDigit(load<u8>(p) & 15));
  }
}

export function hexDigit(nibble: u8): u8 {
  return nibble < 10 ? 48 + nibble : 87 + nibble;
}

export function putLine(): void {
  putByte(13);
  putByte(10);
}

// ---- records ----

/** Starts a record; `word`, `bytesField` and `endRecord` follow. False if no room is left. */
export function beginRecord(kind: RecordKind): bool {
  lost = 0; // no text is under way
  cursor = (cursor + 3) & ~3;
  if (limit - cursor < 1024) return false;
  const record = cursor + 4;
  store<u32>(cursor, 0);
  if (lastRecord) store<u32>(lastRecord - 4, <u32>record);
  else nextRecord = record;
  lastRecord = record;
  store<u32>(record, kind);
  cursor = record + 8;
  return true;
}

export function word(value: i32): void {
  store<i32>(cursor, value);
  cursor += 4;
}

/** offset, length of bytes that stay where they are until the next call. */
export function reference(bytes: Slice): void {
  word(<i32>start(bytes));
  word(size(bytes));
}

export function endRecord(): void {
  store<u32>(lastRecord, <u32>(cursor - lastRecord), 4);
}

/** The next record's address; 0 when all were read. */
export function pollRecord(): usize {
  const record = nextRecord;
  if (record) nextRecord = <usize>load<u32>(record - 4);
  return record;
}

// ---- the records that every room may say ----

/**
 * Says that the bytes leave for the address. Both are copied unless they were written here, because
 * kept memory may be given back, and kept again, before the host reads the record.
 */
export function sayBytes(flow: u32, address: Slice, port: u32, bytes: Slice): void {
  const from = mark();
  const to = here(address);
  const what = here(bytes);
  if (size(what) != size(bytes) || !beginRecord(RecordKind.Send)) return rewind(from);
  word(flow);
  reference(to);
  word(port);
  reference(what);
  endRecord();
}

/** The same bytes inside this buffer; of size 0 if they do not fit. */
function here(bytes: Slice): Slice {
  const at = start(bytes);
  if (at >= base && at < limit) return bytes;
  lost = 0; // no text is under way
  const from = mark();
  if (<usize>size(bytes) <= limit - cursor) put(bytes);
  return written(from);
}

let fieldCount: usize = 0;

/**
 * Starts an event of a call (0, 0 for none); `textField` and `numberField` follow, then `endEvent`.
 * event = kind, byteLength, event number, name, call handle, call number, field count,
 *         then for each field: name offset, name length, type, two words of value
 */
export function beginEvent(event: EventKind, name: Slice, call: u32 = 0, number: u32 = 0): bool {
  fieldCount = 0;
  if (!beginRecord(RecordKind.Event)) return false;
  word(event);
  reference(name);
  word(call);
  word(number);
  fieldCount = cursor;
  word(0);
  return true;
}

export function numberField(name: Slice, value: i64): void {
  if (!fieldCount) return;
  openField(name, FieldType.Number);
  word(<i32>value);
  word(<i32>(value >> 32));
}

/** The text is copied: it may be a slice of a message or of something about to be released. */
export function textField(name: Slice, text: Slice): void {
  typedField(name, text, FieldType.Text);
}

/** The same for what nobody but the phone's media may see. */
export function secretField(name: Slice, text: Slice): void {
  typedField(name, text, FieldType.Secret);
}

function typedField(name: Slice, text: Slice, type: FieldType): void {
  if (!fieldCount) return;
  openField(name, type);
  reference(text);
}

function openField(name: Slice, type: FieldType): void {
  store<u32>(fieldCount, load<u32>(fieldCount) + 1);
  reference(name);
  word(type);
}

/** Ends the record and copies its texts behind it. */
export function endEvent(): void {
  if (!fieldCount) return;
  endRecord();
  let field = fieldCount + 4;
  const stop = cursor;
  for (; field < stop; field += 20) {
    if (load<u32>(field, 8) == FieldType.Number) continue;
    const n = load<u32>(field, 16);
    if (<usize>n > limit - cursor) {
      store<u32>(field, 0, 16);
      continue;
    }
    memory.copy(cursor, <usize>load<u32>(field, 12), <usize>n);
    store<u32>(field, <u32>cursor, 12);
    cursor += <usize>n;
  }
  fieldCount = 0;
}
