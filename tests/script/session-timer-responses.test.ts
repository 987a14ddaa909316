// What comes back for our requests: who refreshes, how often, and 422 (RFC 4028 §7.2, §7.3).

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ALLOWS_UPDATE,
  accepts,
  answered,
  connect,
  ended,
  expectsAt,
  givesUpAt,
  peerRefreshes,
  refreshed,
  refuses,
  reInvites,
  restsAfter,
  silentUntil,
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

const FOR_90 = { settings: { expires: 90 } };

/** A phone whose INVITE was sent and not yet answered. */
function calling(settings: Record<string, number> = {}) {
  const connected = connect({ config: timers({ expires: 90, ...settings }) });
  connected.phone.dials(connected.peer.uri);
  return connected;
}

test("3.3 2xx with uac: we refresh at T/2, whatever Require and Supported say", () => {
  const variants: Headers[] = [
    timed(90, "uac"),
    { ...timed(90, "uac"), Require: "timer" },
    { "Session-Expires": "90;refresher=uac" },
    { "Session-Expires": "90 ; refresher = UAC", Require: "timer" },
    { x: "90;refresher=uac;other=1" },
  ];
  for (const headers of variants) {
    const call = weCall({ ...headers, ...ALLOWS_UPDATE }, FOR_90);
    assert.match(timerOf(call.established), /^local 90 /);
    assert.equal(timerLines(expectsAt(call, 45_000, "UPDATE")), weAsk(90));
  }
});

test("3.3 2xx with uas: the peer refreshes; BYE at T - min(32, T/3) if nothing comes", () => {
  for (const Require of ["timer", null]) {
    const call = weCall({ ...timed(90, "uas"), Require }, { settings: { expires: 90, refresher: 1 } });
    assert.equal(timerOf(call.established), "remote 90 RFC4028-7.1-setting");
    const bye = givesUpAt(call, 60_000);
    assert.match(bye.header("Reason"), /cause=408/);
  }
});

test("3.3 2xx that does not say who: we refresh, and the event says so", () => {
  for (const refresher of [0, 1]) {
    const call = weCall(timed(90), { settings: { expires: 90, refresher } });
    assert.equal(timerOf(call.established), "local 90 RFC4028-7.2-missing");
    assert.equal(timerLines(expectsAt(call, 45_000, "UPDATE")), weAsk(90));
  }
});

test("3.3 2xx below 90: tolerated, refreshed at half of it with 90 in the request", () => {
  const call = weCall(timed(60, "uac"), FOR_90);
  assert.equal(timerOf(call.established), "local 60 RFC4028-7.1-setting");
  assert.equal(call.established.fields["remark"], "Session-Expires is below the minimum");
  assert.equal(timerLines(expectsAt(call, 30_000, "UPDATE")), weAsk(90));
});

test("3.3 2xx far below 90: not before 10 s after the last 2xx, again and again", () => {
  const call = weCall(timed(4, "uac"), FOR_90);
  for (let i = 1; i <= 3; i++) {
    const update = expectsAt(call, i * 10_000, "UPDATE");
    assert.equal(timerLines(update), weAsk(90));
    accepts(call, update, timed(4, "uac"));
  }
});

test("3.3 2xx below our min_se: half of the value, and Min-SE in the request", () => {
  const call = weCall(timed(200, "uac"), { settings: { expires: 300, min_se: 300 } });
  assert.equal(call.established.fields["remark"], "Session-Expires is below the minimum");
  const update = expectsAt(call, 100_000, "UPDATE");
  assert.equal(timerLines(update), "Session-Expires: 300;refresher=uac | Min-SE: 300 | Supported: timer");
});

test("3.3 2xx below 90 and the peer refreshes: it gets what 90 would give it", () => {
  const call = weCall(timed(30, "uas"), FOR_90);
  assert.match(timerOf(call.established), /^remote 30 /);
  givesUpAt(call, 60_000);
  givesUpAt(weCall(timed(200, "uas"), { settings: { min_se: 300 } }), 168_000);
});

