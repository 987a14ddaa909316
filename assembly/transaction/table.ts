// The table of all transactions: the pool, two hash tables into it, and what happens when it is full.
//
// Every step costs the same with a hundred transactions and with a hundred thousand.

import { release } from "../bytes/blocks";
import { reserve } from "../bytes/arena";
import { Kind, openPool, Pool } from "../handle/pool";
import { newDeadline } from "../time/deadlines";
import { Timer } from "../time/timer";
import { openKeptMessage } from "./kept-message";
import { openMatching } from "./matching";
import { State, Transaction } from "./transaction";

export const DEADLINES_PER_TRANSACTION: u32 = 2;

let transactions: Pool<Transaction> = changetype<Pool<Transaction>>(0);
/** How many there may be before only urgent ones are admitted. */
let mostCommon: u32 = 0;

// Addresses of the first of a chain, u32 each.
let byKey: usize = 0;
let byMergeKey: usize = 0;
let mask: u64 = 0;

// Completed non-INVITE servers, and INVITE servers whose 2xx has its ACK, in that order.
let oldest: Transaction | null = null;
let newest: Transaction | null = null;
let recyclable: u32 = 0;

/** Needs DEADLINES_PER_TRANSACTION deadlines for each of them. */
export function openTransactions(count: u32): void {
  transactions = openPool<Transaction>(Kind.Transaction, count);
  for (let i: u32 = 0; i < count; i++) {
    const t = transactions.at(i);
    t.retransmit = newDeadline();
    t.timeout = newDeadline();
  }
  let chains: usize = 16;
  while (chains < <usize>count * 2) chains <<= 1;
  byKey = reserve(chains * 4);
  byMergeKey = reserve(chains * 4);
  mask = <u64>chains - 1;
  mostCommon = count - ((count + 3) >>> 2);
  oldest = null;
  newest = null;
  recyclable = 0;
  openMatching();
  openKeptMessage();
}

export function findTransaction(handle: u32): Transaction | null {
  return transactions.find(handle);
}

export function transactionsInUse(): u32 {
  return transactions.used;
}

/**
 * A blank one; null when the table is full. A quarter of it is for urgent ones: our own, and those for
 * requests inside dialogs. The oldest answered ones make room; only INVITEs and open ones count.
 */
export function takeTransaction(isUrgent: bool): Transaction | null {
  if (!makeRoom(isUrgent ? transactions.count : mostCommon)) return null;
  const t = transactions.take()!;
  const blank = offsetof<Transaction>("kind");
  memory.fill(changetype<usize>(t) + blank, 0, offsetof<Transaction>() - blank);
  t.retransmit.owner = t.handle;
  t.timeout.owner = t.handle;
  return t;
}

function makeRoom(most: u32): bool {
  if (transactions.used - recyclable >= most) return false;
  for (let t = oldest; t && transactions.used >= most; t = oldest) destroy(t);
  return true;
}

/** Gives it and all that it keeps back. */
export function destroy(t: Transaction): void {
  leaveTables(t);
  release(t.message);
  release(t.address);
  release(t.head);
  transactions.give(t);
}

/** Out of every table, no timer but one: the next tick gives it back, so that its owner can look at it. */
export function terminate(t: Transaction, now: i64): void {
  leaveTables(t);
  t.state = State.Terminated;
  t.timeout.arm(Timer.None, now);
}

function leaveTables(t: Transaction): void {
  t.retransmit.stop();
  t.timeout.stop();
  removeFrom(chainOf(byKey, t.key), t, offsetof<Transaction>("nextByKey"));
  if (t.mergeKey) removeFrom(chainOf(byMergeKey, t.mergeKey), t, offsetof<Transaction>("nextByMergeKey"));
  stopRecycling(t);
}

// ---- hash tables ----

/** Puts it where its key, and its mergeKey if it has one, say. */
export function enterTables(t: Transaction): void {
  insert(chainOf(byKey, t.key), t, offsetof<Transaction>("nextByKey"));
  if (t.mergeKey) insert(chainOf(byMergeKey, t.mergeKey), t, offsetof<Transaction>("nextByMergeKey"));
}

/** The first transaction whose key may be this one; nextByKey leads on. */
export function firstByKey(key: u64): Transaction | null {
  return changetype<Transaction | null>(<usize>load<u32>(chainOf(byKey, key)));
}

export function firstByMergeKey(key: u64): Transaction | null {
  return changetype<Transaction | null>(<usize>load<u32>(chainOf(byMergeKey, key)));
}

function chainOf(table: usize, key: u64): usize {
  return table + ((<usize>(key & mask)) << 2);
}

/** `link`: offset of the field that holds the next one. */
function insert(chain: usize, t: Transaction, link: usize): void {
  const address = changetype<usize>(t);
  store<u32>(address + link, load<u32>(chain));
  store<u32>(chain, <u32>address);
}

function removeFrom(chain: usize, t: Transaction, link: usize): void {
  const address = <u32>changetype<usize>(t);
  for (let at = chain; load<u32>(at); at = <usize>load<u32>(at) + link) {
    if (load<u32>(at) != address) continue;
    store<u32>(at, load<u32>(<usize>address + link));
    return;
  }
}

// ---- recycling ----

/** From now on it may be taken away for a new one. */
export function allowRecycling(t: Transaction): void {
  t.older = newest;
  const before = newest;
  if (before) before.newer = t;
  else oldest = t;
  newest = t;
  recyclable++;
}

function stopRecycling(t: Transaction): void {
  if (!t.older && oldest != t) return;
  const older = t.older;
  const newer = t.newer;
  if (older) older.newer = newer;
  else oldest = newer;
  if (newer) newer.older = older;
  else newest = older;
  t.older = null;
  t.newer = null;
  recyclable--;
}

/** The one at a place of the pool, to walk over all of them; null if that place is free. */
export function transactionAt(place: u32): Transaction | null {
  return place < transactions.count && transactions.isUsed(place) ? transactions.at(place) : null;
}

export function transactionPlaces(): u32 {
  return transactions.reached;
}
