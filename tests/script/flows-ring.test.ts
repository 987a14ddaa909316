// It rings, here or there, and is answered: provisional responses, time-outs, and the 2xx until its ACK.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, sdp } from "../support/scripted-peer.js";

// ---- ringing ----

test("RFC 3261 §13.3.1.1 it rings: one provisional response each minute", () => {
  const { phone, peer, runTo } = connect({ config: "phone_setting.ringing_timeout = 0" });
  peer.invites();
  const first = peer.expects(180);
  phone.event("call.incoming");
  runTo(240_000);
  assert.deepEqual(
    peer.takesAll(180).map((each) => each.atMs),
    [60_000, 120_000, 180_000, 240_000],
  );
  phone.answers();
  assert.equal(peer.expects(200).header("To"), first.header("To"));
});

test("a retransmitted INVITE gets the newest provisional response again", () => {
  const { phone, peer, after } = connect();
  const invite = peer.invites();
  const ringing = peer.expects(180);
  phone.event("call.incoming");
  after(500);
  peer.repeats(invite);
  assert.equal(peer.expects(180).text, ringing.text);
  phone.saysNothing();
});

test("phone_setting.ringing_timeout: nobody answers, 480", () => {
  const { phone, peer, runTo } = connect({ config: "phone_setting.ringing_timeout = 30" });
  const invite = peer.invites();
  peer.expects(180);
  phone.event("call.incoming");
  runTo(29_999);
  peer.expectsNothing();
  runTo(30_000);
  peer.acksRefusal(invite, peer.expects(480));
  const ended = phone.event("call.ended").fields;
  assert.deepEqual([ended["by"], ended["status"], ended["rule"]], ["local", 480, "setting-ringing_timeout"]);
});

test("phone_setting.ringback_timeout: nobody answers there, CANCEL", () => {
  const { phone, peer, runTo } = connect({ config: "phone_setting.ringback_timeout = 30" });
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  runTo(200);
  peer.replies(invite, 180);
  runTo(20_000);
  peer.replies(invite, 180);
  runTo(30_199);
  phone.saysNothing("call.ended");
  runTo(30_200);
  peer.replies(peer.expects("CANCEL"), 200);
  peer.replies(invite, 487);
  peer.expects("ACK");
  const ended = phone.event("call.ended").fields;
  assert.deepEqual([ended["by"], ended["status"], ended["rule"]], ["local", 408, "setting-ringback_timeout"]);
  phone.saysNothing("call.ended");
});

test("account.X.auto_answer: 200 at once, without 180", () => {
  const { phone, peer } = connect({ config: "account.1.auto_answer = 1" });
  const invite = peer.invites();
  const accepted = peer.expects(200);
  phone.event("call.incoming");
  peer.acks(peer.dialog(invite, accepted));
  phone.event("call.established");
  // A second call has to ring.
  peer.invites({ tag: "other" });
  peer.expects(180);
});

// ---- the 2xx and its ACK ----

test("RFC 3261 §13.3.1.4 the 2xx again until its ACK: T1, doubled up to T2", () => {
  const { phone, peer, runTo } = connect();
  const invite = peer.invites();
  peer.expects(180);
  phone.event("call.incoming");
  phone.answers();
  const accepted = peer.expects(200);
  runTo(16_000);
  const again = peer.takesAll(200);
  assert.deepEqual(
    again.map((each) => each.atMs),
    [500, 1_500, 3_500, 7_500, 11_500, 15_500],
  );
  assert.ok(again.every((each) => each.text === accepted.text));
  phone.saysNothing("call.established");
  peer.acks(peer.dialog(invite, accepted));
  phone.event("call.established");
  runTo(60_000);
  peer.expectsNothing();
});

test("RFC 3261 §13.3.1.4 never an ACK: BYE after 64*T1", () => {
  const { phone, peer, runTo } = connect();
  peer.invites();
  phone.event("call.incoming");
  phone.answers();
  runTo(31_999);
  peer.takesAll();
  phone.saysNothing("call.ended");
  runTo(32_000);
  const bye = peer.expects("BYE");
  assert.match(bye.header("Reason"), /^SIP;cause=408/);
  assert.equal(phone.event("call.ended").fields["rule"], "RFC3261-13.3.1.4-no-ack");
  peer.replies(bye, 200);
  runTo(100_000);
  peer.expectsNothing();
});

test("RFC 6026 §7.1 the INVITE again after the 200: absorbed, the 200 has a clock of its own", () => {
  const { phone, peer, after } = connect();
  const invite = peer.invites();
  peer.expects(180);
  phone.event("call.incoming");
  phone.answers();
  const accepted = peer.expects(200);
  after(100);
  peer.repeats(invite);
  peer.expectsNothing();
  peer.acks(peer.dialog(invite, accepted));
  phone.event("call.established");
});

test("RFC 3261 §15 hung up before the ACK: BYE only after it", () => {
  const { phone, peer } = connect();
  const invite = peer.invites();
  peer.expects(180);
  phone.event("call.incoming");
  phone.answers();
  const accepted = peer.expects(200);
  phone.hangsUp();
  peer.expectsNothing();
  assert.equal(phone.event("call.ended").fields["by"], "local");
  peer.acks(peer.dialog(invite, accepted));
  peer.replies(peer.expects("BYE"), 200);
  peer.expectsNothing();
  phone.saysNothing("call.established");
  phone.saysNothing("call.ended");
});

test("an ACK with the CSeq of another INVITE is not the one we wait for", () => {
  const { phone, peer } = connect();
  const invite = peer.invites({ cseq: 7 });
  peer.expects(180);
  phone.event("call.incoming");
  phone.answers();
  const dialog = peer.dialog(invite, peer.expects(200));
  peer.acks(dialog, { cseq: 6 });
  phone.saysNothing("call.established");
  peer.acks(dialog);
  phone.event("call.established");
});

test("delayed offer: the ACK has no answer, so there is nothing to talk with: BYE", () => {
  const { phone, peer } = connect();
  const invite = peer.invites({ body: "" });
  peer.expects(180);
  phone.event("call.incoming");
  phone.answers();
  const accepted = peer.expects(200);
  assert.match(accepted.body, /m=audio/);
  peer.acks(peer.dialog(invite, accepted));
  peer.expects("BYE");
  assert.equal(phone.event("call.ended").fields["rule"], "RFC3264-bad-answer");
  phone.saysNothing("call.established");
});

test("delayed offer: no codec of our offer in the ACK's answer: BYE", () => {
  const { phone, peer } = connect();
  const invite = peer.invites({ body: "" });
  phone.event("call.incoming");
  phone.answers();
  peer.expects(180);
  const accepted = peer.expects(200);
  peer.acks(peer.dialog(invite, accepted), { body: sdp({ payloads: "3" }) });
  peer.expects("BYE");
  phone.event("call.ended");
});
