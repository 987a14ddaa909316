// A transaction (RFC 3261 §17): one request and its responses, and how often they are sent.
//
// Four machines, one class, because they share one table: the kind says which machine runs. Each is a
// file of its own with its figure: invite-client, client, invite-server, server. What they answer to an
// input is a Verdict; nobody is called back. `owner` and `purpose` belong to the creator.

import { Slice } from "../bytes/slice";
import { Pooled } from "../handle/pool";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { Transport } from "../output/abi-numbers";
import { sayBytes } from "../output/output";
import { Deadline } from "../time/deadlines";
import { Timer } from "../time/timer";
import { clientFailed, fireClient, receiveClientResponse } from "./client";
import { fireInviteClient, inviteClientFailed, receiveInviteResponse } from "./invite-client";
import { fireInviteServer, receiveInviteRequest } from "./invite-server";
import { sendTrying } from "./response";
import { fireServer, receiveServerRequest, serverFailed } from "./server";
import { reachPeer } from "./response-way";
import { destroy } from "./table";

export { createClient, createServer, useTimers } from "./create";
export { findClient, findInviteToCancel, findServer, fingerprintOf, isMerged } from "./matching";
export {
  DEADLINES_PER_TRANSACTION,
  destroy,
  findTransaction,
  openTransactions,
  transactionsInUse,
} from "./table";

export const enum TransactionKind {
  InviteClient = 0,
  /** Any other request of ours. */
  Client,
  InviteServer,
  /** Any other request of the peer. */
  Server,
}

export const enum State {
  /** INVITE client before any response. */
  Calling = 0,
  /** The same for the others. */
  Trying,
  Proceeding,
  /** A 2xx to INVITE went by (RFC 6026). */
  Accepted,
  Completed,
  /** INVITE server: ACK received. */
  Confirmed,
  /** In no table any more; the next tick gives it back. */
  Terminated,
}

/** What the core has to do after an input. */
export const enum Verdict {
  /** Nothing: a retransmission, answered where an answer was due. */
  Absorb = 0,
  /** Handle this message: a response, or the ACK to a 2xx. */
  Pass,
  /** The peer has acknowledged our 300-699. */
  Acknowledged,
  /** No answer for 64*T1, which counts as 408 (RFC 3261 §8.1.3.1); for a server: no ACK. Terminated. */
  TimedOut,
  /** The transport failed, which counts as 503. Terminated, but for an INVITE server, which goes on. */
  Failed,
  /** The transaction was given back: don't touch it. */
  Gone,
}


@unmanaged
export class Transaction extends Pooled {
  // Made once, with the pool.
  /** Timers A, E, G and the 100 that a server sends by itself. */
  retransmit: Deadline;
  /** All others. */
  timeout: Deadline;

  // Everything from here on is zeroed when it is taken.
  kind: TransactionKind;
  state: State;
  /** Handle of whoever made it; 0 for none. */
  owner: u32;
  purpose: u8;
  /** Answers to challenges so far: the creator's. */
  attempts: u8;
  isReliable: bool;
  /** Server: the request had a To tag. */
  hasToTag: bool;
  method: Method;
  cseq: u32;
  flow: u32;
  /** Client: the flow that it has left for TCP because of its size; 0 if it has not. */
  udpFlow: u32;
  port: i32;
  /** Server on a connection: how the peer is reached when that is gone. */
  transport: Transport;
  sentByPort: i32;
  /** Where it sends. Kept. */
  address: Slice;
  // Milliseconds.
  t1: i32;
  t2: i32;
  t4: i32;
  /** What the running retransmission timer was armed with, ms. */
  interval: i32;
  /** Fingerprint by which messages find it. */
  key: u64;
  /** Server: fingerprint of a request without To tag that came another way (§8.2.2.2); or 0. */
  mergeKey: u64;
  /** Fingerprint of the To tag: the core's or the request's, or that of our call's 2xx; 0 for none. */
  toTag: u64;
  /** Client: the request, and after 300-699 to INVITE its ACK. Server: the newest response. Kept. */
  message: Slice;
  /** Server: the header rows that every response repeats, To last and without its CRLF. Kept. */
  head: Slice;
  /** The Record-Route rows inside the head. */
  recordRoutes: Slice;
  nextByKey: Transaction | null;
  nextByMergeKey: Transaction | null;
  /** Neighbours in the list of those that may be recycled. */
  older: Transaction | null;
  newer: Transaction | null;