test("3.3 2xx above what we asked: adopted, and the event says so", () => {
  const call = weCall(timed(120, "uac"), FOR_90);
  assert.equal(timerOf(call.established), "local 120 RFC4028-7.1-setting");
  assert.equal(call.established.fields["remark"], "Session-Expires is above what we asked for");
  assert.equal(timerLines(expectsAt(call, 60_000, "UPDATE")), weAsk(120));
  const waits = weCall(timed(120, "uas"), { settings: { expires: 90, refresher: 1 } });
  givesUpAt(waits, 88_000);
});

test("3.3 2xx as it should be: no remark", () => {
  assert.equal(weRefresh(90).established.fields["remark"], undefined);
});

test("3.3 2xx to the INVITE without Session-Expires, self: we refresh alone with what we asked for", () => {
  const call = weCall(ALLOWS_UPDATE, FOR_90);
  assert.equal(timerOf(call.established), "local 90 RFC4028-7.2-self");
  const update = expectsAt(call, 45_000, "UPDATE");
  assert.equal(timerLines(update), weAsk(90));
  accepts(call, update);
  assert.equal(refreshed(call), "local UPDATE: local 90 RFC4028-7.2-self");
  expectsAt(call, 90_000, "UPDATE");
});

test("3.3 2xx to the INVITE without Session-Expires, off: no timer", () => {
  const call = weCall(ALLOWS_UPDATE, { settings: { expires: 90, peer_without_timer: 0 } });
  assert.equal(timerOf(call.established), "none 0 RFC4028-7.2-unsupported");
  silentUntil(call, 4 * 3600_000);
});

test("3.3 2xx to the INVITE without Session-Expires, and we had not asked: no timer", () => {
  const call = weCall(ALLOWS_UPDATE, { settings: { enable: 0 } });
  assert.equal(timerOf(call.established), "none 0 setting-off");
  silentUntil(call, 4 * 3600_000);
});

test("3.3 2xx in the dialog without Session-Expires: the timer is off", () => {
  const call = weRefresh(90);
  accepts(call, expectsAt(call, 45_000, "UPDATE"));
  assert.equal(refreshed(call), "local UPDATE: none 0 RFC4028-7.2-off");
  silentUntil(call, 4 * 3600_000);
});

test("3.3 2xx in the dialog without Session-Expires while the peer refreshes: off as well", () => {
  const call = peerRefreshes(90);
  call.phone.holds();
  accepts(call, call.peer.expects("INVITE"));
  silentUntil(call, 4 * 3600_000);
});

test("3.1 self mode goes on over 2xx without Session-Expires, and ends when the peer names somebody", () => {
  const call = weCall(ALLOWS_UPDATE, FOR_90);
  accepts(call, expectsAt(call, 45_000, "UPDATE"));
  accepts(call, expectsAt(call, 90_000, "UPDATE"), timed(90, "uac"));
  call.phone.forgetsEvents();
  accepts(call, expectsAt(call, 135_000, "UPDATE"));
  assert.equal(refreshed(call), "local UPDATE: none 0 RFC4028-7.2-off");
  silentUntil(call, 4 * 3600_000);
});

test("3.1 self mode: a hold whose 2xx has no Session-Expires renews it", () => {
  const call = weCall(ALLOWS_UPDATE, FOR_90);
  call.runTo(20_000);
  call.phone.holds();
  const hold = call.peer.expects("INVITE");
  assert.equal(timerLines(hold), weAsk(90));
  accepts(call, hold);
  assert.equal(refreshed(call), "local INVITE: local 90 RFC4028-7.2-self");
  expectsAt(call, 65_000, "UPDATE");
});

test("3.1 self mode: a request of the peer without timer headers leaves us alone with it", () => {
  const call = weCall(ALLOWS_UPDATE, FOR_90);
  call.runTo(20_000);
  assert.equal(answered(reInvites(call)), "90;refresher=uas");
  assert.equal(refreshed(call), "remote INVITE: local 90 RFC4028-7.2-self");
  accepts(call, expectsAt(call, 65_000, "UPDATE"));
  expectsAt(call, 110_000, "UPDATE");
});

