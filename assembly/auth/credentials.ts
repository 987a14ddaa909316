// Credentials: the one line with which a request answers a challenge (RFC 3261 §22.2, §22.3; RFC 7616 §3.4).
//
// What the challenge says is written back as it came, escapes included; our own user is escaped here.

import {
  equalsIgnoringCase,
  indexOf,
  isPresent,
  size,
  slice,
  Slice,
  start,
  tail,
  trim,
  w,
} from "../bytes/slice";
import { putToken } from "../crypto/random";
import { Challenge } from "../message/challenge";
import { putQuoted, putQuotedAgain } from "../message/quoted";
import { mark, put, putByte, putHex, putLine, written } from "../output/output";
import { Algorithm, algorithmOf } from "./algorithm";
import { putResponse } from "./response";

const CNONCE_BYTES: i32 = 8;
const COMMA: u8 = 0x2c;
const QUOTE: u8 = 0x22;

const counted = memory.data(4, 4);

/** Digest, with an algorithm that we know, and either without qop or with one that offers auth. */
export function isAnswerable(challenge: Challenge): bool {
  return (
    equalsIgnoringCase(challenge.scheme, w("Digest")) &&
    algorithmOf(challenge.algorithm) != Algorithm.Unknown &&
    isPresent(challenge.realm) &&
    isPresent(challenge.nonce) &&
    (size(challenge.qop) == 0 || offersAuth(challenge.qop))
  );
}

/**
 * Writes `Authorization: Digest ...` CRLF, or the line for a proxy. `nonceCount` says, from 1, how often
 * this nonce was used. False, and nothing written, for a challenge that can't be answered.
 */
export function writeCredentials(
  challenge: Challenge,
  isProxy: bool,
  method: Slice,
  uri: Slice,
  user: Slice,
  password: Slice,
  nonceCount: u32,
): bool {
  if (!isAnswerable(challenge)) return false;
  if (isProxy) put(w("Proxy-"));
  put(w("Authorization: Digest username="));
  putQuoted(user);
  putAgain(w(", realm="), challenge.realm);
  putAgain(w(", nonce="), challenge.nonce);
  putAgain(w(", uri="), uri);
  putProof(challenge, method, uri, user, password, nonceCount);
  if (isPresent(challenge.algorithm)) {
    put(w(", algorithm="));
    put(challenge.algorithm);
  }
  if (isPresent(challenge.opaque)) putAgain(w(", opaque="), challenge.opaque);
  putLine();
  return true;
}

/** The response, and in front of it what qop adds. A cnonce without qop is forbidden (RFC 3261 §22.4, 8). */
function putProof(
  challenge: Challenge,
  method: Slice,
  uri: Slice,
  user: Slice,
  password: Slice,
  nonceCount: u32,
): void {
  let count: Slice = 0;
  let cnonce: Slice = 0;
  if (size(challenge.qop)) {
    put(w(", qop=auth, nc="));
    count = putCount(nonceCount);
    put(w(', cnonce="'));
    cnonce = putCnonce();
    putByte(QUOTE);
  }
  put(w(', response="'));
  putResponse(challenge, method, uri, user, password, cnonce, count);
  putByte(QUOTE);
}

/** nc-value = 8LHEX; answers it where it stands in the line. */
function putCount(nonceCount: u32): Slice {
  const from = mark();
  store<u32>(counted, bswap(nonceCount));
  putHex(slice(counted, 4));
  return written(from);
}

function putCnonce(): Slice {
  const from = mark();
  putToken(CNONCE_BYTES);
  return written(from);
}

/** What the challenge had in quotes, or without, in quotes again. */
function putAgain(name: Slice, inside: Slice): void {
  put(name);
  putQuotedAgain(inside);
}

/** "auth,auth-int" offers auth, "auth-int" alone does not. */
function offersAuth(qop: Slice): bool {
  let rest = qop;
  let comma = indexOf(rest, COMMA);
  while (comma >= 0) {
    if (isAuth(slice(start(rest), comma))) return true;
    rest = tail(rest, comma + 1);
    comma = indexOf(rest, COMMA);
  }
  return isAuth(rest);
}

function isAuth(option: Slice): bool {
  return equalsIgnoringCase(trim(option), w("auth"));
}
