// Authentication-Info: what the server says of credentials that it took (RFC 3261 §20.6, RFC 7616 §3.5)

import { reserve } from "../bytes/arena";
import { Slice, w } from "../bytes/slice";
import { beginParameters, openParameters, putPair, putQuotedPair, takeParameters } from "./auth-parameters";
import { Header } from "./header";
import { beginRow, endRow } from "./row";

/** In the order in which they are read. Values without their quotes; EMPTY where there is none. */
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
  return takeParameters(changetype<usize>(out), w("nextnonce,qop,rspauth,cnonce,nc"));
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
