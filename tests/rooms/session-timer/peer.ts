// A session timer and a peer that sends it messages, for the specs of this folder.

import { Slice, size, start, w } from "../../../assembly/bytes/slice";
import { openRandom, seedRandom } from "../../../assembly/crypto/random";
import { Message, newMessage, openMessage, parseMessage } from "../../../assembly/message/message";
import { Method } from "../../../assembly/message/method";
import { mark, openOutput, put, written } from "../../../assembly/output/output";
import { newSessionTimer, resetTimer, SessionTimer } from "../../../assembly/session/session-timer";
import {
  answerRequiresTimer,
  applyTimerAnswer,
  judgeTimerRequest,
  writeMinSE,
  writeTimerAnswer,
} from "../../../assembly/session/timer-answer";
import { receiveTimerSuccess, writeTimerRequest } from "../../../assembly/session/timer-request";
import { Rule } from "../../../assembly/session/timer-rule";
import { openTestArena } from "../support/arena";

export let timer: SessionTimer = changetype<SessionTimer>(0);
let message: Message = changetype<Message>(0);

/** A phone with session timers on: setting 0 refreshes itself, 1 lets the other side refresh. */
export function phone(setting: i32, expires: i64 = 1800, minSE: i64 = 90): SessionTimer {
  openTestArena();
  openOutput();
  openRandom();
  seedRandom(w("0123456789abcdef0123456789abcdef"));
  openMessage();
  message = newMessage();
  timer = newSessionTimer();
  resetTimer(timer, true, expires, minSE, setting == 1, true, true, 0, true);
  return timer;
}

/** A phone with session timers off. */
export function phoneWithout(): SessionTimer {
  phone(0);
  resetTimer(timer, false, 1800, 90, false, true, true, 0, true);
  return timer;
}

/** A phone that runs no timer alone. */
export function phoneNeverAlone(): SessionTimer {
  phone(0);
  resetTimer(timer, true, 1800, 90, false, false, true, 0, true);
  return timer;
}

function parsed(from: usize): Message {
  assert(parseMessage(message, written(from)));
  return message;
}

function common(cseq: Slice): void {
  put(w("Via: SIP/2.0/UDP host.example;branch=z9hG4bK1\r\nFrom: <sip:a@example.com>;tag=1\r\n"));
  put(w("To: <sip:b@example.com>;tag=2\r\nCall-ID: 1@example.com\r\nCSeq: "));
  put(cseq);
  put(w("\r\n"));
}

/** The peer's answer with these header lines. */
export function answer(statusLine: Slice, lines: Slice): Message {
  const from = mark();
  put(statusLine);
  put(w("\r\n"));
  common(w("1 INVITE"));
  put(lines);
  put(w("Content-Length: 0\r\n\r\n"));
  return parsed(from);
}

export function ok(lines: Slice): Message {
  return answer(w("SIP/2.0 200 OK"), lines);
}

export function tooSmall(lines: Slice): Message {
  return answer(w("SIP/2.0 422 Session Interval Too Small"), lines);
}

/** The peer's request with these header lines. */
export function request(method: Method, lines: Slice): Message {
  const from = mark();
  put(method == Method.Update ? w("UPDATE") : w("INVITE"));
  put(w(" sip:b@example.com SIP/2.0\r\nMax-Forwards: 70\r\n"));
  common(method == Method.Update ? w("1 UPDATE") : w("1 INVITE"));
  put(lines);
  put(w("Content-Length: 0\r\n\r\n"));
  return parsed(from);
}

function text(s: Slice): string {
  return String.UTF8.decodeUnsafe(start(s), <usize>size(s));
}

/** The timer lines of our request. */
export function asks(isInitial: bool): string {
  const from = mark();
  writeTimerRequest(timer, isInitial);
  return text(written(from));
}

/** The timer lines of our 2xx, `+ Require` behind them when it requires timer. */
export function answers(method: Method = Method.Invite): string {
  const from = mark();
  writeTimerAnswer(timer, method);
  if (answerRequiresTimer(timer, method)) put(w("+ Require"));
  return text(written(from));
}

/** The lines of our 422. */
export function refuses(): string {
  const from = mark();
  writeMinSE(timer);
  return text(written(from));
}

let lastCSeq: u32 = 0;

/** We call, and the peer answers with these lines at `now`. */
export function called(lines: Slice, now: i64 = 0): Rule {
  lastCSeq = 1;
  asks(true);
  return receiveTimerSuccess(timer, ok(lines), 1, true, now);
}

/** A later request of ours, and the peer's 2xx. */
export function refreshed(lines: Slice, now: i64 = 0): Rule {
  asks(false);
  return receiveTimerSuccess(timer, ok(lines), ++lastCSeq, false, now);
}

let theirCSeq: u32 = 0;

/** The peer's initial INVITE, answered at `now`: the timer lines of our 2xx, or of the refusal. */
export function rung(lines: Slice, now: i64 = 0): string {
  theirCSeq = 0;
  return taken(Method.Invite, lines, true, now);
}

/** A later request of the peer. */
export function heard(lines: Slice, now: i64 = 0, method: Method = Method.Update): string {
  return taken(method, lines, false, now);
}

function taken(method: Method, lines: Slice, isInitial: bool, now: i64): string {
  const status = judgeTimerRequest(timer, request(method, lines), isInitial);
  if (status == 422) return "422 " + refuses();
  if (status) return status.toString();
  const said = answers(method);
  applyTimerAnswer(timer, method, ++theirCSeq, now);
  return said;
}
