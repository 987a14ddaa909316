// MD5 (RFC 1321), for one message at a time, in the form of sha256.ts.
//
// Only because digest authentication still asks for it (RFC 8760 §2.1 keeps it for old servers).

import { end, Slice, start } from "../bytes/slice";
import { beginBlocks, block, clearBlock, fillBlock, messageBits, padBlock } from "./message-blocks";

export const MD5_BYTES: i32 = 16;

const BLOCK: u32 = 64;

// prettier-ignore
const SINES = memory.data<u32>([
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
  0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
  0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
  0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
  0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
  0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
  0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
  0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
]);
const INITIAL = memory.data<u32>([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]);
/** Four rotations for each of the four rounds. */
const ROTATIONS = memory.data<u8>([7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]);

const hash = memory.data(16, 4);

export function md5Begin(): void {
  memory.copy(hash, INITIAL, 16);
  beginBlocks(BLOCK);
}

export function md5Add(bytes: Slice): void {
  const stop = end(bytes);
  for (let p = fillBlock(start(bytes), stop); p; p = fillBlock(p, stop)) compress();
}

/** Writes the 16 bytes to `out`. */
export function md5End(out: usize): void {
  if (!padBlock()) {
    compress();
    clearBlock();
  }
  store<u64>(block, messageBits(), BLOCK - 8);
  compress();
  memory.copy(out, hash, 16);
}

function compress(): void {
  let a = load<u32>(hash);
  let b = load<u32>(hash, 4);
  let c = load<u32>(hash, 8);
  let d = load<u32>(hash, 12);
  for (let i: u32 = 0; i < 64; i++) {
    const sum =
      a + mixed(i >>> 4, b, c, d) + load<u32>(SINES + (i << 2)) + load<u32>(block + (wordOf(i) << 2));
    a = d;
    d = c;
    c = b;
    b += rotl(sum, <u32>load<u8>(ROTATIONS + (((i >>> 4) << 2) | (i & 3))));
  }
  accumulate(0, a);
  accumulate(4, b);
  accumulate(8, c);
  accumulate(12, d);
}

/** The functions F, G, H, I of RFC 1321 §3.4. */
function mixed(round: u32, b: u32, c: u32, d: u32): u32 {
  if (round == 0) return (b & c) | (~b & d);
  if (round == 1) return (d & b) | (~d & c);
  if (round == 2) return b ^ c ^ d;
  return c ^ (b | ~d);
}

/** Which of the sixteen words step `i` takes. */
function wordOf(i: u32): u32 {
  const round = i >>> 4;
  if (round == 0) return i & 15;
  if (round == 1) return (5 * i + 1) & 15;
  if (round == 2) return (3 * i + 5) & 15;
  return (7 * i) & 15;
}

function accumulate(offset: usize, value: u32): void {
  store<u32>(hash + offset, load<u32>(hash + offset) + value);
}
