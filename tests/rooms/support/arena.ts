import { openArena } from "../../../assembly/bytes/arena";

const TEST_ARENA_BYTES: usize = 4 * 1024 * 1024;
const memoryOfTheSpec: usize = heap.alloc(TEST_ARENA_BYTES);

/** A fresh arena inside the spec's own heap: call it at the start of each test that makes pools. */
export function openTestArena(): void {
  openArena(memoryOfTheSpec);
}
