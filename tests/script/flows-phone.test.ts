// The phone as a whole: settings at run time, capacity, calls that end together when it goes off, lost packets.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Counter, Status } from "../../host/node/abi.js";
import { callUp, connect, sdp } from "../support/scripted-peer.js";

// ---- settings at run time ----

test("a setting changed at run time counts from the next call on", () => {
  const { phone, peer, dialog } = callUp();
  assert.equal(phone.gets("account.1.session_timer.enable"), "0");
  phone.sets("account.1.session_timer.enable", "1");
  phone.sets("account.1.session_timer.expires", "600");
  assert.equal(phone.gets("account.1.session_timer.expires"), "600");
  phone.holds();
  const hold = peer.expects("INVITE");
  assert.equal(hold.has("Session-Expires"), false);
  peer.replies(hold, 200, { body: sdp({ direction: "recvonly" }) });
  peer.expects("ACK");
  peer.requests(dialog, "BYE");
  peer.expects(200);
  phone.dials("sip:bob@192.0.2.20");
  assert.equal(peer.expects("INVITE").header("Session-Expires"), "600;refresher=uac");
});

test("do not disturb is switched on and off while the phone runs", () => {
  const { phone, peer } = connect();
  phone.sets("features.dnd.enable", "1");
  peer.acksRefusal(peer.invites(), peer.expects(480));
  phone.sets("features.dnd.enable", "0");
  peer.invites();
  peer.expects(180);
});

test("a bad value is refused and said, an unknown key is refused, and nothing changes", () => {
  const { phone } = connect();
  phone.refuses(Status.BadValue, (module, now) => module.set("account.1.ptime", "23", now));
  const rejected = phone.event("setting.rejected").fields;
  assert.equal(rejected["key"], "account.1.ptime");
  assert.equal(phone.gets("account.1.ptime"), "20");
  phone.refuses(Status.UnknownKey, (module, now) => module.set("account.1.nonsense", "1", now));
  assert.equal(phone.gets("account.1.nonsense"), Status.UnknownKey);
});

test("an account that is enabled at run time can be called and can call", () => {
  const { phone, peer } = connect();
  const uri = "sip:carol@192.0.2.10";
  peer.acksRefusal(peer.invites({ uri }), peer.expects(404));
  phone.sets("account.2.user_name", "carol");
  phone.sets("account.2.enable", "1");
  peer.invites({ uri, tag: "again" });
  assert.equal(phone.event("call.incoming").fields["account"], 2);
  peer.expects(180);
  phone.dials("sip:bob@192.0.2.20", 2);
  assert.match(peer.expects("INVITE").header("From"), /<sip:carol@/);
});

test("T1 of the account paces its calls", () => {
  const { phone, peer, runTo } = connect({ config: "account.1.advanced.timer_t1 = 1" });
  phone.dials("sip:bob@192.0.2.20");
  runTo(63_999);
  assert.deepEqual(
    peer.takesAll("INVITE").map((each) => each.atMs),
    [0, 1_000, 3_000, 7_000, 15_000, 31_000, 63_000],
  );
  phone.saysNothing("call.ended");
  runTo(64_000);
  phone.event("call.ended");
});

// ---- several calls ----

test("ports go round: the port of a call that ended is not the next one", () => {
  const config = "network.port.min_rtpport = 20000\nnetwork.port.max_rtpport = 20005";
  const { phone, peer } = connect({ config });
  const ports: string[] = [];
  for (let round = 0; round < 5; round++) {
    phone.dials("sip:bob@192.0.2.20");
    const invite = peer.expects("INVITE");
    ports.push(/m=audio (\d+)/.exec(invite.body)?.[1] ?? "");
    peer.replies(invite, 486);
    peer.expects("ACK");
  }
  assert.deepEqual(ports, ["20000", "20002", "20004", "20000", "20002"]);
});

test("sixteen calls at once, each with its port, and the seventeenth finds no room", () => {
  const { phone, peer } = connect();
  const ports = new Set<string>();
  for (let place = 0; place < 16; place++) {
    phone.dials("sip:bob@192.0.2.20");
    const invite = peer.expects("INVITE");
    ports.add(/m=audio (\d+)/.exec(invite.body)?.[1] ?? "");
    peer.replies(invite, 200, { body: sdp(), tag: `call${place}` });
    peer.expects("ACK");
  }
  assert.equal(ports.size, 16);
  phone.refuses(Status.Full, (module, now) => module.dial(0, "sip:bob@192.0.2.20", now));
  peer.invites();
  peer.expects(486);
});

test("the table of transactions is full: a new call is dropped, the calls that are there go on", () => {
  const { phone, peer, dialog, wire } = callUp({ config: "ringlet.capacity.transactions = 16" });
  for (let i = 0; i < 15; i++) peer.invites({ tag: `caller${i}` });
  const rung = peer.takesAll(180).length;
  assert.ok(rung > 8 && rung < 15, `${rung} rang`);
  assert.equal(wire.instance.module.counter(Counter.NoRoom), 15 - rung);
  peer.requests(dialog, "BYE");
  peer.expects(200);
  phone.event("call.ended");
});

test("transactions that are done make room for new ones", () => {
  const { peer } = connect({ config: "ringlet.capacity.transactions = 16" });
  for (let i = 0; i < 200; i++) peer.asks("OPTIONS", { tag: `asker${i}` });
  assert.equal(peer.takesAll(200).length, 200);
});

