// What the peer's requests say about session timers, and what we answer (RFC 4028 §9, Table 2, errata).

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ALLOWS_UPDATE,
  WITHOUT_UPDATE,
  accepts,
  answered,
  connect,
  expectsAt,
  givesUpAt,
  peerRefreshes,
  refreshed,
  refuses,
  reInvites,
  silentUntil,
  theyCall,
  timed,
  timerLines,
  timerOf,
  timers,
  updates,
  weAsk,
  weCall,
  weRefresh,
  type Headers,
} from "../support/session-timer.js";

/** A phone that has just been called with these header lines; what it sent waits. */
function rung(headers: Headers, settings: Record<string, number> = {}) {
  const connected = connect({ config: timers(settings) });
  const invite = connected.peer.invites({ headers });
  return { ...connected, invite };
}

const PLAIN: Headers = { Supported: "100rel, replaces", ...ALLOWS_UPDATE };
const TIMER: Headers = { Supported: "timer", ...ALLOWS_UPDATE };

// ---- Table 2: who refreshes ----

test("3.4 no Supported, no parameter: uas without Require, and we refresh", () => {
  const call = theyCall({ "Session-Expires": "90", ...PLAIN });
  assert.equal(answered(call.accepted), "90;refresher=uas");
  assert.equal(timerOf(call.established), "local 90 RFC4028-8.1-proxy");
  assert.equal(timerLines(expectsAt(call, 45_000, "UPDATE")), weAsk(90));
});

test("3.4 no Supported, but a parameter: not possible by the RFC, treated as uas", () => {
  for (const refresher of ["uac", "uas"]) {
    const call = theyCall({ "Session-Expires": `90;refresher=${refresher}`, ...PLAIN });
    assert.equal(answered(call.accepted), "90;refresher=uas");
    expectsAt(call, 45_000, "UPDATE");
  }
});

test("3.4 Supported, no parameter: our choice by the setting, with Require", () => {
  const ours = theyCall(timed(90), { settings: { refresher: 0 } });
  assert.equal(answered(ours.accepted), "90;refresher=uas + Require: timer");
  assert.equal(timerOf(ours.established), "local 90 RFC4028-7.1-setting");
  expectsAt(ours, 45_000, "UPDATE");
  const theirs = theyCall(timed(90), { settings: { refresher: 1 } });
  assert.equal(answered(theirs.accepted), "90;refresher=uac + Require: timer");
  assert.equal(timerOf(theirs.established), "remote 90 RFC4028-7.1-setting");
  givesUpAt(theirs, 60_000);
});

test("3.4 Supported, uac: uac with Require, the peer refreshes", () => {
  const call = theyCall(timed(90, "uac"));
  assert.equal(answered(call.accepted), "90;refresher=uac + Require: timer");
  assert.equal(timerOf(call.established), "remote 90 RFC4028-9-named");
  givesUpAt(call, 60_000);
});

test("3.4 Supported, uas: uas with Require, we refresh", () => {
  const call = theyCall(timed(90, "uas"));
  assert.equal(answered(call.accepted), "90;refresher=uas + Require: timer");
  assert.equal(timerOf(call.established), "local 90 RFC4028-9-named");
  expectsAt(call, 45_000, "UPDATE");
});

test("3.4 in the dialog, Supported, no parameter: the present refresher, seen from this transaction", () => {
  for (const ask of [updates, reInvites]) {
    const ours = weRefresh(90);
    ours.runTo(10_000);
    assert.equal(answered(ask(ours, timed(90))), "90;refresher=uas + Require: timer");
    assert.match(refreshed(ours), /^remote (UPDATE|INVITE): local 90 RFC4028-7.4-present$/);
    expectsAt(ours, 55_000, "UPDATE");

    const theirs = peerRefreshes(90);
    theirs.runTo(10_000);
    assert.equal(answered(ask(theirs, timed(90))), "90;refresher=uac + Require: timer");
    assert.match(refreshed(theirs), /^remote (UPDATE|INVITE): remote 90 RFC4028-7.4-present$/);
    givesUpAt(theirs, 70_000);
  }
});

test("3.4 in the dialog, Supported and a parameter: roles change as the peer says", () => {
  const call = weRefresh(90);
  call.runTo(10_000);
  assert.equal(answered(updates(call, timed(90, "uac"))), "90;refresher=uac + Require: timer");
  call.runTo(20_000);
  assert.equal(answered(reInvites(call, timed(90, "uas"))), "90;refresher=uas + Require: timer");
  call.runTo(30_000);
  assert.equal(answered(updates(call, timed(90, "uac"))), "90;refresher=uac + Require: timer");
  givesUpAt(call, 90_000);
});

