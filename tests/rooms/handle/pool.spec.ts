import { Kind, kindOf, MOST_IN_POOL, openPool, Pool, Pooled } from "../../../assembly/handle/pool";
import { openTestArena } from "../support/arena";


@unmanaged
class Thing extends Pooled {
  value: u64;
}

const COUNT: u32 = 5;
const GENERATIONS: i32 = 1024;

let pool = changetype<Pool<Thing>>(<usize>0);

function take(): Thing {
  const thing = pool.take();
  assert(thing != null);
  return thing!;
}

describe("a pool", () => {
  beforeEach(() => {
    openTestArena();
    pool = openPool<Thing>(Kind.Call, COUNT);
  });

  it("hands out each object once, then none", () => {
    const first = take();
    for (let i: u32 = 1; i < COUNT; i++) expect(take() != first).toBe(true);
    expect(pool.used).toBe(COUNT);
    expect(pool.take() == null).toBe(true);
    expect(pool.used).toBe(COUNT);
  });

  it("is full again after everything came back", () => {
    for (let round = 0; round < 3; round++) {
      for (let i: u32 = 0; i < COUNT; i++) take();
      for (let i: u32 = 0; i < COUNT; i++) pool.give(pool.at(i));
      expect(pool.used).toBe(0);
    }
    expect(take() != null).toBe(true);
  });

  it("hands out again what came back last", () => {
    const first = take();
    const second = take();
    pool.give(first);
    expect(take() == first).toBe(true);
    expect(second.isUsed).toBe(true);
  });

  it("makes handles that are positive and say their kind", () => {
    for (let i: u32 = 0; i < COUNT; i++) {
      const handle = take().handle;
      expect(<i32>handle > 0).toBe(true);
      expect(kindOf(handle)).toBe(Kind.Call);
    }
    const queries = openPool<Thing>(Kind.Query, 1);
    expect(<i32>queries.at(0).handle > 0).toBe(true);
  });

  it("finds an object by its handle while it is used", () => {
    const thing = take();
    const handle = thing.handle;
    expect(pool.find(handle) == thing).toBe(true);
    pool.give(thing);
    expect(pool.find(handle) == null).toBe(true);
    expect(pool.find(thing.handle) == null).toBe(true);
    expect(take() == thing).toBe(true);
    expect(pool.find(handle) == null).toBe(true);
    expect(pool.find(thing.handle) == thing).toBe(true);
  });

  it("refuses handles of another kind, of no object and none at all", () => {
    const handle = take().handle;
    expect(pool.find(0) == null).toBe(true);
    expect(pool.find(<u32>-1) == null).toBe(true);
    expect(pool.find(handle ^ (1 << 27)) == null).toBe(true);
    expect(pool.find(handle | COUNT) == null).toBe(true);
    expect(pool.find(handle | (MOST_IN_POOL - 1)) == null).toBe(true);
    expect(pool.find(handle | (1 << 31)) == null).toBe(true);
  });

  it("counts generations round, and keeps kind and index", () => {
    const thing = take();
    const first = thing.handle;
    for (let i = 1; i < GENERATIONS; i++) {
      pool.give(thing);
      assert(take() == thing);
      assert(thing.handle != first && pool.find(first) == null);
      assert(kindOf(thing.handle) == Kind.Call && (thing.handle & (MOST_IN_POOL - 1)) == 0);
      assert(<i32>thing.handle > 0);
    }
    pool.give(thing);
    expect(take().handle).toBe(first);
  });

  it("walks over all, used or not, and leaves their fields alone", () => {
    const thing = take();
    thing.value = 42;
    expect(pool.isUsed(0)).toBe(true);
    expect(pool.isUsed(1)).toBe(false);
    expect(pool.at(0) == thing).toBe(true);
    pool.give(thing);
    expect(pool.isUsed(0)).toBe(false);
    expect(take().value).toBe(42);
  });

  it("takes nothing back twice", () => {
    pool.give(take());
    expect(() => {
      pool.give(pool.at(0));
    }).toThrow();
  });

  it("may be of none", () => {
    const none = openPool<Thing>(Kind.Flow, 0);
    expect(none.take() == null).toBe(true);
    expect(none.find(((<u32>Kind.Flow) << 27) | (1 << 17)) == null).toBe(true);
  });
});
