// Asks a STUN server how our packets look from outside (RFC 5389 §7.2.1), from the socket that carries SIP, and again
// every nat.udp_update_time: that keeps the NAT open too, and shows when it has given us another address.
//
//            start           address found            answer
//     Idle -----------> Locating ------> Asking -------------> Waiting --- time ---> Locating
//                          \                 \ seven tries        ^
//                           +-----------------+-------------------+

import { setMapping, stunPort, stunServer, wantsMapping } from "../account/public-address";
import { EMPTY, equals, isPresent, size, Slice } from "../bytes/slice";
import { keep, release } from "../bytes/blocks";
import { reserve } from "../bytes/arena";
import { randomBits } from "../crypto/random";
import { Kind, openPool, Pool, Pooled } from "../handle/pool";
import { mark, rewind, sayBytes, written } from "../output/output";
import { renewAccount } from "../registration/registrations";
import { ACCOUNTS, Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Deadline, newDeadline } from "../time/deadlines";
import { Timer } from "../time/timer";
import { flowTo } from "../transport/connection";
import { endSearch, findSearch, Found, goOn, Search, startSearch, Wanted } from "../transport/destination";
import {
  Binding,
  mappedAddress,
  mappedPort,
  putBindingRequest,
  readBinding,
  STUN_ID_BYTES,
} from "../transport/stun";

// RFC 5389 §7.2.1: seven requests, each wait twice the one before, and sixteen times the first after the last.
const FIRST_WAIT_MS: i64 = 500;
const MOST_TRIES: i32 = 7;
const LAST_WAIT_MS: i64 = 16 * FIRST_WAIT_MS;
/** Registrations wait no longer for the first answer. */
const PATIENT_TRIES: i32 = 3;
/** How long a host may take to answer. */
const LOOKUP_MS: i64 = 10_000;

export const STUN_CLIENTS: u32 = <u32>ACCOUNTS;

const enum State {
  /** Not wanted. */
  Idle = 0,
  Locating,
  Asking,
  /** It has said what it has to say. */
  Waiting,
}

/** One for each account; of those with the same server the lowest asks for all. */
@unmanaged
class StunClient extends Pooled {
  // Made once, with the pool.
  account: i32;
  deadline: Deadline;
  /** Of the transaction. */
  id: usize;

  state: State;
  /** An answer, or none in time, has come since the start. */
  isSettled: bool;
  tries: i32;
  search: u32;
  flow: u32;
  port: i32;
  /** Of the server. Kept. */
  address: Slice;
}

let clients: Pool<StunClient> = changetype<Pool<StunClient>>(0);

/** Needs a deadline for each of them. */
export function openStunClients(): void {
  clients = openPool<StunClient>(Kind.Stun, STUN_CLIENTS);
  for (let account = 1; account <= ACCOUNTS; account++) {
    const c = clients.take()!;
    c.account = account;
    c.id = reserve(<usize>STUN_ID_BYTES);
    c.deadline = newDeadline();
    c.deadline.owner = c.handle;
  }
}

function clientOf(account: i32): StunClient {
  return clients.at(account - 1);
}

/** The sockets are there, or settings have changed: who should ask begins, who should not ends. */
export function reviewStun(): void {
  for (let account = 1; account <= ACCOUNTS; account++) {
    const c = clientOf(account);
    if (!isAsker(account)) stop(c);
    else if (c.state == State.Idle) locate(c);
  }
}

export function endStun(): void {
  for (let account = 1; account <= ACCOUNTS; account++) stop(clientOf(account));
}

/** Nothing that a registration would have to wait for is under way. */
export function isStunSettled(): bool {
  for (let account = 1; account <= ACCOUNTS; account++) {
    const c = clientOf(account);
    if (c.state != State.Idle && !c.isSettled) return false;
  }
  return true;
}

function isAsker(account: i32): bool {
  if (!wants(account)) return false;
  for (let lower = 1; lower < account; lower++) {
    if (wants(lower) && hasSameServer(lower, account)) return false;
  }
  return true;
}

function wants(account: i32): bool {
  return number(Key.Enable, account) != 0 && wantsMapping(account);
}

