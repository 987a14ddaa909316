// Accounts that do not register (account.X.register.enable = 0), and such without a server: SUBSCRIBE and MESSAGE go the way of
// their calls.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Status } from "../../host/node/abi.js";
import { registers } from "../support/registrar.js";
import { connect, type ConnectOptions } from "../support/scripted-peer.js";
import { open } from "../support/stream.js";
import { accepts, notifies } from "../support/subscriptions.js";

const TRUNK = "account.1.sip_server.1.address = 192.0.2.20\naccount.1.sub_fail_retry_interval = 10";
const SUMMARY = { type: "application/simple-message-summary", body: "Messages-Waiting: yes\r\n" };

function trunk(options: ConnectOptions = {}) {
  const all = connect({ ...options, config: `${TRUNK}\n${options.config ?? ""}` });
  const subscribes = (uri = "2002"): number =>
    all.wire.command((m) => m.subscribe(0, "message-summary", uri, all.wire.now));
  const sends = (uri = "2002"): number => all.wire.command((m) => m.message(0, uri, "hello", all.wire.now));
  return { ...all, subscribes, sends };
}

test("a trunk subscribes at once, at its server, and is told", () => {
  const { phone, peer, subscribes } = trunk();
  subscribes();
  const subscribe = peer.expects("SUBSCRIBE");
  assert.equal(subscribe.uri, "sip:2002@192.0.2.20");
  assert.equal(subscribe.header("Contact"), "<sip:alice@192.0.2.10:5060>");
  assert.match(subscribe.header("From"), /<sip:alice@192\.0\.2\.20>;tag=/);
  assert.equal(subscribe.has("Route"), false);
  const n = accepts(peer, subscribe, SUMMARY);
  assert.equal(phone.event("subscription.active").fields["state"], "active");
  assert.equal(phone.event("mwi").fields["waiting"], 1);
  notifies(peer, n, { ...SUMMARY, body: "Messages-Waiting: no\r\n" });
  peer.expects(200);
  assert.equal(phone.event("mwi").fields["waiting"], 0);
});

test("a trunk: the subscription that the settings want begins when the sockets are there", () => {
  const { phone, peer } = trunk({ config: "account.1.subscribe_mwi = 1" });
  const subscribe = peer.expects("SUBSCRIBE");
  assert.equal(subscribe.uri, "sip:alice@192.0.2.20");
  accepts(peer, subscribe, SUMMARY);
  phone.event("mwi");
  phone.sets("account.1.subscribe_mwi", "0");
  assert.equal(peer.expects("SUBSCRIBE").header("Expires"), "0");
});

test("a trunk sends MESSAGE, with digest, through its outbound proxy", () => {
  const config =
    "account.1.outbound_proxy_enable = 1\naccount.1.outbound_proxy.1.address = 192.0.2.30\naccount.1.password = x";
  const { phone, peer, sends } = trunk({ config });
  const handle = sends();
  const first = peer.expects("MESSAGE");
  assert.equal(first.address.address, "192.0.2.30");
  assert.equal(first.header("Route"), "<sip:192.0.2.30:5060;lr>");
  peer.replies(first, 401, {
    headers: { "WWW-Authenticate": 'Digest realm="t", nonce="n", qop="auth"' },
    from: first.address,
  });
  const again = peer.expects("MESSAGE");
  assert.match(again.header("Authorization"), /username="alice"/);
  peer.replies(again, 200, { from: again.address });
  const { fields } = phone.event("message.answered");
  assert.deepEqual([fields["message"], fields["status"]], [handle, 200]);
});

test("bound to every interface: our own address toward the server is asked for first", () => {
  const { peer, subscribes, sends } = trunk({ isEverywhere: true });
  subscribes();
  assert.match(peer.expects("SUBSCRIBE").header("Via"), /^SIP\/2\.0\/UDP 192\.0\.2\.10:5060;/);
  sends();
  assert.match(peer.expects("MESSAGE").header("Via"), /^SIP\/2\.0\/UDP 192\.0\.2\.10:5060;/);
});

test("RFC 3263 a server with a name is looked up; without an answer the MESSAGE could not be sent", () => {
  const named = {
    config: "account.1.sip_server.1.address = sip.example.com\naccount.1.sip_server.1.port = 5060",
  };
  const known = trunk({ ...named, hosts: { "sip.example.com": ["192.0.2.20"] } });
  known.sends();
  assert.equal(known.peer.expects("MESSAGE").address.address, "192.0.2.20");
  const unknown = trunk({ ...named, hosts: {} });
  unknown.sends();
  assert.equal(unknown.phone.event("message.answered").fields["status"], 0);
  unknown.peer.expectsNothing();
  const silent = trunk(named);
  silent.sends();
  silent.phone.saysNothing("message.answered");
  silent.after(10_000);
  assert.equal(silent.phone.event("message.answered").fields["status"], 0);
});

