// A subscription (RFC 6665): what the account of a phone wants to be told of, from the wish to know to the last NOTIFY; or
// a MESSAGE (RFC 3428), which goes the same way once and has no dialog.
//
// The state and its figure are in state.ts, what a request says in request.ts, what comes back in response.ts and
// notify.ts, what happens when in subscribe.ts.

import { forgetHop, Hop, newHop } from "../account/hop";
import { Attempts, forgetChallenges, newAttempts } from "../auth/attempts";
import { reserve } from "../bytes/arena";
import { release } from "../bytes/blocks";
import { isPresent, Slice } from "../bytes/slice";
import { Dialog, releaseDialog } from "../dialog/dialog";
import { Kind, openPool, Pool, Pooled } from "../handle/pool";
import { Deadline, newDeadline } from "../time/deadlines";
import { destroy, findTransaction } from "../transaction/transaction";
import { Happening, State, stateAfter } from "./state";

export const DEADLINES_PER_SUBSCRIPTION: u32 = 1;
/** Calls of others that one subscription remembers (dialog-info.ts). */
export const MOST_ROWS: i32 = 32;
export const ROW_BYTES: i32 = 12;


@unmanaged
export class Subscription extends Pooled {
  // Made once, with the pool.
  attempts: Attempts;
  /** The refresh, the next try, or Timer N. */
  due: Deadline;
  /** Of an account that does not register. */
  hop: Hop;
  /** MOST_ROWS of ROW_BYTES. */
  rows: usize;

  // Everything from here on is zeroed when it is taken.
  account: i32;
  state: State;
  /** The settings want it: it stays where it is when it has ended for good, so that it is not begun again. */
  isAutomatic: bool;
  /** Name of the event package. Kept. */
  event: Slice;
  /** Request-URI of the first SUBSCRIBE. Kept. */
  target: Slice;
  /** Of a MESSAGE; EMPTY for a subscription. Kept. */
  text: Slice;
  /** The server whose way it goes, 1 or 2; 0 before the first, and of an account that does not register. */
  server: i32;
  /** Another server was tried since the last success. */
  hasMoved: bool;
  dialog: Dialog | null;
  transaction: u32;
  /** Seconds asked for; 0 ends it. */
  asked: i64;
  /** What to ask for after 423; 0 for what the settings say. */
  leastExpires: i64;
  /** A SUBSCRIBE was sent at that time, and no NOTIFY has come since. */
  awaitsNotify: bool;
  sentMs: i64;
  expiresMs: i64;
  refreshMs: i64;
  /** Tries in a row that came to nothing. */
  failures: i32;
  /** subscription.active was said with this state; else how it ended. */
  saidState: State;
  saidStatus: i32;
  /** Of the newest document; -1 before the first, or behind a gap. */
  version: i64;
  /** A document was missed: the next refresh brings all (RFC 4235 §4.3). */
  needsAll: bool;
  rowCount: i32;

  get isMessage(): bool {
    return isPresent(this.text);
  }
}

let subscriptions: Pool<Subscription> = changetype<Pool<Subscription>>(0);

/** Needs DEADLINES_PER_SUBSCRIPTION deadlines for each of them. */
export function openSubscriptions(count: u32): void {
  subscriptions = openPool<Subscription>(Kind.Subscription, count);
  for (let place: u32 = 0; place < count; place++) {
    const s = subscriptions.at(place);
    s.attempts = newAttempts();
    s.due = newDeadline();
    s.hop = newHop(s.due);
    s.rows = reserve(<usize>(MOST_ROWS * ROW_BYTES));
  }
}

export function findSubscription(handle: u32): Subscription | null {
  return subscriptions.find(handle);
}

export function subscriptionPlaces(): u32 {
  return subscriptions.reached;
}

/** The one at a place, to walk over all of them; null where there is none. */
export function subscriptionAt(place: u32): Subscription | null {
  return subscriptions.isUsed(place) ? subscriptions.at(place) : null;
}

/** A subscription in Init with nothing in it but the account; null when the table is full. */
export function takeSubscription(account: i32): Subscription | null {
  const s = subscriptions.take();
  if (!s) return null;
  const blank = offsetof<Subscription>("account");
  memory.fill(changetype<usize>(s) + blank, 0, offsetof<Subscription>() - blank);
  s.account = account;
  s.version = -1;
  s.due.owner = s.handle;
  return s;
}

/** Gives it and everything that it keeps back. */
export function releaseSubscription(s: Subscription): void {
  forgetDialog(s);
  forgetHop(s.hop);
  forgetChallenges(s.attempts);
  release(s.event);
  release(s.target);
  release(s.text);
  subscriptions.give(s);
}

/** Its dialog, and what waits in it, is over. */
export function forgetDialog(s: Subscription): void {
  s.due.stop();
  const t = findTransaction(s.transaction);
  if (t && t.owner == s.handle) destroy(t);
  s.transaction = 0;
  const d = s.dialog;
  if (d) releaseDialog(d);
  s.dialog = null;
  s.awaitsNotify = false;
  s.version = -1;
  s.rowCount = 0;
}

/** The only place where the state changes. */
export function enter(s: Subscription, happening: Happening): void {
  s.state = stateAfter(s.state, happening);
}
