// Authorization and Proxy-Authorization: scheme LWS name=value *( "," name=value )
// (RFC 3261 §20.7, §20.28, RFC 7616 §3.4)

import { reserve } from "../bytes/arena";
import { equalsIgnoringCase, isPresent, Slice, w } from "../bytes/slice";
import { put, putByte } from "../output/output";
import { beginParameters, openScheme, putPair, putQuotedPair, takeParameters } from "./auth-parameters";
import { Header } from "./header";
import { beginRow, endRow } from "./row";

/** In the order of `names`. Values without their quotes, escapes as they are; EMPTY where there is none. */
@unmanaged
export class Credentials {
  scheme: Slice;
  username: Slice;
  realm: Slice;
  nonce: Slice;
  uri: Slice;
  response: Slice;
  algorithm: Slice;
  cnonce: Slice;
  opaque: Slice;
  qop: Slice;
  /** The nonce count's eight digits. */
  nc: Slice;
  userhash: Slice;
}

export function newCredentials(): Credentials {
  return changetype<Credentials>(reserve(offsetof<Credentials>()));
}

/** False with a broken parameter, or without one that Digest can't do without. */
export function parseCredentials(value: Slice, out: Credentials): bool {
  memory.fill(changetype<usize>(out), 0, offsetof<Credentials>());
  out.scheme = openScheme(value);
  const fields = changetype<usize>(out) + offsetof<Credentials>("username");
  return takeParameters(fields, names()) && isComplete(out);
}

/** Header.Authorization or ProxyAuthorization. */
export function putCredentials(h: Header, c: Credentials): void {
  beginRow(h);
  put(c.scheme);
  putByte(32);
  beginParameters();
  putQuotedPair(w("username"), c.username);
  putQuotedPair(w("realm"), c.realm);
  putQuotedPair(w("nonce"), c.nonce);
  putQuotedPair(w("uri"), c.uri);
  putQuotedPair(w("response"), c.response);
  putPair(w("algorithm"), c.algorithm);
  putQuotedPair(w("cnonce"), c.cnonce);
  putQuotedPair(w("opaque"), c.opaque);
  putPair(w("qop"), c.qop);
  putPair(w("nc"), c.nc);
  putPair(w("userhash"), c.userhash);
  endRow();
}

/** The user name is the hash of itself and the realm (RFC 7616 §3.4.4). */
export function hasUserhash(c: Credentials): bool {
  return equalsIgnoringCase(c.userhash, w("true"));
}

function isComplete(c: Credentials): bool {
  return (
    equalsIgnoringCase(c.scheme, w("Digest")) &&
    isPresent(c.username) &&
    isPresent(c.realm) &&
    isPresent(c.nonce) &&
    isPresent(c.uri) &&
    isPresent(c.response)
  );
}

function names(): Slice {
  return w("username,realm,nonce,uri,response,algorithm,cnonce,opaque,qop,nc,userhash");
}
