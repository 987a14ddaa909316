import { blocksInUse, keep, openBlocks, release } from "../../../assembly/bytes/blocks";
import { EMPTY, equals, isPresent, size, slice, Slice, start, w } from "../../../assembly/bytes/slice";
import { openTestArena } from "../support/arena";

describe("kept blocks", () => {
  beforeEach(() => {
    openTestArena();
    openBlocks(128 * 1024);
  });

  it("copies what it keeps", () => {
    const original = w("Via: SIP/2.0/UDP host");
    const kept = keep(original);
    expect(equals(kept, original)).toBe(true);
    expect(start(kept) != start(original)).toBe(true);
    release(kept);
    expect(blocksInUse()).toBe(0);
  });

  it("answers EMPTY when it is full, and is whole again after everything came back", () => {
    const big = slice(start(w("x")), 40000);
    const first = keep(big);
    const second = keep(big);
    expect(isPresent(second)).toBe(true);
    expect(keep(w("no room"))).toBe(EMPTY);
    release(first);
    const small = keep(w("room"));
    release(second);
    release(small);
    expect(blocksInUse()).toBe(0);
    expect(size(keep(slice(start(w("x")), 65536)))).toBe(65536);
    expect(size(keep(slice(start(w("x")), 65536)))).toBe(65536);
  });

  it("hands out whole eighths of a block of up to 8 KiB: the rest of it is there for others", () => {
    const first = keep(slice(start(w("x")), 4200));
    expect(blocksInUse()).toBe(5 * 1024);
    const rest = keep(slice(start(w("x")), 2048));
    expect(start(rest)).toBe(start(first) + 6 * 1024);
    release(first);
    release(rest);
    expect(blocksInUse()).toBe(0);
  });

  it("has no more than it was made with, where that is no whole number of the largest blocks", () => {
    openTestArena();
    openBlocks(72 * 1024);
    expect(isPresent(keep(slice(start(w("x")), 65536)))).toBe(true);
    const small = keep(slice(start(w("x")), 8192));
    expect(isPresent(small)).toBe(true);
    expect(keep(w("x"))).toBe(EMPTY);
    release(small);
    expect(isPresent(keep(w("x")))).toBe(true);
  });

  it("keeps nothing of nothing, and no more than a datagram", () => {
    expect(keep(EMPTY)).toBe(EMPTY);
    expect(keep(slice(start(w("x")), 65537))).toBe(EMPTY);
    release(EMPTY);
    expect(blocksInUse()).toBe(0);
  });

  it("never hands out the same byte twice", () => {
    let seed: u32 = 7;
    const kept = new StaticArray<u64>(64);
    for (let round = 0; round < 20000; round++) {
      seed = seed * 1664525 + 1013904223;
      const place = <i32>((seed >>> 8) & 63);
      const old = kept[place];
      if (isPresent(old)) {
        const stamp = <u8>place;
        assert(load<u8>(start(old)) == stamp && load<u8>(start(old) + size(old) - 1) == stamp);
        release(old);
        kept[place] = EMPTY;
      } else {
        const fresh = keep(slice(start(w("x")), 1 + <i32>((seed >>> 14) % 3000)));
        if (isPresent(fresh)) memory.fill(start(fresh), <u8>place, <usize>size(fresh));
        kept[place] = fresh;
      }
    }
    for (let place = 0; place < 64; place++) release(kept[place]);
    expect(blocksInUse()).toBe(0);
  });
});
