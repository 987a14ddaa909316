// Reason (RFC 3326): on each BYE and CANCEL of ours that a rule decided, on none that a person did; and theirs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { callUp, connect, sdp } from "../support/scripted-peer.js";

test("a person hangs up, or gives up: no Reason", () => {
  const { phone, peer } = callUp();
  phone.hangsUp();
  assert.equal(peer.expects("BYE").has("Reason"), false);
  const other = connect();
  other.phone.dials("sip:bob@192.0.2.20");
  const invite = other.peer.expects("INVITE");
  other.peer.replies(invite, 180);
  other.phone.hangsUp();
  assert.equal(other.peer.expects("CANCEL").has("Reason"), false);
  // The 200 was under way already.
  other.peer.replies(invite, 200, { body: sdp() });
  other.peer.expects("ACK");
  assert.equal(other.peer.expects("BYE").has("Reason"), false);
});

test("phone_setting.ringback_timeout: CANCEL, and the BYE where it came too late, say why", () => {
  const { phone, peer, runTo } = connect({ config: "phone_setting.ringback_timeout = 5" });
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180);
  runTo(5000);
  const reason = 'SIP;cause=408;text="nobody answered there in time"';
  assert.equal(peer.expects("CANCEL").header("Reason"), reason);
  peer.replies(invite, 200, { body: sdp() });
  peer.expects("ACK");
  assert.equal(peer.expects("BYE").header("Reason"), reason);
});

test("a fork that lost gets BYE with cause 200", () => {
  const { peer, invite } = callUp();
  peer.replies(invite, 200, { tag: "late", body: sdp() });
  peer.expects("ACK");
  assert.equal(peer.expects("BYE").header("Reason"), 'SIP;cause=200;text="Call completed elsewhere"');
});

test("the same when the call has been and gone", () => {
  const { phone, peer, invite, dialog } = callUp();
  peer.requests(dialog, "BYE");
  peer.expects(200);
  phone.event("call.ended");
  peer.replies(invite, 200, { tag: "late", body: sdp() });
  peer.expects("ACK");
  assert.equal(peer.expects("BYE").header("Reason"), 'SIP;cause=200;text="Call completed elsewhere"');
});

test("an INVITE that was left for another server: CANCEL and BYE say that it came too late", () => {
  for (const status of [180, 200]) {
    const config = "account.1.sip_server.1.address = 192.0.2.21\naccount.1.sip_server.2.address = 192.0.2.22";
    const { phone, peer, runTo } = connect({ config });
    phone.dials("2002");
    const left = peer.expects("INVITE");
    runTo(20_000);
    const sent = peer.takesAll("INVITE");
    assert.equal(sent.at(-1)?.address.address, "192.0.2.22");
    peer.replies(left, status, { from: left.address, body: status === 200 ? sdp() : "" });
    const next = peer.takesAll();
    const end = next.find((each) => each.method === (status === 180 ? "CANCEL" : "BYE"));
    assert.equal(end?.header("Reason"), 'SIP;cause=408;text="answered too late"');
  }
});

test("CANCEL with cause 200: answered elsewhere, no missed call", () => {
  for (const [reason, elsewhere] of [
    ['SIP;cause=200;text="Call completed elsewhere"', 1],
    ['Q.850;cause=26, SIP ; cause=200 ; text="x"', 1],
    ["SIP;cause=600", undefined],
    ["Q.850;cause=200", undefined],
    ["", undefined],
    ["SIP;cause", undefined],
  ] as const) {
    const { phone, peer } = connect();
    const invite = peer.invites();
    peer.expects(180);
    peer.cancels(invite, reason ? { Reason: reason } : {});
    const { fields } = phone.event("call.ended");
    assert.deepEqual(
      [fields["status"], fields["rule"], fields["elsewhere"]],
      [487, "peer-cancel", elsewhere],
    );
  }
});

test("BYE with cause 200: the same", () => {
  const { phone, peer, dialog } = callUp({ direction: "incoming" });
  peer.requests(dialog, "BYE", { headers: { Reason: "SIP;cause=200" } });
  peer.expects(200);
  assert.equal(phone.event("call.ended").fields["elsewhere"], 1);
});
