// Looking for a byte eight at a time, with plain integer operations: any runtime gains by it.

/** Each byte 1, and each byte 128: a zero byte in x has its high bit set in (x - ONES) & ~x & HIGHS, the lowest one exactly. */
export const ONES: u64 = 0x0101010101010101;
export const HIGHS: u64 = 0x8080808080808080;

/** Address of the first such byte at or after p, or stop. Reads nothing behind stop. */
export function findByte(p: usize, stop: usize, byte: u8): usize {
  const wanted = <u64>byte * ONES;
  let q = p;
  for (; q + 8 <= stop; q += 8) {
    const differs = load<u64>(q) ^ wanted;
    // Borrows reach only upwards: the lowest flag is exact.
    const same = (differs - ONES) & ~differs & HIGHS;
    if (same) return q + <usize>(ctz(same) >>> 3);
  }
  if (q > p && q < stop) return findInLast(stop, wanted);
  while (q < stop && load<u8>(q) != byte) q++;
  return q;
}

/** The same in the last eight bytes, of which those that were looked at before are none. */
function findInLast(stop: usize, wanted: u64): usize {
  const differs = load<u64>(stop - 8) ^ wanted;
  const same = (differs - ONES) & ~differs & HIGHS;
  return same ? stop - 8 + <usize>(ctz(same) >>> 3) : stop;
}

/** Address of the first byte below 32 at or after p, or stop. */
// @ts-ignore: decorator
@inline
export function findControl(p: usize, stop: usize): usize {
  return findBelow(p, stop, 32);
}

/** Address of the first byte below 33 at or after p, or stop. */
export function findBlank(p: usize, stop: usize): usize {
  return findBelow(p, stop, 33);
}

/** Of 1 to 128. */
// @ts-ignore: decorator
@inline
function findBelow(p: usize, stop: usize, least: u8): usize {
  let q = p;
  for (; q + 16 <= stop; q += 16) {
    const low = load<u64>(q);
    const high = load<u64>(q, 8);
    // Bytes from 128 on may pass for small ones here, and are told apart below.
    if (((low - <u64>least * ONES) | (high - <u64>least * ONES)) & HIGHS) {
      const belowLow = (low - <u64>least * ONES) & ~low & HIGHS;
      if (belowLow) return q + <usize>(ctz(belowLow) >>> 3);
      const belowHigh = (high - <u64>least * ONES) & ~high & HIGHS;
      if (belowHigh) return q + 8 + <usize>(ctz(belowHigh) >>> 3);
    }
  }
  while (q < stop && load<u8>(q) >= least) q++;
  return q;
}
