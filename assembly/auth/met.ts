// The challenges that the requests of one owner have met, one for each realm: several proxies on the way may
// each want credentials of their own (RFC 3261 §22.3).
//
// They are kept as one piece of bytes: row = isProxy u8, tries u8, length u16, nonce count u32, cnonce, value.

import { putToken } from "../crypto/random";
import { end, equals, slice, Slice, start } from "../bytes/slice";
import { Challenge, parseChallenge } from "../message/challenge";
import { putChallengeValue } from "../message/put-challenge";
import { mark, putByte } from "../output/output";

const TRIES: usize = 1;
const LENGTH: usize = 2;
const COUNT: usize = 4;
const CNONCE: usize = 8;
/** Random bytes of a cnonce; written with two digits each. */
const CNONCE_BYTES: i32 = 8;
const HEAD: i32 = 24;

/** Writes a row for a challenge whose nonce was not used yet. */
export function putRow(challenge: Challenge, isProxy: bool, tries: i32): void {
  const row = mark();
  for (let i: usize = 0; i < CNONCE; i++) putByte(0);
  putToken(CNONCE_BYTES);
  putChallengeValue(challenge);
  const length = <i32>(mark() - row) - HEAD;
  // No room was left; the whole piece comes to nothing.
  if (length <= 0) return;
  store<u8>(row, <u8>isProxy);
  store<u8>(row, tries, TRIES);
  store<u16>(row, length, LENGTH);
}

/** The row of a realm, which `known` is read from then; 0 for none. */
export function findRow(rows: Slice, isProxy: bool, realm: Slice, known: Challenge): usize {
  for (let row = start(rows); row < end(rows); row = behind(row)) {
    if (isOfProxy(row) == isProxy && readRow(row, known) && equals(known.realm, realm)) return row;
  }
  return 0;
}

export function readRow(row: usize, out: Challenge): bool {
  return parseChallenge(slice(row + HEAD, load<u16>(row, LENGTH)), out);
}

/** All of the row. */
export function wholeRow(row: usize): Slice {
  return slice(row, HEAD + load<u16>(row, LENGTH));
}

/** Where the row behind this one is, or would be. */
export function behind(row: usize): usize {
  return end(wholeRow(row));
}

export function isOfProxy(row: usize): bool {
  return load<u8>(row) != 0;
}

/** How often its realm challenged the request that is open. */
export function triesOf(row: usize): i32 {
  return load<u8>(row, TRIES);
}

export function setTries(row: usize, tries: i32): void {
  store<u8>(row, tries, TRIES);
}

/** The same for all requests with its nonce: a session's key hangs on it (RFC 7616 §3.4.2). */
export function cnonceOf(row: usize): Slice {
  return slice(row + CNONCE, CNONCE_BYTES * 2);
}

/** How often its nonce is used with the request that is being written, this time included. */
export function countUse(row: usize, uses: u32 = 1): u32 {
  const count = load<u32>(row, COUNT) + uses;
  store<u32>(row, count, COUNT);
  return count;
}
