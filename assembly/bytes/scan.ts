// Looking for a byte eight at a time, with plain integer operations: any runtime gains by it.

const ONES: u64 = 0x0101010101010101;
const HIGHS: u64 = 0x8080808080808080;

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
export function findControl(p: usize, stop: usize): usize {
  let q = p;
  for (; q + 8 <= stop; q += 8) {
    const bytes = load<u64>(q);
    const below = (bytes - 0x2020202020202020) & ~bytes & HIGHS;
    if (below) return q + <usize>(ctz(below) >>> 3);
  }
  while (q < stop && load<u8>(q) >= 32) q++;
  return q;
}
