// A message cut into the blocks of a hash, the last one padded: RFC 1321 §3.1 and §3.2, FIPS 180-4 §5.1 and §5.2.
//
// One message at a time, whatever its hash. Each hash has its own compress(), to be called with every full block:
//
//   beginBlocks(64);
//   for (let p = fillBlock(start(bytes), stop); p; p = fillBlock(p, stop)) compress();
//   if (!padBlock()) { compress(); clearBlock(); }
//   store<u64>(block, messageBits(), 56); compress();

/** Room for the blocks of SHA-512; those of MD5 and SHA-256 have 64 bytes. */
const LONGEST_BLOCK: i32 = 128;

/** The block at hand. */
export const block: usize = memory.data(LONGEST_BLOCK, 8);

/** A power of two. */
let blockBytes: u32 = 0;
let length: u64 = 0;

/** A new message, in blocks of 64 or 128 bytes. */
export function beginBlocks(bytes: u32): void {
  blockBytes = bytes;
  length = 0;
}

/** Takes bytes from p on. The address behind them when the block is full; 0 when there are no more. */
export function fillBlock(p: usize, stop: usize): usize {
  const place = filled();
  const taken = min(<u32>(stop - p), blockBytes - place);
  memory.copy(block + place, p, taken);
  length += taken;
  return place + taken == blockBytes ? p + taken : 0;
}

/**
 * Ends the message with a one bit, and zeros to the end of the block. False if the length, an eighth of a block,
 * has no room left there: it stands in a block of its own.
 */
export function padBlock(): bool {
  const place = filled();
  store<u8>(block + place, 0x80);
  memory.fill(block + place + 1, 0, blockBytes - place - 1);
  return place < blockBytes - (blockBytes >>> 3);
}

export function clearBlock(): void {
  memory.fill(block, 0, blockBytes);
}

/** Length of the message in bits. It stands in the last eight bytes; what SHA-512 has before them is 0. */
export function messageBits(): u64 {
  return length << 3;
}

function filled(): u32 {
  return (<u32>length) & (blockBytes - 1);
}
