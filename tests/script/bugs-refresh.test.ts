// Bugs that other implementations had with session timers, B01 to B18: pjproject and its users.
// The rest is in bugs-dialog.test.ts (B19 to B38) and bugs-peers.test.ts (B39 to B58).
//
// Rows about a proxy only, which a user agent has no code for, and what of them is tested all the same:
//   B35 (a proxy's dialog timer is not extended): the peer says BYE too early, bugs-dialog.test.ts
//   B36 (topology hiding loses the Contact): BYE is still routed, bugs-dialog.test.ts
//   B39 (a proxy does not process responses, answers the wrong code, forces the interval to Min-SE): we
//        survive each of them, bugs-peers.test.ts
//   B34 (a proxy adds a Session-Expires without refresher) is a row about what the user agent makes of it.
// No row is left out.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Status } from "../../host/node/abi.js";
import {
  ALLOWS_UPDATE,
  WITHOUT_UPDATE,
  accepts,
  answered,
  connect,
  ended,
  expectsAt,
  givesUpAt,
  networkRefuses,
  peerRefreshes,
  refreshed,
  refuses,
  reInvites,
  restsAfter,
  sdp,
  silentUntil,
  theyCall,
  timed,
  timerLines,
  timerOption,
  timerOf,
  timers,
  updates,
  weAsk,
  weCall,
  weRefresh,
} from "../support/session-timer.js";

test("B01 INVITE with 90;refresher=uas: we refresh with uac at 45, 90, 135 ... ten times and more", () => {
  const call = theyCall(timed(90, "uas"));
  for (let i = 1; i <= 12; i++) {
    const update = expectsAt(call, i * 45_000, "UPDATE");
    assert.equal(timerLines(update), weAsk(90));
    assert.equal(update.cseq, i);
    accepts(call, update, timed(90, "uac"));
    assert.equal(refreshed(call), "local UPDATE: local 90 RFC4028-7.4-present");
  }
});

test("B02 the newest 2xx is obeyed, and exactly one side refreshes after any sequence", () => {
  const call = weRefresh(90);
  call.runTo(10_000);
  // The peer writes what it means for itself the wrong way round: our 200 says what holds.
  assert.equal(answered(reInvites(call, timed(90, "uas"))), "90;refresher=uas + Require: timer");
  assert.equal(refreshed(call), "remote INVITE: local 90 RFC4028-9-named");
  call.runTo(20_000);
  assert.equal(answered(reInvites(call, timed(90, "uac"))), "90;refresher=uac + Require: timer");
  assert.equal(refreshed(call), "remote INVITE: remote 90 RFC4028-9-named");
  silentUntil(call, 65_000);
  assert.equal(answered(reInvites(call, timed(90, "uas"))), "90;refresher=uas + Require: timer");
  accepts(call, expectsAt(call, 110_000, "UPDATE"), timed(90, "uas"));
  givesUpAt(call, 170_000);
});

test("B03 no Supported: timer and a proxy's Session-Expires: the 2xx says uas, no Require", () => {
  for (const refresher of [0, 1]) {
    const call = theyCall({ "Session-Expires": "1800", Supported: "100rel" }, { settings: { refresher } });
    assert.equal(answered(call.accepted), "1800;refresher=uas");
  }
});

test("B04 a 2xx with uac has Require: timer", () => {
  assert.deepEqual(theyCall(timed(90, "uac")).accepted.headers("Require"), ["timer"]);
  assert.deepEqual(theyCall(timed(90), { settings: { refresher: 1 } }).accepted.headers("Require"), [
    "timer",
  ]);
});

test("B05 whatever the request requires and supports, the 2xx lists timer exactly once", () => {
  const variants = [
    { Require: "timer" },
    { Require: ["timer", "timer"] },
    { Require: "timer, TIMER" },
    { Supported: "timer, 100rel, timer" },
    { Supported: ["100rel", "timer", "replaces"] },
    { Supported: "replaces", k: "timer" },
  ];
  for (const headers of variants) {
    const call = theyCall({ ...timed(90, "uac"), ...headers });
    assert.equal(answered(call.accepted), "90;refresher=uac + Require: timer");
    assert.equal(
      answered(updates(call, { ...timed(90, "uac"), ...headers })),
      "90;refresher=uac + Require: timer",
    );
  }
});

