// Before the call is answered: forks with media of their own, offers and answers in early dialogs (RFC 6337), UPDATE.

import assert from "node:assert/strict";
import { test } from "node:test";
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
const TIMER = "account.1.session_timer.enable = 1";
/** No codec of ours. */
const FOREIGN = sdp({ payloads: "97" });

type Dialling = Connected & { invite: Datagram };

function dials(config = SUPPORTED): Dialling {
  const connected = connect({ config });
  connected.phone.dials(connected.peer.uri);
  return { ...connected, invite: connected.peer.expects("INVITE") };
}

/** Of a fork: its tag is its name, and its address ends in a number of its own. */
function fork(tag: string, number: number, parts: Parts = {}): Parts {
  return { ...parts, tag, headers: { Contact: `<sip:${tag}@192.0.2.${number}>`, ...parts.headers } };
}

function reliably(rseq: number, parts: Parts = {}): Parts {
  return { ...parts, headers: { ...parts.headers, Require: "100rel", RSeq: `${rseq}` } };
}

function media({ phone }: Connected): unknown[] {
  const { port, early } = phone.event("call.media").fields;
  return [port, early];
}

/** The peer answers reliably, and the phone's PRACK gets its 200. */
function answersEarly({ peer, invite }: Dialling, rseq: number, parts: Parts): PeerDialog {
  const response = peer.replies(invite, 183, reliably(rseq, parts));
  peer.replies(peer.expects("PRACK"), 200);
  return peer.dialog(invite, response);
}

const origin = (body: string): string[] => /^o=- (\d+) (\d+) /m.exec(body)?.slice(1) ?? [];

// ---- early media ----

for (const isReliable of [false, true]) {
  const how = isReliable ? "reliably" : "unreliably";
  test(`TDR-16 early media of several forks, ${how}: each is said, the newest counts, the 200 chooses`, () => {
    const call = dials();
    const { phone, peer, invite } = call;
    for (const [index, tag] of ["desk", "mobile", "gateway"].entries()) {
      const parts = fork(tag, 30 + index, { body: sdp({ port: 4000 + index * 2 }) });
      if (isReliable) answersEarly(call, 100 * index + 1, parts);
      else peer.replies(invite, 183, parts);
      assert.deepEqual(media(call), [4000 + index * 2, 1]);
    }
    // The second one is answered; what it said before has to do where its 200 is silent.
    peer.replies(invite, 200, fork("mobile", 31, { body: isReliable ? "" : sdp({ port: 5000 }) }));
    assert.equal(peer.expects("ACK").uri, "sip:mobile@192.0.2.31");
    assert.deepEqual(media(call), [isReliable ? 4002 : 5000, 0]);
    phone.event("call.established");
    phone.saysNothing("call.media");
  });
}

test("TDR-17 183 with media, then 180: the media stay, and it rings", () => {
  const call = dials();
  const { phone, peer, invite } = call;
  peer.replies(invite, 183, { body: sdp({ port: 4000 }) });
  assert.equal(phone.event("call.ringing").fields["status"], 183);
  assert.deepEqual(media(call), [4000, 1]);
  peer.replies(invite, 180);
  assert.equal(phone.event("call.ringing").fields["status"], 180);
  phone.saysNothing("call.media");
  peer.replies(invite, 200, { body: sdp({ port: 4000 }) });
  peer.expects("ACK");
  assert.deepEqual(media(call), [4000, 0]);
});

test("TDR-18 the 200 of a fork never heard of, while another has answered early and reliably: its own SDP counts", () => {
  const call = dials();
  const { phone, peer, invite } = call;
  answersEarly(call, 1, fork("desk", 30, { body: sdp({ port: 4000 }) }));
  media(call);
  peer.replies(invite, 200, fork("other", 31, { body: sdp({ port: 6000 }) }));
  assert.equal(peer.expects("ACK").uri, "sip:other@192.0.2.31");
  assert.deepEqual(media(call), [6000, 0]);
  phone.event("call.established");
});

// ---- malformed-input row 10: one answer in the 183, another in the 200 ----

