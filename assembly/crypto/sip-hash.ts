// SipHash-2-4 (Aumasson and Bernstein): a short keyed hash, so that nobody who does not know the key can
// choose Call-IDs or branches that all fall into one place of a table.

import { size, Slice, start } from "../bytes/slice";

let key0: u64 = 0;
let key1: u64 = 0;
let v0: u64 = 0;
let v1: u64 = 0;
let v2: u64 = 0;
let v3: u64 = 0;

/** The key: 16 bytes at `address`. Whatever was hashed before means nothing afterwards. */
export function keySipHash(address: usize): void {
  key0 = load<u64>(address);
  key1 = load<u64>(address, 8);
}

/** `into`: the hash of the pieces before this one, so that several can be hashed as one. */
export function sipHash(bytes: Slice, into: u64 = 0): u64 {
  begin();
  if (into) absorb(into);
  const n = size(bytes);
  const stop = start(bytes) + <usize>(n & ~7);
  for (let p = start(bytes); p < stop; p += 8) absorb(load<u64>(p));
  absorb(lastWord(stop, n));
  v2 ^= 0xff;
  for (let i = 0; i < 4; i++) round();
  return v0 ^ v1 ^ v2 ^ v3;
}

function begin(): void {
  v0 = key0 ^ 0x736f6d6570736575;
  v1 = key1 ^ 0x646f72616e646f6d;
  v2 = key0 ^ 0x6c7967656e657261;
  v3 = key1 ^ 0x7465646279746573;
}

function absorb(word: u64): void {
  v3 ^= word;
  round();
  round();
  v0 ^= word;
}

/** The bytes that fill no word, one by one (nothing is read behind them), and the size on top. */
function lastWord(at: usize, n: i32): u64 {
  let word = (<u64>n) << 56;
  for (let i = 0; i < (n & 7); i++) word |= (<u64>load<u8>(at + <usize>i)) << ((<u64>i) << 3);
  return word;
}

function round(): void {
  v0 += v1;
  v1 = rotl(v1, 13) ^ v0;
  v0 = rotl(v0, 32);
  v2 += v3;
  v3 = rotl(v3, 16) ^ v2;
  v0 += v3;
  v3 = rotl(v3, 21) ^ v0;
  v2 += v1;
  v1 = rotl(v1, 17) ^ v2;
  v2 = rotl(v2, 32);
}