test("over TCP the connection comes first", () => {
  const all = trunk({ config: "account.1.sip_server.1.transport_type = 1" });
  const { peer } = all;
  all.subscribes();
  peer.expectsNothing();
  open(all);
  const subscribe = peer.expects("SUBSCRIBE");
  assert.match(subscribe.header("Via"), /^SIP\/2\.0\/TCP/);
  assert.match(subscribe.header("Contact"), /;transport=tcp>/);
});

test("a server that is silent: the next try is at the other one, and then at the first", () => {
  const { phone, peer, at, subscribes } = trunk({ config: "account.1.sip_server.2.address = 192.0.2.30" });
  subscribes();
  assert.equal(peer.expects("SUBSCRIBE").address.address, "192.0.2.20");
  at(32_000);
  peer.takesAll("SUBSCRIBE");
  const { fields } = phone.event("subscription.ended");
  assert.equal(fields["status"], 408);
  const next = peer.awaits("SUBSCRIBE", 100_000);
  assert.equal(next.address.address, "192.0.2.30");
  peer.replies(next, 503, { from: next.address });
  assert.equal(peer.awaits("SUBSCRIBE", 200_000).address.address, "192.0.2.20");
});

test("a subscription that was lost finds its way anew", () => {
  const { peer, subscribes, at } = trunk();
  subscribes();
  const n = accepts(peer, peer.expects("SUBSCRIBE"), SUMMARY);
  at(10_000);
  notifies(peer, n, { state: "terminated;reason=deactivated" });
  peer.expects(200);
  const fresh = peer.awaits("SUBSCRIBE", 20_000);
  assert.notEqual(fresh.header("Call-ID"), n.callId);
});

test("more subscriptions than can look for their way at once: all of them leave", () => {
  const { peer, subscribes } = trunk();
  for (let i = 0; i < 32; i++) subscribes(`20${i}`);
  assert.equal(peer.takesAll("SUBSCRIBE").length, 32);
});

test("the phone goes off while a name is looked up: nothing is left to wait for", () => {
  const { phone, sends, subscribes } = trunk({ config: "account.1.sip_server.1.address = sip.example.com" });
  subscribes();
  sends();
  phone.stops();
  phone.event("phone.stopped");
});

test("an account that stops to register: what waited for that leaves now", () => {
  const { phone, peer, wire } = registers({ config: TRUNK });
  const register = peer.expects("REGISTER");
  wire.command((m) => m.subscribe(0, "dialog", "2002", wire.now));
  peer.expectsNothing();
  peer.replies(register, 403);
  peer.expectsNothing();
  phone.sets("account.1.register.enable", "0");
  assert.equal(peer.expects("SUBSCRIBE").uri, "sip:2002@192.0.2.20");
  phone.sets("account.1.label", "x");
  peer.expectsNothing();
});

// ---- without any server ----

test("without a server the host of the URI is where they go", () => {
  const { phone, peer, wire } = connect();
  wire.command((m) => m.message(0, "sip:bob@192.0.2.20:5070", "hello", wire.now));
  const text = peer.expects("MESSAGE");
  assert.deepEqual([text.uri, text.address.port], ["sip:bob@192.0.2.20:5070", 5070]);
  assert.match(text.header("From"), /<sip:alice@192\.0\.2\.10>/);
  peer.replies(text, 200);
  assert.equal(phone.event("message.answered").fields["status"], 200);
  wire.command((m) => m.subscribe(0, "dialog", peer.uri, wire.now));
  accepts(peer, peer.expects("SUBSCRIBE"));
  assert.equal(phone.event("subscription.active").fields["uri"], peer.uri);
});

test("without a server, and no calls to a bare address: WrongState", () => {
  const { phone, peer } = connect({ config: "features.direct_ip_call_enable = 0" });
  phone.refuses(Status.WrongState, (m, now) => m.message(0, peer.uri, "hello", now));
  phone.refuses(Status.WrongState, (m, now) => m.subscribe(0, "dialog", peer.uri, now));
});

test("an account without a server that would register goes its way too, since it never will", () => {
  const { peer, wire } = connect({ registers: true });
  wire.command((m) => m.message(0, peer.uri, "hello", wire.now));
  peer.expects("MESSAGE");
});
