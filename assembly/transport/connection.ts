// Connections (RFC 3261 §18, RFC 5923): who has one to whom, and what each may be used for.

import { equals, equalsIgnoringCase, isPresent, size, Slice } from "../bytes/slice";
import { keep } from "../bytes/blocks";
import { Transport } from "../output/abi-numbers";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { isIPv6 } from "./address";
import { isVerified, speaksFor } from "./certificate";
import { pingMs } from "./ping";
import {
  boundFlow,
  closeFlow,
  Flow,
  flowAt,
  flowClosed,
  FlowKind,
  flowOpened,
  flowPlaces,
  sayOpen,
  takeFlow,
} from "./flow";

/** Those that peers have opened: there is always room for ours. */
const MOST_INCOMING: i32 = 24;
/** A target that has not answered by then counts as dead. */
const CONNECT_MS: i64 = 4_000;
/** From the first byte of a message to its last, and from the connection to its first message: 64*T1. */
const UNFINISHED_MS: i64 = 32_000;
/** As long as a registered phone may be silent (RFC 5626 §4.4.1). */
const IDLE_MS: i64 = 120_000;
/** No transaction is open any more on a connection that was silent for so long: 64*T1. */
const QUIET_MS: i64 = 32_000;
/** Of unfinished messages of all connections of one kind: one of the largest. */
export const MOST_UNFINISHED: i32 = 64 * 1024;
/** Names of a certificate that are kept, to know whom a connection can be used for. */
const MOST_NAMES: i32 = 2048;

// ---- toward a peer ----

/**
 * The flow to an address and port: the socket of UDP, a connection that is there or under way, or a new one. Of
 * TLS only one that speaks for that name. null when there is no room for one more.
 */
export function flowTo(transport: Transport, address: Slice, port: i32, serverName: Slice): Flow | null {
  const bound = boundFlow(transport, isIPv6(address));
  if (transport == Transport.Udp) return bound;
  const name = size(serverName) ? serverName : address;
  const known = connectionTo(transport, address, port, name);
  const flow = known ? known : connect(transport, address, port, name);
  if (!flow) return null;
  flow.usedMs = nowMs();
  if (bound) flow.localPort = bound.localPort;
  return flow;
}

function connectionTo(transport: Transport, address: Slice, port: i32, serverName: Slice): Flow | null {
  for (let place: u32 = 0; place < flowPlaces(); place++) {
    const flow = flowAt(place);
    if (!flow || !flow.isConnection || flow.transport != transport) continue;
    if (flow.reusePort == port && equals(flow.peerAddress, address) && isFor(flow, serverName)) return flow;
  }
  return null;
}

/** Without certificates a name means nothing. A connection that came in is good for whom its certificate names. */
function isFor(flow: Flow, serverName: Slice): bool {
  if (flow.transport == Transport.Tcp) return true;
  if (flow.kind == FlowKind.Incoming) return speaksFor(flow.names, serverName);
  return equalsIgnoringCase(flow.serverName, serverName);
}

function connect(transport: Transport, address: Slice, port: i32, serverName: Slice): Flow | null {
  const flow = takeFlow(FlowKind.Outgoing, transport);
  if (!flow) return null;
  flow.serverName = keep(serverName);
  flow.reusePort = port;
  if (!keepPeer(flow, address, port) || size(flow.serverName) != size(serverName)) {
    flowClosed(flow);
    return null;
  }
  flow.deadline.arm(Timer.Connect, nowMs() + CONNECT_MS);
  sayOpen(flow);
  return flow;
}

function keepPeer(flow: Flow, address: Slice, port: i32): bool {
  flow.peerAddress = keep(address);
  flow.peerPort = port;
  return isPresent(flow.peerAddress);
}

/** Whoever asked for it does not wait for the usual time. */
export function hurry(flow: Flow, ms: i64): void {
  const at = nowMs() + ms;
  if (flow.deadline.isArmed(Timer.Connect) && at < flow.deadline.when) flow.deadline.arm(Timer.Connect, at);
}

