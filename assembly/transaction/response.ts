// Sending a response to a request of the peer.
//
//   const from = beginResponse(t, 200, EMPTY, tag);
//   putHeader(...); putBody(...);
//   sendResponse(t, from, 200, now);

import { keep, release } from "../bytes/blocks";
import { between, EMPTY, end, isPresent, size, slice, Slice, start, w } from "../bytes/slice";
import { sipHash } from "../crypto/sip-hash";
import { putBody, putStatusLine } from "../message/write";
import { mark, put, putHex, putLine, rewind, sayBytes, written } from "../output/output";
import { enterInviteServer, inviteStateAfter } from "./invite-server";
import { fingerprintOf } from "./matching";
import { reachPeer } from "./response-way";
import { enterServer, serverStateAfter } from "./server";
import { resend, State, Transaction, TransactionKind, Verdict } from "./transaction";

const ownTag = memory.data(8, 8);

/**
 * Writes the status line and the head; more headers and a body follow. `reason` EMPTY: the usual phrase.
 * `toTag` is appended to To if the request had none, but not to a 100; EMPTY: one that is the same in every
 * response to this request, since there must be one (RFC 3261 §8.2.6.2). Answers the mark.
 */
export function beginResponse(t: Transaction, status: i32, reason: Slice, toTag: Slice): usize {
  const from = mark();
  const routes = t.recordRoutes;
  putStatusLine(status, reason);
  put(between(start(t.head), start(routes)));
  if (status > 100 && status < 300) put(routes);
  put(between(end(routes), end(t.head)));
  if (status > 100 && !t.hasToTag) putTag(t, toTag);
  putLine();
  return from;
}

function putTag(t: Transaction, toTag: Slice): void {
  put(w(";tag="));
  put(toTag);
  t.toTag = fingerprintOf(toTag);
  if (isPresent(toTag)) return;
  // Hashed once more, because nobody may learn what the table is sorted by.
  store<u64>(ownTag, sipHash(slice(changetype<usize>(t) + offsetof<Transaction>("key"), 8)));
  putHex(slice(ownTag, 8));
}

/**
 * Sends what was written since the mark and keeps it for retransmissions; without memory to keep it, it is
 * sent once. False, and nothing is sent, if it did not fit or the state permits no such response.
 */
export function sendResponse(t: Transaction, from: usize, status: i32, now: i64): bool {
  const bytes = written(from);
  const isInvite = t.kind == TransactionKind.InviteServer;
  const next = isInvite ? inviteStateAfter(t, status) : serverStateAfter(t, status);
  if (size(bytes) > 0 && next != State.Terminated) {
    send(t, bytes, next, now);
    return true;
  }
  rewind(from);
  return false;
}

/** A response without more headers and without a body. */
export function respond(t: Transaction, status: i32, toTag: Slice, now: i64): bool {
  const from = beginResponse(t, status, EMPTY, toTag);
  putBody(EMPTY, EMPTY);
  return sendResponse(t, from, status, now);
}

/** The newest response once more: the core repeats its 2xx to INVITE (RFC 3261 §13.3.1.4). */
export function resendResponse(t: Transaction): bool {
  return resend(t);
}

/** The core has taken its time: 100, so that the peer sends no more requests. */
export function sendTrying(t: Transaction, now: i64): Verdict {
  const from = beginResponse(t, 100, EMPTY, EMPTY);
  putBody(EMPTY, EMPTY);
  const bytes = written(from);
  if (size(bytes) > 0) send(t, bytes, State.Proceeding, now);
  return Verdict.Absorb;
}

function send(t: Transaction, bytes: Slice, next: State, now: i64): void {
  release(t.message);
  t.message = keep(bytes);
  reachPeer(t);
  sayBytes(t.flow, t.address, t.port, bytes);
  if (t.kind == TransactionKind.InviteServer) enterInviteServer(t, next, now);
  else enterServer(t, next, now);
}
