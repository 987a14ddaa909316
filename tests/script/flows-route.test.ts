// The way of a request: Record-Route, strict and loose routers, outbound proxy, redirection, phone numbers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Status } from "../../host/node/abi.js";
import { inUse } from "../support/inside.js";
import { callUp, connect, sdp } from "../support/scripted-peer.js";

const PROXIES = ["<sip:192.0.2.41;lr;a=1>", '"Second" <sip:192.0.2.42:5070;lr>;x=y', "<sip:192.0.2.43;lr>"];

test("RFC 3261 §12.1.2 as caller the route set is the Record-Route of the 2xx, reversed", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180, { headers: { "Record-Route": "<sip:192.0.2.99;lr>" } });
  // One value a row and several in a row are the same.
  peer.replies(invite, 200, {
    headers: { "Record-Route": [`${PROXIES[0]}, ${PROXIES[1]}`, PROXIES[2] ?? ""] },
    body: sdp(),
  });
  const reversed = [...PROXIES].reverse();
  const ack = peer.expects("ACK");
  assert.deepEqual(ack.headers("Route"), reversed);
  assert.equal(ack.address.address, "192.0.2.43");
  phone.hangsUp();
  const bye = peer.expects("BYE");
  assert.deepEqual(bye.headers("Route"), reversed);
  assert.equal(bye.uri, "sip:bob@192.0.2.20:5060");
  assert.equal(bye.address.address, "192.0.2.43");
});

test("RFC 3261 §12.1.1 as callee the route set is the Record-Route of the INVITE, in order", () => {
  const { phone, peer, accepted } = callUp({
    direction: "incoming",
    headers: { "Record-Route": PROXIES },
  });
  assert.deepEqual(accepted.headers("Record-Route"), PROXIES);
  phone.hangsUp();
  const bye = peer.expects("BYE");
  assert.deepEqual(bye.headers("Route"), PROXIES);
  assert.deepEqual(bye.address, { address: "192.0.2.41", port: 5060 });
});

test("RFC 3261 §12.2.1.1 a strict router first: it is the Request-URI, and the target comes last", () => {
  const { phone, peer } = callUp({
    direction: "incoming",
    headers: { "Record-Route": "<sip:192.0.2.41>, <sip:192.0.2.42;lr>" },
  });
  phone.hangsUp();
  const bye = peer.expects("BYE");
  assert.equal(bye.uri, "sip:192.0.2.41");
  assert.deepEqual(bye.headers("Route"), ["<sip:192.0.2.42;lr>", "<sip:bob@192.0.2.20:5060>"]);
  assert.equal(bye.address.address, "192.0.2.41");
});

test("RFC 3261 §12.2.1.1 only a strict router: the target alone is in Route", () => {
  const { phone, peer } = callUp({ headers: { "Record-Route": "<sip:192.0.2.41:5066>" } });
  phone.hangsUp();
  const bye = peer.expects("BYE");
  assert.equal(bye.uri, "sip:192.0.2.41:5066");
  assert.deepEqual(bye.headers("Route"), ["<sip:bob@192.0.2.20:5060>"]);
  assert.deepEqual(bye.address, { address: "192.0.2.41", port: 5066 });
});

test("RFC 3261 §12.2.1.1 a strict router further on changes nothing for us", () => {
  const { phone, peer } = callUp({
    direction: "incoming",
    headers: { "Record-Route": "<sip:192.0.2.41;lr>, <sip:192.0.2.42>" },
  });
  phone.hangsUp();
  const bye = peer.expects("BYE");
  assert.equal(bye.uri, "sip:bob@192.0.2.20:5060");
  assert.deepEqual(bye.headers("Route"), ["<sip:192.0.2.41;lr>", "<sip:192.0.2.42>"]);
});

