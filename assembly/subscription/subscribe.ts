// A subscription on its way: from the wish to know to a state that lasts, and back to the wish when it was lost.

import { lastingWait, refreshWait, retryWait, toldWait } from "../account/pace";
import { Way, wayTo } from "../account/way";
import { beginAttempts } from "../auth/attempts";
import { EMPTY, Slice } from "../bytes/slice";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { sayEnded, sayMessageAnswered } from "./events";
import { search, waitsForRegistration } from "./locate";
import { Package, packageOf } from "./package";
import { nextServer, openDialog, sendRequest } from "./request";
import { retryAfterStatus, Retry } from "./retry-rule";
import { Happening, State } from "./state";
import {
  enter,
  forgetDialog,
  releaseSubscription,
  Subscription,
  subscriptionAt,
  subscriptionPlaces,
} from "./subscription";

const SECOND: i64 = 1000;
/** Two first SUBSCRIBEs of one subscription are at least so far from each other. */
const PAUSE_MS: i64 = 5_000;
const USUAL_SECONDS: i64 = 3600;
const MOST_WAIT_SECONDS: i64 = 1800;
/** For the answer to the SUBSCRIBE that ends it, when the phone goes off. */
const STOP_MS: i64 = 2_000;

/** The phone goes off: nothing begins any more. */
let isOff: bool = false;

export function beginSubscribing(): void {
  isOff = false;
}

/** Sends the first request, or waits until the account is registered, or its way is found. */
export function begin(s: Subscription): void {
  s.server = nextServer(s);
  s.due.stop();
  if (s.server) sendFirst(s, wayTo(s.account, s.server));
  else if (!waitsForRegistration(s.account)) search(s);
}

/** The request that comes before any dialog. */
export function sendFirst(s: Subscription, way: Way): void {
  beginAttempts(s.attempts);
  if (openDialog(s, way) && send(s, secondsWanted(s))) return enter(s, Happening.Subscribe);
  fail(s, 0, EMPTY, -1);
}

/** The account has become registered: what waits for that begins. */
export function tendSubscriptions(account: i32): void {
  if (isOff) return;
  for (let place: u32 = 0; place < subscriptionPlaces(); place++) {
    const s = subscriptionAt(place);
    if (s && s.account == account && s.state == State.Init && !s.due.isArmed(Timer.Subscribe)) begin(s);
  }
}

function secondsWanted(s: Subscription): i64 {
  return max(secondsOf(s), s.leastExpires);
}

function secondsOf(s: Subscription): i64 {
  const set = settingOf(packageOf(s.event), s.account);
  return set ? set : USUAL_SECONDS;
}

function settingOf(kind: Package, account: i32): i64 {
  if (kind == Package.MessageSummary) return <i64>number(Key.SubscribeMwiExpires, account);
  return kind == Package.Dialog ? <i64>number(Key.BlfSubscribePeriod, account) : 0;
}

/** Sends the next request of its dialog, and waits for the NOTIFY that it brings. */
export function send(s: Subscription, seconds: i64): bool {
  const ok = sendRequest(s, seconds);
  if (ok) schedule(s);
  return ok;
}

/** What comes next: Timer N until a NOTIFY is there, then the refresh. */
export function schedule(s: Subscription): void {
  if (s.isMessage) return;
  if (s.awaitsNotify) s.due.arm(Timer.N, s.sentMs + <i64>number(Key.TimerT1, s.account) * 64);
  else s.due.arm(Timer.SubscribeRefresh, s.refreshMs);
}

/** It lasts so many seconds from now on. */
export function lasts(s: Subscription, seconds: i64): void {
  s.expiresMs = nowMs() + seconds * SECOND;
  s.refreshMs = nowMs() + refreshWait(seconds, <i64>number(Key.SubscribeExpiresOverlap, s.account));
  schedule(s);
}

/** Now, because it is time, or because something was missed. */
export function refresh(s: Subscription): void {
  s.needsAll = false;
  // A SUBSCRIBE is under way, and brings it.
  if (s.transaction) return;
  beginAttempts(s.attempts);
  if (!send(s, secondsWanted(s))) renewLater(s, 0);
}

