// What our requests say about session timers (RFC 4028 §7.1, §7.4).

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ALLOWS_UPDATE,
  WITHOUT_UPDATE,
  accepts,
  connect,
  expectsAt,
  peerRefreshes,
  refuses,
  reInvites,
  sdp,
  theyCall,
  timed,
  timerLines,
  timerOption,
  timers,
  updates,
  weAsk,
  weCall,
  weRefresh,
} from "../support/session-timer.js";

test("3.2 Supported: timer is in every request but ACK", () => {
  const call = weRefresh(90);
  assert.deepEqual(timerOption(call.invite), ["timer"]);
  assert.equal(call.ack.has("Supported"), false);
  const update = expectsAt(call, 45_000, "UPDATE");
  assert.deepEqual(timerOption(update), ["timer"]);
  accepts(call, update, timed(90, "uac"));
  call.phone.holds();
  const hold = call.peer.expects("INVITE");
  assert.deepEqual(timerOption(hold), ["timer"]);
  call.peer.replies(hold, 200, { headers: timed(90, "uac"), body: sdp({ direction: "recvonly" }) });
  assert.equal(call.peer.expects("ACK").has("Supported"), false);
  call.phone.hangsUp();
  assert.deepEqual(timerOption(call.peer.expects("BYE")), ["timer"]);
});

test("3.2 Supported: timer is in CANCEL too, and not in the ACK to a refusal", () => {
  const { phone, peer } = connect({ config: timers() });
  phone.dials(peer.uri);
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180);
  phone.hangsUp();
  const cancel = peer.expects("CANCEL");
  assert.deepEqual(timerOption(cancel), ["timer"]);
  peer.replies(cancel, 200);
  peer.replies(invite, 487);
  assert.equal(peer.expects("ACK").has("Supported"), false);
});

test("3.2 Supported: timer is in the 180 and in the 200, OPTIONS included", () => {
  const { phone, peer } = connect({ config: timers() });
  peer.invites({ headers: timed(90, "uac") });
  const ringing = peer.takesAll().at(-1);
  assert.equal(ringing?.status, 180);
  assert.equal(ringing && timerLines(ringing), "Supported: timer");
  phone.event("call.incoming");
  phone.answers();
  assert.deepEqual(timerOption(peer.expects(200)), ["timer"]);
  peer.asks("OPTIONS");
  assert.deepEqual(timerOption(peer.expects(200)), ["timer"]);
});

test("3.2 Require: timer is never in a request of ours", () => {
  const call = weRefresh(90);
  call.phone.holds();
  call.peer.replies(call.peer.expects("INVITE"), 200, { headers: timed(90, "uac"), body: sdp() });
  call.runTo(46_000);
  call.phone.hangsUp();
  const requests = call.wire.all.filter((each) => each.sentBy === "phone" && each.status === 0);
  assert.ok(requests.length >= 5);
  for (const each of requests) assert.equal(each.has("Require"), false, each.startLine);
});

test("3.2 Session-Expires of the initial INVITE: 1800 unless the setting says otherwise, no Min-SE of 90", () => {
  assert.equal(timerLines(weCall().invite), "Session-Expires: 1800;refresher=uac | Supported: timer");
  const { invite } = weCall({}, { settings: { expires: 7200 } });
  assert.equal(timerLines(invite), "Session-Expires: 7200;refresher=uac | Supported: timer");
});

test("3.2 our own min_se above 90 is in the initial INVITE, and Session-Expires is no less", () => {
  const { invite } = weCall({}, { settings: { expires: 300, min_se: 600 } });
  assert.equal(timerLines(invite), "Session-Expires: 600;refresher=uac | Min-SE: 600 | Supported: timer");
});

test("3.2 min_se of ours is in later requests too", () => {
  const call = weRefresh(600, { settings: { min_se: 200 } });
  call.runTo(300_000);
  assert.equal(
    timerLines(call.peer.expects("UPDATE")),
    "Session-Expires: 600;refresher=uac | Min-SE: 200 | Supported: timer",
  );
});

test("3.2 a refresh carries the current interval, not the setting", () => {
  const call = weCall(timed(120, "uac"), { settings: { expires: 1800 } });
  assert.equal(timerLines(expectsAt(call, 60_000, "UPDATE")), weAsk(120));
});

test("3.2 refresher=uac in the refresh of the callee as well", () => {
  const call = theyCall(timed(90, "uas"));
  assert.equal(timerLines(expectsAt(call, 45_000, "UPDATE")), weAsk(90));
});

test("3.2 any later INVITE names the peer with uas while the peer refreshes", () => {
  const call = peerRefreshes(90);
  call.phone.holds();
  assert.equal(
    timerLines(call.peer.expects("INVITE")),
    "Session-Expires: 90;refresher=uas | Supported: timer",
  );
});

test("3.2 no timer runs: a later request omits Session-Expires, which lets the peer decide", () => {
  const call = weCall({}, { settings: { peer_without_timer: 0 } });
  call.phone.holds();
  assert.equal(timerLines(call.peer.expects("INVITE")), "Supported: timer");
});