test("3.4 in the dialog, Session-Expires without Supported: we take the job", () => {
  const call = peerRefreshes(90);
  call.runTo(10_000);
  assert.equal(answered(reInvites(call, { "Session-Expires": "90", ...PLAIN })), "90;refresher=uas");
  expectsAt(call, 55_000, "UPDATE");
});

// ---- the interval ----

test("3.4 an interval that is long enough is copied, never lowered, never raised", () => {
  for (const seconds of [90, 91, 1800, 86400, 4294967295]) {
    const call = theyCall(timed(seconds, "uac"), { settings: { expires: 300 } });
    assert.equal(answered(call.accepted), `${seconds};refresher=uac + Require: timer`);
  }
});

test("3.4 an interval below our minimum, Supported: 422 with Min-SE, and nothing rings", () => {
  const { peer, phone, invite } = rung(timed(80, "uac"));
  const refused = peer.expects(422);
  assert.equal(timerLines(refused), "Min-SE: 90");
  peer.acksRefusal(invite, refused);
  phone.saysNothing("call.incoming");
  const strict = rung(timed(599), { min_se: 600 });
  assert.equal(timerLines(strict.peer.expects(422)), "Min-SE: 600");
});

test("3.4 the retry after our 422 is a new INVITE: taken with its old From tag, and with a new one (erratum 1681)", () => {
  for (const tag of ["peertag", "another"]) {
    const { peer, phone, invite } = rung(timed(80, "uac"));
    peer.acksRefusal(invite, peer.expects(422));
    peer.invites({
      headers: { ...timed(90, "uac"), "Call-ID": invite.header("Call-ID"), CSeq: "2 INVITE" },
      tag,
    });
    phone.event("call.incoming");
    peer.takesAll();
    phone.answers();
    assert.equal(answered(peer.expects(200)), "90;refresher=uac + Require: timer");
  }
});

test("3.4 a refresh below our minimum: 422, the timer is untouched", () => {
  for (const ask of [updates, reInvites]) {
    const call = peerRefreshes(90);
    call.runTo(30_000);
    assert.equal(answered(ask(call, timed(60, "uac"))), "422 Min-SE: 90");
    call.phone.saysNothing();
    givesUpAt(call, 60_000);
  }
});

test("3.4 an interval below the minimum, no Supported: raised, as a proxy would (erratum 1687)", () => {
  const call = theyCall({ "Session-Expires": "60", ...PLAIN });
  assert.equal(answered(call.accepted), "90;refresher=uas");
  expectsAt(call, 45_000, "UPDATE");
});

test("3.4 Supported without Session-Expires: we add one, no shorter than its Min-SE (erratum 632)", () => {
  const call = theyCall(TIMER, { settings: { expires: 120 } });
  assert.equal(answered(call.accepted), "120;refresher=uas + Require: timer");
  expectsAt(call, 60_000, "UPDATE");
  const careful = theyCall({ ...TIMER, "Min-SE": "200" }, { settings: { expires: 120 } });
  assert.equal(answered(careful.accepted), "200;refresher=uas + Require: timer");
});

test("3.4 Supported without Session-Expires in a dialog with a timer: the interval and the refresher stay", () => {
  const ours = weRefresh(120);
  ours.runTo(10_000);
  assert.equal(answered(updates(ours, TIMER)), "120;refresher=uas + Require: timer");
  expectsAt(ours, 70_000, "UPDATE");
  const theirs = peerRefreshes(120);
  theirs.runTo(10_000);
  assert.equal(answered(reInvites(theirs, TIMER)), "120;refresher=uac + Require: timer");
  givesUpAt(theirs, 98_000);
});

test("3.4 Supported without Session-Expires in a dialog without a timer: none", () => {
  const call = weCall(WITHOUT_UPDATE, { settings: { peer_without_timer: 0 } });
  assert.equal(answered(reInvites(call, { Supported: "timer" })), "");
  silentUntil(call, 4 * 3600_000);
});

test("3.4 neither header, no timer: none", () => {
  const call = theyCall(PLAIN);
  assert.equal(answered(call.accepted), "");
  assert.equal(timerOf(call.established), "none 0 RFC4028-none");
  assert.equal(answered(updates(call, PLAIN)), "");
  silentUntil(call, 4 * 3600_000);
});

