// Authentication-Info: what the server says of credentials that it took (RFC 3261 §20.6, RFC 7616 §3.5)

import { reserve } from "../bytes/arena";
import { EMPTY, equalsIgnoringCase, size, Slice, w } from "../bytes/slice";
import {
  beginParameters,
  nextParameter,
  openParameters,
  parameterName,
  parameterText,
  putPair,
  putQuotedPair,
} from "./auth-parameters";
import { Header } from "./header";
import { unquote } from "./parameters";
import { beginRow, endRow } from "./row";

/** Values without their quotes; EMPTY where there is none. */
@unmanaged
export class AuthenticationInfo {
  /** The nonce for the next request. */
  nextNonce: Slice;
  qop: Slice;
  /** With qop, the proof that the server knows the password too. */
  rspauth: Slice;
  cnonce: Slice;
  nc: Slice;
}

export function newAuthenticationInfo(): AuthenticationInfo {
  return changetype<AuthenticationInfo>(reserve(offsetof<AuthenticationInfo>()));
}

/** False with a broken parameter. */
export function parseAuthenticationInfo(value: Slice, out: AuthenticationInfo): bool {
  memory.fill(changetype<usize>(out), 0, offsetof<AuthenticationInfo>());
  openParameters(value);
  while (nextParameter()) {
    if (parameterText == EMPTY || size(parameterName) == 0) return false;
    takeInto(out, parameterName, unquote(parameterText));
  }
  return true;
}

export function putAuthenticationInfo(info: AuthenticationInfo): void {
  beginRow(Header.AuthenticationInfo);
  beginParameters();
  putQuotedPair(w("nextnonce"), info.nextNonce);
  putPair(w("qop"), info.qop);
  putQuotedPair(w("rspauth"), info.rspauth);
  putQuotedPair(w("cnonce"), info.cnonce);
  putPair(w("nc"), info.nc);
  endRow();
}

function takeInto(out: AuthenticationInfo, name: Slice, value: Slice): void {
  if (equalsIgnoringCase(name, w("nextnonce"))) out.nextNonce = value;
  else if (equalsIgnoringCase(name, w("qop"))) out.qop = value;
  else if (equalsIgnoringCase(name, w("rspauth"))) out.rspauth = value;
  else if (equalsIgnoringCase(name, w("cnonce"))) out.cnonce = value;
  else if (equalsIgnoringCase(name, w("nc"))) out.nc = value;
}
