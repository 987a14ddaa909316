// Time passes: every deadline that is due is handed to its owner, in order.

import { findDialog, releaseDialog } from "../dialog/dialog";
import { Kind, kindOf } from "../handle/pool";
import { hasRoom } from "../output/output";
import { findProbe } from "../probe/probe";
import { probeFailed } from "../probe/question";
import { fireProbe } from "../probe/review";
import { fireStun, skipStun } from "../probe/stun-client";
import { findRegistration } from "../registration/registration";
import { endFaultyTry, fireRegistration } from "../registration/registrations";
import { registerFailed } from "../registration/response";
import { callsInUse, findCall } from "../session/call";
import { Purpose } from "../session/request";
import { callRequestFailed, endFaulty, fireCall } from "../session/session";
import { subscribeFailed } from "../subscription/response";
import { fireSubscription } from "../subscription/subscribe";
import { findSubscription } from "../subscription/subscription";
import { nowMs } from "../time/clock";
import { takeDue } from "../time/deadlines";
import { Timer } from "../time/timer";
import { dropConnection, fireFlow } from "./connection";
import { registerWhenReady } from "./start";
import { terminate } from "../transaction/table";
import { findTransaction, Transaction, Verdict } from "../transaction/transaction";
import { findFlow } from "../transport/flow";

/** Fires what is due, as long as there is room to say it; the rest is due at once and fires next time. */
export function fireDue(): void {
  while (hasRoom()) {
    const deadline = takeDue(nowMs());
    if (!deadline) return;
    const owner = deadline.owner;
    if (kindOf(owner) == Kind.Transaction) fireTransaction(owner, deadline.timer);
    else if (kindOf(owner) == Kind.Flow) fireFlow(owner, deadline.timer);
    else if (kindOf(owner) == Kind.Registration) fireRegister(owner, deadline.timer);
    else if (kindOf(owner) == Kind.Probe) fireProbe(owner, deadline.timer);
    else if (kindOf(owner) == Kind.Stun) fireStunClient(owner);
    else if (kindOf(owner) == Kind.Subscription) fireSubscriptionOf(owner, deadline.timer);
    else {
      const call = findCall(owner);
      if (call) fireCall(call, deadline.timer);
    }
  }
}

/**
 * The last tick trapped: whoever owns the deadline that is due ends, or waits for its next turn, without anything of the
 * deadline being run.
 */
export function endDue(): void {
  const deadline = takeDue(nowMs());
  if (!deadline) return;
  const owner = deadline.owner;
  const t = findTransaction(owner);
  if (t) return endFaultyTransaction(t);
  const flow = findFlow(owner);
  if (flow) return dropConnection(flow);
  const r = findRegistration(owner);
  if (r) return endFaultyTry(r);
  const call = findCall(owner);
  if (call) return endFaulty(call);
  skipStun(owner);
  // Probes are asked again after their interval.
  registerWhenReady();
}

function endFaultyTransaction(t: Transaction): void {
  const isOpen = t.isOpen;
  terminate(t, nowMs());
  if (isOpen) report(t, Verdict.TimedOut);
}

function fireRegister(handle: u32, timer: Timer): void {
  const r = findRegistration(handle);
  if (r) fireRegistration(r, timer, callsInUse() == 0);
}

function fireSubscriptionOf(handle: u32, timer: Timer): void {
  const s = findSubscription(handle);
  if (s) fireSubscription(s, timer);
}

function fireStunClient(handle: u32): void {
  fireStun(handle);
  registerWhenReady();
}

function fireTransaction(handle: u32, timer: Timer): void {
  const t = findTransaction(handle);
  if (t) report(t, t.fire(timer, nowMs()));
}

/** Tells the owner of a transaction of ours that it came to nothing. */
export function report(t: Transaction, verdict: Verdict): void {
  if (verdict != Verdict.TimedOut && verdict != Verdict.Failed) return;
  if (t.isServer) return;
  const owner = t.owner;
  if (kindOf(owner) == Kind.Dialog) {
    const d = findDialog(owner);
    if (d) releaseDialog(d);
    return;
  }
  const status = verdict == Verdict.TimedOut ? 408 : 0;
  const registration = findRegistration(owner);
  if (registration) return registerFailed(registration, t, status);
  const probe = findProbe(owner);
  if (probe) return probeFailed(probe, t);
  const subscription = findSubscription(owner);
  if (subscription) return subscribeFailed(subscription, t, status);
  const call = findCall(owner);
  if (call) callRequestFailed(call, <Purpose>t.purpose, status);
}
