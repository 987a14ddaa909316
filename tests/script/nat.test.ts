// NAT: the address that others see (RFC 3581, RFC 5389), and what keeps it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bindingOf, grants, registered, registers } from "../support/registrar.js";
import { type Connected, type Datagram, type Headers, sdp } from "../support/scripted-peer.js";
import { open } from "../support/stream.js";

/** The Via of a request as a server behind a NAT gives it back. */
function seen(request: Datagram, address: string, port: number): Headers {
  return { Via: request.header("Via").replace(";rport", `;received=${address};rport=${port}`) };
}

const contact = (request: Datagram): string => request.header("Contact");

// ---- what the administrator has set ----

test("TDR-05 account.X.public_name stands in Contact in place of our address", () => {
  const { peer } = registers({ config: "account.1.public_name = sbc.example.com" });
  assert.equal(contact(peer.expects("REGISTER")), "<sip:alice@sbc.example.com:5060>");
});

test("TDR-05 the public name stands in every Via too; our address stays in the SDP", () => {
  const { phone, peer } = registered({ config: "account.1.public_name = sbc.example.com" });
  phone.event("account.registered");
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  assert.match(invite.header("Via"), /^SIP\/2\.0\/UDP sbc\.example\.com:5060;rport;branch=/);
  assert.match(invite.body, /^c=IN IP4 192\.0\.2\.10\r$/m);
  peer.replies(invite, 200, { body: sdp() });
  const ack = peer.expects("ACK");
  assert.match(ack.header("Via"), /UDP sbc\.example\.com:5060;/);
  phone.hangsUp();
  assert.match(peer.expects("BYE").header("Via"), /UDP sbc\.example\.com:5060;/);
});

const STATIC = "network.static_nat.enable = 1\nnetwork.static_nat.addr = 198.51.100.7";

test("network.static_nat: its address in the Contact of REGISTER and of calls; a public name wins over it", () => {
  const { phone, peer } = registered({ config: STATIC });
  phone.event("account.registered");
  phone.dials("sip:bob@192.0.2.20");
  assert.equal(contact(peer.expects("INVITE")), "<sip:alice@198.51.100.7:5060>");
  const named = registers({ config: `${STATIC}\naccount.1.public_name = sbc.example.com` });
  assert.equal(contact(named.peer.expects("REGISTER")), "<sip:alice@sbc.example.com:5060>");
});

test("network.static_nat without its switch, or without an address, changes nothing", () => {
  for (const config of ["network.static_nat.addr = 198.51.100.7", "network.static_nat.enable = 1"]) {
    const { peer } = registers({ config });
    assert.equal(contact(peer.expects("REGISTER")), "<sip:alice@192.0.2.10:5060>");
  }
});

// ---- what the server saw ----

const RPORT = "account.1.nat.rport = 1\naccount.1.auth_name = alice\naccount.1.password = x";

test("RFC 3581 nat.rport: registered again at once with what the server saw, and the old binding removed", () => {
  const { phone, peer, runTo } = registers({ config: RPORT });
  const first = peer.expects("REGISTER");
  assert.equal(contact(first), "<sip:alice@192.0.2.10:5060>");
  grants(peer, first, 3600, seen(first, "203.0.113.9", 40_001));
  assert.equal(phone.event("account.registered").fields["contact"], "sip:alice@192.0.2.10:5060");
  const second = peer.awaits("REGISTER", 0);
  assert.equal(contact(second), "<sip:alice@203.0.113.9:40001>, <sip:alice@192.0.2.10:5060>;expires=0");
  grants(peer, second, 3600, seen(second, "203.0.113.9", 40_001));
  runTo(60_000);
  peer.expectsNothing();
  phone.dials("sip:bob@192.0.2.20");
  assert.equal(contact(peer.expects("INVITE")), "<sip:alice@203.0.113.9:40001>");
});

test("a challenge shows it too: then the first binding is the right one", () => {
  const { peer, runTo } = registers({ config: RPORT });
  const first = peer.expects("REGISTER");
  const headers = {
    "WWW-Authenticate": 'Digest realm="r", nonce="n"',
    ...seen(first, "203.0.113.9", 40_001),
  };
  peer.replies(first, 401, { headers });
  const second = peer.expects("REGISTER");
  assert.equal(contact(second), "<sip:alice@203.0.113.9:40001>");
  grants(peer, second, 3600, seen(second, "203.0.113.9", 40_001));
  runTo(60_000);
  peer.expectsNothing();
});

