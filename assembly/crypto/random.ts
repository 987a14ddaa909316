// Unpredictable numbers, the same ones for the same seed: tags, branches, Call-IDs, cnonces and glare waits.
//
// The n-th draw is SHA-256(state || n) with the 32 secret bytes of the state; more entropy goes in as
// SHA-256(state || seed). RFC 3261 §19.3 asks for at least 32 bits of cryptographic randomness in a tag.

import { slice, Slice } from "../bytes/slice";
import { putHex } from "../output/output";
import { sha256Add, sha256Begin, SHA256_BYTES, sha256End } from "./sha256";
import { keySipHash } from "./sip-hash";

/** The state, and behind it the number of the next draw: hashed together, as they lie. */
const state = memory.data(40, 8);
const drawn = memory.data(32, 8);
let isSeeded: bool = false;

/** Forgets every seed. */
export function openRandom(): void {
  memory.fill(state, 0, 40);
  isSeeded = false;
}

/** Mixes in more entropy; the first call should bring 32 bytes, and it keys the hash of the tables too. */
export function seedRandom(seed: Slice): void {
  sha256Begin();
  addState();
  sha256Add(seed);
  sha256End(state);
  if (isSeeded) return;
  isSeeded = true;
  draw();
  keySipHash(drawn);
}

/** Adds the secret state to the hash that was begun. */
export function addState(): void {
  sha256Add(slice(state, SHA256_BYTES));
}

export function randomBits(): u32 {
  draw();
  return load<u32>(drawn);
}

/** A number from 0 up to, not including, `n`; 0 when `n` is 0. */
export function randomBelow(n: u32): u32 {
  return <u32>((<u64>randomBits() * <u64>n) >>> 32);
}

/** Writes 2 * `bytes` hexadecimal digits of fresh randomness; at most 32 bytes. */
export function putToken(bytes: i32): void {
  assert(bytes <= SHA256_BYTES);
  draw();
  putHex(slice(drawn, bytes));
}

function draw(): void {
  sha256Begin();
  sha256Add(slice(state, 40));
  sha256End(drawn);
  store<u64>(state, load<u64>(state, 32) + 1, 32);
}
