// Reads a message into its slices (RFC 3261 §7): one pass over the header, none over the body.
//
// It goes on behind a fault, which is noted once, so that a bad request can still be answered with the
// Via, From, To, Call-ID and CSeq that it has.

import { findByte, findControl } from "../bytes/scan";
import {
  between,
  byteAt,
  decimal,
  end,
  equalsIgnoringCase,
  indexOf,
  size,
  Slice,
  slice,
  start,
  startsWithIgnoringCase,
  tail,
  trim,
  w,
} from "../bytes/slice";
import { ParseFault } from "./fault";
import { Class, isToken, skip, skipBlanks } from "./grammar";
import { Header, headerOf, takeName } from "./header";
import { Message, MOST_ROWS } from "./message";
import { Method, methodOf } from "./method";

const LONGEST_START_LINE: usize = 2048;
const LONGEST_HEADER: usize = 8192;
const LONGEST_BODY = 64 * 1024;
// As they stand in memory.
const CR_LF: u16 = 0x0a0d;
const BLANK_VERSION: u64 = 0x302e322f50495320; // " SIP/2.0"
const VERSION_BLANK: u64 = 0x20302e322f504953; // "SIP/2.0 "

let cursor: usize = 0;
let limit: usize = 0;

/**
 * Reads a message that was received whole: a datagram, or what the framing of a stream cut out. Folded
 * lines are joined in place. False, with the fault, if it is not well formed.
 */
export function parseMessage(m: Message, bytes: Slice): bool {
  m.reset(bytes);
  cursor = start(bytes);
  limit = end(bytes);
  while (cursor < limit && (load<u8>(cursor) == 13 || load<u8>(cursor) == 10)) cursor++;
  if (cursor == limit) m.note(ParseFault.Empty, cursor);
  else takeStartLine(m);
  takeHeaders(m);
  takeBody(m);
  checkBody(m);
  return m.fault == ParseFault.None;
}

// ---- lines ----

/** A line end stands at p, and behind it begins something that is neither folded nor the end of the header. */
// @ts-ignore: decorator
@inline
function isPlainEnd(p: usize, limit: usize): bool {
  return p + 2 < limit && load<u16>(p) == CR_LF && load<u8>(p, 2) > 32;
}

/**
 * Takes the line that begins at `from` and those folded into it, whose line ends become blanks; its first control
 * byte stands at p. Answers where its text ends.
 */
function takeOtherLine(m: Message, from: usize, p: usize, mayFold: bool): usize {
  while (true) {
    p = findControl(p, limit);
    if (p == limit) {
      m.note(ParseFault.Truncated, p);
      cursor = p;
      return p;
    }
    const next = behindLineEnd(p);
    if (next == 0) {
      noteControl(m, from, p);
      p++;
    } else if (mayFold && next < limit && load<u8>(next) <= 32 && skipBlanks(next, limit) != next) {
      memory.fill(p, 32, next - p);
      p = next;
    } else {
      cursor = next;
      return p;
    }
  }
}

/** Address behind the CRLF, or LF alone, that stands at p; 0 if none does. */
function behindLineEnd(p: usize): usize {
  if (p + 2 <= limit && load<u16>(p) == CR_LF) return p + 2;
  return load<u8>(p) == 10 ? p + 1 : 0;
}

function noteControl(m: Message, from: usize, p: usize): void {
  const byte = load<u8>(p);
  // A quoted-pair may hold any byte but CR and LF (§25.1).
  if (byte == 9 || (byte != 13 && p > from && load<u8>(p - 1) == 0x5c)) return;
  m.note(byte == 13 ? ParseFault.BadLineEnd : ParseFault.ControlByte, p);
  // The refusal repeats Via, From, Call-ID, CSeq and To: whoever reads it must not find another line in them.
  store<u8>(p, 32);
}

function isEmptyLine(p: usize): bool {
  return behindLineEnd(p) != 0;
}

// ---- start line ----

function takeStartLine(m: Message): void {
  const from = cursor;
  const stop = takeOtherLine(m, from, from, false);
  if (stop - from > LONGEST_START_LINE) m.note(ParseFault.StartLineTooLong, from);
  // No method has a slash.
  const isPlainStatus = from + 12 <= stop && load<u64>(from) == VERSION_BLANK;
  m.isRequest = !isPlainStatus && !startsWithIgnoringCase(between(from, stop), w("SIP/"));
  if (m.isRequest) readRequestLine(m, from, stop);
  else readStatusLine(m, between(from, stop));
}

