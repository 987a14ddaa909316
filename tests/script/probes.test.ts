// OPTIONS that ask whether a server is there (account.X.options_interval; TDR-07 to TDR-11).

import assert from "node:assert/strict";
import { test } from "node:test";
import { grants, registered, registers } from "../support/registrar.js";
import { open } from "../support/stream.js";
import { connect, type Datagram } from "../support/scripted-peer.js";

const EVERY_MINUTE = "account.1.options_interval = 60\naccount.1.nat.udp_update_enable = 0";

test("TDR-07 OPTIONS to the registered server at the interval, over the flow of the registration", () => {
  const { phone, peer } = registered({ config: EVERY_MINUTE });
  phone.event("account.registered");
  for (let minute = 1; minute <= 3; minute++) {
    const request = peer.awaits("OPTIONS", 1_000_000);
    assert.equal(request.atMs, minute * 60_000);
    assert.deepEqual(request.address, { address: "192.0.2.20", port: 5060 });
    peer.replies(request, 200);
  }
  phone.saysNothing();
});

test("TDR-08, TDR-09, TDR-11 its rows: Contact without a user, Allow, CSeq OPTIONS", () => {
  const { peer } = registered({ config: `${EVERY_MINUTE}\naccount.1.public_name = sbc.example.com` });
  const request = peer.awaits("OPTIONS", 60_000);
  assert.equal(request.uri, "sip:192.0.2.20");
  assert.equal(request.header("To"), "<sip:192.0.2.20>");
  assert.deepEqual(request.headers("Contact"), ["<sip:sbc.example.com:5060>"]);
  assert.match(request.header("Allow"), /INVITE, ACK, CANCEL, BYE, OPTIONS/);
  assert.equal(request.header("CSeq"), "1 OPTIONS");
  assert.equal(request.header("Max-Forwards"), "70");
  assert.match(request.header("From"), /;tag=\w+$/);
  assert.equal(request.body, "");
});

test("without an interval nobody is asked", () => {
  const { peer, runTo } = registered({ config: "account.1.nat.udp_update_enable = 0" });
  runTo(1_000_000);
  peer.expectsNothing();
});

const UNREGISTERED = `${EVERY_MINUTE}\naccount.1.sip_server.1.address = 192.0.2.20`;

test("a server where nobody registers is asked too", () => {
  const { phone, peer, runTo } = connect({ config: UNREGISTERED });
  const request = peer.awaits("OPTIONS", 60_000);
  assert.equal(request.atMs, 60_000);
  assert.deepEqual(request.headers("Contact"), ["<sip:192.0.2.10:5060>"]);
  peer.replies(request, 404);
  runTo(100_000);
  phone.saysNothing();
});

test("TDR-08 over TLS: the probe opens the connection itself, and Contact says transport=tls", () => {
  const connected = connect({
    config: `${UNREGISTERED}
account.1.public_name = sbc.example.com
account.1.sip_server.1.transport_type = 2
account.1.sip_server.1.port = 5061
static.security.trust_certificates = 0
sip.listen_mode = 1
static.security.cn_validation = 0`,
  });
  connected.runTo(60_000);
  open(connected);
  const request = connected.peer.expects("OPTIONS");
  assert.match(request.header("Contact"), /^<sip:sbc\.example\.com:\d+;transport=tls>$/);
  assert.match(request.header("Via"), /^SIP\/2\.0\/TLS /);
});

test("a connection that does not come: the server is not there", () => {
  const connected = connect({ config: `${UNREGISTERED}\naccount.1.sip_server.1.transport_type = 1` });
  connected.runTo(60_000 + 10_000);
  assert.equal(connected.phone.event("server.unreachable").fields["status"], 0);
});

test("a server behind a name, asked from a socket that is bound to every interface", () => {
  const { peer } = connect({
    config: `${EVERY_MINUTE}
account.1.sip_server.1.address = sip.example.com
account.1.sip_server.1.port = 5070
ringlet.bind.address =`,
    hosts: { "sip.example.com": ["192.0.2.20"] },
    isEverywhere: true,
  });
  const request = peer.awaits("OPTIONS", 60_000);
  assert.equal(request.uri, "sip:sip.example.com:5070");
  assert.deepEqual(request.address, { address: "192.0.2.20", port: 5070 });
  assert.match(request.header("Via"), /UDP 192\.0\.2\.10:5060;/);
});

