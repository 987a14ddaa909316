// Provisional responses that can't be lost (RFC 3262), ours and the peer's: account.X.100rel_enable.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inUse } from "../support/inside.js";
import {
  type Connected,
  connect,
  type Datagram,
  type Headers,
  type Parts,
  type PeerDialog,
  sdp,
} from "../support/scripted-peer.js";

const SUPPORTED = "account.1.100rel_enable = 1";
const REQUIRED = "account.1.100rel_enable = 2";
const TIMER = "account.1.session_timer.enable = 1";
const ASKS: Headers = { Supported: "100rel" };

// ---- we call ----

function dials(config = SUPPORTED): Connected & { invite: Datagram } {
  const connected = connect({ config });
  connected.phone.dials(connected.peer.uri);
  return { ...connected, invite: connected.peer.expects("INVITE") };
}

function reliably(rseq: number, parts: Parts = {}): Parts {
  return { ...parts, headers: { Require: "100rel", RSeq: `${rseq}`, ...parts.headers } };
}

test("100rel_enable 0 to 2: Supported, Allow and Require of our INVITE", () => {
  const off = dials("account.1.100rel_enable = 0").invite;
  assert.doesNotMatch(off.text, /100rel|PRACK/);
  const supported = dials(`${SUPPORTED}\n${TIMER}`).invite;
  assert.match(supported.header("Supported"), /, timer, 100rel$/);
  assert.match(supported.header("Allow"), /, PRACK/);
  assert.equal(supported.has("Require"), false);
  assert.equal(dials(REQUIRED).invite.header("Require"), "100rel");
  assert.match(dials().invite.header("Supported"), /, 100rel$/);
});

test("RFC 3262 §4 each reliable provisional response gets its PRACK, in the order of RSeq", () => {
  const { phone, peer, invite } = dials();
  peer.replies(invite, 180, reliably(776));
  const first = peer.expects("PRACK");
  assert.equal(first.header("RAck"), `776 ${invite.cseq} INVITE`);
  assert.equal(first.cseq, invite.cseq + 1);
  assert.equal(first.uri, "sip:bob@192.0.2.20:5060");
  assert.equal(first.has("Contact"), false);
  assert.match(first.header("To"), /;tag=peertag$/);
  peer.replies(first, 200);
  phone.event("call.ringing");

  peer.replies(invite, 183, reliably(778));
  peer.expectsNothing();
  phone.saysNothing("call.ringing");
  peer.replies(invite, 183, reliably(777));
  const second = peer.expects("PRACK");
  assert.equal(second.header("RAck"), `777 ${invite.cseq} INVITE`);
  assert.equal(second.cseq, invite.cseq + 2);
  peer.replies(second, 200);
  peer.replies(invite, 183, reliably(778));
  assert.equal(peer.expects("PRACK").header("RAck"), `778 ${invite.cseq} INVITE`);
});

test("RFC 3262 §4 a provisional response that comes again is dropped; its PRACK repeats itself", () => {
  const { phone, peer, invite, runTo } = dials();
  const ringing = peer.replies(invite, 183, reliably(1, { body: sdp() }));
  const prack = peer.expects("PRACK");
  phone.event("call.media");
  peer.repeats(ringing);
  peer.expectsNothing();
  phone.saysNothing("call.media");
  runTo(500);
  assert.equal(peer.expects("PRACK").text, prack.text);
  peer.replies(prack, 200);
  runTo(5000);
  peer.expectsNothing();
});

test("without 100rel on, or without a number, a response that requires it is one like any other", () => {
  for (const [config, headers] of [
    ["", { Require: "100rel", RSeq: "1" }],
    [SUPPORTED, { Require: "100rel" }],
    [SUPPORTED, { Require: "100rel", RSeq: "0" }],
    [SUPPORTED, { Require: "100rel", RSeq: "x" }],
    [SUPPORTED, { RSeq: "1" }],
  ] as [string, Headers][]) {
    const { phone, peer, invite } = dials(config);
    peer.replies(invite, 180, { headers });
    peer.expectsNothing();
    phone.event("call.ringing");
  }
});

