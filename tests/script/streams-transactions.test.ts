// Transactions on connections: where responses go, what is not repeated, and what is too large for UDP.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Transport } from "../../host/node/abi.js";
import { connect, type Connected, type Datagram, PEER, sdp } from "../support/scripted-peer.js";
import { registers } from "../support/registrar.js";
import { asked, come, open, refuse, type Stream } from "../support/stream.js";

const LISTENING = "sip.listen_mode = 1";
const LISTENING_TLS =
  "ringlet.tls.certificate = phone.pem\naccount.1.sip_server.1.transport_type = 3\naccount.1.sip_server.1.port = 0";

/** A call that rings here over a connection. */
function ringing(config = LISTENING, transport: Transport.Tcp | Transport.Tls = Transport.Tcp) {
  const connected = connect({ config });
  const stream = come(connected, { transport });
  const invite = connected.peer.invites();
  connected.phone.event("call.incoming");
  return { ...connected, stream, invite };
}

// ---- requests that came ----

test("RFC 3261 §18.2.2 responses go back on the connection of their request, which Via names", () => {
  const { phone, peer, stream } = ringing();
  phone.answers();
  for (const status of [180, 200]) {
    const response = peer.expects(status);
    assert.equal(response.flow, stream.flow);
    assert.match(response.header("Via"), /^SIP\/2\.0\/TCP 192\.0\.2\.20:5060;/);
  }
});

test("TDR-06 the parameter alias comes back as it came", () => {
  const { peer } = (() => {
    const connected = connect({ config: LISTENING });
    come(connected);
    return connected;
  })();
  peer.asks("OPTIONS", { headers: { Via: "SIP/2.0/TCP 192.0.2.20:5060;alias;branch=z9hG4bKa;ALIAS-2=x" } });
  assert.equal(
    peer.expects(200).header("Via"),
    "SIP/2.0/TCP 192.0.2.20:5060;alias;branch=z9hG4bKa;ALIAS-2=x",
  );
});

test("a refusal is not repeated, and its ACK ends the transaction at once", () => {
  const { phone, peer, invite, runTo } = ringing();
  phone.rejects(486);
  peer.expects(180);
  const refusal = peer.expects(486);
  runTo(20_000);
  peer.expectsNothing();
  peer.acksRefusal(invite, refusal);
  runTo(20_001);
  // RFC 3261 Table 4: Timer I is 0, so that the same INVITE is a new one now.
  peer.repeats(invite);
  phone.event("call.incoming");
});

test("RFC 3261 §13.3.1.4 a 2xx is repeated until its ACK: a proxy behind may have used UDP", () => {
  const { phone, peer, runTo } = ringing();
  phone.answers();
  peer.expects(180);
  peer.expects(200);
  runTo(500);
  peer.expects(200);
});

test("RFC 3261 §18.2.2 when the connection is gone the response takes a new one, to the port of Via", () => {
  const connected = ringing();
  const { phone, peer, stream, wire } = connected;
  peer.expects(180);
  stream.breaks();
  phone.rejects(486);
  const wanted = wire.opens[0];
  assert.deepEqual([wanted?.transport, wanted?.to], [Transport.Tcp, PEER]);
  const other = open(connected);
  assert.equal(peer.expects(486).flow, other.flow);
});

test("a connection that was opened for a response to TLS is closed where its certificate is not trusted", () => {
  for (const [names, why] of [
    [
      "unverified self-signed certificate\nDNS:192.0.2.20\n",
      "the certificate of 192.0.2.20 is not trusted: self-signed certificate",
    ],
    ["", "the certificate of 192.0.2.20 is not trusted: "],
    ["verified\nDNS:peer.example\n", "the certificate of 192.0.2.20 is for another name"],
  ] as const) {
    const connected = ringing(`${LISTENING_TLS}\nsecurity.cn_validation = 1`, Transport.Tls);
    connected.stream.breaks();
    connected.phone.rejects(486);
    assert.equal(open(connected, names).isClosed, true);
    assert.equal(connected.phone.event("fault").fields["what"], why);
  }
  const connected = ringing(`${LISTENING_TLS}\nsecurity.cn_validation = 1`, Transport.Tls);
  connected.stream.breaks();
  connected.phone.rejects(486);
  assert.equal(open(connected, "verified\nIP:192.0.2.20\n").isClosed, false);
  connected.phone.saysNothing("fault");
});

test("the settings may say that nobody's certificate matters", () => {
  const connected = ringing(`${LISTENING_TLS}\nsecurity.trust_certificates = 0`, Transport.Tls);
  connected.stream.breaks();
  connected.phone.rejects(486);
  assert.equal(open(connected).isClosed, false);
});

test("RFC 5923 §8.2 a connection with alias and a certificate serves for our way back; without certificate it does not", () => {
  for (const isKnown of [true, false]) {
    const connected = connect({ config: LISTENING_TLS });
    const { phone, peer, wire } = connected;
    const from = (port: number) => ({ address: PEER.address, port });
    const transport = Transport.Tls as const;
    const first = come(connected, { transport, from: from(40_000) });
    peer.invites();
    phone.event("call.incoming");
    peer.takesAll();
    const names = isKnown ? "verified\nIP:192.0.2.20\n" : "";
    const second = come(connected, { transport, from: from(40_001), names });
    peer.asks("OPTIONS", { headers: { Via: `${peer.via()};alias` } });
    peer.expects(200);
    first.breaks();
    phone.rejects(486);
    assert.equal(wire.opens.length, isKnown ? 0 : 1);
    assert.equal(peer.expects(486).flow === second.flow, isKnown);
  }
});

