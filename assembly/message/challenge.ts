// A challenge of WWW-Authenticate or Proxy-Authenticate (RFC 3261 §20.44, RFC 7616 §3.3), and the
// parameters of credentials, which have the same form: scheme LWS name=value *( "," name=value )

import { reserve } from "../bytes/arena";
import { between, EMPTY, end, equalsIgnoringCase, isBlank, size, Slice, start, w } from "../bytes/slice";
import { Class, skip, skipBlanks, skipQuoted } from "./grammar";
import { unquote } from "./parameters";

/** Values without their quotes, escapes as they are; EMPTY where there is none. */
@unmanaged
export class Challenge {
  scheme: Slice;
  realm: Slice;
  nonce: Slice;
  opaque: Slice;
  algorithm: Slice;
  qop: Slice;
  stale: bool;
}

let cursor: usize = 0;

export function newChallenge(): Challenge {
  return changetype<Challenge>(reserve(offsetof<Challenge>()));
}

/** False without a scheme or with a broken parameter. Missing commas are tolerated. */
export function parseChallenge(value: Slice, out: Challenge): bool {
  memory.fill(changetype<usize>(out), 0, offsetof<Challenge>());
  out.scheme = schemeOf(value);
  if (size(out.scheme) == 0) return false;
  const stop = end(value);
  cursor = end(out.scheme);
  while (skipSeparators(stop)) {
    const name = takeName(stop);
    const text = takeValue(stop);
    if (text == EMPTY || size(name) == 0) return false;
    takeInto(out, name, unquote(text));
  }
  return true;
}

/** The value of one parameter, without its quotes; EMPTY if there is none. */
export function credential(value: Slice, name: Slice): Slice {
  const stop = end(value);
  cursor = end(schemeOf(value));
  while (skipSeparators(stop)) {
    const found = takeName(stop);
    const text = takeValue(stop);
    if (text == EMPTY) return EMPTY;
    if (equalsIgnoringCase(found, name)) return unquote(text);
  }
  return EMPTY;
}

function schemeOf(value: Slice): Slice {
  return between(start(value), skip(start(value), end(value), Class.Token));
}

function takeInto(out: Challenge, name: Slice, value: Slice): void {
  if (equalsIgnoringCase(name, w("realm"))) out.realm = value;
  else if (equalsIgnoringCase(name, w("nonce"))) out.nonce = value;
  else if (equalsIgnoringCase(name, w("opaque"))) out.opaque = value;
  else if (equalsIgnoringCase(name, w("algorithm"))) out.algorithm = value;
  else if (equalsIgnoringCase(name, w("qop"))) out.qop = value;
  else if (equalsIgnoringCase(name, w("stale"))) out.stale = equalsIgnoringCase(value, w("true"));
}

/** True if something follows. */
function skipSeparators(stop: usize): bool {
  while (cursor < stop && (load<u8>(cursor) == 0x2c || isBlank(load<u8>(cursor)))) cursor++;
  return cursor < stop;
}

function takeName(stop: usize): Slice {
  const from = cursor;
  cursor = skip(from, stop, Class.Token);
  return between(from, cursor);
}

/** A `=` and a quoted string or unquoted text behind it; EMPTY if they are not there. */
function takeValue(stop: usize): Slice {
  const equal = skipBlanks(cursor, stop);
  if (equal == stop || load<u8>(equal) != 0x3d) return EMPTY;
  const from = skipBlanks(equal + 1, stop);
  const isQuoted = from < stop && load<u8>(from) == 0x22;
  cursor = isQuoted ? skipQuoted(from, stop) : unquotedEnd(from, stop);
  return cursor ? between(from, cursor) : EMPTY;
}

/** Up to a blank or comma: more than a token, because base64 comes without quotes too. */
function unquotedEnd(from: usize, stop: usize): usize {
  let p = from;
  while (p < stop && load<u8>(p) != 0x2c && !isBlank(load<u8>(p))) p++;
  return p;
}
