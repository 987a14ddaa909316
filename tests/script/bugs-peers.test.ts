// Bugs that other implementations had with session timers, B39 to B58: what odd peers do, and what we must
// not do to them. bugs-refresh.test.ts says which rows are about proxies only.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ALLOWS_UPDATE,
  WITHOUT_UPDATE,
  accepts,
  answered,
  connect,
  expectsAt,
  givesUpAt,
  peerRefreshes,
  refreshed,
  refuses,
  reInvites,
  restsAfter,
  sdp,
  silentUntil,
  theyCall,
  timed,
  timerLines,
  timerOf,
  timers,
  updates,
  weAsk,
  weCall,
  weRefresh,
  type Headers,
} from "../support/session-timer.js";

const HOUR = 3600_000;
const BY_INVITE = { ...timed(90, "uac"), ...WITHOUT_UPDATE };

test("B39 a proxy forces the interval to its Min-SE, or answers with the wrong code: we survive", () => {
  const forced = weCall(
    { "Session-Expires": "90;refresher=uac", "Min-SE": "90" },
    { settings: { expires: 1800 } },
  );
  assert.equal(timerOf(forced.established), "local 90 RFC4028-7.1-setting");
  accepts(forced, expectsAt(forced, 45_000, "INVITE"), BY_INVITE);
  // 400 instead of 422.
  const wrong = connect({ config: timers({ expires: 90 }) });
  wrong.phone.dials(wrong.peer.uri);
  refuses(wrong, wrong.peer.expects("INVITE"), 400, { "Min-SE": "600" });
  wrong.phone.event("call.ended");
  silentUntil(wrong, HOUR);
  // The response is not processed at all: what the callee said, nothing, is what we get.
  const ignored = weCall(ALLOWS_UPDATE, { settings: { expires: 90 } });
  assert.equal(timerOf(ignored.established), "local 90 RFC4028-7.2-self");
});

test("B40 the refresher parameter is in every refresh, and in every answer to one", () => {
  for (const headers of [ALLOWS_UPDATE, WITHOUT_UPDATE]) {
    const call = weRefresh(90, {}, headers);
    for (let i = 1; i <= 3; i++) {
      const request = expectsAt(call, i * 45_000, headers === ALLOWS_UPDATE ? "UPDATE" : "INVITE");
      assert.equal(request.header("Session-Expires"), "90;refresher=uac");
      accepts(call, request, { ...timed(90, "uac"), ...headers });
    }
    assert.match(updates(call, timed(90)).header("Session-Expires"), /^90;refresher=uas$/);
  }
});

test("B41 a retransmitted UPDATE gets the same octets again, and changes nothing", () => {
  const call = peerRefreshes(90);
  call.runTo(40_000);
  const update = call.peer.requests(call.dialog, "UPDATE", { headers: timed(90, "uac") });
  const answer = call.peer.expects(200);
  call.phone.forgetsEvents();
  for (const at of [40_500, 41_500, 43_500, 47_500]) {
    call.runTo(at);
    call.peer.repeats(update);
    assert.equal(call.peer.expects(200).text, answer.text);
  }
  call.phone.saysNothing();
  givesUpAt(call, 100_000);
});

test("B41 a retransmitted UPDATE after the roles have changed: still the same octets", () => {
  const call = peerRefreshes(90);
  const update = call.peer.requests(call.dialog, "UPDATE", { headers: timed(90) });
  const answer = call.peer.expects(200);
  assert.equal(answered(answer), "90;refresher=uac + Require: timer");
  updates(call, timed(90, "uas"));
  call.peer.repeats(update);
  assert.equal(call.peer.expects(200).text, answer.text);
  expectsAt(call, 45_000, "UPDATE");
});

