// Pools of long-lived objects, and the handles by which everybody else knows them.
//
// handle = kind (4 bits) | generation (10 bits) | index (17 bits): always positive as i32, so that a
// command can answer a handle or a negative status. A released object's generation moves on, and a
// handle that was kept too long finds nothing instead of somebody else.

import { reserve } from "../bytes/arena";

export const enum Kind {
  None = 0,
  Transaction = 1,
  Dialog = 2,
  Call = 3,
  Flow = 4,
  Query = 5,
  Search = 6,
  Registration = 7,
  Probe = 8,
  Stun = 9,
  Subscription = 10,
}

export const MOST_IN_POOL: u32 = 1 << 17;

/** What every pooled object begins with. */
@unmanaged
export class Pooled {
  handle: u32;
  /** Index + 1 of the next free one, while this one is free. */
  nextFree: u32;
  isUsed: bool;
}

// @ts-ignore: decorator
@inline
export function kindOf(handle: u32): Kind {
  return <Kind>((handle >>> 27) & 15);
}


@unmanaged
export class Pool<T> {
  kind: Kind;
  count: u32;
  used: u32;
  /** No place from here on was ever used: the last one given is the next one taken. */
  reached: u32;
  firstFree: u32;
  base: usize;

  /** Takes one out, with the fields that the last owner left; null when the pool is empty. */
  take(): T | null {
    if (this.firstFree == 0) return null;
    const place = this.firstFree;
    this.reached = max(this.reached, place);
    const object = this.at(place - 1);
    const pooled = changetype<Pooled>(object);
    this.firstFree = pooled.nextFree;
    pooled.isUsed = true;
    this.used++;
    return object;
  }

  give(object: T): void {
    const pooled = changetype<Pooled>(object);
    assert(pooled.isUsed);
    const index = pooled.handle & (MOST_IN_POOL - 1);
    const generation = ((pooled.handle >>> 17) + 1) & 1023;
    pooled.handle = ((<u32>this.kind) << 27) | (generation << 17) | index;
    pooled.isUsed = false;
    pooled.nextFree = this.firstFree;
    this.firstFree = index + 1;
    this.used--;
  }

  /** The object of that handle, or null if it is stale, or of another kind. */
  find(handle: u32): T | null {
    const index = handle & (MOST_IN_POOL - 1);
    if (index >= this.count) return null;
    const object = this.at(index);
    const pooled = changetype<Pooled>(object);
    return pooled.handle == handle && pooled.isUsed ? object : null;
  }

  /** The object at a place, used or not: to walk over all of them. */
  at(index: u32): T {
    return changetype<T>(this.base + <usize>index * <usize>offsetof<T>());
  }

  isUsed(index: u32): bool {
    return changetype<Pooled>(this.at(index)).isUsed;
  }
}

/** Makes a pool of `count` zeroed objects. */
export function openPool<T>(kind: Kind, count: u32): Pool<T> {
  return changetype<Pool<T>>(open(kind, count, offsetof<T>()));
}

/** One function for all pools: they differ by the size of their objects only. */
function open(kind: Kind, count: u32, bytes: usize): usize {
  assert(count <= MOST_IN_POOL);
  const pool = changetype<Pool<Pooled>>(reserve(offsetof<Pool<Pooled>>()));
  pool.kind = kind;
  pool.count = count;
  pool.base = reserve(<usize>count * bytes);
  for (let index = count; index > 0; index--) {
    const pooled = changetype<Pooled>(pool.base + <usize>(index - 1) * bytes);
    pooled.handle = ((<u32>kind) << 27) | (1 << 17) | (index - 1);
    pooled.nextFree = pool.firstFree;
    pool.firstFree = index;
  }
  return changetype<usize>(pool);
}
