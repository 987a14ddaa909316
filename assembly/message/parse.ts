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
import { Header, headerAt } from "./header";
import { Message, MOST_ROWS } from "./message";
import { methodOf } from "./method";

const LONGEST_START_LINE: usize = 2048;
const LONGEST_HEADER: usize = 8192;
const LONGEST_BODY = 64 * 1024;
const CR_LF: u16 = 0x0a0d; // as they stand in memory

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

/** Takes a line and those folded into it, whose line ends become blanks; answers where its text ends. */
function takeLine(m: Message, mayFold: bool): usize {
  let p = cursor;
  while (true) {
    p = findControl(p, limit);
    if (p == limit) {
      m.note(ParseFault.Truncated, p);
      cursor = p;
      return p;
    }
    const next = behindLineEnd(p);
    if (next == 0) {
      noteControl(m, p);
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

function noteControl(m: Message, p: usize): void {
  const byte = load<u8>(p);
  // A quoted-pair may hold any byte but CR and LF (§25.1).
  if (byte == 9 || (byte != 13 && p > cursor && load<u8>(p - 1) == 0x5c)) return;
  m.note(byte == 13 ? ParseFault.BadLineEnd : ParseFault.ControlByte, p);
  // The refusal repeats Via, From, Call-ID, CSeq and To: whoever reads it must not find another line in them.
  store<u8>(p, 32);
}

/** True, and the cursor behind it, at the empty line that ends the header. */
function takeEmptyLine(): bool {
  if (cursor == limit || load<u8>(cursor) > 13) return false;
  const next = behindLineEnd(cursor);
  if (next) cursor = next;
  return next != 0;
}

// ---- start line ----

function takeStartLine(m: Message): void {
  const from = cursor;
  const line = between(from, takeLine(m, false));
  if (<usize>size(line) > LONGEST_START_LINE) m.note(ParseFault.StartLineTooLong, from);
  // No method has a slash.
  m.isRequest = !startsWithIgnoringCase(line, w("SIP/"));
  if (m.isRequest) readRequestLine(m, line);
  else readStatusLine(m, line);
}

/** Request-Line = Method SP Request-URI SP SIP-Version */
function readRequestLine(m: Message, line: Slice): void {
  const first = indexOf(line, 32);
  let last = size(line) - 1;
  while (last > first && byteAt(line, last) != 32) last--;
  if (first < 0 || first == last) return m.note(ParseFault.BadStartLine, start(line));
  m.methodText = slice(start(line), first);
  m.method = methodOf(m.methodText);
  m.uri = slice(start(line) + first + 1, last - first - 1);
  const version = tail(line, last + 1);
  if (!isToken(m.methodText)) m.note(ParseFault.BadMethod, start(line));
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

function takeHeaders(m: Message): void {
  while (!takeEmptyLine()) {
    if (cursor == limit) return m.note(ParseFault.Truncated, cursor);
    if (m.count == MOST_ROWS) {
      m.note(ParseFault.TooManyHeaders, cursor);
      cursor = limit;
      return;
    }
    takeHeader(m);
  }
}

/** message-header = token HCOLON value, where HCOLON has no other byte than blanks before its colon. */
function takeHeader(m: Message): void {
  const from = cursor;
  const stop = takeLine(m, true);
  if (stop - from > LONGEST_HEADER) m.note(ParseFault.HeaderTooLong, from);
  const colon = findByte(from, stop, 0x3a);
  const h = headerAt(from, colon);
  if (h == Header.Other || colon == stop) return takeOtherHeader(m, from, stop);
  // Behind the one blank that everybody writes `trim` has mostly nothing to do.
  const behind = colon + 1 < stop && load<u8>(colon, 1) == 32 ? colon + 2 : colon + 1;
  m.add(h, between(from, colon), trim(between(behind, stop)));
}

/** One whose name is unknown, or has blanks behind it. */
function takeOtherHeader(m: Message, from: usize, stop: usize): void {
  const behindName = skip(from, stop, Class.Token);
  const colon = skipBlanks(behindName, stop);
  if (behindName == from || colon == stop || load<u8>(colon) != 0x3a) {
    return m.note(ParseFault.BadHeaderName, colon);
  }
  m.add(headerAt(from, behindName), between(from, behindName), trim(between(colon + 1, stop)));
}

// ---- body ----

/** What Content-Length says of the rest; all of it without one (§18.3). */
function takeBody(m: Message): void {
  m.body = between(cursor, limit);
  const first = m.find(Header.ContentLength);
  if (first < 0) return;
  const length = decimal(m.value(first), i32.MAX_VALUE);
  for (let i = first; i >= 0; i = m.find(Header.ContentLength, i + 1)) {
    if (length < 0 || decimal(m.value(i)) != length) {
      return m.note(ParseFault.BadContentLength, start(m.value(i)));
    }
  }
  if (length > size(m.body)) m.note(ParseFault.BodyTooShort, start(m.value(first)));
  else m.body = slice(start(m.body), <i32>length);
}

function checkBody(m: Message): void {
  if (size(m.body) > LONGEST_BODY) m.note(ParseFault.BodyTooLong, start(m.body));
}
