// What the phone's application is told of a call.

import { isPresent, size, Slice, w } from "../bytes/slice";
import { lineAt } from "../bytes/lines";
import { EventKind } from "../output/abi-numbers";
import { endEvent, numberField, textField } from "../output/output";
import { Method, methodName } from "../message/method";
import { nowMs } from "../time/clock";
import { beginCallEvent, Call, CallState, Change, markOver } from "./call";
import { diversions, diverter, diverterReason } from "./diversion";
import { noteOutcome } from "./refer";
import { EndRule, endRuleId, endRuleWords } from "./end-rule";
import { partyOf } from "./party";
import { Refresher, SessionTimer } from "./session-timer";
import { remarkWords, ruleId, ruleWords } from "./timer-rule";

/** Which side did it. */
export const enum Side {
  Local,
  Remote,
}

export function sideName(side: Side): Slice {
  return side == Side.Local ? w("local") : w("remote");
}

export function sayOutgoing(call: Call): void {
  if (!beginCallEvent(call, EventKind.CallOutgoing, w("call.outgoing"))) return;
  textField(w("to"), call.remoteUri);
  numberField(w("account"), call.account);
  endEvent();
}

export function sayIncoming(call: Call, from: Slice, display: Slice, to: Slice): void {
  if (!beginCallEvent(call, EventKind.CallIncoming, w("call.incoming"))) return;
  textField(w("from"), from);
  textField(w("display"), display);
  textField(w("to"), to);
  numberField(w("account"), call.account);
  endEvent();
}

/** Where readDiversions has found somebody. */
export function sayDiverted(call: Call): void {
  if (!diversions) return;
  if (!beginCallEvent(call, EventKind.CallDiverted, w("call.diverted"))) return;
  textField(w("by"), diverter);
  textField(w("reason"), diverterReason);
  numberField(w("count"), diversions);
  endEvent();
}

export function sayRinging(call: Call, status: i32): void {
  call.hasRung = true;
  sayNumber(call, EventKind.CallRinging, w("call.ringing"), w("status"), status);
}

export function sayEstablished(call: Call): void {
  if (beginCallEvent(call, EventKind.CallEstablished, w("call.established"))) {
    textField(w("media"), call.mediaLine);
    timerFields(call.timer);
    endEvent();
  }
  noteOutcome(call, 200);
}

/** A 2xx renewed the session, whoever asked for it. `next`: seconds until the next refresh is due. */
export function sayRefreshed(call: Call, by: Side, method: Method): void {
  if (call.isOver || !beginCallEvent(call, EventKind.CallRefreshed, w("call.refreshed"))) return;
  textField(w("by"), sideName(by));
  textField(w("method"), methodName(method));
  const due = call.refresh.place ? call.refresh.when : call.expiry.place ? call.expiry.when : nowMs();
  numberField(w("next"), (due - nowMs()) / 1000);
  timerFields(call.timer);
  endEvent();
}

function timerFields(timer: SessionTimer): void {
  textField(w("refresher"), refresherName(timer));
  numberField(w("expires"), timer.intervalSeconds);
  textField(w("rule"), ruleId(timer.rule));
  textField(w("words"), ruleWords(timer.rule));
  const remark = remarkWords(timer.remark);
  if (size(remark)) textField(w("remark"), remark);
}

function refresherName(timer: SessionTimer): Slice {
  if (timer.refresher == Refresher.None) return w("none");
  return timer.refresher == Refresher.Local ? w("local") : w("remote");
}

/** Of a number of `endingOf`: where the rule and the status begin; the lowest bit is the Side. */
export const enum Ending {
  Rule = 1,
  Status = 9,
}

const LAST_ENDINGS: u32 = 64;
const endings = memory.data(<i32>LAST_ENDINGS * 4, 4);

/** How the call of that number ended, if it is one of the last. */
export function endingOf(number: u32): i32 {
  return load<i32>(endings + <usize>((number % LAST_ENDINGS) << 2));
}

/** Says call.ended, once. `reason`: words of the peer, if it gave any. */
export function sayEnded(call: Call, by: Side, status: i32, rule: EndRule, reason: Slice): void {
  if (call.isOver) return;
  markOver(call);
  const ending = by | ((<i32>rule) << Ending.Rule) | (status << Ending.Status);
  store<i32>(endings + <usize>((call.number % LAST_ENDINGS) << 2), ending);
  if (beginCallEvent(call, EventKind.CallEnded, w("call.ended"))) {
    textField(w("by"), sideName(by));
    numberField(w("status"), status);
    textField(w("rule"), endRuleId(rule));
    textField(w("reason"), isPresent(reason) && size(reason) ? reason : endRuleWords(rule));
    if (call.isElsewhere) numberField(w("elsewhere"), 1);
    endEvent();
  }
  noteOutcome(call, status);
}

/** Something asked for came to nothing while the call goes on. */
export function sayNotice(call: Call, what: Slice, status: i32): void {
  if (!beginCallEvent(call, EventKind.CallNotice, w("call.notice"))) return;
  textField(w("what"), what);
  numberField(w("status"), status);
  endEvent();
}

export function sayState(call: Call): void {
  if (!beginCallEvent(call, EventKind.CallState, w("call.state"))) return;
  textField(w("state"), stateName(call.state));
  textField(w("direction"), call.isOutgoing ? w("outgoing") : w("incoming"));
  textField(w("peer"), partyOf(call));
  numberField(w("account"), call.account);
  textField(w("media"), call.mediaLine);
  timerFields(call.timer);
  endEvent();
}

function stateName(state: CallState): Slice {
  return lineAt(w("locating\ncalling\nproceeding\ncancelling\nringing\naccepted\nup\nending"), state);
}

export function changeName(change: Change): Slice {
  return lineAt(w("refresh\nhold\nresume\nmedia"), change - 1);
}

/** An event of a call with one number. */
export function sayNumber(call: Call, event: EventKind, name: Slice, field: Slice, value: i64): void {
  if (!beginCallEvent(call, event, name)) return;
  numberField(field, value);
  endEvent();
}
