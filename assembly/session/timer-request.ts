// The session timer in our own requests and in what comes back for them: 2xx and 422 (RFC 4028 §7).

import { Header } from "../message/header";
import { Message } from "../message/message";
import { minSE, putMinSE, putSessionExpires, RefresherParam } from "../message/session-expires";
import {
  isRunning,
  learnPeer,
  LEAST_SECONDS,
  lists,
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
  if (!t.isEnabled) return;
  const learnt = isInitial ? t.callMinSE : t.dialogMinSE;
  const least = max(t.minSE, learnt);
  if (isInitial) t.callAskedSeconds = max(t.expires, least);
  else t.dialogAskedSeconds = isRunning(t) ? max(max(t.intervalSeconds, least), t.doubledSeconds) : 0;
  const seconds = asked(t, isInitial);
  const isOurs = askedRefresher(t, isInitial) == Refresher.Local;
  if (seconds > 0) putSessionExpires(seconds, isOurs ? RefresherParam.Uac : RefresherParam.Uas);
  // Once learnt it is said in every later one, even without Session-Expires (RFC 4028 §7.4).
  if (learnt > 0 || least > LEAST_SECONDS) putMinSE(least);
}

function asked(t: SessionTimer, isInitial: bool): i64 {
  return isInitial ? t.callAskedSeconds : t.dialogAskedSeconds;
}

// The setting is asked once; later requests confirm the role that is (RFC 4028 §7.4).
function askedRefresher(t: SessionTimer, isInitial: bool): Refresher {
  const isRemote = isInitial ? t.prefersRemote : t.refresher == Refresher.Remote;
  return isRemote ? Refresher.Remote : Refresher.Local;
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
  t.tooSmallRounds = 0;
  t.doubledSeconds = 0;
  const seconds = sessionExpires(t, m);
  if (seconds > 0) t.rule = adopt(t, m, seconds, isInitial, now);
  else if (seconds < 0) t.rule = keepUnreadable(t, m, isInitial, now);
  else t.rule = withoutInterval(t, m, isInitial, now);
  return t.rule;
}

function adopt(t: SessionTimer, m: Message, seconds: i64, isInitial: bool, now: i64): Rule {
  const named: Refresher = t.read.refresher == RefresherParam.Uas ? Refresher.Remote : Refresher.Local;
  if (!t.isEnabled && named == Refresher.Remote) return off(t, Rule.Disabled);
  const rule = whoNamed(t, m, named, isInitial);
  t.remark = remarkOn(t, seconds, asked(t, isInitial));
  t.isSelf = false;
  startTimer(t, seconds, named, now);
  return rule;
}

function whoNamed(t: SessionTimer, m: Message, named: Refresher, isInitial: bool): Rule {
  if (!t.isEnabled) return Rule.NamedThoughOff;
  if (t.read.refresher == RefresherParam.None) return Rule.ParameterMissing;
  if (asked(t, isInitial) == 0) return Rule.PeerNamed;
  if (named == askedRefresher(t, isInitial)) return isInitial ? Rule.Setting : Rule.PresentRefresher;
  // A proxy answers uac, whatever was asked, for one who knows no timers (RFC 4028 §8.2).
  const isProxy = isInitial && named == Refresher.Local && !lists(m, Header.Supported);
  return isProxy ? Rule.ProxyAdded : Rule.PeerOverride;
}

function remarkOn(t: SessionTimer, seconds: i64, askedSeconds: i64): Remark {
  if (seconds < t.minSE) return Remark.BelowMinimum;
  return askedSeconds > 0 && seconds > askedSeconds ? Remark.AboveAsked : Remark.None;
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
  if (t.remark == Remark.None && lists(m, Header.Require)) return off(t, Rule.Contradictory);
  if (isInitial) {
    if (t.callAskedSeconds == 0) return off(t, Rule.NotAsked);
    return t.selfWhenPeerHasNone ? runAlone(t, t.callAskedSeconds, now) : off(t, Rule.PeerNoSupport);
  }
  if (t.isSelf) return runAlone(t, max(t.dialogAskedSeconds, LEAST_SECONDS), now);
  return off(t, isRunning(t) ? Rule.TurnedOff : t.rule);
}

// The interval that we asked for, nothing is expected of the peer (RFC 4028 §7.2).
function runAlone(t: SessionTimer, seconds: i64, now: i64): Rule {
  t.isSelf = true;
  startTimer(t, seconds, Refresher.Local, now);
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
  if (isInitial || t.doubledSeconds > 0 || t.dialogAskedSeconds == 0) return TooSmall.GiveUp;
  t.doubledSeconds = min<i64>(t.dialogAskedSeconds * 2, 0xffffffff);
  return TooSmall.RetryOnceDoubled;
}