test("B05 another required tag that we do not have: 420 names that one only", () => {
  const { peer } = connect({ config: timers() });
  peer.invites({ headers: { ...timed(90, "uac"), Require: "timer, 100rel" } });
  assert.equal(timerLines(peer.expects(420)), "Unsupported: 100rel");
});

test("B06 UPDATE, and every other request but ACK, says Supported: timer", () => {
  const call = weRefresh(90);
  accepts(call, expectsAt(call, 45_000, "UPDATE"), { ...timed(90, "uac"), ...WITHOUT_UPDATE });
  accepts(call, expectsAt(call, 90_000, "INVITE"), timed(90, "uac"));
  call.phone.hangsUp();
  const requests = call.wire.all.filter((each) => each.sentBy === "phone" && each.status === 0);
  assert.deepEqual(
    requests.map((each) => `${each.method} ${timerOption(each).join()}`),
    ["INVITE timer", "ACK ", "UPDATE timer", "INVITE timer", "ACK ", "BYE timer"],
  );
});

test("B07 silent peer, update_fallback 0: BYE when the transaction times out", () => {
  for (const [T, until] of [
    [90, 77_000],
    [120, 92_000],
    [299, 181_500],
  ] as const) {
    const call = weRefresh(T, { settings: { update_fallback: 0 } });
    call.runTo(until - 1);
    assert.equal(call.peer.takesAll("UPDATE").length, 11);
    assert.equal(
      expectsAt(call, until, "BYE").header("Reason"),
      'SIP;cause=408;text="Session refresh timeout"',
    );
    assert.equal(ended(call), "local 408 RFC4028-10-unanswered");
  }
});

test("B07 silent peer, update_fallback 1: a re-INVITE comes first where it fits", () => {
  const call = weRefresh(299, { settings: { update_fallback: 1 } });
  call.runTo(181_499);
  call.peer.takesAll("UPDATE");
  expectsAt(call, 181_500, "INVITE");
  call.runTo(213_499);
  call.peer.takesAll("INVITE");
  restsAfter(call, expectsAt(call, 213_500, "BYE"));
  const short = weRefresh(120, { settings: { update_fallback: 1 } });
  short.runTo(91_999);
  short.peer.takesAll("UPDATE");
  restsAfter(short, expectsAt(short, 92_000, "BYE"));
});

test("B08 422 to a later INVITE, and the Min-SE of a request that has nothing else: both are remembered", () => {
  const call = weRefresh(90);
  call.phone.holds();
  refuses(call, call.peer.expects("INVITE"), 422, { "Min-SE": "100" });
  const again = call.peer.expects("INVITE");
  assert.equal(timerLines(again), "Session-Expires: 100;refresher=uac | Min-SE: 100 | Supported: timer");
  accepts(call, again, timed(100, "uac"));
  reInvites(call, { Supported: "timer", "Min-SE": "150" });
  call.phone.resumes();
  const last = call.peer.expects("INVITE");
  assert.equal(timerLines(last), "Session-Expires: 150;refresher=uac | Min-SE: 150 | Supported: timer");
});

test("B09 422 while timers are off: the call fails cleanly, and a later one only itself", () => {
  const call = connect({ config: timers({ enable: 0 }) });
  call.phone.dials(call.peer.uri);
  refuses(call, call.peer.expects("INVITE"), 422, { "Min-SE": "90" });
  assert.equal(ended(call), "remote 422 RFC4028-7.3-interval");
  silentUntil(call, 3600_000);
  const later = weCall({}, { settings: { enable: 0 } });
  later.phone.holds();
  refuses(later, later.peer.expects("INVITE"), 422, { "Min-SE": "90" });
  assert.deepEqual(later.phone.event("call.notice").fields, { what: "hold", status: 422 });
  silentUntil(later, 3600_000);
  later.phone.saysNothing("call.ended");
});

test("B10 422 without Min-SE: no loop, the call ends once", () => {
  for (const minSE of [null, "", "many", "0"]) {
    const call = connect({ config: timers() });
    call.phone.dials(call.peer.uri);
    refuses(call, call.peer.expects("INVITE"), 422, { "Min-SE": minSE });
    assert.equal(ended(call), "remote 422 RFC4028-7.3-interval");
    silentUntil(call, 3600_000);
    call.phone.saysNothing("call.ended");
  }
});

