// account.X.session_timer.refresher, expires, min_se and expiry_grace: who refreshes where RFC 4028 leaves
// the choice to us. The first word of each test is the value of the setting.

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
  type CallUp,
  type Headers,
} from "../support/session-timer.js";

/** A call that we place with expires 90 and this setting. */
function outgoing(refresher: number | string, headers: Headers, more: Record<string, number> = {}): CallUp {
  return weCall(headers, { settings: { expires: 90, refresher, ...more } });
}

/** A call that we take with this setting. */
function incoming(refresher: number, headers: Headers, more: Record<string, number> = {}): CallUp {
  return theyCall(headers, { settings: { expires: 120, refresher, ...more } });
}

function weDoIt(call: CallUp, seconds: number): void {
  assert.equal(timerLines(expectsAt(call, seconds * 500, "UPDATE")), weAsk(seconds));
}

const TIMER: Headers = { Supported: "timer", ...ALLOWS_UPDATE };

// ---- outgoing ----

test("3.8 outgoing: 0 asks for uac, 1 for uas; uac and uas as text are the same", () => {
  for (const [value, param] of [
    [0, "uac"],
    [1, "uas"],
    ["uac", "uac"],
    ["uas", "uas"],
    ["UAS", "uas"],
  ] as const) {
    const call = outgoing(value, timed(90, param));
    assert.equal(timerLines(call.invite), `Session-Expires: 90;refresher=${param} | Supported: timer`);
  }
});

test("3.8 outgoing, 2xx as asked: 0 we refresh, 1 we wait", () => {
  const zero = outgoing(0, timed(90, "uac"));
  assert.equal(timerOf(zero.established), "local 90 RFC4028-7.1-setting");
  weDoIt(zero, 90);
  const one = outgoing(1, timed(90, "uas"));
  assert.equal(timerOf(one.established), "remote 90 RFC4028-7.1-setting");
  givesUpAt(one, 60_000);
});

test("3.8 outgoing, 2xx names the other one: obeyed", () => {
  const zero = outgoing(0, timed(90, "uas"));
  assert.equal(timerOf(zero.established), "remote 90 RFC4028-7.2-named");
  givesUpAt(zero, 60_000);
  const faulty = outgoing(1, timed(90, "uac"));
  assert.equal(timerOf(faulty.established), "local 90 RFC4028-7.2-named");
  weDoIt(faulty, 90);
  const proxy = outgoing(1, { ...timed(90, "uac"), Supported: null, Require: "timer" });
  assert.equal(timerOf(proxy.established), "local 90 RFC4028-8.2-proxy");
  weDoIt(proxy, 90);
});

test("3.8 outgoing, 2xx without the parameter: we refresh", () => {
  for (const refresher of [0, 1]) {
    const call = outgoing(refresher, timed(90));
    assert.equal(timerOf(call.established), "local 90 RFC4028-7.2-missing");
    weDoIt(call, 90);
  }
});

test("3.8 outgoing, 2xx without Session-Expires: alone, or not at all", () => {
  for (const refresher of [0, 1]) {
    const alone = outgoing(refresher, ALLOWS_UPDATE);
    assert.equal(timerOf(alone.established), "local 90 RFC4028-7.2-self");
    weDoIt(alone, 90);
    const off = outgoing(refresher, ALLOWS_UPDATE, { peer_without_timer: 0 });
    assert.equal(timerOf(off.established), "none 0 RFC4028-7.2-unsupported");
    silentUntil(off, 4 * 3600_000);
  }
});

// ---- incoming ----

test("3.8 incoming, Supported and no parameter: 0 uas, 1 uac, both with Require", () => {
  const zero = incoming(0, timed(90));
  assert.equal(answered(zero.accepted), "90;refresher=uas + Require: timer");
  assert.equal(timerOf(zero.established), "local 90 RFC4028-7.1-setting");
  weDoIt(zero, 90);
  const one = incoming(1, timed(90));
  assert.equal(answered(one.accepted), "90;refresher=uac + Require: timer");
  assert.equal(timerOf(one.established), "remote 90 RFC4028-7.1-setting");
  givesUpAt(one, 60_000);
});

test("3.8 incoming, it names uac: not ours to change, whatever the setting", () => {
  for (const refresher of [0, 1]) {
    const call = incoming(refresher, timed(90, "uac"));
    assert.equal(answered(call.accepted), "90;refresher=uac + Require: timer");
    assert.equal(timerOf(call.established), "remote 90 RFC4028-9-named");
    givesUpAt(call, 60_000);
  }
});

test("3.8 incoming, it names uas: we refresh, although set to 1", () => {
  for (const refresher of [0, 1]) {
    const call = incoming(refresher, timed(90, "uas"));
    assert.equal(answered(call.accepted), "90;refresher=uas + Require: timer");
    assert.equal(timerOf(call.established), "local 90 RFC4028-9-named");
    weDoIt(call, 90);
  }
});

