// Which SRV record comes next: the lowest priority first, and by chance and weight within it (RFC 2782).

import { EMPTY, isPresent, Slice } from "../bytes/slice";
import { randomBelow } from "../crypto/random";
import { MOST_RECORDS, nameField, nextRecord, numberField, openRecords } from "./resource-record";

/** Target and port of the record chosen last. */
export let srvTarget: Slice = EMPTY;
export let srvPort: i32 = 0;

let priority: i32 = 0;
let weight: i32 = 0;

/** `used`: a bit for each record that was chosen before. The number of the next one; -1 when none is left. */
export function chooseSrv(lines: Slice, used: u32): i32 {
  let lowest = i32.MAX_VALUE;
  let sum: u32 = 0;
  openRecords(lines);
  for (let i = 0; i < MOST_RECORDS && nextRecord(); i++) {
    if (!isCandidate(i, used) || priority > lowest) continue;
    if (priority < lowest) sum = 0;
    lowest = priority;
    sum += weight;
  }
  const drawn = sum ? randomBelow(sum + 1) : 0;
  // Those of weight 0 stand first in the running sum.
  const light = pick(lines, used, lowest, drawn, true);
  return light >= 0 ? light : pick(lines, used, lowest, drawn, false);
}

/** The first whose running sum reaches what was drawn. */
function pick(lines: Slice, used: u32, wanted: i32, drawn: u32, isLight: bool): i32 {
  let sum: u32 = 0;
  openRecords(lines);
  for (let i = 0; i < MOST_RECORDS && nextRecord(); i++) {
    if (!isCandidate(i, used) || priority != wanted || (weight == 0) != isLight) continue;
    sum += weight;
    if (sum >= drawn) return i;
  }
  return -1;
}

/** Reads it; not one that was used, can't be read, or says with "." that the service is not there. */
function isCandidate(index: i32, used: u32): bool {
  priority = numberField(0);
  weight = numberField(1);
  srvPort = numberField(2);
  srvTarget = nameField(3);
  if (priority < 0 || weight < 0 || srvPort < 0 || !isPresent(srvTarget)) return false;
  return ((used >>> index) & 1) == 0;
}