test("B41 a retransmitted re-INVITE: the same octets before the ACK, silence after it", () => {
  const call = peerRefreshes(90);
  call.runTo(40_000);
  const invite = call.peer.requests(call.dialog, "INVITE", { body: sdp(), headers: timed(90, "uac") });
  const answer = call.peer.expects(200);
  call.runTo(40_200);
  call.peer.repeats(invite);
  for (const copy of call.peer.takesAll()) assert.equal(copy.text, answer.text);
  call.peer.acks(call.dialog);
  call.peer.repeats(invite);
  for (const copy of call.peer.takesAll()) assert.equal(copy.text, answer.text);
  givesUpAt(call, 100_000);
});

test("B42 one refresh re-INVITE in a hundred is ignored: it is sent again until it is heard", () => {
  const call = weRefresh(90, {}, WITHOUT_UPDATE);
  const first = expectsAt(call, 45_000, "INVITE");
  call.runTo(45_000 + 15_500);
  const copies = call.peer.takesAll("INVITE");
  assert.deepEqual(
    copies.map((copy) => copy.atMs - 45_000),
    [500, 1500, 3500, 7500, 15_500],
  );
  for (const copy of copies) assert.equal(copy.text, first.text);
  accepts(call, first, BY_INVITE);
  expectsAt(call, 60_500 + 45_000, "INVITE");
});

test("B42 one UPDATE is swallowed, the next refresh too: the retry path keeps the call", () => {
  const call = weRefresh(90);
  const first = expectsAt(call, 45_000, "UPDATE");
  call.runTo(52_500);
  assert.deepEqual(
    call.peer.takesAll("UPDATE").map((copy) => copy.atMs - 45_000),
    [500, 1500, 3500, 7500],
  );
  accepts(call, first, timed(90, "uac"));
  expectsAt(call, 97_500, "UPDATE");
});

test("B43 a B2BUA's own re-INVITEs without timer headers: one side refreshes after each, no drop at T", () => {
  const call = theyCall(timed(1800, "uac"));
  let last = 0;
  for (const at of [100_000, 700_000]) {
    call.runTo(at);
    assert.equal(answered(reInvites(call, { Supported: null })), "1800;refresher=uas");
    last = at;
  }
  silentUntil(call, last + 894_000);
  call.runTo(last + 900_000);
  const [update] = call.peer.takesAll("UPDATE");
  assert.ok(update);
  accepts(call, update, timed(1800, "uac"));
});

test("B44 Contact is in every UPDATE and in every 200 to one", () => {
  const call = weRefresh(90);
  const update = expectsAt(call, 45_000, "UPDATE");
  assert.deepEqual(update.headers("Contact"), call.invite.headers("Contact"));
  accepts(call, update, timed(90, "uac"));
  assert.deepEqual(updates(call, timed(90, "uas")).headers("Contact"), call.invite.headers("Contact"));
});

test("B44 a peer without Contact in its UPDATE or 200 is taken, and its target stays", () => {
  const call = peerRefreshes(90);
  call.runTo(40_000);
  assert.equal(
    answered(updates(call, { ...timed(90, "uac"), Contact: null })),
    "90;refresher=uac + Require: timer",
  );
  call.phone.hangsUp();
  assert.equal(call.peer.expects("BYE").uri, "sip:bob@192.0.2.20:5060");
  const ours = weRefresh(90);
  accepts(ours, expectsAt(ours, 45_000, "UPDATE"), { ...timed(90, "uac"), Contact: null });
  assert.equal(expectsAt(ours, 90_000, "UPDATE").uri, "sip:bob@192.0.2.20:5060");
});

test("B45 the one who waits has an expiry timer", () => {
  givesUpAt(theyCall(timed(90, "uac")), 60_000);
  givesUpAt(peerRefreshes(90), 60_000);
});

test("B45 a 200 without Session-Expires in mid-dialog does not make us refresh", () => {
  const call = peerRefreshes(90);
  call.phone.holds();
  accepts(call, call.peer.expects("INVITE"), { Supported: "timer", ...ALLOWS_UPDATE });
  silentUntil(call, 4 * HOUR);
});

