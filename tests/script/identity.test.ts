// Our own identity and its hiding; the other side that becomes somebody else (RFC 4916, PAI); what a redirection leaves.

import assert from "node:assert/strict";
import { test } from "node:test";
import { callUp, connect, sdp } from "../support/scripted-peer.js";

const SERVER = "account.1.sip_server.1.address = 192.0.2.20";
const ANONYMOUS = '"Anonymous" <sip:anonymous@anonymous.invalid>';

// ---- ours ----

test("account.X.anonymous_call: nobody in From, us in P-Preferred-Identity for the server, Privacy: id", () => {
  const { phone, peer } = connect({ config: `${SERVER}\naccount.1.anonymous_call = 1` });
  phone.dials("2002");
  const invite = peer.expects("INVITE");
  assert.equal(invite.header("From").replace(/;tag=.*/, ""), ANONYMOUS);
  assert.equal(invite.header("P-Preferred-Identity"), '"Alice" <sip:alice@192.0.2.20>');
  assert.equal(invite.header("Privacy"), "id");
  const dialog = peer.dialog(invite, peer.replies(invite, 200, { body: sdp() }));
  peer.expects("ACK");
  phone.hangsUp();
  const bye = peer.expects("BYE");
  assert.equal(bye.header("From"), invite.header("From"));
  assert.equal(bye.has("P-Preferred-Identity"), false);
  assert.equal(dialog.callId, bye.header("Call-ID"));
});

test("an anonymous call past every server tells the other phone nothing of us", () => {
  const { phone, peer } = connect({ config: "account.1.anonymous_call = 1" });
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  assert.equal(invite.has("P-Preferred-Identity"), false);
  assert.equal(invite.header("Privacy"), "id");
  assert.match(invite.header("From"), /anonymous\.invalid/);
});

test("account.X.anonymous_call.server_base_only = 1: the server does it, From stays", () => {
  const config = `${SERVER}\naccount.1.anonymous_call = 1\naccount.1.anonymous_call.server_base_only = 1`;
  const { phone, peer } = connect({ config });
  phone.dials("2002");
  const invite = peer.expects("INVITE");
  assert.match(invite.header("From"), /sip:alice@192\.0\.2\.20/);
  assert.equal(invite.has("Privacy"), false);
});

test("account.X.alert_info stands in our INVITE, and in no other request", () => {
  const { phone, peer, invite } = callUp({ config: "account.1.alert_info = <http://x>;info=ring2" });
  assert.equal(invite.header("Alert-Info"), "<http://x>;info=ring2");
  phone.holds();
  assert.equal(peer.expects("INVITE").has("Alert-Info"), false);
});

// ---- theirs ----

/** A call that went out, and what the phone says of the other side after each of these steps. */
function reached(source: number): ReturnType<typeof connect> {
  return connect({ config: `${SERVER}\naccount.1.cp_source = ${source}` });
}

test("account.X.cp_source = 0: P-Asserted-Identity, then Remote-Party-ID, in 18x, 2xx, UPDATE and re-INVITE", () => {
  const { phone, peer } = reached(0);
  phone.dials("2002");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180, { headers: { "Remote-Party-ID": '"Bob" <sip:bob@example.com>;party=called' } });
  assert.deepEqual(phone.event("call.identity").fields, { uri: "sip:bob@example.com", display: "Bob" });
  const headers = { "P-Asserted-Identity": '"Carol" <sip:carol@example.com>' };
  const accepted = peer.replies(invite, 200, { headers, body: sdp() });
  peer.expects("ACK");
  assert.deepEqual(phone.event("call.identity").fields, { uri: "sip:carol@example.com", display: "Carol" });
  const dialog = peer.dialog(invite, accepted);
  peer.requests(dialog, "UPDATE", { headers });
  peer.expects(200);
  phone.saysNothing("call.identity");
  peer.requests(dialog, "UPDATE", { headers: { "P-Asserted-Identity": "<sip:dave@example.com>" } });
  peer.expects(200);
  assert.equal(phone.event("call.identity").fields["uri"], "sip:dave@example.com");
  peer.requests(dialog, "INVITE", {
    headers: { "P-Asserted-Identity": "<sip:erin@example.com>" },
    body: sdp({ version: 2 }),
  });
  peer.expects(200);
  assert.equal(phone.event("call.identity").fields["uri"], "sip:erin@example.com");
  peer.acks(dialog);
  peer.requests(dialog, "UPDATE", { headers: { From: dialog.localParty.replace("sip:", "sip:x") } });
  peer.expects(200);
  phone.saysNothing("call.identity");
});

test("account.X.cp_source = 1: what was dialled stays", () => {
  const { phone, peer } = reached(1);
  phone.dials("2002");
  const invite = peer.expects("INVITE");
  assert.equal(invite.headers("Supported").join().includes("from-change"), false);
  const headers = { "P-Asserted-Identity": "<sip:carol@example.com>" };
  peer.replies(invite, 200, { headers, body: sdp() });
  phone.saysNothing("call.identity");
});

