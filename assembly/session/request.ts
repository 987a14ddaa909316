// Requests of a call: the headers that all of them carry, and the transaction that sends them.

import { equals, isPresent, Slice, w } from "../bytes/slice";
import { keep, release } from "../bytes/blocks";
import { chooseChallenge, chosenValue } from "../auth/choose";
import { writeCredentials } from "../auth/credentials";
import { mayRetry } from "../auth/attempt";
import { Dialog } from "../dialog/dialog";
import { beginRequest, branch, nextSequence } from "../dialog/in-dialog-request";
import { Challenge, newChallenge, parseChallenge } from "../message/challenge";
import { Message } from "../message/message";
import { Method, methodName } from "../message/method";
import { putBody, putHeader } from "../message/write";
import { mark, put, sayBytes, written } from "../output/output";
import { Key } from "../settings/keys";
import { number, text } from "../settings/settings";
import { nowMs } from "../time/clock";
import { createClient, Transaction, useTimers } from "../transaction/transaction";
import { findFlow } from "../transport/flow";
import { Call } from "./call";
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
}

let challenge: Challenge = changetype<Challenge>(0);

export function openRequests(): void {
  challenge = newChallenge();
}

/** T1, T2 and T4 of the account for the transactions that come next. */
export function useAccountTimers(account: i32): void {
  useTimers(
    number(Key.TimerT1, account),
    number(Key.TimerT2, account),
    number(Key.TimerT4, account),
  );
}

/** Contact, Allow, Supported: who we are and what we can do. */
export function putAbilities(call: Call, d: Dialog): void {
  putHeader(w("Contact"), d.contact);
  putAllow(call.account);
  putSupported(offersTimer(call.timer));
}

export function putAllow(account: i32): void {
  put(w("Allow: INVITE, ACK, CANCEL, BYE, OPTIONS"));
  if (number(Key.SessionTimerAllowUpdate, account)) put(w(", UPDATE"));
  put(w("\r\n"));
}

export function putSupported(timer: bool): void {
  put(w("User-Agent: Ringlet\r\n"));
  if (timer) put(w("Supported: timer\r\n"));
}

/** Sends a request of the dialog with its body, or none; null when it could not even be kept. */
export function send(
  call: Call,
  d: Dialog,
  method: Method,
  sequence: u32,
  body: Slice,
  purpose: Purpose,
): Transaction | null {
  const from = beginRequest(d, method, sequence);
  const key = branch;
  putAbilities(call, d);
  if (method == Method.Invite || method == Method.Update) writeTimerRequest(call.timer, method == Method.Invite && !d.isConfirmed);
  const credentials = mark();
  putCredentials(call, method, d.target);
  if (method == Method.Invite) keepCredentials(call, written(credentials));
  putBody(w("application/sdp"), body);
  return start(call, d, method, sequence, written(from), key, purpose);
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
  const flow = findFlow(d.flow);
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
  const bytes = written(from);
  release(d.ack);
  d.ack = keep(bytes);
  d.ackSequence = sequence;
  sayBytes(d.flow, d.address, d.port, bytes);
}

export function acknowledgeAgain(d: Dialog): void {
  if (isPresent(d.ack)) sayBytes(d.flow, d.address, d.port, d.ack);
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

/**
 * Notes the challenge of a 401 or 407. True if the request is worth sending once more: this challenge
 * can be answered, and the last answer to it was not simply wrong.
 */
export function noteChallenge(call: Call, m: Message): bool {
  if (!hasCredentials(call) || !chooseChallenge(m, challenge)) return false;
  const isProxy = m.status == 407;
  const before = isProxy ? call.proxyChallenge : call.serverChallenge;
  const nonce = challenge.nonce;
  const isStale = challenge.stale;
  const value = chosenValue;
  const isSameNonce = isPresent(before) && parseChallenge(before, challenge) && equals(challenge.nonce, nonce);
  if (isPresent(before) && !mayRetry(call.attempts, isStale, isSameNonce)) return false;
  const kept = keep(value);
  if (!isPresent(kept)) return false;
  release(before);
  if (isProxy) call.proxyChallenge = kept;
  else call.serverChallenge = kept;
  call.attempts++;
  call.nonceCount = 0;
  return true;
}

function hasCredentials(call: Call): bool {
  return isPresent(text(Key.Password, call.account)) || isPresent(text(Key.AuthName, call.account));
}

/** Answers to every challenge that this call has met, so that the next request needs no second try. */
export function putCredentials(call: Call, method: Method, uri: Slice): void {
  if (!isPresent(call.serverChallenge) && !isPresent(call.proxyChallenge)) return;
  call.nonceCount++;
  putCredentialsFor(call, call.serverChallenge, false, method, uri);
  putCredentialsFor(call, call.proxyChallenge, true, method, uri);
}

function putCredentialsFor(call: Call, value: Slice, isProxy: bool, method: Method, uri: Slice): void {
  if (!isPresent(value) || !parseChallenge(value, challenge)) return;
  writeCredentials(
    challenge,
    isProxy,
    methodName(method),
    uri,
    authName(call.account),
    text(Key.Password, call.account),
    call.nonceCount,
  );
}

/** auth_name, or else user_name. */
function authName(account: i32): Slice {
  const name = text(Key.AuthName, account);
  return isPresent(name) ? name : text(Key.UserName, account);
}
