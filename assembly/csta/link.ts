// Control dialogs and what each of them watches: one monitor, and how far each call was told of there.

import { release } from "../bytes/blocks";
import { EMPTY, Slice } from "../bytes/slice";
import { EndRule } from "../session/end-rule";
import { Call, CallState, findCall } from "../session/call";
import { hangUp } from "../session/session";

const LINKS: i32 = 4;
/** Calls that one monitor tells of at a time. */
export const SLOTS: i32 = 32;


@unmanaged
export class Link {
  /** Handle of the call whose dialog it is; 0 for none. */
  call: u32;
  /** Of its monitor; 0 without one. */
  crossRef: u32;
  /** What the other side calls us, as it stands in its XML. Kept. */
  device: Slice;
  /** The digit of csta/ed3 in its namespace. */
  edition: u8;
  /** It was told that the account can be reached. */
  isInService: bool;
  /** It was told that nobody may ring. */
  isQuiet: bool;
}


@unmanaged
export class Slot {
  /** Of a call; 0 for none. */
  number: u32;
  told: u8;
  isOutgoing: bool;
}

const SIZE: usize = offsetof<Link>() + <usize>SLOTS * offsetof<Slot>();
const links = memory.data(<i32>SIZE * LINKS, 8);
let newest: i32 = 0;

export function openLinks(): void {
  memory.fill(links, 0, SIZE * LINKS);
}

/** Null for a place beyond the last. */
export function linkAt(place: i32): Link | null {
  return place < LINKS ? changetype<Link>(links + <usize>place * SIZE) : null;
}

export function slotAt(link: Link, place: i32): Slot {
  return changetype<Slot>(changetype<usize>(link) + offsetof<Link>() + <usize>place * offsetof<Slot>());
}

/** That of a control dialog; null if it has lost it. */
export function linkOf(handle: u32): Link | null {
  for (let place = 0; place < LINKS; place++) {
    const link = linkAt(place)!;
    if (link.call == handle) return link;
  }
  return null;
}

/** For a new dialog; the one that has stood longest makes room. */
export function takeLink(call: Call): Link {
  let link = linkOf(0);
  if (!link) {
    newest = (newest + 1) % LINKS;
    link = linkAt(newest)!;
    const old = findCall(link.call);
    if (old) hangUp(old, EndRule.Replaced);
    forget(link);
  }
  link.call = call.handle;
  return link;
}

export function stopMonitor(link: Link): void {
  link.crossRef = 0;
  memory.fill(changetype<usize>(slotAt(link, 0)), 0, <usize>SLOTS * offsetof<Slot>());
}

function forget(link: Link): void {
  stopMonitor(link);
  release(link.device);
  link.device = EMPTY;
  link.call = 0;
}

/** The call whose dialog it is; with the dialog all that it watched is forgotten. */
export function controlOf(link: Link): Call | null {
  const call = findCall(link.call);
  if (call && call.state != CallState.Ending) return call;
  if (link.call) forget(link);
  return null;
}
