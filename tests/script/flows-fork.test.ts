// One INVITE, several phones that answer it: early dialogs, and 2xx of more than one (RFC 3261 §13.2.2).

import assert from "node:assert/strict";
import { test } from "node:test";
import { inUse } from "../support/inside.js";
import { connect, sdp } from "../support/scripted-peer.js";

test("RFC 3261 §13.2.2.4 two forks ring, the second answers", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180, { tag: "desk", headers: { Contact: "<sip:desk@192.0.2.21>" } });
  peer.replies(invite, 183, {
    tag: "mobile",
    headers: { Contact: "<sip:mobile@192.0.2.22>", "Record-Route": "<sip:192.0.2.30;lr>" },
  });
  assert.equal(phone.event("call.ringing").fields["status"], 180);
  assert.equal(phone.event("call.ringing").fields["status"], 183);
  peer.replies(invite, 200, {
    tag: "mobile",
    headers: { Contact: "<sip:mobile@192.0.2.22>", "Record-Route": "<sip:192.0.2.30;lr>" },
    body: sdp(),
  });
  const ack = peer.expects("ACK");
  assert.equal(ack.uri, "sip:mobile@192.0.2.22");
  assert.deepEqual(ack.headers("Route"), ["<sip:192.0.2.30;lr>"]);
  assert.equal(ack.address.address, "192.0.2.30");
  assert.match(ack.header("To"), /;tag=mobile$/);
  phone.event("call.established");
  phone.hangsUp();
  const bye = peer.expects("BYE");
  assert.match(bye.header("To"), /;tag=mobile$/);
  peer.replies(bye, 200);
  peer.expectsNothing();
});

test("RFC 3261 §13.2.2.4 a fork that never rang answers", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180, { tag: "desk", headers: { Contact: "<sip:desk@192.0.2.21>" } });
  peer.replies(invite, 200, { tag: "other", headers: { Contact: "<sip:other@192.0.2.23>" }, body: sdp() });
  assert.equal(peer.expects("ACK").uri, "sip:other@192.0.2.23");
  phone.event("call.established");
});

test("RFC 3261 §13.2.2.4 a second fork answers too late: ACK, then BYE, and the call goes on", () => {
  const { phone, peer, after } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180, { tag: "desk", headers: { Contact: "<sip:desk@192.0.2.21>" } });
  peer.replies(invite, 200, { tag: "mobile", headers: { Contact: "<sip:mobile@192.0.2.22>" }, body: sdp() });
  const ack = peer.expects("ACK");
  phone.event("call.established");

  after(100);
  const late = peer.replies(invite, 200, {
    tag: "desk",
    headers: { Contact: "<sip:desk@192.0.2.21>" },
    body: sdp(),
  });
  const lateAck = peer.expects("ACK");
  assert.equal(lateAck.uri, "sip:desk@192.0.2.21");
  assert.match(lateAck.header("To"), /;tag=desk$/);
  assert.equal(lateAck.cseq, invite.cseq);
  const bye = peer.expects("BYE");
  assert.equal(bye.uri, "sip:desk@192.0.2.21");
  assert.equal(bye.cseq, invite.cseq + 1);
  phone.saysNothing("call.ended");

  // Its 2xx again, because the ACK was lost: the ACK again, but no second BYE.
  after(500);
  peer.takesAll("BYE");
  peer.repeats(late);
  assert.equal(peer.expects("ACK").text, lateAck.text);
  peer.expectsNothing();
  peer.replies(bye, 200);

  // The call itself is untouched, and its own 2xx is still acknowledged.
  peer.replies(invite, 200, { tag: "mobile", headers: { Contact: "<sip:mobile@192.0.2.22>" }, body: sdp() });
  assert.equal(peer.expects("ACK").text, ack.text);
  phone.hangsUp();
  assert.equal(peer.expects("BYE").uri, "sip:mobile@192.0.2.22");
});

test("RFC 3261 §13.2.2.4 the 2xx is lost on its way back: each copy gets the same ACK", () => {
  const { phone, peer, after } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  const accepted = peer.replies(invite, 200, { body: sdp() });
  const ack = peer.expects("ACK");
  for (const ms of [500, 1000, 2000, 4000, 4000]) {
    after(ms);
    peer.repeats(accepted);
    assert.equal(peer.expects("ACK").text, ack.text);
  }
  phone.event("call.established");
  phone.saysNothing("call.established");
});

test("RFC 6026 a late 2xx while the transaction remembers, and one after that", () => {
  const { phone, peer, runTo } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 200, { tag: "first", body: sdp() });
  peer.expects("ACK");
  runTo(31_900);
  peer.replies(invite, 200, { tag: "second", body: sdp() });
  peer.expects("ACK");
  peer.replies(peer.expects("BYE"), 200);
  runTo(33_000);
  peer.replies(invite, 200, { tag: "third", body: sdp() });
  peer.expectsNothing();
  phone.saysNothing("call.ended");
});

