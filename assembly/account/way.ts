// The way to a server of an account: what its registration has found out, so that calls go the same way
// (and are told apart when they come from there). It outlives registrations, and is never given back.

import { keep, release } from "../bytes/blocks";
import { reserve } from "../bytes/arena";
import { EMPTY, equals, isPresent, size, Slice } from "../bytes/slice";
import { Transport } from "../output/abi-numbers";
import { ACCOUNTS } from "../settings/keys";
import { SERVERS, writeProxyRoute } from "./servers";


@unmanaged
export class Way {
  account: i32;
  /** 1 or 2. */
  server: i32;
  /** The outbound proxy in front of it, 1 or 2; 0 for none. */
  proxy: i32;
  /** A registrar has said 200 there, and the binding lives. Everything below means something only then. */
  isRegistered: bool;
  flow: u32;
  transport: Transport;
  port: i32;
  /** The hop that answered. Kept. */
  address: Slice;
  /** Our own address on the flow, as the hop sees it where no NAT stands between. Kept. */
  localAddress: Slice;
  /** The name by which its certificate is judged. Kept. */
  serverName: Slice;
  /** Whole Route lines from Service-Route (RFC 3608); EMPTY without one. Kept. */
  serviceRoute: Slice;
  /** The address that the registrar granted (RFC 5627); EMPTY without one. Kept. */
  gruu: Slice;
  /** The registrar keeps our flow (RFC 5626 §6). */
  usesOutbound: bool;
  /** Our address and port as the server saw them (RFC 3581); EMPTY and 0 while nobody has said. Kept. */
  publicAddress: Slice;
  publicPort: i32;
  /** The flow on which it was seen. */
  publicFlow: u32;
  /** A call waits until the account is registered here, and nobody has seen to it yet. */
  isAwaited: bool;
}

let ways: usize = 0;

export function openWays(): void {
  ways = reserve(<usize>(ACCOUNTS * SERVERS) * offsetof<Way>());
  for (let account = 1; account <= ACCOUNTS; account++) {
    for (let server = 1; server <= SERVERS; server++) {
      const way = wayTo(account, server);
      way.account = account;
      way.server = server;
    }
  }
}

export function wayTo(account: i32, server: i32): Way {
  const place = (account - 1) * SERVERS + server - 1;
  return changetype<Way>(ways + <usize>place * offsetof<Way>());
}

/** That of the first server where the account is registered; else that of the first, which says so. */
export function wayOf(account: i32): Way {
  for (let server = 1; server <= SERVERS; server++) {
    const way = wayTo(account, server);
    if (way.isRegistered) return way;
  }
  return wayTo(account, 1);
}

let isAnyAwaited: bool = false;

/** A call has nowhere else to go. */
export function awaitWay(way: Way): void {
  way.isAwaited = true;
  isAnyAwaited = true;
}

/** One that is waited for, once; null when there is none left. */
export function takeAwaited(): Way | null {
  for (let place = 0; isAnyAwaited && place < ACCOUNTS * SERVERS; place++) {
    const way = wayTo(place / SERVERS + 1, (place % SERVERS) + 1);
    if (!way.isAwaited) continue;
    way.isAwaited = false;
    return way;
  }
  isAnyAwaited = false;
  return null;
}

/** Route lines of a request outside of dialogs: Service-Route, else the outbound proxy. Of size 0 for none. */
export function routesOf(way: Way): Slice {
  if (way.isRegistered && size(way.serviceRoute)) return way.serviceRoute;
  return writeProxyRoute(way.account, max(way.proxy, 1));
}

/** The address is where one of the account's registrations lives. */
export function isRegisteredAt(account: i32, address: Slice): bool {
  for (let server = 1; server <= SERVERS; server++) {
    const way = wayTo(account, server);
    if (way.isRegistered && equals(way.address, address)) return true;
  }
  return false;
}

/** The field's new bytes, kept, with the old ones released; the old ones where there is no memory. */
export function replace(old: Slice, bytes: Slice): Slice {
  if (equals(old, bytes)) return old;
  const kept = size(bytes) ? keep(bytes) : EMPTY;
  if (size(bytes) && !isPresent(kept)) return old;
  release(old);
  return kept;
}
