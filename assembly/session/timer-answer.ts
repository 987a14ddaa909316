// The session timer in the peer's requests and in what we answer (RFC 4028 §9).
//
// judgeTimerRequest notes what the request says. An INVITE is answered when the user answers, perhaps
// minutes later and after other requests, so the answer is worked out from the notes at that moment;
// an INVITE and an UPDATE have notes of their own.

import { Header } from "../message/header";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { minSE, putMinSE, putSessionExpires, RefresherParam } from "../message/session-expires";
import {
  isRunning,
  learnPeer,
  LEAST_SECONDS,
  lists,
  PeerTimerRequest,
  Refresher,
  sessionExpires,
  SessionTimer,
  startTimer,
  stopTimer,
} from "./session-timer";
import { Remark, Rule } from "./timer-rule";

/**
 * Notes what an INVITE or UPDATE asks for: 0 to go on, 422 (then writeMinSE) or 420 (Unsupported: timer).
 * The timer itself is untouched. Only for a request that is going to be answered: after the checks
 * for glare and overlap.
 */
export function judgeTimerRequest(t: SessionTimer, m: Message, isInitial: bool): i32 {
  const r = notes(t, m.method);
  t.remark = Remark.None;
  r.isInitial = isInitial;
  r.supports = lists(m, Header.Supported);
  learnPeer(t, m);
  if (!t.isEnabled) return lists(m, Header.Require) ? 420 : 0;
  r.minSE = max<i64>(minSE(m), 0);
  t.dialogMinSE = max(t.dialogMinSE, r.minSE);
  noteInterval(t, r, m);
  return r.supports && r.seconds > 0 && r.seconds < t.minSE ? 422 : 0;
}

function notes(t: SessionTimer, method: Method): PeerTimerRequest {
  return method == Method.Update ? t.update : t.invite;
}

function noteInterval(t: SessionTimer, r: PeerTimerRequest, m: Message): void {
  const seconds = sessionExpires(t, m);
  if (seconds < 0) t.remark = Remark.Unreadable;
  // Deviates from RFC 4028 §9, which lets nobody raise it: 422 would fail the call of someone who does
  // not know timers, and we refresh anyway (its erratum 1687 thinks alike).
  r.seconds = seconds <= 0 ? 0 : r.supports ? seconds : max(seconds, LEAST_SECONDS);
  r.param = t.read.refresher;
}

/** Min-SE of a 422 (RFC 4028 §6). */
export function writeMinSE(t: SessionTimer): void {
  putMinSE(t.minSE);
}

/** Writes Session-Expires of the 2xx, if there is to be one, at the output cursor. */
export function writeTimerAnswer(t: SessionTimer, method: Method): void {
  const r = notes(t, method);
  const seconds = answerSeconds(t, r);
  if (seconds == 0) return;
  const isPeer = answerRefresher(t, r) == Refresher.Remote;
  putSessionExpires(seconds, isPeer ? RefresherParam.Uac : RefresherParam.Uas);
}

/** `timer` belongs into the Require of the 2xx: whoever knows timers shall look (RFC 4028 §9). */
export function answerRequiresTimer(t: SessionTimer, method: Method): bool {
  const r = notes(t, method);
  return r.supports && answerSeconds(t, r) > 0;
}

/** The 2xx is sent for the first time: what it says holds from now on. */
export function applyTimerAnswer(t: SessionTimer, method: Method, cseq: u32, now: i64): Rule {
  const r = notes(t, method);
  // An UPDATE before the INVITE's 2xx starts nothing, and never outdates that 2xx.
  if (!r.isInitial && !t.isConfirmed) return Rule.NotApplied;
  if (<i64>cseq <= t.remoteCSeq) return Rule.NotApplied;
  t.remoteCSeq = <i64>cseq;
  t.isConfirmed = true;
  const seconds = answerSeconds(t, r);
  t.rule = answerRule(t, r, seconds);
  if (seconds > 0) {
    const refresher = answerRefresher(t, r);
    t.isSelf = t.isSelf && !r.supports;
    startTimer(t, seconds, refresher, now);
  } else stopTimer(t);
  return t.rule;
}

/** The interval of the 2xx; 0 for none. */
function answerSeconds(t: SessionTimer, r: PeerTimerRequest): i64 {
  if (!t.isEnabled) return 0;
  if (r.seconds > 0) return r.seconds;
  if (!r.isInitial) return isRunning(t) ? max(max(t.intervalSeconds, LEAST_SECONDS), r.minSE) : 0;
  return r.supports && t.addsWhenSupported ? max(t.expires, r.minSE) : 0;
}

/** RFC 4028 Table 2. In the 2xx Remote is uac, the sender of the request, and Local is uas. */
function answerRefresher(t: SessionTimer, r: PeerTimerRequest): Refresher {
  if (!r.supports) return Refresher.Local;
  if (r.param == RefresherParam.Uac) return Refresher.Remote;
  if (r.param == RefresherParam.Uas) return Refresher.Local;
  if (!r.isInitial && isRunning(t)) return t.refresher;
  return t.prefersRemote && !t.isOldYealink ? Refresher.Remote : Refresher.Local;
}

function answerRule(t: SessionTimer, r: PeerTimerRequest, seconds: i64): Rule {
  if (!t.isEnabled) return Rule.Disabled;
  if (seconds == 0) return Rule.NotAsked;
  if (!r.supports) return ruleForIgnorant(t, r);
  if (r.param != RefresherParam.None) return Rule.PeerNamed;
  if (!r.isInitial && isRunning(t)) return Rule.PresentRefresher;
  return t.prefersRemote && t.isOldYealink ? Rule.OldYealink : Rule.Setting;
}

function ruleForIgnorant(t: SessionTimer, r: PeerTimerRequest): Rule {
  if (r.seconds > 0) return Rule.ProxyInserted;
  return t.isSelf ? Rule.PeerWithoutTimer : Rule.TookOver;
}