test("nat.rport = 0: what the server saw does not matter", () => {
  const { peer, runTo } = registers();
  const first = peer.expects("REGISTER");
  grants(peer, first, 3600, seen(first, "203.0.113.9", 40_001));
  runTo(60_000);
  peer.expectsNothing();
});

test("a Via that says no address, or no port, is not learned from", () => {
  for (const via of [
    ";received=evil.example.com;rport=1",
    ";received=203.0.113.9",
    ";rport=0",
    ";rport=65536",
  ]) {
    const { peer, runTo } = registers({ config: RPORT });
    const first = peer.expects("REGISTER");
    grants(peer, first, 3600, { Via: first.header("Via").replace(";rport", via) });
    runTo(60_000);
    peer.expectsNothing();
  }
});

test("rport without received: the address stands, the port is another one", () => {
  const { peer } = registers({ config: RPORT });
  const first = peer.expects("REGISTER");
  grants(peer, first, 3600, { Via: first.header("Via").replace(";rport", ";rport=40002") });
  assert.equal(bindingOf(peer.awaits("REGISTER", 0)), "sip:alice@192.0.2.10:40002");
});

test("a NAT that gives each request another port: not more than one REGISTER in 30 s because of it", () => {
  const { peer } = registers({ config: RPORT });
  let port = 40_000;
  const at: number[] = [];
  for (let i = 0; i < 4; i++) {
    const request = peer.awaits("REGISTER", 1_000_000);
    at.push(request.atMs);
    grants(peer, request, 3600, seen(request, "203.0.113.9", ++port));
  }
  assert.deepEqual(at.slice(1), [0, 30_000, 60_000]);
});

test("over a connection only the address is learned: nobody listens at the port that it comes from", () => {
  const connected = registers({ config: `${RPORT}\naccount.1.sip_server.1.transport_type = 1` });
  const { peer } = connected;
  open(connected);
  const first = peer.expects("REGISTER");
  assert.equal(contact(first), "<sip:alice@192.0.2.10:5060;transport=tcp>");
  grants(peer, first, 3600, seen(first, "203.0.113.9", 40_001));
  assert.equal(bindingOf(peer.awaits("REGISTER", 0)), "sip:alice@203.0.113.9:5060;transport=tcp");
});

test("unregistering removes the binding that is there", () => {
  const { phone, peer } = registers({ config: RPORT });
  const first = peer.expects("REGISTER");
  grants(peer, first, 3600, seen(first, "203.0.113.9", 40_001));
  phone.unregisters();
  assert.equal(contact(peer.expects("REGISTER")), "<sip:alice@192.0.2.10:5060>;expires=0");
});

// ---- what keeps it ----

const keepAlive = (kind: number): string =>
  `account.1.nat.udp_update_enable = ${kind}\naccount.1.nat.udp_update_time = 20`;

test("nat.udp_update_enable = 1: two line ends every nat.udp_update_time, from the binding on", () => {
  const { wire, peer, runTo } = registered({ config: keepAlive(1) });
  runTo(19_999);
  assert.deepEqual(wire.lineEnds, []);
  runTo(100_000);
  assert.deepEqual(wire.lineEnds, Array(5).fill("\r\n\r\n"));
  peer.expectsNothing();
});

test("nat.udp_update_enable = 0, or no binding: nothing", () => {
  const quiet = registered({ config: keepAlive(0) });
  quiet.runTo(100_000);
  assert.deepEqual(quiet.wire.lineEnds, []);
  quiet.peer.expectsNothing();
  const { wire, peer, phone, runTo } = registered({ config: keepAlive(1) });
  phone.unregisters();
  peer.replies(peer.expects("REGISTER"), 200);
  runTo(200_000);
  assert.deepEqual(wire.lineEnds, []);
});

