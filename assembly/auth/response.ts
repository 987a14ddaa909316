// The response of digest authentication (RFC 7616 §3.4.1; without qop RFC 2617 §3.2.2.1, as RFC 2069 had it).
//
//   A1       = user : realm : password                        with -sess: H(A1) : nonce : cnonce
//   A2       = method : uri                                   with auth-int: [: H(body)]
//   response = H( H(A1) : nonce [: nc : cnonce : qop] : H(A2) )
//
// With an empty method it is the rspauth by which a server proves itself (RFC 7616 §3.5).

import { EMPTY, end, isPresent, slice, Slice, start, w } from "../bytes/slice";
import { Challenge } from "../message/challenge";
import { hexDigit, putHex } from "../output/output";
import { Algorithm, algorithmOf, hashAdd, hashBegin, hashEnd, isSession, LONGEST_DIGEST } from "./algorithm";
import { Proof } from "./proof";
import { Protection, protectionName, protectionOf } from "./protection";

const BACKSLASH: u8 = 0x5c;

const hashOfA1 = memory.data(LONGEST_DIGEST);
const hashOfA2 = memory.data(LONGEST_DIGEST);
const pair = memory.data(2);

/** Writes the hexadecimal digits of the response. */
export function putResponse(challenge: Challenge, proof: Proof): void {
  const algorithm = algorithmOf(challenge.algorithm);
  const protection = protectionOf(challenge.qop);
  const a1 = digestOfA1(algorithm, challenge, proof);
  const a2 = digestOfA2(algorithm, protection, proof);
  hashBegin(algorithm);
  addHex(a1);
  addColon();
  addUnescaped(challenge.nonce);
  if (protection != Protection.None) addProtection(protection, proof);
  addColon();
  addHex(a2);
  putHex(hashEnd(hashOfA1));
}

/** Writes the hexadecimal digits of the hash that stands for the user's name (RFC 7616 §3.4.4). */
export function putUserHash(challenge: Challenge, proof: Proof): void {
  hashBegin(algorithmOf(challenge.algorithm));
  addUserAndRealm(challenge, proof);
  putHex(hashEnd(hashOfA1));
}

function digestOfA1(algorithm: Algorithm, challenge: Challenge, proof: Proof): Slice {
  hashBegin(algorithm);
  addUserAndRealm(challenge, proof);
  addColon();
  hashAdd(proof.password);
  const digest = hashEnd(hashOfA1);
  if (!isSession(challenge.algorithm)) return digest;
  hashBegin(algorithm);
  addHex(digest);
  addColon();
  addUnescaped(challenge.nonce);
  addColon();
  hashAdd(proof.cnonce);
  return hashEnd(hashOfA1);
}

function digestOfA2(algorithm: Algorithm, protection: Protection, proof: Proof): Slice {
  const bodyDigest = protection == Protection.AuthInt ? digestOfBody(algorithm, proof) : EMPTY;
  hashBegin(algorithm);
  hashAdd(proof.method);
  addColon();
  hashAdd(proof.uri);
  if (isPresent(bodyDigest)) {
    addColon();
    addHex(bodyDigest);
  }
  return hashEnd(hashOfA2);
}

function digestOfBody(algorithm: Algorithm, proof: Proof): Slice {
  hashBegin(algorithm);
  hashAdd(proof.body);
  return hashEnd(hashOfA2);
}

function addUserAndRealm(challenge: Challenge, proof: Proof): void {
  hashAdd(proof.user);
  addColon();
  addUnescaped(challenge.realm);
}

/** What qop puts between the nonce and H(A2). */
function addProtection(protection: Protection, proof: Proof): void {
  addColon();
  hashAdd(proof.count);
  addColon();
  hashAdd(proof.cnonce);
  addColon();
  hashAdd(protectionName(protection));
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
    if (load<u8>(p) == BACKSLASH && p + 1 < stop) p++;
    hashAdd(slice(p, 1));
  }
}