test("3.2 Min-SE after 422 before the dialog: the largest seen, and forgotten once the dialog stands", () => {
  const { phone, peer, runTo, wire } = connect({ config: timers({ expires: 90 }) });
  phone.dials(peer.uri);
  const call = { phone, peer, runTo, wire, at: runTo, after: runTo };
  const first = peer.expects("INVITE");
  refuses(call, first, 422, { "Min-SE": "300" });
  const second = peer.expects("INVITE");
  assert.equal(timerLines(second), "Session-Expires: 300;refresher=uac | Min-SE: 300 | Supported: timer");
  refuses(call, second, 422, { "Min-SE": "200" });
  const third = peer.expects("INVITE");
  assert.equal(timerLines(third), "Session-Expires: 300;refresher=uac | Min-SE: 300 | Supported: timer");
  accepts(call, third, timed(300, "uac"));
  runTo(150_000);
  assert.equal(timerLines(peer.expects("UPDATE")), weAsk(300));
});

test("3.2 Min-SE after 422 in the dialog: in this request and in every later one, never lowered", () => {
  const call = weRefresh(90);
  refuses(call, expectsAt(call, 45_000, "UPDATE"), 422, { "Min-SE": "120" });
  const again = call.peer.expects("UPDATE");
  const raised = "Session-Expires: 120;refresher=uac | Min-SE: 120 | Supported: timer";
  assert.equal(timerLines(again), raised);
  accepts(call, again, timed(120, "uac"));
  const next = expectsAt(call, 45_000 + 60_000, "UPDATE");
  assert.equal(timerLines(next), raised);
  accepts(call, next, timed(90, "uac"));
  assert.equal(timerLines(expectsAt(call, 105_000 + 45_000, "UPDATE")), raised);
});

test("3.2 Min-SE that came in a request of the dialog is in ours from then on", () => {
  const call = weRefresh(90);
  updates(call, { ...timed(600, "uas"), "Min-SE": "500" });
  call.runTo(300_000);
  const update = call.peer.expects("UPDATE");
  assert.equal(timerLines(update), "Session-Expires: 600;refresher=uac | Min-SE: 500 | Supported: timer");
});

test("3.2 Min-SE of the initial INVITE from the peer counts for our refreshes", () => {
  const call = theyCall({ ...timed(200, "uas"), "Min-SE": "150" });
  const update = expectsAt(call, 100_000, "UPDATE");
  assert.equal(timerLines(update), "Session-Expires: 200;refresher=uac | Min-SE: 150 | Supported: timer");
});

test("3.2 a Min-SE of 90 that was learnt is said too", () => {
  const call = connect({ config: timers({ expires: 1800 }) });
  call.phone.dials(call.peer.uri);
  refuses(call, call.peer.expects("INVITE"), 422, { "Min-SE": "90" });
  const lines = "Session-Expires: 1800;refresher=uac | Min-SE: 90 | Supported: timer";
  assert.equal(timerLines(call.peer.expects("INVITE")), lines);
  const up = weRefresh(90);
  updates(up, { ...timed(90, "uas"), "Min-SE": "90" });
  assert.equal(
    timerLines(expectsAt(up, 45_000, "UPDATE")),
    "Session-Expires: 90;refresher=uac | Min-SE: 90 | Supported: timer",
  );
});

test("3.2 a peer that allows UPDATE is refreshed by UPDATE without offer", () => {
  const call = weRefresh(90);
  const update = expectsAt(call, 45_000, "UPDATE");
  assert.equal(update.body, "");
  assert.equal(update.has("Content-Type"), false);
});

test("3.2 a peer whose Allow lacks UPDATE, or that has none, is refreshed by re-INVITE with the same o=", () => {
  for (const allow of [WITHOUT_UPDATE, { Allow: null }]) {
    const call = weRefresh(90, {}, allow);
    const invite = expectsAt(call, 45_000, "INVITE");
    assert.equal(invite.body, call.invite.body);
  }
});

test("3.2 Allow of a later request of the peer counts as well", () => {
  const call = weRefresh(90, {}, { Allow: null });
  updates(call, { ...timed(90, "uas"), ...ALLOWS_UPDATE });
  expectsAt(call, 45_000, "UPDATE");
  const later = weRefresh(90);
  reInvites(later, { ...timed(90, "uas"), ...WITHOUT_UPDATE });
  expectsAt(later, 45_000, "INVITE");
});

test("3.2 refresh_method 1 is UPDATE, 2 is re-INVITE, whatever Allow says", () => {
  expectsAt(weRefresh(90, { settings: { refresh_method: 1 } }, WITHOUT_UPDATE), 45_000, "UPDATE");
  expectsAt(weRefresh(90, { settings: { refresh_method: 2 } }), 45_000, "INVITE");
});

test("3.2 allow_update 0: Allow leaves UPDATE out, and we send none", () => {
  const call = weRefresh(90, { settings: { allow_update: 0 } });
  assert.equal(call.invite.header("Allow").includes("UPDATE"), false);
  expectsAt(call, 45_000, "INVITE");
});

test("3.2 Contact and Allow are in refreshes of both kinds", () => {
  for (const refresh_method of [1, 2]) {
    const call = weRefresh(90, { settings: { refresh_method } });
    const request = expectsAt(call, 45_000, refresh_method === 1 ? "UPDATE" : "INVITE");
    assert.deepEqual(request.headers("Contact"), call.invite.headers("Contact"));
    assert.deepEqual(request.headers("Allow"), call.invite.headers("Allow"));
  }
});

test("3.2 timers off: nothing about timers in any request", () => {
  const call = weCall({}, { settings: { enable: 0 } });
  assert.equal(timerLines(call.invite), "");
  call.phone.holds();
  assert.equal(timerLines(call.peer.expects("INVITE")), "");
});
