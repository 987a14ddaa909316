// CANCEL and what it may meet on its way (RFC 3261 §9, RFC 3326, RFC 5407 §3).

import assert from "node:assert/strict";
import { test } from "node:test";
import { callUp, connect, sdp } from "../support/scripted-peer.js";

test("RFC 3261 §9.1 given up before any response: CANCEL waits for the first provisional one", () => {
  const { phone, peer, after } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  phone.hangsUp();
  peer.expectsNothing();
  const ended = phone.event("call.ended").fields;
  assert.deepEqual([ended["by"], ended["status"], ended["rule"]], ["local", 487, "user-cancel"]);
  after(500);
  peer.expects("INVITE");
  peer.replies(invite, 100);
  const cancel = peer.expects("CANCEL");
  assert.deepEqual(cancel.headers("Via"), invite.headers("Via"));
  assert.equal(cancel.cseq, invite.cseq);
  peer.replies(cancel, 200);
  peer.replies(invite, 487);
  peer.expects("ACK");
  after(100_000);
  peer.expectsNothing();
  phone.saysNothing("call.ended");
});

test("RFC 3261 §9.1 given up before any response, and none ever comes: no CANCEL", () => {
  const { phone, peer, after } = connect();
  phone.dials("sip:bob@192.0.2.20");
  phone.hangsUp();
  after(100_000);
  assert.equal(peer.takesAll("INVITE").length, 7);
  phone.event("call.ended");
  phone.saysNothing("call.ended");
});

test("RFC 3261 §9.1 given up before any response, which is then a 200: ACK, then BYE", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  phone.hangsUp();
  peer.replies(invite, 200, { body: sdp() });
  peer.expects("ACK");
  peer.replies(peer.expects("BYE"), 200);
  peer.expectsNothing();
  phone.saysNothing("call.established");
});

test("RFC 3261 §9.1 given up before any response, which is then a refusal: ACK and nothing else", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  phone.hangsUp();
  peer.replies(invite, 486);
  peer.expects("ACK");
  peer.expectsNothing();
});

test("RFC 5407 §3.1.2 CANCEL and 200 cross: ACK, then BYE", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180);
  phone.hangsUp();
  const cancel = peer.expects("CANCEL");
  const accepted = peer.replies(invite, 200, { body: sdp() });
  const ack = peer.expects("ACK");
  const bye = peer.expects("BYE");
  assert.equal(bye.cseq, invite.cseq + 1);
  peer.replies(cancel, 481);
  peer.repeats(accepted);
  assert.equal(peer.expects("ACK").text, ack.text);
  peer.replies(bye, 200);
  peer.expectsNothing();
  phone.event("call.ended");
  phone.saysNothing("call.ended");
  phone.saysNothing("call.established");
});

test("CANCEL is given up twice: one CANCEL", () => {
  const { phone, peer } = connect();
  const call = phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180);
  phone.hangsUp();
  peer.expects("CANCEL");
  peer.replies(invite, 183);
  phone.refuses(-1, (module, now) => module.hangup(call, now));
  peer.expectsNothing();
});

test("CANCEL is sent again until it is answered", () => {
  const { phone, peer, after } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180);
  phone.hangsUp();
  const cancel = peer.expects("CANCEL");
  after(1_500);
  assert.deepEqual(
    peer.takesAll("CANCEL").map((each) => [each.atMs, each.text]),
    [
      [500, cancel.text],
      [1_500, cancel.text],
    ],
  );
});

test("RFC 3261 §9.1 no final response for 64*T1 after CANCEL: the call is forgotten", () => {
  const { phone, peer, runTo } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180);
  phone.hangsUp();
  peer.replies(peer.expects("CANCEL"), 200);
  runTo(31_999);
  // So long a 487 is acknowledged, later it is a stranger.
  runTo(32_001);
  peer.replies(invite, 487);
  peer.expectsNothing();
});

