// A registration (RFC 3261 §10): one account at one of its servers, from the start of the phone to its end.
//
// The state and its figure are in state.ts, what a REGISTER says in register.ts, where it goes in hop.ts, what
// comes back in response.ts, when the next one is due in pace.ts.

import { SERVERS } from "../account/servers";
import { Way, wayTo } from "../account/way";
import { Attempts, newAttempts } from "../auth/attempts";
import { release } from "../bytes/blocks";
import { EMPTY, Slice } from "../bytes/slice";
import { Kind, openPool, Pool, Pooled } from "../handle/pool";
import { Counter } from "../output/abi-numbers";
import { count } from "../output/counters";
import { ACCOUNTS } from "../settings/keys";
import { Deadline, newDeadline } from "../time/deadlines";
import { FailureRule } from "./failure-rule";
import { Happening, State, stateAfter } from "./state";

export const REGISTRATIONS: u32 = <u32>(ACCOUNTS * SERVERS);
export const DEADLINES_PER_REGISTRATION: u32 = 2;

/** What the REGISTER that is open is for. */
export const enum Purpose {
  Register = 0,
  /** Removes every binding of before the phone was switched on. */
  Clear,
  /** Removes ours. */
  Unregister,
}


@unmanaged
export class Registration extends Pooled {
  // Made once, with the pool.
  account: i32;
  /** 1 or 2. */
  server: i32;
  way: Way;
  attempts: Attempts;
  /** The next step of the present state: refresh, another try, a lookup that takes too long. */
  due: Deadline;
  /** When the first server or proxy is tried again. */
  failback: Deadline;

  state: State;
  /** The user has unregistered it: it stays off until he registers it. */
  isSwitchedOff: bool;
  /** Server 2 of two that are used one after the other: the first has failed. */
  isEngaged: bool;
  /** unregister_on_reboot, and not done yet. */
  clearsFirst: bool;
  /** Hash of the settings that its requests are made from. */
  identity: u64;
  /** The same for the phone's life (§10.2). Kept. */
  callId: Slice;
  fromTag: Slice;
  cseq: u32;

  // The request that is open.
  transaction: u32;
  /** What to ask for after 423, in seconds; 0 for what the settings say. */
  leastExpires: i64;
  /** Seconds asked for by the newest REGISTER. */
  asked: i64;
  /** A first hop does without RFC 5626 (439). */
  lacksOutbound: bool;
  /** Answers after which it was sent once more: 423, 439, 3xx. */
  resends: i32;
  /** Where a 3xx has led; EMPTY for nowhere. Kept. */
  redirect: Slice;

  // The hop that is tried, or in use.
  search: u32;
  /** 1 or 2: the outbound proxy whose targets are tried; 0 where there is none. */
  proxy: i32;
  /** The URI that the registrar has bound. Kept. */
  bound: Slice;
  /** Not before then is the binding renewed again because our address has become another one. */
  nextMoveMs: i64;
  /** The target is not the one that comes first. */
  isAway: bool;
  /** It is time to go back to the first, as soon as that disturbs nobody. */
  wantsBack: bool;
  /** Why the hop before was left. */
  hopRule: FailureRule;
  hopStatus: i32;
  query: u32;
  flow: u32;
  port: i32;
  /** Kept. */
  address: Slice;
  localAddress: Slice;

  // How it went.
  /** Tries in a row that came to nothing. */
  failures: i32;
  /** Flows lost in a row, with no refresh between them. */
  lostFlows: i32;
  /** What was said last of a failure. */
  saidRule: FailureRule;
  saidStatus: i32;
  /** account.registered was said and nothing else since. */
  isSaid: bool;

  /** The binding is there, as far as we know. */
  get isBound(): bool {
    return this.way.isRegistered;
  }
}

let registrations: Pool<Registration> = changetype<Pool<Registration>>(0);

/** Needs DEADLINES_PER_REGISTRATION deadlines for each of them, and the ways. */
export function openRegistrations(): void {
  registrations = openPool<Registration>(Kind.Registration, REGISTRATIONS);
  for (let account = 1; account <= ACCOUNTS; account++) {
    for (let server = 1; server <= SERVERS; server++) open(registrations.take()!, account, server);
  }
}

function open(r: Registration, account: i32, server: i32): void {
  r.account = account;
  r.server = server;
  r.way = wayTo(account, server);
  r.attempts = newAttempts();
  r.due = newDeadline();
  r.failback = newDeadline();
  r.due.owner = r.handle;
  r.failback.owner = r.handle;
}

export function findRegistration(handle: u32): Registration | null {
  return registrations.find(handle);
}

export function registrationAt(place: u32): Registration {
  return registrations.at(place);
}

/** That of an account at its server 1 or 2. */
export function registrationOf(account: i32, server: i32): Registration {
  return registrations.at((account - 1) * SERVERS + server - 1);
}

/** The only place where the state changes. False if it does not. */
export function enter(r: Registration, happening: Happening): bool {
  const before = r.state;
  r.state = stateAfter(before, happening);
  if (r.state == before) return false;
  count(Counter.Changes);
  return true;
}

export function forgetRedirect(r: Registration): void {
  release(r.redirect);
  r.redirect = EMPTY;
}
