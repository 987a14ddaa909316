// The session timer of one dialog (RFC 4028): who refreshes, how often, and when the call is given up.
//
//               2xx at 0        T/2                  T - min(32 s, T/3)      T
//   refresher     |--------------| refresh ... tries ... |  last one runs    |
//   the other     |--------------------------------------| BYE (grace) ..... |
//
// Here are the state and the times. timer-request.ts writes our requests and reads their answers,
// timer-answer.ts judges the peer's requests and writes our answers; only a 2xx changes the state.

import { reserve } from "../bytes/arena";
import { end, isDigit, Slice, start, startsWithIgnoringCase, w } from "../bytes/slice";
import { randomBelow } from "../crypto/random";
import { Header } from "../message/header";
import { listHas } from "../message/list";
import { Message } from "../message/message";
import { Method } from "../message/method";
import {
  newSessionExpires,
  parseSessionExpires,
  RefresherParam,
  SessionExpires,
} from "../message/session-expires";
import { NEVER } from "../time/clock";
import { Remark, Rule } from "./timer-rule";

/** Least interval that anybody may ask for, in seconds (RFC 4028 §4). */
export const LEAST_SECONDS: i64 = 90;
/** The longest interval that a setting may ask for, in seconds. */
const MOST_SECONDS: i64 = 7200;
/** A peer that answers with less than 90 s is not refreshed sooner than this. */
const LEAST_REFRESH_MS: i64 = 10_000;
const JITTER_FROM_SECONDS: i64 = 300;
const MOST_JITTER_MS: u32 = 5000;

/** Who refreshes, seen from the dialog: unlike uac and uas it does not depend on a request. */
export const enum Refresher {
  None = 0,
  Local = 1,
  Remote = 2,
}

/** What a request of the peer says about timers: it is answered when its bytes are long gone. */
@unmanaged
export class PeerTimerRequest {
  isInitial: bool;
  /** It has Supported: timer. */
  supports: bool;
  param: RefresherParam;
  /** 0 when there is none, or none that can be read. */
  seconds: i64;
  /** 0 when there is none. */
  minSE: i64;
}


@unmanaged
export class SessionTimer {
  // ---- policy, fixed for the call ----
  isEnabled: bool;
  /** Setting session_timer.refresher = 1: the other side shall refresh. */
  prefersRemote: bool;
  /** Run a timer alone toward a peer that has none (RFC 4028 §7.2). */
  selfWhenPeerHasNone: bool;
  /** Add a timer to the 2xx of an INVITE that supports timers and asks for none. */
  addsWhenSupported: bool;
  ownsCallId: bool;
  expires: i64;
  minSE: i64;
  graceSeconds: i64;

  // ---- negotiated: what the newest 2xx said ----
  /** T; 0 while no timer runs. */
  intervalSeconds: i64;
  refresher: Refresher;
  /** We refresh and expect nothing of a peer that knows no timers. */
  isSelf: bool;
  rule: Rule;
  /** What was odd about the last message. */
  remark: Remark;
  /** When the newest 2xx was received or first sent. */
  startedMs: i64;
  /** When our refresh is due; NEVER while the other side refreshes. */
  refreshAtMs: i64;

  // ---- learnt ----
  /** The INVITE's own 2xx stands: from now on a 2xx counts. */
  isConfirmed: bool;
  /** Session-Expires of our initial INVITE, and of our newest request in the dialog; 0 for none. */
  callAskedSeconds: i64;
  dialogAskedSeconds: i64;
  /** Largest Min-SE of 422 answers to the initial INVITE. */
  callMinSE: i64;
  /** Largest Min-SE that came in the dialog: requests and 422 answers. */
  dialogMinSE: i64;
  /** After a 422 without Min-SE: ask for this much, once. */
  doubledSeconds: i64;
  tooSmallRounds: i32;
  /** CSeq of the newest 2xx that was applied, for each direction; -1 for none. */
  localCSeq: i64;
  remoteCSeq: i64;
  peerSupportsTimer: bool;
  isOldYealink: bool;
  peerAllowsUpdate: bool;
  /** Any answer to an UPDATE of ours came in this dialog. */
  updateWasAnswered: bool;
  /** UPDATE got 405 or 501, whatever Allow says. */
  updateWasRefused: bool;

  // ---- what the peer asks, until it is answered ----
  invite: PeerTimerRequest;
  update: PeerTimerRequest;
  /** The Session-Expires that was read last. */
  read: SessionExpires;
}

/** Made once with the session that owns it; resetTimer before each call. */
export function newSessionTimer(): SessionTimer {
  const t = changetype<SessionTimer>(reserve(offsetof<SessionTimer>()));
  t.invite = changetype<PeerTimerRequest>(reserve(offsetof<PeerTimerRequest>()));
  t.update = changetype<PeerTimerRequest>(reserve(offsetof<PeerTimerRequest>()));
  t.read = newSessionExpires();
  return t;
}

/** Forgets the last call and takes the settings of the next. Seconds; out of range is moved into it. */
export function resetTimer(
  t: SessionTimer,
  isEnabled: bool,
  expires: i64,
  minSE: i64,
  prefersRemote: bool,
  selfWhenPeerHasNone: bool,
  addsWhenSupported: bool,
  graceSeconds: i64,
  ownsCallId: bool,
): void {
  forgetRequest(t.invite);
  forgetRequest(t.update);
  // The three objects at its end stay.
  memory.fill(changetype<usize>(t), 0, offsetof<SessionTimer>("invite"));
  t.isEnabled = isEnabled;
  t.prefersRemote = prefersRemote;
  t.selfWhenPeerHasNone = selfWhenPeerHasNone;
  t.addsWhenSupported = addsWhenSupported;
  t.minSE = max(minSE, LEAST_SECONDS);
  t.expires = max(min(max(expires, LEAST_SECONDS), MOST_SECONDS), t.minSE);
  t.graceSeconds = graceSeconds;
  t.ownsCallId = ownsCallId;
  t.localCSeq = -1;
  t.remoteCSeq = -1;
}

