// Asks a server whether it is there: OPTIONS at account.X.options_interval, over the flow of the registration, or where
// there is none to the first hop of the server. No answer, and 503, mean that it is not: it is kept out of searches,
// a registration there goes on to the next server, and server.unreachable says so; any other answer means that it is.

import { proxyHost, proxyPort, searchFor, serverHost, serverPort, serverWanted } from "../account/servers";
import { replace } from "../account/way";
import { EMPTY, isPresent, size, Slice, w } from "../bytes/slice";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { EventKind, Question } from "../output/abi-numbers";
import { beginEvent, endEvent, numberField, textField } from "../output/output";
import { registrationOf } from "../registration/registration";
import { serverLost } from "../registration/registrations";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { flowTo } from "../transport/connection";
import { limitTimeout, Transaction } from "../transaction/transaction";
import { bar, endSearch, findSearch, Found, goOn, Search, Wanted } from "../transport/destination";
import { findFlow } from "../transport/flow";
import { ask, forgetQuery } from "../transport/query";
import { learnFrom } from "./keep-alive";
import { Probe, probeAt, PROBES, Purpose } from "./probe";
import { sendProbe } from "./request";

/** How long a host may take to answer, and a connection to be there. */
const LOOKUP_MS: i64 = 10_000;
/** Until the answer to the next question is overdue: 64*T1 behind the interval. */
const GRACE_MS: i64 = 32_000;

/** Settings have changed, or the sockets are there: who is to be asked is asked from now on. */
export function reviewQuestions(): void {
  for (let place: u32 = 0; place < PROBES; place++) {
    const p = probeAt(place);
    if (!isWanted(p)) stop(p);
    else if (!isBusy(p)) p.question.arm(Timer.Probe, nowMs() + intervalMs(p));
  }
}

export function endQuestions(): void {
  for (let place: u32 = 0; place < PROBES; place++) stop(probeAt(place));
}

function isWanted(p: Probe): bool {
  const account = p.way.account;
  const isOn = number(Key.Enable, account) != 0 && number(Key.OptionsInterval, account) != 0;
  return isOn && size(serverHost(account, p.way.server)) > 0;
}

function isBusy(p: Probe): bool {
  return p.question.isArmed(Timer.Probe) || p.question.isArmed(Timer.Resolve);
}

function intervalMs(p: Probe): i64 {
  return <i64>number(Key.OptionsInterval, p.way.account) * 1000;
}

function stop(p: Probe): void {
  p.question.stop();
  p.isDown = false;
  forgetHop(p);
}

function forgetHop(p: Probe): void {
  const s = findSearch(p.search);
  if (s) endSearch(s);
  p.search = 0;
  forgetQuery(p.query);
  p.query = 0;
  p.localAddress = replace(p.localAddress, EMPTY);
}

// ---- the hop ----

/** It is time to ask, or what has to be known for that did not come. */
export function fireQuestion(p: Probe, timer: Timer): void {
  if (timer == Timer.Resolve) return receiveVerdict(p, 0);
  const way = p.way;
  forgetHop(p);
  if (way.isRegistered && findFlow(way.flow)) return askOverWay(p);
  if (!search(p)) return receiveVerdict(p, 0);
  p.question.arm(Timer.Resolve, nowMs() + LOOKUP_MS);
  locate(p);
}

function askOverWay(p: Probe): void {
  const way = p.way;
  const r = registrationOf(way.account, way.server);
  p.flow = way.flow;
  p.port = way.port;
  p.address = replace(p.address, way.address);
  p.localAddress = replace(p.localAddress, r.localAddress);
  sendQuestion(p);
}

/** The first hop of the server: its outbound proxy, or itself. */
function search(p: Probe): bool {
  const account = p.way.account;
  const server = p.way.server;
  const proxy = proxyHost(account, 1);
  const s = searchFor(
    account,
    p.handle,
    isPresent(proxy) ? proxy : serverHost(account, server),
    isPresent(proxy) ? proxyPort(account, 1) : serverPort(account, server),
    <Wanted>serverWanted(account, server),
  );
  if (!s) return false;
  s.takesBarred = true;
  p.search = s.handle;
  return true;
}

