// A request that is too large for UDP leaves over TCP (RFC 3261 §18.1.1). Where nobody takes it there it goes on
// over UDP, in the same transaction, and so do the next ones to that place.

import { findByte } from "../bytes/scan";
import { end, size, Slice, slice, start, startsWithIgnoringCase, w } from "../bytes/slice";
import { Transport } from "../output/abi-numbers";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { bar, isBarred, LARGE_REQUEST } from "../transport/barred";
import { flowTo, hurry } from "../transport/connection";
import { findFlow } from "../transport/flow";
import { resend, startRetransmitting, State, Transaction, TransactionKind } from "./transaction";

/** Largest request for a path of unknown MTU, in bytes. */
const MOST_OVER_UDP: i32 = 1300;
/** UDP has waited for so long when the connection is given up. */
const CONNECT_MS: i64 = 2_000;
const REMEMBERED_MS: i64 = 3_600_000;

let isPermitted: bool = true;

/** Whether the transactions that are made from now on may leave UDP. */
export function permitTcp(isOn: bool): void {
  isPermitted = isOn;
}

/** Before it is sent: turns the transaction and its request to TCP, if that is due. */
export function leaveUdp(t: Transaction, bytes: Slice, address: Slice): void {
  if (!isPermitted || t.isReliable || size(bytes) <= MOST_OVER_UDP) return;
  if (isBarred(LARGE_REQUEST, address, t.port) || !isSentOver(bytes, w("UDP"))) return;
  const flow = flowTo(Transport.Tcp, address, t.port, address);
  if (!flow) return;
  hurry(flow, CONNECT_MS);
  t.udpFlow = t.flow;
  t.flow = flow.handle;
  t.isReliable = true;
  writeTransport(bytes, w("TCP"));
}

/** Its connection is gone: the request goes on over UDP. False for one that did not leave it, or was answered. */
export function returnToUdp(t: Transaction): bool {
  if (!t.udpFlow || t.state > State.Trying || !findFlow(t.udpFlow)) return false;
  bar(LARGE_REQUEST, t.address, t.port, nowMs() + REMEMBERED_MS);
  t.flow = t.udpFlow;
  t.udpFlow = 0;
  t.isReliable = false;
  writeTransport(t.message, w("UDP"));
  resend(t);
  startRetransmitting(t, t.kind == TransactionKind.InviteClient ? Timer.A : Timer.E, nowMs());
  return true;
}

/** Where the transport stands in the topmost Via of a request of ours, which is its first header. */
function transportOf(bytes: Slice): usize {
  return findByte(start(bytes), end(bytes), 10) + 1 + size(w("Via: SIP/2.0/"));
}

function isSentOver(bytes: Slice, name: Slice): bool {
  const at = transportOf(bytes);
  return at + 3 < end(bytes) && startsWithIgnoringCase(slice(at, 3), name);
}

function writeTransport(bytes: Slice, name: Slice): void {
  memory.copy(transportOf(bytes), start(name), 3);
}
