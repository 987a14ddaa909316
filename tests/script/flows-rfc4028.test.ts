// The example call of RFC 4028 §13, as Alice's phone and as Bob's see it.
//
// Its messages are adapted: sip for sips, UDP for TLS, the proxies' part left out, the values of
// Session-Expires and Min-SE kept. Errata 632, 1681 and 3614 are minded.

import assert from "node:assert/strict";
import { test } from "node:test";
import { callUp, connect, sdp } from "../support/scripted-peer.js";

const TIMER = "account.1.session_timer.enable = 1";

/** The phone is Alice's: the first INVITE is refused twice, each time with a greater Min-SE. */
function aliceCalls(config = "") {
  const connected = connect({ config: `${TIMER}\naccount.1.session_timer.expires = 90\n${config}` });
  const { phone, peer } = connected;
  phone.dials("sip:bob@192.0.2.20");
  const f1 = peer.expects("INVITE");
  peer.replies(f1, 422, { headers: { "Min-SE": "3600" }, tag: "9a8kz" });
  const f4 = peer.expects("ACK");
  const f5 = peer.expects("INVITE");
  peer.replies(f5, 422, { headers: { "Min-SE": "4000" }, tag: "9a8kz2" });
  peer.expects("ACK");
  const f10 = peer.expects("INVITE");
  return { ...connected, f1, f4, f5, f10 };
}

test("RFC 4028 §13 two proxies want longer intervals: Min-SE and Session-Expires grow", () => {
  const { f1, f4, f5, f10 } = aliceCalls();
  assert.match(f1.header("Supported"), /\btimer\b/);
  assert.match(f1.header("Session-Expires"), /^90\b/);
  assert.equal(f1.has("Min-SE"), false);
  assert.match(f4.header("To"), /;tag=9a8kz$/);
  assert.match(f5.header("Session-Expires"), /^3600\b/);
  assert.equal(f5.header("Min-SE"), "3600");
  assert.equal(f5.cseq, f1.cseq + 1);
  assert.match(f10.header("Session-Expires"), /^4000\b/);
  assert.equal(f10.header("Min-SE"), "4000");
  assert.equal(f10.cseq, f1.cseq + 2);
  for (const name of ["Call-ID", "From", "To"]) assert.equal(f10.header(name), f1.header(name));
});

test("RFC 4028 §13, erratum 1681: a new From tag in the retry, if the setting says so", () => {
  const { f1, f10 } = aliceCalls("account.1.session_timer.new_from_tag = 1");
  assert.equal(f10.header("Call-ID"), f1.header("Call-ID"));
  assert.notEqual(f10.header("From"), f1.header("From"));
});

test("RFC 4028 §13 Alice refreshes with UPDATE at half of 4000 s, Bob hangs up in the end", () => {
  const { phone, peer, f10, runTo } = aliceCalls();
  const accepted = peer.replies(f10, 200, {
    tag: "9as888nd",
    headers: {
      Require: "timer",
      Supported: "timer",
      Allow: "INVITE, ACK, BYE, CANCEL, UPDATE",
      "Record-Route": "<sip:192.0.2.20;lr>",
      "Session-Expires": "4000;refresher=uac",
      Contact: "<sip:bob@192.0.2.4>",
    },
    body: sdp(),
  });
  peer.expects("ACK");
  const established = phone.event("call.established").fields;
  assert.deepEqual([established["refresher"], established["expires"]], ["local", 4000]);

  runTo(1_994_000);
  peer.expectsNothing();
  const f20 = peer.awaits("UPDATE", 2_000_000);
  assert.equal(f20.startLine, "UPDATE sip:bob@192.0.2.4 SIP/2.0");
  assert.deepEqual(f20.headers("Route"), ["<sip:192.0.2.20;lr>"]);
  assert.match(f20.header("Supported"), /\btimer\b/);
  assert.equal(f20.header("Session-Expires"), "4000;refresher=uac");
  assert.equal(f20.header("Contact"), f10.header("Contact"));
  // RFC 4028 §7.4: the Min-SE of a 422 is forgotten once the dialog stands.
  assert.equal(f20.has("Min-SE"), false);
  assert.equal(f20.cseq, f10.cseq + 1);
  assert.equal(f20.body, "");
  peer.replies(f20, 200, {
    headers: { Require: "timer", "Session-Expires": "4000;refresher=uac", Contact: "<sip:bob@192.0.2.4>" },
  });
  const refreshed = phone.event("call.refreshed").fields;
  assert.deepEqual([refreshed["by"], refreshed["method"]], ["local", "UPDATE"]);

  runTo(3_000_000);
  const dialog = peer.dialog(f10, accepted);
  peer.requests(dialog, "BYE");
  peer.expects(200);
  phone.event("call.ended");
  runTo(9_000_000);
  peer.expectsNothing();
});