function forgetRequest(request: PeerTimerRequest): void {
  memory.fill(changetype<usize>(request), 0, offsetof<PeerTimerRequest>());
}

// @ts-ignore: decorator
@inline
export function isRunning(t: SessionTimer): bool {
  return t.intervalSeconds > 0;
}

/** No timer from now on: the dialog ended, or a 2xx said so. */
export function stopTimer(t: SessionTimer): void {
  t.intervalSeconds = 0;
  t.refresher = Refresher.None;
  t.isSelf = false;
}

/** A 2xx with this interval was received or sent at `now`. */
export function startTimer(t: SessionTimer, seconds: i64, refresher: Refresher, now: i64): void {
  t.intervalSeconds = seconds;
  t.refresher = refresher;
  t.startedMs = now;
  t.refreshAtMs = refresher == Refresher.Local ? now + refreshDelayMs(t) : NEVER;
}

/** We list `timer` in Supported, in every request but ACK (RFC 4028 §7.1). */
export function offersTimer(t: SessionTimer): bool {
  return t.isEnabled;
}

// ---- times ----

/** From the 2xx to our refresh: half the interval, a little less for long ones (RFC 4028 §7.2). */
export function refreshDelayMs(t: SessionTimer): i64 {
  const half = max(t.intervalSeconds * 500, LEAST_REFRESH_MS);
  // Phones that were switched on together shall not refresh together for ever.
  return t.intervalSeconds < JITTER_FROM_SECONDS ? half : half - <i64>randomBelow(MOST_JITTER_MS + 1);
}

/** No refresh begins after this moment, but for one that is running (RFC 4028 §10). */
export function attemptsUntilMs(t: SessionTimer): i64 {
  const interval = lastingMs(t);
  return t.startedMs + interval - min<i64>(32_000, interval / 3);
}

/** When the one who waits for the other's refresh says BYE; the setting expiry_grace puts it off, up to T. */
export function expiryMs(t: SessionTimer): i64 {
  return min(attemptsUntilMs(t) + t.graceSeconds * 1000, t.startedMs + lastingMs(t));
}

/** How long the attempt that begins now may run: its own Timer B or F, but not into the expiry. */
export function attemptRunUntil(t: SessionTimer, now: i64, transactionTimeoutMs: i64): i64 {
  return min(now + transactionTimeoutMs, lastRunMs(t));
}

/** There is time to begin an attempt: also after the clock jumped. */
export function mayAttempt(t: SessionTimer, now: i64): bool {
  return now <= attemptsUntilMs(t);
}

/** A whole INVITE transaction fits before the expiry. */
export function fitsInvite(t: SessionTimer, now: i64, transactionTimeoutMs: i64): bool {
  return mayAttempt(t, now) && now + transactionTimeoutMs <= lastRunMs(t);
}

function lastRunMs(t: SessionTimer): i64 {
  return t.startedMs + lastingMs(t) - 1000;
}

// A peer that answers with less than 90 s is supervised as if it had said 90.
function lastingMs(t: SessionTimer): i64 {
  return max(t.intervalSeconds, LEAST_SECONDS) * 1000;
}

// ---- what both directions need ----

/** UPDATE if the peer allows it, else INVITE (RFC 4028 §7.4). */
export function refreshMethod(t: SessionTimer): Method {
  return t.peerAllowsUpdate && !t.updateWasRefused ? Method.Update : Method.Invite;
}

/** `timer` is among the option tags of that header. */
export function lists(m: Message, h: Header): bool {
  return listHas(m, h, w("timer"));
}

/** What any message of the dialog tells about the peer. */
export function learnPeer(t: SessionTimer, m: Message): void {
  if (m.find(Header.Allow) >= 0) t.peerAllowsUpdate = listHas(m, Header.Allow, w("UPDATE"));
  if (lists(m, Header.Supported)) t.peerSupportsTimer = true;
  if (isOldYealink(m.header(Header.UserAgent))) t.isOldYealink = true;
}

/** Seconds, and t.read has the parameter; 0 when there is none, -1 when there are two, or one that can't be read. */
export function sessionExpires(t: SessionTimer, m: Message): i64 {
  t.read.refresher = RefresherParam.None;
  const index = m.find(Header.SessionExpires);
  if (index < 0) return 0;
  if (m.find(Header.SessionExpires, index + 1) >= 0) return -1;
  return parseSessionExpires(m.value(index), t.read) && t.read.seconds > 0 ? t.read.seconds : -1;
}

/** "Yealink SIP-T46G 28.80.0.95": firmware x.80 and x.81 refresh at the expiry, too late. */
export function isOldYealink(userAgent: Slice): bool {
  if (!startsWithIgnoringCase(userAgent, w("Yealink"))) return false;
  const stop = end(userAgent);
  for (let p = start(userAgent) + 7; p + 4 < stop; p++) {
    if (load<u8>(p) != 32) continue;
    p++;
    while (p < stop && isDigit(load<u8>(p))) p++;
    if (p + 3 <= stop && isGeneration(p) && (p + 3 == stop || load<u8>(p + 3) == 46)) return true;
    p--;
  }
  return false;
}

// .80 or .81
function isGeneration(p: usize): bool {
  return load<u8>(p) == 46 && load<u8>(p + 1) == 56 && (load<u8>(p + 2) | 1) == 49;
}
