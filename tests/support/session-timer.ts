// Calls with a session timer (RFC 4028), and what their tests look at again and again.
//
// Every call here is up at 0 ms: T counts from there. `weCall` and `theyCall` take the peer's header lines
// as they stand on the wire; nothing about timers is added to them.

import assert from "node:assert/strict";
import { PHONE, callUp, connect, sdp } from "./scripted-peer.js";
import type { CallUp, CallUpOptions, Connected, Datagram, Event, Headers, Parts } from "./scripted-peer.js";

/** The peer can do UPDATE. */
export const ALLOWS_UPDATE: Headers = { Allow: "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE" };
/** The peer says what it can do, and UPDATE is not among it. */
export const WITHOUT_UPDATE: Headers = { Allow: "INVITE, ACK, CANCEL, BYE, OPTIONS" };

/** Names without `account.1.session_timer.`, and others in full. */
export type Settings = Record<string, number | string>;

export interface TimerCallOptions extends Omit<
  CallUpOptions,
  "config" | "direction" | "sessionExpires" | "headers"
> {
  settings?: Settings;
}

/** Lines of a configuration with session timers on, unless `enable` says otherwise. */
export function timers(settings: Settings = {}): string {
  const lines = Object.entries({ enable: 1, ...settings }).map(([name, value]) =>
    name.includes(".") ? `${name} = ${value}` : `account.1.session_timer.${name} = ${value}`,
  );
  return lines.join("\n");
}

/** Header lines of a 2xx, or of an INVITE, of a peer that can do timers: `refresher` "" leaves it out. */
export function timed(seconds: number | string, refresher: "uac" | "uas" | "" = ""): Headers {
  const value = refresher === "" ? `${seconds}` : `${seconds};refresher=${refresher}`;
  return { "Session-Expires": value, Supported: "timer", ...ALLOWS_UPDATE };
}

/** The phone calls, and the peer's 200 has these header lines. */
export function weCall(headers: Headers = {}, options: TimerCallOptions = {}): CallUp {
  const { settings, ...rest } = options;
  return callUp({ ...rest, headers, config: timers(settings) });
}

/** The peer calls with these header lines in its INVITE, and the phone answers. */
export function theyCall(headers: Headers = {}, options: TimerCallOptions = {}): CallUp {
  const { settings, ...rest } = options;
  return callUp({ ...rest, direction: "incoming", headers, config: timers(settings) });
}

/** A call that we refresh every T/2, by UPDATE unless `headers` say that the peer has none. */
export function weRefresh(seconds = 90, options: TimerCallOptions = {}, headers: Headers = {}): CallUp {
  const settings = { expires: seconds, ...options.settings };
  return weCall({ ...timed(seconds, "uac"), Require: "timer", ...headers }, { ...options, settings });
}

/** A call that the peer has to refresh. */
export function peerRefreshes(seconds = 90, options: TimerCallOptions = {}, headers: Headers = {}): CallUp {
  const settings = { expires: seconds, refresher: 1, ...options.settings };
  return weCall({ ...timed(seconds, "uas"), ...headers }, { ...options, settings });
}

// ---- on the wire ----

/** The lines of a message that are about timers, one behind the other. */
export function timerLines(message: Datagram): string {
  const names = ["Session-Expires", "Min-SE", "Supported", "Require", "Unsupported"];
  const values = (name: string): string[] =>
    name === "Supported" ? timerOption(message) : message.headers(name);
  return names.flatMap((name) => values(name).map((value) => `${name}: ${value}`)).join(" | ");
}

/** Of all that Supported lists `timer`, as often as it stands there. */
export function timerOption(message: Datagram): string[] {
  const options = message.headers("Supported").flatMap((value) => value.split(/[\s,]+/));
  return options.filter((option) => option === "timer");
}

/** What our requests carry while we refresh. */
export function weAsk(seconds: number): string {
  return `Session-Expires: ${seconds};refresher=uac | Supported: timer`;
}

/** Nothing is sent before `ms`, and at `ms` this. */
export function expectsAt(call: Connected, ms: number, what: string | number): Datagram {
  call.runTo(ms - 1);
  call.peer.expectsNothing();
  call.runTo(ms);
  return call.peer.expects(what);
}

/** Nothing is sent up to and including `ms`. */
export function silentUntil(call: Connected, ms: number): void {
  call.runTo(ms);
  call.peer.expectsNothing();
}

