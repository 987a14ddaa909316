// Names that were looked up lately, and the address that they had.
//
// A dialog's next hop may be a name (its Route or Contact): an ACK or BYE can't wait for a lookup, so the
// last answer serves. The table is small and the oldest entry makes room.

import { EMPTY, equalsIgnoringCase, isPresent, Slice } from "../bytes/slice";
import { keep, release } from "../bytes/blocks";
import { reserve } from "../bytes/arena";

const ENTRIES: i32 = 32;


@unmanaged
class KnownName {
  name: Slice;
  address: Slice;
}

let table: usize = 0;
let next: i32 = 0;

export function openKnownNames(): void {
  table = reserve(<usize>ENTRIES * offsetof<KnownName>());
  next = 0;
}

function entry(index: i32): KnownName {
  return changetype<KnownName>(table + <usize>index * offsetof<KnownName>());
}

/** The address that the name had at the last lookup; EMPTY if there was none. */
export function knownAddress(name: Slice): Slice {
  for (let i = 0; i < ENTRIES; i++) {
    if (isPresent(entry(i).name) && equalsIgnoringCase(entry(i).name, name)) return entry(i).address;
  }
  return EMPTY;
}

export function rememberAddress(name: Slice, address: Slice): void {
  for (let i = 0; i < ENTRIES; i++) {
    if (!isPresent(entry(i).name) || !equalsIgnoringCase(entry(i).name, name)) continue;
    const fresh = keep(address);
    if (!isPresent(fresh)) return;
    release(entry(i).address);
    entry(i).address = fresh;
    return;
  }
  const oldest = entry(next);
  next = (next + 1) % ENTRIES;
  release(oldest.name);
  release(oldest.address);
  oldest.name = keep(name);
  oldest.address = keep(address);
  if (isPresent(oldest.address)) return;
  release(oldest.name);
  oldest.name = EMPTY;
}