// ---- requests of ours ----

test("RFC 3261 §18.2.2 Via and Contact name the port that we listen on; without a listener that of the connection", () => {
  for (const [transport, config, port] of [
    [1, LISTENING, 5060],
    [2, LISTENING, 50_000],
  ] as const) {
    const server = `account.1.sip_server.1.transport_type = ${transport}`;
    const connected = registers({ config: `${config}\n${server}` });
    open(connected, "verified\nIP:192.0.2.20\n");
    const request = connected.peer.expects("REGISTER");
    const name = transport === 1 ? "tcp" : "tls";
    assert.match(request.header("Contact"), new RegExp(`@192\\.0\\.2\\.10:${port};transport=${name}>`));
    const viaPort = transport === 1 ? ":5060" : "(:50000)?";
    assert.match(request.header("Via"), new RegExp(`^SIP/2\\.0/${name} 192\\.0\\.2\\.10${viaPort};`, "i"));
  }
});

// ---- requests that are too large for UDP ----

/** Nobody can write this INVITE in 1300 bytes. */
const LONG = `sip:${"b".repeat(1200)}@192.0.2.20`;

function dialing(config = ""): Connected {
  const connected = connect({ config });
  connected.phone.dials(LONG);
  return connected;
}

function branchOf(datagram: Datagram): string {
  return /branch=([^;]*)/.exec(datagram.header("Via"))?.[1] ?? "";
}

test("RFC 3261 §18.1.1 a large request leaves over TCP, as its Via says, and is not repeated", () => {
  const connected = dialing();
  const { peer, phone, wire, runTo } = connected;
  assert.deepEqual(wire.opens[0]?.to, PEER);
  const stream = open(connected);
  const invite = peer.expects("INVITE");
  assert.equal(invite.flow, stream.flow);
  assert.match(invite.header("Via"), /^SIP\/2\.0\/TCP 192\.0\.2\.10:5060;/);
  runTo(10_000);
  peer.expectsNothing();
  peer.replies(invite, 200, { body: sdp() });
  phone.event("call.established");
});

test("a CANCEL goes the way of its large INVITE", () => {
  const connected = dialing();
  const { peer, phone } = connected;
  const stream = open(connected);
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180);
  phone.hangsUp();
  const cancel = peer.expects("CANCEL");
  assert.equal(cancel.flow, stream.flow);
  assert.equal(cancel.header("Via"), invite.header("Via"));
});

test("where nobody takes it over TCP it goes on over UDP, with the same branch, and the next one at once", () => {
  const connected = dialing();
  const { peer, phone, wire } = connected;
  const lost = peer.expects("INVITE");
  refuse(connected);
  const invite = peer.awaits("INVITE", 0);
  assert.equal(invite.flow, wire.instance.flow);
  assert.match(invite.header("Via"), /^SIP\/2\.0\/UDP /);
  assert.equal(branchOf(invite), branchOf(lost));
  assert.equal(peer.awaits("INVITE", 500).text, invite.text);
  peer.replies(invite, 486);
  peer.expects("ACK");
  phone.dials(LONG);
  assert.deepEqual(wire.opens, []);
  assert.equal(peer.expects("INVITE").flow, wire.instance.flow);
});

test("two seconds without a connection are enough", () => {
  const connected = dialing();
  const { peer, wire, runTo } = connected;
  const { flow } = asked(connected);
  peer.takesAll("INVITE");
  runTo(1999);
  peer.expectsNothing();
  runTo(2000);
  assert.deepEqual(wire.closed, [flow]);
  assert.equal(peer.expects("INVITE").flow, wire.instance.flow);
});

test("udp_to_tcp = 0, and a server whose port is set, keep large requests on UDP", () => {
  const server = "account.1.sip_server.1.address = 192.0.2.20\n";
  for (const config of ["account.1.udp_to_tcp = 0", `${server}account.1.sip_server.1.port = 5060`]) {
    const { peer, wire } = dialing(config);
    assert.deepEqual(wire.opens, []);
    assert.match(peer.expects("INVITE").header("Via"), /^SIP\/2\.0\/UDP /);
  }
  const { wire } = dialing(`${server}account.1.sip_server.1.port = 0`);
  assert.equal(wire.opens.length, 1);
});

test("a small request stays on UDP", () => {
  const { phone, peer, wire } = connect();
  phone.dials(peer.uri);
  peer.expects("INVITE");
  assert.deepEqual(wire.opens, []);
});

test("a dead connection fails its transactions at once", () => {
  const connected = dialing();
  const { peer, phone } = connected;
  const stream: Stream = open(connected);
  peer.replies(peer.expects("INVITE"), 180);
  stream.breaks();
  assert.equal(phone.event("call.ended").fields["status"], 503);
  peer.expectsNothing();
});

test("what went over a connection before is found again: no second one to the same place", () => {
  const connected = dialing();
  const { peer, phone, wire } = connected;
  const stream = open(connected);
  peer.replies(peer.expects("INVITE"), 486);
  peer.expects("ACK");
  phone.dials(LONG);
  assert.equal(peer.expects("INVITE").flow, stream.flow);
  assert.deepEqual(wire.opens, []);
});
