// NOTIFY that belongs to no subscription of ours (RFC 6665 §4.1.3): what a server orders (check-sync, talk, hold), and
// what it tells without having been asked. Whoever is not the server that registered the account may order nothing.

import { isRegisteredAt } from "../account/way";
import { EMPTY, equals, equalsIgnoringCase, Slice, w } from "../bytes/slice";
import { Event, parseEvent } from "../message/event";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { parameter } from "../message/parameters";
import { EventKind } from "../output/abi-numbers";
import { beginEvent, endEvent, numberField, put } from "../output/output";
import { answerCall } from "../session/answer";
import { Call, CallState } from "../session/call";
import { setHold } from "../session/change";
import { receiveReferNotify } from "../session/refer";
import { endReply, reply } from "../session/reply";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { readBody } from "../subscription/notify";
import { Package, packageOf } from "../subscription/package";
import { beginResponse } from "../transaction/response";
import { Transaction } from "../transaction/transaction";
import { accountOf } from "./account";

/** The values of sip.notify_reboot_enable. */
const enum Reboot {
  /** Only where the server says reboot=true. */
  AsSaid = 0,
  Always,
  /** check-sync is not obeyed at all. */
  Never,
}

const event = changetype<Event>(memory.data(offsetof<Event>(), 8));

/** Outside of any dialog. */
export function receiveLooseNotify(t: Transaction, m: Message): void {
  if (!readEvent(m)) return refuseEvent(t, EMPTY);
  const account = accountOf(m.uri, t.address);
  if (!account || !isWelcome(account)) {
    if (isKnown()) return reply(t, 481, EMPTY);
    return refuseEvent(t, EMPTY);
  }
  if (!isRegisteredAt(account, t.address)) return reply(t, 403, EMPTY);
  reply(t, 200, EMPTY);
  if (isEvent(w("check-sync"))) checkSync(account);
  else readBody(account, null, m);
}

function readEvent(m: Message): bool {
  return parseEvent(m.header(Header.Event), event);
}

function isEvent(type: Slice): bool {
  return equals(event.type, type);
}

/** Nobody has to have asked for it. */
function isWelcome(account: i32): bool {
  const kind = packageOf(event.type);
  if (kind == Package.MessageSummary) return number(Key.SubscribeMwi, account) == 0;
  if (kind == Package.Dialog) return number(Key.OutDialogBlf, account) != 0;
  return isEvent(w("check-sync"));
}

/** The same of a message at hand. */
export function isKnownEvent(m: Message): bool {
  return readEvent(m) && isKnown();
}

/** An event that would be taken where it belongs. */
function isKnown(): bool {
  return packageOf(event.type) != Package.Other || isOrder() || isEvent(w("refer"));
}

function isOrder(): bool {
  return isEvent(w("talk")) || isEvent(w("hold"));
}

/** An event that nobody here knows (RFC 6665 §4.1.3). */
function refuseEvent(t: Transaction, tag: Slice): void {
  const at = beginResponse(t, 489, EMPTY, tag);
  put(w("Allow-Events: message-summary, dialog, reg, check-sync, talk, hold\r\n"));
  endReply(t, at, 489);
}

function checkSync(account: i32): void {
  const setting = <Reboot>number(Key.NotifyReboot);
  if (setting == Reboot.Never) return;
  const isSaid = equalsIgnoringCase(parameter(event.params, w("reboot")), w("true"));
  if (!beginEvent(EventKind.CheckSync, w("phone.check_sync"))) return;
  numberField(w("account"), account);
  numberField(w("reboot"), isSaid || setting == Reboot.Always ? 1 : 0);
  endEvent();
}

// ---- in the dialog of a call ----

/** talk takes the call, or resumes it; hold puts it on hold. Not from a stranger whose call only rings. */
export function receiveCallNotify(call: Call, t: Transaction, m: Message): void {
  const tag = call.dialog!.localTag;
  if (!readEvent(m)) return refuseEvent(t, tag);
  if (isEvent(w("refer"))) return receiveReferNotify(call, t, m);
  if (!isOrder()) {
    if (isKnown()) return reply(t, 481, tag);
    return refuseEvent(t, tag);
  }
  if (!call.isUp && !isRegisteredAt(call.account, t.address)) return reply(t, 403, tag);
  reply(t, 200, tag);
  const wantsHold = isEvent(w("hold"));
  if (call.isUp) {
    if (call.wantsHold != wantsHold) setHold(call, wantsHold);
  } else if (!wantsHold && call.state == CallState.Ringing) answerCall(call);
}
