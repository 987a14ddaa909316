// A flow (RFC 5626 §2): where packets leave and arrive. Over UDP that is one bound socket.

import { EMPTY, isPresent, Slice, w } from "../bytes/slice";
import { keep, release } from "../bytes/blocks";
import { Kind, openPool, Pool, Pooled } from "../handle/pool";
import { RecordKind, Transport } from "../output/abi-numbers";
import { beginRecord, endRecord, reference, word } from "../output/output";
import { isIPv6, isWildcard } from "./address";


@unmanaged
export class Flow extends Pooled {
  transport: Transport;
  isOpen: bool;
  isIPv6: bool;
  /** Bound to every interface, so that the local address depends on the target. */
  isWildcard: bool;
  /** Kept; empty until it is open. */
  localAddress: Slice;
  /** The port asked for while opening, then the one in use. */
  localPort: i32;

  get isReliable(): bool {
    return this.transport != Transport.Udp;
  }
}

let flows: Pool<Flow> = changetype<Pool<Flow>>(0);

export function openFlows(count: u32): void {
  flows = openPool<Flow>(Kind.Flow, count);
}

export function findFlow(handle: u32): Flow | null {
  return flows.find(handle);
}

/** Asks the host to bind; null when the table is full. */
export function listen(transport: Transport, address: Slice, port: i32): Flow | null {
  const flow = flows.take();
  if (!flow) return null;
  flow.transport = transport;
  flow.isOpen = false;
  flow.isIPv6 = isIPv6(address);
  flow.localAddress = EMPTY;
  flow.localPort = port;
  if (beginRecord(RecordKind.Listen)) {
    word(flow.handle);
    word(transport);
    reference(address);
    word(port);
    endRecord();
  }
  return flow;
}

/** The host has bound the flow; false if the address can't be kept. */
export function flowOpened(flow: Flow, address: Slice, port: i32): bool {
  const kept = keep(address);
  if (!isPresent(kept)) return false;
  release(flow.localAddress);
  flow.localAddress = kept;
  flow.localPort = port;
  flow.isIPv6 = isIPv6(address);
  flow.isWildcard = isWildcard(address);
  flow.isOpen = true;
  return true;
}

export function flowClosed(flow: Flow): void {
  release(flow.localAddress);
  flow.localAddress = EMPTY;
  flow.isOpen = false;
  flows.give(flow);
}

/** An open flow that reaches such an address; null if there is none. */
export function flowToward(wantsIPv6: bool): Flow | null {
  for (let i: u32 = 0; i < flows.count; i++) {
    if (!flows.isUsed(i)) continue;
    const flow = flows.at(i);
    if (flow.isOpen && flow.isIPv6 == wantsIPv6) return flow;
  }
  return null;
}

/** How many flows wait for the host's answer, and how many are open. */
export function countFlows(open: bool): i32 {
  let n = 0;
  for (let i: u32 = 0; i < flows.count; i++) {
    if (flows.isUsed(i) && flows.at(i).isOpen == open) n++;
  }
  return n;
}

export function transportName(transport: Transport): Slice {
  if (transport == Transport.Tls) return w("TLS");
  return transport == Transport.Tcp ? w("TCP") : w("UDP");
}