/** Request-Line = Method SP Request-URI SP SIP-Version */
function readRequestLine(m: Message, from: usize, stop: usize): void {
  const first = findByte(from, stop, 32);
  const isPlain = from + 8 <= stop && load<u64>(stop - 8) == BLANK_VERSION;
  let last = isPlain ? stop - 8 : stop - 1;
  while (last > first && load<u8>(last) != 32) last--;
  if (first >= last) return m.note(ParseFault.BadStartLine, from);
  m.methodText = between(from, first);
  m.method = methodOf(m.methodText);
  m.uri = between(first + 1, last);
  if (m.method == Method.Other && !isToken(m.methodText)) m.note(ParseFault.BadMethod, from);
  if (!isPlain) readRequestVersion(m, between(last + 1, stop));
}

function readRequestVersion(m: Message, version: Slice): void {
  if (!startsWithIgnoringCase(version, w("SIP/"))) m.note(ParseFault.BadStartLine, start(version));
  readVersion(m, version);
}

function readVersion(m: Message, version: Slice): void {
  if (!equalsIgnoringCase(version, w("SIP/2.0"))) m.note(ParseFault.BadVersion, start(version));
}

/** Status-Line = SIP-Version SP 3DIGIT SP Reason-Phrase; the second blank may be missing. */
function readStatusLine(m: Message, line: Slice): void {
  const blank = indexOf(line, 32);
  if (blank < 0) return m.note(ParseFault.BadStartLine, start(line));
  readVersion(m, slice(start(line), blank));
  const rest = tail(line, blank + 1);
  const n = size(rest);
  const status = n < 3 || (n > 3 && byteAt(rest, 3) != 32) ? -1 : decimal(slice(start(rest), 3));
  if (status < 100 || status > 699) return m.note(ParseFault.BadStatus, start(rest));
  m.status = <i32>status;
  m.reason = tail(rest, n > 3 ? 4 : 3);
}

// ---- header ----

/** The position is kept in a local: what every line needs is not fetched from memory. */
function takeHeaders(m: Message): void {
  const stop = limit;
  let p = cursor;
  while (p < stop && (load<u8>(p) > 13 || !isEmptyLine(p))) {
    if (m.count == MOST_ROWS) {
      m.note(ParseFault.TooManyHeaders, p);
      cursor = stop;
      return;
    }
    p = takeHeader(m, p, stop);
  }
  cursor = p < stop ? behindLineEnd(p) : p;
  if (p == stop) m.note(ParseFault.Truncated, p);
}

/**
 * message-header = token HCOLON value, where HCOLON has no other byte than blanks before its colon. Answers where
 * the next line begins.
 */
// @ts-ignore: decorator
@inline
function takeHeader(m: Message, from: usize, limit: usize): usize {
  let stop = findControl(from, limit);
  let next = stop + 2;
  if (!isPlainEnd(stop, limit)) {
    stop = takeOtherLine(m, from, stop, true);
    next = cursor;
  }
  if (stop - from > LONGEST_HEADER) m.note(ParseFault.HeaderTooLong, from);
  const taken = takeName(from, limit);
  const h = <Header>(taken >>> 32);
  const colon = <usize>taken;
  if (h == Header.Other || colon >= stop) {
    takeOtherHeader(m, from, stop);
    return next;
  }
  // Behind the one blank that everybody writes there is mostly nothing to trim.
  const isSpaced = colon + 2 < stop && load<u8>(colon, 1) == 32 && load<u8>(colon, 2) > 32;
  const isTrimmed = isSpaced && load<u8>(stop - 1) > 32;
  m.add(h, between(from, colon), isTrimmed ? between(colon + 2, stop) : trim(between(colon + 1, stop)));
  return next;
}

/** One whose name is unknown, or has blanks behind it. */
function takeOtherHeader(m: Message, from: usize, stop: usize): void {
  const behindName = skip(from, stop, Class.Token);
  const colon = skipBlanks(behindName, stop);
  if (behindName == from || colon == stop || load<u8>(colon) != 0x3a) {
    return m.note(ParseFault.BadHeaderName, colon);
  }
  const name = between(from, behindName);
  m.add(headerOf(name), name, trim(between(colon + 1, stop)));
}

// ---- body ----

/** What Content-Length says of the rest; all of it without one (§18.3). */
function takeBody(m: Message): void {
  m.body = between(cursor, limit);
  const first = m.find(Header.ContentLength);
  if (first < 0) return;
  const length = decimal(m.value(first), i32.MAX_VALUE);
  if (length < 0) return m.note(ParseFault.BadContentLength, start(m.value(first)));
  for (let i = m.behind(first); i >= 0; i = m.behind(i)) {
    if (decimal(m.value(i)) != length) return m.note(ParseFault.BadContentLength, start(m.value(i)));
  }
  if (length > size(m.body)) m.note(ParseFault.BodyTooShort, start(m.value(first)));
  else m.body = slice(start(m.body), <i32>length);
}

function checkBody(m: Message): void {
  if (size(m.body) > LONGEST_BODY) m.note(ParseFault.BodyTooLong, start(m.body));
}