test("RFC 3261 §22.4 to a strict router the digest is about its URI", () => {
  const { phone, peer } = callUp({
    config: "account.1.password = x",
    headers: { "Record-Route": "<sip:192.0.2.41>" },
  });
  phone.hangsUp();
  peer.replies(peer.expects("BYE"), 401, { headers: { "WWW-Authenticate": 'Digest realm="r", nonce="n"' } });
  assert.match(peer.expects("BYE").header("Authorization"), /uri="sip:192\.0\.2\.41"/);
});

test("maddr of the target is where requests go; the Request-URI keeps it", () => {
  const { phone, peer } = callUp({ headers: { Contact: "<sip:bob@pbx.example.com;maddr=192.0.2.44>" } });
  phone.hangsUp();
  const bye = peer.expects("BYE");
  assert.equal(bye.uri, "sip:bob@pbx.example.com;maddr=192.0.2.44");
  assert.equal(bye.address.address, "192.0.2.44");
});

test("a target with the name of a host that was never looked up: back to where the 2xx came from, then there", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 200, { headers: { Contact: "<sip:bob@pbx.example.com>" }, body: sdp() });
  const ack = peer.expects("ACK");
  assert.equal(ack.uri, "sip:bob@pbx.example.com");
  assert.equal(ack.address.address, "192.0.2.20");
  phone.event("call.established");
});

test("the answer of the name service turns the dialog", () => {
  const { phone, peer } = callUp({
    headers: { Contact: "<sip:bob@pbx.example.com:5090>" },
    hosts: { "pbx.example.com": ["192.0.2.45"] },
  });
  phone.hangsUp();
  assert.deepEqual(peer.expects("BYE").address, { address: "192.0.2.45", port: 5090 });
});

const UNREADABLE = [
  "<sip:192.0.2.42;lr",
  "sip:",
  "<>",
  '"Proxy <sip:192.0.2.42;lr>',
  "<tel:+4930123>",
  "garbage",
];

test("RFC 3261 §12.1.2 a Record-Route of the 2xx can't be read: ACK, then BYE, by the routes that can", () => {
  for (const bad of UNREADABLE)
    for (const recorded of [
      [bad, "<sip:192.0.2.41;lr>"],
      ["<sip:192.0.2.41;lr>", bad],
    ]) {
      const { phone, peer, wire, after } = connect();
      const before = inUse(wire.instance.module);
      phone.dials("sip:bob@192.0.2.20");
      const invite = peer.expects("INVITE");
      peer.replies(invite, 200, { headers: { "Record-Route": recorded }, body: sdp() });
      const ack = peer.expects("ACK");
      const bye = peer.expects("BYE");
      for (const request of [ack, bye]) {
        assert.deepEqual(request.headers("Route"), ["<sip:192.0.2.41;lr>"], bad);
        assert.equal(request.address.address, "192.0.2.41");
      }
      assert.match(bye.header("Reason"), /^SIP;cause=400;text="/);
      peer.replies(bye, 200);
      const ended = phone.event("call.ended").fields;
      assert.deepEqual([ended["by"], ended["status"], ended["rule"]], ["local", 400, "RFC3261-12.1.2-route"]);
      phone.saysNothing("call.established");
      after(100_000);
      peer.expectsNothing();
      assert.deepEqual(inUse(wire.instance.module), before);
    }
});

test("a Record-Route of a 180 can't be read: it rings, and the 2xx decides", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180, { headers: { "Record-Route": ["<sip:192.0.2.41;lr>", "<sip:"] } });
  assert.equal(phone.event("call.ringing").fields["status"], 180);
  peer.replies(invite, 200, { headers: { "Record-Route": "<sip:192.0.2.41;lr>" }, body: sdp() });
  assert.deepEqual(peer.expects("ACK").headers("Route"), ["<sip:192.0.2.41;lr>"]);
  phone.event("call.established");
});