test("3.4 neither header in a dialog with a timer: the current interval, uas, no Require: we take the job", () => {
  for (const ask of [updates, reInvites]) {
    const call = peerRefreshes(120);
    call.runTo(50_000);
    assert.equal(answered(ask(call, PLAIN)), "120;refresher=uas");
    assert.match(refreshed(call), /: local 120 RFC4028-9-takeover$/);
    expectsAt(call, 110_000, "UPDATE");
  }
});

test("3.4 a Session-Expires that can't be read is absent", () => {
  const unreadable = [
    "0",
    "-90",
    "4294967296",
    "soon",
    "1800;;refresher=uac",
    "1800;refresher=both",
    "90;refresher=",
  ];
  for (const value of [...unreadable, ["1800;refresher=uac", "90;refresher=uac"]]) {
    const call = theyCall({ ...TIMER, "Session-Expires": value }, { settings: { expires: 120 } });
    assert.equal(answered(call.accepted), "120;refresher=uas + Require: timer", `${value}`);
    assert.equal(call.established.fields["remark"], "Session-Expires can't be read");
    const plain = theyCall({ ...PLAIN, "Session-Expires": value });
    assert.equal(answered(plain.accepted), "", `${value}`);
  }
});

test("3.4 a Session-Expires that can't be read switches no running timer off", () => {
  const call = peerRefreshes(120);
  call.runTo(10_000);
  assert.equal(
    answered(updates(call, { ...TIMER, "Session-Expires": "0" })),
    "120;refresher=uac + Require: timer",
  );
  givesUpAt(call, 98_000);
});

test("3.4 the compact form x is Session-Expires", () => {
  assert.equal(
    answered(theyCall({ x: "90;refresher=uac", k: "timer" }).accepted),
    "90;refresher=uac + Require: timer",
  );
});

test("3.4 Require: timer while timers are off: 420 with Unsupported: timer, in and out of a dialog", () => {
  const { peer, phone } = rung({ ...timed(90), Require: "timer" }, { enable: 0 });
  assert.equal(timerLines(peer.expects(420)), "Unsupported: timer");
  phone.saysNothing("call.incoming");
  const call = weCall({}, { settings: { enable: 0 } });
  assert.equal(answered(updates(call, { ...timed(90), Require: "timer" })), "420 Unsupported: timer");
  silentUntil(call, 3600_000);
});

test("3.4 Require: timer while timers are on is understood", () => {
  const call = theyCall({ ...timed(90, "uac"), Require: "timer" });
  assert.equal(answered(call.accepted), "90;refresher=uac + Require: timer");
});

test("3.3 timers off: Session-Expires of the peer is ignored, UPDATE and re-INVITE are answered as always", () => {
  const call = theyCall(timed(90, "uas"), { settings: { enable: 0 } });
  assert.equal(timerLines(call.accepted), "");
  for (const ask of [updates, reInvites]) assert.equal(timerLines(ask(call, timed(90, "uas"))), "");
  assert.equal(timerOf(call.established), "none 0 setting-off");
  silentUntil(call, 4 * 3600_000);
});

test("3.4 Min-SE is in no answer but 422, and is ignored in a 2xx", () => {
  const call = theyCall({ ...timed(200, "uac"), "Min-SE": "150" });
  assert.equal(call.accepted.has("Min-SE"), false);
  const ours = weRefresh(90, {}, { "Min-SE": "1000" });
  assert.equal(timerLines(expectsAt(ours, 45_000, "UPDATE")), weAsk(90));
});

test("3.4 the timer starts with the 200, not with the INVITE, and counts from its first transmission", () => {
  const { phone, peer, runTo, wire, at, after } = rung(timed(90, "uas"));
  peer.takesAll();
  phone.event("call.incoming");
  runTo(50_000);
  phone.answers();
  const accepted = peer.expects(200);
  const call = { phone, peer, runTo, wire, at, after };
  runTo(53_900);
  assert.equal(peer.takesAll(200).length, 3);
  peer.acks(peer.dialog(wire.all[0]!, accepted));
  expectsAt(call, 95_000, "UPDATE");
});