test("B45 UPDATE that Allow lacks is not used, also where another method's name is like it", () => {
  expectsAt(weRefresh(90, {}, { Allow: "INVITE, ACK, BYE, X-UPDATE, UPDATES" }), 45_000, "INVITE");
  expectsAt(weRefresh(90, {}, { Allow: "UPDATE" }), 45_000, "UPDATE");
});

test("B46 our own interval is not put in the place of the peer's", () => {
  const call = theyCall(timed(90, "uac"), { settings: { expires: 7200 } });
  assert.equal(answered(call.accepted), "90;refresher=uac + Require: timer");
});

test("B46 no Require: timer to a peer that does not know it", () => {
  const call = theyCall({ "Session-Expires": "90", ...ALLOWS_UPDATE });
  assert.equal(call.accepted.has("Require"), false);
  assert.equal(updates(call, { "Session-Expires": "90" }).has("Require"), false);
});

test("B46 our refreshes carry Session-Expires", () => {
  assert.equal(timerLines(expectsAt(weRefresh(90), 45_000, "UPDATE")), weAsk(90));
  assert.equal(timerLines(expectsAt(weRefresh(90, {}, WITHOUT_UPDATE), 45_000, "INVITE")), weAsk(90));
});

test("B46 the timer is reset by the 2xx, not when a request arrives", () => {
  const call = peerRefreshes(90);
  call.runTo(40_000);
  assert.equal(updates(call, timed(60, "uac")).status, 422);
  assert.equal(
    reInvites(call, timed(90, "uac"), { body: sdp({ payloads: "97", lines: ["a=rtpmap:97 opus/48000/2"] }) })
      .status,
    488,
  );
  givesUpAt(call, 60_000);
});

test("B46 the role is not fixed by the first INVITE", () => {
  const call = theyCall(timed(90, "uac"));
  updates(call, timed(90, "uas"));
  expectsAt(call, 45_000, "UPDATE");
});

test("B47 an UPDATE always gets a final answer, and so does every re-INVITE, not 491 each time", () => {
  const call = peerRefreshes(90);
  for (let i = 1; i <= 20; i++) {
    call.runTo(i * 30_000);
    assert.equal(updates(call, timed(90, "uac")).status, 200);
    assert.equal(reInvites(call, timed(90, "uac")).status, 200);
  }
});

test("B48 ten refresh re-INVITEs: the SDP is the same to the octet, o= included", () => {
  const outgoing = weRefresh(90, {}, WITHOUT_UPDATE);
  const incoming = theyCall({ ...timed(90, "uas"), ...WITHOUT_UPDATE });
  for (const [call, body] of [
    [outgoing, outgoing.invite.body],
    [incoming, incoming.accepted.body],
  ] as const) {
    for (let i = 1; i <= 10; i++) {
      const invite = expectsAt(call, i * 45_000, "INVITE");
      assert.equal(invite.body, body);
      assert.equal(invite.header("Content-Type"), "application/sdp");
      accepts(call, invite, BY_INVITE);
    }
  }
});

test("B49 a refresh re-INVITE of the peer with the same SDP at 60 s is accepted, with the same answer", () => {
  const call = theyCall(timed(120, "uac"));
  call.phone.forgetsEvents();
  for (let at = 60_000; at <= 600_000; at += 60_000) {
    call.runTo(at);
    const answer = reInvites(call, timed(120, "uac"));
    assert.equal(answered(answer), "120;refresher=uac + Require: timer");
    assert.equal(answer.body, call.accepted.body);
  }
  call.phone.saysNothing("call.media");
});

test("B50 an identical offer with a T.38 line in it gets an identical answer", () => {
  const body = sdp({ lines: ["m=image 5000 udptl t38", "a=T38FaxVersion:0"] });
  const call = theyCall(timed(120, "uac"), { body });
  assert.equal(call.accepted.body.match(/^m=/gm)?.length, 2);
  assert.match(call.accepted.body, /m=image 0 udptl t38/);
  for (const ask of [reInvites, updates])
    assert.equal(ask(call, timed(120, "uac"), { body }).body, call.accepted.body);
});

