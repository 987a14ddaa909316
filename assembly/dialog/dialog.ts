// A dialog (RFC 3261 §12): what two user agents remember of each other between INVITE and BYE.
//
//             1xx with tag                2xx                     BYE, 481, 408
//   Trying ----------------> Early ----------------> Confirmed ----------------> gone
//      |                                                ^
//      +------------------------ 2xx ------------------+
//
// Trying is ours alone: the INVITE that we send is written from it, before the other side has a tag.
// The lines that every request of ours repeats lie ready in one kept block.

import { EMPTY, equals, equalsIgnoringCase, isPresent, size, Slice, slice, start } from "../bytes/slice";
import { keep, release } from "../bytes/blocks";
import { reserve } from "../bytes/arena";
import { sipHash } from "../crypto/sip-hash";
import { Kind, openPool, Pool, Pooled } from "../handle/pool";
import { Method } from "../message/method";
import { Counter, Transport } from "../output/abi-numbers";
import { count } from "../output/counters";
import { mark, put, rewind, written } from "../output/output";
import { isIPv6 } from "../transport/address";
import { flowTo } from "../transport/connection";
import { findFlow, Flow } from "../transport/flow";

/** What an early dialog has come to with offer and answer. */
export const enum Exchange {
  /** The first offer has no answer that can't be lost. */
  Open = 0,
  Agreed,
  /** Another offer was answered since. */
  Changed,
}

export const enum DialogState {
  Trying = 0,
  Early = 1,
  Confirmed = 2,
}


@unmanaged
export class Dialog extends Pooled {
  state: DialogState;
  /** Handle of the call that it belongs to; 0 once the call has let go of it. */
  call: u32;
  flow: u32;
  /** Where requests go: the next hop. Kept. */
  address: Slice;
  port: i32;
  transport: Transport;
  /** The name that its certificate has to bear. Kept. */
  serverName: Slice;

  // One kept block, and its parts in order.
  lines: Slice;
  callId: Slice;
  localTag: Slice;
  remoteTag: Slice;
  /** From of our requests, tag included. */
  local: Slice;
  /** To of our requests, tag included once there is one. */
  remote: Slice;
  /** Whole "Route: ...CRLF" lines. */
  routes: Slice;
  /** URI of the first route; EMPTY without routes. */
  firstRoute: Slice;
  /** The first route has no `lr` (RFC 2543): the Request-URI takes its place (§12.2.1.1). */
  isStrict: bool;

  /** Contact of the peer: the Request-URI of our requests. Kept. */
  target: Slice;
  /** Our address toward the peer, or the name in its place: what Via shows. Kept. */
  localAddress: Slice;
  /** Value of our Contact. Kept; the same while the dialog lives, whatever the account's settings become. */
  contact: Slice;
  localSequence: u32;
  /** CSeq of the peer's newest request; -1 before the first. */
  remoteSequence: i64;
  /** Method of the request that had it. */
  remoteMethod: Method;
  /** The ACK to the newest 2xx of the peer, for when that is retransmitted. Kept. */
  ack: Slice;
  ackSequence: u32;
  /** Early: RSeq of the newest provisional response of the peer that came reliably; 0 before the first (RFC 3262 §4). */
  rseq: u32;
  exchange: Exchange;
  /** Early: the peer's answer; while `exchange` is Open it may still change. Kept. */
  answer: Slice;
  /** Next dialog of the same hash bucket. */
  nextInBucket: u32;
  /** Next fork of the same INVITE. */
  nextFork: Dialog | null;

  get isConfirmed(): bool {
    return this.state == DialogState.Confirmed;
  }
}

let dialogs: Pool<Dialog> = changetype<Pool<Dialog>>(0);
let buckets: usize = 0; // u32 each: index + 1 of the first dialog
let bucketMask: u32 = 0;

export function openDialogs(count: u32): void {
  dialogs = openPool<Dialog>(Kind.Dialog, count);
  let n: u32 = 16;
  while (n < count * 2) n <<= 1;
  buckets = reserve(<usize>n * 4);
  bucketMask = n - 1;
}

export function findDialog(handle: u32): Dialog | null {
  return dialogs.find(handle);
}

/** A dialog with nothing in it but its defaults; null when the table is full. The last place is for an emergency. */
export function takeDialog(call: u32, flow: u32, isEmergency: bool = false): Dialog | null {
  if (!isEmergency && dialogs.used + 1 >= dialogs.count) return null;
  const d = dialogs.take();
  if (!d) return null;
  d.state = DialogState.Trying;
  d.call = call;
  d.flow = flow;
  const known = findFlow(flow);
  d.transport = known ? known.transport : Transport.Udp;
  d.address = EMPTY;
  d.port = 0;
  d.serverName = EMPTY;
  d.lines = EMPTY;
  d.target = EMPTY;
  d.contact = EMPTY;
  d.localSequence = 0;
  d.remoteSequence = -1;
  d.ack = EMPTY;
  d.ackSequence = 0;
  d.rseq = 0;
  d.exchange = Exchange.Open;
  d.answer = EMPTY;
  d.nextInBucket = 0;
  d.nextFork = null;
  d.localAddress = EMPTY;
  return d;
}

