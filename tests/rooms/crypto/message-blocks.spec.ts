// Messages in blocks of 64 bytes (MD5, SHA-256) and of 128 (SHA-512): where they end, and what pads them.

import { end, slice, Slice, start, w } from "../../../assembly/bytes/slice";
import {
  beginBlocks,
  block,
  clearBlock,
  fillBlock,
  messageBits,
  padBlock,
} from "../../../assembly/crypto/message-blocks";
import { pattern } from "../support/pattern";

/** How many blocks the bytes fill. */
function add(bytes: Slice): i32 {
  let n = 0;
  const stop = end(bytes);
  for (let p = fillBlock(start(bytes), stop); p; p = fillBlock(p, stop)) n++;
  return n;
}

/** The block of so many bytes holds the mark there, and zeros from there to its end. */
function isPadded(mark: i32, bytes: i32): bool {
  if (load<u8>(block + mark) != 0x80) return false;
  for (let i = mark + 1; i < bytes; i++) {
    if (load<u8>(block + i)) return false;
  }
  return true;
}

describe("the blocks of a message", () => {
  it("are full in the middle of a piece, and at its end", () => {
    beginBlocks(64);
    expect(add(pattern(63))).toBe(0);
    expect(add(w("a"))).toBe(1);
    expect(add(w(""))).toBe(0);
    expect(add(pattern(64))).toBe(1);
    expect(add(pattern(200))).toBe(3);
    expect(messageBits()).toBe((64 + 64 + 200) * 8);
  });

  it("hold the bytes in order", () => {
    const bytes = pattern(128);
    beginBlocks(128);
    expect(add(slice(start(bytes), 100))).toBe(0);
    expect(add(slice(start(bytes) + 100, 28))).toBe(1);
    expect(memory.compare(block, start(bytes), 128)).toBe(0);
  });

  it("leave room for 8 bytes of length in 64 (FIPS 180-4 §5.1.1)", () => {
    beginBlocks(64);
    add(pattern(55));
    expect(padBlock()).toBe(true);
    expect(isPadded(55, 64)).toBe(true);
    beginBlocks(64);
    add(pattern(56));
    expect(padBlock()).toBe(false);
    expect(isPadded(56, 64)).toBe(true);
  });

  it("leave room for 16 bytes of length in 128 (FIPS 180-4 §5.1.2)", () => {
    beginBlocks(128);
    add(pattern(128 + 111));
    expect(padBlock()).toBe(true);
    expect(isPadded(111, 128)).toBe(true);
    beginBlocks(128);
    add(pattern(128 + 112));
    expect(padBlock()).toBe(false);
    expect(isPadded(112, 128)).toBe(true);
    clearBlock();
    expect(load<u64>(block)).toBe(0);
    expect(load<u64>(block + 120)).toBe(0);
  });

  it("begin a new one for the mark behind a full block", () => {
    beginBlocks(64);
    expect(add(pattern(64))).toBe(1);
    expect(padBlock()).toBe(true);
    expect(isPadded(0, 64)).toBe(true);
  });
});
