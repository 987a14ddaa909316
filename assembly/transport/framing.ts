// Cutting messages out of a stream (RFC 3261 §18.3): Content-Length says where each of them ends.
//
//   openInput(f, chunk)        what was kept, and the chunk behind it
//   while (nextMessage(f))     cutMessage; where there is a cutFault, nothing behind it can be read any more
//   closeInput(f)              keeps what is not whole
//
// The rows are those that parse.ts will find: a row ends with LF, unless a blank follows.

import { findByte } from "../bytes/scan";
import {
  between,
  decimal,
  EMPTY,
  end,
  isPresent,
  lower,
  size,
  Slice,
  slice,
  start,
  tail,
  trim,
} from "../bytes/slice";
import { keep, keepMore, release } from "../bytes/blocks";
import { ParseFault } from "../message/fault";
import { Header, headerOf } from "../message/header";

const MOST_HEAD: i32 = 16 * 1024;
/** What the largest kept block holds. */
export const MOST_MESSAGE: i32 = 64 * 1024;


@unmanaged
export class Framing {
  /** Kept: what has come of a message that is not whole. */
  input: Slice;
  /** Octets of the rows that were looked at. */
  scanned: i32;
  /** Octets up to and with the empty line; 0 while that has not come. */
  headSize: i32;
  /** Rows of Content-Length so far. */
  lengths: i32;
  /** What the last of them says; -1 if that is no number. */
  bodySize: i32;
  /** How much of CR LF CR LF has come between messages. */
  lineEnds: i32;
}

/** The message that nextMessage found. */
export let cutMessage: Slice = EMPTY;
/** Not None: it is no whole message, and why. */
export let cutFault: ParseFault = ParseFault.None;
/** A double CRLF came since openInput, which asks for one CRLF (RFC 5626 §4.4.1). */
export let isPinged: bool = false;
/** A CRLF came between messages since openInput. */
export let hasLineEnd: bool = false;

let rest: Slice = EMPTY;

/** What of the chunk was not taken: the input is as long as a message may be. It waits for the next openInput. */
export let untaken: Slice = EMPTY;

/** The input is what is kept and the chunk behind it; false when there is no memory, or room, for more. */
export function openInput(f: Framing, chunk: Slice): bool {
  isPinged = false;
  hasLineEnd = false;
  untaken = EMPTY;
  rest = isPresent(f.input) ? f.input : chunk;
  if (!isPresent(f.input) || size(chunk) == 0) return true;
  const n = min(size(chunk), MOST_MESSAGE - size(f.input));
  const both = n ? keepMore(f.input, slice(start(chunk), n)) : EMPTY;
  if (!isPresent(both)) return false;
  untaken = tail(chunk, n);
  f.input = both;
  rest = both;
  return true;
}

/** Takes the next message out of the input; false if the rest is none yet. */
export function nextMessage(f: Framing): bool {
  skipLineEnds(f);
  cutFault = ParseFault.None;
  const n = measure(f, rest);
  if (n == 0) return false;
  cutMessage = slice(start(rest), n);
  rest = tail(rest, n);
  startAgain(f);
  return true;
}

/** Keeps what is left. False when there is no memory for it. */
export function closeInput(f: Framing): bool {
  const before = f.input;
  if (isPresent(before) && rest == before) return true;
  f.input = size(rest) ? keep(rest) : EMPTY;
  const isKept = size(f.input) == size(rest);
  release(before);
  rest = EMPTY;
  return isKept;
}

/** Gives back what it keeps. */
export function forgetInput(f: Framing): void {
  release(f.input);
  f.input = EMPTY;
}

/** Of bytes that nobody keeps. */
const GLANCE: usize = memory.data(offsetof<Framing>(), 8);

/**
 * How many of the bytes are the line ends before a message, or the first message; 0 while it is not whole, all of
 * them where its end can't be found.
 */
