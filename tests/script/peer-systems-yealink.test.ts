// Yealink phones and their session timer: what they send, and what our settings of the same names do (YL-01 to 07).

import assert from "node:assert/strict";
import { test } from "node:test";
import { callUp, connect, sdp } from "../support/scripted-peer.js";

const TIMER = "account.1.session_timer.enable = 1";
const CAN_UPDATE = { Allow: "INVITE, ACK, CANCEL, BYE, UPDATE" };

// ---- YL-01 ----

test("YL-01 the parameters, their ranges and their defaults", () => {
  const { phone } = connect();
  const key = (name: string): string => `account.1.session_timer.${name}`;
  assert.equal(phone.gets(key("enable")), "0");
  assert.equal(phone.gets(key("expires")), "1800");
  assert.equal(phone.gets(key("refresher")), "0");
  for (const [asked, kept] of [
    ["90", "90"],
    ["7200", "7200"],
    ["30", "90"],
    ["10000", "7200"],
  ] as const) {
    phone.sets(key("expires"), asked);
    assert.equal(phone.gets(key("expires")), kept);
  }
  for (const [asked, kept] of [
    ["uas", "1"],
    ["uac", "0"],
    ["1", "1"],
  ] as const) {
    phone.sets(key("refresher"), asked);
    assert.equal(phone.gets(key("refresher")), kept);
  }
});

test("YL-01 what each value puts on the wire: enable", () => {
  const off = connect();
  off.phone.dials("sip:bob@192.0.2.20");
  const without = off.peer.expects("INVITE");
  assert.equal(without.has("Session-Expires"), false);
  assert.doesNotMatch(without.header("Supported"), /timer/);
  const on = connect({ config: TIMER });
  on.phone.dials("sip:bob@192.0.2.20");
  const invite = on.peer.expects("INVITE");
  assert.equal(invite.header("Session-Expires"), "1800;refresher=uac");
  assert.match(invite.header("Supported"), /timer/);
});

test("YL-01 what each value puts on the wire: expires and refresher", () => {
  for (const [expires, refresher, header] of [
    ["90", "0", "90;refresher=uac"],
    ["7200", "1", "7200;refresher=uas"],
    ["10000", "uas", "7200;refresher=uas"],
    ["30", "uac", "90;refresher=uac"],
  ] as const) {
    const { phone, peer } = connect({
      config: `${TIMER}
account.1.session_timer.expires = ${expires}
account.1.session_timer.refresher = ${refresher}`,
    });
    phone.dials("sip:bob@192.0.2.20");
    assert.equal(peer.expects("INVITE").header("Session-Expires"), header);
  }
});

// ---- YL-02 ----

test("YL-02 the UPDATE of the guide: no Allow, no Min-SE, no body; answered with all that we have", () => {
  const { phone, peer, invite, dialog } = callUp({
    config: `${TIMER}\naccount.1.session_timer.refresher = 1`,
    sessionExpires: "90;refresher=uas",
  });
  peer.sends(`
    UPDATE sip:alice@192.0.2.10:5060 SIP/2.0
    Via: SIP/2.0/UDP 192.0.2.20:5060;branch=z9hG4bK2104991394
    From: ${dialog.localParty}
    To: ${dialog.remoteParty}
    Call-ID: ${dialog.callId}
    CSeq: 2 UPDATE
    Contact: <sip:1058@192.0.2.20:5060>
    Max-Forwards: 70
    User-Agent: Yealink SIP-T46G 28.80.0.130
    Session-Expires: 90;refresher=uac
    Supported: timer
    Content-Length: 0
    `);
  const answer = peer.expects(200);
  assert.equal(answer.header("Session-Expires"), "90;refresher=uac");
  assert.equal(answer.header("Require"), "timer");
  assert.match(answer.header("Supported"), /timer/);
  assert.match(answer.header("Allow"), /UPDATE/);
  assert.equal(answer.header("Contact"), invite.header("Contact"));
  assert.equal(answer.header("Content-Length"), "0");
  assert.equal(answer.body, "");
  phone.event("call.refreshed");
  phone.hangsUp();
  assert.equal(peer.expects("BYE").uri, "sip:1058@192.0.2.20:5060");
});

// ---- YL-03 ----

/** A phone that refreshes so late: `lateMs` after the last 2xx. True if the call is still up then. */
function toleratesRefreshAt(lateMs: number, config: string): boolean {
  const { phone, peer, dialog, runTo } = callUp({
    direction: "incoming",
    config: `${TIMER}\n${config}`,
    sessionExpires: "90;refresher=uac",
  });
  runTo(lateMs);
  const bye = peer.takesAll("BYE");
  if (bye.length > 0) {
    phone.event("call.ended");
    return false;
  }
  peer.requests(dialog, "UPDATE", { headers: { Supported: "timer", "Session-Expires": "90;refresher=uac" } });
  peer.expects(200);
  phone.event("call.refreshed");
  return true;
}

