// A flow (RFC 5626 §2): where packets leave and arrive. A bound socket of UDP, a listening one, or a connection.

import { isPresent, Slice, w } from "../bytes/slice";
import { reserve } from "../bytes/arena";
import { keep, release } from "../bytes/blocks";
import { Kind, openPool, Pool, Pooled } from "../handle/pool";
import { RecordKind, Transport } from "../output/abi-numbers";
import { beginRecord, endRecord, mark, put, reference, word, written } from "../output/output";
import { Deadline, newDeadline } from "../time/deadlines";
import { isIPv6, isWildcard } from "./address";
import { forgetInput, Framing } from "./framing";

export const DEADLINES_PER_FLOW: u32 = 1;

export const enum FlowKind {
  /** A bound socket of UDP. */
  Socket = 0,
  /** Connections come in here; it carries no message itself. */
  Listener,
  /** A connection that we asked for. */
  Outgoing,
  /** A connection that the peer asked for. */
  Incoming,
}


@unmanaged
export class Flow extends Pooled {
  // Made once, with the pool.
  /** Of a connection: connecting, unfinished input, idle. */
  deadline: Deadline;
  framing: Framing;

  // Everything from here on is zeroed when it is taken.
  kind: FlowKind;
  transport: Transport;
  isOpen: bool;
  isIPv6: bool;
  /** Bound to every interface, so that the local address depends on the target. */
  isWildcard: bool;
  /** Kept. Of a socket: where it is to be bound, then where it is. */
  localAddress: Slice;
  /**
   * The port asked for while opening, then the one in use. For a connection that of the listener beside it, if there is
   * one: it stands in Via and Contact, where others connect to when the connection is gone (RFC 3261 §18.2.2).
   */
  localPort: i32;

  // Of a connection.
  /** Kept. */
  peerAddress: Slice;
  peerPort: i32;
  /** Kept: for whom it was opened; TLS is for nobody else (RFC 5922 §7.1). */
  serverName: Slice;
  /** Requests to this port of the peer's address may go over it; 0 for none. */
  reusePort: i32;
  /** Kept: of the peer's certificate, where it is verified and the peer has opened the connection. */
  names: Slice;
  /** When something came or went last. */
  usedMs: i64;
  /** A dialog or a registration lives on it, as far as was asked. */
  isInUse: bool;
  /** A whole message has come. */
  isProven: bool;
  /** Our ping has no answer yet; there was one to an earlier ping. */
  isPinged: bool;
  answersPings: bool;
  /** Silence after which it is pinged, where the peer has said so; 0 otherwise. */
  pingMs: i64;

  get isReliable(): bool {
    return this.transport != Transport.Udp;
  }

  get isConnection(): bool {
    return this.kind >= FlowKind.Outgoing;
  }
}

let flows: Pool<Flow> = changetype<Pool<Flow>>(0);
let dscp: i32 = 0;

/** Needs DEADLINES_PER_FLOW deadlines for each of them. `signallingDscp`: of all packets (RFC 2474). */
export function openFlows(count: u32, signallingDscp: i32): void {
  flows = openPool<Flow>(Kind.Flow, count);
  for (let i: u32 = 0; i < count; i++) {
    flows.at(i).deadline = newDeadline();
    flows.at(i).framing = changetype<Framing>(reserve(offsetof<Framing>()));
  }
  dscp = signallingDscp;
}

export function findFlow(handle: u32): Flow | null {
  return flows.find(handle);
}

export function flowPlaces(): u32 {
  return flows.reached;
}

/** The one at a place of the pool, to walk over all of them; null if that place is free. */
export function flowAt(place: u32): Flow | null {
  return flows.isUsed(place) ? flows.at(place) : null;
}