test("3.8 incoming, Session-Expires of a proxy: uas, no Require, we refresh", () => {
  for (const refresher of [0, 1]) {
    const call = incoming(refresher, { "Session-Expires": "90", ...ALLOWS_UPDATE });
    assert.equal(answered(call.accepted), "90;refresher=uas");
    assert.equal(timerOf(call.established), "local 90 RFC4028-8.1-proxy");
    weDoIt(call, 90);
  }
});

test("3.8 incoming, Supported and no Session-Expires: we add max(expires, its Min-SE)", () => {
  const zero = incoming(0, TIMER);
  assert.equal(answered(zero.accepted), "120;refresher=uas + Require: timer");
  assert.equal(timerOf(zero.established), "local 120 RFC4028-7.1-setting");
  weDoIt(zero, 120);
  const one = incoming(1, { ...TIMER, "Min-SE": "200" });
  assert.equal(answered(one.accepted), "200;refresher=uac + Require: timer");
  assert.equal(timerOf(one.established), "remote 200 RFC4028-7.1-setting");
  givesUpAt(one, 168_000);
});

test("3.8 incoming, neither: no timer", () => {
  for (const refresher of [0, 1]) {
    const call = incoming(refresher, {});
    assert.equal(answered(call.accepted), "");
    assert.equal(timerOf(call.established), "none 0 RFC4028-none");
    silentUntil(call, 4 * 3600_000);
  }
});

// ---- later requests ----

test("3.8 a later request of ours carries the present role, the setting is not asked again", () => {
  // Set to 1, but we refresh; set to 0, but the peer does.
  const ours = outgoing(1, timed(90, "uac"));
  ours.phone.holds();
  const hold = ours.peer.expects("INVITE");
  assert.equal(timerLines(hold), weAsk(90));
  accepts(ours, hold, timed(90, "uac"));
  weDoIt(ours, 90);
  const theirs = outgoing(0, timed(90, "uas"));
  theirs.phone.holds();
  assert.equal(
    timerLines(theirs.peer.expects("INVITE")),
    "Session-Expires: 90;refresher=uas | Supported: timer",
  );
});

test("3.8 a later request of the peer: a parameter is copied, whatever the setting", () => {
  for (const refresher of [0, 1]) {
    for (const ask of [updates, reInvites]) {
      const call = outgoing(refresher, timed(90, refresher === 0 ? "uac" : "uas"));
      assert.equal(answered(ask(call, timed(90, "uac"))), "90;refresher=uac + Require: timer");
      assert.equal(answered(ask(call, timed(90, "uas"))), "90;refresher=uas + Require: timer");
      assert.equal(answered(ask(call, timed(90, "uac"))), "90;refresher=uac + Require: timer");
    }
  }
});

test("3.8 a later request of the peer, no parameter, Supported: the present refresher, not the setting", () => {
  const ours = outgoing(1, timed(90, "uac"));
  assert.equal(answered(updates(ours, timed(90))), "90;refresher=uas + Require: timer");
  const theirs = outgoing(0, timed(90, "uas"));
  assert.equal(answered(updates(theirs, timed(90))), "90;refresher=uac + Require: timer");
});

test("3.8 a later request of the peer, no parameter, no Supported: uas", () => {
  for (const refresher of [0, 1]) {
    const call = outgoing(refresher, timed(90, refresher === 0 ? "uac" : "uas"));
    assert.equal(answered(updates(call, { "Session-Expires": "90" })), "90;refresher=uas");
    assert.equal(answered(reInvites(call, {})), "90;refresher=uas");
  }
});

test("3.8 a change at run time applies to new calls only", () => {
  const call = outgoing(1, timed(90, "uas"));
  call.phone.sets("account.1.session_timer.refresher", "0");
  call.phone.sets("account.1.session_timer.expires", "600");
  call.phone.sets("account.1.session_timer.expiry_grace", "20");
  call.phone.holds();
  const hold = call.peer.expects("INVITE");
  assert.equal(timerLines(hold), "Session-Expires: 90;refresher=uas | Supported: timer");
  accepts(call, hold, timed(90, "uas"));
  call.phone.dials(call.peer.uri);
  const second = call.peer.expects("INVITE");
  assert.equal(timerLines(second), "Session-Expires: 600;refresher=uac | Supported: timer");
  call.peer.replies(second, 486);
  call.peer.expects("ACK");
  call.phone.forgetsEvents();
  givesUpAt(call, 60_000);
});

// ---- expires, min_se ----

