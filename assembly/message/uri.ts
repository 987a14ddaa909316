// SIP, SIPS and tel URIs (RFC 3261 §19.1, RFC 3966); of any other only the scheme's name is looked at.

import { reserve } from "../bytes/arena";
import {
  between,
  byteAt,
  end,
  equalsIgnoringCase,
  indexOf,
  isPresent,
  lower,
  size,
  slice,
  Slice,
  start,
  tail,
  w,
} from "../bytes/slice";
import { isEscape } from "./escapes";
import { allOf, before, Class } from "./grammar";
import { hostLength, portOf } from "./host";
import { parameter } from "./parameters";

export { sameUri, sameUser } from "./same-uri";

export const enum Scheme {
  Unknown = 0,
  Sip = 1,
  Sips = 2,
  Tel = 3,
}

/** All slices are raw: escapes, brackets of IPv6 and letter case as they stand. */
@unmanaged
export class Uri {
  whole: Slice;
  /** EMPTY without one; the number of a tel URI. */
  user: Slice;
  password: Slice;
  host: Slice;
  /** With the `;` in front. */
  params: Slice;
  /** Without the `?`; present, of size 0, for a bare one. */
  headers: Slice;
  /** 0 if none is written. */
  port: i32;
  scheme: Scheme;
}

export function newUri(): Uri {
  return changetype<Uri>(reserve(offsetof<Uri>()));
}

/** What may stand in a Request-URI: headers may not (RFC 3261 §19.1.1, table 1). */
export function withoutHeaders(u: Uri): Slice {
  return isPresent(u.headers) ? between(start(u.whole), start(u.headers) - 1) : u.whole;
}

/** False for what is no URI. One of an unknown scheme is: it has `whole` and nothing else. */
export function parseUri(s: Slice, out: Uri): bool {
  memory.fill(changetype<usize>(out), 0, offsetof<Uri>());
  out.whole = s;
  const colon = indexOf(s, 0x3a);
  if (colon <= 0 || colon == size(s) - 1 || !isClean(s)) return false;
  const scheme = slice(start(s), colon);
  const rest = tail(s, colon + 1);
  out.scheme = schemeOf(scheme);
  if (out.scheme == Scheme.Unknown) return isSchemeName(scheme);
  return out.scheme == Scheme.Tel ? parseTel(rest, out) : parseSip(rest, out);
}

/** As `parameter` of header fields. */
export function uriParameter(u: Uri, name: Slice): Slice {
  return parameter(u.params, name);
}

/** No blanks, controls, quotes or angle brackets, and no broken escape. */
function isClean(s: Slice): bool {
  const stop = end(s);
  for (let p = start(s); p < stop; p++) {
    const byte = load<u8>(p);
    if (byte <= 32 || byte == 127 || byte == 0x22 || byte == 0x3c || byte == 0x3e) return false;
    if (byte == 0x25 && !isEscape(p, stop)) return false;
  }
  return true;
}

function schemeOf(name: Slice): Scheme {
  if (equalsIgnoringCase(name, w("sip"))) return Scheme.Sip;
  if (equalsIgnoringCase(name, w("sips"))) return Scheme.Sips;
  return equalsIgnoringCase(name, w("tel")) ? Scheme.Tel : Scheme.Unknown;
}

/** scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) */
function isSchemeName(name: Slice): bool {
  const first = lower(byteAt(name, 0));
  return first >= 97 && first <= 122 && allOf(name, Class.Scheme);
}

/** [ user [ ":" password ] "@" ] host [ ":" port ] *( ";" param ) [ "?" headers ] */
function parseSip(rest: Slice, out: Uri): bool {
  let s = rest;
  const at = indexOf(s, 0x40);
  if (at >= 0) {
    if (!takeUserInfo(slice(start(s), at), out)) return false;
    s = tail(s, at + 1);
  }
  const question = indexOf(s, 0x3f);
  if (question >= 0) {
    out.headers = tail(s, question + 1);
    s = slice(start(s), question);
  }
  s = takeParameters(s, out);
  const n = hostLength(s);
  out.host = slice(start(s), n);
  out.port = portOf(tail(s, n));
  return n > 0 && out.port >= 0 && allOf(out.headers, Class.Component);
}

function takeUserInfo(s: Slice, out: Uri): bool {
  out.user = before(s, 0x3a);
  if (size(out.user) != size(s)) out.password = tail(s, size(out.user) + 1);
  return size(out.user) > 0 && allOf(out.user, Class.User) && allOf(out.password, Class.User);
}

/** What stands in front of the parameters; all of it, to be refused as a host, if they are bad. */
function takeParameters(s: Slice, out: Uri): Slice {
  const front = before(s, 0x3b);
  if (size(front) == size(s)) return s;
  out.params = tail(s, size(front));
  return allOf(out.params, Class.Parameter) ? front : s;
}

function parseTel(rest: Slice, out: Uri): bool {
  out.user = takeParameters(rest, out);
  return size(out.user) > 0 && allOf(out.user, Class.Phone);
}
