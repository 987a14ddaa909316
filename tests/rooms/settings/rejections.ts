// What a spec reads of the setting.rejected events, one at a time.

import { EMPTY, slice, Slice } from "../../../assembly/bytes/slice";
import { openOutput, pollRecord } from "../../../assembly/output/output";
import { openSettings } from "../../../assembly/settings/settings";
import { openTestArena } from "../support/arena";

/** Fields of the last event that `nextRejection` read. */
export let layer: i32 = 0;
export let line: i32 = 0;
export let key: Slice = EMPTY;
export let permitted: Slice = EMPTY;
export let eventNumber: i32 = 0;

export function openEverything(): void {
  openTestArena();
  openOutput();
  openSettings();
}

/** Reads the next event; false when there is none. */
export function nextRejection(): bool {
  const record = pollRecord();
  if (record == 0) return false;
  eventNumber = load<i32>(record, 8);
  assert(load<i32>(record, 28) == 4);
  layer = load<i32>(record, 32 + 12);
  line = load<i32>(record, 52 + 12);
  key = slice(<usize>load<u32>(record, 72 + 12), load<i32>(record, 72 + 16));
  permitted = slice(<usize>load<u32>(record, 92 + 12), load<i32>(record, 92 + 16));
  return true;
}
