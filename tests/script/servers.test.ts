// Finding servers (RFC 3263) and going on to the next one: calls.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Connected,
  connect,
  type ConnectOptions,
  type Datagram,
  sdp,
} from "../support/scripted-peer.js";

const A = "192.0.2.31";
const B = "192.0.2.32";
const C = "192.0.2.33";

const SERVER = `account.1.sip_server.1.address = example.com`;
const BY_SRV = `${SERVER}\naccount.1.sip_server.1.port = 0`;

/** Two servers behind SRV, the first one first. */
const TWO = {
  "SRV _sip._udp.example.com": ["10 0 5070 a.example.com 60", "20 0 5080 b.example.com 60"],
  "A a.example.com": [`${A} 60`],
  "A b.example.com": [`${B} 60`],
};

function at(datagram: Datagram): string {
  return `${datagram.address.address}:${datagram.address.port}`;
}

function branchOf(request: Datagram): string {
  return /;branch=([^;]*)/.exec(request.header("Via"))?.[1] ?? "";
}

function dial(options: ConnectOptions): Connected & { invite: Datagram } {
  const connected = connect(options);
  connected.phone.dials("bob");
  return { ...connected, invite: connected.peer.expects("INVITE") };
}

/** Questions that were asked, each once, in order. */
function questions({ wire }: Connected): string[] {
  const names = ["", "A", "AAAA", "LOCAL", "SRV", "NAPTR"];
  const asked = wire.instance.said.resolves.map(({ question, name }) => `${names[question]} ${name}`);
  return [...new Set(asked)];
}

// ---- outcomes by port and transport ----

const OUTCOMES: [string, string, Record<string, string[]>, string, string][] = [
  ["port given: A alone", SERVER, { "A example.com": [`${A} 60`] }, `${A}:5060`, "A example.com"],
  [
    "port given and transport 3: UDP, A alone",
    `${SERVER}\naccount.1.sip_server.1.port = 5099\naccount.1.sip_server.1.transport_type = 3`,
    { "A example.com": [`${A} 60`] },
    `${A}:5099`,
    "A example.com",
  ],
  [
    "port 0 and transport 3: NAPTR, its SRV, A",
    `${BY_SRV}\naccount.1.sip_server.1.transport_type = 3`,
    {
      "NAPTR example.com": ["10 10 s SIP+D2U _sip._udp.voice.example.com 60"],
      "SRV _sip._udp.voice.example.com": ["1 1 5070 a.example.com 60"],
      "A a.example.com": [`${A} 60`],
    },
    `${A}:5070`,
    "NAPTR example.com, SRV _sip._udp.voice.example.com, A a.example.com",
  ],
  [
    "port 0 and transport 3, no NAPTR, naptr_build 0: SRV of UDP",
    `${BY_SRV}\naccount.1.sip_server.1.transport_type = 3`,
    TWO,
    `${A}:5070`,
    "NAPTR example.com, SRV _sip._udp.example.com, A a.example.com, A b.example.com",
  ],
  [
    "port 0 and transport 3, no NAPTR, no SRV: A on 5060",
    `${BY_SRV}\naccount.1.sip_server.1.transport_type = 3`,
    { "A example.com": [`${A} 60`] },
    `${A}:5060`,
    "NAPTR example.com, SRV _sip._udp.example.com, A example.com",
  ],
  [
    "port 0 and transport 3, naptr_build 1: SRV of UDP, TCP and TLS",
    `${BY_SRV}\naccount.1.sip_server.1.transport_type = 3\naccount.1.naptr_build = 1`,
    { "A example.com": [`${A} 60`] },
    `${A}:5060`,
    "NAPTR example.com, SRV _sip._udp.example.com, SRV _sip._tcp.example.com, SRV _sips._tcp.example.com, A example.com",
  ],
  [
    "port 0 and transport 0: SRV of UDP",
    BY_SRV,
    TWO,
    `${A}:5070`,
    "SRV _sip._udp.example.com, A a.example.com, A b.example.com",
  ],
  [
    "port 0 and transport 0, no SRV: A on 5060",
    BY_SRV,
    { "A example.com": [`${A} 60`] },
    `${A}:5060`,
    "SRV _sip._udp.example.com, A example.com",
  ],
  ["an address needs no DNS", `account.1.sip_server.1.address = ${A}`, {}, `${A}:5060`, ""],
  [
    "an address with port 0: the usual port",
    `account.1.sip_server.1.address = ${A}\naccount.1.sip_server.1.port = 0\naccount.1.sip_server.1.transport_type = 3`,
    {},
    `${A}:5060`,
    "",
  ],
];

