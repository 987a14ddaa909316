// A SIP message (RFC 3261 §7): the start line, a table of header rows and the body, all as slices of
// the bytes that were handed in. One object is used again for every message; parsing allocates nothing.

import { reserve } from "../bytes/arena";
import { EMPTY, equalsIgnoringCase, Slice, start } from "../bytes/slice";
import { CSeq, newCSeq } from "./cseq";
import { ParseFault } from "./fault";
import { Header, HEADERS } from "./header";
import { Method } from "./method";
import { NameAddr, newNameAddr } from "./name-addr";
import { newUri, Uri } from "./uri";
import { newVia, Via } from "./via";

export { openMessage } from "./open";
export { parseMessage } from "./parse";

/** The most header lines that a message may have. */
export const MOST_ROWS = 128;
// row = name (Slice), value (Slice), id (u8), the next row with the same id (u8)
const ROW_BYTES = 24;
const VALUE = 8;
const ID = 16;
const NEXT = 17;
// The ids are rounded up to whole words, so that they are cleared a word at a time.
const FIRST_ROWS_BYTES: usize = (HEADERS + 7) & ~7;


@unmanaged
export class Message {
  bytes: Slice;
  methodText: Slice;
  /** The Request-URI as it stands; checkRequest looks into it. */
  uri: Slice;
  reason: Slice;
  body: Slice;
  method: Method;
  status: i32;
  /** Header rows. */
  count: i32;
  /** The first thing that is wrong, and its offset into `bytes`. */
  fault: ParseFault;
  faultOffset: i32;
  isRequest: bool;
  /** What the checks have read of a message in which they found no fault, so that nobody reads it again. */
  isChecked: bool;
  /** The topmost. */
  via: Via;
  from: NameAddr;
  fromUri: Uri;
  to: NameAddr;
  toUri: Uri;
  cseq: CSeq;
  /** Of a request. */
  requestUri: Uri;
  /** The first Contact, if `hasContact`: it was well formed. */
  contact: NameAddr;
  contactUri: Uri;
  hasContact: bool;
  rows: usize;
  /** For each Header the number of its first row, counted from 1; 0 for none. */
  firstRows: usize;
  /** The same for the last one; means nothing where there is no first. */
  lastRows: usize;

  /** Index of the first row with that id; -1 if there is none. */
  // @ts-ignore: decorator
  @inline
  first(h: Header): i32 {
    return <i32>load<u8>(this.firstRows + h) - 1;
  }

  /** The same at or after `from`. */
  find(h: Header, from: i32 = 0): i32 {
    return from == 0 ? this.first(h) : this.findLater(h, from);
  }

  findLater(h: Header, from: i32): i32 {
    const before = this.rows + (from - 1) * ROW_BYTES;
    if (from <= this.count && load<u8>(before, ID) == h) return <i32>load<u8>(before, NEXT) - 1;
    for (let i = from; i < this.count; i++) {
      if (this.id(i) == h) return i;
    }
    return -1;
  }

  /** The next row with the same id behind row i; -1 if there is none. */
  // @ts-ignore: decorator
  @inline
  behind(i: i32): i32 {
    return <i32>load<u8>(this.rows + i * ROW_BYTES, NEXT) - 1;
  }

  /** The same by name, for headers without an id. */
  findNamed(name: Slice, from: i32 = 0): i32 {
    for (let i = from; i < this.count; i++) {
      if (equalsIgnoringCase(this.name(i), name)) return i;
    }
    return -1;
  }

  id(i: i32): Header {
    return <Header>load<u8>(this.rows + i * ROW_BYTES, ID);
  }

  name(i: i32): Slice {
    return load<u64>(this.rows + i * ROW_BYTES);
  }

  /** Trimmed; of size 0, but present, for an empty value. */
  // @ts-ignore: decorator
  @inline
  value(i: i32): Slice {
    return load<u64>(this.rows + i * ROW_BYTES, VALUE);
  }

  /** The value of the first such row, EMPTY without one. */
  header(h: Header): Slice {
    const i = this.first(h);
    return i < 0 ? EMPTY : this.value(i);
  }

  /** Notes what is wrong, unless something was before. */
  note(fault: ParseFault, at: usize): void {
    if (this.fault != ParseFault.None) return;
    this.fault = fault;
    this.faultOffset = <i32>(at - start(this.bytes));
  }

  /** Stores cost less than calls of memory.fill. */
  reset(bytes: Slice): void {
    const firstRows = this.firstRows;
    for (let i: usize = 0; i < FIRST_ROWS_BYTES; i += 8) store<u64>(firstRows + i, 0);
    this.bytes = bytes;
    this.methodText = EMPTY;
    this.uri = EMPTY;
    this.reason = EMPTY;
    this.body = EMPTY;
    this.method = Method.Other;
    this.status = 0;
    this.count = 0;
    this.fault = ParseFault.None;
    this.faultOffset = 0;
    this.isRequest = false;
    this.isChecked = false;
    this.hasContact = false;
  }

  // @ts-ignore: decorator
  @inline
  add(h: Header, name: Slice, value: Slice): void {
    const i = this.count;
    const row = this.rows + i * ROW_BYTES;
    store<u64>(row, name);
    store<u64>(row, value, VALUE);
    store<u8>(row, <u8>h, ID);
    store<u8>(row, 0, NEXT);
    this.count = i + 1;
    const last = this.lastRows + h;
    if (load<u8>(this.firstRows + h) == 0) store<u8>(this.firstRows + h, <u8>(i + 1));
    else store<u8>(this.rows + (<i32>load<u8>(last) - 1) * ROW_BYTES, <u8>(i + 1), NEXT);
    store<u8>(last, <u8>(i + 1));
  }
}

export function newMessage(): Message {
  const m = changetype<Message>(reserve(offsetof<Message>()));
  m.rows = reserve(MOST_ROWS * ROW_BYTES);
  m.firstRows = reserve(FIRST_ROWS_BYTES);
  m.lastRows = reserve(HEADERS);
  m.via = newVia();
  m.from = newNameAddr();
  m.fromUri = newUri();
  m.to = newNameAddr();
  m.toUri = newUri();
  m.cseq = newCSeq();
  m.requestUri = newUri();
  m.contact = newNameAddr();
  m.contactUri = newUri();
  return m;
}
