// A call in progress outlives a proxy: requests inside it go on to another target of the route's name.

import assert from "node:assert/strict";
import { test } from "node:test";
import { callUp, type CallUp, type Datagram } from "../support/scripted-peer.js";

const A = "192.0.2.31";
const B = "192.0.2.32";
const TWO = {
  "SRV _sip._udp.example.com": ["10 0 5070 a.example.com 60", "20 0 5080 b.example.com 60"],
  "A a.example.com": [`${A} 60`],
  "A b.example.com": [`${B} 60`],
};

/** A call whose requests go through a proxy with two addresses. */
function routed(config = ""): CallUp {
  const server = "account.1.sip_server.1.address = example.com\naccount.1.sip_server.1.port = 0";
  return callUp({
    dns: { ...TWO },
    config: `${server}\n${config}`,
    headers: { "Record-Route": "<sip:example.com;lr>" },
  });
}

function at(datagram: Datagram): string {
  return `${datagram.address.address}:${datagram.address.port}`;
}

function branchOf(request: Datagram): string {
  return /;branch=([^;]*)/.exec(request.header("Via"))?.[1] ?? "";
}

test("a request inside a call stays at the node that the call went through", () => {
  const { phone, peer, after } = routed();
  for (let i = 0; i < 5; i++) {
    phone.holds();
    const hold = peer.expects("INVITE");
    assert.equal(at(hold), `${A}:5070`);
    peer.replies(hold, 488);
    peer.expects("ACK");
    after(100_000);
  }
});

test("silence: BYE goes to the other node after retry_counts sends, with a new branch and CSeq + 1", () => {
  const { phone, peer, after } = routed();
  phone.hangsUp();
  const first = peer.expects("BYE");
  assert.equal(at(first), `${A}:5070`);
  after(3_499);
  assert.deepEqual(new Set(peer.takesAll("BYE").map(at)), new Set([`${A}:5070`]));
  after(1);
  const next = peer.expects("BYE");
  assert.equal(at(next), `${B}:5080`);
  assert.equal(next.cseq, first.cseq + 1);
  assert.notEqual(branchOf(next), branchOf(first));
  assert.deepEqual(next.headers("Route"), ["<sip:example.com;lr>"]);
  peer.replies(next, 200);
  peer.takesAll("BYE");
});

test("a packet that can't be delivered: the other node at once, and the call goes on", () => {
  const { phone, peer, wire } = routed();
  phone.holds();
  const first = peer.expects("INVITE");
  wire.take(wire.instance.sendFailed(wire.instance.flow, A, 5070, wire.now));
  const next = peer.expects("INVITE");
  assert.deepEqual([at(next), next.cseq, next.body], [`${B}:5080`, first.cseq + 1, first.body]);
  peer.replies(next, 200, { body: first.body });
  assert.equal(at(peer.expects("ACK")), `${B}:5080`);
  phone.saysNothing("call.ended");
  phone.hangsUp();
  assert.equal(at(peer.expects("BYE")), `${B}:5080`);
});

test("503 to a re-INVITE: the other node", () => {
  const { phone, peer } = routed();
  phone.holds();
  const first = peer.expects("INVITE");
  peer.replies(first, 503, { headers: { "Retry-After": "5" } });
  peer.expects("ACK");
  assert.equal(at(peer.expects("INVITE")), `${B}:5080`);
});

test("RFC 4028 a refresh whose proxy is silent is sent by the other node, and the session lives", () => {
  const { phone, peer, runTo } = callUp({
    dns: { ...TWO },
    sessionExpires: "90;refresher=uac",
    config: "account.1.sip_server.1.address = example.com\naccount.1.sip_server.1.port = 0",
    headers: { "Record-Route": "<sip:example.com;lr>" },
  });
  runTo(45_000 + 3_499);
  const asked = peer.takesAll();
  assert.deepEqual(new Set(asked.map(at)), new Set([`${A}:5070`]));
  runTo(45_000 + 3_500);
  const [next] = peer.takesAll();
  assert.equal(at(next!), `${B}:5080`);
  peer.replies(next!, 200, { headers: { "Session-Expires": "90;refresher=uac", Require: "timer" } });
  phone.event("call.refreshed");
  runTo(45_000 + 3_500 + 44_000);
  phone.saysNothing("call.ended");
});

test("RFC 3261 §13.2.2.4 a re-INVITE that made way is acknowledged if its 200 comes late", () => {
  const { phone, peer, after } = routed();
  phone.holds();
  const first = peer.expects("INVITE");
  after(3_500);
  const next = peer.takesAll("INVITE").pop()!;
  assert.equal(at(next), `${B}:5080`);
  peer.replies(first, 200, { body: first.body });
  assert.equal(peer.expects("ACK").cseq, first.cseq);
  peer.replies(next, 200, { body: next.body });
  assert.equal(peer.expects("ACK").cseq, next.cseq);
  phone.saysNothing("call.ended");
});

test("a route with one address gets all retransmissions, as ever", () => {
  const { phone, peer, after } = callUp({ headers: { "Record-Route": "<sip:192.0.2.41;lr>" } });
  phone.hangsUp();
  after(32_000);
  const sent = peer.takesAll("BYE");
  assert.equal(sent.length, 11);
  assert.deepEqual(new Set(sent.map((bye) => bye.cseq)).size, 1);
});

test("the node that took the call is gone from DNS: the next request goes to one that is there", () => {
  const { phone, peer, wire, after } = routed();
  wire.instance.dns!["SRV _sip._udp.example.com"] = ["20 0 5080 b.example.com 60"];
  after(61_000);
  phone.holds();
  // What is known serves at once; what was asked for meanwhile serves the next time.
  const hold = peer.expects("INVITE");
  peer.replies(hold, 488);
  peer.expects("ACK");
  phone.hangsUp();
  assert.equal(at(peer.expects("BYE")), `${B}:5080`);
});

test("transport=tcp in the route: a connection to it, and a new one when that is lost", () => {
  const { phone, wire, peer } = callUp({
    config: "sip.listen_mode = 1",
    headers: { "Record-Route": "<sip:192.0.2.41:5066;transport=tcp;lr>" },
  });
  const [first] = wire.opens.splice(0);
  assert.deepEqual([first?.to, first?.transport], [{ address: "192.0.2.41", port: 5066 }, 2]);
  peer.takesAll();
  wire.take(wire.instance.flowClosed(first!.flow, wire.now));
  phone.hangsUp();
  const bye = peer.expects("BYE");
  assert.match(bye.header("Via"), /^SIP\/2\.0\/TCP /);
  assert.deepEqual(wire.opens[0]?.to, { address: "192.0.2.41", port: 5066 });
});