/** The connection that was asked for is there; false if its address can't be kept. */
export function connected(flow: Flow, local: Slice, localPort: i32): bool {
  if (!flowOpened(flow, local, localPort)) return false;
  watch(flow);
  return true;
}

// ---- from a peer ----

/** So many came in that one has to go before the next: `closeQuietest`. */
export function isFullOfIncoming(): bool {
  return countIncoming() >= MOST_INCOMING;
}

/** A connection came in; null when there is no room for it. */
export function accept(
  listener: Flow,
  local: Slice,
  localPort: i32,
  peer: Slice,
  peerPort: i32,
  names: Slice,
): Flow | null {
  const flow = takeFlow(FlowKind.Incoming, listener.transport);
  if (!flow) return null;
  if (!keepPeer(flow, peer, peerPort) || !flowOpened(flow, local, localPort)) {
    flowClosed(flow);
    return null;
  }
  if (isVerified(names) && size(names) <= MOST_NAMES) flow.names = keep(names);
  watch(flow);
  return flow;
}

function countIncoming(): i32 {
  let n = 0;
  for (let place: u32 = 0; place < flowPlaces(); place++) {
    const flow = flowAt(place);
    if (flow && flow.kind == FlowKind.Incoming) n++;
  }
  return n;
}

/** Makes room: of those on which nobody lives the one that was silent longest. False if there is none. */
export function closeQuietest(): bool {
  let quietest: Flow | null = null;
  for (let place: u32 = 0; place < flowPlaces(); place++) {
    const flow = flowAt(place);
    if (!flow || flow.kind != FlowKind.Incoming || flow.isInUse || !isQuiet(flow)) continue;
    if (!quietest || flow.usedMs < quietest.usedMs) quietest = flow;
  }
  if (quietest) closeFlow(quietest);
  return quietest != null;
}

/** What has not brought a whole message yet carries no transaction either. */
function isQuiet(flow: Flow): bool {
  return !flow.isProven || nowMs() - flow.usedMs >= QUIET_MS;
}

/**
 * The peer takes requests on the connection that it has opened, at the port of its Via (RFC 5923 §8.2). That is
 * believed only with a certificate.
 */
export function noteAlias(flow: Flow, port: i32): void {
  if (isPresent(flow.names)) flow.reusePort = port;
}

// ---- time ----

/** After a chunk: how long it may take until the next. `hasMessage`: a whole message was in it. */
export function watch(flow: Flow, hasMessage: bool = false): void {
  const now = nowMs();
  flow.usedMs = now;
  if (hasMessage) flow.isProven = true;
  const isWaiting = isPresent(flow.framing.input) || (flow.kind == FlowKind.Incoming && !flow.isProven);
  if (!isWaiting)
    flow.deadline.arm(Timer.Idle, now + (flow.kind == FlowKind.Outgoing ? pingMs(flow) : IDLE_MS));
  else if (hasMessage || !flow.deadline.isArmed(Timer.Unfinished))
    flow.deadline.arm(Timer.Unfinished, now + UNFINISHED_MS);
}

/** More was received than one call could answer: the rest is read in the next tick. */
export function readOn(flow: Flow): void {
  flow.deadline.arm(Timer.Input, nowMs());
}

/** Nothing came or went for long, and nobody lives on it. Else it is looked at again later. */
export function isIdle(flow: Flow): bool {
  const since = flow.isInUse ? nowMs() : flow.usedMs;
  if (nowMs() - since >= IDLE_MS) return true;
  flow.deadline.arm(Timer.Idle, since + IDLE_MS);
  return false;
}

/** Its kind keeps more of unfinished messages than is allowed. */
export function keepsTooMuch(flow: Flow): bool {
  let sum = 0;
  for (let place: u32 = 0; place < flowPlaces(); place++) {
    const other = flowAt(place);
    if (other && other.kind == flow.kind) sum += size(other.framing.input);
  }
  return sum > MOST_UNFINISHED;
}
