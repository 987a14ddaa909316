// Connections (RFC 3261 §18, RFC 5923): who has one to whom, and which may be used for what.

import { EMPTY, equals, equalsIgnoringCase, isPresent, size, Slice } from "../bytes/slice";
import { keep } from "../bytes/blocks";
import { Transport } from "../output/abi-numbers";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { isIPv6 } from "./address";
import {
  closeFlow,
  Flow,
  flowAt,
  flowClosed,
  FlowKind,
  flowOpened,
  flowPlaces,
  flowToward,
  sayOpen,
  takeFlow,
} from "./flow";

/** A target that has not answered by then counts as dead. */
const CONNECT_MS: i64 = 4_000;

/**
 * The flow to an address and port: the socket of UDP, a connection that is there or under way, or a new one. Of
 * TLS only one that was opened for the same name. null when there is no room for one more.
 */
export function flowTo(transport: Transport, address: Slice, port: i32, serverName: Slice): Flow | null {
  if (transport == Transport.Udp) return flowToward(isIPv6(address));
  const known = connectionTo(transport, address, port, serverName);
  return known ? known : connect(transport, address, port, serverName);
}

function connectionTo(transport: Transport, address: Slice, port: i32, serverName: Slice): Flow | null {
  for (let place: u32 = 0; place < flowPlaces(); place++) {
    const flow = flowAt(place);
    if (!flow || flow.kind != FlowKind.Outgoing || flow.transport != transport) continue;
    if (flow.peerPort != port || !equals(flow.peerAddress, address)) continue;
    if (transport == Transport.Tcp || equalsIgnoringCase(flow.serverName, serverName)) return flow;
  }
  return null;
}

function connect(transport: Transport, address: Slice, port: i32, serverName: Slice): Flow | null {
  const flow = takeFlow(FlowKind.Outgoing, transport);
  if (!flow) return null;
  flow.isIPv6 = isIPv6(address);
  flow.serverName = keep(serverName);
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

/** The connection that was asked for is there; false if its address can't be kept. */
export function connected(flow: Flow, local: Slice, localPort: i32): bool {
  flow.deadline.stop();
  return flowOpened(flow, local, localPort);
}

/** A connection came in; null when there is no room for it. */
export function accept(
  listener: Flow,
  local: Slice,
  localPort: i32,
  peer: Slice,
  peerPort: i32,
): Flow | null {
  const flow = takeFlow(FlowKind.Incoming, listener.transport);
  if (!flow) return null;
  flow.serverName = EMPTY;
  if (keepPeer(flow, peer, peerPort) && flowOpened(flow, local, localPort)) return flow;
  flowClosed(flow);
  return null;
}

/** Ends a connection from our side. */
export function closeConnection(flow: Flow): void {
  closeFlow(flow);
}