test("CANCEL was answered, but a 200 comes all the same: ACK, then BYE", () => {
  const { phone, peer, runTo } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180);
  phone.hangsUp();
  peer.replies(peer.expects("CANCEL"), 200);
  runTo(31_000);
  peer.replies(invite, 200, { body: sdp() });
  peer.expects("ACK");
  peer.expects("BYE");
});

test("the redirection crosses CANCEL: it is not followed", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180);
  phone.hangsUp();
  peer.expects("CANCEL");
  peer.replies(invite, 302, { headers: { Contact: "<sip:carol@192.0.2.20>" } });
  peer.expects("ACK");
  peer.expectsNothing();
});

test("a challenge crosses CANCEL: it is not answered", () => {
  const { phone, peer } = connect({ config: "account.1.password = x" });
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 100);
  phone.hangsUp();
  peer.expects("CANCEL");
  peer.replies(invite, 401, { headers: { "WWW-Authenticate": 'Digest realm="r", nonce="n"' } });
  peer.expects("ACK");
  peer.expectsNothing();
});

// ---- the phone is cancelled ----

test("RFC 3261 §9.2 CANCEL while ringing: 200 to it, 487 to the INVITE", () => {
  const { phone, peer } = connect();
  const invite = peer.invites();
  const ringing = peer.expects(180);
  phone.event("call.incoming");
  const cancel = peer.cancels(invite);
  const answer = peer.expects(200);
  assert.equal(answer.header("CSeq"), cancel.header("CSeq"));
  assert.equal(answer.header("To"), ringing.header("To"));
  const refusal = peer.expects(487);
  assert.equal(refusal.header("CSeq"), invite.header("CSeq"));
  assert.equal(refusal.header("To"), ringing.header("To"));
  const ended = phone.event("call.ended").fields;
  assert.deepEqual([ended["by"], ended["status"], ended["rule"]], ["remote", 487, "peer-cancel"]);
  // The CANCEL again: the same 200, and nothing new happens.
  peer.repeats(cancel);
  assert.equal(peer.expects(200).text, answer.text);
  peer.acksRefusal(invite, refusal);
  peer.expectsNothing();
  phone.saysNothing();
});

test("RFC 3326 the Reason of a CANCEL reaches the event: answered elsewhere", () => {
  const { phone, peer } = connect();
  const invite = peer.invites();
  phone.event("call.incoming");
  peer.cancels(invite, { Reason: 'SIP ;cause=200 ;text="Call completed elsewhere"' });
  const ended = phone.event("call.ended").fields;
  assert.equal(ended["reason"], 'SIP ;cause=200 ;text="Call completed elsewhere"');
});

test("RFC 3326 the Reason of a BYE reaches the event, with its SIP cause as status", () => {
  const { phone, peer, dialog } = callUp();
  peer.requests(dialog, "BYE", {
    headers: { Reason: ['Q.850;cause=16;text="Terminated"', 'SIP;cause=600;text="Busy Everywhere"'] },
  });
  peer.expects(200);
  const ended = phone.event("call.ended").fields;
  assert.equal(ended["status"], 600);
  assert.match(ended["reason"] as string, /cause=16/);
});

test("RFC 5407 §3.1.2 CANCEL after the 200: 200 to it, the call stays", () => {
  const { phone, peer } = connect();
  const invite = peer.invites();
  peer.expects(180);
  phone.event("call.incoming");
  phone.answers();
  const accepted = peer.expects(200);
  peer.cancels(invite);
  const answer = peer.expects(200);
  assert.match(answer.header("CSeq"), /CANCEL/);
  phone.saysNothing("call.ended");
  const dialog = peer.dialog(invite, accepted);
  peer.acks(dialog);
  phone.event("call.established");
  peer.requests(dialog, "BYE");
  peer.expects(200);
});