for (const [kind, method] of [
  [2, "OPTIONS"],
  [3, "NOTIFY"],
] as const) {
  test(`nat.udp_update_enable = ${kind}: ${method} every nat.udp_update_time; no answer ends anything`, () => {
    const { phone, peer, wire, runTo } = registered({ config: keepAlive(kind) });
    phone.event("account.registered");
    for (const [round, status] of [200, 405, 481, 503].entries()) {
      const request = peer.awaits(method, 1_000_000);
      assert.equal(request.atMs, (round + 1) * 20_000);
      assert.equal(request.uri, "sip:192.0.2.20");
      assert.equal(request.header("CSeq"), `1 ${method}`);
      assert.equal(request.has("Event"), kind === 3);
      if (kind === 3) assert.equal(request.header("Event"), "keep-alive");
      peer.replies(request, status);
    }
    // Silence neither, and what is unanswered is not repeated beside the next one.
    runTo(119_999);
    const sent = peer.takesAll(method);
    assert.equal(new Set(sent.map((each) => each.header("Call-ID"))).size, 1);
    runTo(120_000);
    assert.equal(peer.takesAll(method).length, 1);
    assert.deepEqual(wire.lineEnds, []);
    phone.saysNothing();
  });
}

test("the answer to a keep-alive shows that our address is another one now: registered again at once", () => {
  const { peer } = registered({ config: `${RPORT}\n${keepAlive(2)}` });
  const request = peer.awaits("OPTIONS", 20_000);
  peer.replies(request, 200, { headers: seen(request, "203.0.113.10", 40_001) });
  const moved = peer.awaits("REGISTER", 20_000);
  assert.equal(contact(moved), "<sip:alice@203.0.113.10:40001>, <sip:alice@192.0.2.10:5060>;expires=0");
});

// ---- STUN ----

const STUN = `account.1.nat.nat_traversal = 1
sip.nat_stun.enable = 1
sip.nat_stun.server = 192.0.2.30
account.1.nat.udp_update_enable = 0
account.1.nat.udp_update_time = 60`;
const STUN_SERVER = { address: "192.0.2.30", port: 3478 };
const COOKIE = 0x2112a442;

/** Answers the newest request to the STUN server. */
function binds({ wire }: Connected, address: string, port: number, type = 0x0101, id?: Buffer): void {
  const request = wire.binary[wire.binary.length - 1] ?? assert.fail("no STUN request");
  const response = Buffer.alloc(32);
  response.writeUInt16BE(type, 0);
  response.writeUInt16BE(12, 2);
  response.writeUInt32BE(COOKIE, 4);
  (id ?? request.bytes.subarray(8)).copy(response, 8);
  response.writeUInt16BE(0x0020, 20);
  response.writeUInt16BE(8, 22);
  response.writeUInt16BE(1, 24);
  response.writeUInt16BE(port ^ (COOKIE >>> 16), 26);
  response.writeUInt32BE(
    (address.split(".").reduce((sum, n) => sum * 256 + Number(n), 0) ^ COOKIE) >>> 0,
    28,
  );
  const { instance } = wire;
  wire.take(instance.receive(instance.flow, STUN_SERVER.address, STUN_SERVER.port, response, wire.now));
}

test("RFC 5389 STUN before the first REGISTER, and its address in Contact", () => {
  const connected = registers({ config: STUN });
  const { peer, wire } = connected;
  peer.expectsNothing();
  assert.equal(wire.binary.length, 1);
  assert.deepEqual(wire.binary[0]?.to, STUN_SERVER);
  assert.match(wire.binary[0]?.bytes.toString("hex") ?? "", /^000100002112a442[0-9a-f]{24}$/);
  binds(connected, "203.0.113.9", 40_001);
  assert.equal(contact(peer.expects("REGISTER")), "<sip:alice@203.0.113.9:40001>");
});

test("RFC 5389 §7.2.1 seven requests, then it is left alone for nat.udp_update_time; registrations wait for three", () => {
  const { peer, wire, runTo } = registers({ config: STUN });
  runTo(3_499);
  peer.expectsNothing();
  runTo(3_500);
  assert.equal(contact(peer.expects("REGISTER")), "<sip:alice@192.0.2.10:5060>");
  runTo(99_499);
  assert.deepEqual(
    wire.binary.map(({ atMs }) => atMs),
    [0, 500, 1500, 3500, 7500, 15_500, 31_500],
  );
  assert.equal(new Set(wire.binary.map(({ bytes }) => bytes.toString("hex"))).size, 1);
  runTo(99_500);
  assert.equal(wire.binary.length, 8);
  assert.notDeepEqual(wire.binary[7]?.bytes, wire.binary[0]?.bytes);
});