test("3.4 every copy of our 200 is the same", () => {
  const { phone, peer, runTo, invite } = rung(timed(90, "uas"));
  peer.takesAll();
  phone.event("call.incoming");
  phone.answers();
  const accepted = peer.expects(200);
  runTo(3_500);
  for (const copy of peer.takesAll(200)) assert.equal(copy.text, accepted.text);
  peer.repeats(invite);
  for (const copy of peer.takesAll(200)) assert.equal(copy.text, accepted.text);
});

test("3.1 an UPDATE in the early dialog starts no timer", () => {
  const { phone, peer, invite, runTo } = rung(TIMER, { expires: 120 });
  const ringing = peer.takesAll().at(-1)!;
  phone.event("call.incoming");
  const dialog = peer.dialog(invite, ringing);
  peer.requests(dialog, "UPDATE", { headers: timed(90, "uac") });
  peer.expects(200);
  runTo(65_000);
  peer.takesAll(180);
  phone.answers();
  assert.equal(answered(peer.expects(200)), "120;refresher=uas + Require: timer");
});

test("3.1 an UPDATE that comes again when its transaction is over is answered, and renews nothing", () => {
  const call = peerRefreshes(90);
  call.runTo(10_000);
  const update = call.peer.requests(call.dialog, "UPDATE", { headers: timed(90, "uac") });
  call.peer.expects(200);
  call.runTo(43_000);
  call.peer.repeats(update);
  assert.ok(call.peer.takesAll().every((answer) => answer.method === "UPDATE" && answer.status >= 200));
  givesUpAt(call, 70_000);
});

test("3.1 a call that we answered, our own refresh: uac, and back again", () => {
  const call = theyCall(timed(90, "uas"));
  for (let i = 1; i <= 3; i++) {
    const update = expectsAt(call, i * 45_000, "UPDATE");
    assert.equal(timerLines(update), weAsk(90));
    accepts(call, update, timed(90, "uac"));
    assert.equal(refreshed(call), "local UPDATE: local 90 RFC4028-7.4-present");
  }
});

// ---- errata ----

test("erratum 632: Supported: timer without Session-Expires is a caller that can do timers and asks for none", () => {
  const call = theyCall(TIMER, { settings: { refresher: 1 } });
  assert.equal(answered(call.accepted), "1800;refresher=uac + Require: timer");
});

test("erratum 1681: new_from_tag 1 sends the INVITE after 422 with a new From tag, 0 keeps it", () => {
  for (const [setting, isSame] of [
    [0, true],
    [1, false],
  ] as const) {
    const call = connect({ config: timers({ new_from_tag: setting }) });
    call.phone.dials(call.peer.uri);
    const first = call.peer.expects("INVITE");
    refuses(call, first, 422, { "Min-SE": "2000" });
    const second = call.peer.expects("INVITE");
    assert.equal(second.header("From") === first.header("From"), isSame);
    assert.equal(second.header("Call-ID"), first.header("Call-ID"));
    assert.equal(second.cseq, first.cseq + 1);
    accepts(call, second, timed(2000, "uac"));
    call.phone.event("call.established");
  }
});

test("erratum 3614: Record-Route without <> makes ;lr a parameter of the header, so the route is strict", () => {
  const bare = weRefresh(90, {}, { "Record-Route": "sip:192.0.2.20:5060;lr" });
  assert.match(bare.ack.header("Route"), /^<sip:bob@192\.0\.2\.20:5060>$/);
  assert.equal(bare.ack.uri, "sip:192.0.2.20:5060");
  const loose = weRefresh(90, {}, { "Record-Route": "<sip:192.0.2.20:5060;lr>" });
  assert.equal(loose.ack.header("Route"), "<sip:192.0.2.20:5060;lr>");
});

test("erratum 4744: one request of ours with a timer at a time, a hold waits for the UPDATE", () => {
  const call = weRefresh(90);
  const update = expectsAt(call, 45_000, "UPDATE");
  call.phone.holds();
  call.peer.expectsNothing();
  accepts(call, update, timed(90, "uac"));
  call.peer.expects("INVITE");
});

test("erratum 8926: we asked for uas, the callee has no timers, nobody adds one: we refresh alone", () => {
  const call = weCall(ALLOWS_UPDATE, { settings: { expires: 90, refresher: 1 } });
  assert.equal(call.invite.header("Session-Expires"), "90;refresher=uas");
  assert.equal(timerOf(call.established), "local 90 RFC4028-7.2-self");
  assert.equal(timerLines(expectsAt(call, 45_000, "UPDATE")), weAsk(90));
});