for (const [name, config, dns, target, asked] of OUTCOMES) {
  test(`RFC 3263 §4 ${name}`, () => {
    const call = dial({ config, dns });
    assert.equal(at(call.invite), target);
    assert.equal(questions(call).join(", "), asked);
  });
}

for (const [type, prefix, port, transport] of [
  [1, "_sip._tcp", 5060, 2],
  [2, "_sips._tcp", 5061, 3],
] as const) {
  test(`RFC 3263 §4.2 transport_type ${type}: SRV of ${prefix}, without it A and port ${port}; the name goes with it`, () => {
    const config = `${BY_SRV}\naccount.1.sip_server.1.transport_type = ${type}\nsip.listen_mode = 1`;
    const dns = { "A example.com": [`${A} 60`] };
    const plain = connect({ config, dns });
    plain.phone.dials("bob");
    const [open] = plain.wire.opens;
    assert.deepEqual(open?.to, { address: A, port });
    assert.deepEqual([open?.transport, open?.name], [transport, "example.com"]);
    const service = {
      [`SRV ${prefix}.example.com`]: ["1 1 5090 a.example.com 60"],
      "A a.example.com": [`${B} 60`],
    };
    const byService = connect({ config, dns: service });
    byService.phone.dials("bob");
    assert.deepEqual(byService.wire.opens[0]?.to, { address: B, port: 5090 });
    assert.equal(byService.wire.opens[0]?.name, "example.com");
  });
}

test("RFC 3263 §4.2 a family of which there is no socket is not asked for; without A the AAAA serve", () => {
  const { invite } = dial({
    baseConfig: `#!version:1.0.0.1\nringlet.bind.address = 2001:db8::10\naccount.1.enable = 1\n${SERVER}\n`,
    local: { address: "2001:db8::10", port: 5060 },
    dns: { "AAAA example.com": ["2001:db8::1 60"] },
  });
  assert.equal(invite.address.address, "2001:db8::1");
});

// ---- the cache ----

test("RFC 3263 §4.2 an answer is used for its time to live, and asked for again after it", () => {
  const call = connect({ config: SERVER, dns: { "A example.com": [`${A} 30`] } });
  const asked = (): number => call.wire.instance.said.resolves.length;
  const before = asked();
  call.runTo(29_000);
  call.phone.dials("bob");
  call.peer.replies(call.peer.expects("INVITE"), 486, { from: { address: A, port: 5060 } });
  call.peer.expects("ACK");
  assert.equal(asked(), before);
  call.wire.instance.dns!["A example.com"] = [`${B} 30`];
  call.runTo(30_000);
  call.phone.dials("bob");
  assert.equal(call.peer.expects("INVITE").address.address, B);
  assert.equal(asked(), before + 1);
});

test("dns_cache_type = 0 asks for each call", () => {
  const config = `${SERVER}\naccount.1.dns_cache_type = 0`;
  const call = connect({ config, dns: { "A example.com": [`${A} 300`] } });
  for (const server of [B, C]) {
    call.wire.instance.dns!["A example.com"] = [`${server} 300`];
    call.phone.dials("bob");
    assert.equal(call.peer.expects("INVITE").address.address, server);
  }
});

test("RFC 8767 a name service that fails is no reason to lose a server whose address was known", () => {
  const call = connect({ config: SERVER, dns: { "A example.com": [`${A} 30`] } });
  delete call.wire.instance.dns!["A example.com"];
  call.runTo(60_000);
  call.phone.dials("bob");
  assert.equal(call.peer.expects("INVITE").address.address, A);
});

// ---- the next target ----

test("TDR-34 503: a new INVITE to the next target, new branch, same Call-ID and From tag, CSeq + 1", () => {
  const { phone, peer, invite } = dial({ config: BY_SRV, dns: TWO });
  assert.equal(at(invite), `${A}:5070`);
  peer.replies(invite, 503, { headers: { "Retry-After": "1" } });
  const ack = peer.expects("ACK");
  assert.equal(at(ack), `${A}:5070`);
  const next = peer.expects("INVITE");
  assert.equal(at(next), `${B}:5080`);
  assert.equal(next.header("Call-ID"), invite.header("Call-ID"));
  assert.equal(next.header("From"), invite.header("From"));
  assert.equal(next.header("To"), invite.header("To"));
  assert.equal(next.uri, invite.uri);
  assert.equal(next.body, invite.body);
  assert.equal(next.cseq, invite.cseq + 1);
  assert.notEqual(branchOf(next), branchOf(invite));
  peer.replies(next, 200, { body: sdp() });
  peer.expects("ACK");
  phone.event("call.established");
});