test("YL-03 a refresh is welcome at any time up to T - min(32, T/3)", () => {
  for (const late of [1_000, 30_000, 45_000, 59_999]) assert.ok(toleratesRefreshAt(late, ""), `${late} ms`);
  assert.ok(!toleratesRefreshAt(60_000, ""));
});

test("YL-03 expiry_grace stretches it, up to T", () => {
  const grace = (seconds: number): string => `account.1.session_timer.expiry_grace = ${seconds}`;
  assert.ok(toleratesRefreshAt(69_999, grace(10)));
  assert.ok(!toleratesRefreshAt(70_000, grace(10)));
  assert.ok(toleratesRefreshAt(89_999, grace(32)));
  assert.ok(!toleratesRefreshAt(90_000, grace(32)));
});

test("YL-03 an old phone, which refreshes at the expiry only: where we choose, we refresh", () => {
  const { peer, accepted, runTo } = callUp({
    direction: "incoming",
    config: `${TIMER}\naccount.1.session_timer.refresher = 1`,
    sessionExpires: "90",
    headers: { "User-Agent": "Yealink SIP-T46G 28.80.0.130", ...CAN_UPDATE },
  });
  assert.equal(accepted.header("Session-Expires"), "90;refresher=uas");
  runTo(45_000);
  assert.equal(peer.expects("UPDATE").header("Session-Expires"), "90;refresher=uac");
});

// ---- YL-04 ----

test("YL-04 a phone set to UAS asks with refresher=uas: we refresh, and say refresher=uac in it", () => {
  for (const refresher of [0, 1]) {
    const { phone, peer, accepted, runTo } = callUp({
      direction: "incoming",
      config: `${TIMER}\naccount.1.session_timer.refresher = ${refresher}`,
      sessionExpires: "90;refresher=uas",
      headers: CAN_UPDATE,
    });
    assert.equal(accepted.header("Session-Expires"), "90;refresher=uas");
    for (let round = 1; round <= 10; round++) {
      runTo(round * 45_000);
      const update = peer.expects("UPDATE");
      assert.equal(update.header("Session-Expires"), "90;refresher=uac");
      peer.replies(update, 200, { headers: { "Session-Expires": "90;refresher=uac", Require: "timer" } });
      assert.equal(phone.event("call.refreshed").fields["by"], "local");
    }
  }
});

test("YL-04 its 200 to our uac says uac, to our uas it says uas: the setting is kept", () => {
  const ours = callUp({ config: TIMER, sessionExpires: "90;refresher=uac", headers: CAN_UPDATE });
  assert.equal(ours.established.fields["refresher"], "local");
  const theirs = callUp({
    config: `${TIMER}\naccount.1.session_timer.refresher = 1`,
    sessionExpires: "90;refresher=uas",
  });
  assert.equal(theirs.established.fields["refresher"], "remote");
});

// ---- YL-05 ----

test("YL-05 Session-Expires in a 200 that nobody asked for: honoured where we support timers", () => {
  const { phone, peer, runTo } = callUp({
    config: TIMER,
    headers: { "Session-Expires": "90;refresher=uac", Require: "timer", ...CAN_UPDATE },
  });
  runTo(45_000);
  peer.replies(peer.expects("UPDATE"), 200, { headers: { "Session-Expires": "90;refresher=uac" } });
  phone.event("call.refreshed");
});

test("YL-05 timers off, and its 200 says refresher=uas: it refreshes alone, and we never hang up for that", () => {
  const { phone, peer, dialog, runTo } = callUp({ headers: { "Session-Expires": "90;refresher=uas" } });
  runTo(40_000);
  peer.requests(dialog, "UPDATE", { headers: { Supported: "timer", "Session-Expires": "90;refresher=uac" } });
  assert.equal(peer.expects(200).has("Session-Expires"), false);
  runTo(600_000);
  peer.expectsNothing();
  phone.saysNothing("call.ended");
});

test("YL-05 timers off, and its 200 names us: it costs nothing to refresh", () => {
  const { peer, runTo, established } = callUp({
    headers: { "Session-Expires": "90;refresher=uac", Require: "timer", ...CAN_UPDATE },
  });
  assert.equal(established.fields["refresher"], "local");
  assert.equal(established.fields["rule"], "setting-off-named");
  runTo(45_000);
  const refresh = peer.expects("UPDATE");
  peer.replies(refresh, 200, { headers: { "Session-Expires": "90;refresher=uac" } });
  runTo(90_000);
  peer.expects("UPDATE");
});

test("YL-05 what is broken in that header crashes nothing", () => {
  for (const value of [
    "0;refresher=uac",
    "-1",
    "99999999999999",
    "soon",
    "90;;refresher=",
    ";refresher=uas",
    "",
  ]) {
    for (const config of [TIMER, ""]) {
      const { phone, peer, dialog } = callUp({ config, headers: { "Session-Expires": value } });
      peer.requests(dialog, "BYE");
      peer.expects(200);
      phone.event("call.ended");
    }
  }
});

