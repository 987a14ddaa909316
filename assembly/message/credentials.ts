// Authorization and Proxy-Authorization: scheme LWS name=value *( "," name=value )
// (RFC 3261 §20.7, §20.28, RFC 7616 §3.4)

import { reserve } from "../bytes/arena";
import { EMPTY, equalsIgnoringCase, isPresent, size, Slice, w } from "../bytes/slice";
import { put, putByte } from "../output/output";
import {
  beginParameters,
  nextParameter,
  openScheme,
  parameterName,
  parameterText,
  putPair,
  putQuotedPair,
} from "./auth-parameters";
import { Header } from "./header";
import { unquote } from "./parameters";
import { beginRow, endRow } from "./row";

/** Values without their quotes, escapes as they are; EMPTY where there is none. */
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
  while (nextParameter()) {
    if (parameterText == EMPTY || size(parameterName) == 0) return false;
    const field = fieldOf(parameterName);
    if (field >= 0) store<u64>(changetype<usize>(out) + <usize>field, unquote(parameterText));
  }
  return isComplete(out);
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

/** Where the value of that parameter goes in Credentials; -1 for one that is not known. */
function fieldOf(name: Slice): i32 {
  if (equalsIgnoringCase(name, w("username"))) return <i32>offsetof<Credentials>("username");
  if (equalsIgnoringCase(name, w("realm"))) return <i32>offsetof<Credentials>("realm");
  if (equalsIgnoringCase(name, w("nonce"))) return <i32>offsetof<Credentials>("nonce");
  if (equalsIgnoringCase(name, w("uri"))) return <i32>offsetof<Credentials>("uri");
  if (equalsIgnoringCase(name, w("response"))) return <i32>offsetof<Credentials>("response");
  if (equalsIgnoringCase(name, w("algorithm"))) return <i32>offsetof<Credentials>("algorithm");
  if (equalsIgnoringCase(name, w("cnonce"))) return <i32>offsetof<Credentials>("cnonce");
  if (equalsIgnoringCase(name, w("opaque"))) return <i32>offsetof<Credentials>("opaque");
  if (equalsIgnoringCase(name, w("qop"))) return <i32>offsetof<Credentials>("qop");
  if (equalsIgnoringCase(name, w("nc"))) return <i32>offsetof<Credentials>("nc");
  return equalsIgnoringCase(name, w("userhash")) ? <i32>offsetof<Credentials>("userhash") : -1;
}
