// Asks a server whether it is there: OPTIONS at account.X.options_interval, over the flow of the registration, or where
// there is none to the first hop of the server. No answer, and 503, mean that it is not: it is kept out of searches,
// a registration there goes on to the next server, and server.unreachable says so; any other answer means that it is.

import { forgetHop, searchHop, seekHop } from "../account/hop";
import { serverHost } from "../account/servers";
import { replace } from "../account/way";
import { EMPTY, size, w } from "../bytes/slice";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { EventKind } from "../output/abi-numbers";
import { beginEvent, endEvent, numberField, textField } from "../output/output";
import { registrationOf } from "../registration/registration";
import { serverLost } from "../registration/registrations";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { limitTimeout, Transaction } from "../transaction/transaction";
import { bar, Found } from "../transport/destination";
import { findFlow } from "../transport/flow";
import { learnFrom } from "./keep-alive";
import { Probe, probeAt, PROBES, Purpose } from "./probe";
import { sendProbe } from "./request";

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
  forgetHop(p.hop);
}

// ---- the hop ----

/** It is time to ask, or what has to be known for that did not come. */
export function fireQuestion(p: Probe, timer: Timer): void {
  if (timer == Timer.Resolve) return receiveVerdict(p, 0);
  const way = p.way;
  const hop = p.hop;
  forgetHop(hop);
  if (way.isRegistered && findFlow(way.flow)) return askOverWay(p);
  searchHop(hop, way.account, way.server, EMPTY, true);
  goOnAsking(p, seekHop(hop));
}

function askOverWay(p: Probe): void {
  const way = p.way;
  const hop = p.hop;
  const r = registrationOf(way.account, way.server);
  hop.flow = way.flow;
  hop.port = way.port;
  hop.address = replace(hop.address, way.address);
  hop.localAddress = replace(hop.localAddress, r.localAddress);
  sendQuestion(p);
}

/** The hop is known, or what was asked for it has an answer. */
export function goOnAsking(p: Probe, found: Found): void {
  if (found == Found.Yes) sendQuestion(p);
  else if (found == Found.No) receiveVerdict(p, 0);
}

/** A connection is there that a probe waits for. */
export function probeFlowOpened(flow: u32): void {
  for (let place: u32 = 0; place < PROBES; place++) {
    const p = probeAt(place);
    if (p.hop.flow == flow) goOnAsking(p, seekHop(p.hop));
  }
}

// ---- the answer ----

function sendQuestion(p: Probe): void {
  const hop = p.hop;
  const flow = findFlow(hop.flow);
  const t = flow
    ? sendProbe(p, Method.Options, Purpose.Question, flow, hop.address, hop.port, hop.localAddress)
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
  forgetHop(p.hop);
  if (!p.question.isArmed(Timer.Probe)) p.question.arm(Timer.Probe, nowMs() + intervalMs(p));
  const isDown = status == 0 || status == 408 || status == 503;
  if (isDown) keepOut(p, nowMs() + intervalMs(p) + GRACE_MS);
  else if (p.isDown) keepOut(p, nowMs());
  if (isDown == p.isDown) return;
  p.isDown = isDown;
  sayVerdict(p, isDown, status);
  if (isDown) serverLost(p.way, p.hop.address, p.hop.port, status);
}

function keepOut(p: Probe, until: i64): void {
  const flow = findFlow(p.hop.flow);
  if (flow) bar(flow.transport, p.hop.address, p.hop.port, until);
}

function sayVerdict(p: Probe, isDown: bool, status: i32): void {
  const kind = isDown ? EventKind.ServerUnreachable : EventKind.ServerReachable;
  if (!beginEvent(kind, isDown ? w("server.unreachable") : w("server.reachable"))) return;
  numberField(w("account"), p.way.account);
  numberField(w("server"), p.way.server);
  textField(w("address"), p.hop.address);
  numberField(w("port"), p.hop.port);
  numberField(w("status"), status);
  endEvent();
}
