// Refreshes that meet something else: the peer's requests, hold and resume, the end of the call
// (RFC 3261 §14, RFC 3311 §5.2, RFC 6141 §3.5).

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ALLOWS_UPDATE,
  WITHOUT_UPDATE,
  accepts,
  answered,
  connect,
  ended,
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
  timers,
  updates,
  weAsk,
  weRefresh,
  type CallUp,
  type Datagram,
} from "../support/session-timer.js";

const HOUR = 3600_000;

function assertRetryAfter(response: Datagram): void {
  assert.equal(response.status, 500);
  assert.match(response.header("Retry-After"), /^([0-9]|10)$/);
}

/** The phone's re-INVITE of a refresh is on its way. */
function refreshing(): CallUp & { ours: Datagram } {
  const call = weRefresh(90, {}, WITHOUT_UPDATE);
  return { ...call, ours: expectsAt(call, 45_000, "INVITE") };
}

/** What the phone answers to a request that the peer sends now. */
function asks(call: CallUp, method: string, body: string): Datagram {
  const request = call.peer.requests(call.dialog, method, { body, headers: timed(90, "uac") });
  const answer = call.peer.expects(call.wire.waiting[0]?.status ?? 0);
  assert.equal(answer.cseq, request.cseq);
  if (method === "INVITE" && answer.status >= 300) call.peer.acksRefusal(request, answer);
  if (method === "INVITE" && answer.status < 300)
    call.peer.acks(call.dialog, body === "" ? { body: sdp() } : {});
  return answer;
}

// ---- glare ----

test("3.6 the peer's INVITE while ours is in progress: 491, with an offer and without", () => {
  for (const body of [sdp(), sdp({ direction: "sendonly", version: 2 }), ""]) {
    const call = refreshing();
    assert.equal(asks(call, "INVITE", body).status, 491);
    call.phone.saysNothing("call.refreshed");
    // Ours goes on as if nothing had been, and the peer's next try is welcome.
    accepts(call, call.ours, { ...timed(90, "uac"), ...WITHOUT_UPDATE });
    assert.equal(refreshed(call), "local INVITE: local 90 RFC4028-7.4-present");
    assert.equal(asks(call, "INVITE", body).status, 200);
  }
});

test("3.6 the peer's INVITE while our hold is in progress: 491 as well", () => {
  const call = weRefresh(90);
  call.phone.holds();
  const hold = call.peer.expects("INVITE");
  call.peer.replies(hold, 100);
  assert.equal(asks(call, "INVITE", sdp()).status, 491);
  accepts(call, hold, timed(90, "uac"));
  expectsAt(call, 45_000, "UPDATE");
});

test("3.6 both INVITEs get 491: we wait for our turn, and the peer's comes through in between", () => {
  const call = refreshing();
  assert.equal(asks(call, "INVITE", sdp()).status, 491);
  refuses(call, call.ours, 491);
  call.runTo(46_000);
  assert.equal(asks(call, "INVITE", sdp()).header("Session-Expires"), "90;refresher=uac");
  // It has renewed the session, and the peer refreshes from now on: our own is not needed any more.
  givesUpAt(call, 46_000 + 60_000);
});

test("3.6 the peer's INVITE while only our UPDATE is in progress is taken", () => {
  const call = weRefresh(90);
  const update = expectsAt(call, 45_000, "UPDATE");
  assert.equal(asks(call, "INVITE", sdp()).status, 200);
  accepts(call, update, timed(90, "uac"));
  expectsAt(call, 90_000, "UPDATE");
});

test("3.6 UPDATE with an offer while our offer is unanswered: 491", () => {
  const call = refreshing();
  assert.equal(asks(call, "UPDATE", sdp({ version: 2 })).status, 491);
  accepts(call, call.ours, { ...timed(90, "uac"), ...WITHOUT_UPDATE });
  assert.equal(asks(call, "UPDATE", sdp({ version: 2 })).status, 200);
});

test("3.6 UPDATE with an offer in the early dialog of our own INVITE: 491", () => {
  const { phone, peer } = connect({ config: timers({ expires: 90 }) });
  phone.dials(peer.uri);
  const invite = peer.expects("INVITE");
  const ringing = peer.replies(invite, 180);
  peer.requests(peer.dialog(invite, ringing), "UPDATE", { body: sdp(), headers: timed(90, "uac") });
  peer.expects(491);
});

