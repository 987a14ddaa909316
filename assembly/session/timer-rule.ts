// Why a session timer is as it is: the rule behind each decision, in words for events.
//
// A Rule says who refreshes and why; a Remark says what was odd about the message that decided it.

import { EMPTY, Slice, w } from "../bytes/slice";

export const enum Rule {
  /** Nothing was decided yet. */
  None = 0,
  /** Our setting decided, as the RFC lets us, and the other side agreed. */
  Setting,
  /** We choose, and chose against the setting for the sake of an old Yealink phone. */
  OldYealink,
  /** The other side named the refresher and that was its right. */
  PeerNamed,
  /** The answer names another one than we asked for. */
  PeerOverride,
  /** A proxy added the timer to the answer of somebody who knows none. */
  ProxyAdded,
  /** The request asks for a timer and its sender knows none: a proxy asked. */
  ProxyInserted,
  /** The answer does not say who refreshes. */
  ParameterMissing,
  /** The role of before goes on. */
  PresentRefresher,
  /** A later request without timer headers, while a timer runs. */
  TookOver,
  /** Self mode: the other side knows no timers, we keep one alone. */
  PeerWithoutTimer,
  /** The other side knows no timers, and we want none alone. */
  PeerNoSupport,
  /** A later 2xx without Session-Expires. */
  TurnedOff,
  /** Nobody asked for a timer. */
  NotAsked,
  /** Require: timer in a 2xx without Session-Expires. */
  Contradictory,
  /** Session timers are off in the settings. */
  Disabled,
  /** Session timers are off in the settings, and the answer names us all the same. */
  NamedThoughOff,
  /** A 2xx older than one that was already applied, or one in an early dialog: nothing changed. */
  NotApplied,
}

export const enum Remark {
  None = 0,
  /** A 2xx with less than 90 s, or less than our Min-SE. */
  BelowMinimum,
  /** A 2xx with more than we asked for. */
  AboveAsked,
  /** A Session-Expires that can't be read, or two of them. */
  Unreadable,
}

/** A short name to look for. */
export function ruleId(rule: Rule): Slice {
  switch (rule) {
    case Rule.Setting:
      return w("RFC4028-7.1-setting");
    case Rule.OldYealink:
      return w("yealink-old-refresher");
    case Rule.PeerNamed:
      return w("RFC4028-9-named");
    case Rule.PeerOverride:
      return w("RFC4028-7.2-named");
    case Rule.ProxyAdded:
      return w("RFC4028-8.2-proxy");
    case Rule.ProxyInserted:
      return w("RFC4028-8.1-proxy");
    case Rule.ParameterMissing:
      return w("RFC4028-7.2-missing");
    case Rule.PresentRefresher:
      return w("RFC4028-7.4-present");
    case Rule.TookOver:
      return w("RFC4028-9-takeover");
    case Rule.PeerWithoutTimer:
      return w("RFC4028-7.2-self");
    case Rule.PeerNoSupport:
      return w("RFC4028-7.2-unsupported");
    case Rule.TurnedOff:
      return w("RFC4028-7.2-off");
    case Rule.NotAsked:
      return w("RFC4028-none");
    case Rule.Contradictory:
      return w("RFC4028-7.2-contradiction");
    case Rule.Disabled:
      return w("setting-off");
    case Rule.NamedThoughOff:
      return w("setting-off-named");
    case Rule.NotApplied:
      return w("RFC4028-7.2-unchanged");
    default:
      return EMPTY;
  }
}

/** A sentence for the one who reads the log. */
export function ruleWords(rule: Rule): Slice {
  switch (rule) {
    case Rule.Setting:
      return w("the setting session_timer.refresher chose");
    case Rule.OldYealink:
      return w("an old Yealink phone refreshes too late, so we refresh");
    case Rule.PeerNamed:
      return w("the other side named the refresher");
    case Rule.PeerOverride:
      return w("the answer names another refresher than we asked for");
    case Rule.ProxyAdded:
      return w("the other side has no session timers, a proxy has");
    case Rule.ProxyInserted:
      return w("a proxy asks for a session timer, the caller has none");
    case Rule.ParameterMissing:
      return w("the answer names no refresher, so we refresh");
    case Rule.PresentRefresher:
      return w("the refresher stays the same");
    case Rule.TookOver:
      return w("a later request had no timer headers, so we refresh");
    case Rule.PeerWithoutTimer:
      return w("the other side has no session timers, we refresh alone");
    case Rule.PeerNoSupport:
      return w("the other side has no session timers");
    case Rule.TurnedOff:
      return w("the other side turned the session timer off");
    case Rule.NotAsked:
      return w("nobody asked for a session timer");
    case Rule.Contradictory:
      return w("the answer requires a timer but has no Session-Expires");
    case Rule.Disabled:
      return w("session timers are off in the settings");
    case Rule.NamedThoughOff:
      return w("session timers are off in the settings, but the answer makes us refresh");
    case Rule.NotApplied:
      return w("an older answer changes nothing");
    default:
      return EMPTY;
  }
}

/** What was odd, for the log; EMPTY when nothing was. */
export function remarkWords(remark: Remark): Slice {
  switch (remark) {
    case Remark.BelowMinimum:
      return w("Session-Expires is below the minimum");
    case Remark.AboveAsked:
      return w("Session-Expires is above what we asked for");
    case Remark.Unreadable:
      return w("Session-Expires can't be read");
    default:
      return EMPTY;
  }
}
