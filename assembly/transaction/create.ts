// Making transactions: for a request of ours, and for one that arrived.

import { keep } from "../bytes/blocks";
import { isPresent, Slice } from "../bytes/slice";
import { Message } from "../message/message";
import { Method, methodName } from "../message/method";
import { sayBytes } from "../output/output";
import { startClient } from "./client";
import { startInviteClient } from "./invite-client";
import { startInviteServer } from "./invite-server";
import { clientKey, identify } from "./matching";
import { leaveUdp } from "./large-request";
import { keepHead, replyPort } from "./response-head";
import { noteWay } from "./response-way";
import { startServer } from "./server";
import { destroy, enterTables, takeTransaction } from "./table";
import { Transaction, TransactionKind } from "./transaction";

// Milliseconds (RFC 3261 Table 4).
let t1: i32 = 500;
let t2: i32 = 4000;
let t4: i32 = 5000;

/** T1, T2 and T4 of the transactions that are made from now on, ms. */
export function useTimers(t1Ms: i32, t2Ms: i32, t4Ms: i32): void {
  t1 = max(t1Ms, 1);
  t2 = max(t2Ms, t1);
  t4 = max(t4Ms, 0);
}

/**
 * Sends a request and waits for its responses. `branch`: of its topmost Via. null, and nothing is sent,
 * when the table is full of open transactions or there is no memory to keep the request.
 */
export function createClient(
  bytes: Slice,
  method: Method,
  branch: Slice,
  cseq: u32,
  flow: u32,
  isReliable: bool,
  address: Slice,
  port: i32,
  owner: u32,
  purpose: i32,
  now: i64,
): Transaction | null {
  const isInvite = method == Method.Invite;
  const t = take(isInvite ? TransactionKind.InviteClient : TransactionKind.Client, flow, isReliable, true);
  if (!t) return null;
  t.method = method;
  t.cseq = cseq;
  t.port = port;
  t.owner = owner;
  t.purpose = <u8>purpose;
  t.key = clientKey(branch, methodName(method));
  leaveUdp(t, bytes, address);
  t.message = keep(bytes);
  if (!isPresent(t.message) || !enter(t, address)) return refuse(t);
  sayBytes(t.flow, t.address, port, bytes);
  if (isInvite) startInviteClient(t, now);
  else startClient(t, now);
  return t;
}

/**
 * For a request that findServer knows nothing of; not for ACK. `source`: where it came from, an address as
 * text. `isUrgent`: it belongs to a dialog. null when there is no room, and for one without any Via.
 */
export function createServer(
  m: Message,
  flow: u32,
  isReliable: bool,
  source: Slice,
  sourcePort: i32,
  isUrgent: bool,
  now: i64,
): Transaction | null {
  const isInvite = m.method == Method.Invite;
  const kind = isInvite ? TransactionKind.InviteServer : TransactionKind.Server;
  const t = take(kind, flow, isReliable, isUrgent);
  if (!t) return null;
  identify(t, m);
  // A stream answers itself.
  t.port = isReliable ? sourcePort : replyPort(sourcePort);
  if (isReliable) noteWay(t);
  if (!keepHead(t, m, source, sourcePort) || !enter(t, source)) return refuse(t);
  if (isInvite) startInviteServer(t, now);
  else startServer(t, now);
  return t;
}

function take(kind: TransactionKind, flow: u32, isReliable: bool, isUrgent: bool): Transaction | null {
  const t = takeTransaction(isUrgent);
  if (!t) return null;
  t.kind = kind;
  t.flow = flow;
  t.isReliable = isReliable;
  t.t1 = t1;
  t.t2 = t2;
  t.t4 = t4;
  return t;
}

/** False when there is no memory for the address. */
function enter(t: Transaction, address: Slice): bool {
  t.address = keep(address);
  if (!isPresent(t.address)) return false;
  enterTables(t);
  return true;
}

function refuse(t: Transaction): Transaction | null {
  destroy(t);
  return null;
}
