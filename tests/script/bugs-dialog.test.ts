// Bugs that other implementations had with session timers, B19 to B38: glare, the old timer, roles.
// bugs-refresh.test.ts says which rows are about proxies only.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ALLOWS_UPDATE,
  WITHOUT_UPDATE,
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
  sdp,
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
} from "../support/session-timer.js";

const HOUR = 3600_000;
const BY_INVITE = { ...timed(90, "uac"), ...WITHOUT_UPDATE };

test("B19 the refresh falls due in the middle of a hold: one after the other", () => {
  const call = weRefresh(90, {}, WITHOUT_UPDATE);
  call.runTo(44_900);
  call.phone.holds();
  const hold = call.peer.expects("INVITE");
  call.peer.replies(hold, 100);
  silentUntil(call, 46_000);
  accepts(call, hold, BY_INVITE);
  const refresh = expectsAt(call, 91_000, "INVITE");
  assert.equal(refresh.body, hold.body);
});

test("B19 after our own 491 the state is clean: the peer's next re-INVITE gets 200", () => {
  const call = weRefresh(90, {}, WITHOUT_UPDATE);
  const ours = expectsAt(call, 45_000, "INVITE");
  assert.equal(reInvites(call, timed(90, "uac")).status, 491);
  accepts(call, ours, BY_INVITE);
  const answer = reInvites(call, timed(90, "uac"));
  assert.equal(answered(answer), "90;refresher=uac + Require: timer");
  assert.notEqual(answer.body, "");
});

test("B19 after a 491 to us the state is clean: the peer's re-INVITE gets 200, and so does our next try", () => {
  const call = weRefresh(90, {}, WITHOUT_UPDATE);
  refuses(call, expectsAt(call, 45_000, "INVITE"), 491);
  assert.equal(reInvites(call, { ...timed(90, "uas"), ...WITHOUT_UPDATE }).status, 200);
  accepts(call, expectsAt(call, 90_000, "INVITE"), BY_INVITE);
});

test("B20 not ready at T/2: the refresh is made up for, somebody always refreshes", () => {
  const call = weRefresh(90);
  call.runTo(44_000);
  call.phone.holds();
  const hold = call.peer.expects("INVITE");
  call.peer.replies(hold, 180);
  silentUntil(call, 55_000);
  refuses(call, hold, 403);
  accepts(call, call.peer.expects("UPDATE"), timed(90, "uac"));
  expectsAt(call, 100_000, "UPDATE");
});

test("B21 never less than 90: not in what we ask, not in what we accept, not in Min-SE", () => {
  for (const expires of ["1", "60", "89"]) {
    assert.match(weCall({}, { settings: { expires } }).invite.header("Session-Expires"), /^90;/);
  }
  const { peer } = connect({ config: timers({ min_se: "60" }) });
  peer.invites({ headers: timed(89, "uac") });
  assert.equal(peer.expects(422).header("Min-SE"), "90");
  const call = weCall(timed(45, "uac"), { settings: { expires: 90 } });
  assert.equal(timerLines(expectsAt(call, 22_500, "UPDATE")), weAsk(90));
});

test("B22 422 is tried again, out of a dialog and in it", () => {
  const call = connect({ config: timers({ expires: 90 }) });
  call.phone.dials(call.peer.uri);
  refuses(call, call.peer.expects("INVITE"), 422, { "Min-SE": "120" });
  accepts(call, call.peer.expects("INVITE"), timed(120, "uac"));
  refuses(call, expectsAt(call, 60_000, "UPDATE"), 422, { "Min-SE": "240" });
  accepts(call, call.peer.expects("UPDATE"), timed(240, "uac"));
  assert.match(
    timerLines(expectsAt(call, 180_000, "UPDATE")),
    /^Session-Expires: 240;refresher=uac \| Min-SE: 240/,
  );
});

test("B23 neither timer nor Supported in the request: none in the answer", () => {
  assert.equal(answered(theyCall({}).accepted), "");
});

test("B23 Require: timer for uac; a missing parameter is not always uas, in the dialog it is who it was", () => {
  const call = theyCall(timed(90), { settings: { refresher: 1 } });
  assert.equal(answered(call.accepted), "90;refresher=uac + Require: timer");
  assert.equal(answered(updates(call, timed(90))), "90;refresher=uac + Require: timer");
  assert.equal(answered(reInvites(call, timed(90))), "90;refresher=uac + Require: timer");
});

