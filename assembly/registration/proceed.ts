// A registration on its way: from the wish to register to a binding that lives, and back to the wish after a failure.

import { SERVERS } from "../account/servers";
import { replace } from "../account/way";
import { beginAttempts, forgetChallenges } from "../auth/attempts";
import { EMPTY, equals, Slice } from "../bytes/slice";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { findSearch, Found } from "../transport/destination";
import { Flow, findFlow } from "../transport/flow";
import { knownUntil } from "../transport/known-names";
import { sayFailed, sayRegistered, sayUnregistered } from "./events";
import { FailureRule, isLasting, mayMoveOn } from "./failure-rule";
import { firstHop, forgetHop, hasBackup, hopSetting, nextHop } from "./hop";
import { lastingWait, refreshWait, retryWait, toldWait } from "../account/pace";
import { forgetTransaction, sendRegister } from "./register";
import { enter, Purpose, Registration, registrationOf } from "./registration";
import { Happening, State } from "./state";

const SECOND: i64 = 1000;
const MOVE_PAUSE_MS: i64 = 30_000;

// ---- forward ----

/** It is wanted, now. */
export function start(r: Registration): void {
  r.due.stop();
  if (r.state == State.Registered) return refresh(r);
  if (enter(r, Happening.Start)) search(r);
}

/** The binding that there is is asked for once more. */
export function refresh(r: Registration): void {
  if (mustSearch(r)) return searchAgain(r);
  enter(r, Happening.Start);
  beginRequest(r);
  if (!sendRegister(r, Purpose.Register)) fail(r, FailureRule.NoMemory, 0, 0, -1);
}

/**
 * Our address is another one: the registrar is told at once; but not more often than every so often, should a NAT give
 * us another one for each request.
 */
export function renewMoved(r: Registration): void {
  if (r.state != State.Registered) return;
  const at = max(nowMs(), r.nextMoveMs);
  r.nextMoveMs = at + MOVE_PAUSE_MS;
  if (at < r.due.when) r.due.arm(Timer.RegisterRefresh, at);
}

/** From the first hop on; whatever binding there is lives on meanwhile. */
export function searchAgain(r: Registration): void {
  enter(r, Happening.HopLost);
  search(r);
}

function search(r: Registration): void {
  r.failback.stop();
  r.wantsBack = false;
  beginRequest(r);
  const found = firstHop(r);
  const s = findSearch(r.search);
  r.hopStatus = 0;
  // Every target has asked to be left alone for a while.
  r.hopRule = s && s.hasPassed ? FailureRule.Unavailable : FailureRule.NotLocated;
  proceed(r, found);
}

function beginRequest(r: Registration): void {
  r.due.stop();
  r.resends = 0;
  beginAttempts(r.attempts);
}

/** The lookups went on, or ended. */
export function proceed(r: Registration, found: Found): void {
  if (found == Found.Wait) return;
  if (found == Found.No) return fail(r, r.hopRule, r.hopStatus, 0, -1);
  r.due.stop();
  enter(r, Happening.Found);
  const purpose = r.clearsFirst ? Purpose.Clear : Purpose.Register;
  if (!sendRegister(r, purpose)) fail(r, FailureRule.NoMemory, 0, 0, -1);
}

/** No affinity to a hop that is gone, or that was only the next best (failback_mode 0 and 2). */
function mustSearch(r: Registration): bool {
  const flow = findFlow(r.flow);
  if (!flow || !flow.isOpen || r.wantsBack) return true;
  const mode = failbackMode(r);
  return r.isAway && (mode == FailbackMode.NewRequests || mode == FailbackMode.Registration);
}

// ---- success ----

const enum FailbackMode {
  NewRequests = 0,
  DnsTtl,
  Registration,
  Duration,
}

/** The binding is there for so many seconds. */
export function succeed(r: Registration, granted: i64, flow: Flow): void {
  // A flow that lasted until a refresh was a good one.
  if (r.state == State.Refreshing) r.lostFlows = 0;
  r.failures = 0;
  enter(r, Happening.Success);
  const isNew = !r.isSaid || !isSameWay(r, flow);
  takeWay(r, flow);
  r.due.arm(Timer.RegisterRefresh, nowMs() + refreshWait(granted, overlap(r)));
  armFailback(r);
  if (isNew) sayRegistered(r, granted);
  if (r.server == 1) releaseBackup(r);
}

function overlap(r: Registration): i64 {
  return <i64>number(Key.RegisterExpiresOverlap, r.account);
}

function isSameWay(r: Registration, flow: Flow): bool {
  const way = r.way;
  return way.flow == flow.handle && way.port == r.port && equals(way.address, r.address);
}

function takeWay(r: Registration, flow: Flow): void {
  const way = r.way;
  way.isRegistered = true;
  way.proxy = r.proxy;
  way.flow = flow.handle;
  way.transport = flow.transport;
  way.port = r.port;
  way.address = replace(way.address, r.address);
  way.localAddress = replace(way.localAddress, r.localAddress);
  const s = findSearch(r.search);
  if (s) way.serverName = replace(way.serverName, s.serverName);
}