test("3.1 self mode ends when a request of the peer shows that it has timers", () => {
  const call = weCall(ALLOWS_UPDATE, FOR_90);
  call.runTo(20_000);
  assert.equal(answered(updates(call, timed(90, "uac"))), "90;refresher=uac + Require: timer");
  givesUpAt(call, 80_000);
});

test("3.1 self mode is over for good: a 2xx without Session-Expires then switches the timer off", () => {
  const call = weCall(ALLOWS_UPDATE, FOR_90);
  updates(call, timed(90, "uas"));
  call.phone.forgetsEvents();
  accepts(call, expectsAt(call, 45_000, "UPDATE"));
  assert.equal(refreshed(call), "local UPDATE: none 0 RFC4028-7.2-off");
  silentUntil(call, 4 * 3600_000);
});

test("3.1 the CSeq of one direction says nothing about the other", () => {
  const call = weRefresh(90);
  call.runTo(30_000);
  assert.equal(updates(call, timed(90, "uas"), { cseq: 4_000_000 }).status, 200);
  const update = expectsAt(call, 75_000, "UPDATE");
  assert.equal(update.cseq, 2);
  accepts(call, update, timed(120, "uac"));
  expectsAt(call, 135_000, "UPDATE");
});

test("3.1 ten refreshes of our own to a peer without timers, then it is silent: BYE", () => {
  const call = weCall(ALLOWS_UPDATE, FOR_90);
  for (let i = 1; i <= 10; i++) {
    const update = expectsAt(call, i * 45_000, "UPDATE");
    assert.equal(timerLines(update), weAsk(90));
    accepts(call, update);
  }
  call.runTo(10 * 45_000 + 45_000 + 31_999);
  assert.equal(call.peer.takesAll("UPDATE").length, 11);
  const bye = expectsAt(call, 10 * 45_000 + 45_000 + 32_000, "BYE");
  assert.equal(bye.header("Reason"), 'SIP;cause=408;text="Session refresh timeout"');
  assert.equal(ended(call), "local 408 RFC4028-10-unanswered");
});

test("3.1 the same by re-INVITE: ten refreshes of our own, then BYE", () => {
  const call = weCall({}, FOR_90);
  for (let i = 1; i <= 10; i++) {
    const invite = expectsAt(call, i * 45_000, "INVITE");
    assert.equal(invite.body, call.invite.body);
    accepts(call, invite);
  }
  call.runTo(11 * 45_000 + 31_999);
  assert.equal(call.peer.takesAll("INVITE").length, 7);
  restsAfter(call, expectsAt(call, 11 * 45_000 + 32_000, "BYE"));
});

test("3.3 2xx with Require: timer and without Session-Expires contradicts itself: off", () => {
  const call = weCall({ Require: "timer", ...ALLOWS_UPDATE }, FOR_90);
  assert.equal(timerOf(call.established), "none 0 RFC4028-7.2-contradiction");
  silentUntil(call, 4 * 3600_000);
  const later = weRefresh(90);
  accepts(later, expectsAt(later, 45_000, "UPDATE"), { Require: "timer" });
  assert.equal(refreshed(later), "local UPDATE: none 0 RFC4028-7.2-contradiction");
  silentUntil(later, 4 * 3600_000);
});

test("3.3 a Session-Expires in the 2xx that can't be read is absent, and switches no running timer off", () => {
  for (const value of ["1800;;refresher=uac", "soon", "0", "-90", "4294967296", "90;refresher=both", ""]) {
    const call = weRefresh(90);
    accepts(call, expectsAt(call, 45_000, "UPDATE"), { "Session-Expires": value });
    assert.equal(refreshed(call), "local UPDATE: local 90 RFC4028-7.4-present", value);
    expectsAt(call, 90_000, "UPDATE");
  }
  const twice = weRefresh(90);
  const headers = { "Session-Expires": ["90;refresher=uac", "1800;refresher=uas"] };
  accepts(twice, expectsAt(twice, 45_000, "UPDATE"), headers);
  assert.equal(twice.phone.event("call.refreshed").fields["remark"], "Session-Expires can't be read");
  expectsAt(twice, 90_000, "UPDATE");
});