/** A refresh came to nothing, and the subscription lasts for a while yet (RFC 6665 §4.1.2.2). */
function renewLater(s: Subscription, told: i64): void {
  s.awaitsNotify = false;
  s.refreshMs = min(nowMs() + waitFor(s, Retry.Later, told), s.expiresMs);
  schedule(s);
}

/** A deadline has passed. */
export function fireSubscription(s: Subscription, timer: Timer): void {
  switch (timer) {
    case Timer.Subscribe:
      return begin(s);
    case Timer.SubscribeRefresh:
      return nowMs() < s.expiresMs ? refresh(s) : fail(s, 408, EMPTY, -1);
    case Timer.N:
      return fail(s, 408, EMPTY, -1);
    case Timer.Resolve:
      return fail(s, 0, EMPTY, -1);
  }
}

// ---- failure ----

/** A request was refused, met silence (408) or could not leave (0). `told`: seconds of Retry-After, -1 without. */
export function fail(s: Subscription, status: i32, reason: Slice, told: i64): void {
  const isPassing = status == 0 || status == 408 || status == 503;
  const isFirst = s.state == State.Init || s.state == State.NotifyWait;
  if (isPassing && isFirst && !s.hasMoved && nextServer(s) != s.server) {
    s.hasMoved = true;
    s.state = State.Init;
    return begin(s);
  }
  if (s.isMessage) return endMessage(s, status, reason);
  lose(s, retryAfterStatus(status), status, reason, told);
}

/** A refresh was refused in a way that does not end the subscription. */
export function survive(s: Subscription, told: i64): void {
  s.failures++;
  renewLater(s, told);
}

/** It is gone. `reason`: in whoever's words. */
export function lose(s: Subscription, retry: Retry, status: i32, reason: Slice, told: i64): void {
  enter(s, retry == Retry.Never ? Happening.End : Happening.Lost);
  const isOver = s.state == State.Terminated;
  const wait = isOver ? -1 : waitFor(s, retry, told);
  sayEnded(s, status, reason, wait);
  if (isOver && !s.isAutomatic) return releaseSubscription(s);
  forgetDialog(s);
  s.hasMoved = false;
  s.failures++;
  if (!isOver) s.due.arm(Timer.Subscribe, nowMs() + wait);
}

function waitFor(s: Subscription, retry: Retry, told: i64): i64 {
  if (retry == Retry.Now) return max(s.sentMs + PAUSE_MS - nowMs(), 0);
  const interval = <i64>number(Key.SubFailRetryInterval, s.account);
  const wait =
    retry == Retry.Later
      ? retryWait(s.failures, interval, interval, MOST_WAIT_SECONDS)
      : lastingWait(s.failures + 1);
  return told >= 0 ? max(wait, toldWait(told)) : wait;
}

export function endMessage(s: Subscription, status: i32, reason: Slice): void {
  sayMessageAnswered(s, status, reason);
  releaseSubscription(s);
}

// ---- the end ----

/** It is not wanted any more; the notifier is told, if there is one. */
export function unsubscribe(s: Subscription): void {
  s.isAutomatic = false;
  const hasDialog = s.dialog != null && s.dialog!.isConfirmed;
  enter(s, Happening.Unsubscribe);
  if (s.state == State.Terminated || !hasDialog || !send(s, 0)) return end(s);
  if (isOff) s.due.arm(Timer.N, nowMs() + STOP_MS);
}

/** Nothing is left to wait for. */
export function end(s: Subscription): void {
  enter(s, Happening.End);
  sayEnded(s, 0, EMPTY, -1);
  releaseSubscription(s);
}

/** The phone goes off. */
export function unsubscribeAll(): void {
  isOff = true;
  for (let place: u32 = 0; place < subscriptionPlaces(); place++) {
    const s = subscriptionAt(place);
    if (!s) continue;
    if (s.isMessage) endMessage(s, 0, EMPTY);
    else if (s.state != State.Leaving) unsubscribe(s);
  }
}

/** The phone goes off, and no answer is worth waiting for but that to the last SUBSCRIBE. */
export function isGoingOff(): bool {
  return isOff;
}

/** No subscription is left. */
export function areNoneLeft(): bool {
  for (let place: u32 = 0; place < subscriptionPlaces(); place++) {
    if (subscriptionAt(place)) return false;
  }
  return true;
}