test("3.8 expires below 90 becomes 90, above 7200 becomes 7200, each with a warning", () => {
  for (const [value, taken] of [
    ["1", 90],
    ["89", 90],
    ["7201", 7200],
    ["100000", 7200],
  ] as const) {
    const call = connect({ config: timers({ expires: value }) });
    const { fields } = call.phone.event("setting.rejected");
    assert.equal(fields["key"], "account.1.session_timer.expires");
    assert.match(String(fields["permitted"]), new RegExp(`90\\.\\.7200, taken as ${taken}`));
    call.phone.saysNothing("setting.rejected");
    call.phone.dials(call.peer.uri);
    assert.match(timerLines(call.peer.expects("INVITE")), new RegExp(`^Session-Expires: ${taken};`));
  }
});

test("3.8 expires of 90 and 7200 are taken without a word", () => {
  for (const expires of [90, 7200])
    connect({ config: timers({ expires }) }).phone.saysNothing("setting.rejected");
});

test("3.8 expires below min_se becomes min_se, with a warning", () => {
  const call = connect({ config: timers({ expires: 300, min_se: 600 }) });
  call.phone.dials(call.peer.uri);
  const { fields } = call.phone.event("setting.rejected");
  assert.equal(fields["key"], "account.1.session_timer.expires");
  assert.equal(fields["permitted"], "min_se..7200, taken as 600");
  assert.match(timerLines(call.peer.expects("INVITE")), /^Session-Expires: 600;refresher=uac \| Min-SE: 600/);
});

test("3.8 expires as large as min_se, or timers off: no warning", () => {
  for (const settings of [
    { expires: 600, min_se: 600 },
    { expires: 300, min_se: 600, enable: 0 },
  ]) {
    const call = connect({ config: timers(settings) });
    call.phone.dials(call.peer.uri);
    call.phone.saysNothing("setting.rejected");
  }
});

// ---- what old phones need ----

test("3.8 toward an old Yealink we refresh where the choice is ours, although set to 1", () => {
  for (const agent of [
    "Yealink SIP-T46G 28.80.0.95",
    "Yealink SIP-T23P 44.81.0.110",
    "yealink SIP-T19 31.80",
  ]) {
    const call = incoming(1, { ...timed(90), "User-Agent": agent });
    assert.equal(answered(call.accepted), "90;refresher=uas + Require: timer", agent);
    assert.equal(timerOf(call.established), "local 90 yealink-old-refresher");
    weDoIt(call, 90);
  }
  const added = incoming(1, { ...TIMER, "User-Agent": "Yealink SIP-T46G 28.80.0.95" });
  assert.equal(answered(added.accepted), "120;refresher=uas + Require: timer");
});

test("3.8 a newer Yealink, or somebody else: the setting counts", () => {
  const agents = [
    "Yealink SIP-T46U 108.86.0.20",
    "Yealink SIP-T54W 96.85.80.81",
    "Cisco 28.80.0.95",
    "Not Yealink x.80",
  ];
  for (const agent of agents) {
    const call = incoming(1, { ...timed(90), "User-Agent": agent });
    assert.equal(answered(call.accepted), "90;refresher=uac + Require: timer", agent);
  }
});

test("3.8 an old Yealink that names the refresher is obeyed", () => {
  const call = incoming(1, { ...timed(90, "uac"), "User-Agent": "Yealink SIP-T46G 28.80.0.95" });
  assert.equal(answered(call.accepted), "90;refresher=uac + Require: timer");
});

test("3.8 setting 0 toward an old Yealink: we refresh, by the setting", () => {
  const call = incoming(0, { ...timed(90), "User-Agent": "Yealink SIP-T46G 28.80.0.95" });
  assert.equal(timerOf(call.established), "local 90 RFC4028-7.1-setting");
});

test("3.8 expiry_grace puts our BYE off, up to T", () => {
  for (const [T, grace, end] of [
    [90, 0, 60],
    [90, 10, 70],
    [90, 30, 90],
    [90, 32, 90],
    [1800, 20, 1788],
    [1800, 32, 1800],
  ] as const) {
    const call = weCall(timed(T, "uas"), { settings: { expires: T, refresher: 1, expiry_grace: grace } });
    givesUpAt(call, end * 1000);
  }
});

test("3.8 expiry_grace: a refresh at the very last moment is still in time", () => {
  const call = weCall(timed(90, "uas"), { settings: { expires: 90, refresher: 1, expiry_grace: 32 } });
  call.runTo(89_999);
  assert.equal(answered(updates(call, timed(90, "uac"))), "90;refresher=uac + Require: timer");
  givesUpAt(call, 89_999 + 90_000);
});

test("3.8 expiry_grace is for the one who waits: our own attempts end as ever", () => {
  const call = outgoing(0, { ...timed(90, "uac"), ...WITHOUT_UPDATE }, { expiry_grace: 32 });
  const invite = expectsAt(call, 45_000, "INVITE");
  call.peer.replies(invite, 403);
  call.peer.expects("ACK");
  givesUpAt(call, 60_001);
});

test("3.8 session timers are off unless they are switched on", () => {
  const call = connect();
  call.phone.dials(call.peer.uri);
  assert.equal(timerLines(call.peer.expects("INVITE")), "");
});
