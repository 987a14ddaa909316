// The session timer in our own requests and in what comes back for them: 2xx and 422 (RFC 4028 §7).

import { w } from "../bytes/slice";
import { Header } from "../message/header";
import { listHas } from "../message/list";
import { Message } from "../message/message";
import { minSE, RefresherParam } from "../message/session-expires";
import {
  isRunning,
  learnPeer,
  LEAST_SECONDS,
  putMinSE,
  putSessionExpires,
  readRefresher,
  Refresher,
  sessionExpires,
  SessionTimer,
  startTimer,
  stopTimer,
} from "./session-timer";
import { Remark, Rule } from "./timer-rule";

const MOST_TOO_SMALL: i32 = 3;

/** What to do after 422. */
export const enum TooSmall {
  /** The same request again, with CSeq + 1 and what writeTimerRequest then writes. */
  Retry,
  /** The same, but the answer had no Min-SE: twice the interval, once only. */
  RetryOnceDoubled,
  /** An initial INVITE failed; a session lives on until its expiry. */
  GiveUp,
}

/** Writes Session-Expires and Min-SE of an INVITE, re-INVITE or UPDATE at the output cursor. */
export function writeTimerRequest(t: SessionTimer, isInitial: bool): void {
  t.hasAsked = false;
  if (!t.isEnabled) return;
  const learnt = isInitial ? t.callMinSE : t.dialogMinSE;
  const least = max(t.minSE, learnt);
  if (isInitial || isRunning(t)) {
    const wanted = isInitial ? t.expires : t.intervalSeconds;
    ask(t, max(max(wanted, least), t.doubledSeconds), isInitial ? t.prefersRemote : isRemote(t));
  }
  // Once learnt it is said in every later one, even without Session-Expires (RFC 4028 §7.4).
  if (learnt > 0 || least > LEAST_SECONDS) putMinSE(least);
}

function isRemote(t: SessionTimer): bool {
  return t.refresher == Refresher.Remote;
}

function ask(t: SessionTimer, seconds: i64, ofRemote: bool): void {
  t.hasAsked = true;
  t.askedSeconds = seconds;
  putSessionExpires(seconds, !ofRemote);
}

/** A 2xx to an INVITE, re-INVITE or UPDATE of ours; what it changes, and by which rule. */
export function receiveTimerSuccess(t: SessionTimer, m: Message, cseq: u32, isInitial: bool, now: i64): Rule {
  t.remark = Remark.None;
  learnPeer(t, m);
  // An UPDATE before the INVITE's 2xx starts nothing, and never outdates that 2xx.
  if (!isInitial && !t.isConfirmed) return Rule.NotApplied;
  if (<i64>cseq <= t.localCSeq) return Rule.NotApplied;
  t.localCSeq = <i64>cseq;
  t.isConfirmed = true;
  const seconds = sessionExpires(m);
  if (seconds > 0) t.rule = adopt(t, m, seconds, isInitial, now);
  else if (seconds < 0) t.rule = keepUnreadable(t, m, isInitial, now);
  else t.rule = withoutInterval(t, m, isInitial, now);
  return t.rule;
}

function adopt(t: SessionTimer, m: Message, seconds: i64, isInitial: bool, now: i64): Rule {
  const named: Refresher = readRefresher == RefresherParam.Uas ? Refresher.Remote : Refresher.Local;
  if (!t.isEnabled && named == Refresher.Remote) return off(t, Rule.Disabled);
  const rule = whoNamed(t, m, named, isInitial);
  t.remark = remarkOn(t, seconds);
  t.isSelf = false;
  startTimer(t, seconds, named, now);
  return rule;
}

function whoNamed(t: SessionTimer, m: Message, named: Refresher, isInitial: bool): Rule {
  if (!t.isEnabled) return Rule.NamedThoughOff;
  if (readRefresher == RefresherParam.None) return Rule.ParameterMissing;
  if (!t.hasAsked) return Rule.PeerNamed;
  const asked: Refresher = (isInitial ? t.prefersRemote : isRemote(t)) ? Refresher.Remote : Refresher.Local;
  if (named == asked) return isInitial ? Rule.Setting : Rule.PresentRefresher;
  // A proxy takes uas for uac when the one it asked knows no timers (RFC 4028 §8.2).
  const isProxy = named == Refresher.Local && !listHas(m, Header.Supported, w("timer"));
  return isProxy ? Rule.ProxyAdded : Rule.PeerOverride;
}

function remarkOn(t: SessionTimer, seconds: i64): Remark {
  if (seconds < t.minSE) return Remark.BelowMinimum;
  return t.hasAsked && seconds > t.askedSeconds ? Remark.AboveAsked : Remark.None;
}

// What can't be read is as good as absent, but it switches no running timer off.
function keepUnreadable(t: SessionTimer, m: Message, isInitial: bool, now: i64): Rule {
  t.remark = Remark.Unreadable;
  if (isInitial || !isRunning(t)) return withoutInterval(t, m, isInitial, now);
  startTimer(t, t.intervalSeconds, t.refresher, now);
  return Rule.PresentRefresher;
}

function withoutInterval(t: SessionTimer, m: Message, isInitial: bool, now: i64): Rule {
  if (!t.isEnabled) return off(t, Rule.Disabled);
  if (t.remark == Remark.None && listHas(m, Header.Require, w("timer"))) return off(t, Rule.Contradictory);
  if (isInitial) {
    if (!t.hasAsked) return off(t, Rule.NotAsked);
    return t.selfWhenPeerHasNone ? runAlone(t, now) : off(t, Rule.PeerNoSupport);
  }
  if (t.isSelf) return runAlone(t, now);
  return off(t, isRunning(t) ? Rule.TurnedOff : t.rule);
}

// The interval that we asked for, nothing is expected of the peer (RFC 4028 §7.2).
function runAlone(t: SessionTimer, now: i64): Rule {
  t.isSelf = true;
  startTimer(t, t.hasAsked ? t.askedSeconds : t.intervalSeconds, Refresher.Local, now);
  return Rule.PeerWithoutTimer;
}

function off(t: SessionTimer, rule: Rule): Rule {
  stopTimer(t);
  return rule;
}

/** A 422 to a request of ours. The expiry stays where it is (RFC 4028 §10). */
export function receiveTooSmall(t: SessionTimer, m: Message, isInitial: bool): TooSmall {
  if (!t.isEnabled || t.tooSmallRounds >= MOST_TOO_SMALL) return TooSmall.GiveUp;
  t.tooSmallRounds++;
  const least = minSE(m);
  if (least <= 0) return double(t, isInitial);
  if (isInitial) t.callMinSE = max(t.callMinSE, least);
  else t.dialogMinSE = max(t.dialogMinSE, least);
  return TooSmall.Retry;
}

function double(t: SessionTimer, isInitial: bool): TooSmall {
  if (isInitial || t.doubledSeconds > 0 || !t.hasAsked) return TooSmall.GiveUp;
  t.doubledSeconds = t.askedSeconds * 2;
  return TooSmall.RetryOnceDoubled;
}