test("3.3 a retransmitted 2xx to the INVITE gets its ACK again and moves nothing", () => {
  const call = weRefresh(90);
  call.runTo(10_000);
  call.peer.repeats(call.accepted);
  assert.equal(call.peer.expects("ACK").text, call.ack.text);
  expectsAt(call, 45_000, "UPDATE");
});

test("3.3 a retransmitted 2xx to a refresh moves nothing", () => {
  const call = weRefresh(90);
  const accepted = accepts(call, expectsAt(call, 45_000, "UPDATE"), timed(90, "uac"));
  call.runTo(49_000);
  call.peer.repeats(accepted);
  call.peer.expectsNothing();
  expectsAt(call, 90_000, "UPDATE");
  const other = weRefresh(90, { settings: { refresh_method: 2 } });
  const again = accepts(other, expectsAt(other, 45_000, "INVITE"), timed(90, "uac"));
  other.runTo(49_000);
  other.peer.repeats(again);
  assert.equal(other.peer.expects("ACK").cseq, again.cseq);
  expectsAt(other, 90_000, "INVITE");
});

test("3.3 1xx with Session-Expires starts nothing", () => {
  const call = calling();
  const invite = call.peer.expects("INVITE");
  call.peer.replies(invite, 180, { headers: timed(90, "uac") });
  call.phone.saysNothing("call.established");
  call.runTo(40_000);
  accepts(call, invite, timed(90, "uac"));
  expectsAt(call, 85_000, "UPDATE");
});

// ---- 422 ----

test("3.3 422 to the INVITE: the same Call-ID, From, To, CSeq + 1, Min-SE and Session-Expires raised", () => {
  const call = calling();
  const first = call.peer.expects("INVITE");
  refuses(call, first, 422, { "Min-SE": "240" });
  const second = call.peer.expects("INVITE");
  for (const name of ["Call-ID", "From", "To", "Contact"])
    assert.equal(second.header(name), first.header(name));
  assert.equal(second.cseq, first.cseq + 1);
  assert.notEqual(second.header("Via"), first.header("Via"));
  assert.equal(second.body, first.body);
  assert.equal(timerLines(second), "Session-Expires: 240;refresher=uac | Min-SE: 240 | Supported: timer");
});

test("3.3 422 from several proxies: three more tries, then the call ends once", () => {
  const call = calling();
  for (const least of [120, 240, 480]) {
    refuses(call, call.peer.expects("INVITE"), 422, { "Min-SE": `${least}` });
  }
  const last = call.peer.expects("INVITE");
  assert.equal(timerLines(last), "Session-Expires: 480;refresher=uac | Min-SE: 480 | Supported: timer");
  refuses(call, last, 422, { "Min-SE": "960" });
  assert.equal(ended(call), "remote 422 RFC4028-7.3-interval");
  silentUntil(call, 3600_000);
  call.phone.saysNothing("call.ended");
});

test("3.3 422 in the dialog: CSeq + 1 at once, and the expiry is where it was", () => {
  const call = weRefresh(90);
  let update = expectsAt(call, 45_000, "UPDATE");
  for (const least of [120, 240, 480]) {
    refuses(call, update, 422, { "Min-SE": `${least}` });
    const next = call.peer.expects("UPDATE");
    assert.equal(next.cseq, update.cseq + 1);
    assert.equal(
      timerLines(next),
      `Session-Expires: ${least};refresher=uac | Min-SE: ${least} | Supported: timer`,
    );
    update = next;
  }
  refuses(call, update, 422, { "Min-SE": "960" });
  givesUpAt(call, 60_001);
});

test("3.3 422 in the dialog: the rounds are counted for each refresh anew", () => {
  const call = weRefresh(90);
  for (const at of [45_000, 90_000, 135_000]) {
    let update = expectsAt(call, at, "UPDATE");
    for (let round = 1; round <= 3; round++) {
      refuses(call, update, 422, { "Min-SE": "90" });
      update = call.peer.expects("UPDATE");
    }
    accepts(call, update, timed(90, "uac"));
  }
});

