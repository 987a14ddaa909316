// SIP, SIPS and tel URIs (RFC 3261 §19.1, RFC 3966); of any other only the scheme's name is looked at.

import { MOST_PARAMETERS } from "./valued";
import { reserve } from "../bytes/arena";
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
  const behind = takeUri(start(s), end(s), out);
  return behind != 0 && behind == end(s);
}

/** Takes the URI that begins at p: the address of the first byte that can't belong to it, or 0 if there is none. */
export function takeUri(p: usize, stop: usize, out: Uri): usize {
  out.clear();
  out.scheme = schemeAt(p, stop);
  let behind: usize = 0;
  if (out.scheme == Scheme.Unknown) behind = takeOtherUri(p, stop);
  else if (out.scheme == Scheme.Tel) behind = takeTel(p + 4, stop, out);
  else behind = takeSip(p + (out.scheme == Scheme.Sip ? 4 : 5), stop, out);
  out.whole = between(p, behind);
  return behind;
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
function takeOtherUri(p: usize, stop: usize): usize {
  const colon = skip(p, stop, Class.Scheme);
  if (colon == p || colon + 1 >= stop || load<u8>(colon) != 0x3a) return 0;
  const first = lower(load<u8>(p));
  const behind = skipClean(colon, stop);
  return first >= 97 && first <= 122 && behind > colon + 1 ? behind : 0;
}

/** Address of the first blank, control byte, quote, angle bracket or broken escape, or stop. */
function skipClean(p: usize, stop: usize): usize {
  for (; p < stop; p++) {
    const byte = load<u8>(p);
    if (byte <= 32 || byte == 127 || byte == 0x22 || byte == 0x3c || byte == 0x3e) return p;
    if (byte == 0x25 && !isEscape(p, stop)) return p;
  }
  return p;
}

/** [ user [ ":" password ] "@" ] host [ ":" port ] *( ";" param ) [ "?" headers ] */
function takeSip(p: usize, stop: usize, out: Uri): usize {
  // Most users are made of what hosts are made of; where the "@" does not follow, it may still come.
  const behindName = skip(p, stop, Class.Host);
  if (behindName < stop && behindName > p && load<u8>(behindName) == 0x40) {
    out.user = between(p, behindName);
    p = behindName + 1;
  } else p = takeUserInfo(p, behindName, stop, out);
  const behindHost = skipHost(p, stop);
  if (behindHost == p) return 0;
  out.host = between(p, behindHost);
  p = behindHost;
  if (p < stop && load<u8>(p) == 0x3a) {
    p = takePort(p + 1, stop);
    if (p == 0) return 0;
    out.port = takenPort;
  }
  if (p < stop && load<u8>(p) == 0x3b) p = takeParameters(p, stop, out);
  if (p == 0 || p == stop || load<u8>(p) != 0x3f) return p;
  const behindHeaders = skipEscaped(p + 1, stop, Class.Component);
  out.headers = between(p + 1, behindHeaders);
  return behindHeaders;
}

/** Address behind the "@" of the user, of whom the bytes up to q are known; p if there is none. */
function takeUserInfo(p: usize, q: usize, stop: usize, out: Uri): usize {
  const behindUser = skipEscaped(q, stop, Class.User);
  if (behindUser == p || behindUser == stop) return p;
  let at = behindUser;
  if (load<u8>(behindUser) == 0x3a) at = skipEscaped(behindUser + 1, stop, Class.User);
  if (at == stop || load<u8>(at) != 0x40) return p;
  out.user = between(p, behindUser);
  if (at > behindUser) out.password = between(behindUser + 1, at);
  return at + 1;
}

/** Address behind the parameters that begin at p; 0 if there are more than anybody needs. */
function takeParameters(p: usize, stop: usize, out: Uri): usize {
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

function takeTel(p: usize, stop: usize, out: Uri): usize {
  const behind = skip(p, stop, Class.Phone);
  out.user = between(p, behind);
  if (behind == p) return 0;
  return behind < stop && load<u8>(behind) == 0x3b ? takeParameters(behind, stop, out) : behind;
}