test("a call that is over: the 2xx of another fork is acknowledged and hung up", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 200, { tag: "first", body: sdp() });
  peer.expects("ACK");
  phone.hangsUp();
  peer.replies(peer.expects("BYE"), 200);
  peer.replies(invite, 200, { tag: "second", headers: { Contact: "<sip:b@192.0.2.29>" }, body: sdp() });
  assert.equal(peer.expects("ACK").uri, "sip:b@192.0.2.29");
  const bye = peer.expects("BYE");
  assert.match(bye.header("To"), /;tag=second$/);
  peer.replies(bye, 200);
  peer.expectsNothing();
});

const EVERYWHERE = `#!version:1.0.0.1
account.1.enable = 1
account.1.user_name = alice
account.1.password = secret
account.1.sip_server.1.address = 192.0.2.20
`;

test("a call that is over: to the 2xx of another fork the phone is who it was in its INVITE", () => {
  for (const uri of ["sip:bob@192.0.2.20", "tel:+4930123"]) {
    const { phone, peer, wire, after } = connect({ baseConfig: EVERYWHERE, isEverywhere: true });
    const before = inUse(wire.instance.module);
    phone.dials(uri);
    const first = peer.expects("INVITE");
    peer.replies(first, 401, { headers: { "WWW-Authenticate": 'Digest realm="r", nonce="n"' } });
    peer.expects("ACK");
    const invite = peer.expects("INVITE");
    assert.match(invite.header("Via"), /^SIP\/2\.0\/UDP 192\.0\.2\.10:5060;/);
    peer.replies(invite, 200, { tag: "first", body: sdp() });
    peer.expects("ACK");
    phone.hangsUp();
    peer.replies(peer.expects("BYE"), 200);
    // Without Contact the target is that of the INVITE (RFC 2543).
    const second = peer.replies(invite, 200, { tag: "second", headers: { Contact: null }, body: sdp() });
    const ack = peer.expects("ACK");
    const bye = peer.expects("BYE");
    for (const request of [ack, bye]) {
      assert.equal(request.uri, uri);
      assert.match(request.header("Via"), /^SIP\/2\.0\/UDP 192\.0\.2\.10:5060;/);
      assert.match(request.header("To"), /;tag=second$/);
      assert.equal(request.header("From"), invite.header("From"));
      assert.deepEqual(request.address, { address: "192.0.2.20", port: 5060 });
    }
    assert.equal(ack.cseq, invite.cseq);
    assert.equal(ack.header("Authorization"), invite.header("Authorization"));
    assert.equal(bye.cseq, invite.cseq + 1);
    assert.equal(bye.header("Supported"), invite.header("Supported"));
    // The ACK was lost: the same once more, and no second BYE.
    peer.repeats(second);
    assert.equal(peer.expects("ACK").text, ack.text);
    peer.expectsNothing();
    after(500);
    assert.equal(peer.expects("BYE").text, bye.text);
    peer.replies(bye, 200);
    after(100_000);
    peer.expectsNothing();
    assert.deepEqual(inUse(wire.instance.module), before);
  }
});

test("a fork fails after another has answered: nothing changes", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180, { tag: "desk" });
  peer.replies(invite, 200, { tag: "mobile", body: sdp() });
  peer.expects("ACK");
  peer.replies(invite, 486, { tag: "desk" });
  phone.event("call.established");
  phone.saysNothing("call.ended");
});

test("RFC 3261 §17.1.1.2 provisional responses of both forks, then a refusal for all: the call ends once", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180, { tag: "desk" });
  peer.replies(invite, 180, { tag: "mobile" });
  peer.replies(invite, 603, { tag: "proxy", reason: "Decline" });
  peer.expects("ACK");
  assert.equal(phone.event("call.ended").fields["status"], 603);
  phone.saysNothing("call.ended");
});

test("early media of one fork, answer of another: the media follow the 200", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 183, { tag: "gateway", body: sdp({ address: "192.0.2.50", port: 4000 }) });
  const early = phone.event("call.media").fields;
  assert.deepEqual([early["address"], early["port"], early["early"]], ["192.0.2.50", 4000, 1]);
  peer.replies(invite, 200, { tag: "mobile", body: sdp({ address: "192.0.2.51", port: 6000 }) });
  peer.expects("ACK");
  const media = phone.event("call.media").fields;
  assert.deepEqual([media["address"], media["port"], media["early"]], ["192.0.2.51", 6000, 0]);
});

test("more forks than dialogs are free: the one that answers gets the call", () => {
  const { phone, peer } = connect({ config: "ringlet.capacity.dialogs = 3" });
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  for (let fork = 1; fork <= 10; fork++) peer.replies(invite, 180, { tag: `fork${fork}` });
  peer.replies(invite, 200, { tag: "fork9", body: sdp() });
  assert.match(peer.expects("ACK").header("To"), /;tag=fork9$/);
  phone.event("call.established");
});
