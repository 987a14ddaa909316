// All registrations of the phone: which there should be, and what happens to each from outside.

import { serverHost, SERVERS } from "../account/servers";
import { Way } from "../account/way";
import { sipHash } from "../crypto/sip-hash";
import { EMPTY, equals, isPresent, Slice } from "../bytes/slice";
import { Key } from "../settings/keys";
import { number, text } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { FailureRule } from "./failure-rule";
import { hasBackup, hasOther, locate, locateWithout, takeLocalAddress } from "./hop";
import { surgeWait } from "../account/pace";
import { fail, lapse, leaveHop, proceed, renewMoved, searchAgain, start, unregister } from "./proceed";
import { enter, Registration, registrationAt, registrationOf, REGISTRATIONS } from "./registration";
import { Happening, State } from "./state";

/** How long the phone stays on for the answers when it is switched off. */
const STOP_MS: i64 = 2_000;
/** And how long an account that is switched off. 64*T1. */
const UNREGISTER_MS: i64 = 32_000;
/** A setting that others will follow: the registration begins anew when they are all there. */
const SETTLE_MS: i64 = 500;

let hasBegun: bool = false;
let isOff: bool = false;

// ---- which there should be ----

/** The sockets are there: all begin, each after a wait of its own where sip.reg_surge_prevention wants it. */
export function beginAll(): void {
  if (hasBegun) return;
  hasBegun = true;
  for (let place: u32 = 0; place < REGISTRATIONS; place++) {
    const r = registrationAt(place);
    r.identity = identityOf(r);
    if (!isWanted(r)) continue;
    r.clearsFirst = number(Key.UnregisterOnReboot, r.account) != 0;
    startLater(r, surgeWait(<i64>number(Key.RegSurgePrevention)));
  }
}

function startLater(r: Registration, waitMs: i64): void {
  if (waitMs == 0) return start(r);
  enter(r, Happening.Delay);
  r.due.arm(Timer.Register, nowMs() + waitMs);
}

/** Settings have changed: begins and ends what they ask for. */
export function reviewAll(): void {
  if (!hasBegun || isOff) return;
  for (let place: u32 = 0; place < REGISTRATIONS; place++) review(registrationAt(place));
}

function review(r: Registration): void {
  const identity = identityOf(r);
  const isOther = identity != r.identity;
  r.identity = identity;
  if (!isWanted(r)) {
    unregister(r, UNREGISTER_MS);
    return;
  }
  if (r.state == State.Idle) return start(r);
  if (!isOther) return;
  // Under the new name nobody could remove the binding of the old one: it lapses.
  lapse(r);
  r.failures = 0;
  r.leastExpires = 0;
  r.lacksOutbound = false;
  startLater(r, SETTLE_MS);
}

function isWanted(r: Registration): bool {
  const account = r.account;
  if (isOff || r.isSwitchedOff) return false;
  if (!number(Key.Enable, account) || !number(Key.RegisterEnable, account)) return false;
  if (!isPresent(serverHost(account, r.server))) return false;
  if (r.server == 1 || !isPresent(serverHost(account, 1))) return true;
  return number(Key.RedundancyType, account) == 0 || r.isEngaged;
}

/** What a change of it would make a different registration: names, servers and proxies, their ports and transports. */
function identityOf(r: Registration): u64 {
  const account = r.account;
  let hash: u64 = 0;
  for (let key = <i32>Key.UserName; key <= <i32>Key.OutboundProxyAddress2; key++)
    hash = sipHash(text(<Key>key, account), hash);
  for (let key = <i32>Key.SipServerPort; key <= <i32>Key.ServerTransport2; key++)
    hash = mixed(hash, number(<Key>key, account));
  for (let key = <i32>Key.OutboundProxyEnable; key <= <i32>Key.OutboundProxyPort2; key++)
    hash = mixed(hash, number(<Key>key, account));
  return hash;
}

function mixed(hash: u64, value: i32): u64 {
  return (rotl(hash, 13) ^ (<u64>value)) * 0x9e3779b97f4a7c15;
}

// ---- orders ----

/** Registers an account at once: anew, or the binding that there is once more. */
export function registerAccount(account: i32): void {
  for (let server = 1; server <= SERVERS; server++) {
    const r = registrationOf(account, server);
    r.isSwitchedOff = false;
    if (!isWanted(r)) continue;
    r.failures = 0;
    if (hasBegun) start(r);
  }
}