test("row 10 GHSA-hvq6-f89p-frvp a reliable answer holds, whatever the 200 of the same dialog says (RFC 6337 §3.1.1)", () => {
  for (const body of [sdp({ port: 5000, version: 2 }), FOREIGN, "v=0\r\n", ""]) {
    const call = dials();
    answersEarly(call, 1, { body: sdp({ port: 4000 }) });
    assert.deepEqual(media(call), [4000, 1]);
    call.peer.replies(call.invite, 200, { body });
    call.peer.expects("ACK");
    assert.deepEqual(media(call), [4000, 0]);
    call.phone.event("call.established");
    call.peer.expectsNothing();
  }
});

test("row 10 GHSA-hvq6-f89p-frvp after an unreliable answer the 200's counts; one that does not fit ends the call", () => {
  const call = dials();
  call.peer.replies(call.invite, 183, { body: sdp({ port: 4000 }) });
  call.peer.replies(call.invite, 200, { body: sdp({ port: 5000 }) });
  assert.deepEqual(media(call), [4000, 1]);
  assert.deepEqual(media(call), [5000, 0]);
  for (const body of [FOREIGN, "v=0\r\n"]) {
    const { peer, invite, phone } = dials();
    peer.replies(invite, 183, { body: sdp() });
    peer.replies(invite, 200, { body });
    peer.expects("ACK");
    peer.expects("BYE");
    assert.equal(phone.event("call.ended").fields["rule"], "RFC3264-bad-answer");
  }
});

test("more SDP in reliable responses behind the answer is passed over; before it an unreliable one is a preview", () => {
  const call = dials();
  const { phone, peer, invite } = call;
  peer.replies(invite, 183, { body: sdp({ port: 3000 }) });
  assert.deepEqual(media(call), [3000, 1]);
  answersEarly(call, 1, { body: sdp({ port: 4000 }) });
  assert.deepEqual(media(call), [4000, 1]);
  answersEarly(call, 2, { body: sdp({ port: 4444 }) });
  peer.replies(invite, 183, { body: sdp({ port: 4446 }) });
  phone.saysNothing("call.media");
  peer.replies(invite, 200, { body: sdp({ port: 4448 }) });
  assert.deepEqual(media(call), [4000, 0]);
});

test("a reliable answer that does not fit is acknowledged and passed over: the next one counts", () => {
  const call = dials();
  answersEarly(call, 1, { body: FOREIGN });
  call.phone.saysNothing("call.media");
  answersEarly(call, 2, { body: sdp({ port: 4000 }) });
  assert.deepEqual(media(call), [4000, 1]);
});

// ---- UPDATE in an early dialog ----

test("RFC 3311 §5.2 UPDATE with an offer after our offer was answered reliably: taken, and it outlives the 200", () => {
  const call = dials();
  const { phone, peer, invite } = call;
  const dialog = answersEarly(call, 1, { body: sdp({ port: 4000 }) });
  media(call);
  peer.requests(dialog, "UPDATE", { body: sdp({ port: 4002, version: 2 }) });
  const ok = peer.expects(200);
  assert.equal(origin(ok.body)[0], origin(invite.body)[0]);
  assert.equal(Number(origin(ok.body)[1]), Number(origin(invite.body)[1]) + 1);
  assert.deepEqual(media(call), [4002, 1]);
  peer.requests(dialog, "UPDATE", { body: sdp({ port: 4004, version: 3, direction: "sendonly" }) });
  const held = peer.expects(200);
  assert.match(held.body, /a=recvonly/);
  assert.equal(Number(origin(held.body)[1]), Number(origin(ok.body)[1]) + 1);
  assert.deepEqual(media(call), [4004, 1]);
  peer.replies(invite, 200, { body: sdp({ port: 4000 }) });
  peer.expects("ACK");
  assert.deepEqual(media(call), [4004, 0]);
  phone.event("call.established");
  // The next offer counts on from there.
  phone.holds();
  const hold = peer.expects("INVITE");
  assert.equal(Number(origin(hold.body)[1]), Number(origin(held.body)[1]) + 1);
});

test("RFC 3311 §5.2 an offer in UPDATE before ours is answered, or after an unreliable answer alone: 491", () => {
  for (const body of ["", sdp()]) {
    const { peer, invite } = dials();
    const dialog = peer.dialog(invite, peer.replies(invite, 183, { body }));
    peer.requests(dialog, "UPDATE", { body: sdp({ version: 2 }) });
    peer.expects(491);
  }
});

