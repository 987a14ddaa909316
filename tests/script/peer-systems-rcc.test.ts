// Office Communicator 2007 R2 and its remote call control: refreshes that must not be missed (RCC-04, 05, 07).

import assert from "node:assert/strict";
import { test } from "node:test";
import { callUp, connect, sdp } from "../support/scripted-peer.js";

const TIMER = "account.1.session_timer.enable = 1";
const NO_UPDATE = `${TIMER}\naccount.1.session_timer.allow_update = 0`;
/** What Communicator sends: a refresh every 25 minutes, without a body. */
const REFRESH = { headers: { Supported: "timer", "Session-Expires": "1800;refresher=uac" } };

test("RCC-04 UPDATE is switched off: Allow is there, without UPDATE, in 200, 180 and our own requests", () => {
  const { phone, peer, accepted, dialog } = callUp({ direction: "incoming", config: NO_UPDATE });
  const listed = (allow: string): string[] => allow.split(",").map((each) => each.trim());
  assert.ok(listed(accepted.header("Allow")).includes("INVITE"));
  assert.ok(!listed(accepted.header("Allow")).includes("UPDATE"));
  peer.requests(dialog, "OPTIONS");
  assert.ok(!listed(peer.expects(200).header("Allow")).includes("UPDATE"));
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  assert.ok(invite.has("Allow"));
  assert.ok(!listed(invite.header("Allow")).includes("UPDATE"));
});

test("RCC-04 UPDATE with an offer is then refused with 405, and the call lives", () => {
  const { phone, peer, dialog } = callUp({ direction: "incoming", config: NO_UPDATE });
  peer.requests(dialog, "UPDATE", { body: sdp({ version: 2 }) });
  assert.ok(peer.expects(405).has("Allow"));
  phone.saysNothing();
});

test("RCC-05 UPDATE without body: 200 although Allow leaves it out (B38)", () => {
  const { phone, peer, dialog } = callUp({
    direction: "incoming",
    config: NO_UPDATE,
    sessionExpires: "1800;refresher=uac",
  });
  peer.requests(dialog, "UPDATE", REFRESH);
  assert.equal(peer.expects(200).header("Session-Expires"), "1800;refresher=uac");
  assert.equal(phone.event("call.refreshed").fields["by"], "remote");
});

test("RCC-05 and with answer_update = 0 it is refused, never ignored", () => {
  const { peer, dialog } = callUp({
    direction: "incoming",
    config: `${NO_UPDATE}\naccount.1.session_timer.answer_update = 0`,
  });
  peer.requests(dialog, "UPDATE", REFRESH);
  peer.expects(405);
});

test("RCC-05 UPDATE without body: 200 while it rings", () => {
  const { phone, peer } = connect({ config: TIMER });
  const invite = peer.invites(REFRESH);
  const dialog = peer.dialog(invite, peer.expects(180));
  phone.event("call.incoming");
  peer.requests(dialog, "UPDATE", REFRESH);
  peer.expects(200);
});

test("RCC-05 UPDATE without body: 200 before the ACK, and the 200 to the INVITE goes on", () => {
  const { phone, peer, after } = connect({ config: TIMER });
  const invite = peer.invites(REFRESH);
  peer.expects(180);
  phone.event("call.incoming");
  phone.answers();
  const accepted = peer.expects(200);
  const dialog = peer.dialog(invite, accepted);
  peer.requests(dialog, "UPDATE", REFRESH);
  assert.equal(peer.expects(200).method, "UPDATE");
  after(500);
  assert.equal(peer.expects(200).text, accepted.text);
  peer.acks(dialog);
  phone.event("call.established");
});

test("RCC-05 UPDATE without body: 200 while our own INVITE, UPDATE or OPTIONS answer is open", () => {
  const { phone, peer, dialog, runTo } = callUp({
    config: TIMER,
    sessionExpires: "90;refresher=uac",
    headers: { Allow: "INVITE, ACK, CANCEL, BYE, UPDATE" },
  });
  phone.holds();
  const hold = peer.expects("INVITE");
  peer.requests(dialog, "UPDATE", REFRESH);
  assert.equal(peer.expects(200).method, "UPDATE");
  peer.replies(hold, 200, {
    body: sdp({ direction: "recvonly" }),
    headers: { "Session-Expires": "90;refresher=uac" },
  });
  peer.expects("ACK");
  runTo(45_000);
  peer.expects("UPDATE");
  peer.requests(dialog, "UPDATE", REFRESH);
  assert.equal(peer.expects(200).method, "UPDATE");
});

test("RCC-05 UPDATE without body: one after the other, without pause", () => {
  const { peer, dialog } = callUp({ config: TIMER, sessionExpires: "1800;refresher=uas" });
  for (let round = 0; round < 20; round++) {
    peer.requests(dialog, "UPDATE", REFRESH);
    peer.expects(200);
  }
});

test("RCC-07 refreshed every 1500 s, five sixths of the interval: the dialog lives a day", () => {
  const { phone, peer, dialog, runTo } = callUp({
    direction: "incoming",
    config: TIMER,
    sessionExpires: "1800;refresher=uac",
  });
  for (let at = 1_500_000; at <= 24 * 3_600_000; at += 1_500_000) {
    runTo(at);
    peer.expectsNothing();
    peer.requests(dialog, "UPDATE", REFRESH);
    peer.expects(200);
  }
  phone.saysNothing("call.ended");
});

test("RCC-07 no expiry before T - min(32, T/3): with 1800 s that is 1768 s", () => {
  for (const [seconds, end] of [
    [1800, 1768],
    [600, 568],
    [90, 60],
  ] as const) {
    const { phone, peer, runTo } = callUp({
      direction: "incoming",
      config: TIMER,
      sessionExpires: `${seconds};refresher=uac`,
    });
    runTo(end * 1000 - 1);
    peer.expectsNothing();
    phone.saysNothing();
    runTo(end * 1000);
    peer.expects("BYE");
    assert.equal(phone.event("call.ended").fields["status"], 408);
  }
});