test("a Record-Route of another fork's 2xx can't be read: ACK and BYE all the same, and the call stays", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 200, { tag: "first", body: sdp() });
  peer.expects("ACK");
  const headers = { "Record-Route": "<sip:192.0.2.41;lr>, <sip:" };
  peer.replies(invite, 200, { tag: "second", headers, body: sdp() });
  assert.deepEqual(peer.expects("ACK").headers("Route"), ["<sip:192.0.2.41;lr>"]);
  assert.deepEqual(peer.expects("BYE").headers("Route"), ["<sip:192.0.2.41;lr>"]);
  phone.saysNothing("call.ended");
});

test("an INVITE whose Record-Route is no sip URI: refused, for no request of ours could follow it", () => {
  const { phone, peer } = connect();
  peer.invites({ headers: { "Record-Route": ["<sip:192.0.2.41;lr>", "<tel:+4930123>"] } });
  peer.expects(500);
  phone.saysNothing("call.incoming");
});

test("RFC 2543 no Contact, and the target is a number: requests go to where the other side's messages come from", () => {
  const server = "account.1.sip_server.1.address = 192.0.2.20";
  const out = connect({ config: server });
  out.phone.dials("tel:+4930123");
  const invite = out.peer.expects("INVITE");
  out.peer.replies(invite, 200, { headers: { Contact: null }, body: sdp() });
  assert.equal(out.peer.expects("ACK").uri, "tel:+4930123");
  out.phone.event("call.established");
  out.phone.hangsUp();
  assert.equal(out.peer.expects("BYE").address.address, "192.0.2.20");
  const into = connect({ config: server });
  const asked = into.peer.invites({ headers: { Contact: null, From: "<tel:+4930456>;tag=peertag" } });
  into.peer.expects(180);
  into.phone.event("call.incoming");
  into.phone.answers();
  into.peer.acks(into.peer.dialog(asked, into.peer.expects(200)));
  into.phone.hangsUp();
  const bye = into.peer.expects("BYE");
  assert.equal(bye.uri, "tel:+4930456");
  assert.deepEqual(bye.address, { address: "192.0.2.20", port: 5060 });
});

// ---- to whom, and through whom ----

test("a number is called at the account's server", () => {
  const { phone, peer } = connect({ config: "account.1.sip_server.1.address = 192.0.2.20" });
  phone.dials("2002");
  const invite = peer.expects("INVITE");
  assert.equal(invite.uri, "sip:2002@192.0.2.20");
  assert.match(invite.header("From"), /^"Alice" <sip:alice@192\.0\.2\.20>;tag=/);
  assert.equal(invite.header("Contact"), "<sip:alice@192.0.2.10:5060>");
});

test("account.X.enable_user_equal_phone: user=phone in Request-URI, To and From", () => {
  const { phone, peer } = connect({
    config: "account.1.sip_server.1.address = 192.0.2.20\naccount.1.enable_user_equal_phone = 1",
  });
  phone.dials("+4930123");
  const invite = peer.expects("INVITE");
  assert.equal(invite.uri, "sip:+4930123@192.0.2.20;user=phone");
  assert.equal(invite.header("To"), "<sip:+4930123@192.0.2.20;user=phone>");
  assert.match(invite.header("From"), /<sip:alice@192\.0\.2\.20;user=phone>/);
});

test("user=phone is not written twice, nor on a tel URI", () => {
  const { phone, peer } = connect({
    config: "account.1.sip_server.1.address = 192.0.2.20\naccount.1.enable_user_equal_phone = 1",
  });
  phone.dials("sip:+4930123@192.0.2.20;user=phone");
  assert.equal(peer.expects("INVITE").uri, "sip:+4930123@192.0.2.20;user=phone");
  phone.dials("tel:+4930123");
  const invite = peer.expects("INVITE");
  assert.equal(invite.uri, "tel:+4930123");
  assert.equal(invite.address.address, "192.0.2.20");
});