/** A lookup has an answer, or a connection is there. */
export function locate(p: Probe): void {
  const s = findSearch(p.search);
  if (!s || !p.question.isArmed(Timer.Resolve)) return;
  const found = goOn(s);
  if (found == Found.No) return receiveVerdict(p, 0);
  if (found == Found.Yes) takeTarget(p, s);
}

function takeTarget(p: Probe, s: Search): void {
  const flow = flowTo(s.transport, s.address, s.port, s.serverName);
  p.address = replace(p.address, s.address);
  p.port = s.port;
  p.flow = flow ? flow.handle : 0;
  if (!flow) return receiveVerdict(p, 0);
  if (!flow.isOpen || p.query) return;
  if (!flow.isWildcard) return takeOurAddress(p, flow.localAddress);
  p.query = ask(Question.LocalAddress, p.address, p.handle);
  if (!p.query) receiveVerdict(p, 0);
}

/** Our own address toward the server; EMPTY if the host knows none. */
export function takeOurAddress(p: Probe, address: Slice): void {
  if (!p.question.isArmed(Timer.Resolve)) return;
  p.query = 0;
  p.localAddress = replace(p.localAddress, address);
  if (size(p.localAddress)) sendQuestion(p);
  else receiveVerdict(p, 0);
}

/** A connection is there that a probe waits for. */
export function probeFlowOpened(flow: u32): void {
  for (let place: u32 = 0; place < PROBES; place++) {
    if (probeAt(place).flow == flow) locate(probeAt(place));
  }
}

// ---- the answer ----

function sendQuestion(p: Probe): void {
  const flow = findFlow(p.flow);
  const t = flow
    ? sendProbe(p, Method.Options, Purpose.Question, flow, p.address, p.port, p.localAddress)
    : null;
  if (!t) return receiveVerdict(p, 0);
  p.transaction = t.handle;
  // Its time is over before the next one is sent.
  limitTimeout(t, nowMs() + intervalMs(p));
  p.question.arm(Timer.Probe, nowMs() + intervalMs(p));
}

/** A response to any request of the probe. */
export function receiveProbeResponse(p: Probe, t: Transaction, m: Message): void {
  if (m.status < 200) return;
  if (t.flow == p.way.flow) learnFrom(p, m);
  if (t.handle == p.transaction) receiveVerdict(p, m.status);
}

/** No final answer, or not to be sent at all. */
export function probeFailed(p: Probe, t: Transaction): void {
  if (t.handle == p.transaction) receiveVerdict(p, 0);
}

/** `status` 0: nobody answered. */
function receiveVerdict(p: Probe, status: i32): void {
  p.transaction = 0;
  forgetHop(p);
  if (!p.question.isArmed(Timer.Probe)) p.question.arm(Timer.Probe, nowMs() + intervalMs(p));
  const isDown = status == 0 || status == 408 || status == 503;
  if (isDown) keepOut(p, nowMs() + intervalMs(p) + GRACE_MS);
  else if (p.isDown) keepOut(p, nowMs());
  if (isDown == p.isDown) return;
  p.isDown = isDown;
  sayVerdict(p, isDown, status);
  if (isDown) serverLost(p.way, p.address, p.port, status);
}

function keepOut(p: Probe, until: i64): void {
  const flow = findFlow(p.flow);
  if (flow) bar(flow.transport, p.address, p.port, until);
}

function sayVerdict(p: Probe, isDown: bool, status: i32): void {
  const kind = isDown ? EventKind.ServerUnreachable : EventKind.ServerReachable;
  if (!beginEvent(kind, isDown ? w("server.unreachable") : w("server.reachable"))) return;
  numberField(w("account"), p.way.account);
  numberField(w("server"), p.way.server);
  textField(w("address"), p.address);
  numberField(w("port"), p.port);
  numberField(w("status"), status);
  endEvent();
}