test("3.6 a 491 of ours has not touched the timer, but the CSeq of its INVITE counts: an older one gets 500", () => {
  const call = refreshing();
  asks(call, "INVITE", sdp());
  const old = call.peer.requests(call.dialog, "UPDATE", {
    cseq: call.dialog.cseq - 1,
    headers: timed(90, "uac"),
  });
  assert.equal(call.peer.expects(500).cseq, old.cseq);
  call.runTo(76_999);
  call.peer.takesAll("INVITE");
  restsAfter(call, expectsAt(call, 77_000, "BYE"));
});

// ---- overlap ----

test("3.6 a second INVITE before our final answer to the first: 500 with Retry-After 0 to 10", () => {
  for (let seed = 1; seed <= 12; seed++) {
    const { phone, peer } = connect({ config: timers(), seed });
    const invite = peer.invites({ headers: timed(90, "uac") });
    const ringing = peer.takesAll().at(-1)!;
    phone.event("call.incoming");
    peer.requests(peer.dialog(invite, ringing), "INVITE", { body: sdp(), headers: timed(90, "uac") });
    assertRetryAfter(peer.expects(500));
    phone.answers();
    assert.equal(answered(peer.expects(200)), "90;refresher=uac + Require: timer");
  }
});

test("3.6 a second re-INVITE before the ACK to the first: 500 with Retry-After", () => {
  const call = theyCall(timed(90, "uac"));
  call.peer.requests(call.dialog, "INVITE", { body: sdp(), headers: timed(90, "uac") });
  call.peer.expects(200);
  const first = call.dialog.inviteCSeq;
  call.peer.requests(call.dialog, "INVITE", { body: sdp(), headers: timed(90, "uac") });
  assertRetryAfter(call.peer.expects(500));
  call.peer.acks(call.dialog, { cseq: first });
  assert.equal(asks(call, "INVITE", sdp()).status, 200);
});

test("3.6 UPDATE with an offer while the offer of the INVITE is unanswered by us: 500 with Retry-After", () => {
  const { phone, peer } = connect({ config: timers() });
  const invite = peer.invites({ headers: timed(90, "uac") });
  const dialog = peer.dialog(invite, peer.takesAll().at(-1)!);
  phone.event("call.incoming");
  peer.requests(dialog, "UPDATE", { body: sdp({ version: 2 }), headers: timed(90, "uac") });
  assertRetryAfter(peer.expects(500));
});

// ---- an UPDATE without a body never glares ----

test("3.6 UPDATE without a body: 200, whatever else is open", () => {
  const inInvite = refreshing();
  assert.equal(answered(asks(inInvite, "UPDATE", "")), "90;refresher=uac + Require: timer");

  const inUpdate = weRefresh(90);
  expectsAt(inUpdate, 45_000, "UPDATE");
  assert.equal(answered(asks(inUpdate, "UPDATE", "")), "90;refresher=uac + Require: timer");

  const inHold = weRefresh(90);
  inHold.phone.holds();
  inHold.peer.expects("INVITE");
  assert.equal(answered(asks(inHold, "UPDATE", "")), "90;refresher=uac + Require: timer");

  const beforeAck = theyCall(timed(90, "uac"));
  beforeAck.peer.requests(beforeAck.dialog, "INVITE", { body: sdp(), headers: timed(90, "uac") });
  beforeAck.peer.expects(200);
  assert.equal(answered(asks(beforeAck, "UPDATE", "")), "90;refresher=uac + Require: timer");
});

test("3.6 UPDATE without a body while it rings, here or there: 200", () => {
  const here = connect({ config: timers() });
  const invite = here.peer.invites({ headers: timed(90, "uac") });
  const dialog = here.peer.dialog(invite, here.peer.takesAll().at(-1)!);
  here.peer.requests(dialog, "UPDATE", { headers: timed(90, "uac") });
  here.peer.expects(200);

  const there = connect({ config: timers() });
  there.phone.dials(there.peer.uri);
  const ours = there.peer.expects("INVITE");
  const ringing = there.peer.replies(ours, 180);
  there.peer.requests(there.peer.dialog(ours, ringing), "UPDATE", { headers: timed(90, "uac") });
  there.peer.expects(200);
});

test("3.6 the last 2xx counts: ours to the peer's UPDATE, then the peer's to our UPDATE", () => {
  const call = weRefresh(90);
  const update = expectsAt(call, 45_000, "UPDATE");
  asks(call, "UPDATE", "");
  assert.equal(refreshed(call), "remote UPDATE: remote 90 RFC4028-9-named");
  accepts(call, update, timed(90, "uac"));
  assert.equal(refreshed(call), "local UPDATE: local 90 RFC4028-7.2-named");
  expectsAt(call, 90_000, "UPDATE");
});