/** The peer takes a re-INVITE or UPDATE of the phone; the ACK to an INVITE is taken. */
export function accepts(
  call: Connected,
  request: Datagram,
  headers: Headers = {},
  parts: Parts = {},
): Datagram {
  const isInvite = request.method === "INVITE";
  const accepted = call.peer.replies(request, 200, {
    ...(isInvite ? { body: sdp() } : {}),
    ...parts,
    headers,
  });
  if (isInvite)
    assert.equal(call.peer.expects("ACK").cseq, request.cseq, "the ACK has the CSeq of its INVITE");
  return accepted;
}

/** A refusal of a request of the phone; the ACK that an INVITE gets is taken. */
export function refuses(call: Connected, request: Datagram, status: number, headers: Headers = {}): void {
  call.peer.replies(request, status, { headers });
  if (request.method === "INVITE") call.peer.expects("ACK");
}

/** An UPDATE of the peer, and what the phone answers. */
export function updates(call: CallUp, headers: Headers = {}, parts: Parts = {}): Datagram {
  const update = call.peer.requests(call.dialog, "UPDATE", { ...parts, headers });
  return answerTo(call, update);
}

/** A re-INVITE of the peer, what the phone answers, and its ACK. */
export function reInvites(call: CallUp, headers: Headers = {}, parts: Parts = {}): Datagram {
  const invite = call.peer.requests(call.dialog, "INVITE", { body: sdp(), ...parts, headers });
  const answer = answerTo(call, invite);
  if (answer.status < 300) call.peer.acks(call.dialog);
  else call.peer.acksRefusal(invite, answer);
  return answer;
}

function answerTo(call: CallUp, request: Datagram): Datagram {
  const [answer, ...more] = call.peer.takesAll();
  if (!answer || answer.status === 0 || answer.cseq !== request.cseq)
    call.wire.fail(`${request.method} was not answered`);
  assert.equal(more.length, 0, "one answer");
  return answer;
}

/** The Session-Expires that the phone puts into its 200, and whether it says Require: timer. */
export function answered(response: Datagram): string {
  if (response.status !== 200) return `${response.status} ${timerLines(response)}`.trim();
  assert.equal(response.has("Min-SE"), false, "Min-SE belongs into 422 only");
  assert.deepEqual(timerOption(response), ["timer"]);
  const required = response.headers("Require").map((value) => ` + Require: ${value}`);
  return `${response.header("Session-Expires")}${required.join("")}`;
}

// ---- what the phone says ----

/** "local 90 RFC4028-9-named": who refreshes, T, and the rule that chose. */
export function timerOf(event: Event): string {
  return `${event.fields["refresher"]} ${event.fields["expires"]} ${event.fields["rule"]}`;
}

/** The next call.refreshed: "local UPDATE: local 90 RFC4028-7.4-present". */
export function refreshed(call: Connected): string {
  const event = call.phone.event("call.refreshed");
  return `${event.fields["by"]} ${event.fields["method"]}: ${timerOf(event)}`;
}

/** call.ended: "local 408 RFC4028-10-unanswered". */
export function ended(call: Connected): string {
  const { fields } = call.phone.event("call.ended");
  return `${fields["by"]} ${fields["status"]} ${fields["rule"]}`;
}

/** At `ms`, and not before, the phone gives up: BYE with a Reason, and nothing after it. */
export function givesUpAt(call: Connected, ms: number): Datagram {
  const bye = expectsAt(call, ms, "BYE");
  assert.match(bye.header("Reason"), /^SIP;cause=\d{3};text="[^"]+"$/);
  assert.deepEqual(timerOption(bye), ["timer"]);
  restsAfter(call, bye);
  return bye;
}

/** The BYE is answered: four more hours without a sound (I7). */
export function restsAfter(call: Connected, bye: Datagram): void {
  call.peer.replies(bye, 200);
  silentUntil(call, call.wire.now + 4 * 3600_000);
  call.phone.event("call.ended");
  call.phone.saysNothing("call.ended");
  assert.equal(call.wire.instance.deadline, -1, "no timer is left after the end");
}

// ---- time ----

/** The machine slept: the clock shows `ms`, and no tick came in between. */
export function sleepsUntil(call: Connected, ms: number): void {
  assert.ok(ms >= call.wire.now);
  call.wire.now = ms;
  call.wire.take(call.wire.instance.tick(ms));
}

/** What the phone sends can't leave: the network says so. */
export function networkRefuses(call: Connected): void {
  const { instance, now } = call.wire;
  call.wire.take(instance.sendFailed(instance.flow, call.peer.address.address, call.peer.address.port, now));
}

export { PHONE, connect, sdp };
export type { CallUp, Connected, Datagram, Event, Headers, Parts };