test("B10 422 whose Min-SE asks for no more than we asked: three rounds, and it ends", () => {
  const call = connect({ config: timers({ expires: 1800 }) });
  call.phone.dials(call.peer.uri);
  for (let i = 0; i < 4; i++) refuses(call, call.peer.expects("INVITE"), 422, { "Min-SE": "90" });
  assert.equal(ended(call), "remote 422 RFC4028-7.3-interval");
  silentUntil(call, 3600_000);
});

test("B11 503 to a re-INVITE refresh, then 200 within the deadline: the call lives", () => {
  for (const headers of [{}, { "Retry-After": "10" }]) {
    const call = weRefresh(90, {}, WITHOUT_UPDATE);
    refuses(call, expectsAt(call, 45_000, "INVITE"), 503, headers);
    const again = expectsAt(call, 55_000, "INVITE");
    assert.equal(again.body, call.invite.body);
    accepts(call, again, { ...timed(90, "uac"), ...WITHOUT_UPDATE });
    expectsAt(call, 100_000, "INVITE");
  }
});

test("B12 UPDATE can't be sent: the network is lost, and comes back", () => {
  const call = weRefresh(90);
  expectsAt(call, 45_000, "UPDATE");
  networkRefuses(call);
  expectsAt(call, 47_000, "UPDATE");
  networkRefuses(call);
  accepts(call, expectsAt(call, 49_000, "UPDATE"), timed(90, "uac"));
  expectsAt(call, 94_000, "UPDATE");
});

test("B12 the socket is gone when the refresh is due: the call ends in time, without a trap", () => {
  const call = weRefresh(90);
  call.runTo(40_000);
  const { instance } = call.wire;
  call.wire.command((m) => m.flowClosed(instance.flow, call.wire.now));
  call.wire.runTo(61_000);
  assert.match(ended(call), /^local 408 RFC4028-10-late$/);
  call.runTo(3600_000);
  call.phone.refuses(Status.NoSuchThing, (m, now) => m.hangup(call.phone.call, now));
});

test("B13 the refresh is due in the tick in which the user hangs up, in both orders", () => {
  const first = weRefresh(90);
  const update = expectsAt(first, 45_000, "UPDATE");
  first.phone.hangsUp();
  first.peer.expectsNothing();
  accepts(first, update, timed(90, "uac"));
  restsAfter(first, first.peer.expects("BYE"));

  const second = weRefresh(90);
  second.runTo(44_999);
  second.wire.now = 45_000;
  second.phone.hangsUp();
  const sent = second.peer.takesAll();
  if (sent[0]!.method === "UPDATE") {
    accepts(second, sent[0]!, timed(90, "uac"));
    sent.push(second.peer.expects("BYE"));
  }
  assert.equal(sent.at(-1)?.method, "BYE");
  restsAfter(second, sent.at(-1)!);
});

test("B13 the refresh is due in the tick in which the peer's BYE comes, in both orders", () => {
  const first = weRefresh(90);
  expectsAt(first, 45_000, "UPDATE");
  first.peer.requests(first.dialog, "BYE");
  first.peer.expects(200);
  first.phone.event("call.ended");
  // The UPDATE may go on for its own time, but nobody is told of its end.
  first.runTo(45_000 + 32_000);
  first.peer.takesAll("UPDATE");
  silentUntil(first, 4 * 3600_000);
  first.phone.saysNothing();

  const second = weRefresh(90);
  second.runTo(44_999);
  second.wire.now = 45_000;
  second.peer.requests(second.dialog, "BYE");
  assert.ok(second.peer.takesAll().some((each) => each.status === 200 && each.method === "BYE"));
  second.phone.event("call.ended");
  second.runTo(77_000);
  second.peer.takesAll("UPDATE");
  silentUntil(second, 4 * 3600_000);
});

test("B13 the expiry and the peer's BYE in one tick: call.ended once", () => {
  const call = peerRefreshes(90);
  call.runTo(59_999);
  call.wire.now = 60_000;
  call.peer.requests(call.dialog, "BYE");
  call.runTo(3600_000);
  call.phone.event("call.ended");
  call.phone.saysNothing("call.ended");
});