test("RFC 3262 §4 each fork has numbers and CSeq of its own; the call goes on from those of the one that answers", () => {
  const { phone, peer, invite } = dials();
  peer.replies(invite, 180, reliably(10, { tag: "desk", headers: { Contact: "<sip:desk@192.0.2.21>" } }));
  const desk = peer.expects("PRACK");
  assert.equal(desk.uri, "sip:desk@192.0.2.21");
  peer.replies(invite, 183, reliably(500, { tag: "mobile", headers: { Contact: "<sip:m@192.0.2.22>" } }));
  const mobile = peer.expects("PRACK");
  assert.equal(mobile.header("RAck"), `500 ${invite.cseq} INVITE`);
  assert.equal(mobile.uri, "sip:m@192.0.2.22");
  assert.equal(mobile.cseq, desk.cseq);
  peer.replies(invite, 183, reliably(501, { tag: "mobile" }));
  assert.equal(peer.expects("PRACK").cseq, mobile.cseq + 1);
  peer.replies(invite, 200, { tag: "mobile", headers: { Contact: "<sip:m@192.0.2.22>" }, body: sdp() });
  assert.equal(peer.expects("ACK").cseq, invite.cseq);
  phone.hangsUp();
  assert.equal(peer.expects("BYE").cseq, mobile.cseq + 2);
});

test("RFC 3262 §4 no dialog is left for a fork: its response is dropped, its 2xx is not", () => {
  const { peer, invite } = dials(
    `${SUPPORTED}\nringlet.capacity.dialogs = 2\nringlet.capacity.subscriptions = 0`,
  );
  peer.replies(invite, 180, reliably(1, { tag: "one" }));
  peer.expects("PRACK");
  peer.replies(invite, 180, reliably(1, { tag: "two" }));
  peer.expectsNothing();
  peer.replies(invite, 200, { tag: "two", body: sdp() });
  peer.expects("ACK");
});

test("PRACK is challenged: again with credentials, and the same RAck", () => {
  const { peer, invite } = dials(`${SUPPORTED}\naccount.1.password = secret`);
  peer.replies(invite, 180, reliably(7));
  const bare = peer.expects("PRACK");
  peer.replies(bare, 401, { headers: { "WWW-Authenticate": 'Digest realm="r", nonce="n"' } });
  const prack = peer.expects("PRACK");
  assert.equal(prack.header("RAck"), bare.header("RAck"));
  assert.equal(prack.cseq, bare.cseq + 1);
  assert.match(prack.header("Authorization"), /^Digest username="alice"/);
});

test("PRACK is refused, or never answered: the call goes on", () => {
  for (const status of [481, 500, 0]) {
    const { phone, peer, invite, runTo } = dials();
    peer.replies(invite, 180, reliably(7));
    const prack = peer.expects("PRACK");
    if (status) peer.replies(prack, status);
    runTo(40_000);
    peer.takesAll("PRACK");
    peer.replies(invite, 200, { body: sdp() });
    peer.expects("ACK");
    phone.event("call.established");
  }
});

test("420 to our Require: 100rel: the call ends, and nothing is tried without it", () => {
  const { phone, peer, invite } = dials(REQUIRED);
  peer.replies(invite, 420, { reason: "Bad Extension", headers: { Unsupported: "100rel" } });
  peer.expects("ACK");
  assert.equal(phone.event("call.ended").fields["status"], 420);
  peer.expectsNothing();
});

test("421: the peer wants what we have off", () => {
  const { phone, peer, invite } = dials("");
  peer.replies(invite, 421, { headers: { Require: "100rel" } });
  peer.expects("ACK");
  assert.equal(phone.event("call.ended").fields["status"], 421);
});

// ---- we are called ----

interface Called extends Connected {
  invite: Datagram;
  ringing: Datagram;
  dialog: PeerDialog;
}

function isCalled(config: string, parts: Parts = {}): Called {
  const connected = connect({ config });
  const { phone, peer } = connected;
  const invite = peer.invites({ ...parts, headers: { ...ASKS, ...parts.headers } });
  phone.event("call.incoming");
  const ringing = peer.expects(180);
  return { ...connected, invite, ringing, dialog: peer.dialog(invite, ringing) };
}

function rack(called: Called, more = 0): string {
  return `${Number(called.ringing.header("RSeq")) + more} ${called.invite.cseq} INVITE`;
}

function pracks(called: Called, parts: Parts = {}): Datagram {
  return called.peer.requests(called.dialog, "PRACK", {
    ...parts,
    headers: { RAck: rack(called), ...parts.headers },
  });
}