  get isServer(): bool {
    return this.kind >= TransactionKind.InviteServer;
  }

  /** 64*T1: how long either side waits for the other, ms. */
  get patience(): i64 {
    return (<i64>this.t1) << 6;
  }

  /** No final response was sent or received. */
  get isOpen(): bool {
    return this.state <= State.Proceeding;
  }

  /** A response that findClient matched with it. */
  receiveResponse(m: Message, now: i64): Verdict {
    const isInvite = this.kind == TransactionKind.InviteClient;
    return isInvite ? receiveInviteResponse(this, m, now) : receiveClientResponse(this, m, now);
  }

  /** A retransmission, or an ACK, that findServer matched with it. */
  receiveRequest(m: Message, now: i64): Verdict {
    const isInvite = this.kind == TransactionKind.InviteServer;
    return isInvite ? receiveInviteRequest(this, m, now) : receiveServerRequest(this);
  }

  /** One of its two deadlines has passed. */
  fire(timer: Timer, now: i64): Verdict {
    if (timer == Timer.Trying) return sendTrying(this, now);
    switch (this.state == State.Terminated ? -1 : this.kind) {
      case TransactionKind.InviteClient:
        return fireInviteClient(this, timer, now);
      case TransactionKind.Client:
        return fireClient(this, timer, now);
      case TransactionKind.InviteServer:
        return fireInviteServer(this, timer, now);
      case TransactionKind.Server:
        return fireServer(this);
      default:
        return expire(this);
    }
  }

  /** What it sent last could not be delivered, or its flow was closed. */
  transportFailed(now: i64): Verdict {
    if (this.state == State.Terminated) return Verdict.Absorb;
    switch (this.kind) {
      case TransactionKind.InviteClient:
        return inviteClientFailed(this, now);
      case TransactionKind.Client:
        return clientFailed(this, now);
      case TransactionKind.Server:
        return serverFailed(this, now);
      default:
        // RFC 6026 §7.1: it stays, or a retransmission of the INVITE would look like a new one.
        return Verdict.Failed;
    }
  }
}

/** The creator can't wait as long as B or F would; no effect while neither runs. */
export function limitTimeout(t: Transaction, at: i64): void {
  const timeout = t.timeout;
  if (!timeout.isArmed(Timer.B) && !timeout.isArmed(Timer.F)) return;
  if (at < timeout.when) timeout.arm(timeout.timer, at);
}

/** Its time is over. */
export function expire(t: Transaction): Verdict {
  destroy(t);
  return Verdict.Gone;
}

/** Sends what it keeps; false when there was no memory to keep it. */
export function resend(t: Transaction): bool {
  const bytes = t.message;
  if (!bytes) return false;
  reachPeer(t);
  sayBytes(t.flow, t.address, t.port, bytes);
  return true;
}

/** Begins to repeat what was just sent, unless the transport does. */
export function startRetransmitting(t: Transaction, timer: Timer, now: i64): void {
  if (t.isReliable) return;
  t.interval = t.t1;
  t.retransmit.arm(timer, now + t.interval);
}

/** Sends it again; the next wait is twice as long, but at most `cap` ms. */
export function retransmit(t: Transaction, timer: Timer, cap: i32, now: i64): Verdict {
  resend(t);
  t.interval = min(t.interval << 1, cap);
  t.retransmit.arm(timer, now + t.interval);
  return Verdict.Absorb;
}