test("a tel URI needs a server; sips, URIs with headers and nonsense are refused", () => {
  const { phone, peer } = connect();
  for (const target of [
    "tel:+4930123",
    "sips:bob@192.0.2.20",
    "sip:bob@192.0.2.20?subject=x",
    "sip:",
    "http://a",
  ])
    phone.refuses(Status.BadArgument, (module, now) => module.dial(0, target, now));
  phone.refuses(Status.NoSuchThing, (module, now) => module.dial(2, "sip:bob@192.0.2.20", now));
  peer.expectsNothing();
});

test("the outbound proxy takes everything first, as a loose route", () => {
  const { phone, peer } = connect({
    config: `account.1.sip_server.1.address = example.com
account.1.outbound_proxy_enable = 1
account.1.outbound_proxy.1.address = 192.0.2.20
account.1.outbound_proxy.1.port = 5080`,
  });
  phone.dials("bob");
  const invite = peer.expects("INVITE");
  assert.equal(invite.uri, "sip:bob@example.com");
  assert.deepEqual(invite.headers("Route"), ["<sip:192.0.2.20:5080;lr>"]);
  assert.deepEqual(invite.address, { address: "192.0.2.20", port: 5080 });
  // What the proxy says about the dialog counts from then on: it did not record itself.
  peer.replies(invite, 200, { headers: { Contact: "<sip:bob@192.0.2.50>" }, body: sdp() });
  const ack = peer.expects("ACK");
  assert.equal(ack.has("Route"), false);
  assert.equal(ack.address.address, "192.0.2.50");
});

test("the server's name is looked up; without an answer the call ends", () => {
  const config = "account.1.sip_server.1.address = sip.example.com";
  const found = connect({ config, hosts: { "sip.example.com": ["192.0.2.20"] } });
  found.phone.dials("bob");
  assert.equal(found.peer.expects("INVITE").address.address, "192.0.2.20");
  const lost = connect({ config, hosts: {} });
  lost.phone.dials("bob");
  lost.peer.expectsNothing();
  const ended = lost.phone.event("call.ended").fields;
  assert.deepEqual([ended["status"], ended["rule"]], [503, "RFC3263-not-located"]);
});

test("what only looks like an address is looked up as a name", () => {
  for (const host of ["192.0.2.256", "1.2.3.00004", "192.0.2.20.1"]) {
    const { phone, peer } = connect({ hosts: {} });
    phone.dials(`sip:bob@${host}`);
    peer.expectsNothing();
    assert.equal(phone.event("call.ended").fields["rule"], "RFC3263-not-located");
  }
});

test("an answer of the name service that is no address is none; RFC 4007 §11 a zone belongs to one", () => {
  const config = "account.1.sip_server.1.address = sip.example.com";
  const wrong = connect({ config, hosts: { "sip.example.com": ["192.0.2.256"] } });
  wrong.phone.dials("bob");
  assert.equal(wrong.phone.event("call.ended").fields["rule"], "RFC3263-not-located");
  const zoned = connect({
    baseConfig: `#!version:1.0.0.1\nringlet.bind.address = 2001:db8::10\naccount.1.enable = 1\n${config}\n`,
    local: { address: "2001:db8::10", port: 5060 },
    hosts: { "sip.example.com": ["fe80::20%eth0"] },
  });
  zoned.phone.dials("bob");
  assert.equal(zoned.peer.expects("INVITE").address.address, "fe80::20%eth0");
});

test("the name service is silent: the call ends after ten seconds, or at once when hung up", () => {
  const config = "account.1.sip_server.1.address = sip.example.com";
  const slow = connect({ config });
  slow.phone.dials("bob");
  slow.runTo(9_999);
  slow.phone.saysNothing("call.ended");
  slow.runTo(10_000);
  assert.equal(slow.phone.event("call.ended").fields["rule"], "RFC3263-not-located");
  const impatient = connect({ config });
  impatient.phone.dials("bob");
  impatient.phone.hangsUp();
  assert.equal(impatient.phone.event("call.ended").fields["rule"], "user-cancel");
  impatient.peer.expectsNothing();
});