export function firstMessageSize(bytes: Slice): i32 {
  let p = start(bytes);
  const stop = end(bytes);
  while (p < stop && (load<u8>(p) == 13 || load<u8>(p) == 10)) p++;
  if (p > start(bytes)) return <i32>(p - start(bytes));
  const f = changetype<Framing>(GLANCE);
  startAgain(f);
  cutFault = ParseFault.None;
  const n = measure(f, bytes);
  return cutFault == ParseFault.None ? n : size(bytes);
}

function startAgain(f: Framing): void {
  f.scanned = 0;
  f.headSize = 0;
  f.lengths = 0;
  f.bodySize = 0;
}

/** Line ends stand before a message, or are a ping, or the answer to one. */
function skipLineEnds(f: Framing): void {
  if (f.scanned) return;
  let p = start(rest);
  const stop = end(rest);
  while (p < stop && (load<u8>(p) == 13 || load<u8>(p) == 10)) noteLineEnd(f, load<u8>(p++));
  if (p < stop) f.lineEnds = 0;
  rest = between(p, stop);
}

function noteLineEnd(f: Framing, byte: u8): void {
  const isExpected = byte == (f.lineEnds & 1 ? 10 : 13);
  f.lineEnds = isExpected ? f.lineEnds + 1 : 0;
  if (f.lineEnds >= 2) hasLineEnd = true;
  if (f.lineEnds < 4) return;
  f.lineEnds = 0;
  isPinged = true;
}

/** Size of the message that the bytes begin with; 0 if more has to come. Limits come before anything is kept. */
function measure(f: Framing, bytes: Slice): i32 {
  if (f.headSize == 0) scanHead(f, bytes);
  const head = f.headSize ? f.headSize : size(bytes);
  if (head > MOST_HEAD) return refuse(ParseFault.HeaderTooLong, min(head, MOST_HEAD));
  if (f.headSize == 0) return 0;
  // Two of them, even of one mind, are not to be trusted with where the next message begins.
  if (f.lengths != 1 || f.bodySize < 0) return refuse(ParseFault.BadContentLength, head);
  if (f.bodySize > MOST_MESSAGE - head) return refuse(ParseFault.BodyTooLong, head);
  const whole = head + f.bodySize;
  return size(bytes) < whole ? 0 : whole;
}

function refuse(fault: ParseFault, n: i32): i32 {
  cutFault = fault;
  return n;
}

/** Goes on with the first row that had not ended. */
function scanHead(f: Framing, bytes: Slice): void {
  const from = start(bytes);
  const stop = end(bytes);
  let p = from + f.scanned;
  while (p < stop) {
    const behind = behindEmptyLine(p, stop);
    if (behind) {
      f.headSize = <i32>(behind - from);
      return;
    }
    const next = behindRow(p, stop, p > from);
    if (next == 0) return;
    noteLength(f, p, next);
    p = next;
    f.scanned = <i32>(p - from);
  }
}

/** 0 if no empty line stands at p. */
function behindEmptyLine(p: usize, stop: usize): usize {
  if (load<u8>(p) == 10) return p + 1;
  return load<u8>(p) == 13 && p + 1 < stop && load<u8>(p, 1) == 10 ? p + 2 : 0;
}

/** Where the next row begins, which is not known before its first byte has come; 0 until then. */
function behindRow(from: usize, stop: usize, mayFold: bool): usize {
  let p = from;
  while (true) {
    p = findByte(p, stop, 10) + 1;
    if (p > stop || (mayFold && p == stop)) return 0;
    if (!mayFold || (load<u8>(p) != 32 && load<u8>(p) != 9)) return p;
  }
}

function noteLength(f: Framing, row: usize, behind: usize): void {
  const initial = lower(load<u8>(row));
  if (initial != 0x63 && initial != 0x6c) return; // "Content-Length", or "l"
  const colon = findByte(row, behind, 0x3a);
  if (colon == behind || headerOf(trim(between(row, colon))) != Header.ContentLength) return;
  f.lengths++;
  f.bodySize = <i32>decimal(trim(between(colon + 1, behind)), i32.MAX_VALUE);
}
