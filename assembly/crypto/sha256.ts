// SHA-256 (FIPS 180-4), for one message at a time: sha256Begin, sha256Add as often as wanted, sha256End.
//
// Loops over tables instead of unrolled rounds: the phone hashes a few hundred bytes a minute, and every
// kilobyte of code travels with it.

import { end, Slice, start } from "../bytes/slice";
import { beginBlocks, block, clearBlock, fillBlock, messageBits, padBlock } from "./message-blocks";
import { ROUND_CONSTANTS } from "./sha512-256";

export const SHA256_BYTES: i32 = 32;

const BLOCK: u32 = 64;

// prettier-ignore
const INITIAL = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

const hash = memory.data(32, 4);
/** The eight working words a to h of a block. */
const working = memory.data(32, 4);
const schedule = memory.data(256, 4);

export function sha256Begin(): void {
  memory.copy(hash, INITIAL, 32);
  beginBlocks(BLOCK);
}

export function sha256Add(bytes: Slice): void {
  const stop = end(bytes);
  for (let p = fillBlock(start(bytes), stop); p; p = fillBlock(p, stop)) compress();
}

/** Writes the 32 bytes to `out`. */
export function sha256End(out: usize): void {
  if (!padBlock()) {
    compress();
    clearBlock();
  }
  store<u64>(block, bswap(messageBits()), BLOCK - 8);
  compress();
  for (let i: usize = 0; i < 32; i += 4) store<u32>(out + i, bswap(load<u32>(hash + i)));
}

function compress(): void {
  expand();
  memory.copy(working, hash, 32);
  for (let t: usize = 0; t < 256; t += 4) round(constantAt(t) + load<u32>(schedule + t));
  for (let i: usize = 0; i < 32; i += 4) store<u32>(hash + i, load<u32>(hash + i) + load<u32>(working + i));
}

/** Of round t / 4: the upper half of what SHA-512 has there (FIPS 180-4 §4.2.2, §4.2.3). */
function constantAt(t: usize): u32 {
  return load<u32>(ROUND_CONSTANTS + (t << 1), 4);
}

/** The 64 words W of the block (FIPS 180-4 §6.2.2, step 1). */
function expand(): void {
  for (let t: usize = 0; t < 64; t += 4) store<u32>(schedule + t, bswap(load<u32>(block + t)));
  for (let p = schedule + 64; p < schedule + 256; p += 4) {
    const w15 = load<u32>(p - 60);
    const w2 = load<u32>(p - 8);
    const s0 = rotr(w15, 7) ^ rotr(w15, 18) ^ (w15 >>> 3);
    const s1 = rotr(w2, 17) ^ rotr(w2, 19) ^ (w2 >>> 10);
    store<u32>(p, load<u32>(p - 64) + s0 + load<u32>(p - 28) + s1);
  }
}

/** One round (step 3): every word moves one place on, a and e are new. */
function round(constantAndWord: u32): void {
  const a = load<u32>(working);
  const b = load<u32>(working, 4);
  const c = load<u32>(working, 8);
  const e = load<u32>(working, 16);
  const choice = (e & load<u32>(working, 20)) ^ (~e & load<u32>(working, 24));
  const sumOfE = rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25);
  const t1 = load<u32>(working, 28) + sumOfE + choice + constantAndWord;
  const t2 = (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
  memory.copy(working + 4, working, 28);
  store<u32>(working, load<u32>(working, 16) + t1, 16);
  store<u32>(working, t1 + t2);
}