// ---- redirection ----

test("RFC 3261 §8.1.3.4 of several contacts the one with the highest q is called", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 300, {
    headers: {
      Contact: ["<sip:low@192.0.2.61>;q=0.1, <mailto:bob@example.com>;q=1.0", "<sip:high@192.0.2.62>;q=0.75"],
    },
  });
  peer.expects("ACK");
  const second = peer.expects("INVITE");
  assert.equal(second.uri, "sip:high@192.0.2.62");
  assert.equal(second.address.address, "192.0.2.62");
  assert.equal(second.cseq, invite.cseq + 1);
  phone.saysNothing("call.ended");
});

test("301 is followed, 305 and 380 are not; nor is any without follow_redirect", () => {
  for (const [status, config, isFollowed] of [
    [301, "", true],
    [305, "", false],
    [380, "", false],
    [302, "account.1.follow_redirect = 0", false],
  ] as const) {
    const { phone, peer } = connect({ config });
    phone.dials("sip:bob@192.0.2.20");
    peer.replies(peer.expects("INVITE"), status, { headers: { Contact: "<sip:carol@192.0.2.20>" } });
    peer.expects("ACK");
    if (isFollowed) peer.expects("INVITE");
    else assert.equal(phone.event("call.ended").fields["status"], status);
    peer.expectsNothing();
  }
});

test("a redirection to nowhere, and one that turns in a circle, end the call", () => {
  const nowhere = connect();
  nowhere.phone.dials("sip:bob@192.0.2.20");
  nowhere.peer.replies(nowhere.peer.expects("INVITE"), 302);
  nowhere.peer.expects("ACK");
  assert.equal(nowhere.phone.event("call.ended").fields["status"], 302);

  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  for (let round = 0; round <= 5; round++) {
    peer.replies(peer.expects("INVITE"), 302, { headers: { Contact: "<sip:bob@192.0.2.20>" } });
    peer.expects("ACK");
  }
  peer.expectsNothing();
  assert.equal(phone.event("call.ended").fields["rule"], "RFC3261-8.1.3.4-redirects");
});

test("through an outbound proxy a redirection stays on the same way", () => {
  const { phone, peer } = connect({
    config: "account.1.outbound_proxy_enable = 1\naccount.1.outbound_proxy.1.address = 192.0.2.20",
  });
  phone.dials("sip:bob@192.0.2.61");
  peer.replies(peer.expects("INVITE"), 302, { headers: { Contact: "<sip:carol@192.0.2.62>" } });
  peer.expects("ACK");
  const second = peer.expects("INVITE");
  assert.equal(second.uri, "sip:carol@192.0.2.62");
  assert.equal(second.address.address, "192.0.2.20");
  assert.equal(second.headers("Route").length, 1);
});

// ---- the way back ----

test("RFC 3581 the answer goes to the port that asked, with received and rport", () => {
  const { peer } = connect();
  const from = { address: "203.0.113.7", port: 40_000 };
  peer.asks("OPTIONS", { from, headers: { Via: "SIP/2.0/UDP 10.0.0.1:5062;rport;branch=z9hG4bKnat" } });
  const response = peer.expects(200);
  assert.deepEqual(response.address, from);
  const via = response.header("Via");
  assert.match(via, /;received=203\.0\.113\.7/);
  assert.match(via, /;rport=40000/);
});

test("RFC 3261 §18.2.2 without rport it goes to the port of sent-by", () => {
  const { peer } = connect();
  const from = { address: "203.0.113.7", port: 40_000 };
  peer.asks("OPTIONS", { from, headers: { Via: "SIP/2.0/UDP 10.0.0.1:5062;branch=z9hG4bKold" } });
  const response = peer.expects(200);
  assert.deepEqual(response.address, { address: "203.0.113.7", port: 5062 });
  assert.match(response.header("Via"), /;received=203\.0\.113\.7/);
});
