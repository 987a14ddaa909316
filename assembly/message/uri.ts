// SIP, SIPS and tel URIs (RFC 3261 §19.1, RFC 3966); of any other only the scheme's name is looked at.

import { MOST_PARAMETERS } from "./valued";
import { reserve } from "../bytes/arena";
import { findByte } from "../bytes/scan";
import { between, EMPTY, end, isPresent, lower, Slice, start } from "../bytes/slice";
import { isEscape, skipEscaped } from "./escapes";
import { Class, skip } from "./grammar";
import { skipHost, takenPort, takePort } from "./host";
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

  /** Stores cost less than a call of memory.fill. */
  clear(): void {
    this.user = EMPTY;
    this.password = EMPTY;
    this.host = EMPTY;
    this.params = EMPTY;
    this.headers = EMPTY;
    this.port = 0;
  }
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
  const p = start(s);
  const stop = end(s);
  out.clear();
  out.whole = s;
  out.scheme = schemeAt(p, stop);
  if (out.scheme == Scheme.Sip) return parseSip(p + 4, stop, out);
  if (out.scheme == Scheme.Sips) return parseSip(p + 5, stop, out);
  return out.scheme == Scheme.Tel ? parseTel(p + 4, stop, out) : isOtherUri(p, stop);
}

/** As `parameter` of header fields. */
export function uriParameter(u: Uri, name: Slice): Slice {
  return parameter(u.params, name);
}

/** Which of the known ones, with its colon and something behind, begins at p. Setting bit 5 makes letters small. */
function schemeAt(p: usize, stop: usize): Scheme {
  if (p + 4 >= stop) return Scheme.Unknown;
  const four = load<u32>(p);
  if ((four | 0x202020) == 0x3a706973) return Scheme.Sip; // "sip:"
  if ((four | 0x202020) == 0x3a6c6574) return Scheme.Tel; // "tel:"
  const isSips = (four | 0x20202020) == 0x73706973 && load<u8>(p, 4) == 0x3a && p + 5 < stop;
  return isSips ? Scheme.Sips : Scheme.Unknown;
}

/** scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ), and a scheme's colon with something behind it. */
function isOtherUri(p: usize, stop: usize): bool {
  const colon = skip(p, stop, Class.Scheme);
  if (colon == p || colon + 1 >= stop || load<u8>(colon) != 0x3a) return false;
  const first = lower(load<u8>(p));
  return first >= 97 && first <= 122 && isClean(colon, stop);
}

/** No blanks, controls, quotes or angle brackets, and no broken escape. */
function isClean(p: usize, stop: usize): bool {
  for (; p < stop; p++) {
    const byte = load<u8>(p);
    if (byte <= 32 || byte == 127 || byte == 0x22 || byte == 0x3c || byte == 0x3e) return false;
    if (byte == 0x25 && !isEscape(p, stop)) return false;
  }
  return true;
}

/** [ user [ ":" password ] "@" ] host [ ":" port ] *( ";" param ) [ "?" headers ] */
function parseSip(p: usize, stop: usize, out: Uri): bool {
  const at = findByte(p, stop, 0x40);
  if (at < stop) {
    if (!takeUserInfo(p, at, out)) return false;
    p = at + 1;
  }
  const behindHost = skipHost(p, stop);
  if (behindHost == p) return false;
  out.host = between(p, behindHost);
  p = behindHost;
  if (p < stop && load<u8>(p) == 0x3a) {
    p = takePort(p + 1, stop);
    if (p == 0) return false;
    out.port = takenPort;
  }
  p = takeParameters(p, stop, out);
  if (p == 0) return false;
  if (p == stop) return true;
  out.headers = between(p + 1, stop);
  return load<u8>(p) == 0x3f && skipEscaped(p + 1, stop, Class.Component) == stop;
}

function takeUserInfo(p: usize, at: usize, out: Uri): bool {
  const behindUser = skipEscaped(p, at, Class.User);
  out.user = between(p, behindUser);
  if (behindUser == p || behindUser == at) return behindUser == at && at > p;
  out.password = between(behindUser + 1, at);
  return load<u8>(behindUser) == 0x3a && skipEscaped(behindUser + 1, at, Class.User) == at;
}

/** Address behind the parameters that begin at p, or p; 0 if there are more than anybody needs. */
function takeParameters(p: usize, stop: usize, out: Uri): usize {
  if (p == stop || load<u8>(p) != 0x3b) return p;
  const behind = skipEscaped(p, stop, Class.Parameter);
  out.params = between(p, behind);
  return behind - p > <usize>MOST_PARAMETERS && count(p, behind, 0x3b) > MOST_PARAMETERS ? 0 : behind;
}

function count(p: usize, stop: usize, byte: u8): i32 {
  let n = 0;
  for (; p < stop; p++) {
    if (load<u8>(p) == byte) n++;
  }
  return n;
}

function parseTel(p: usize, stop: usize, out: Uri): bool {
  const behind = skip(p, stop, Class.Phone);
  out.user = between(p, behind);
  return behind > p && takeParameters(behind, stop, out) == stop;
}