// ---- hold and resume ----

/** A direction attribute stands in this body. */
function direction(message: Datagram): string {
  return /a=(sendrecv|sendonly|recvonly|inactive)\r\n/.exec(message.body)?.[1] ?? "";
}

test("3.6 hold while a refresh is pending: sent after it, whichever way the refresh goes", () => {
  for (const [method, allow] of [
    ["UPDATE", ALLOWS_UPDATE],
    ["INVITE", WITHOUT_UPDATE],
  ] as const) {
    for (const status of [200, 403, 488]) {
      const call = weRefresh(90, {}, allow);
      const refresh = expectsAt(call, 45_000, method);
      call.phone.holds();
      call.peer.expectsNothing();
      call.runTo(45_400);
      if (status === 200) accepts(call, refresh, { ...timed(90, "uac"), ...allow });
      else refuses(call, refresh, status);
      let next = call.peer.expects("INVITE");
      // 488 to UPDATE: the refresh itself is tried once more by re-INVITE.
      if (status === 488 && method === "UPDATE") {
        assert.equal(direction(next), "sendrecv");
        refuses(call, next, 488);
        next = call.peer.expects("INVITE");
      }
      assert.equal(direction(next), "sendonly");
      assert.equal(timerLines(next), weAsk(90));
      accepts(call, next, { ...timed(90, "uac"), ...allow });
      expectsAt(call, 90_400, method);
    }
  }
});

test("3.6 a refresh that waits for its turn, and hold: after it, hold is asked", () => {
  const call = weRefresh(90);
  refuses(call, expectsAt(call, 45_000, "UPDATE"), 503, { "Retry-After": "3" });
  call.phone.holds();
  accepts(call, expectsAt(call, 48_000, "UPDATE"), timed(90, "uac"));
  assert.equal(direction(call.peer.expects("INVITE")), "sendonly");
});

test("3.6 the peer renews while our refresh waits for its turn: the hold behind it is sent", () => {
  const call = weRefresh(90);
  refuses(call, expectsAt(call, 45_000, "UPDATE"), 503, { "Retry-After": "10" });
  call.phone.holds();
  call.peer.takesAll();
  call.peer.requests(call.dialog, "UPDATE", { headers: timed(90, "uas") });
  call.peer.expects(200);
  assert.equal(direction(call.peer.expects("INVITE")), "sendonly");
});

test("3.6 a hold re-INVITE counts as a refresh: T/2 from its 2xx", () => {
  const call = weRefresh(90);
  call.runTo(40_000);
  call.phone.holds();
  const hold = call.peer.expects("INVITE");
  assert.equal(timerLines(hold), weAsk(90));
  accepts(call, hold, timed(90, "uac"));
  assert.equal(refreshed(call), "local INVITE: local 90 RFC4028-7.4-present");
  const refresh = expectsAt(call, 85_000, "UPDATE");
  accepts(call, refresh, timed(90, "uac"));
});

test("3.6 refreshes of a call on hold keep it on hold", () => {
  const call = weRefresh(90, {}, WITHOUT_UPDATE);
  call.phone.holds();
  const hold = call.peer.expects("INVITE");
  accepts(call, hold, { ...timed(90, "uac"), ...WITHOUT_UPDATE });
  const refresh = expectsAt(call, 45_000, "INVITE");
  assert.equal(refresh.body, hold.body);
});

test("3.6 refresh due while hold is pending: skipped, and armed from the hold's 2xx", () => {
  const call = weRefresh(90);
  call.runTo(44_000);
  call.phone.holds();
  const hold = call.peer.expects("INVITE");
  call.peer.replies(hold, 100);
  silentUntil(call, 50_000);
  accepts(call, hold, timed(90, "uac"));
  expectsAt(call, 95_000, "UPDATE");
});

test("3.6 refresh due while hold is pending, and hold fails: the refresh leaves at once", () => {
  const call = weRefresh(90);
  call.runTo(44_000);
  call.phone.holds();
  const hold = call.peer.expects("INVITE");
  call.peer.replies(hold, 100);
  silentUntil(call, 50_000);
  refuses(call, hold, 488);
  assert.deepEqual(call.phone.event("call.notice").fields, { what: "hold", status: 488 });
  accepts(call, call.peer.expects("UPDATE"), timed(90, "uac"));
  expectsAt(call, 95_000, "UPDATE");
});

test("3.6 refresh due while hold is pending, and hold fails after the deadline: BYE", () => {
  const call = weRefresh(90);
  call.runTo(44_000);
  call.phone.holds();
  const hold = call.peer.expects("INVITE");
  call.peer.replies(hold, 100);
  silentUntil(call, 61_000);
  refuses(call, hold, 488);
  restsAfter(call, call.peer.expects("BYE"));
});