/** A call waits for the registration at this server, be it the second one that is not in use yet. */
export function registerAwaited(way: Way): void {
  const r = registrationOf(way.account, way.server);
  if (r.isSwitchedOff || (r.state != State.Idle && r.state != State.Waiting)) return;
  r.isEngaged = number(Key.RedundancyType, way.account) == 1;
  start(r);
}

/** Takes an account off its servers until it is registered again. */
export function unregisterAccount(account: i32): void {
  for (let server = 1; server <= SERVERS; server++) {
    const r = registrationOf(account, server);
    r.isSwitchedOff = true;
    r.isEngaged = false;
    unregister(r, UNREGISTER_MS);
  }
}

/** The phone goes off. */
export function unregisterAll(): void {
  isOff = true;
  for (let place: u32 = 0; place < REGISTRATIONS; place++) unregister(registrationAt(place), STOP_MS);
}

/** No answer is waited for. */
export function areAllIdle(): bool {
  for (let place: u32 = 0; place < REGISTRATIONS; place++) {
    if (registrationAt(place).state != State.Idle) return false;
  }
  return true;
}

// ---- what happens ----

/** A deadline has passed. `isIdle`: there is no call that going back to the first server could disturb. */
export function fireRegistration(r: Registration, timer: Timer, isIdle: bool): void {
  switch (timer) {
    case Timer.Register:
    case Timer.RegisterRefresh:
      return start(r);
    case Timer.Resolve:
      return proceed(r, locateWithout(r));
    case Timer.Failback:
      r.wantsBack = true;
      if (isIdle && r.state == State.Registered) searchAgain(r);
      return;
    case Timer.Unregister:
      return lapse(r);
  }
}

/** A deadline of it could not be run: as after a try that came to nothing. */
export function endFaultyTry(r: Registration): void {
  if (r.state == State.Unregistering) return lapse(r);
  enter(r, Happening.HopLost);
  fail(r, FailureRule.Fault, 0, EMPTY, -1);
}

/** The host's answer to a lookup of the registration. */
export function receiveTargetsOf(r: Registration): void {
  if (r.state != State.Locating) return;
  r.due.stop();
  proceed(r, locate(r));
}

/** The host has said what our own address is; EMPTY for none. */
export function receiveLocalAddressOf(r: Registration, answer: Slice): void {
  if (r.state == State.Locating) proceed(r, takeLocalAddress(r, answer));
}

/** Our address toward the servers of an account is another one. */
export function renewAccount(account: i32): void {
  for (let server = 1; server <= SERVERS; server++) renewMoved(registrationOf(account, server));
}

/** The hop was asked and is not there: a registration that lives on it goes on to another, where there is one. */
export function serverLost(way: Way, address: Slice, port: i32, status: i32): void {
  const r = registrationOf(way.account, way.server);
  const isThere = r.state == State.Registered && r.port == port && equals(r.address, address);
  if (!isThere || !(hasOther(r) || hasBackup(r))) return;
  leaveHop(r, status == 503 ? FailureRule.Unavailable : FailureRule.NoAnswer, status, EMPTY, -1);
}

/** A connection is there. */
export function registrationFlowOpened(flow: u32): void {
  for (let place: u32 = 0; place < REGISTRATIONS; place++) {
    const r = registrationAt(place);
    if (r.flow == flow && r.state == State.Locating) proceed(r, locate(r));
  }
}

/** A flow is gone; its transactions have failed before. */
export function registrationFlowLost(flow: u32): void {
  for (let place: u32 = 0; place < REGISTRATIONS; place++) {
    const r = registrationAt(place);
    if (r.flow != flow) continue;
    if (r.state == State.Locating) leaveHop(r, FailureRule.TransportFailed, 0, 0, -1);
    else if (r.state == State.Registered) recover(r);
  }
}

/** At once for the first time, later if the next flow is lost too (RFC 5626 §4.5). */
function recover(r: Registration): void {
  r.way.isRegistered = false;
  r.failures = r.lostFlows++;
  if (r.failures == 0) return searchAgain(r);
  enter(r, Happening.HopLost);
  fail(r, FailureRule.FlowLost, 0, 0, -1);
}
