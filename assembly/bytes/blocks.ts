// Kept bytes: copies that outlive a call (RFC messages awaiting retransmission, dialog lines, SDP).
//
// A buddy allocator over one region of the arena. Blocks are 64 << order bytes, order 0..10, so the
// largest is 64 KiB: a whole datagram. A free block holds its two list links; one byte for every 64
// says `order + 1` where a free block begins and 0 elsewhere. Of a block of up to 8 KiB that is
// handed out the eighths behind the bytes are given back at once. Both operations cost a few dozen steps at most.

import { EMPTY, isPresent, size, slice, Slice, start } from "./slice";
import { reserve } from "./arena";

const SMALLEST_SHIFT: u32 = 6;
const ORDERS: u32 = 11;
/** Larger blocks are handed out whole: a message of a stream grows there, piece by piece. */
const LARGEST_CUT: u32 = 7;
const LARGEST: u32 = 1 << (SMALLEST_SHIFT + ORDERS - 1);

let region: usize = 0;
let marks: usize = 0;
let heads: usize = 0; // u32 for each order: address of the first free block, 0 for none
let inUse: u32 = 0;

/** Makes the region, in whole blocks of 64 bytes. */
export function openBlocks(bytes: u32): void {
  heads = reserve(ORDERS * 4);
  // Marks for whole 64 KiB blocks: the buddy of the last block may lie behind the region.
  marks = reserve(<usize>(((bytes + LARGEST - 1) / LARGEST) << (ORDERS - 1)));
  region = reserve(<usize>bytes);
  giveBack(region, region + ((<usize>bytes) & ~63));
  inUse = 0;
}

/** Bytes handed out at present, with those that fill up an eighth. */
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
  if (roomFor(whole) != roomFor(before)) {
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

/** What is handed out for so many bytes: whole eighths of the block that holds them, or all of a large one. */
function roomFor(bytes: u32): u32 {
  const order = orderFor(bytes);
  const last = (order > LARGEST_CUT ? 64 << order : max<u32>(64, 8 << order)) - 1;
  return (bytes + last) & ~last;
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
  const stop = block + ((<usize>64) << order);
  inUse += 64 << order;
  giveBack(block + roomFor(bytes), stop);
  return block;
}

function free(address: usize, bytes: u32): void {
  giveBack(address, address + roomFor(bytes));
}

/** Frees what lies between, in blocks as large as they fit there. */
function giveBack(from: usize, to: usize): void {
  let block = from;
  inUse -= <u32>(to - from);
  while (block < to) {
    const left = <u32>(to - block);
    const order = min<u32>(ctz((<u32>(block - region)) | LARGEST), 31 - clz(left)) - SMALLEST_SHIFT;
    freeBlock(block, order);
    block += (<usize>64) << order;
  }
}

function freeBlock(address: usize, smallest: u32): void {
  let order = smallest;
  let block = address;
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
