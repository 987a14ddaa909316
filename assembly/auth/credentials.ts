// Credentials: the one line with which a request answers a challenge (RFC 3261 §22.2, §22.3; RFC 7616 §3.4).
//
// What the challenge says is written back as it came, escapes included; our own user is escaped here.

import { equalsIgnoringCase, isPresent, Slice, w } from "../bytes/slice";
import { Challenge } from "../message/challenge";
import { putQuoted, putQuotedAgain } from "../message/quoted";
import { put, putByte, putLine } from "../output/output";
import { Algorithm, algorithmOf, isSession } from "./algorithm";
import { Proof } from "./proof";
import { Protection, protectionName, protectionOf } from "./protection";
import { putResponse, putUserHash } from "./response";

const QUOTE: u8 = 0x22;

/** Digest, with an algorithm that we know, and with a qop that we know or none. */
export function isAnswerable(challenge: Challenge): bool {
  return (
    equalsIgnoringCase(challenge.scheme, w("Digest")) &&
    algorithmOf(challenge.algorithm) != Algorithm.Unknown &&
    isPresent(challenge.realm) &&
    isPresent(challenge.nonce) &&
    protectionOf(challenge.qop) != Protection.Unknown
  );
}

/** Writes `Authorization: Digest ...` CRLF, or the line for a proxy; the challenge is answerable. */
export function writeCredentials(challenge: Challenge, isProxy: bool, proof: Proof): void {
  if (isProxy) put(w("Proxy-"));
  put(w("Authorization: Digest username="));
  putUser(challenge, proof);
  putAgain(w(", realm="), challenge.realm);
  putAgain(w(", nonce="), challenge.nonce);
  putAgain(w(", uri="), proof.uri);
  putProtection(challenge, proof);
  put(w(', response="'));
  putResponse(challenge, proof);
  putByte(QUOTE);
  if (isPresent(challenge.algorithm)) {
    put(w(", algorithm="));
    put(challenge.algorithm);
  }
  if (isPresent(challenge.opaque)) putAgain(w(", opaque="), challenge.opaque);
  if (challenge.userhash) put(w(", userhash=true"));
  putLine();
}

function putUser(challenge: Challenge, proof: Proof): void {
  if (!challenge.userhash) return putQuoted(proof.user);
  putByte(QUOTE);
  putUserHash(challenge, proof);
  putByte(QUOTE);
}

/** A cnonce without qop is forbidden (RFC 3261 §22.4, 8); but a session's response can't be checked without it. */
function putProtection(challenge: Challenge, proof: Proof): void {
  const protection = protectionOf(challenge.qop);
  if (protection != Protection.None) {
    put(w(", qop="));
    put(protectionName(protection));
    put(w(", nc="));
    put(proof.count);
  } else if (!isSession(challenge.algorithm)) return;
  putAgain(w(", cnonce="), proof.cnonce);
}

/** What the challenge had in quotes, or without, in quotes again. */
function putAgain(name: Slice, inside: Slice): void {
  put(name);
  putQuotedAgain(inside);
}
