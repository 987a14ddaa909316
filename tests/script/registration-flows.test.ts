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
