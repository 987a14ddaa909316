// The elements of a header field that is a list: rows and commas mean the same (RFC 3261 §7.3.1).

import { reserve } from "../bytes/arena";
import { findByte } from "../bytes/scan";
import { between, EMPTY, end, equalsIgnoringCase, isBlank, size, Slice, start, trim } from "../bytes/slice";
import { before, skipQuoted } from "./grammar";
import { Header } from "./header";
import { Message } from "./message";

/** Walks over one header field: `open`, then `next` while it is true. */
@unmanaged
export class Elements {
  /** Trimmed, never of size 0. */
  element: Slice;
  message: Message;
  header: Header;
  /** Its row, -1 behind the last. */
  row: i32;
  rest: Slice;

  open(m: Message, h: Header): void {
    this.message = m;
    this.header = h;
    this.openRow(m.first(h));
  }

  next(): bool {
    while (this.row >= 0) {
      if (size(this.rest) > 0) {
        this.cut();
        if (size(this.element) > 0) return true;
      } else this.openRow(this.message.find(this.header, this.row + 1));
    }
    return false;
  }

  openRow(row: i32): void {
    this.row = row;
    this.rest = row < 0 ? EMPTY : this.message.value(row);
  }

  cut(): void {
    const from = start(this.rest);
    const stop = end(this.rest);
    const comma = nextComma(from, stop);
    this.element = trim(between(from, comma));
    this.rest = comma < stop ? between(comma + 1, stop) : EMPTY;
  }
}

export function newElements(): Elements {
  return changetype<Elements>(reserve(offsetof<Elements>()));
}

/** Address of the element at or behind p, past blanks and commas; stop if there is none. */
export function nextElement(p: usize, stop: usize): usize {
  return p < stop && load<u8>(p) <= 0x2c ? skipCommas(p, stop) : p;
}

function skipCommas(p: usize, stop: usize): usize {
  while (p < stop && (isBlank(load<u8>(p)) || load<u8>(p) == 0x2c)) p++;
  return p;
}

/** How many elements stand from p on. */
export function elementsFrom(p: usize, stop: usize): i32 {
  let count = 0;
  for (p = nextElement(p, stop); p < stop; p = nextElement(nextComma(p, stop), stop)) count++;
  return count;
}

/** Address of the first comma outside quotes and angle brackets; stop if there is none. */
export function nextComma(p: usize, stop: usize): usize {
  return findByte(p, stop, 0x2c) == stop ? stop : nextBareComma(p, stop);
}

function nextBareComma(p: usize, stop: usize): usize {
  let isInBrackets = false;
  while (p < stop) {
    const byte = load<u8>(p);
    if (byte == 0x2c && !isInBrackets) return p;
    if (byte == 0x22 && !isInBrackets) {
      p = skipQuoted(p, stop);
      if (p == 0) return stop;
      continue;
    }
    if (byte == 0x3c) isInBrackets = true;
    if (byte == 0x3e) isInBrackets = false;
    p++;
  }
  return stop;
}

/** The list holds that token, in any case and with whatever parameters: an option tag, a media type. */
export function listHas(m: Message, h: Header, token: Slice): bool {
  for (let row = m.find(h); row >= 0; row = m.find(h, row + 1)) {
    if (valueHas(m.value(row), token)) return true;
  }
  return false;
}

function valueHas(value: Slice, token: Slice): bool {
  const stop = end(value);
  for (let p = start(value); p < stop;) {
    const comma = nextComma(p, stop);
    if (equalsIgnoringCase(trim(before(between(p, comma), 0x3b)), token)) return true;
    p = comma + 1;
  }
  return false;
}
