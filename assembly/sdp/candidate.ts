// a=candidate: one address at which a stream may be reached (RFC 8839 §5.1), and the ice-ufrag and ice-pwd
// that prove whose it is (§5.4)

import { reserve } from "../bytes/arena";
import { between, decimal, EMPTY, end, equals, isDigit, lower, size, Slice, start, w } from "../bytes/slice";
import { put, putByte, putNumber } from "../output/output";
import { isToken } from "../message/grammar";
import { firstWord, rest } from "./lines";
import { beginAttribute, endAttribute, putWord } from "./put-attribute";


@unmanaged
export class Candidate {
  foundation: Slice;
  /** `UDP`, `TCP` ... as written. */
  transport: Slice;
  /** An address, or the name that hides it. */
  address: Slice;
  /** `host`, `srflx`, `prflx`, `relay`. */
  type: Slice;
  /** EMPTY without one. */
  relatedAddress: Slice;
  /** What follows, as it stands: names and values. */
  extensions: Slice;
  priority: i64;
  component: i32;
  port: i32;
  /** -1 without one. */
  relatedPort: i32;
}

export function newCandidate(): Candidate {
  return changetype<Candidate>(reserve(offsetof<Candidate>()));
}

/** The attribute's value. */
export function parseCandidate(value: Slice, out: Candidate): bool {
  out.foundation = firstWord(value);
  out.component = <i32>decimal(firstWord(rest), 256);
  out.transport = firstWord(rest);
  out.priority = decimal(firstWord(rest), i32.MAX_VALUE);
  out.address = firstWord(rest);
  out.port = <i32>decimal(firstWord(rest), 65535);
  takeOptions(value, out);
  return (
    isIceText(out.foundation, 1, 32) &&
    out.component > 0 &&
    isToken(out.transport) &&
    out.priority > 0 &&
    size(out.address) > 0 &&
    out.port >= 0 &&
    isToken(out.type)
  );
}

export function putCandidate(c: Candidate): void {
  beginAttribute(w("candidate"));
  put(c.foundation);
  putNumberWord(c.component);
  putWord(c.transport);
  putNumberWord(c.priority);
  putWord(c.address);
  putNumberWord(c.port);
  put(w(" typ"));
  putWord(c.type);
  if (size(c.relatedAddress) > 0) {
    put(w(" raddr"));
    putWord(c.relatedAddress);
  }
  if (c.relatedPort >= 0) {
    put(w(" rport"));
    putNumberWord(c.relatedPort);
  }
  putWord(c.extensions);
  endAttribute();
}

/** ice-ufrag = 4*256ice-char */
export function isIceUser(s: Slice): bool {
  return isIceText(s, 4, 256);
}

/** ice-pwd = 22*256ice-char */
export function isIcePassword(s: Slice): bool {
  return isIceText(s, 22, 256);
}

/** `typ`, `raddr` and `rport` with their values; from the first other name on everything is extension. */
function takeOptions(value: Slice, out: Candidate): void {
  out.type = EMPTY;
  out.relatedAddress = EMPTY;
  out.relatedPort = -1;
  out.extensions = EMPTY;
  while (size(rest) > 0) {
    const name = firstWord(rest);
    if (equals(name, w("typ"))) out.type = firstWord(rest);
    else if (equals(name, w("raddr"))) out.relatedAddress = firstWord(rest);
    else if (equals(name, w("rport"))) out.relatedPort = <i32>decimal(firstWord(rest), 65535);
    else {
      out.extensions = between(start(name), end(value));
      return;
    }
  }
}

function putNumberWord(number: i64): void {
  putByte(32);
  putNumber(number);
}

/** ice-char = ALPHA / DIGIT / "+" / "/" */
function isIceText(s: Slice, least: i32, most: i32): bool {
  for (let p = start(s); p < end(s); p++) {
    const byte = load<u8>(p);
    if (!isDigit(byte) && lower(byte) - 97 > 25 && byte != 0x2b && byte != 0x2f) return false;
  }
  return size(s) >= least && size(s) <= most;
}