/** A blank one; null when the table is full. */
export function takeFlow(kind: FlowKind, transport: Transport): Flow | null {
  const flow = flows.take();
  if (!flow) return null;
  const blank = offsetof<Flow>("kind");
  memory.fill(changetype<usize>(flow) + blank, 0, offsetof<Flow>() - blank);
  flow.deadline.owner = flow.handle;
  memory.fill(changetype<usize>(flow.framing), 0, offsetof<Framing>());
  flow.kind = kind;
  flow.transport = transport;
  return flow;
}

/** Asks the host to bind; null when the table is full. */
export function listen(transport: Transport, address: Slice, port: i32): Flow | null {
  const kind = transport == Transport.Udp ? FlowKind.Socket : FlowKind.Listener;
  const flow = takeFlow(kind, transport);
  if (!flow) return null;
  flow.isIPv6 = isIPv6(address);
  flow.localAddress = keep(address);
  flow.localPort = port;
  sayListen(flow);
  return flow;
}

/** The host binds it, or binds it once more where it was. */
export function sayListen(flow: Flow): void {
  if (!beginRecord(RecordKind.Listen)) return;
  word(flow.handle);
  word(flow.transport);
  reference(flow.localAddress);
  word(flow.localPort);
  word(dscp);
  endRecord();
}

/** Asks the host to connect. */
export function sayOpen(flow: Flow): void {
  const address = copied(flow.peerAddress);
  const name = copied(flow.serverName);
  if (!beginRecord(RecordKind.Open)) return;
  word(flow.handle);
  word(flow.transport);
  reference(address);
  word(flow.peerPort);
  reference(name);
  word(dscp);
  endRecord();
}

/** What is kept may be given back before the host reads the record. */
function copied(kept: Slice): Slice {
  const from = mark();
  put(kept);
  return written(from);
}

/** The host has bound or connected it; false if the address can't be kept. */
export function flowOpened(flow: Flow, address: Slice, port: i32): bool {
  const kept = keep(address);
  if (!isPresent(kept)) return false;
  release(flow.localAddress);
  flow.localAddress = kept;
  if (!flow.isConnection || !flow.localPort) flow.localPort = port;
  flow.isIPv6 = isIPv6(address);
  flow.isWildcard = isWildcard(address);
  flow.isOpen = true;
  return true;
}

/** Gives it and all that it keeps back. */
export function flowClosed(flow: Flow): void {
  flow.deadline.stop();
  release(flow.localAddress);
  release(flow.peerAddress);
  release(flow.serverName);
  release(flow.names);
  forgetInput(flow.framing);
  flows.give(flow);
}

/** The host closes it and says nothing more about it. */
export function closeFlow(flow: Flow): void {
  if (beginRecord(RecordKind.Close)) {
    word(flow.handle);
    endRecord();
  }
  flowClosed(flow);
}

/** The open socket of UDP for such addresses, or the listener; null if there is none. */
export function boundFlow(transport: Transport, wantsIPv6: bool): Flow | null {
  for (let i: u32 = 0; i < flows.reached; i++) {
    const flow = flowAt(i);
    if (!flow || !flow.isOpen || flow.isConnection) continue;
    if (flow.transport == transport && flow.isIPv6 == wantsIPv6) return flow;
  }
  return null;
}

/** Nobody is known to live on any of them: `useFlow` follows. */
export function forgetUsers(): void {
  for (let i: u32 = 0; i < flows.reached; i++) flows.at(i).isInUse = false;
}

/** Somebody lives on it. A flow that is gone is harmless. */
export function useFlow(handle: u32): void {
  const flow = flows.find(handle);
  if (flow) flow.isInUse = true;
}

/** How many sockets wait for the host's answer, or are open; connections are not counted. */
export function countSockets(open: bool): i32 {
  let n = 0;
  for (let i: u32 = 0; i < flows.reached; i++) {
    const flow = flowAt(i);
    if (flow && !flow.isConnection && flow.isOpen == open) n++;
  }
  return n;
}

export function transportName(transport: Transport): Slice {
  if (transport == Transport.Tls) return w("TLS");
  return transport == Transport.Tcp ? w("TCP") : w("UDP");
}
