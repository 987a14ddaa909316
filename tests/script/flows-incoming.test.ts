// A request reaches the phone from outside: what is refused and with what.

import assert from "node:assert/strict";
import { test } from "node:test";
import { callUp, connect, type ConnectOptions, type Parts, sdp } from "../support/scripted-peer.js";

const SERVER = `account.1.sip_server.1.address = 192.0.2.20`;

/** One INVITE, refused with `status`; nothing rings and nothing is left. */
function refused(status: number, options: ConnectOptions, parts: Parts = {}) {
  const { phone, peer, after } = connect(options);
  const invite = peer.invites(parts);
  const response = peer.expects(status);
  assert.match(response.header("To"), /;tag=\w+$/);
  phone.saysNothing("call.incoming");
  peer.acksRefusal(invite, response);
  after(40_000);
  peer.expectsNothing();
  return response;
}

// ---- for whom it is ----

test("RFC 3261 §8.2.2.1 a user that no account has: 404", () => {
  refused(404, {}, { uri: "sip:carol@192.0.2.10" });
});

test("a Request-URI without user is for the phone", () => {
  const { phone, peer } = connect();
  peer.invites({ uri: "sip:192.0.2.10" });
  peer.expects(180);
  phone.event("call.incoming");
});

test("the user is compared without its escapes", () => {
  const { phone, peer } = connect();
  peer.invites({ uri: "sip:%61lice@192.0.2.10;transport=udp" });
  peer.expects(180);
  phone.event("call.incoming");
});

test("RFC 3261 §8.2.2.1 a scheme that nobody knows: 416", () => {
  refused(416, {}, { uri: "carrier:pigeon" });
});

test("of two accounts with one user name, that of the server it comes from", () => {
  const { phone, peer } = connect({
    config: `account.1.sip_server.1.address = 192.0.2.99
account.2.enable = 1
account.2.user_name = alice
account.2.sip_server.1.address = 192.0.2.20`,
  });
  peer.invites();
  assert.equal(phone.event("call.incoming").fields["account"], 2);
});

// ---- who may call ----

test("sip.trust_ctrl = 1: 403 for everybody but the server", () => {
  const config = `account.1.sip_server.1.address = 192.0.2.99\nsip.trust_ctrl = 1`;
  refused(403, { config });
  const { phone, peer } = connect({ config });
  peer.invites({ from: { address: "192.0.2.99", port: 5060 } });
  phone.event("call.incoming");
});

test("sip.trust_ctrl = 1: the outbound proxy may call, by its name too", () => {
  const { phone, peer } = connect({
    config: `sip.trust_ctrl = 1
account.1.sip_server.1.address = 192.0.2.99
account.1.outbound_proxy_enable = 1
account.1.outbound_proxy.1.address = proxy.example.com`,
    hosts: { "proxy.example.com": ["192.0.2.20"] },
  });
  peer.invites();
  phone.event("call.incoming");
});

test("features.direct_ip_call_enable = 0: 403 for a call past the server, and none out", () => {
  refused(403, { config: "features.direct_ip_call_enable = 0" });
  const { phone, peer } = connect({ config: "features.direct_ip_call_enable = 0" });
  phone.refuses(-2, (module, now) => module.dial(0, "sip:bob@192.0.2.20", now));
  peer.expectsNothing();
  phone.saysNothing();
});

test("features.direct_ip_call_enable = 0: calls of the server ring", () => {
  const { phone, peer } = connect({ config: `features.direct_ip_call_enable = 0\n${SERVER}` });
  peer.invites();
  phone.event("call.incoming");
});

// ---- do not disturb, busy, full ----

test("do not disturb: 480, or what features.dnd_refuse_code says", () => {
  refused(480, { config: "features.dnd.enable = 1" });
  refused(486, { config: "features.dnd.enable = 1\nfeatures.dnd_refuse_code = 486" });
});

test("do not disturb of the account counts with features.dnd_mode = 1", () => {
  refused(480, { config: "features.dnd_mode = 1\naccount.1.dnd.enable = 1" });
  const { phone, peer } = connect({ config: "features.dnd_mode = 1\nfeatures.dnd.enable = 1" });
  peer.invites();
  phone.event("call.incoming");
});