/** Gives the dialog and everything that it keeps back. */
export function releaseDialog(d: Dialog): void {
  if (isPresent(d.lines)) unlink(d);
  release(d.lines);
  release(d.target);
  release(d.contact);
  release(d.localAddress);
  release(d.address);
  release(d.serverName);
  release(d.ack);
  release(d.answer);
  dialogs.give(d);
}

/**
 * Keeps the lines of the dialog and makes it findable. `routes` are whole Route lines. False, with the
 * dialog as it was, if there is no memory for them.
 */
export function keepLines(
  d: Dialog,
  callId: Slice,
  localTag: Slice,
  remoteTag: Slice,
  local: Slice,
  remote: Slice,
  routes: Slice,
): bool {
  const from = mark();
  put(callId);
  put(localTag);
  put(remoteTag);
  put(local);
  put(remote);
  put(routes);
  const lines = keep(written(from));
  rewind(from);
  if (!isPresent(lines)) return false;
  if (isPresent(d.lines)) {
    unlink(d);
    release(d.lines);
  }
  d.lines = lines;
  let at = start(lines);
  d.callId = slice(at, size(callId));
  at += size(callId);
  d.localTag = slice(at, size(localTag));
  at += size(localTag);
  d.remoteTag = slice(at, size(remoteTag));
  at += size(remoteTag);
  d.local = slice(at, size(local));
  at += size(local);
  d.remote = slice(at, size(remote));
  at += size(remote);
  d.routes = slice(at, size(routes));
  link(d);
  return true;
}

/** Where the next request goes; false, with the address as it was, if there is no memory. */
export function keepAddress(d: Dialog, address: Slice, port: i32): bool {
  d.address = replaced(d.address, address);
  d.port = port;
  return equals(d.address, address);
}

/** The same with the transport, and the name by which the other end is judged. */
export function keepHop(d: Dialog, transport: Transport, address: Slice, port: i32, serverName: Slice): bool {
  d.transport = transport;
  d.serverName = replaced(d.serverName, serverName);
  return keepAddress(d, address, port);
}

export function keepTarget(d: Dialog, uri: Slice): bool {
  d.target = replaced(d.target, uri);
  return equals(d.target, uri);
}

/** A kept copy instead of the old one; the old one if there is no memory. */
export function replaced(old: Slice, bytes: Slice): Slice {
  if (equals(old, bytes)) return old;
  const kept = keep(bytes);
  if (!isPresent(kept)) return old;
  release(old);
  return kept;
}

/** The flow to the next hop, connected anew where the last one is gone; null if there can't be one. */
export function flowOf(d: Dialog): Flow | null {
  const flow = findFlow(d.flow);
  if (flow && leadsThere(flow, d)) return flow;
  const other = flowTo(d.transport, d.address, d.port, d.serverName);
  if (other) d.flow = other.handle;
  return other;
}

function leadsThere(flow: Flow, d: Dialog): bool {
  if (flow.transport != d.transport) return false;
  if (!flow.isReliable) return flow.isIPv6 == isIPv6(d.address);
  return (flow.peerPort == d.port || flow.reusePort == d.port) && equals(flow.peerAddress, d.address);
}

/** The dialog of these identifiers; `remoteTag` may be EMPTY for a peer of RFC 2543. */
export function matchDialog(callId: Slice, localTag: Slice, remoteTag: Slice): Dialog | null {
  let place = load<u32>(bucketOf(callId, localTag));
  while (place) {
    const d = dialogs.at(place - 1);
    if (equals(d.callId, callId) && equals(d.localTag, localTag) && sameTag(d.remoteTag, remoteTag)) return d;
    place = d.nextInBucket;
  }
  return null;
}

// Tags compare without regard to case (RFC 3261 §7.3.1: a token).
function sameTag(a: Slice, b: Slice): bool {
  return equalsIgnoringCase(a, b);
}

function bucketOf(callId: Slice, localTag: Slice): usize {
  return buckets + (((<u32>sipHash(localTag, sipHash(callId))) & bucketMask) << 2);
}

function indexOf(d: Dialog): u32 {
  return d.handle & ((1 << 17) - 1);
}

function link(d: Dialog): void {
  count(Counter.Changes);
  const bucket = bucketOf(d.callId, d.localTag);
  d.nextInBucket = load<u32>(bucket);
  store<u32>(bucket, indexOf(d) + 1);
}

function unlink(d: Dialog): void {
  count(Counter.Changes);
  const bucket = bucketOf(d.callId, d.localTag);
  const place = indexOf(d) + 1;
  let at = load<u32>(bucket);
  if (at == place) return store<u32>(bucket, d.nextInBucket);
  while (at) {
    const before = dialogs.at(at - 1);
    if (before.nextInBucket == place) {
      before.nextInBucket = d.nextInBucket;
      return;
    }
    at = before.nextInBucket;
  }
}

export function dialogPlaces(): u32 {
  return dialogs.reached;
}

/** The flow of the dialog at a place, to walk over all of them; 0 where there is none. */
export function flowOfDialog(place: u32): u32 {
  return dialogs.isUsed(place) ? dialogs.at(place).flow : 0;
}