test("RFC 4028 §13 as Bob: the interval is copied, uac stays uac, Require: timer", () => {
  const { phone, peer } = connect({ config: TIMER });
  const f12 = peer.invites({
    headers: { Supported: "timer", "Session-Expires": "4000;refresher=uac", "Min-SE": "4000" },
  });
  peer.expects(180);
  phone.event("call.incoming");
  phone.answers();
  const f13 = peer.expects(200);
  assert.equal(f13.header("Session-Expires"), "4000;refresher=uac");
  assert.equal(f13.header("Require"), "timer");
  assert.match(f13.header("Supported"), /timer/);
  assert.equal(f13.has("Min-SE"), false);
  const dialog = peer.dialog(f12, f13);
  peer.acks(dialog);
  phone.event("call.established");
  peer.requests(dialog, "UPDATE", {
    headers: { Supported: "timer", "Session-Expires": "4000;refresher=uac" },
  });
  const f23 = peer.expects(200);
  assert.equal(f23.header("Session-Expires"), "4000;refresher=uac");
  assert.equal(f23.header("Require"), "timer");
  assert.equal(f23.header("Contact"), f13.header("Contact"));
});

test("RFC 4028 §13 as Bob: Alice is gone, BYE 32 s before the end", () => {
  const { phone, peer, runTo } = callUp({
    direction: "incoming",
    config: TIMER,
    sessionExpires: "4000;refresher=uac",
  });
  runTo(3_967_999);
  peer.expectsNothing();
  runTo(3_968_000);
  const bye = peer.expects("BYE");
  assert.match(bye.header("Reason"), /^SIP;cause=408/);
  assert.equal(phone.event("call.ended").fields["rule"], "RFC4028-10-expired");
});

test("RFC 4028 §13 first step as Bob: 50 s is too little, 422 with our Min-SE", () => {
  const { phone, peer } = connect({
    config: `${TIMER}\naccount.1.session_timer.min_se = 3600\naccount.1.session_timer.expires = 3600`,
  });
  const f1 = peer.invites({ headers: { Supported: "timer", "Session-Expires": "50" } });
  const f3 = peer.expects(422);
  assert.equal(f3.header("Min-SE"), "3600");
  peer.acksRefusal(f1, f3);
  phone.saysNothing();
  peer.invites({ headers: { Supported: "timer", "Session-Expires": "3600", "Min-SE": "3600" } });
  peer.expects(180);
  phone.event("call.incoming");
});

test("RFC 4028 §7.4 re-INVITE refresh: the same offer to the octet, refresher=uac", () => {
  const { phone, peer, invite } = callUp({
    config: TIMER,
    headers: { Allow: "INVITE, ACK, BYE, CANCEL" },
    sessionExpires: "1800;refresher=uac",
  });
  for (let round = 1; round <= 3; round++) {
    const refresh = peer.awaits("INVITE", round * 900_000);
    assert.equal(refresh.body, invite.body);
    assert.equal(refresh.header("Session-Expires"), "1800;refresher=uac");
    peer.replies(refresh, 200, { headers: { "Session-Expires": "1800;refresher=uac" }, body: sdp() });
    peer.expects("ACK");
    assert.equal(phone.event("call.refreshed").fields["method"], "INVITE");
  }
  phone.saysNothing("call.media");
});

test("erratum 3614: Record-Route without <>: the parameter belongs to the header, the route still serves", () => {
  const { phone, peer } = callUp({ headers: { "Record-Route": "sip:192.0.2.41;lr" } });
  phone.hangsUp();
  const bye = peer.expects("BYE");
  assert.equal(bye.address.address, "192.0.2.41");
});
