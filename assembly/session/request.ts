// Requests of a call: the headers that all of them carry, and the transaction that sends them.

import { authName, hasCredentials, password } from "../account/credentials";
import { useAccountTimers } from "../account/servers";
import { EMPTY, isPresent, Slice, w } from "../bytes/slice";
import { keep, release } from "../bytes/blocks";
import * as auth from "../auth/attempts";
import { Dialog, flowOf } from "../dialog/dialog";
import { beginRequest, branch, nextSequence, requestUri } from "../dialog/in-dialog-request";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { putBody, putHeader } from "../message/write";
import { mark, put, putLine, sayBytes, written } from "../output/output";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { createClient, Transaction } from "../transaction/transaction";
import { Call } from "./call";
import { putInviteHeaders } from "./invite-headers";
import { offersTimer } from "./session-timer";
import { writeTimerRequest } from "./timer-request";

/** What a client transaction of a call is for. */
export const enum Purpose {
  None = 0,
  Invite,
  Change,
  Bye,
  /** BYE of a dialog that lost to another fork, or that nobody wants any more. */
  ByeFork,
  Cancel,
  /** An INVITE that went unanswered and made way for one to another target. */
  InviteLeft,
  /** The same of a change. */
  ChangeLeft,
  Refer,
  Notify,
  Prack,
  Info,
}

/** Contact, Allow, Supported: who we are and what we can do. */
export function putAbilities(call: Call, d: Dialog, isReInvite: bool = false): void {
  putHeader(w("Contact"), d.contact);
  putAllow(call.account);
  putExtensions(call, isReInvite);
}

// To a re-INVITE nobody shall ring reliably: its answer is in the 2xx, or there is none.
function putExtensions(call: Call, isReInvite: bool): void {
  putSupported(offersTimer(call.timer), !isReInvite && number(Key.Reliable, call.account) != 0);
}

export function putAllow(account: i32): void {
  put(w("Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, MESSAGE, INFO"));
  if (number(Key.ReferEnable, account)) put(w(", REFER"));
  if (number(Key.SessionTimerAllowUpdate, account)) put(w(", UPDATE"));
  if (number(Key.Reliable, account)) put(w(", PRACK"));
  put(w("\r\nAllow-Events: talk, hold\r\n"));
}

export function putSupported(timer: bool, reliable: bool = false): void {
  put(w("User-Agent: Ringlet\r\nSupported: replaces, norefersub"));
  if (timer) put(w(", timer"));
  if (reliable) put(w(", 100rel"));
  putLine();
}

/** Sends a request of the dialog with more lines and its body, or none; null when it could not even be kept. */
export function send(
  call: Call,
  d: Dialog,
  method: Method,
  sequence: u32,
  body: Slice,
  purpose: Purpose,
  lines: Slice = EMPTY,
): Transaction | null {
  const from = beginRequest(d, method, sequence);
  const key = branch;
  const isReInvite = method == Method.Invite && d.isConfirmed;
  // Neither has a Contact (RFC 3261 Table 2, RFC 3262 §10).
  if (method == Method.Bye || method == Method.Prack) putExtensions(call, false);
  else putAbilities(call, d, isReInvite);
  if (method == Method.Invite || method == Method.Update)
    writeTimerRequest(call.timer, method == Method.Invite && !d.isConfirmed);
  if (method == Method.Invite && !d.isConfirmed) putInviteHeaders(call);
  put(lines);
  const credentials = mark();
  putCredentials(call, method, d, body);
  if (method == Method.Invite) keepCredentials(call, written(credentials));
  putBody(typeOf(call, method), body);
  return start(call, d, method, sequence, written(from), key, purpose);
}

/** Of a body in a request of that method. */
function typeOf(call: Call, method: Method): Slice {
  if (isPresent(call.bodyType)) return call.bodyType;
  if (method == Method.Notify) return w("message/sipfrag;version=2.0");
  if (method != Method.Info) return w("application/sdp");
  const isRelay = number(Key.DtmfInfoType, call.account) == 1;
  return isRelay ? w("application/dtmf-relay") : w("application/dtmf");
}

/** Hands a finished request to a new client transaction. */
export function start(
  call: Call,
  d: Dialog,
  method: Method,
  sequence: u32,
  bytes: Slice,
  key: Slice,
  purpose: Purpose,
): Transaction | null {
  const flow = flowOf(d);
  if (!flow) return null;
  useAccountTimers(call.account);
  const owner = purpose == Purpose.ByeFork ? d.handle : call.handle;
  return createClient(
    bytes,
    method,
    key,
    sequence,
    d.flow,
    flow.isReliable,
    d.address,
    d.port,
    owner,
    purpose,
    nowMs(),
  );
}

/**
 * Acknowledges a 2xx (RFC 3261 §13.2.2.4) and keeps the ACK for its retransmissions. The ACK
 * repeats the credentials of its INVITE to the letter (§22.1).
 */
export function acknowledge(call: Call, d: Dialog, sequence: u32, body: Slice): void {
  const from = beginRequest(d, Method.Ack, sequence);
  put(call.inviteCredentials);
  putBody(w("application/sdp"), body);
  release(d.ack);
  d.ack = keep(written(from));
  d.ackSequence = sequence;
  acknowledgeAgain(d);
}

export function acknowledgeAgain(d: Dialog): void {
  if (isPresent(d.ack) && flowOf(d)) sayBytes(d.flow, d.address, d.port, d.ack);
}

/** The dialog's next CSeq, for one more request. */
export function sequenceOf(d: Dialog): u32 {
  return nextSequence(d);
}

// ---- credentials ----

function keepCredentials(call: Call, lines: Slice): void {
  release(call.inviteCredentials);
  call.inviteCredentials = keep(lines);
}

/** Notes the challenges of a 401 or 407. True if the request is worth sending once more. */
export function noteChallenge(call: Call, m: Message): bool {
  return auth.noteChallenge(call.attempts, m, hasCredentials(call.account));
}

/** Answers to every challenge that this call has met. */
export function putCredentials(call: Call, method: Method, d: Dialog, body: Slice): void {
  auth.putCredentials(
    call.attempts,
    method,
    requestUri(d),
    authName(call.account),
    password(call.account),
    body,
  );
}