test("B51 the answer to a refresh re-INVITE has as many m= lines as its offer", () => {
  const call = theyCall(timed(120, "uac"));
  for (const more of [
    [],
    ["m=video 4000 RTP/AVP 96"],
    ["m=video 4000 RTP/AVP 96", "m=application 4002 TCP/BFCP *"],
  ]) {
    const offer = sdp({ version: 2 + more.length, lines: more });
    const answer = reInvites(call, timed(120, "uac"), { body: offer });
    const count = (body: string) => body.match(/^m=/gm)?.length;
    assert.equal(count(answer.body), count(offer));
    assert.match(answer.body, /m=audio [1-9]/);
  }
});

test("B52 refresher=uas was accepted, so we refresh, for ever", () => {
  const call = theyCall({ ...timed(90, "uas"), ...WITHOUT_UPDATE });
  for (let i = 1; i <= 12; i++) {
    const invite = expectsAt(call, i * 45_000, "INVITE");
    assert.equal(timerLines(invite), weAsk(90));
    accepts(call, invite, BY_INVITE);
  }
});

test("B53 Session-Expires stays in our 200 to UPDATE: without it the timer would be off", () => {
  const call = peerRefreshes(90);
  for (const headers of [timed(90, "uac"), timed(90), { Supported: "timer" }, {}]) {
    assert.match(updates(call, headers).header("Session-Expires"), /^90;refresher=ua[cs]$/);
  }
});

test("B54 overlapping re-INVITEs: an ACK belongs to the 2xx with its CSeq, and the 200 stops then", () => {
  const call = peerRefreshes(90);
  const first = call.peer.requests(call.dialog, "INVITE", { body: sdp(), headers: timed(90, "uac") });
  call.peer.expects(200);
  const second = call.peer.requests(call.dialog, "INVITE", { body: sdp(), headers: timed(90, "uac") });
  call.peer.acksRefusal(second, call.peer.expects(500));
  // An ACK for the second one does not end the 200 to the first.
  call.peer.acks(call.dialog, { cseq: second.cseq });
  call.runTo(500);
  assert.equal(call.peer.expects(200).cseq, first.cseq);
  call.peer.acks(call.dialog, { cseq: first.cseq });
  silentUntil(call, 59_999);
});

test("B54 OPTIONS never refreshes when both sides support timers", () => {
  const call = peerRefreshes(90);
  for (const at of [15_000, 30_000, 45_000]) {
    call.runTo(at);
    call.peer.requests(call.dialog, "OPTIONS", { headers: timed(90, "uac") });
    assert.equal(call.peer.expects(200).has("Session-Expires"), false);
  }
  givesUpAt(call, 60_000);
});

test("B55 a refresh goes the same way as the dialog: same flow, same Via address, same Contact", () => {
  for (const headers of [ALLOWS_UPDATE, WITHOUT_UPDATE]) {
    const call = weRefresh(90, {}, headers);
    const request = expectsAt(call, 45_000, headers === ALLOWS_UPDATE ? "UPDATE" : "INVITE");
    assert.equal(request.header("Via").split(";")[0], call.invite.header("Via").split(";")[0]);
    assert.match(request.header("Via"), /;rport/);
    assert.equal(request.header("Contact"), call.invite.header("Contact"));
    assert.deepEqual(request.address, { address: "192.0.2.20", port: 5060 });
  }
});

test("B55 a refresh follows the route set of the dialog", () => {
  const route = "<sip:192.0.2.77:5080;lr>";
  const call = weRefresh(90, {}, { "Record-Route": route });
  const update = expectsAt(call, 45_000, "UPDATE");
  assert.deepEqual(update.headers("Route"), [route]);
  assert.deepEqual(update.address, { address: "192.0.2.77", port: 5080 });
});

