// What happened to packets that led to nothing, for whoever looks for the reason; and how often something changed that a
// saved state must have.

import { reserve } from "../bytes/arena";
import { Counter } from "./abi-numbers";

const COUNTERS: u32 = 6;

let counters: usize = 0;

export function openCounters(): void {
  counters = reserve(COUNTERS * 4);
}

export function count(counter: Counter): void {
  store<u32>(counters + ((<usize>counter) << 2), countOf(counter) + 1);
}

/** 0 for a counter that does not exist. */
export function countOf(counter: Counter): u32 {
  return <u32>counter < COUNTERS && counters ? load<u32>(counters + ((<usize>counter) << 2)) : 0;
}
