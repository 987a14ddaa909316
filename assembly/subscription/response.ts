// What comes back for a SUBSCRIBE or MESSAGE. A subscription is not there before its first NOTIFY, whatever the 2xx
// says; that NOTIFY may come first (RFC 6665 §4.1.2.4).

import { hasCredentials } from "../account/credentials";
import { noteAuthenticationInfo, noteChallenge } from "../auth/attempts";
import { EMPTY } from "../bytes/slice";
import { refreshTarget } from "../dialog/establish";
import { expires, minExpires } from "../message/expires";
import { Message } from "../message/message";
import { retryAfter } from "../message/retry-after";
import { Transaction } from "../transaction/transaction";
import { endsSubscription } from "./retry-rule";
import { State } from "./state";
import { end, endMessage, fail, isGoingOff, lasts, send, survive } from "./subscribe";
import { Subscription } from "./subscription";

/** A notifier that wants longer subscriptions is not believed: a week. */
const MOST_EXPIRES: i64 = 604_800;

/** A response that the client transaction passes up. */
export function receiveSubscribeResponse(s: Subscription, t: Transaction, m: Message): void {
  if (t.handle != s.transaction || m.status < 200) return;
  s.transaction = 0;
  if (m.status == 401 || m.status == 407) {
    if (noteChallenge(s.attempts, m, hasCredentials(s.account)) && send(s, s.asked)) return;
  }
  if (m.status == 423 && asksForMore(s, m) && send(s, s.leastExpires)) return;
  if (m.status < 300) receiveSuccess(s, m);
  else receiveFailure(s, m);
}

/** No final answer (408), or not to be sent at all (0): RFC 3261 §8.1.3.1. */
export function subscribeFailed(s: Subscription, t: Transaction, status: i32): void {
  if (t.handle != s.transaction) return;
  s.transaction = 0;
  if (s.state == State.Leaving) end(s);
  else if (hasLife(s)) survive(s, -1);
  else fail(s, status, EMPTY, -1);
}

/** A refresh that failed leaves it as it was. */
function hasLife(s: Subscription): bool {
  return s.state == State.Pending || s.state == State.Active;
}

function receiveSuccess(s: Subscription, m: Message): void {
  noteAuthenticationInfo(s.attempts, m);
  if (s.isMessage) return endMessage(s, m.status, m.reason);
  // Its last NOTIFY is waited for, but not by a phone that goes off.
  if (s.state == State.Leaving) {
    if (isGoingOff()) end(s);
    return;
  }
  const d = s.dialog!;
  if (d.isConfirmed) refreshTarget(d, m);
  const granted = expires(m);
  // More than was asked for is not granted to anybody (§4.2.1.1).
  lasts(s, granted > 0 ? min(granted, s.asked) : s.asked);
}

function receiveFailure(s: Subscription, m: Message): void {
  if (s.state == State.Leaving) return end(s);
  const told = retryAfter(m);
  if (hasLife(s) && !endsSubscription(m.status)) survive(s, told);
  else fail(s, m.status, m.reason, told);
}

/** 423: Min-Expires is what to ask for from now on (§4.2.1.1). */
function asksForMore(s: Subscription, m: Message): bool {
  const least = minExpires(m);
  if (least <= s.asked || least > MOST_EXPIRES || s.state == State.Leaving) return false;
  s.leastExpires = least;
  return true;
}
