// Why a session timer is as it is: the rule behind each decision, in words for events.
//
// A Rule says who refreshes and why; a Remark says what was odd about the message that decided it.

import { idOf, lineAt, wordsOf } from "../bytes/lines";
import { Slice, w } from "../bytes/slice";

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
  return idOf(lineOf(rule));
}

/** A sentence for the one who reads the log. */
export function ruleWords(rule: Rule): Slice {
  return wordsOf(lineOf(rule));
}

/** In the order of Rule: the id, a colon, the words. */
function lineOf(rule: Rule): Slice {
  return lineAt(
    w(`:
RFC4028-7.1-setting:the setting session_timer.refresher chose
yealink-old-refresher:an old Yealink phone refreshes too late, so we refresh
RFC4028-9-named:the other side named the refresher
RFC4028-7.2-named:the answer names another refresher than we asked for
RFC4028-8.2-proxy:the other side has no session timers, a proxy has
RFC4028-8.1-proxy:a proxy asks for a session timer, the caller has none
RFC4028-7.2-missing:the answer names no refresher, so we refresh
RFC4028-7.4-present:the refresher stays the same
RFC4028-9-takeover:a later request had no timer headers, so we refresh
RFC4028-7.2-self:the other side has no session timers, we refresh alone
RFC4028-7.2-unsupported:the other side has no session timers
RFC4028-7.2-off:the other side turned the session timer off
RFC4028-none:nobody asked for a session timer
RFC4028-7.2-contradiction:the answer requires a timer but has no Session-Expires
setting-off:session timers are off in the settings
setting-off-named:session timers are off in the settings, but the answer makes us refresh
RFC4028-7.2-unchanged:an older answer changes nothing`),
    rule,
  );
}

/** What was odd, for the log; of size 0 when nothing was. */
export function remarkWords(remark: Remark): Slice {
  return lineAt(
    w(`
Session-Expires is below the minimum
Session-Expires is above what we asked for
Session-Expires can't be read`),
    remark,
  );
}