test("account.X.cp_source = 2: Supported: from-change; From of an UPDATE is who it is, and our To from then on (RFC 4916 §4.3)", () => {
  const { phone, peer } = reached(2);
  phone.dials("2002");
  const invite = peer.expects("INVITE");
  assert.ok(invite.headers("Supported").includes("from-change"));
  const accepted = peer.replies(invite, 200, {
    headers: { "P-Asserted-Identity": "<sip:carol@example.com>" },
    body: sdp(),
  });
  peer.expects("ACK");
  phone.saysNothing("call.identity");
  const dialog = peer.dialog(invite, accepted);
  const tag = /;tag=.*/.exec(dialog.localParty)?.[0] ?? "";
  dialog.localParty = `"Carol" <sip:carol@example.com>${tag}`;
  peer.requests(dialog, "UPDATE");
  peer.expects(200);
  assert.deepEqual(phone.event("call.identity").fields, { uri: "sip:carol@example.com", display: "Carol" });
  phone.hangsUp();
  assert.equal(peer.expects("BYE").header("To"), dialog.localParty);
});

test("account.X.cp_source = 3: as 0, or else Contact", () => {
  const { phone, peer } = reached(3);
  phone.dials("2002");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180, { headers: { Contact: '"Desk" <sip:desk@192.0.2.20>' } });
  assert.deepEqual(phone.event("call.identity").fields, { uri: "sip:desk@192.0.2.20", display: "Desk" });
});

test("a call that came in: From that changes, or what the server asserts with cid_source; not from a stranger", () => {
  const { phone, peer, dialog } = callUp({ direction: "incoming" });
  const tag = /;tag=.*/.exec(dialog.localParty)?.[0] ?? "";
  dialog.localParty = `<sip:carol@example.com>${tag}`;
  peer.requests(dialog, "UPDATE", { headers: { "P-Asserted-Identity": "<sip:x@example.com>" } });
  peer.expects(200);
  assert.equal(phone.event("call.identity").fields["uri"], "sip:carol@example.com");
  for (const isTrusted of [true, false]) {
    const up = callUp({
      direction: "incoming",
      config: `account.1.cid_source = 2\n${isTrusted ? SERVER : ""}`,
    });
    up.peer.requests(up.dialog, "UPDATE", { headers: { "P-Asserted-Identity": "<sip:x@example.com>" } });
    up.peer.expects(200);
    if (isTrusted) assert.equal(up.phone.event("call.identity").fields["uri"], "sip:x@example.com");
    else up.phone.saysNothing("call.identity");
  }
});

// ---- a redirection that is followed ----

test("RFC 7044 §9.3, §10.3 a call that follows 302s says which targets answered what", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const first = peer.expects("INVITE");
  assert.equal(first.has("History-Info"), false);
  const diversion = "<sip:bob@192.0.2.20>;reason=unconditional";
  peer.replies(first, 302, {
    headers: {
      Contact: ["<sip:low@192.0.2.20>;q=0.1;rc=9", "<sip:carol@192.0.2.20>;mp=1"],
      Diversion: diversion,
    },
  });
  peer.expects("ACK");
  const second = peer.expects("INVITE");
  assert.equal(second.uri, "sip:carol@192.0.2.20");
  assert.deepEqual(second.headers("History-Info"), [
    "<sip:bob@192.0.2.20?Reason=SIP%3Bcause%3D302>;index=1",
    "<sip:carol@192.0.2.20>;index=2;mp=1",
  ]);
  assert.deepEqual(second.headers("Diversion"), [diversion]);
  peer.replies(second, 301, { headers: { Contact: "<sip:dave@192.0.2.20>" } });
  peer.expects("ACK");
  const third = peer.expects("INVITE");
  assert.deepEqual(third.headers("History-Info"), [
    "<sip:bob@192.0.2.20?Reason=SIP%3Bcause%3D302>;index=1",
    "<sip:carol@192.0.2.20?Reason=SIP%3Bcause%3D301>;index=2;mp=1",
    "<sip:dave@192.0.2.20>;index=3",
  ]);
  assert.deepEqual(third.headers("Diversion"), [diversion]);
  peer.replies(third, 200, { body: sdp() });
  assert.equal(peer.expects("ACK").has("History-Info"), false);
});

test("features.fwd_diversion_enable = 0: it says nothing of it; a tel: URI has no Reason; privacy hides the history", () => {
  for (const [config, dial, expected, privacy] of [
    ["features.fwd_diversion_enable = 0", "sip:bob@192.0.2.20", [], ""],
    [SERVER, "tel:+4930123", ["<tel:+4930123>;index=1", "<sip:carol@192.0.2.20>;index=2"], ""],
    [
      "account.1.anonymous_call = 1",
      "sip:bob@192.0.2.20",
      ["<sip:bob@192.0.2.20?Reason=SIP%3Bcause%3D302>;index=1", "<sip:carol@192.0.2.20>;index=2"],
      "id;history",
    ],
  ] as const) {
    const { phone, peer } = connect({ config });
    phone.dials(dial);
    peer.replies(peer.expects("INVITE"), 302, { headers: { Contact: "<sip:carol@192.0.2.20>" } });
    peer.expects("ACK");
    const next = peer.expects("INVITE");
    assert.deepEqual(next.headers("History-Info"), expected);
    assert.equal(next.header("Privacy"), privacy);
  }
});