test("RFC 3262 §3 we ring reliably where the caller supports or requires it, and only then", () => {
  for (const [config, headers, body, expected] of [
    ["", { Supported: "100rel" }, sdp(), false],
    [SUPPORTED, { Supported: "timer, 100rel" }, sdp(), true],
    [SUPPORTED, { Supported: null, Require: "100rel" }, sdp(), true],
    [SUPPORTED, { Supported: null }, sdp(), false],
    [SUPPORTED, { Supported: "100rel" }, "", false],
    [SUPPORTED, { Require: "100rel" }, "", true],
    [REQUIRED, { Supported: "100rel" }, "", true],
  ] as [string, Headers, string, boolean][]) {
    const { ringing } = isCalled(config, { headers, body });
    assert.equal(ringing.header("Require") === "100rel", expected, `${config} ${JSON.stringify(headers)}`);
    assert.equal(/^[1-9]\d*$/.test(ringing.header("RSeq")), expected);
    assert.ok(Number(ringing.header("RSeq")) < 2 ** 31);
    assert.match(ringing.header("Contact"), /alice/);
  }
});

test("RFC 3262 §3 100rel required: a caller that has none gets 421, and Require is 420 where it is off", () => {
  const { phone, peer } = connect({ config: REQUIRED });
  peer.invites();
  assert.equal(peer.expects(421).header("Require"), "100rel");
  phone.saysNothing("call.incoming");
  const off = connect({ config: "" });
  off.peer.invites({ headers: { Require: "100rel" } });
  assert.equal(off.peer.expects(420).header("Unsupported"), "100rel");
});

test("RFC 3262 §3 the 180 comes again at T1, 2*T1 ... until its PRACK, then a new number each minute", () => {
  const called = isCalled(SUPPORTED);
  const { phone, peer, ringing, runTo } = called;
  for (const ms of [500, 1500, 3500]) {
    runTo(ms - 1);
    peer.expectsNothing();
    runTo(ms);
    assert.equal(peer.expects(180).text, ringing.text);
  }
  const prack = pracks(called);
  const ok = peer.expects(200);
  assert.equal(ok.header("CSeq"), prack.header("CSeq"));
  runTo(63_499);
  peer.expectsNothing();
  runTo(63_500);
  const next = peer.expects(180);
  assert.equal(next.header("RSeq"), `${Number(ringing.header("RSeq")) + 1}`);
  pracks(called, { headers: { RAck: rack(called, 1) } });
  peer.expects(200);
  phone.answers();
  peer.expects(200);
});

test("RFC 3262 §3 no PRACK for 64*T1: the INVITE is refused with 5xx", () => {
  const { phone, peer, invite, runTo, wire } = isCalled(SUPPORTED);
  runTo(31_999);
  assert.equal(peer.takesAll(180).length, 6);
  runTo(32_000);
  peer.acksRefusal(invite, peer.expects(500));
  assert.equal(phone.event("call.ended").fields["rule"], "RFC3262-3-no-prack");
  runTo(120_000);
  peer.expectsNothing();
  assert.equal(inUse(wire.instance.module).calls, 0);
});

test("RFC 3262 §3 a PRACK that fits nothing gets 481, and the 180 comes again", () => {
  const called = isCalled(SUPPORTED);
  const { peer, runTo, invite } = called;
  const number = Number(called.ringing.header("RSeq"));
  for (const value of [
    `${number + 1} ${invite.cseq} INVITE`,
    `${number} ${invite.cseq + 1} INVITE`,
    `${number} ${invite.cseq} PRACK`,
    `${number}`,
    "",
    null,
  ]) {
    pracks(called, { headers: { RAck: value } });
    peer.expects(481);
  }
  runTo(500);
  peer.expects(180);
  const prack = pracks(called);
  const ok = peer.expects(200);
  peer.repeats(prack);
  assert.equal(peer.expects(200).text, ok.text);
  // The same once more, as another request: there is nothing to acknowledge any more.
  pracks(called);
  peer.expects(481);
});

test("PRACK outside a dialog, or where 100rel is off: 481", () => {
  const called = isCalled("");
  called.peer.requests(called.dialog, "PRACK", { headers: { RAck: `1 ${called.invite.cseq} INVITE` } });
  called.peer.expects(481);
  called.peer.asks("PRACK", { headers: { RAck: "1 1 INVITE" } });
  called.peer.expects(481);
});