/** When to go back to the first target: by the setting of the server, or of the proxy in front of it. */
function armFailback(r: Registration): void {
  r.failback.stop();
  if (!r.isAway) return;
  const mode = failbackMode(r);
  const s = findSearch(r.search);
  let at: i64 = 0;
  if (mode == FailbackMode.Duration)
    at = after(hopSetting(r, Key.ProxyFailbackTimeout, Key.ServerFailbackTimeout));
  else if (mode == FailbackMode.DnsTtl && s) at = knownUntil(s.serverName);
  const interval = r.proxy == 2 ? after(number(Key.ProxyFallbackInterval, r.account)) : 0;
  if (interval && (!at || interval < at)) at = interval;
  if (at) r.failback.arm(Timer.Failback, at);
}

/** 0 for never. */
function after(seconds: i32): i64 {
  return seconds ? nowMs() + <i64>seconds * SECOND : 0;
}

function failbackMode(r: Registration): FailbackMode {
  return <FailbackMode>hopSetting(r, Key.ProxyFailbackMode, Key.ServerFailbackMode);
}

/**
 * The first server is back: the second is left alone. Its binding is not removed, since both may keep their
 * bindings in one place, where it is the one that was just made.
 */
function releaseBackup(r: Registration): void {
  const backup = registrationOf(r.account, SERVERS);
  if (!backup.isEngaged) return;
  backup.isEngaged = false;
  lapse(backup);
}

// ---- failure ----

/** The hop does not do it. The next one is asked, or else the registration has failed. */
export function leaveHop(r: Registration, rule: FailureRule, status: i32, reason: Slice, told: i64): void {
  r.hopRule = rule;
  r.hopStatus = status;
  if (!mayMoveOn(rule)) return fail(r, rule, status, reason, told);
  const wasAway = r.isAway;
  enter(r, Happening.HopLost);
  beginRequest(r);
  const found = nextHop(r);
  if (found != Found.No) return proceed(r, found);
  // Those in front of the one that was in use until now may be back.
  const isWorthIt = wasAway && r.way.isRegistered;
  if (!isWorthIt) return fail(r, rule, status, reason, told);
  r.way.isRegistered = false;
  searchAgain(r);
}

/** All came to nothing. `told`: seconds of Retry-After, -1 without. */
export function fail(r: Registration, rule: FailureRule, status: i32, reason: Slice, told: i64): void {
  forgetTransaction(r);
  forgetHop(r);
  if (isLasting(rule)) forgetChallenges(r.attempts);
  r.failback.stop();
  r.way.isRegistered = false;
  r.failures++;
  enter(r, Happening.Failure);
  const wait = waitAfter(r, rule, told);
  r.due.arm(Timer.Register, nowMs() + wait);
  sayFailed(r, rule, status, reason, wait);
  if (hasBackup(r) && mayMoveOn(rule)) engageBackup(r);
}

function waitAfter(r: Registration, rule: FailureRule, told: i64): i64 {
  const account = r.account;
  let wait = retryWait(
    r.failures,
    <i64>number(Key.RegFailRetryInterval, account),
    <i64>number(Key.RegFailedRetryMinTime, account),
    <i64>number(Key.RegFailedRetryMaxTime, account),
  );
  if (isLasting(rule)) wait = max(wait, lastingWait(r.failures));
  else if (hasBackup(r)) wait = <i64>number(Key.FallbackTimeout, account) * SECOND;
  return told >= 0 ? max(wait, toldWait(told)) : wait;
}

function engageBackup(r: Registration): void {
  const backup = registrationOf(r.account, SERVERS);
  if (backup.isEngaged || backup.isSwitchedOff) return;
  backup.isEngaged = true;
  start(backup);
}

// ---- the end ----

/** Forgets the binding without a word to the server. */
export function lapse(r: Registration): void {
  const wasThere = r.state != State.Idle;
  forgetTransaction(r);
  forgetHop(r);
  r.due.stop();
  r.failback.stop();
  r.way.isRegistered = false;
  r.bound = replace(r.bound, EMPTY);
  enter(r, Happening.End);
  if (wasThere) sayUnregistered(r);
}

/** Removes the binding, and waits for the answer so long at most. */
export function unregister(r: Registration, patienceMs: i64): void {
  const way = r.way;
  if (r.state == State.Unregistering)
    return r.due.arm(Timer.Unregister, min(r.due.when, nowMs() + patienceMs));
  if (!way.isRegistered || !findFlow(way.flow)) return lapse(r);
  forgetTransaction(r);
  r.failback.stop();
  r.flow = way.flow;
  r.port = way.port;
  r.address = replace(r.address, way.address);
  way.isRegistered = false;
  enter(r, Happening.Stop);
  beginRequest(r);
  if (!sendRegister(r, Purpose.Unregister)) return lapse(r);
  r.due.arm(Timer.Unregister, nowMs() + patienceMs);
}
