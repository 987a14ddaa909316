// A registration over a connection: when it is lost, and when it does not come.

import assert from "node:assert/strict";
import { test } from "node:test";
import { grants, registers } from "../support/registrar.js";
import type { Connected } from "../support/scripted-peer.js";
import { asked, open, refuse, type Stream } from "../support/stream.js";

const TCP = "account.1.sip_server.1.transport_type = 1";

/** Registered over a connection of its own. */
function overTcp(config = ""): Connected & { stream: Stream } {
  const all = registers({ config: `${TCP}\n${config}` });
  const stream = open(all);
  grants(all.peer, all.peer.expects("REGISTER"));
  return { ...all, stream };
}

test("REGISTER waits for the connection, and binds the port that we listen on beside it", () => {
  const all = registers({ config: TCP });
  all.peer.expectsNothing();
  open(all);
  const request = all.peer.expects("REGISTER");
  assert.match(request.header("Via"), /^SIP\/2\.0\/TCP 192\.0\.2\.10:5060;/);
  assert.equal(request.header("Contact"), "<sip:alice@192.0.2.10:5060;transport=tcp>");
  grants(all.peer, request);
  assert.equal(all.phone.event("account.registered").fields["transport"], "TCP");
});

test("TLS alone, and no certificate: ready without any socket, and registered over a connection", () => {
  // `registers` has waited for phone.ready.
  const all = registers({
    config: "account.1.sip_server.1.transport_type = 2\naccount.1.sip_server.1.port = 5061",
  });
  open(all, "verified\nIP:192.0.2.20");
  assert.match(all.peer.expects("REGISTER").header("Via"), /^SIP\/2\.0\/TLS 192\.0\.2\.10/);
});

test("the connection is refused: failed, and tried again after the interval", () => {
  const all = registers({ config: TCP });
  refuse(all);
  const { fields } = all.phone.event("account.failed");
  assert.deepEqual([fields["rule"], fields["retry"]], ["RFC3261-8.1.3.1-transport", 30]);
  all.runTo(29_999);
  assert.equal(all.wire.opens.length, 0);
  all.runTo(30_000);
  open(all);
  grants(all.peer, all.peer.expects("REGISTER"));
  all.phone.event("account.registered");
});

test("the connection does not come: given up after four seconds", () => {
  const all = registers({ config: TCP });
  all.runTo(3_999);
  all.phone.saysNothing("account.failed");
  all.runTo(4_000);
  all.phone.event("account.failed");
});

test("RFC 5626 §4.5 a lost flow: registered again at once over a new connection; lost again: after a wait", () => {
  const all = overTcp("account.1.reg_fail_retry_interval = 20");
  all.phone.event("account.registered");
  all.stream.breaks();
  const second = open(all);
  grants(all.peer, all.peer.expects("REGISTER"));
  all.phone.event("account.registered");
  second.breaks();
  assert.equal(all.wire.opens.length, 0);
  assert.equal(all.phone.event("account.failed").fields["rule"], "RFC5626-4.5-flow");
  all.runTo(20_000);
  open(all);
  grants(all.peer, all.peer.expects("REGISTER"));
  all.phone.event("account.registered");
});

test("a flow that lasted until a refresh counts as a good one: its loss is repaired at once", () => {
  const all = overTcp();
  all.stream.breaks();
  const second = open(all);
  grants(all.peer, all.peer.expects("REGISTER"));
  grants(all.peer, all.peer.awaits("REGISTER", 3_600_000));
  second.breaks();
  asked(all);
});

test("the connection breaks while REGISTER is unanswered: failed, no second one at once", () => {
  const all = registers({ config: TCP });
  const stream = open(all);
  all.peer.expects("REGISTER");
  stream.breaks();
  assert.equal(all.wire.opens.length, 0);
  assert.equal(all.phone.event("account.failed").fields["rule"], "RFC3261-8.1.3.1-transport");
});

test("stop when the connection is gone: nothing to wait for", () => {
  const all = overTcp();
  all.stream.breaks();
  all.phone.stops();
  all.phone.event("phone.stopped");
});

// ---- pings ----

const PING = ["\r\n\r\n"];

test("RFC 5626 §4.4.1 a registered connection is pinged after 95 s of silence; without any answer nothing follows", () => {
  const all = overTcp();
  all.phone.event("account.registered");
  for (let at = 95_000; at < 1_000_000; at += 95_000) {
    all.runTo(at - 1);
    assert.deepEqual(all.stream.takesLineEnds(), []);
    all.runTo(at);
    assert.deepEqual(all.stream.takesLineEnds(), PING);
  }
  assert.ok(!all.stream.isClosed);
});

test("RFC 5626 §4.4.1 who has answered a ping, and does not answer the next: registered anew over a new connection", () => {
  const all = overTcp();
  all.phone.event("account.registered");
  for (let i = 1; i <= 5; i++) {
    all.runTo(i * 96_000 - 1000);
    assert.deepEqual(all.stream.takesLineEnds(), PING);
    all.runTo(i * 96_000);
    // In one piece, or in two.
    if (i % 2) all.stream.brings("\r\n");
    else for (const byte of "\r\n") all.stream.brings(byte);
    assert.deepEqual(all.stream.takesLineEnds(), [], "an answer is no ping");
  }
  all.runTo(5 * 96_000 + 95_000 + 9_999);
  assert.deepEqual(all.stream.takesLineEnds(), PING);
  assert.ok(!all.stream.isClosed);
  all.runTo(5 * 96_000 + 95_000 + 10_000);
  assert.ok(all.stream.isClosed);
  open(all);
  grants(all.peer, all.peer.expects("REGISTER"));
  all.phone.event("account.registered");
});

test("RFC 5626 §4.4.1 a message in place of the answer shows that the connection lives, and no more", () => {
  const all = overTcp();
  for (let i = 1; i <= 3; i++) {
    all.runTo(i * 96_000);
    assert.deepEqual(all.stream.takesLineEnds(), PING);
    all.peer.asks("OPTIONS");
    all.peer.expects(200);
  }
  all.runTo(3 * 96_000 + 95_000 + 10_000);
  assert.deepEqual(all.stream.takesLineEnds(), PING);
  assert.ok(!all.stream.isClosed);
});

test("RFC 5626 §4.4.1 Flow-Timer: pinged after 80 % of it, and the first ping wants its answer", () => {
  const all = registers({ config: TCP });
  const stream = open(all);
  grants(all.peer, all.peer.expects("REGISTER"), 3600, { "Flow-Timer": "30" });
  all.phone.event("account.registered");
  all.runTo(23_999);
  assert.deepEqual(stream.takesLineEnds(), []);
  all.runTo(24_000);
  assert.deepEqual(stream.takesLineEnds(), PING);
  all.runTo(34_000);
  assert.ok(stream.isClosed);
});

test("a connection on which nobody lives is not pinged, and closes after 120 s", () => {
  const all = overTcp();
  all.phone.unregisters();
  grants(all.peer, all.peer.expects("REGISTER"), 0);
  all.runTo(119_999);
  assert.deepEqual(all.stream.takesLineEnds(), []);
  all.runTo(120_000);
  assert.ok(all.stream.isClosed);
});