test("B14 a body in the 200 to an UPDATE without offer is ignored, the timer in it is taken", () => {
  const call = weRefresh(90);
  call.phone.forgetsEvents();
  accepts(call, expectsAt(call, 45_000, "UPDATE"), timed(120, "uac"), {
    body: sdp({ port: 9999, direction: "inactive" }),
  });
  call.phone.saysNothing("call.media");
  assert.equal(refreshed(call), "local UPDATE: local 120 RFC4028-7.4-present");
  expectsAt(call, 105_000, "UPDATE");
});

test("B14 a 200 to a re-INVITE without a body: the timer in it is taken, media and o= stay", () => {
  const call = weRefresh(90, {}, WITHOUT_UPDATE);
  const headers = { ...timed(90, "uac"), ...WITHOUT_UPDATE };
  accepts(call, expectsAt(call, 45_000, "INVITE"), headers, { body: "" });
  call.phone.saysNothing("call.media");
  assert.equal(expectsAt(call, 90_000, "INVITE").body, call.invite.body);
});

test("B15 UPDATE only where Allow has it; one that is refused is followed by re-INVITE", () => {
  expectsAt(weRefresh(90, {}, WITHOUT_UPDATE), 45_000, "INVITE");
  expectsAt(weRefresh(90, {}, { Allow: ["INVITE, ACK", "BYE, UPDATE"] }), 45_000, "UPDATE");
  for (const status of [405, 501, 488, 420]) {
    const call = weRefresh(90);
    refuses(call, expectsAt(call, 45_000, "UPDATE"), status);
    const invite = call.peer.expects("INVITE");
    assert.equal(timerLines(invite), weAsk(90));
    accepts(call, invite, { ...timed(90, "uac"), ...WITHOUT_UPDATE });
    expectsAt(call, 90_000, "INVITE");
  }
});

test("B16 the Contact of the peer's refresh becomes the target of everything after it", () => {
  for (const ask of [updates, reInvites]) {
    const call = peerRefreshes(90);
    ask(call, { ...timed(90, "uac"), Contact: "<sip:bob@192.0.2.44:5070>" });
    call.phone.hangsUp();
    const bye = call.peer.expects("BYE");
    assert.equal(bye.uri, "sip:bob@192.0.2.44:5070");
    assert.deepEqual(bye.address, { address: "192.0.2.44", port: 5070 });
  }
});

test("B16 the Contact of the 2xx to our refresh as well", () => {
  const call = weRefresh(90);
  const contact = { Contact: "<sip:bob@192.0.2.44:5070>" };
  accepts(call, expectsAt(call, 45_000, "UPDATE"), { ...timed(90, "uac"), ...contact });
  assert.equal(expectsAt(call, 90_000, "UPDATE").uri, "sip:bob@192.0.2.44:5070");
});

test("B17 a 2xx below Min-SE does not drop the call", () => {
  const call = weCall(timed(60, "uac"), { settings: { expires: 300, min_se: 200 } });
  const update = expectsAt(call, 30_000, "UPDATE");
  assert.equal(timerLines(update), "Session-Expires: 200;refresher=uac | Min-SE: 200 | Supported: timer");
  accepts(call, update, timed(60, "uac"));
  expectsAt(call, 60_000, "UPDATE");
});

test("B18 a 2xx above ours is adopted", () => {
  const call = weCall(timed(600, "uac"), { settings: { expires: 90 } });
  silentUntil(call, 294_000);
  call.runTo(300_000);
  assert.equal(timerLines(call.peer.expects("UPDATE")), weAsk(600));
});

test("B18 a 2xx without Session-Expires: by the policy for the first, off in mid-dialog", () => {
  const alone = weCall(ALLOWS_UPDATE, { settings: { expires: 90 } });
  assert.equal(timerOf(alone.established), "local 90 RFC4028-7.2-self");
  const off = weCall(ALLOWS_UPDATE, { settings: { expires: 90, peer_without_timer: 0 } });
  assert.equal(timerOf(off.established), "none 0 RFC4028-7.2-unsupported");
  const later = weRefresh(90);
  accepts(later, expectsAt(later, 45_000, "UPDATE"));
  silentUntil(later, 4 * 3600_000);
});
