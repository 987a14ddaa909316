// Keys of media (RFC 4568 §6.1): of each call its own, and none of them is kept.
//
// A key is SHA-256(secret || the words that name it), so the same words give it again. Wherever one of them, or the
// secret, stands in memory there is `inline:` before it: by that a host finds what it must not store (docs/abi.md).

import { slice, Slice, start, w } from "../bytes/slice";
import { mark, put, putByte, rewind } from "../output/output";
import { addState } from "./random";
import { sha256Add, sha256Begin, sha256End } from "./sha256";

/** Master key and salt of AES_CM_128, a multiple of three. */
const KEY_BYTES: usize = 30;
const WRITTEN_BYTES: i32 = 7 + 40;

const secret = memory.data(WRITTEN_BYTES);
const words = memory.data(9, 8);
const key = memory.data(32, 4);

/** Mixes more entropy into the secret, and what the other seeds have left. All keys are others from then on. */
export function seedKeys(seed: Slice): void {
  sha256Begin();
  addState();
  sha256Add(seed);
  sha256Add(slice(secret, WRITTEN_BYTES));
  const from = mark();
  putDigest();
  memory.copy(secret, from, WRITTEN_BYTES);
  rewind(from);
}

/** Writes `inline:` and 40 digits of base64. Of no two names and suites the same. */
export function putMediaKey(name: u64, suite: u8): void {
  // A recording shows stars, and replays with them.
  if (load<u8>(secret, WRITTEN_BYTES - 1) == 0x2a) return put(slice(secret, WRITTEN_BYTES));
  store<u64>(words, name);
  store<u8>(words, suite, 8);
  sha256Begin();
  sha256Add(slice(secret, WRITTEN_BYTES));
  sha256Add(slice(words, 9));
  putDigest();
}

function putDigest(): void {
  sha256End(key);
  // In two: whatever text of ours stood behind the mark in memory would be taken for a key.
  put(w("inline"));
  putByte(0x3a);
  for (let p = key; p < key + KEY_BYTES; p += 3) {
    const three = bswap(load<u32>(p));
    for (let shift = 26; shift > 2; shift -= 6) putDigit((three >>> shift) & 63);
  }
  // Nothing of it stays behind, not in the tables of the hash either.
  sha256Begin();
  sha256End(key);
}

function putDigit(value: u32): void {
  putByte(
    load<u8>(start(w("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")) + <usize>value),
  );
}