test("B56 the callee refreshes against a peer that is right about uac and uas: ten cycles each way", () => {
  const call = theyCall(timed(90, "uas"));
  for (let i = 1; i <= 10; i++) accepts(call, expectsAt(call, i * 45_000, "UPDATE"), timed(90, "uac"));
  // And the other way round: we called, and the callee refreshes.
  const placed = peerRefreshes(90);
  for (let i = 1; i <= 10; i++) {
    silentUntil(placed, i * 45_000);
    assert.equal(answered(updates(placed, timed(90, "uac"))), "90;refresher=uac + Require: timer");
    assert.equal(refreshed(placed), "remote UPDATE: remote 90 RFC4028-9-named");
  }
  givesUpAt(placed, 450_000 + 60_000);
});

test("B57 a PBX clones our request into its 200: Session-Expires without refresher, a strange Require", () => {
  const cloned: Headers = {
    "Session-Expires": "90",
    Require: ["100rel", "x-strange, timer"],
    "Max-Forwards": "70",
  };
  const call = weCall({ ...cloned, ...ALLOWS_UPDATE }, { settings: { expires: 90, refresher: 1 } });
  assert.equal(timerOf(call.established), "local 90 RFC4028-7.2-missing");
  accepts(call, expectsAt(call, 45_000, "UPDATE"), cloned);
  expectsAt(call, 90_000, "UPDATE");
});

test("B58 the first try is answered late, after another CSeq went out: neither ends the call", () => {
  const call = weRefresh(299);
  const update = expectsAt(call, 149_500, "UPDATE");
  call.runTo(181_499);
  call.peer.takesAll("UPDATE");
  const invite = expectsAt(call, 181_500, "INVITE");
  // The transaction of the UPDATE is over; its 200 comes now.
  call.peer.replies(update, 200, { headers: timed(299, "uac") });
  call.phone.saysNothing("call.ended");
  call.peer.expectsNothing();
  accepts(call, invite, { ...timed(299, "uac"), ...ALLOWS_UPDATE });
  assert.match(refreshed(call), /^local INVITE: local 299 /);
  expectsAt(call, 181_500 + 149_500, "UPDATE");
});

test("B58 100 Trying is no failure", () => {
  for (const [method, headers] of [
    ["UPDATE", ALLOWS_UPDATE],
    ["INVITE", WITHOUT_UPDATE],
  ] as const) {
    const call = weRefresh(90, {}, headers);
    const request = expectsAt(call, 45_000, method);
    call.peer.replies(request, 100);
    call.phone.saysNothing("call.ended");
    accepts(call, request, { ...timed(90, "uac"), ...headers });
    expectsAt(call, 90_000, method);
  }
});

test("B58 an UPDATE with our Call-ID and other tags is not in the dialog: 481, and no refresh", () => {
  for (const headers of [
    { From: "<sip:bob@192.0.2.20>;tag=other" },
    { To: "<sip:alice@192.0.2.10>;tag=other" },
  ]) {
    const call = peerRefreshes(90);
    call.runTo(30_000);
    call.peer.requests(call.dialog, "UPDATE", { headers: { ...timed(90, "uac"), ...headers } });
    call.peer.expects(481);
    givesUpAt(call, 60_000);
  }
});

test("B58 an answer to our UPDATE with another branch or CSeq is not the answer", () => {
  const call = weRefresh(90, { settings: { update_fallback: 0 } });
  const update = expectsAt(call, 45_000, "UPDATE");
  call.peer.replies(update, 200, {
    headers: { ...timed(90, "uac"), Via: "SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bKno" },
  });
  call.peer.replies(update, 200, { headers: { ...timed(90, "uac"), CSeq: `${update.cseq} INVITE` } });
  call.phone.saysNothing("call.refreshed");
  call.runTo(76_999);
  call.peer.takesAll("UPDATE");
  restsAfter(call, expectsAt(call, 77_000, "BYE"));
});