test("TDR-34 Retry-After keeps a target out for so long, and no longer", () => {
  const call = dial({ config: BY_SRV, dns: TWO });
  const { phone, peer, runTo } = call;
  peer.replies(call.invite, 503, { headers: { "Retry-After": "20" } });
  peer.expects("ACK");
  peer.replies(peer.expects("INVITE"), 486);
  peer.expects("ACK");
  runTo(19_999);
  phone.dials("bob");
  const barred = peer.expects("INVITE");
  assert.equal(at(barred), `${B}:5080`);
  peer.replies(barred, 486);
  peer.expects("ACK");
  runTo(20_000);
  phone.dials("bob");
  assert.equal(at(peer.expects("INVITE")), `${A}:5070`);
});

test("a target that is kept out is better than none", () => {
  const config = `account.1.sip_server.1.address = ${A}`;
  const { phone, peer, invite } = dial({ config });
  peer.replies(invite, 503, { headers: { "Retry-After": "600" } });
  peer.expects("ACK");
  assert.equal(phone.event("call.ended").fields["status"], 503);
  phone.dials("bob");
  assert.equal(peer.expects("INVITE").address.address, A);
});

test("TDR-34 the second server follows the targets of the first; behind the last the call ends with its 503", () => {
  const config = `${BY_SRV}\naccount.1.sip_server.2.address = ${C}`;
  const { phone, peer, invite } = dial({ config, dns: TWO });
  peer.replies(invite, 503);
  peer.expects("ACK");
  peer.replies(peer.expects("INVITE"), 503);
  peer.expects("ACK");
  const last = peer.expects("INVITE");
  assert.equal(at(last), `${C}:5060`);
  assert.equal(last.cseq, 3);
  peer.replies(last, 503, { reason: "Overload" });
  peer.expects("ACK");
  peer.expectsNothing();
  const { fields } = phone.event("call.ended");
  assert.deepEqual([fields["by"], fields["status"], fields["reason"]], ["remote", 503, "Overload"]);
});

test("outbound proxies stand in for the servers, and each has its own Route", () => {
  const config = `account.1.sip_server.1.address = ${C}
account.1.outbound_proxy_enable = 1
account.1.outbound_proxy.1.address = ${A}
account.1.outbound_proxy.2.address = ${B}
account.1.outbound_proxy.2.port = 5070`;
  const { peer, invite } = dial({ config });
  assert.equal(invite.header("Route"), `<sip:${A}:5060;lr>`);
  peer.replies(invite, 503);
  peer.expects("ACK");
  const next = peer.expects("INVITE");
  assert.equal(at(next), `${B}:5070`);
  assert.equal(next.header("Route"), `<sip:${B}:5070;lr>`);
});

for (const status of [486, 500, 600, 603]) {
  test(`TDR-36 ${status} is an answer: nobody else is asked`, () => {
    const { phone, peer, invite } = dial({ config: BY_SRV, dns: TWO });
    peer.replies(invite, status);
    peer.expects("ACK");
    peer.expectsNothing();
    assert.equal(phone.event("call.ended").fields["status"], status);
  });
}

test("a 503 behind ringing goes on too; the other target may ring and answer", () => {
  const { phone, peer, invite } = dial({ config: BY_SRV, dns: TWO });
  peer.replies(invite, 180);
  phone.event("call.ringing");
  peer.replies(invite, 503);
  peer.expects("ACK");
  const next = peer.expects("INVITE");
  peer.replies(next, 180, { tag: "other" });
  peer.replies(next, 200, { tag: "other", body: sdp() });
  peer.expects("ACK");
  phone.event("call.established");
});

test("YL-08 silence: invite_retry_counts sends, then the next target; the last one gets its 64*T1", () => {
  const { phone, peer, invite, runTo } = dial({ config: BY_SRV, dns: TWO });
  runTo(3_499);
  assert.equal(peer.takesAll("INVITE").length, 2);
  runTo(3_500);
  const next = peer.expects("INVITE");
  assert.equal(at(next), `${B}:5080`);
  assert.notEqual(branchOf(next), branchOf(invite));
  assert.equal(next.cseq, 2);
  runTo(3_500 + 31_999);
  assert.deepEqual(new Set(peer.takesAll("INVITE").map(at)), new Set([`${B}:5080`]));
  phone.saysNothing("call.ended");
  runTo(3_500 + 32_000);
  const { fields } = phone.event("call.ended");
  assert.deepEqual([fields["status"], fields["rule"]], [408, "RFC3261-17.1.1-timeout"]);
});

