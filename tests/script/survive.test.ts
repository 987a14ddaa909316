// sip_survived: a state that was saved goes on in a fresh instance, whatever it was in the midst of.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Counter, Transport } from "../../host/node/abi.js";
import { bindingOf, grants, registered, registers } from "../support/registrar.js";
import { callUp, connect, type Connected, type Datagram, PEER, PHONE } from "../support/scripted-peer.js";
import { come, open } from "../support/stream.js";

const TIMER = "account.1.session_timer.enable = 1\naccount.1.session_timer.expires = 90";
const TCP = "account.1.sip_server.1.transport_type = 1";

function changes({ wire }: Connected): number {
  return wire.instance.module.counter(Counter.Changes);
}

/** Value of a parameter of the credentials that the request carries. */
function parameter(request: Datagram, name: string): string {
  return new RegExp(`\\b${name}="?([^",]*)`).exec(request.header("Authorization"))?.[1] ?? "";
}

const CHALLENGE = { "WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5' };

// ---- calls whose media survived ----

test("our refresh stays on time, with a CSeq well above the last", () => {
  const { phone, peer, wire, invite, at } = callUp({ config: TIMER, sessionExpires: "90;refresher=uac" });
  at(20_000);
  wire.restart();
  phone.event("phone.ready");
  const refresh = peer.awaits("INVITE", 45_001);
  assert.equal(refresh.atMs, 45_000);
  assert.equal(refresh.cseq, invite.cseq + 11);
  peer.replies(refresh, 200, { headers: { "Session-Expires": "90;refresher=uac" }, body: "" });
  peer.expects("ACK");
  phone.event("call.refreshed");
});

test("the peer's re-INVITE and its BYE find the call", () => {
  const { phone, peer, wire, dialog } = callUp({ direction: "incoming" });
  wire.restart();
  peer.requests(dialog, "INVITE", { body: wire.all[0]?.body ?? "" });
  peer.expects(200);
  peer.acks(dialog);
  peer.requests(dialog, "BYE");
  peer.expects(200);
  assert.equal(phone.event("call.ended").fields["rule"], "peer-bye");
});

test("a refresh that fell due meanwhile is sent by the first tick", () => {
  const { peer, wire } = callUp({ config: TIMER, sessionExpires: "90;refresher=uac" });
  const saved = wire.instance.module.snapshot();
  wire.now = 55_000;
  wire.restart(true, saved);
  peer.expectsNothing();
  assert.equal(peer.awaits("INVITE", 55_000).atMs, 55_000);
});

test("a call whose interval is over is ended by the first tick", () => {
  const { phone, peer, wire, dialog } = callUp({
    direction: "incoming",
    config: TIMER,
    sessionExpires: "90;refresher=uac",
  });
  const saved = wire.instance.module.snapshot();
  wire.now = 3_600_000;
  wire.restart(true, saved);
  const bye = peer.awaits("BYE", 3_600_000);
  assert.equal(bye.header("Call-ID"), dialog.callId);
  assert.equal(phone.event("call.ended").fields["rule"], "RFC4028-10-expired");
});

test("a 2xx without ACK is repeated until the ACK comes", () => {
  const { phone, peer, wire } = connect();
  const invite = peer.invites();
  peer.takesAll();
  phone.event("call.incoming");
  phone.answers();
  const accepted = peer.expects(200);
  wire.restart();
  assert.equal(peer.awaits(200, 600).atMs, 500);
  peer.acks(peer.dialog(invite, accepted));
  phone.event("call.established");
});

test("a request that is open goes on with its timers, and its answer counts", () => {
  const { phone, peer, wire } = callUp();
  phone.holds();
  const hold = peer.expects("INVITE");
  wire.restart();
  const again = peer.awaits("INVITE", 600);
  assert.equal(again.text, hold.text);
  peer.replies(again, 200, { body: wire.all[0]?.body ?? "" });
  assert.equal(peer.expects("ACK").cseq, hold.cseq);
  phone.hangsUp();
  assert.equal(peer.expects("BYE").cseq, hold.cseq + 11);
});

// ---- calls that can't go on ----

test("without media a call is ended with BYE, and says why", () => {
  const { phone, peer, wire } = callUp();
  wire.restart(false);
  assert.match(peer.expects("BYE").header("Reason"), /^SIP;cause=200;text="the phone has lost its media"$/);
  const { fields } = phone.event("call.ended");
  assert.equal(fields["rule"], "media-lost");
  assert.equal(fields["by"], "local");
});

for (const isMediaAlive of [true, false]) {
  test(`a call that rings here is refused, one that rings there is cancelled: media alive ${isMediaAlive}`, () => {
    const { phone, peer, wire } = connect();
    peer.invites();
    peer.takesAll();
    phone.dials("sip:carol@192.0.2.20");
    const invite = peer.expects("INVITE");
    peer.replies(invite, 180);
    phone.forgetsEvents();
    wire.restart(isMediaAlive);
    peer.expects(480);
    const cancel = peer.expects("CANCEL");
    peer.replies(cancel, 200);
    peer.replies(invite, 487);
    peer.expects("ACK");
    for (const _ of "12") assert.equal(phone.event("call.ended").fields["rule"], "media-lost");
    wire.runTo(100_000);
    assert.equal(wire.instance.deadline, -1);
  });
}

test("an answer without ACK, and without media: over, and BYE behind the ACK", () => {
  const { phone, peer, wire } = connect();
  const invite = peer.invites();
  peer.takesAll();
  phone.event("call.incoming");
  phone.answers();
  const accepted = peer.expects(200);
  wire.restart(false);
  assert.equal(phone.event("call.ended").fields["rule"], "media-lost");
  peer.expectsNothing();
  peer.acks(peer.dialog(invite, accepted));
  peer.expects("BYE");
});

// ---- sockets, connections, questions ----

test("every socket is asked for again where it was, under its own handle", () => {
  const { wire, phone } = connect({
    config: "sip.listen_mode = 1",
    local: { address: PHONE.address, port: 5061 },
  });
  const before = wire.instance.said.listens.map(({ flow, transport }) => ({ flow, transport }));
  wire.instance.said.listens.length = 0;
  phone.forgetsEvents();
  wire.restart();
  const after = wire.instance.said.listens;
  assert.deepEqual(
    after.map(({ flow, transport }) => ({ flow, transport })),
    before.filter(({ flow }) => after.some((each) => each.flow === flow)),
  );
  assert.deepEqual(
    after.map(({ transport }) => transport),
    [Transport.Udp, Transport.Tcp],
  );
  for (const { local } of after) assert.equal(local.address, PHONE.address);
});

test("a socket that was not there yet is asked for again too", () => {
  const { wire } = connect();
  const { module } = wire.instance;
  const raw = module.snapshot();
  assert.ok(raw.memory.length > 0);
  wire.instance.said.listens.length = 0;
  wire.restart();
  // Killed again before the socket was bound.
  wire.restart();
  assert.equal(wire.instance.said.listens.length, 2);
  assert.deepEqual(wire.instance.said.listens[0], wire.instance.said.listens[1]);
});

test("a socket that can't be bound any more is a flow that is lost", () => {
  const { peer, wire, phone, after } = callUp();
  wire.restart();
  const { flow } = wire.instance;
  wire.take(wire.instance.flowClosed(flow, wire.now));
  assert.match(String(phone.event("fault").fields["what"]), /no socket is left/);
  phone.hangsUp();
  after(1000);
  peer.expectsNothing();
});

/** A call that came over a connection of the peer's, and is up. */
function calledOverConnection(): Connected {
  const connected = connect({ config: "sip.listen_mode = 1" });
  const { phone, peer } = connected;
  come(connected);
  const invite = peer.invites();
  peer.takesAll();
  phone.event("call.incoming");
  phone.answers();
  peer.acks(peer.dialog(invite, peer.expects(200)));
  return connected;
}

test("a call over a connection opens a new one for its next request", () => {
  const connected = calledOverConnection();
  const { phone, peer, wire } = connected;
  wire.restart();
  phone.hangsUp();
  const { to, transport } = wire.opens[0] ?? wire.fail("no connection was asked for");
  assert.deepEqual({ to, transport }, { to: PEER, transport: Transport.Tcp });
  open(connected);
  peer.expects("BYE");
});

test("without media, BYE leaves over a new connection", () => {
  const connected = calledOverConnection();
  const { phone, peer, wire } = connected;
  wire.restart(false);
  const [wanted] = wire.opens;
  const bye = peer.expects("BYE");
  assert.equal(bye.flow, wanted?.flow);
  open(connected);
  peer.replies(bye, 200);
  assert.equal(phone.event("call.ended").fields["rule"], "media-lost");
});

test("the answer to a question that was open is asked for again", () => {
  const config = "account.1.sip_server.1.address = sip.example.com";
  const { wire } = connect({ config, registers: true });
  const asked = wire.instance.said.resolves.splice(0);
  assert.ok(asked.length > 0);
  wire.restart();
  assert.deepEqual(wire.instance.said.resolves, asked);
});

// ---- registrations ----

test("a registration is kept: its refresh is on time, same Call-ID and binding, CSeq and nonce count skipped", () => {
  const config =
    "account.1.auth_name = alice\naccount.1.password = secret\naccount.1.register_expires_overlap = 60";
  const connected = registers({ config });
  const { peer, wire, phone } = connected;
  peer.replies(peer.expects("REGISTER"), 401, { headers: CHALLENGE });
  const first = peer.expects("REGISTER");
  grants(peer, first, 120);
  phone.event("account.registered");
  wire.restart();
  peer.expectsNothing();
  const refresh = peer.awaits("REGISTER", 120_000);
  assert.equal(refresh.atMs, 60_000);
  assert.equal(refresh.header("Call-ID"), first.header("Call-ID"));
  assert.equal(bindingOf(refresh), bindingOf(first));
  assert.equal(refresh.cseq, first.cseq + 11);
  assert.equal(
    Number.parseInt(parameter(refresh, "nc"), 16),
    Number.parseInt(parameter(first, "nc"), 16) + 11,
  );
  grants(peer, refresh, 120);
  phone.saysNothing("account.failed");
});

test("a binding that is long gone is renewed by the first tick", () => {
  const { peer, wire } = registered({ expires: 120 });
  const saved = wire.instance.module.snapshot();
  wire.now = 86_400_000;
  wire.restart(true, saved);
  assert.equal(peer.awaits("REGISTER", wire.now).atMs, 86_400_000);
});

test("over TCP the flow is lost: registered again at once over a new connection, however often", () => {
  const connected = registers({ config: TCP });
  const { peer, wire, phone } = connected;
  open(connected);
  const first = peer.expects("REGISTER");
  grants(peer, first);
  phone.event("account.registered");
  for (let round = 0; round < 3; round++) {
    wire.restart();
    open(connected);
    const again = peer.expects("REGISTER");
    assert.equal(again.header("Call-ID"), first.header("Call-ID"));
    assert.equal(bindingOf(again), bindingOf(first));
    grants(peer, again);
    phone.saysNothing("account.failed");
  }
});

test("a request that left UDP because of its size goes back to it", () => {
  const config = `account.1.display_name = ${"x".repeat(120)}\n`;
  const connected = connect({ config });
  const { phone, peer, wire } = connected;
  const uri = `sip:${"b".repeat(900)}@192.0.2.20`;
  phone.dials(uri);
  assert.equal(wire.opens.length, 1);
  wire.restart();
  // Not answered, so it ends; that takes an answer to what was sent.
  assert.equal(phone.event("call.ended").fields["rule"], "media-lost");
  wire.opens.length = 0;
  wire.waiting.length = 0;
  assert.equal(peer.awaits("INVITE", 10_000).flow, wire.instance.flow);
});

test("a connection that was opening is one that failed: tried again after the usual wait", () => {
  const connected = registers({ config: TCP });
  const { wire, phone } = connected;
  wire.opens.length = 0;
  wire.restart();
  const { retry } = phone.event("account.failed").fields;
  wire.runTo(Number(retry) * 1000);
  open(connected);
  connected.peer.expects("REGISTER");
});

// ---- what a state file must have ----

test("Changes grows with every change of a call, and only then", () => {
  const connected = callUp({ config: TIMER, sessionExpires: "90;refresher=uac" });
  const { phone, peer, dialog, wire, after } = connected;
  const steps: [string, () => void][] = [
    ["refresh sent", () => void peer.awaits("INVITE", 45_000)],
    ["refresh answered", () => void peer.replies(wire.all.at(-1) as Datagram, 200, { body: "" })],
    ["update of the peer", () => void peer.requests(dialog, "UPDATE")],
    ["hold", () => phone.holds()],
    ["bye of the peer", () => void peer.requests(dialog, "BYE")],
  ];
  for (const [what, step] of steps) {
    const before = changes(connected);
    step();
    assert.ok(changes(connected) > before, what);
  }
  const before = changes(connected);
  peer.asks("OPTIONS");
  peer.sends("nonsense");
  after(0);
  assert.equal(changes(connected), before);
});

test("Changes grows on the way up, at the ACK and at the end", () => {
  const connected = connect();
  const { phone, peer } = connected;
  let last = changes(connected);
  const moved = (what: string) => {
    assert.ok(changes(connected) > last, what);
    last = changes(connected);
  };
  const invite = peer.invites();
  moved("rings");
  peer.takesAll();
  phone.event("call.incoming");
  phone.answers();
  moved("answered");
  peer.acks(peer.dialog(invite, peer.expects(200)));
  moved("acknowledged");
  phone.hangsUp();
  moved("hung up");
  peer.replies(peer.expects("BYE"), 200);
  moved("gone");
});

test("Changes grows with every state of a registration", () => {
  const connected = registers();
  const { peer } = connected;
  let last = changes(connected);
  const moved = (what: string) => {
    assert.ok(changes(connected) > last, what);
    last = changes(connected);
  };
  grants(peer, peer.expects("REGISTER"), 120);
  moved("registered");
  const refresh = peer.awaits("REGISTER", 120_000);
  moved("refreshing");
  peer.replies(refresh, 403);
  moved("refused");
});