test("RFC 6337 §2.3 an offer in UPDATE that can't be met: 488 with Warning, and the early media are as they were", () => {
  const call = dials();
  const dialog = answersEarly(call, 1, { body: sdp({ port: 4000 }) });
  media(call);
  call.peer.requests(dialog, "UPDATE", { body: FOREIGN });
  assert.match(call.peer.expects(488).header("Warning"), /^305 /);
  call.phone.saysNothing("call.media");
  call.peer.replies(call.invite, 200);
  assert.deepEqual(media(call), [4000, 0]);
});

test("two forks change their session: the first may, the second gets 488, and each may be the one that answers", () => {
  for (const winner of ["desk", "mobile"]) {
    const call = dials();
    const { peer, phone, invite } = call;
    const desk = answersEarly(call, 1, fork("desk", 30, { body: sdp({ port: 4000 }) }));
    const mobile = answersEarly(call, 1, fork("mobile", 31, { body: sdp({ port: 5000 }) }));
    peer.requests(desk, "UPDATE", { body: sdp({ port: 4002, version: 2 }) });
    peer.expects(200);
    peer.requests(mobile, "UPDATE", { body: sdp({ port: 5002, version: 2 }) });
    peer.expects(488);
    phone.forgetsEvents();
    peer.replies(invite, 200, fork(winner, winner === "desk" ? 30 : 31));
    peer.expects("ACK");
    assert.deepEqual(media(call), [winner === "desk" ? 4002 : 5000, 0]);
    phone.event("call.established");
  }
});

test("UPDATE in our early dialog: 422 below Min-SE, no timer starts before the 200, which has the last word (RCC-05)", () => {
  const call = dials(`${SUPPORTED}\n${TIMER}`);
  const { peer, phone, invite, runTo } = call;
  const dialog = answersEarly(call, 1, { body: sdp() });
  const ask = (headers: Headers): void => {
    peer.requests(dialog, "UPDATE", { headers: { Supported: "timer", ...headers } });
  };
  ask({ "Session-Expires": "60" });
  assert.equal(peer.expects(422).header("Min-SE"), "90");
  ask({ "Session-Expires": "90;refresher=uac" });
  const ok = peer.expects(200);
  assert.equal(ok.header("Session-Expires"), "90;refresher=uac");
  assert.equal(ok.header("Require"), "timer");
  assert.equal(ok.body, "");
  runTo(100_000);
  peer.replies(invite, 200, {
    headers: { Require: "timer", Supported: "timer", "Session-Expires": "120;refresher=uac" },
  });
  peer.expects("ACK");
  const established = phone.event("call.established").fields;
  assert.deepEqual([established["refresher"], established["expires"]], ["local", 120]);
});

test("we are called: UPDATE with an offer gets 500 before our answer; after offer and answer it is taken, or 488", () => {
  const { phone, peer } = connect({ config: SUPPORTED });
  const invite = peer.invites({ headers: { Require: "100rel" }, body: "" });
  phone.event("call.incoming");
  const ringing = peer.expects(180);
  const dialog = peer.dialog(invite, ringing);
  const rack = `${ringing.header("RSeq")} ${invite.cseq} INVITE`;
  peer.requests(dialog, "PRACK", { headers: { RAck: rack }, body: sdp({ port: 4000 }) });
  peer.expects(200);
  peer.requests(dialog, "UPDATE", { body: FOREIGN });
  peer.expects(488);
  peer.requests(dialog, "UPDATE", { body: sdp({ port: 4002, version: 2 }) });
  const ok = peer.expects(200);
  // Fewer codecs than our offer had: another description.
  assert.equal(Number(origin(ok.body)[1]), Number(origin(ringing.body)[1]) + 1);
  phone.forgetsEvents();
  phone.answers();
  assert.equal(peer.expects(200).body, "");
  const { port, early } = phone.event("call.media").fields;
  assert.deepEqual([port, early], [4002, 0]);
  peer.acks(dialog);
  phone.event("call.established");

  const plain = connect({ config: SUPPORTED });
  const offer = plain.peer.invites({ headers: { Supported: "100rel" } });
  const rings = plain.peer.expects(180);
  plain.peer.requests(plain.peer.dialog(offer, rings), "UPDATE", { body: sdp() });
  assert.match(plain.peer.expects(500).header("Retry-After"), /^([0-9]|10)$/);
});