test("sip_list tells of every call and its state", () => {
  const { phone, peer, wire } = callUp();
  peer.invites({ tag: "other" });
  peer.expects(180);
  phone.event("call.incoming");
  wire.command((module) => module.list(wire.now));
  const states = [phone.event("call.state").fields, phone.event("call.state").fields];
  assert.deepEqual(
    states.map((each) => [each["state"], each["direction"]]),
    [
      ["up", "outgoing"],
      ["ringing", "incoming"],
    ],
  );
  phone.saysNothing("call.state");
});

// ---- going off ----

test("stop without calls: phone.stopped at once, and no call is begun any more", () => {
  const { phone } = connect();
  phone.stops();
  phone.event("phone.stopped");
  phone.refuses(Status.WrongState, (module, now) => module.dial(0, "sip:bob@192.0.2.20", now));
});

test("stop with a call in every state: each is ended as its state asks, then phone.stopped", () => {
  const { phone, peer } = callUp();
  // calling: nothing heard
  phone.dials("sip:bob@192.0.2.20");
  const calling = peer.expects("INVITE");
  // proceeding
  phone.dials("sip:bob@192.0.2.20");
  const proceeding = peer.expects("INVITE");
  peer.replies(proceeding, 180);
  // ringing here
  const ringing = peer.invites({ tag: "ringing" });
  peer.expects(180);
  phone.event("call.incoming");
  // answered here, no ACK yet
  const answered = peer.invites({ tag: "answered" });
  peer.expects(180);
  phone.event("call.incoming");
  phone.answers();
  const accepted = peer.expects(200);

  phone.stops();
  phone.saysNothing("phone.stopped");
  for (let i = 0; i < 5; i++) assert.equal(phone.event("call.ended").fields["rule"], "user-stop");
  phone.saysNothing("call.ended");
  const said = peer.takesAll();
  assert.deepEqual(
    said.map((each) => (each.status ? each.status : each.method)).sort(),
    [480, "BYE", "CANCEL"].sort(),
  );
  const [bye, cancel, refusal] = ["BYE", "CANCEL", "INVITE"].map((method) => {
    const found = said.find((each) => each.method === method);
    assert.ok(found);
    return found;
  });
  assert.ok(bye && cancel && refusal);
  peer.replies(bye, 200);
  peer.acksRefusal(ringing, refusal);
  peer.replies(cancel, 200);
  peer.replies(proceeding, 487);
  peer.expects("ACK");
  peer.acks(peer.dialog(answered, accepted));
  peer.replies(peer.expects("BYE"), 200);
  phone.saysNothing("phone.stopped");
  peer.replies(calling, 180);
  const lastCancel = peer.expects("CANCEL");
  peer.replies(lastCancel, 200);
  peer.replies(calling, 487);
  peer.expects("ACK");
  phone.event("phone.stopped");
});

test("stop, and the peer is silent: phone.stopped after 64*T1 at the latest", () => {
  const { phone, peer, runTo } = callUp();
  phone.stops();
  assert.equal(phone.event("call.ended").fields["rule"], "user-stop");
  runTo(31_999);
  peer.takesAll("BYE");
  phone.saysNothing("phone.stopped");
  runTo(32_000);
  phone.event("phone.stopped");
  peer.expectsNothing();
});

test("stop: a call that comes now is refused", () => {
  const { phone, peer } = callUp();
  phone.stops();
  peer.expects("BYE");
  const invite = peer.invites({ tag: "late" });
  const [response] = peer.takesAll();
  assert.ok(response && response.status >= 400, response?.startLine);
  peer.acksRefusal(invite, response);
  phone.saysNothing("call.incoming");
});

// ---- lost packets ----

test("BYE again until it is answered: T1, doubled up to T2; the call is over in any case", () => {
  const { phone, peer, runTo } = callUp();
  phone.hangsUp();
  phone.event("call.ended");
  runTo(31_999);
  assert.deepEqual(
    peer.takesAll("BYE").map((each) => each.atMs),
    [0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500],
  );
  runTo(100_000);
  peer.expectsNothing();
});

test("the peer's BYE again: the same 200 again", () => {
  const { phone, peer, dialog } = callUp();
  const bye = peer.requests(dialog, "BYE");
  const answer = peer.expects(200);
  peer.repeats(bye);
  assert.equal(peer.expects(200).text, answer.text);
  phone.event("call.ended");
  phone.saysNothing("call.ended");
});

test("a response that belongs to nothing, or to another Via, is thrown away", () => {
  const { phone, peer, wire } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  const answer = peer.replies(invite, 100).text;
  const strayed = wire.instance.module.counter(Counter.Stray);
  peer.sends(answer.replace("100 Words", "200 OK").replace(/branch=\w+/, "branch=z9hG4bKforeign"));
  peer.sends(answer.replace("100 Words", "200 OK").replace("CSeq: 1 INVITE", "CSeq: 1 UPDATE"));
  assert.equal(wire.instance.module.counter(Counter.Stray), strayed + 2);
  peer.expectsNothing();
  phone.saysNothing("call.ended");
});

test("the network says that the peer can't be reached: the call ends at once", () => {
  const { phone, peer, wire } = connect();
  phone.dials("sip:bob@192.0.2.20");
  peer.expects("INVITE");
  wire.take(wire.instance.sendFailed(wire.instance.flow, "192.0.2.20", 5060, wire.now));
  const ended = phone.event("call.ended").fields;
  assert.deepEqual([ended["status"], ended["rule"]], [503, "RFC3261-8.1.3.1-transport"]);
});
