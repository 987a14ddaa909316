import { arenaTop, growTo, openArena, reserve } from "../../../assembly/bytes/arena";

const place: usize = heap.alloc(4096);

describe("the arena", () => {
  beforeEach(() => {
    memory.fill(place, 0xff, 4096);
    openArena(place + 1);
  });

  it("begins at a multiple of 8", () => {
    expect(arenaTop() & 7).toBe(0);
    expect(arenaTop() > place).toBe(true);
  });

  it("hands out zeroed bytes, one behind the other, at multiples of 8", () => {
    const first = reserve(3);
    const second = reserve(16);
    expect(second).toBe(first + 8);
    expect(arenaTop()).toBe(second + 16);
    for (let i: usize = 0; i < 16; i++) assert(load<u8>(second + i) == 0);
    expect(load<u8>(first)).toBe(0);
    expect(load<u8>(first + 2)).toBe(0);
    expect(load<u8>(second + 16)).toBe(0xff);
  });

  it("hands out nothing for nothing", () => {
    const before = arenaTop();
    expect(reserve(0)).toBe(before);
    expect(arenaTop()).toBe(before);
  });

  it("grows memory up to an address and no further", () => {
    const pages = memory.size();
    growTo(1);
    growTo((<usize>pages) << 16);
    expect(memory.size()).toBe(pages);
    growTo(((<usize>pages) << 16) + 1);
    expect(memory.size()).toBe(pages + 1);
    growTo(((<usize>pages) << 16) + 0x10000);
    expect(memory.size()).toBe(pages + 1);
  });
});