test("3.6 resume while hold is pending: both are sent, one after the other", () => {
  const call = weRefresh(90);
  call.phone.holds();
  const hold = call.peer.expects("INVITE");
  call.phone.resumes();
  call.peer.expectsNothing();
  accepts(call, hold, timed(90, "uac"));
  const resume = call.peer.expects("INVITE");
  assert.equal(direction(resume), "sendrecv");
  accepts(call, resume, timed(90, "uac"));
  call.peer.expectsNothing();
  expectsAt(call, 45_000, "UPDATE");
});

test("3.6 hold got 491: the refresh that falls due meanwhile is the hold itself", () => {
  const call = weRefresh(90);
  call.runTo(44_500);
  call.phone.holds();
  refuses(call, call.peer.expects("INVITE"), 491);
  call.runTo(48_500);
  const [again, ...copies] = call.peer.takesAll("INVITE");
  assert.ok(again && copies.every((copy) => copy.text === again.text));
  assert.equal(direction(again), "sendonly");
  accepts(call, again, timed(90, "uac"));
  expectsAt(call, 48_500 + 45_000, "UPDATE");
});

test("3.6 hold while the peer's re-INVITE has no ACK: ours waits for it", () => {
  const call = theyCall(timed(90, "uac"));
  call.peer.requests(call.dialog, "INVITE", { body: sdp(), headers: timed(90, "uac") });
  call.peer.expects(200);
  call.phone.holds();
  call.peer.expectsNothing();
  call.peer.acks(call.dialog);
  assert.equal(
    timerLines(call.peer.expects("INVITE")),
    "Session-Expires: 90;refresher=uas | Supported: timer",
  );
});

test("3.6 hold that is answered without SDP is asked once, and the call goes on as it was", () => {
  const call = peerRefreshes(90);
  call.phone.holds();
  accepts(call, call.peer.expects("INVITE"), timed(90, "uas"), { body: "" });
  assert.deepEqual(call.phone.event("call.notice").fields, { what: "hold", status: 488 });
  call.peer.expectsNothing();
  givesUpAt(call, 60_000);
});

test("3.6 the 2xx to a refresh comes again while hold is pending: ACK, and hold goes on waiting", () => {
  const call = weRefresh(90, {}, WITHOUT_UPDATE);
  const accepted = accepts(call, expectsAt(call, 45_000, "INVITE"), {
    ...timed(90, "uac"),
    ...WITHOUT_UPDATE,
  });
  call.phone.forgetsEvents();
  call.phone.holds();
  const hold = call.peer.expects("INVITE");
  call.peer.repeats(accepted);
  assert.equal(call.peer.expects("ACK").cseq, accepted.cseq);
  call.phone.saysNothing("call.refreshed");
  call.runTo(46_000);
  assert.ok(call.peer.takesAll("INVITE").every((copy) => copy.text === hold.text));
  accepts(call, hold, { ...timed(90, "uac"), ...WITHOUT_UPDATE });
  assert.equal(refreshed(call), "local INVITE: local 90 RFC4028-7.4-present");
});

// ---- the end ----

test("3.6 BYE, ours or the peer's: nothing is sent or said any more", () => {
  for (const make of [weRefresh, peerRefreshes]) {
    const ours = make(90);
    ours.phone.hangsUp();
    restsAfter(ours, ours.peer.expects("BYE"));
    const theirs = make(90);
    theirs.peer.requests(theirs.dialog, "BYE");
    theirs.peer.expects(200);
    assert.equal(ended(theirs), "remote 200 peer-bye");
    silentUntil(theirs, 4 * HOUR);
  }
});

test("3.6 hung up while our refresh is pending: BYE follows the ACK to its 2xx, and nothing else happens", () => {
  const call = refreshing();
  call.phone.hangsUp();
  call.peer.expectsNothing();
  accepts(call, call.ours, timed(90, "uac"));
  call.phone.saysNothing("call.refreshed");
  restsAfter(call, call.peer.expects("BYE"));
});

test("3.6 hung up while our refresh is pending, and nobody answers it: BYE after T2, nothing is left", () => {
  const call = refreshing();
  call.phone.hangsUp();
  call.runTo(49_000);
  const bye = call.peer.takesAll().at(-1)!;
  assert.equal(bye.method, "BYE");
  call.peer.replies(bye, 200);
  call.runTo(200_000);
  assert.ok(call.peer.takesAll().every((copy) => copy.text === call.ours.text));
  call.phone.saysNothing("call.refreshed");
  silentUntil(call, 4 * HOUR);
  assert.equal(call.wire.instance.deadline, -1, "no timer is left after the end");
});