test("RFC 3262 §3 answered before the PRACK came: the 180 had no SDP, so the 200 goes out, and PRACK is still taken", () => {
  const called = isCalled(SUPPORTED);
  const { phone, peer, runTo } = called;
  phone.answers();
  const accepted = peer.expects(200);
  assert.match(accepted.body, /^m=audio/m);
  pracks(called);
  assert.match(peer.expects(200).header("CSeq"), /PRACK/);
  runTo(500);
  assert.equal(peer.expects(200).text, accepted.text);
  peer.acks(called.dialog);
  phone.event("call.established");
  runTo(40_000);
  peer.expectsNothing();
});

test("the user rejects, or the caller cancels, before the PRACK: nothing comes again", () => {
  for (const isRejected of [true, false]) {
    const { phone, peer, invite, runTo, wire } = isCalled(SUPPORTED);
    if (isRejected) phone.rejects();
    else {
      peer.cancels(invite);
      peer.expects(200);
    }
    peer.acksRefusal(invite, peer.expects(isRejected ? 486 : 487));
    runTo(60_000);
    peer.expectsNothing();
    assert.equal(inUse(wire.instance.module).calls, 0);
  }
});

test("RFC 3262 §5 INVITE without offer: ours in the first reliable 180, the answer in its PRACK, no SDP in the 200", () => {
  const called = isCalled(SUPPORTED, { headers: { Require: "100rel" }, body: "" });
  const { phone, peer, ringing, runTo } = called;
  assert.match(ringing.body, /^m=audio/m);
  // No offer of the peer before ours is answered (RFC 3311 §5.2).
  peer.requests(called.dialog, "UPDATE", { body: sdp() });
  peer.expects(491);
  pracks(called, { body: sdp({ port: 4000 }) });
  peer.expects(200);
  const early = phone.event("call.media").fields;
  assert.deepEqual([early["port"], early["early"]], [4000, 1]);
  // The next 180 repeats no offer.
  runTo(60_000);
  assert.equal(peer.expects(180).body, "");
  pracks(called, { headers: { RAck: rack(called, 1) } });
  peer.expects(200);
  phone.answers();
  assert.equal(peer.expects(200).body, "");
  const media = phone.event("call.media").fields;
  assert.deepEqual([media["port"], media["early"]], [4000, 0]);
  peer.acks(called.dialog);
  phone.event("call.established");
});

test("RFC 3262 §3 our offer in the 180 has no PRACK: the 200 waits for it", () => {
  const called = isCalled(REQUIRED, { body: "" });
  const { phone, peer, runTo } = called;
  phone.answers();
  peer.expectsNothing();
  runTo(500);
  peer.expects(180);
  pracks(called, { body: sdp() });
  assert.match(peer.expects(200).header("CSeq"), /PRACK/);
  assert.match(peer.expects(200).header("CSeq"), /INVITE/);
  peer.acks(called.dialog);
  phone.event("call.established");
});

test("the user has answered, and the PRACK that the 200 waits for never comes: 5xx", () => {
  const { phone, peer, invite, runTo } = isCalled(REQUIRED, { body: "" });
  phone.answers();
  runTo(31_999);
  assert.equal(peer.takesAll(180).length, 6);
  runTo(32_000);
  peer.acksRefusal(invite, peer.expects(500));
  phone.event("call.ended");
});

test("our offer in the 180 gets no answer, or one that does not fit: 488 to the INVITE", () => {
  for (const body of ["", sdp({ payloads: "97" })]) {
    const called = isCalled(REQUIRED, { body: "" });
    pracks(called, { body });
    called.peer.expects(200);
    called.peer.expects(488);
    assert.equal(called.phone.event("call.ended").fields["rule"], "RFC3264-bad-answer");
  }
});

test("RFC 6337 §3.1 a PRACK with an offer: taken once the first is answered, else 500", () => {
  const early = isCalled(REQUIRED);
  pracks(early, { body: sdp() });
  assert.match(early.peer.expects(500).header("Retry-After"), /^\d+$/);

  const called = isCalled(REQUIRED, { body: "" });
  const { phone, peer, runTo } = called;
  pracks(called, { body: sdp({ port: 4000 }) });
  peer.expects(200);
  phone.forgetsEvents();
  runTo(60_000);
  peer.expects(180);
  pracks(called, { headers: { RAck: rack(called, 1) }, body: sdp({ port: 4002, version: 2 }) });
  assert.match(peer.expects(200).body, /^m=audio/m);
  assert.deepEqual(phone.event("call.media").fields["port"], 4002);
  phone.answers();
  assert.equal(peer.expects(200).body, "");
  const media = phone.event("call.media").fields;
  assert.deepEqual([media["port"], media["early"]], [4002, 0]);
});