test("3.3 422 without Min-SE to the INVITE: the call fails once", () => {
  const call = calling();
  refuses(call, call.peer.expects("INVITE"), 422);
  assert.equal(ended(call), "remote 422 RFC4028-7.3-interval");
  silentUntil(call, 3600_000);
});

test("3.3 422 without Min-SE in the dialog: once with the doubled value, then the session lives until expiry", () => {
  const call = weRefresh(90);
  const update = expectsAt(call, 45_000, "UPDATE");
  refuses(call, update, 422);
  const again = call.peer.expects("UPDATE");
  assert.equal(timerLines(again), weAsk(180));
  refuses(call, again, 422);
  call.peer.expectsNothing();
  givesUpAt(call, 60_001);
});

test("3.3 422 without Min-SE in the dialog, and the doubled value is taken", () => {
  const call = weRefresh(90);
  refuses(call, expectsAt(call, 45_000, "UPDATE"), 422);
  accepts(call, call.peer.expects("UPDATE"), timed(180, "uac"));
  assert.equal(timerLines(expectsAt(call, 45_000 + 90_000, "UPDATE")), weAsk(180));
});

test("3.3 420 with Unsupported: timer: we require nothing, so the call just fails", () => {
  const call = calling();
  const invite = call.peer.expects("INVITE");
  assert.equal(invite.has("Require"), false);
  refuses(call, invite, 420, { Unsupported: "timer" });
  assert.equal(ended(call), "remote 420 peer-refused");
  silentUntil(call, 3600_000);
});

// ---- timers off ----

test("3.3 timers off: a 2xx that names us all the same is obeyed", () => {
  const call = weCall(
    { "Session-Expires": "90;refresher=uac", ...ALLOWS_UPDATE },
    { settings: { enable: 0 } },
  );
  assert.equal(timerOf(call.established), "local 90 setting-off-named");
  const update = expectsAt(call, 45_000, "UPDATE");
  assert.equal(timerLines(update), "");
  accepts(call, update, { "Session-Expires": "90;refresher=uac" });
  accepts(call, expectsAt(call, 90_000, "UPDATE"));
  silentUntil(call, 4 * 3600_000);
});

test("3.3 timers off: a 2xx that names the peer starts nothing", () => {
  const call = weCall({ "Session-Expires": "90;refresher=uas" }, { settings: { enable: 0 } });
  assert.equal(timerOf(call.established), "none 0 setting-off");
  silentUntil(call, 4 * 3600_000);
});

test("3.3 timers off: 422 fails cleanly", () => {
  const call = calling({ enable: 0 });
  refuses(call, call.peer.expects("INVITE"), 422, { "Min-SE": "90" });
  assert.equal(ended(call), "remote 422 RFC4028-7.3-interval");
  silentUntil(call, 3600_000);
});

// ---- 3.1 ----

test("3.1 each fork has its own timer: the 2xx decides, whatever another fork said", () => {
  const call = calling();
  const invite = call.peer.expects("INVITE");
  call.peer.replies(invite, 183, { tag: "fork1", headers: timed(600, "uas") });
  call.peer.replies(invite, 183, { tag: "fork2", headers: timed(120, "uac") });
  accepts(call, invite, timed(90, "uac"), { tag: "fork2" });
  const update = expectsAt(call, 45_000, "UPDATE");
  assert.match(update.header("To"), /tag=fork2$/);
});

test("3.1 a 2xx of another fork gets BYE and does not touch the timer", () => {
  const call = calling();
  const invite = call.peer.expects("INVITE");
  accepts(call, invite, timed(90, "uac"), { tag: "fork1" });
  call.runTo(1_000);
  call.peer.replies(invite, 200, { tag: "fork2", headers: timed(600, "uas") });
  call.peer.expects("ACK");
  const bye = call.peer.expects("BYE");
  assert.match(bye.header("To"), /tag=fork2$/);
  call.peer.replies(bye, 200);
  assert.match(expectsAt(call, 45_000, "UPDATE").header("To"), /tag=fork1$/);
});