test("B24 the one who waits says BYE at T - min(32, T/3), not after T", () => {
  givesUpAt(peerRefreshes(90), 60_000);
  givesUpAt(peerRefreshes(95), 63_334);
  givesUpAt(peerRefreshes(96), 64_000);
  givesUpAt(peerRefreshes(97), 65_000);
  givesUpAt(peerRefreshes(1800), 1768_000);
});

test("B25 Session-Expires without refresher in the INVITE: the 200 has both", () => {
  assert.equal(answered(theyCall(timed(1800)).accepted), "1800;refresher=uas + Require: timer");
  assert.equal(answered(theyCall({ "Session-Expires": "1800" }).accepted), "1800;refresher=uas");
});

test("B26 an UPDATE refresh resets the expiry", () => {
  const call = theyCall(timed(90, "uac"));
  for (let at = 45_000; at <= 450_000; at += 45_000) {
    silentUntil(call, at);
    assert.equal(answered(updates(call, timed(90, "uac"))), "90;refresher=uac + Require: timer");
  }
  givesUpAt(call, 450_000 + 60_000);
});

test("B27 a re-INVITE that is no refresh re-arms, and the old timer is gone", () => {
  const call = weRefresh(90);
  call.runTo(30_000);
  assert.equal(reInvites(call, timed(90, "uas"), { body: sdp({ version: 2, port: 4444 }) }).status, 200);
  accepts(call, expectsAt(call, 75_000, "UPDATE"), timed(90, "uac"));
  const theirs = peerRefreshes(90);
  theirs.runTo(30_000);
  theirs.phone.holds();
  accepts(theirs, theirs.peer.expects("INVITE"), timed(90, "uas"));
  givesUpAt(theirs, 90_000);
});

test("B28 we refresh, and nobody answers: the call ends", () => {
  for (const headers of [ALLOWS_UPDATE, WITHOUT_UPDATE]) {
    const call = weRefresh(90, {}, headers);
    call.runTo(76_999);
    call.peer.takesAll();
    restsAfter(call, expectsAt(call, 77_000, "BYE"));
  }
});

test("B29 no action after 488 or BYE", () => {
  const call = connect({ config: timers({ expires: 90 }) });
  call.phone.dials(call.peer.uri);
  refuses(call, call.peer.expects("INVITE"), 488);
  silentUntil(call, 4 * HOUR);
  for (const make of [weRefresh, peerRefreshes]) {
    const up = make(90);
    up.runTo(44_999);
    up.peer.requests(up.dialog, "BYE");
    up.peer.expects(200);
    silentUntil(up, 4 * HOUR);
    assert.equal(ended(up), "remote 200 peer-bye");
    up.phone.saysNothing();
  }
});

test("B30 the re-INVITE that the peer repeats after our 491 is processed", () => {
  const call = weRefresh(90, {}, WITHOUT_UPDATE);
  const ours = expectsAt(call, 45_000, "INVITE");
  for (let i = 0; i < 3; i++) {
    assert.equal(reInvites(call, timed(90, "uac"), { body: sdp({ version: 2 }) }).status, 491);
  }
  accepts(call, ours, BY_INVITE);
  assert.equal(reInvites(call, timed(90, "uac"), { body: sdp({ version: 2 }) }).status, 200);
  givesUpAt(call, 45_000 + 60_000);
});

test("B31 a re-INVITE in the middle of the call that asks for another refresher: 200 with the new role", () => {
  const call = weRefresh(90);
  call.runTo(20_000);
  assert.equal(answered(reInvites(call, timed(90, "uac"))), "90;refresher=uac + Require: timer");
  assert.equal(refreshed(call), "remote INVITE: remote 90 RFC4028-9-named");
  call.runTo(40_000);
  assert.equal(answered(reInvites(call, timed(120, "uas"))), "120;refresher=uas + Require: timer");
  assert.equal(refreshed(call), "remote INVITE: local 120 RFC4028-9-named");
  assert.equal(timerLines(expectsAt(call, 100_000, "UPDATE")), weAsk(120));
});

