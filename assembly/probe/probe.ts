// Whether a server of an account is there, and whether the NAT before it stays open: one object for each server.

import { Hop, newHop } from "../account/hop";
import { Way, wayTo } from "../account/way";
import { SERVERS } from "../account/servers";
import { Kind, openPool, Pool, Pooled } from "../handle/pool";
import { ACCOUNTS } from "../settings/keys";
import { Deadline, newDeadline } from "../time/deadlines";

export const PROBES: u32 = <u32>(ACCOUNTS * SERVERS);
export const DEADLINES_PER_PROBE: u32 = 2;

/** What a request of a probe is for. */
export const enum Purpose {
  /** Any answer will do, and so will none. */
  KeepAlive = 0,
  /** Whether the server is there. */
  Question,
}


@unmanaged
export class Probe extends Pooled {
  // Made once, with the pool.
  way: Way;
  /** When the NAT is kept open next. */
  keepAlive: Deadline;
  /** When the server is asked next, or what is asked of the host for that has taken too long. */
  question: Deadline;
  /** The one that is asked. */
  hop: Hop;

  /** OPTIONS is under way. */
  transaction: u32;
  /** The server did not answer, or said that it can't. */
  isDown: bool;
}

let probes: Pool<Probe> = changetype<Pool<Probe>>(0);

/** Needs DEADLINES_PER_PROBE deadlines for each of them, and the ways. */
export function openProbes(): void {
  probes = openPool<Probe>(Kind.Probe, PROBES);
  for (let account = 1; account <= ACCOUNTS; account++) {
    for (let server = 1; server <= SERVERS; server++) open(probes.take()!, wayTo(account, server));
  }
}

function open(p: Probe, way: Way): void {
  p.way = way;
  p.keepAlive = newDeadline();
  p.question = newDeadline();
  p.keepAlive.owner = p.handle;
  p.question.owner = p.handle;
  p.hop = newHop(p.question);
}

export function findProbe(handle: u32): Probe | null {
  return probes.find(handle);
}

export function probeAt(place: u32): Probe {
  return probes.at(place);
}

export function probeOf(way: Way): Probe {
  return probes.at((way.account - 1) * SERVERS + way.server - 1);
}
