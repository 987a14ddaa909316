// What comes back for a REGISTER (RFC 3261 §10.2.4 to §10.2.8).

import { learnAddress } from "../account/contact";
import { hasCredentials } from "../account/credentials";
import { bestContact } from "../account/redirection";
import { replace } from "../account/way";
import { noteAuthenticationInfo, noteChallenge } from "../auth/attempts";
import { keep } from "../bytes/blocks";
import { EMPTY, isPresent, w } from "../bytes/slice";
import { flowTimer, minExpires } from "../message/expires";
import { Header } from "../message/header";
import { listHas } from "../message/list";
import { Message } from "../message/message";
import { retryAfter } from "../message/retry-after";
import { mark, rewind } from "../output/output";
import { nowMs } from "../time/clock";
import { Transaction } from "../transaction/transaction";
import { bar } from "../transport/destination";
import { Flow, findFlow } from "../transport/flow";
import { promisePongs } from "../transport/ping";
import { keepServiceRoute, readBinding } from "./binding";
import { FailureRule, ruleOf } from "./failure-rule";
import { fail, lapse, leaveHop, renewMoved, searchAgain, succeed } from "./proceed";
import { sendRegister, usesOutbound, writeBinding } from "./register";
import { forgetRedirect, Purpose, Registration } from "./registration";

/** How often one REGISTER is sent once more because of an answer that says what to change. */
const MOST_RESENDS: i32 = 3;
/** A registrar that wants longer bindings is not believed: a week. */
const MOST_EXPIRES: i64 = 604_800;

/** A response that the client transaction passes up. */
export function receiveRegisterResponse(r: Registration, t: Transaction, m: Message): void {
  if (t.handle != r.transaction || m.status < 200) return;
  r.transaction = 0;
  const purpose = <Purpose>t.purpose;
  const flow = findFlow(r.flow);
  // Then the next REGISTER says at once where we are.
  if (flow && m.status >= 300) learnAddress(r.way, flow, r.localAddress, m.via);
  if (m.status == 401 || m.status == 407) {
    if (noteChallenge(r.attempts, m, hasCredentials(r.account))) return sendAgain(r, purpose);
  }
  switch (purpose) {
    case Purpose.Unregister:
      return lapse(r);
    case Purpose.Clear:
      // Refused or not, it was said: what counts is our own binding.
      r.clearsFirst = false;
      if (m.status < 300) return sendAgain(r, Purpose.Register);
  }
  if (m.status < 300) receiveSuccess(r, m);
  else receiveRefusal(r, m);
}

/** No final answer (408), or not to be sent at all (0): RFC 3261 §8.1.3.1. */
export function registerFailed(r: Registration, t: Transaction, status: i32): void {
  if (t.handle != r.transaction) return;
  r.transaction = 0;
  if (<Purpose>t.purpose == Purpose.Unregister) return lapse(r);
  leaveHop(r, status ? FailureRule.NoAnswer : FailureRule.TransportFailed, status, EMPTY, -1);
}

function sendAgain(r: Registration, purpose: Purpose): void {
  if (sendRegister(r, purpose)) return;
  if (purpose == Purpose.Unregister) lapse(r);
  else fail(r, FailureRule.NoMemory, 0, EMPTY, -1);
}

function receiveSuccess(r: Registration, m: Message): void {
  const flow = findFlow(r.flow);
  if (!flow) return;
  const granted = readBinding(r, m, flow);
  keepBound(r, flow);
  const hasMoved = learnAddress(r.way, flow, r.localAddress, m.via);
  noteAuthenticationInfo(r.attempts, m);
  if (granted == 0) return fail(r, FailureRule.NoBinding, m.status, EMPTY, -1);
  keepServiceRoute(r, m);
  promisePongs(flow, flowTimer(m));
  // Require: outbound says that the registrar keeps the flow (RFC 5626 §6).
  r.way.usesOutbound = usesOutbound(r) && listHas(m, Header.Require, w("outbound"));
  succeed(r, granted, flow);
  if (hasMoved) renewMoved(r);
}

function keepBound(r: Registration, flow: Flow): void {
  const from = mark();
  r.bound = replace(r.bound, writeBinding(r, flow));
  rewind(from);
}

function receiveRefusal(r: Registration, m: Message): void {
  switch (m.status) {
    case 423:
      if (asksForMore(r, m)) return sendAgain(r, Purpose.Register);
      break;
    case 439:
      if (usesOutbound(r)) {
        r.lacksOutbound = true;
        return sendAgain(r, Purpose.Register);
      }
      break;
    case 300:
    case 301:
    case 302:
      if (follows(r, m)) return searchAgain(r);
  }
  const told = retryAfter(m);
  if (m.status == 503 && told > 0) barHop(r, told);
  leaveHop(r, refusalRule(r, m), m.status, m.reason, told);
}

function refusalRule(r: Registration, m: Message): FailureRule {
  const isChallenge = m.status == 401 || m.status == 407;
  return isChallenge && !hasCredentials(r.account) ? FailureRule.NoCredentials : ruleOf(m.status);
}

/** 423: Min-Expires is what to ask for from now on (§10.2.8). */
function asksForMore(r: Registration, m: Message): bool {
  const least = minExpires(m);
  if (least <= r.asked || least > MOST_EXPIRES || !mayResend(r)) return false;
  r.leastExpires = least;
  return true;
}

/** 3xx: once, to the best Contact (§8.1.3.4). */
function follows(r: Registration, m: Message): bool {
  const target = bestContact(m);
  if (!isPresent(target) || isPresent(r.redirect) || !mayResend(r)) return false;
  forgetRedirect(r);
  r.redirect = keep(target);
  return isPresent(r.redirect);
}

function mayResend(r: Registration): bool {
  return r.resends++ < MOST_RESENDS;
}

/** 503 with Retry-After: this target is kept out for so long (§21.5.4). */
function barHop(r: Registration, seconds: i64): void {
  const flow = findFlow(r.flow);
  if (flow) bar(flow.transport, r.address, r.port, nowMs() + seconds * 1000);
}