test("CANCEL after the refusal: 200 to it, and nothing else", () => {
  const { phone, peer } = connect();
  const invite = peer.invites();
  peer.expects(180);
  phone.event("call.incoming");
  phone.rejects(603);
  const refusal = peer.expects(603);
  phone.event("call.ended");
  peer.cancels(invite);
  assert.match(peer.expects(200).header("CSeq"), /CANCEL/);
  peer.acksRefusal(invite, refusal);
  peer.expectsNothing();
  phone.saysNothing();
});

test("RFC 3261 §9.2 the 200 to a CANCEL has the To tag of the refusal, before its ACK and after", () => {
  const rejected = connect();
  const ringing = rejected.peer.invites();
  rejected.peer.expects(180);
  rejected.phone.event("call.incoming");
  rejected.phone.rejects(603);
  const declined = rejected.peer.expects(603);
  rejected.peer.cancels(ringing);
  assert.equal(rejected.peer.expects(200).header("To"), declined.header("To"));
  // Refused before any call began.
  const unknown = connect();
  const invite = unknown.peer.invites({ uri: "sip:nobody@192.0.2.10" });
  const notFound = unknown.peer.expects(404);
  assert.match(notFound.header("To"), /;tag=.+/);
  unknown.peer.acksRefusal(invite, notFound);
  const cancel = unknown.peer.cancels(invite);
  const answer = unknown.peer.expects(200);
  assert.equal(answer.header("To"), notFound.header("To"));
  unknown.peer.repeats(cancel);
  assert.equal(unknown.peer.expects(200).text, answer.text);
});

test("RFC 3261 §9.2 CANCEL of nothing: 481", () => {
  const { phone, peer } = connect();
  peer.asks("CANCEL");
  assert.equal(peer.expects(481).method, "CANCEL");
  phone.saysNothing("call.ended");
});

test("RFC 3261 §9.2 CANCEL with another branch than the INVITE: 481, and it rings on", () => {
  const { phone, peer } = connect();
  const invite = peer.invites();
  peer.expects(180);
  phone.event("call.incoming");
  peer.sends(`
    CANCEL ${invite.uri} SIP/2.0
    Via: ${peer.via()}
    Max-Forwards: 70
    From: ${invite.header("From")}
    To: ${invite.header("To")}
    Call-ID: ${invite.header("Call-ID")}
    CSeq: ${invite.cseq} CANCEL
    `);
  peer.expects(481);
  phone.saysNothing("call.ended");
});

test("RFC 5407 §3.1.3 BYE in the early dialog instead of CANCEL: 200, and 487 to the INVITE", () => {
  const { phone, peer } = connect();
  const invite = peer.invites();
  const ringing = peer.expects(180);
  phone.event("call.incoming");
  const dialog = peer.dialog(invite, ringing);
  peer.requests(dialog, "BYE");
  assert.match(peer.expects(200).header("CSeq"), /BYE/);
  assert.match(peer.expects(487).header("CSeq"), /INVITE/);
  assert.equal(phone.event("call.ended").fields["by"], "remote");
});

test("RFC 5407 §3.1.4 BYE of the peer before its ACK: 200, and the 2xx is not sent any more", () => {
  const { phone, peer, after } = connect();
  const invite = peer.invites();
  peer.expects(180);
  phone.event("call.incoming");
  phone.answers();
  const dialog = peer.dialog(invite, peer.expects(200));
  peer.requests(dialog, "BYE");
  assert.match(peer.expects(200).header("CSeq"), /BYE/);
  phone.event("call.ended");
  after(60_000);
  peer.expectsNothing();
});

test("RFC 5407 §3.2.3 both hang up: each BYE gets 200", () => {
  const { phone, peer, dialog, after } = callUp();
  phone.hangsUp();
  const ours = peer.expects("BYE");
  peer.requests(dialog, "BYE");
  const answer = peer.expects(200);
  assert.match(answer.header("CSeq"), /BYE/);
  peer.replies(ours, 481);
  phone.event("call.ended");
  after(60_000);
  peer.expectsNothing();
  phone.saysNothing("call.ended");
});