/** Fails the question that comes next, by this status or by silence. */
function denies(peer: ReturnType<typeof connect>["peer"], status: number): Datagram {
  const request = peer.awaits("OPTIONS", 10_000_000);
  if (status) peer.replies(request, status);
  return request;
}

for (const [status, what] of [
  [503, "TDR-10 503"],
  [408, "408"],
] as const) {
  test(`${what} means that it is not there: said once; any other answer that it is back: said once`, () => {
    const { phone, peer } = connect({ config: UNREGISTERED });
    denies(peer, status);
    const lost = { account: 1, server: 1, address: "192.0.2.20", port: 5060, status };
    assert.deepEqual(phone.event("server.unreachable").fields, lost);
    denies(peer, status);
    phone.saysNothing();
    denies(peer, 200);
    assert.deepEqual(phone.event("server.reachable").fields, { ...lost, status: 200 });
    denies(peer, 405);
    phone.saysNothing();
  });
}

test("no answer in 64*T1: server.unreachable with status 0, and it is asked again at the interval", () => {
  const { phone, peer, runTo } = connect({ config: UNREGISTERED });
  runTo(60_000 + 31_999);
  phone.saysNothing();
  runTo(60_000 + 32_000);
  assert.equal(phone.event("server.unreachable").fields["status"], 0);
  peer.takesAll("OPTIONS");
  const again = peer.awaits("OPTIONS", 1_000_000);
  assert.equal(again.atMs, 120_000);
  peer.replies(again, 200);
  phone.event("server.reachable");
});

test("an interval below 64*T1: the question before is over when the next one is asked", () => {
  const { phone, peer, runTo } = connect({ config: UNREGISTERED.replace("= 60", "= 10") });
  runTo(20_000);
  const calls = new Set(peer.takesAll("OPTIONS").map((each) => each.header("Call-ID")));
  assert.equal(calls.size, 2);
  assert.equal(phone.event("server.unreachable").fields["status"], 0);
});

test("a name that nobody knows counts as a server that is not there", () => {
  const { phone, peer, runTo } = connect({
    config: `${EVERY_MINUTE}\naccount.1.sip_server.1.address = no.example.com`,
    hosts: {},
  });
  runTo(60_000);
  assert.equal(phone.event("server.unreachable").fields["status"], 0);
  peer.expectsNothing();
});

const TWO_TARGETS = {
  config: `${EVERY_MINUTE}
account.1.sip_server.1.address = sip.example.com
account.1.sip_server.1.port = 5060`,
  hosts: { "sip.example.com": ["192.0.2.20", "192.0.2.21"] },
};

test("the registration goes on to the next target, which is asked from then on; calls go there too", () => {
  const { phone, peer } = registers(TWO_TARGETS);
  const first = peer.expects("REGISTER");
  assert.equal(first.address.address, "192.0.2.20");
  grants(peer, first);
  phone.event("account.registered");
  denies(peer, 503);
  phone.event("server.unreachable");
  const second = peer.expects("REGISTER");
  assert.equal(second.address.address, "192.0.2.21");
  grants(peer, second);
  assert.equal(phone.event("account.registered").fields["address"], "192.0.2.21");
  const next = peer.awaits("OPTIONS", 1_000_000);
  assert.equal(next.address.address, "192.0.2.21");
  peer.replies(next, 200, { from: next.address });
  phone.event("server.reachable");
  phone.dials("sip:bob@sip.example.com");
  assert.equal(peer.expects("INVITE").address.address, "192.0.2.21");
});

test("the only target there is keeps the registration, whatever OPTIONS says", () => {
  const { phone, peer, runTo } = registered({ config: EVERY_MINUTE });
  phone.event("account.registered");
  denies(peer, 503);
  phone.event("server.unreachable");
  runTo(100_000);
  peer.expectsNothing();
  phone.saysNothing();
});

test("settings that change at run time begin and end it", () => {
  const { phone, peer, runTo } = registered({ config: "account.1.nat.udp_update_enable = 0" });
  runTo(10_000);
  phone.sets("account.1.options_interval", "30");
  const request = peer.awaits("OPTIONS", 1_000_000);
  assert.equal(request.atMs, 40_000);
  peer.replies(request, 200);
  phone.sets("account.1.options_interval", "0");
  runTo(200_000);
  peer.expectsNothing();
});