test("B32 an early session makes no difference: the timer is armed from the 200", () => {
  const call = connect({ config: timers({ expires: 90 }) });
  call.phone.dials(call.peer.uri);
  const invite = call.peer.expects("INVITE");
  call.peer.replies(invite, 183, { body: sdp() });
  call.runTo(10_000);
  accepts(call, invite, timed(90, "uac"));
  assert.equal(timerOf(call.phone.event("call.established")), "local 90 RFC4028-7.1-setting");
  expectsAt(call, 55_000, "UPDATE");

  const without = connect({ config: timers({ expires: 90 }) });
  without.phone.dials(without.peer.uri);
  const second = without.peer.expects("INVITE");
  without.peer.replies(second, 183, { body: sdp() });
  // Some gateways answer in the 183 and not again in the 200.
  accepts(without, second, timed(90, "uac"), { body: "" });
  expectsAt(without, 45_000, "UPDATE");
});

test("B33 hold and resume while a refresh is pending: nothing breaks, both come after it", () => {
  const call = weRefresh(90);
  const refresh = expectsAt(call, 45_000, "UPDATE");
  call.phone.holds();
  call.phone.resumes();
  call.phone.holds();
  call.peer.expectsNothing();
  accepts(call, refresh, timed(90, "uac"));
  const hold = call.peer.expects("INVITE");
  assert.match(hold.body, /a=sendonly/);
  accepts(call, hold, timed(90, "uac"));
  call.peer.expectsNothing();
});

test("B34 a proxy adds Session-Expires to the 2xx and forgets the refresher: we refresh", () => {
  const call = weCall(
    { "Session-Expires": "90", ...ALLOWS_UPDATE },
    { settings: { expires: 90, refresher: 1 } },
  );
  assert.equal(timerOf(call.established), "local 90 RFC4028-7.2-missing");
  assert.equal(timerLines(expectsAt(call, 45_000, "UPDATE")), weAsk(90));
});

test("B35 somebody in the path cuts the call early: released, and its Reason is told", () => {
  const call = weRefresh(90);
  accepts(call, expectsAt(call, 45_000, "UPDATE"), timed(90, "uac"));
  call.runTo(80_000);
  const Reason = 'SIP;cause=408;text="dialog timeout"';
  call.peer.requests(call.dialog, "BYE", { headers: { Reason } });
  call.peer.expects(200);
  const { fields } = call.phone.event("call.ended");
  assert.deepEqual(fields, { by: "remote", status: 408, rule: "peer-bye", reason: Reason });
  silentUntil(call, 4 * HOUR);
});

test("B36 the callee's refresh has lost its Contact on the way: our BYE still gets there", () => {
  for (const Contact of [null, "", "<>", "sip:", "<sip:bob@>"]) {
    for (const ask of [updates, reInvites]) {
      const call = peerRefreshes(90);
      assert.equal(ask(call, { ...timed(90, "uac"), Contact }).status, 200, `Contact: ${Contact}`);
      call.phone.hangsUp();
      const bye = call.peer.expects("BYE");
      assert.equal(bye.uri, "sip:bob@192.0.2.20:5060", `Contact: ${Contact}`);
      assert.deepEqual(bye.address, { address: "192.0.2.20", port: 5060 });
    }
  }
});

test("B37 a refresh without the parameter keeps the role, in words and in deed", () => {
  const ours = theyCall(timed(90, "uas"));
  ours.runTo(10_000);
  assert.equal(answered(updates(ours, timed(90))), "90;refresher=uas + Require: timer");
  accepts(ours, expectsAt(ours, 55_000, "UPDATE"), timed(90, "uac"));
  const theirs = theyCall(timed(90, "uac"));
  theirs.runTo(45_000);
  assert.equal(answered(updates(theirs, timed(90))), "90;refresher=uac + Require: timer");
  givesUpAt(theirs, 105_000);
});

test("B38 allow_update 0: an UPDATE that only refreshes is answered all the same, or not, by a switch", () => {
  const kind = theyCall(timed(90, "uac"), { settings: { allow_update: 0 } });
  assert.equal(kind.accepted.header("Allow").includes("UPDATE"), false);
  kind.runTo(45_000);
  assert.equal(answered(updates(kind, timed(90, "uac"))), "90;refresher=uac + Require: timer");
  assert.equal(updates(kind, timed(90, "uac"), { body: sdp({ version: 2 }) }).status, 405);
  givesUpAt(kind, 105_000);
  const strict = theyCall(timed(90, "uac"), { settings: { allow_update: 0, answer_update: 0 } });
  strict.runTo(45_000);
  const refused = updates(strict, timed(90, "uac"));
  assert.equal(refused.status, 405);
  assert.ok(refused.has("Allow"));
  givesUpAt(strict, 60_000);
});