// ---- YL-06 ----

test("YL-06 90 s: refresh at 45 s; unanswered, the running attempt ends at 77 s with BYE", () => {
  const { phone, peer, runTo } = callUp({
    config: `${TIMER}\naccount.1.session_timer.update_fallback = 0`,
    sessionExpires: "90;refresher=uac",
    headers: CAN_UPDATE,
  });
  runTo(44_999);
  peer.expectsNothing();
  runTo(45_000);
  const update = peer.expects("UPDATE");
  runTo(76_999);
  assert.ok(peer.takesAll("UPDATE").every((each) => each.text === update.text));
  runTo(77_000);
  const bye = peer.expects("BYE");
  assert.equal(bye.header("Reason"), 'SIP;cause=408;text="Session refresh timeout"');
  phone.event("call.ended");
});

test("YL-06 90 s: answered at the last moment, it goes on; no new attempt begins after 60 s", () => {
  const answered = callUp({ config: TIMER, sessionExpires: "90;refresher=uac", headers: CAN_UPDATE });
  answered.runTo(45_000);
  const update = answered.peer.expects("UPDATE");
  answered.runTo(76_900);
  answered.peer.takesAll("UPDATE");
  answered.peer.replies(update, 200, { headers: { "Session-Expires": "90;refresher=uac" } });
  answered.phone.event("call.refreshed");
  answered.runTo(121_899);
  answered.peer.expectsNothing();
  answered.runTo(121_900);
  answered.peer.expects("UPDATE");

  const refused = callUp({ config: TIMER, sessionExpires: "90;refresher=uac", headers: CAN_UPDATE });
  refused.runTo(45_000);
  const first = refused.peer.expects("UPDATE");
  refused.runTo(50_500);
  refused.peer.takesAll("UPDATE");
  refused.peer.replies(first, 503, { headers: { "Retry-After": "12" } });
  refused.runTo(89_000);
  const attempts = refused.peer.takesAll("BYE");
  assert.ok(attempts[0] && attempts[0].atMs <= 61_000);
  refused.phone.event("call.ended");
});

// ---- YL-07 ----

test("YL-07 a peer with T1 = 10 s and T2 = 40 s sends its UPDATE for longer than our Timer J remembers", () => {
  const { phone, peer, dialog, runTo } = callUp({
    direction: "incoming",
    config: TIMER,
    sessionExpires: "1800;refresher=uac",
  });
  runTo(900_000);
  const update = peer.requests(dialog, "UPDATE", {
    headers: { Supported: "timer", "Session-Expires": "1800;refresher=uac" },
  });
  // Each 200 is lost: the UPDATE comes again after 10, 30, 70, 110, ... s.
  const answers = [peer.expects(200)];
  for (const seconds of [10, 30, 70, 110, 150, 640]) {
    runTo(900_000 + seconds * 1000);
    peer.repeats(update);
    answers.push(peer.expects(200));
  }
  assert.ok(answers.every((each) => each.text === answers[0]?.text));
  phone.saysNothing("call.ended");
  peer.requests(dialog, "BYE");
  peer.expects(200);
});

test("YL-07 a peer with T1 = 10 s answers our UPDATE late: before Timer F that is in time", () => {
  const { phone, peer, runTo } = callUp({
    config: TIMER,
    sessionExpires: "1800;refresher=uac",
    headers: CAN_UPDATE,
  });
  const update = peer.awaits("UPDATE", 900_000);
  runTo(update.atMs + 31_500);
  peer.takesAll("UPDATE");
  peer.replies(update, 200, { headers: { "Session-Expires": "1800;refresher=uac" } });
  phone.event("call.refreshed");
});

test("YL-07 with T1 = 10 s in our settings an attempt runs up to T - 1 s, then BYE", () => {
  const { phone, peer, runTo } = callUp({
    config: `${TIMER}
account.1.session_timer.update_fallback = 0
account.1.advanced.timer_t1 = 10
account.1.advanced.timer_t2 = 40`,
    sessionExpires: "90;refresher=uac",
    headers: CAN_UPDATE,
  });
  runTo(88_999);
  assert.deepEqual(
    peer.takesAll("UPDATE").map((each) => each.atMs),
    [45_000, 55_000, 75_000],
  );
  runTo(89_000);
  peer.expects("BYE");
  phone.event("call.ended");
});

test("YL-07 a re-INVITE of such a peer is answered again and again for its 640 s", () => {
  const { phone, peer, dialog, runTo } = callUp({ direction: "incoming" });
  const again = peer.requests(dialog, "INVITE", { body: sdp() });
  peer.expects(200);
  peer.acks(dialog);
  for (const seconds of [10, 30, 70, 150]) {
    runTo(seconds * 1000);
    peer.repeats(again);
    const answers = peer.takesAll(200);
    if (seconds > 32) {
      assert.equal(answers.length, 1);
      peer.acks(dialog);
    }
  }
  phone.saysNothing("call.ended");
});
