// Kept bytes: copies that outlive a call (RFC messages awaiting retransmission, dialog lines, SDP).
//
// A buddy allocator over one region of the arena. Blocks are 64 << order bytes, order 0..10, so the
// largest is 64 KiB: a whole datagram. A free block holds its two list links; one byte for every 64
// says `order + 1` where a free block begins and 0 elsewhere. Both operations cost at most 10 steps.

import { EMPTY, isPresent, size, slice, Slice, start } from "./slice";
import { reserve } from "./arena";

const SMALLEST_SHIFT: u32 = 6;
const ORDERS: u32 = 11;
const LARGEST: u32 = 1 << (SMALLEST_SHIFT + ORDERS - 1);

let region: usize = 0;
let marks: usize = 0;
let heads: usize = 0; // u32 for each order: address of the first free block, 0 for none
let inUse: u32 = 0;

/** Makes the region, rounded up to whole 64 KiB blocks. */
export function openBlocks(bytes: u32): void {
  const largeBlocks = (bytes + LARGEST - 1) / LARGEST;
  heads = reserve(ORDERS * 4);
  marks = reserve(<usize>(largeBlocks << (ORDERS - 1)));
  region = reserve(<usize>(largeBlocks * LARGEST));
  inUse = 0;
  for (let i = largeBlocks; i > 0; i--) pushFree(region + (i - 1) * LARGEST, ORDERS - 1);
}

/** Bytes handed out at present, in whole blocks. */
export function blocksInUse(): u32 {
  return inUse;
}

/** A copy of the bytes; EMPTY when there is no room, or nothing to copy. */
export function keep(bytes: Slice): Slice {
  const n = size(bytes);
  if (n == 0) return EMPTY;
  const address = allocate(<u32>n);
  if (address == 0) return EMPTY;
  memory.copy(address, start(bytes), <usize>n);
  return slice(address, n);
}

/** What was kept with a copy of more bytes behind it, in place of it; EMPTY, and it stays, when there is no room. */
export function keepMore(kept: Slice, more: Slice): Slice {
  const before = <u32>size(kept);
  const whole = before + <u32>size(more);
  let address = start(kept);
  if (orderFor(whole) != orderFor(before)) {
    address = allocate(whole);
    if (address == 0) return EMPTY;
    memory.copy(address, start(kept), <usize>before);
    free(start(kept), before);
  }
  memory.copy(address + <usize>before, start(more), <usize>size(more));
  return slice(address, <i32>whole);
}

/** Gives back what `keep` answered; EMPTY is harmless. */
export function release(kept: Slice): void {
  if (isPresent(kept)) free(start(kept), <u32>size(kept));
}

function orderFor(bytes: u32): u32 {
  return bytes <= 64 ? 0 : 32 - clz(bytes - 1) - SMALLEST_SHIFT;
}

function allocate(bytes: u32): usize {
  if (bytes > LARGEST) return 0;
  const order = orderFor(bytes);
  let found = order;
  while (found < ORDERS && load<u32>(heads + found * 4) == 0) found++;
  if (found == ORDERS) return 0;
  const block = <usize>load<u32>(heads + found * 4);
  unlink(block, found);
  while (found > order) {
    found--;
    pushFree(block + ((<usize>64) << found), found);
  }
  inUse += 64 << order;
  return block;
}

function free(address: usize, bytes: u32): void {
  let order = orderFor(bytes);
  let block = address;
  inUse -= 64 << order;
  while (order < ORDERS - 1) {
    const buddy = region + ((block - region) ^ ((<usize>64) << order));
    if (load<u8>(markOf(buddy)) != <u8>(order + 1)) break;
    unlink(buddy, order);
    if (buddy < block) block = buddy;
    order++;
  }
  pushFree(block, order);
}

function markOf(block: usize): usize {
  return marks + ((block - region) >>> SMALLEST_SHIFT);
}

function pushFree(block: usize, order: u32): void {
  const head = heads + order * 4;
  const first = load<u32>(head);
  store<u32>(block, first);
  store<u32>(block, 0, 4);
  if (first) store<u32>(<usize>first, <u32>block, 4);
  store<u32>(head, <u32>block);
  store<u8>(markOf(block), <u8>(order + 1));
}

function unlink(block: usize, order: u32): void {
  const next = load<u32>(block);
  const previous = load<u32>(block, 4);
  if (next) store<u32>(<usize>next, previous, 4);
  if (previous) store<u32>(<usize>previous, next);
  else store<u32>(heads + order * 4, next);
  store<u8>(markOf(block), 0);
}
