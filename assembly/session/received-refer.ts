// The other side sends us on (RFC 3515 §2.4): we call whom it names, and tell how that goes.
//
// One NOTIFY at a time, so that none overtakes another; what happens meanwhile is told by the next one.

import { hasServer } from "../account/servers";
import { EMPTY, w } from "../bytes/slice";
import { keep } from "../bytes/blocks";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { newReferTo, parseReferTo, putReferSub, ReferTo, wantsReferSubscription } from "../message/refer-to";
import { Scheme, withoutHeaders } from "../message/uri";
import { putHeader, putStatusLine } from "../message/write";
import { endEvent, mark, numberField, put, putNumber, rewind, textField, written } from "../output/output";
import { EventKind } from "../output/abi-numbers";
import { beginResponse } from "../transaction/response";
import { Transaction } from "../transaction/transaction";
import { beginCallEvent, Call, CallState, findCall, releaseCall, takeCall } from "./call";
import { isChallenge } from "./invite-response";
import { placeCall } from "./invite";
import { endReply, reply } from "./reply";
import { noteChallenge, putAbilities, Purpose, send, sequenceOf } from "./request";
import { putUriHeaders } from "./uri-headers";

let refer: ReferTo = changetype<ReferTo>(0);

export function openReferring(): void {
  refer = newReferTo();
}

export function receiveRefer(call: Call, t: Transaction, m: Message, sequence: u32): void {
  const tag = call.dialog!.localTag;
  const status = judge(call, m);
  if (status) return reply(t, status, tag);
  const from = mark();
  if (!writeLines(call, m)) {
    rewind(from);
    return reply(t, 400, tag);
  }
  const fresh = takeCall(call.account, true);
  if (fresh) fresh.referredLines = keep(written(from));
  rewind(from);
  if (!fresh) return reply(t, 486, tag);
  const wantsReports = wantsReferSubscription(m.header(Header.ReferSub));
  accept(call, t, wantsReports);
  sayReferred(call, m, fresh);
  if (wantsReports) {
    beginReport(call, sequence);
    fresh.referrer = call.handle;
    tellReferrer(fresh, 100);
  }
  if (placeCall(fresh, withoutHeaders(refer.uri))) return;
  tellReferrer(fresh, 503);
  releaseCall(fresh);
}

/** 0, or the status to refuse it with. */
function judge(call: Call, m: Message): i32 {
  if (!call.isUp) return 403;
  if (call.reportId) return 491;
  const row = m.first(Header.ReferTo);
  if (row < 0 || m.behind(row) >= 0 || !parseReferTo(m.value(row), refer)) return 400;
  const scheme = refer.uri.scheme;
  const isCallable = scheme == Scheme.Sip || (scheme == Scheme.Tel && hasServer(call.account));
  if (!isCallable) return 416;
  return refer.method == Method.Invite ? 0 : 603;
}

/** What our INVITE is to carry: who sends us (RFC 3892 §2.2, byte for byte), and what stands in the URI. */
function writeLines(call: Call, m: Message): bool {
  if (m.first(Header.ReferredBy) >= 0) putHeader(w("Referred-By"), m.header(Header.ReferredBy));
  return putUriHeaders(refer.uri.headers, call.account, false);
}

/** 200 (RFC 7647 §5). */
function accept(call: Call, t: Transaction, wantsReports: bool): void {
  const d = call.dialog!;
  const at = beginResponse(t, 200, EMPTY, d.localTag);
  putAbilities(call, d);
  if (!wantsReports) putReferSub(false);
  endReply(t, at, 200);
}

function sayReferred(call: Call, m: Message, fresh: Call): void {
  if (!beginCallEvent(call, EventKind.CallReferred, w("call.referred"))) return;
  textField(w("to"), refer.address.uri);
  textField(w("by"), m.header(Header.ReferredBy));
  numberField(w("into"), fresh.number);
  endEvent();
}

// ---- how it goes ----

function beginReport(call: Call, sequence: u32): void {
  call.reportsAgain = call.referredOnce;
  call.referredOnce = true;
  call.reportId = sequence;
  call.reportedStatus = 0;
}

/** News of a call that we were asked for; the last that counts is a final status. */
export function tellReferrer(fresh: Call, status: i32): void {
  const call = findCall(fresh.referrer);
  if (!call) return;
  if (status >= 200) fresh.referrer = 0;
  call.reportStatus = status;
  report(call);
}

function report(call: Call): void {
  const status = call.reportStatus;
  const isSaid = status == call.reportedStatus;
  if (!call.reportId || isSaid || call.report || call.state != CallState.Up) return;
  call.reportedStatus = status;
  const from = mark();
  put(w("Event: refer"));
  // The first REFER of a dialog needs no name, and there are peers that do not expect one (RFC 3515 §2.4.6).
  if (call.reportsAgain) {
    put(w(";id="));
    putNumber(call.reportId);
  }
  put(w("\r\nSubscription-State: "));
  put(status < 200 ? w("active;expires=300\r\n") : w("terminated;reason=noresource\r\n"));
  const lines = written(from);
  const body = mark();
  putStatusLine(status, EMPTY);
  const d = call.dialog!;
  const t = send(call, d, Method.Notify, sequenceOf(d), written(body), Purpose.Notify, lines);
  if (t) call.report = t.handle;
  else call.reportId = 0;
}

export function receiveReportResponse(call: Call, m: Message): void {
  if (m.status < 200) return;
  call.report = 0;
  if (isChallenge(m) && noteChallenge(call, m)) call.reportedStatus = 0;
  // Other refusals are of this NOTIFY alone, such as 491 where it has overtaken our 200 to the REFER (RFC 5057 §5.1).
  else if (m.status == 481 || call.reportedStatus >= 200) return endReport(call);
  report(call);
}

/** Nobody wants to hear more. */
export function endReport(call: Call): void {
  call.report = 0;
  call.reportId = 0;
}
