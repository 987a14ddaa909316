// What the phone's application is told of subscriptions themselves; what they bring is told where it is read.

import { Slice, w } from "../bytes/slice";
import { EventKind } from "../output/abi-numbers";
import { beginEvent, endEvent, numberField, textField } from "../output/output";
import { State } from "./state";
import { Subscription } from "./subscription";

/** Once for each time that it becomes pending or active. */
export function sayActive(s: Subscription): void {
  if (s.saidState == s.state) return;
  s.saidState = s.state;
  s.saidStatus = 0;
  if (!beginEvent(EventKind.SubscriptionActive, w("subscription.active"))) return;
  whichFields(s);
  textField(w("state"), s.state == State.Pending ? w("pending") : w("active"));
  endEvent();
}

/** Once for each cause. `waitMs`: until the next try, -1 for none. */
export function sayEnded(s: Subscription, status: i32, reason: Slice, waitMs: i64): void {
  if (s.isMessage) return;
  if (s.saidState == State.Init && s.saidStatus == status && status && waitMs >= 0) return;
  s.saidState = State.Init;
  s.saidStatus = status;
  if (!beginEvent(EventKind.SubscriptionEnded, w("subscription.ended"))) return;
  whichFields(s);
  numberField(w("status"), status);
  textField(w("reason"), reason);
  numberField(w("retry"), waitMs < 0 ? -1 : (waitMs + 999) / 1000);
  endEvent();
}

function whichFields(s: Subscription): void {
  numberField(w("account"), s.account);
  numberField(w("subscription"), s.handle);
  textField(w("package"), s.event);
  textField(w("uri"), s.target);
}

/** `status`: 2xx, or why not; 0 for one that could not be sent. */
export function sayMessageAnswered(s: Subscription, status: i32, reason: Slice): void {
  if (!beginEvent(EventKind.MessageAnswered, w("message.answered"))) return;
  numberField(w("account"), s.account);
  numberField(w("message"), s.handle);
  textField(w("to"), s.target);
  numberField(w("status"), status);
  textField(w("reason"), reason);
  endEvent();
}

/** What a package has brought whose documents are not read here. */
export function sayNotify(s: Subscription, type: Slice, body: Slice): void {
  if (!beginEvent(EventKind.SubscriptionNotify, w("subscription.notify"))) return;
  whichFields(s);
  textField(w("type"), type);
  textField(w("body"), body);
  endEvent();
}