test("3.6 the peer's UPDATE and INVITE cross our BYE: 481, and no timer comes back to life", () => {
  for (const method of ["UPDATE", "INVITE"]) {
    const call = peerRefreshes(90);
    call.phone.hangsUp();
    const bye = call.peer.expects("BYE");
    const request = call.peer.requests(call.dialog, method, { headers: timed(90, "uac") });
    const refused = call.peer.expects(481);
    if (method === "INVITE") call.peer.acksRefusal(request, refused);
    call.phone.saysNothing("call.refreshed");
    restsAfter(call, bye);
  }
});

test("3.6 both sides say BYE at once: both are answered", () => {
  const call = weRefresh(90);
  call.phone.hangsUp();
  const bye = call.peer.expects("BYE");
  call.peer.requests(call.dialog, "BYE");
  call.peer.expects(200);
  restsAfter(call, bye);
});

test("3.6 488 to the INVITE, or no answer at all: no timer was ever there", () => {
  const call = connect({ config: timers({ expires: 90 }) });
  call.phone.dials(call.peer.uri);
  refuses(call, call.peer.expects("INVITE"), 488, timed(90, "uac"));
  assert.equal(ended(call), "remote 488 peer-refused");
  silentUntil(call, 4 * HOUR);
});

test("3.6 rejected here: no timer was ever there", () => {
  const call = connect({ config: timers() });
  const invite = call.peer.invites({ headers: timed(90, "uas") });
  call.phone.event("call.incoming");
  call.peer.takesAll();
  call.phone.rejects();
  call.peer.acksRefusal(invite, call.peer.expects(486));
  silentUntil(call, 4 * HOUR);
});

test("3.6 our 200 is never acknowledged: BYE, and no refresh", () => {
  const call = connect({ config: timers() });
  call.peer.invites({ headers: timed(90, "uas") });
  call.phone.event("call.incoming");
  call.peer.takesAll();
  call.phone.answers();
  call.runTo(31_999);
  call.peer.takesAll(200);
  restsAfter(call, expectsAt(call, 32_000, "BYE"));
});

test("3.6 a late UPDATE for a call that is over: 481", () => {
  const call = peerRefreshes(90);
  givesUpAt(call, 60_000);
  call.peer.requests(call.dialog, "UPDATE", { headers: timed(90, "uac") });
  call.peer.expects(481);
});

test("3.6 a late 2xx to our refresh after we gave up is nothing", () => {
  const call = weRefresh(90, { settings: { update_fallback: 0 } });
  const update = expectsAt(call, 45_000, "UPDATE");
  call.runTo(76_999);
  call.peer.takesAll();
  const bye = expectsAt(call, 77_000, "BYE");
  call.peer.replies(update, 200, { headers: timed(90, "uac") });
  call.phone.saysNothing("call.refreshed");
  restsAfter(call, bye);
});

test("3.6 a late 2xx to our re-INVITE after we gave up is acknowledged or answered with silence, never a new call", () => {
  const call = refreshing();
  call.runTo(76_999);
  call.peer.takesAll();
  const bye = expectsAt(call, 77_000, "BYE");
  call.peer.replies(call.ours, 200, { headers: timed(90, "uac"), body: sdp() });
  call.peer.takesAll("ACK");
  call.phone.saysNothing("call.refreshed");
  restsAfter(call, bye);
});

test("3.6 the peer's refresh comes in the same tick as our BYE would: whoever is first counts", () => {
  const saved = peerRefreshes(90);
  saved.runTo(59_999);
  saved.wire.now = 60_000;
  assert.equal(updates(saved, timed(90, "uac")).status, 200);
  givesUpAt(saved, 120_000);
  const late = peerRefreshes(90);
  late.runTo(60_000);
  const bye = late.peer.expects("BYE");
  late.peer.requests(late.dialog, "UPDATE", { headers: timed(90, "uac") });
  late.peer.expects(481);
  restsAfter(late, bye);
});

test("3.6 a re-INVITE of the peer is taken while a refresh of ours is out: one refresher at the end", () => {
  const call = weRefresh(90);
  const update = expectsAt(call, 45_000, "UPDATE");
  assert.equal(answered(reInvites(call, timed(90, "uac"))), "90;refresher=uac + Require: timer");
  accepts(call, update, timed(90, "uas"));
  givesUpAt(call, 45_000 + 60_000);
});
