// Calls that are answered without the user: by the account's setting, or because the caller asks for it
// (Call-Info and Alert-Info as phones know them, RFC 5373), which only the account's server may.

import { decimal, isPresent, w } from "../bytes/slice";
import { AnswerMode, parseAnswerMode } from "../message/answer-mode";
import { behind } from "../message/grammar";
import { Header } from "../message/header";
import { Elements } from "../message/list";
import { Message } from "../message/message";
import { parameter, unquote } from "../message/parameters";
import { hasWord } from "../message/token-list";
import { EventKind } from "../output/abi-numbers";
import { endEvent, numberField, textField } from "../output/output";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { beginCallEvent, Call, isBusyBeside } from "./call";

/** A caller that asks for more than this wants a call that rings. */
const MOST_SECONDS: i64 = 60;
/** The user decides. */
const MANUAL: i64 = -1;

const all = changetype<Elements>(memory.data(offsetof<Elements>(), 8));
const mode = changetype<AnswerMode>(memory.data(offsetof<AnswerMode>(), 8));

/** What the caller asked for could not be had, and it wants nothing else: 403 (RFC 5373 §4.5.1). */
export let isForbidden: bool = false;

/** Whether, and after how many seconds, the call is to be answered by itself; into the call, and isForbidden. */
export function judgeAnswer(call: Call, m: Message, mayCommand: bool, isDirect: bool): void {
  const account = call.account;
  const isObeyed = mayCommand && number(Key.IntercomAllow) != 0;
  const isBusy = isBusyBeside(call);
  let seconds = readModes(m);
  const isManual = mode.isManual;
  isForbidden = seconds >= 0 && mode.isRequired && (!isObeyed || (isBusy && !number(Key.IntercomBarge)));
  if (seconds < 0) seconds = readInfos(m, Header.CallInfo);
  if (seconds < 0) seconds = readInfos(m, Header.AlertInfo);
  call.isIntercom = isObeyed && !isManual && seconds >= 0;
  call.answersAfter = -1;
  if (call.isIntercom) {
    if (!isBusy || number(Key.IntercomBarge)) call.answersAfter = <i32>seconds;
    return;
  }
  if (isManual || isBusy) return;
  const bySetting = number(Key.AutoAnswer, account) || (isDirect && number(Key.IpCallAutoAnswer));
  if (bySetting) call.answersAfter = number(Key.AutoAnswerDelay);
}

/** 0 if Answer-Mode or Priv-Answer-Mode wants it answered at once; the latter decides, if it is there. */
function readModes(m: Message): i64 {
  mode.isRequired = false;
  mode.isManual = false;
  const privileged = m.header(Header.PrivAnswerMode);
  const value = isPresent(privileged) ? privileged : m.header(Header.AnswerMode);
  if (!isPresent(value) || !parseAnswerMode(value, mode)) return MANUAL;
  return mode.isAuto ? 0 : MANUAL;
}

function readInfos(m: Message, h: Header): i64 {
  all.open(m, h);
  while (all.next()) {
    if (hasWord(w("auto answer,ring answer,intercom"), all.element)) return 0;
    // Deviates from RFC 3261 §20.4: many have no URI in it, and none of its parameters' `;`.
    const behindUri = behind(all.element, 0x3e);
    const params = isPresent(behindUri) ? behindUri : all.element;
    const after = decimal(parameter(params, w("answer-after")), MOST_SECONDS);
    if (after >= 0) return after;
    const alert = unquote(parameter(params, w("info")));
    if (!hasWord(w("alert-autoanswer,auto answer,auto-answer,ring-answer,ringanswer,intercom"), alert))
      continue;
    return max<i64>(decimal(parameter(params, w("delay")), MOST_SECONDS), 0);
  }
  return MANUAL;
}

/** It is, or will be, answered by itself. */
export function sayAutoAnswer(call: Call): void {
  if (!beginCallEvent(call, EventKind.CallAutoAnswer, w("call.autoanswer"))) return;
  numberField(w("after"), call.answersAfter);
  textField(w("by"), call.isIntercom ? w("caller") : w("setting"));
  const mutes = call.isIntercom ? number(Key.IntercomMute) : number(Key.AutoAnswerMute, call.account);
  numberField(w("mute"), mutes);
  endEvent();
}