test("invite_retry_counts = 1: one send and T1", () => {
  const config = `${BY_SRV}\naccount.1.sip_server.1.invite_retry_counts = 1`;
  const { peer, runTo } = dial({ config, dns: TWO });
  runTo(500);
  const sent = peer.takesAll("INVITE");
  assert.equal(at(sent[sent.length - 1]!), `${B}:5080`);
});

test("a single server that is silent gets its 64*T1 and all its retransmissions", () => {
  const { phone, peer, runTo } = dial({ config: `account.1.sip_server.1.address = ${A}` });
  runTo(31_999);
  assert.equal(peer.takesAll("INVITE").length, 6);
  phone.saysNothing("call.ended");
  runTo(32_000);
  phone.event("call.ended");
});

test("a provisional response ends the silence: nobody else is asked", () => {
  const { peer, invite, runTo } = dial({ config: BY_SRV, dns: TWO });
  peer.replies(invite, 100);
  runTo(60_000);
  peer.expectsNothing();
});

test("RFC 3261 §9.1 a target that answers when the call has gone on gets CANCEL, and BYE for its 200", () => {
  const { phone, peer, invite, runTo } = dial({ config: BY_SRV, dns: TWO });
  runTo(3_500);
  const [next] = peer.takesAll("INVITE").slice(-1);
  peer.replies(invite, 180, { tag: "late" });
  const cancel = peer.expects("CANCEL");
  assert.deepEqual([at(cancel), cancel.cseq, branchOf(cancel)], [`${A}:5070`, 1, branchOf(invite)]);
  phone.saysNothing("call.ringing");
  peer.replies(invite, 200, { tag: "late", body: sdp() });
  assert.equal(peer.expects("ACK").cseq, 1);
  const bye = peer.expects("BYE");
  assert.match(bye.header("To"), /tag=late/);
  peer.replies(next!, 200, { body: sdp() });
  peer.expects("ACK");
  phone.event("call.established");
});

test("TDR-35 a packet that can't be delivered: the next target at once", () => {
  const { peer, wire } = dial({ config: BY_SRV, dns: TWO });
  wire.take(wire.instance.sendFailed(wire.instance.flow, A, 5070, wire.now));
  assert.equal(at(peer.expects("INVITE")), `${B}:5080`);
});

test("TDR-35 a connection that fails: the next target at once, and the failed one stays out", () => {
  const config = `${BY_SRV}\naccount.1.sip_server.1.transport_type = 1`;
  const dns = {
    "SRV _sip._tcp.example.com": TWO["SRV _sip._udp.example.com"],
    "A a.example.com": [`${A} 60`],
    "A b.example.com": [`${B} 60`],
  };
  const { phone, wire } = connect({ config, dns });
  phone.dials("bob");
  const [first] = wire.opens.splice(0);
  assert.deepEqual(first?.to, { address: A, port: 5070 });
  wire.take(wire.instance.flowClosed(first!.flow, wire.now));
  const [second] = wire.opens.splice(0);
  assert.deepEqual(second?.to, { address: B, port: 5080 });
  phone.hangsUp();
  phone.dials("bob");
  assert.deepEqual(
    wire.opens.map(({ to }) => to.address),
    [],
  );
});

test("TDR-35 a connection that never opens: the next target after four seconds", () => {
  const config = `account.1.sip_server.1.address = ${A}\naccount.1.sip_server.1.transport_type = 1
account.1.sip_server.2.address = ${B}\naccount.1.sip_server.2.transport_type = 0`;
  const { phone, peer, runTo } = connect({ config });
  phone.dials("bob");
  runTo(3_999);
  peer.expectsNothing();
  runTo(4_000);
  assert.equal(at(peer.expects("INVITE")), `${B}:5060`);
});

test("hung up while the next target is looked up: the call is over at once, and late answers change nothing", () => {
  const config = `account.1.sip_server.1.address = ${A}\naccount.1.sip_server.2.address = slow.example.com`;
  const { phone, peer, invite, wire } = dial({ config });
  peer.replies(invite, 503);
  peer.expects("ACK");
  phone.saysNothing("call.ended");
  phone.hangsUp();
  phone.event("call.ended");
  const { query } = wire.instance.said.resolves[wire.instance.said.resolves.length - 1]!;
  wire.take(wire.instance.resolved(query, `${B} 60\n`, wire.now));
  peer.expectsNothing();
});