test("do not disturb that is not allowed does not count", () => {
  const { phone, peer } = connect({ config: "features.dnd.allow = 0\nfeatures.dnd.enable = 1" });
  peer.invites();
  phone.event("call.incoming");
});

test("the user's refusal: features.normal_refuse_code, or the status of the command", () => {
  for (const [config, order, status] of [
    ["", 0, 486],
    ["features.normal_refuse_code = 603", 0, 603],
    ["features.normal_refuse_code = 603", 480, 480],
    ["", 404, 404],
  ] as const) {
    const { phone, peer } = connect({ config });
    const invite = peer.invites();
    peer.expects(180);
    phone.event("call.incoming");
    phone.rejects(order);
    peer.acksRefusal(invite, peer.expects(status));
    const ended = phone.event("call.ended").fields;
    assert.deepEqual([ended["by"], ended["status"], ended["rule"]], ["local", status, "user-reject"]);
  }
});

test("call_waiting.enable = 1: a second call rings, and both can be up", () => {
  const { phone, peer, dialog } = callUp({ direction: "incoming" });
  const second = peer.invites({ tag: "other" });
  peer.expects(180);
  phone.event("call.incoming");
  phone.answers();
  const secondDialog = peer.dialog(second, peer.expects(200));
  peer.acks(secondDialog);
  phone.event("call.established");
  peer.requests(dialog, "BYE");
  peer.expects(200);
  phone.event("call.ended");
  peer.requests(secondDialog, "OPTIONS");
  peer.expects(200);
  phone.saysNothing("call.ended");
});

test("call_waiting.enable = 0: 486 for a second call, also while the first one rings", () => {
  const { phone, peer } = callUp({ direction: "incoming", config: "call_waiting.enable = 0" });
  peer.invites({ tag: "other" });
  peer.expects(486);
  assert.equal(phone.event("call.refused").fields["reason"], "busy");
  phone.saysNothing();
  const ringing = connect({ config: "call_waiting.enable = 0" });
  ringing.peer.invites();
  ringing.peer.expects(180);
  ringing.peer.invites({ tag: "other" });
  ringing.peer.expects(486);
});

test("ringlet.capacity.calls = 1: 486 for the second", () => {
  const { phone, peer } = callUp({ direction: "incoming", config: "ringlet.capacity.calls = 1" });
  peer.invites({ tag: "other" });
  peer.expects(486);
  assert.equal(phone.event("call.refused").fields["reason"], "busy");
  phone.saysNothing();
  phone.refuses(-5, (module, now) => module.dial(0, "sip:bob@192.0.2.20", now));
});

test("no port left for media: 486, and the port of a call that ended serves again", () => {
  const config = "network.port.min_rtpport = 20000\nnetwork.port.max_rtpport = 20001";
  const { phone, peer, dialog, accepted } = callUp({ direction: "incoming", config });
  assert.match(accepted.body, /m=audio 20000 /);
  peer.invites({ tag: "other" });
  peer.expects(486);
  phone.saysNothing();
  peer.requests(dialog, "BYE");
  peer.expects(200);
  peer.invites({ tag: "third" });
  peer.expects(180);
  phone.event("call.incoming");
});

test("no port left for media: an outgoing call is refused at once", () => {
  const config = "network.port.min_rtpport = 20000\nnetwork.port.max_rtpport = 20001";
  const { phone, peer } = callUp({ direction: "incoming", config });
  phone.refuses(-5, (module, now) => module.dial(0, "sip:bob@192.0.2.20", now));
  peer.expectsNothing();
});

// ---- what it brings ----

test("RFC 3261 §13.3.1.3 no codec in common: 488 with Warning 305", () => {
  const response = refused(488, {}, { body: sdp({ payloads: "3", lines: ["a=rtpmap:3 GSM/8000"] }) });
  assert.match(response.header("Warning"), /^30[45] \S+ "[^"]+"$/);
});

test("a body that is no session description: 400; another type: 415 with Accept", () => {
  refused(400, {}, { body: "v=0\r\nnonsense\r\n" });
  const response = refused(415, {}, { body: "<a/>", headers: { "Content-Type": "application/xml" } });
  assert.match(response.header("Accept"), /application\/sdp/);
});

test("RFC 3261 §8.2.2.3 Require of what we do not have: 420 with each in Unsupported", () => {
  const response = refused(420, {}, { headers: { Require: "100rel, magic" } });
  assert.equal(response.header("Unsupported"), "100rel, magic");
});