function hasSameServer(one: i32, other: i32): bool {
  return stunPort(one) == stunPort(other) && equals(stunServer(one), stunServer(other));
}

function stop(c: StunClient): void {
  if (c.state == State.Idle) return;
  c.deadline.stop();
  forgetSearch(c);
  c.state = State.Idle;
  c.isSettled = false;
}

function forgetSearch(c: StunClient): void {
  const s = findSearch(c.search);
  if (s) endSearch(s);
  c.search = 0;
}

// ---- its server ----

function locate(c: StunClient): void {
  c.state = State.Locating;
  const s = startSearch(c.handle, stunServer(c.account), stunPort(c.account), Wanted.Udp, false);
  if (!s) return fail(c);
  c.search = s.handle;
  c.deadline.arm(Timer.Resolve, nowMs() + LOOKUP_MS);
  take(c, s, goOn(s));
}

/** The host's answer to a lookup of the client; false if it is nobody's. */
export function receiveStunTargets(owner: u32): bool {
  const c = clients.find(owner);
  const s = c ? findSearch(c.search) : null;
  if (!c || !s) return false;
  if (c.state == State.Locating) take(c, s, goOn(s));
  return true;
}

function take(c: StunClient, s: Search, found: Found): void {
  if (found == Found.Wait) return;
  const flow = found == Found.Yes ? flowTo(s.transport, s.address, s.port, EMPTY) : null;
  release(c.address);
  c.address = flow ? keep(s.address) : EMPTY;
  c.port = s.port;
  forgetSearch(c);
  if (!flow || !isPresent(c.address)) return fail(c);
  c.flow = flow.handle;
  begin(c);
}

// ---- its answer ----

function begin(c: StunClient): void {
  c.state = State.Asking;
  c.tries = 0;
  for (let i: usize = 0; i < <usize>STUN_ID_BYTES; i += 4) store<u32>(c.id + i, randomBits());
  ask(c);
}

function ask(c: StunClient): void {
  const from = mark();
  putBindingRequest(c.id);
  const request = written(from);
  if (size(request)) sayBytes(c.flow, c.address, c.port, request);
  else rewind(from);
  c.tries++;
  const wait = c.tries == MOST_TRIES ? LAST_WAIT_MS : FIRST_WAIT_MS << (c.tries - 1);
  c.deadline.arm(Timer.Stun, nowMs() + wait);
}

/** A deadline has passed. */
export function fireStun(handle: u32): void {
  const c = clients.find(handle);
  if (!c) return;
  if (c.state == State.Waiting) return locate(c);
  if (c.state == State.Locating || c.tries == MOST_TRIES) return fail(c);
  if (c.tries == PATIENT_TRIES) c.isSettled = true;
  ask(c);
}

/** Its deadline could not be run: asked again when the time has come. */
export function skipStun(handle: u32): void {
  const c = clients.find(handle);
  if (c) fail(c);
}

/** STUN came in on a socket, from whomever: only the id counts, which nobody else knows. False if nobody waits for it. */
export function receiveStun(flow: u32, bytes: Slice): bool {
  for (let account = 1; account <= ACCOUNTS; account++) {
    const c = clientOf(account);
    if (c.state != State.Asking || c.flow != flow) continue;
    const from = mark();
    const binding = readBinding(bytes, c.id);
    if (binding == Binding.Success) say(c, mappedAddress, mappedPort);
    else if (binding == Binding.Failure) fail(c);
    rewind(from);
    if (binding != Binding.Other) return true;
  }
  return false;
}

/** What it said before stands: that the server is silent does not move our address. */
function fail(c: StunClient): void {
  forgetSearch(c);
  settle(c);
}

/** For all accounts with this server; those that are registered say so where their address is another one now. */
function say(c: StunClient, address: Slice, port: i32): void {
  settle(c);
  for (let account = c.account; account <= ACCOUNTS; account++) {
    if (!wants(account) || !hasSameServer(account, c.account)) continue;
    if (setMapping(account, c.flow, address, port)) renewAccount(account);
  }
}

function settle(c: StunClient): void {
  c.state = State.Waiting;
  c.isSettled = true;
  c.deadline.arm(Timer.Stun, nowMs() + <i64>number(Key.NatUpdateTime, c.account) * 1000);
}
