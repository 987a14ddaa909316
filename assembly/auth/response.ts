// The response of digest authentication (RFC 7616 §3.4.1; without qop RFC 2617 §3.2.2.1, as RFC 2069 had it).
//
//   A1       = user : realm : password
//   A2       = method : uri
//   response = H( H(A1) : nonce [: nc : cnonce : qop] : H(A2) )

import { end, size, slice, Slice, start, w } from "../bytes/slice";
import { Challenge } from "../message/challenge";
import { hexDigit, putHex } from "../output/output";
import { Algorithm, algorithmOf, hashAdd, hashBegin, hashEnd, LONGEST_DIGEST } from "./algorithm";

const hashOfA1 = memory.data(LONGEST_DIGEST);
const hashOfA2 = memory.data(LONGEST_DIGEST);
const pair = memory.data(2);

/**
 * Writes the hexadecimal digits of the response. `count`: the 8 digits of nc. With an empty `cnonce` it
 * is the response without qop; else qop is auth.
 */
export function putResponse(
  challenge: Challenge,
  method: Slice,
  uri: Slice,
  user: Slice,
  password: Slice,
  cnonce: Slice,
  count: Slice,
): void {
  const algorithm = algorithmOf(challenge.algorithm);
  const a1 = digestOfA1(algorithm, challenge, user, password);
  const a2 = digestOfA2(algorithm, method, uri);
  hashBegin(algorithm);
  addHex(a1);
  addColon();
  addUnescaped(challenge.nonce);
  if (size(cnonce)) addProtection(count, cnonce);
  addColon();
  addHex(a2);
  putHex(hashEnd(hashOfA1));
}

function digestOfA1(algorithm: Algorithm, challenge: Challenge, user: Slice, password: Slice): Slice {
  hashBegin(algorithm);
  hashAdd(user);
  addColon();
  addUnescaped(challenge.realm);
  addColon();
  hashAdd(password);
  return hashEnd(hashOfA1);
}

function digestOfA2(algorithm: Algorithm, method: Slice, uri: Slice): Slice {
  hashBegin(algorithm);
  hashAdd(method);
  addColon();
  hashAdd(uri);
  return hashEnd(hashOfA2);
}

/** What qop puts between the nonce and H(A2). */
function addProtection(count: Slice, cnonce: Slice): void {
  addColon();
  hashAdd(count);
  addColon();
  hashAdd(cnonce);
  hashAdd(w(":auth"));
}

function addColon(): void {
  hashAdd(w(":"));
}

function addHex(digest: Slice): void {
  const stop = end(digest);
  for (let p = start(digest); p < stop; p++) {
    store<u8>(pair, hexDigit(load<u8>(p) >>> 4));
    store<u8>(pair, hexDigit(load<u8>(p) & 15), 1);
    hashAdd(slice(pair, 2));
  }
}

/** The inside of a quoted string is hashed without its backslashes: unq() of RFC 7616 §3.4.1. */
function addUnescaped(quoted: Slice): void {
  const stop = end(quoted);
  for (let p = start(quoted); p < stop; p++) {
    if (load<u8>(p) == 0x5c && p + 1 < stop) p++;
    hashAdd(slice(p, 1));
  }
}