test("RFC 3261 §8.2.2.2 the same request on another way: 482", () => {
  const { phone, peer } = connect();
  const invite = peer.invites();
  peer.expects(180);
  phone.event("call.incoming");
  peer.sends(invite.text.replace(/branch=[^\r]*/, "branch=z9hG4bKotherway"));
  assert.match(peer.expects(482).header("Via"), /z9hG4bKotherway/);
  phone.saysNothing();
  // With another CSeq it would be another request.
  peer.repeats(invite);
  peer.expects(180);
  peer.expectsNothing();
});

// ---- in a dialog, or rather not ----

test("RFC 3261 §12.2.2 a request of a dialog that we do not have: 481", () => {
  const { phone, peer } = connect();
  const stray = { headers: { To: "<sip:alice@192.0.2.10>;tag=unknown" } };
  for (const method of ["BYE", "INVITE", "UPDATE", "INFO", "NOTIFY", "OPTIONS"]) {
    const request = peer.asks(method, { ...stray, tag: method });
    const response = peer.expects(481);
    assert.equal(response.method, method);
    assert.equal(response.header("To"), request.header("To"));
  }
  peer.asks("ACK", stray);
  peer.expectsNothing();
  phone.saysNothing();
});

test("RFC 3261 §12.2.2 CSeq out of order: 500, and the dialog lives", () => {
  const { peer, dialog, phone } = callUp({ direction: "incoming" });
  peer.requests(dialog, "OPTIONS", { cseq: 10 });
  peer.expects(200);
  peer.requests(dialog, "OPTIONS", { cseq: 9 });
  peer.expects(500);
  peer.requests(dialog, "BYE", { cseq: 10 });
  peer.expects(500);
  phone.saysNothing();
  peer.requests(dialog, "BYE", { cseq: 4000 });
  peer.expects(200);
});

test("the other half of a tag pair is not enough: 481", () => {
  const { peer, dialog, phone } = callUp({ direction: "incoming" });
  peer.requests({ ...dialog, localParty: "<sip:bob@192.0.2.20>;tag=stranger" }, "BYE");
  peer.expects(481);
  peer.requests({ ...dialog, callId: "other" }, "BYE");
  peer.expects(481);
  phone.saysNothing();
});

test("RFC 3261 §11.2 OPTIONS outside a dialog: what an INVITE would get, with Allow and Accept", () => {
  const { phone, peer } = connect();
  peer.asks("OPTIONS");
  const response = peer.expects(200);
  assert.match(response.header("Allow"), /INVITE.*ACK.*CANCEL.*BYE.*OPTIONS.*UPDATE/);
  assert.equal(response.header("Accept"), "application/sdp");
  assert.equal(response.header("Contact"), "<sip:192.0.2.10:5060>");
  assert.match(response.header("To"), /;tag=/);
  peer.asks("OPTIONS", { uri: "sip:carol@192.0.2.10" });
  peer.expects(404);
  peer.asks("OPTIONS", { uri: "sip:192.0.2.10" });
  peer.expects(200);
  phone.saysNothing();
});

test("RFC 3261 §11.2 OPTIONS in a dialog: 200, and it refreshes nothing", () => {
  const { peer, dialog, phone, runTo } = callUp({
    direction: "incoming",
    config: "account.1.session_timer.enable = 1",
    sessionExpires: "90;refresher=uac",
  });
  runTo(59_000);
  peer.requests(dialog, "OPTIONS", { headers: { Supported: "timer" } });
  const response = peer.expects(200);
  assert.equal(response.has("Session-Expires"), false);
  assert.match(response.header("Supported"), /timer/);
  runTo(60_000);
  peer.expects("BYE");
  phone.event("call.ended");
});

test("RFC 3261 §8.2.1 methods that we do not do: 405 with Allow; that nobody knows: 501", () => {
  const { peer } = connect();
  for (const [method, status] of [
    ["SUBSCRIBE", 405],
    ["PUBLISH", 405],
    ["REGISTER", 405],
    ["CHIRP", 501],
  ] as const) {
    peer.asks(method, { tag: method });
    const response = peer.expects(status);
    assert.match(response.header("Allow"), /INVITE/, method);
  }
});
