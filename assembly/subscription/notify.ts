// A NOTIFY for a subscription of ours (RFC 6665 §4.1.3): it is answered at once, then what it says is read.

import { equals, size, Slice, w } from "../bytes/slice";
import { DialogState } from "../dialog/dialog";
import { establishAsCallee, refreshTarget } from "../dialog/establish";
import { acceptSequence } from "../dialog/in-dialog-request";
import { isContentType } from "../message/content-type";
import { Event, parseEvent } from "../message/event";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { Multipart, nextPart, openMultipart } from "../message/multipart";
import { parseSubscriptionState, SubscriptionState, Substate } from "../message/subscription-state";
import { nowMs } from "../time/clock";
import { respond } from "../transaction/response";
import { Transaction } from "../transaction/transaction";
import { readDialogInfo, readList } from "./dialog-info";
import { sayActive, sayNotify } from "./events";
import { readMessageSummary } from "./message-summary";
import { Package, packageOf } from "./package";
import { readRegInfo } from "./reg-info";
import { Retry, retryAfterReason } from "./retry-rule";
import { Happening, State } from "./state";
import { end, lasts, lose, refresh, schedule } from "./subscribe";
import { enter, Subscription } from "./subscription";

const event = changetype<Event>(memory.data(offsetof<Event>(), 8));
const state = changetype<SubscriptionState>(memory.data(offsetof<SubscriptionState>(), 8));
const parts = changetype<Multipart>(memory.data(offsetof<Multipart>(), 8));

/** The NOTIFY's dialog is that of the subscription, or will be: it may come before the 2xx. */
export function receiveNotify(s: Subscription, t: Transaction, m: Message, sequence: u32): void {
  const status = judge(s, m, sequence);
  respond(t, status, s.dialog!.localTag, nowMs());
  if (status != 200) return;
  s.failures = 0;
  s.hasMoved = false;
  s.awaitsNotify = false;
  const reason = state.reason;
  const told = state.retryAfter;
  const expires = state.expires;
  const substate = state.state;
  readBody(s.account, s, m);
  if (substate == Substate.Terminated) return terminated(s, reason, told);
  if (s.state == State.Leaving) return;
  enter(s, substate == Substate.Pending ? Happening.NotifyPending : Happening.NotifyActive);
  sayActive(s);
  if (expires > 0) lasts(s, min(expires, s.asked));
  else if (s.expiresMs > nowMs()) schedule(s);
  else lasts(s, s.asked);
  if (s.needsAll) refresh(s);
}

/** 200, or how it is refused. */
function judge(s: Subscription, m: Message, sequence: u32): i32 {
  const d = s.dialog!;
  if (!parseEvent(m.header(Header.Event), event)) return 489;
  if (!equals(event.type, s.event)) return 481;
  if (!parseSubscriptionState(m.header(Header.SubscriptionState), state)) return 400;
  if (d.state == DialogState.Trying) {
    if (!establishAsCallee(d, m, d.localTag, sequence)) return 500;
    d.state = DialogState.Confirmed;
    return 200;
  }
  if (!acceptSequence(d, sequence, Method.Notify)) return 500;
  refreshTarget(d, m);
  return 200;
}

function terminated(s: Subscription, reason: Slice, told: i64): void {
  if (s.state == State.Leaving) return end(s);
  const retry = retryAfterReason(reason);
  lose(s, retry, 0, reason, retry == Retry.Later ? told : -1);
}

/** What came with a NOTIFY; `s` null for one that nobody subscribed to. */
export function readBody(account: i32, s: Subscription | null, m: Message): void {
  if (!size(m.body)) return;
  const type = m.header(Header.ContentType);
  if (!openMultipart(parts, type, m.body)) return readDocument(account, s, type, m.body, false);
  while (nextPart(parts)) {
    const partType = parts.field(w("Content-Type"));
    if (s && isContentType(partType, w("application/rlmi+xml"))) {
      if (!readList(s, parts.content)) return;
    } else readDocument(account, s, partType, parts.content, true);
  }
}

function readDocument(account: i32, s: Subscription | null, type: Slice, body: Slice, isOfList: bool): void {
  if (s && packageOf(s.event) == Package.Other) sayNotify(s, type, body);
  else if (isContentType(type, w("application/simple-message-summary"))) readMessageSummary(account, body);
  else if (isContentType(type, w("application/dialog-info+xml"))) readDialogInfo(account, s, body, isOfList);
  else if (isContentType(type, w("application/reginfo+xml"))) readRegInfo(account, body);
}
