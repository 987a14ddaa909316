// The challenges that one call has met, one for each realm: several proxies on the way may each want
// credentials of their own (RFC 3261 §22.3).
//
// They are kept as one piece of bytes: row = isProxy u8, tries u8, length u16, nonce count u32, value.

import { keep, release } from "../bytes/blocks";
import { EMPTY, end, equals, isPresent, size, slice, Slice, start } from "../bytes/slice";
import { Challenge, parseChallenge } from "../message/challenge";
import { mark, put, putByte, rewind, written } from "../output/output";
import { mayRetry } from "./attempt";

const TRIES: usize = 1;
const LENGTH: usize = 2;
const COUNT: usize = 4;
const HEAD: i32 = 8;

/**
 * Takes in a challenge; one that its realm sent before makes room. Answers the rows to keep from now on
 * in place of `rows`, or EMPTY, with nothing changed, if the request is not worth sending again.
 * `isFirst`: nothing has challenged this request before. `scratch` is written over.
 */
export function meetChallenge(
  rows: Slice,
  value: Slice,
  isProxy: bool,
  isFirst: bool,
  scratch: Challenge,
): Slice {
  if (!parseChallenge(value, scratch) || size(value) > 0xffff) return EMPTY;
  const realm = scratch.realm;
  const nonce = scratch.nonce;
  const isStale = scratch.stale;
  const from = mark();
  let tries: i32 = 0;
  for (let row = start(rows); row < end(rows); row = behind(row)) {
    if (isFirst) store<u8>(row, 0, TRIES);
    if (
      isOfProxy(row) != isProxy ||
      !parseChallenge(valueOf(row), scratch) ||
      !equals(scratch.realm, realm)
    ) {
      put(slice(row, HEAD + size(valueOf(row))));
      continue;
    }
    tries = load<u8>(row, TRIES);
    if (mayRetry(tries, isStale, equals(scratch.nonce, nonce))) continue;
    rewind(from);
    return EMPTY;
  }
  putRow(value, isProxy, tries + 1);
  const kept = keep(written(from));
  rewind(from);
  if (isPresent(kept)) release(rows);
  return kept;
}

function putRow(value: Slice, isProxy: bool, tries: i32): void {
  putByte(<u8>isProxy);
  putByte(<u8>tries);
  putByte(<u8>size(value));
  putByte(<u8>(size(value) >> 8));
  for (let i = 0; i < 4; i++) putByte(0);
  put(value);
}

/** Where the row behind this one is, or would be. */
export function behind(row: usize): usize {
  return end(valueOf(row));
}

export function valueOf(row: usize): Slice {
  return slice(row + HEAD, load<u16>(row, LENGTH));
}

export function isOfProxy(row: usize): bool {
  return load<u8>(row) != 0;
}

/** How often its nonce is used with the request that is being written, this time included. */
export function countUse(row: usize): u32 {
  const count = load<u32>(row, COUNT) + 1;
  store<u32>(row, count, COUNT);
  return count;
}