test("another address from STUN: registered again at once; its silence changes nothing", () => {
  const connected = registers({ config: STUN });
  const { peer, wire, runTo } = connected;
  binds(connected, "203.0.113.9", 40_001);
  grants(peer, peer.expects("REGISTER"));
  runTo(60_000);
  assert.equal(wire.binary.length, 2);
  binds(connected, "203.0.113.9", 40_001);
  runTo(120_000);
  peer.expectsNothing();
  binds(connected, "203.0.113.10", 40_002);
  const moved = peer.awaits("REGISTER", 120_000);
  assert.equal(contact(moved), "<sip:alice@203.0.113.10:40002>, <sip:alice@203.0.113.9:40001>;expires=0");
  grants(peer, moved);
  runTo(300_000);
  peer.expectsNothing();
});

test("an answer that is not to our request, or an error, says no address", () => {
  const connected = registers({ config: STUN });
  const { peer } = connected;
  binds(connected, "203.0.113.66", 666, 0x0101, Buffer.alloc(12));
  binds(connected, "203.0.113.66", 666, 0x0001);
  peer.expectsNothing();
  binds(connected, "203.0.113.66", 666, 0x0111);
  assert.equal(contact(peer.expects("REGISTER")), "<sip:alice@192.0.2.10:5060>");
});

test("STUN wins over what the server saw; a static address over STUN, which is not asked then", () => {
  const connected = registers({ config: `${STUN}\n${RPORT}` });
  binds(connected, "203.0.113.9", 40_001);
  const first = connected.peer.expects("REGISTER");
  grants(connected.peer, first, 3600, seen(first, "203.0.113.77", 1));
  connected.runTo(30_000);
  connected.peer.expectsNothing();
  const { peer, wire } = registers({ config: `${STUN}\n${STATIC}` });
  assert.equal(wire.binary.length, 0);
  assert.equal(contact(peer.expects("REGISTER")), "<sip:alice@198.51.100.7:5060>");
});

test("nat_traversal without a server to ask, or without the phone's switch: no STUN", () => {
  for (const config of [
    "account.1.nat.nat_traversal = 1",
    "account.1.nat.nat_traversal = 1\nsip.nat_stun.server = 192.0.2.30",
    "sip.nat_stun.enable = 1\nsip.nat_stun.server = 192.0.2.30",
  ]) {
    const { peer, wire } = registers({ config });
    peer.expects("REGISTER");
    assert.equal(wire.binary.length, 0);
  }
});

test("an account's own STUN server, found by its name; one request for all accounts of one server", () => {
  const config = `account.1.nat.nat_traversal = 1
account.1.nat.stun_server = stun.example.com
account.1.nat.stun_port = 3479
account.2.enable = 1
account.2.user_name = carol
account.2.sip_server.1.address = 192.0.2.20
account.2.nat.nat_traversal = 1
account.2.nat.stun_server = stun.example.com
account.2.nat.stun_port = 3479`;
  const connected = registers({ config, hosts: { "stun.example.com": ["192.0.2.31"] } });
  const { peer, wire } = connected;
  assert.deepEqual(
    wire.binary.map(({ to }) => to),
    [{ address: "192.0.2.31", port: 3479 }],
  );
  binds(connected, "203.0.113.9", 40_001);
  const both = [contact(peer.expects("REGISTER")), contact(peer.expects("REGISTER"))];
  assert.deepEqual(both, ["<sip:alice@203.0.113.9:40001>", "<sip:carol@203.0.113.9:40001>"]);
});

test("the phone goes off: nobody is asked any more", () => {
  const connected = registers({ config: `${STUN}\naccount.1.options_interval = 60` });
  const { phone, peer, wire, runTo } = connected;
  binds(connected, "203.0.113.9", 40_001);
  grants(peer, peer.expects("REGISTER"));
  phone.stops();
  peer.replies(peer.expects("REGISTER"), 200);
  phone.event("phone.stopped");
  runTo(1_000_000);
  peer.expectsNothing();
  assert.equal(wire.binary.length, 1);
  assert.equal(wire.instance.deadline, -1);
});
