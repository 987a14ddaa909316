// SHA-512/256 (FIPS 180-4 §5.3.6, §6.4), for one message at a time, in the form of sha256.ts: SHA-512 in 64-bit
// words from initial values of its own, cut to 256 bits. Plain SHA-512 cut short is another hash.

import { end, Slice, start } from "../bytes/slice";
import { beginBlocks, block, clearBlock, fillBlock, messageBits, padBlock } from "./message-blocks";

export const SHA512_256_BYTES: i32 = 32;

const BLOCK: u32 = 128;
/** Bytes of the schedule: 80 words. */
const SCHEDULE: usize = 640;

/** The first 64 bits behind the point of the cube roots of the first 80 primes (FIPS 180-4 §4.2.3). */
// prettier-ignore
export const ROUND_CONSTANTS = memory.data<u64>([
  0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
  0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
  0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
  0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
  0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
  0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
  0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
  0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
  0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
  0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
  0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
  0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
  0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
  0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
  0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
  0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
  0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
  0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
  0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
  0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
]);
// prettier-ignore
const INITIAL = memory.data<u64>([
  0x22312194fc2bf72c, 0x9f555fa3c84c64c2, 0x2393b86b6f53b151, 0x963877195940eabd,
  0x96283ee2a88effe3, 0xbe5e1e2553863992, 0x2b0199fc2c85b8aa, 0x0eb72ddc81c52ca2,
]);

const hash = memory.data(64, 8);
/** The eight working words a to h of a block. */
const working = memory.data(64, 8);
const schedule = memory.data(640, 8);

export function sha512256Begin(): void {
  memory.copy(hash, INITIAL, 64);
  beginBlocks(BLOCK);
}

export function sha512256Add(bytes: Slice): void {
  const stop = end(bytes);
  for (let p = fillBlock(start(bytes), stop); p; p = fillBlock(p, stop)) compress();
}

/** Writes the 32 bytes to `out`. */
export function sha512256End(out: usize): void {
  if (!padBlock()) {
    compress();
    clearBlock();
  }
  store<u64>(block, bswap(messageBits()), BLOCK - 8);
  compress();
  for (let i: usize = 0; i < 32; i += 8) store<u64>(out + i, bswap(load<u64>(hash + i)));
}

function compress(): void {
  expand();
  memory.copy(working, hash, 64);
  for (let t: usize = 0; t < SCHEDULE; t += 8)
    round(load<u64>(ROUND_CONSTANTS + t) + load<u64>(schedule + t));
  for (let i: usize = 0; i < 64; i += 8) store<u64>(hash + i, load<u64>(hash + i) + load<u64>(working + i));
}

/** The 80 words W of the block (FIPS 180-4 §6.4.2, step 1). */
function expand(): void {
  for (let t: usize = 0; t < BLOCK; t += 8) store<u64>(schedule + t, bswap(load<u64>(block + t)));
  for (let p = schedule + BLOCK; p < schedule + SCHEDULE; p += 8) {
    const w15 = load<u64>(p - 120);
    const w2 = load<u64>(p - 16);
    const s0 = rotr(w15, 1) ^ rotr(w15, 8) ^ (w15 >>> 7);
    const s1 = rotr(w2, 19) ^ rotr(w2, 61) ^ (w2 >>> 6);
    store<u64>(p, load<u64>(p - 128) + s0 + load<u64>(p - 56) + s1);
  }
}

/** One round (step 3): every word moves one place on, a and e are new. */
function round(constantAndWord: u64): void {
  const a = load<u64>(working);
  const b = load<u64>(working, 8);
  const c = load<u64>(working, 16);
  const e = load<u64>(working, 32);
  const choice = (e & load<u64>(working, 40)) ^ (~e & load<u64>(working, 48));
  const sumOfE = rotr(e, 14) ^ rotr(e, 18) ^ rotr(e, 41);
  const t1 = load<u64>(working, 56) + sumOfE + choice + constantAndWord;
  const t2 = (rotr(a, 28) ^ rotr(a, 34) ^ rotr(a, 39)) + ((a & b) ^ (a & c) ^ (b & c));
  memory.copy(working + 8, working, 56);
  store<u64>(working, load<u64>(working, 32) + t1, 32);
  store<u64>(working, t1 + t2);
}
