// How a refresh of ours may end, and what follows from it (RFC 4028 §10, RFC 5057, RFC 3261 §14.1).

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  WITHOUT_UPDATE,
  accepts,
  ended,
  expectsAt,
  givesUpAt,
  networkRefuses,
  peerRefreshes,
  refreshed,
  refuses,
  restsAfter,
  silentUntil,
  theyCall,
  timed,
  timerLines,
  weAsk,
  weRefresh,
} from "../support/session-timer.js";

/** Both methods of refreshing; the peer's 2xx that keeps it so. */
const METHODS = [
  ["UPDATE", {}],
  ["INVITE", WITHOUT_UPDATE],
] as const;

test("3.6 2xx: renewed and armed from that 2xx", () => {
  for (const [method, allow] of METHODS) {
    const call = weRefresh(90, {}, allow);
    const request = expectsAt(call, 45_000, method);
    call.runTo(45_300);
    accepts(call, request, { ...timed(90, "uac"), ...allow });
    assert.equal(refreshed(call), `local ${method}: local 90 RFC4028-7.4-present`);
    expectsAt(call, 90_300, method);
  }
});

test("3.6 2xx: armed from it even if our role changed", () => {
  const call = weRefresh(90);
  accepts(call, expectsAt(call, 45_000, "UPDATE"), timed(90, "uas"));
  assert.equal(refreshed(call), "local UPDATE: remote 90 RFC4028-7.2-named");
  givesUpAt(call, 45_000 + 60_000);
});

test("3.6 2xx with another interval: that one counts from then on", () => {
  const call = weRefresh(90);
  accepts(call, expectsAt(call, 45_000, "UPDATE"), timed(120, "uac"));
  assert.equal(timerLines(expectsAt(call, 45_000 + 60_000, "UPDATE")), weAsk(120));
});

test("3.6 call.refreshed says when the next is due", () => {
  const call = weRefresh(90);
  accepts(call, expectsAt(call, 45_000, "UPDATE"), timed(90, "uac"));
  assert.equal(call.phone.event("call.refreshed").fields["next"], 45);
  accepts(call, expectsAt(call, 90_000, "UPDATE"), timed(90, "uas"));
  assert.equal(call.phone.event("call.refreshed").fields["next"], 60);
});

// ---- dead ----

test("3.6 no final answer: BYE when the transaction times out, with the Reason", () => {
  for (const [method, allow] of METHODS) {
    const call = weRefresh(90, { settings: { update_fallback: 0 } }, allow);
    expectsAt(call, 45_000, method);
    call.runTo(76_999);
    call.peer.takesAll(method);
    const bye = expectsAt(call, 77_000, "BYE");
    assert.equal(bye.header("Reason"), 'SIP;cause=408;text="Session refresh timeout"');
    assert.equal(call.phone.event("call.ended").fields["reason"], "Session refresh timeout");
    call.peer.replies(bye, 200);
    silentUntil(call, 3600_000);
  }
});

test("3.6 408 and 481: BYE at once, with the Reason", () => {
  for (const [method, allow] of METHODS) {
    for (const status of [408, 481]) {
      const call = weRefresh(90, {}, allow);
      refuses(call, expectsAt(call, 45_000, method), status);
      const bye = call.peer.expects("BYE");
      assert.equal(bye.header("Reason"), 'SIP;cause=408;text="Session refresh timeout"');
      restsAfter(call, bye);
    }
  }
});

test("3.6 408 and 481 are told apart in call.ended", () => {
  const timedOut = weRefresh(90);
  refuses(timedOut, expectsAt(timedOut, 45_000, "UPDATE"), 408);
  assert.equal(ended(timedOut), "local 408 RFC4028-10-unanswered");
  const unknown = weRefresh(90);
  refuses(unknown, expectsAt(unknown, 45_000, "UPDATE"), 481);
  assert.equal(ended(unknown), "local 481 RFC4028-10-unanswered");
});

test("3.6 404, 410, 416, 482, 484, 485, 604: BYE now (RFC 5057 Table 2)", () => {
  for (const [method, allow] of METHODS) {
    for (const status of [404, 410, 416, 482, 484, 485, 604]) {
      const call = weRefresh(90, {}, allow);
      refuses(call, expectsAt(call, 45_000, method), status);
      assert.equal(ended(call), `local ${status} RFC5057-refused`);
      const bye = call.peer.expects("BYE");
      assert.match(bye.header("Reason"), new RegExp(`^SIP;cause=${status};`));
      call.peer.replies(bye, 200);
      silentUntil(call, 3600_000);
    }
  }
});

// ---- UPDATE falls back to re-INVITE ----

test("3.6 UPDATE was never answered and a whole INVITE fits: one re-INVITE, then BYE", () => {
  const call = weRefresh(299);
  const update = expectsAt(call, 149_500, "UPDATE");
  call.runTo(181_499);
  call.peer.takesAll("UPDATE");
  const invite = expectsAt(call, 181_500, "INVITE");
  assert.equal(invite.cseq, update.cseq + 1);
  assert.equal(invite.body, call.invite.body);
  call.runTo(213_499);
  call.peer.takesAll("INVITE");
  assert.equal(
    expectsAt(call, 213_500, "BYE").header("Reason"),
    'SIP;cause=408;text="Session refresh timeout"',
  );
});

test("3.6 UPDATE was never answered, but no whole INVITE fits: BYE", () => {
  for (const [T, until] of [
    [90, 77_000],
    [120, 92_000],
  ] as const) {
    const call = weRefresh(T);
    call.runTo(until - 1);
    call.peer.takesAll("UPDATE");
    restsAfter(call, expectsAt(call, until, "BYE"));
  }
});

test("3.6 an UPDATE was answered before: no re-INVITE after a silence, BYE", () => {
  const call = weRefresh(299);
  accepts(call, expectsAt(call, 149_500, "UPDATE"), timed(299, "uac"));
  call.runTo(149_500 + 149_500 + 31_999);
  call.peer.takesAll("UPDATE");
  restsAfter(call, expectsAt(call, 149_500 + 149_500 + 32_000, "BYE"));
});

// ---- the transport ----

test("3.6 a transport error is not the end: again with a new branch, the deadline is where it was", () => {
  for (const [method, allow] of METHODS) {
    const call = weRefresh(90, {}, allow);
    const first = expectsAt(call, 45_000, method);
    networkRefuses(call);
    const second = expectsAt(call, 47_000, method);
    assert.notEqual(second.header("Via"), first.header("Via"));
    assert.equal(second.cseq, first.cseq + 1);
    accepts(call, second, { ...timed(90, "uac"), ...allow });
    expectsAt(call, 47_000 + 45_000, method);
  }
});

test("3.6 a transport error that lasts: BYE at the deadline", () => {
  const call = weRefresh(90);
  for (let at = 45_000; at <= 59_000; at += 2_000) {
    expectsAt(call, at, "UPDATE");
    networkRefuses(call);
  }
  restsAfter(call, expectsAt(call, 60_001, "BYE"));
});

// ---- again, at once ----

const CHALLENGE = 'Digest realm="example.com", nonce="abc", qop="auth", algorithm=MD5';
const PASSWORD = { "account.1.auth_name": "alice", "account.1.password": "secret" };

test("3.6 401 and 407: with credentials and CSeq + 1", () => {
  for (const [method, allow] of METHODS) {
    for (const [status, asks, answers] of [
      [401, "WWW-Authenticate", "Authorization"],
      [407, "Proxy-Authenticate", "Proxy-Authorization"],
    ] as const) {
      const call = weRefresh(90, { settings: PASSWORD }, allow);
      const first = expectsAt(call, 45_000, method);
      refuses(call, first, status, { [asks]: CHALLENGE });
      const second = call.peer.expects(method);
      assert.equal(second.cseq, first.cseq + 1);
      assert.match(
        second.header(answers),
        new RegExp(`^Digest username="alice".*uri="sip:bob@192\\.0\\.2\\.20:5060"`),
      );
      assert.equal(timerLines(second), weAsk(90));
      assert.equal(second.body, first.body);
      accepts(call, second, { ...timed(90, "uac"), ...allow });
      // The next one has them from the start.
      assert.ok(expectsAt(call, 90_000, method).has(answers));
    }
  }
});

test("3.6 401 without a password, or one that is wrong: BYE at the deadline", () => {
  const none = weRefresh(90);
  refuses(none, expectsAt(none, 45_000, "UPDATE"), 401, { "WWW-Authenticate": CHALLENGE });
  givesUpAt(none, 60_001);
  const wrong = weRefresh(90, { settings: PASSWORD });
  refuses(wrong, expectsAt(wrong, 45_000, "UPDATE"), 401, { "WWW-Authenticate": CHALLENGE });
  refuses(wrong, wrong.peer.expects("UPDATE"), 401, { "WWW-Authenticate": CHALLENGE });
  givesUpAt(wrong, 60_001);
});

test("3.6 422: raised and again, the expiry is not extended by it", () => {
  for (const [method, allow] of METHODS) {
    const call = weRefresh(90, {}, allow);
    refuses(call, expectsAt(call, 45_000, method), 422, { "Min-SE": "120" });
    const again = call.peer.expects(method);
    assert.equal(timerLines(again), "Session-Expires: 120;refresher=uac | Min-SE: 120 | Supported: timer");
    call.runTo(76_999);
    call.peer.takesAll(method);
    restsAfter(call, expectsAt(call, 77_000, "BYE"));
  }
});

test("3.6 405 and 501 to UPDATE: re-INVITE now, and no UPDATE any more", () => {
  for (const status of [405, 501]) {
    for (const refresh_method of [0, 1]) {
      const call = weRefresh(90, { settings: { refresh_method } });
      refuses(call, expectsAt(call, 45_000, "UPDATE"), status);
      const invite = call.peer.expects("INVITE");
      assert.equal(invite.body, call.invite.body);
      accepts(call, invite, timed(90, "uac"));
      expectsAt(call, 90_000, "INVITE");
    }
  }
});

test("3.6 405 and 501 to re-INVITE: not renewed, BYE at the deadline", () => {
  for (const status of [405, 501]) {
    const call = weRefresh(90, {}, WITHOUT_UPDATE);
    refuses(call, expectsAt(call, 45_000, "INVITE"), status);
    givesUpAt(call, 60_001);
  }
});

test("3.6 420, 488, 606 to re-INVITE: once with UPDATE if that is allowed", () => {
  for (const status of [420, 488, 606]) {
    const call = weRefresh(90, { settings: { refresh_method: 2 } });
    refuses(call, expectsAt(call, 45_000, "INVITE"), status);
    const update = call.peer.expects("UPDATE");
    assert.equal(update.body, "");
    refuses(call, update, status);
    givesUpAt(call, 60_001);
  }
});

test("3.6 420, 488, 606 to re-INVITE of a peer without UPDATE: BYE at the deadline, the call lives until then", () => {
  for (const status of [420, 488, 606]) {
    const call = weRefresh(90, {}, WITHOUT_UPDATE);
    refuses(call, expectsAt(call, 45_000, "INVITE"), status);
    call.phone.saysNothing("call.ended");
    assert.deepEqual(call.phone.event("call.notice").fields, { what: "refresh", status });
    givesUpAt(call, 60_001);
  }
});

test("3.6 488 to re-INVITE while allow_update is 0: no UPDATE", () => {
  const call = weRefresh(90, { settings: { allow_update: 0 } });
  refuses(call, expectsAt(call, 45_000, "INVITE"), 488);
  givesUpAt(call, 60_001);
});

// ---- again, later ----

test("3.6 491: the owner of the Call-ID waits 2.1 to 4 s, in steps of 10 ms", () => {
  const waits = glareWaits(true);
  assert.ok(Math.min(...waits) >= 2100 && Math.max(...waits) <= 4000);
  assert.ok(Math.max(...waits) - Math.min(...waits) > 1000);
});

test("3.6 491: the other side waits 0 to 2 s, in steps of 10 ms", () => {
  const waits = glareWaits(false);
  assert.ok(Math.min(...waits) >= 0 && Math.max(...waits) <= 2000);
  assert.ok(Math.max(...waits) - Math.min(...waits) > 1000);
});

function glareWaits(isOwner: boolean): number[] {
  const waits: number[] = [];
  for (let seed = 1; seed <= 40; seed++) {
    const call = isOwner ? weRefresh(90, { seed }) : theyCall(timed(90, "uas"), { seed });
    refuses(call, expectsAt(call, 45_000, "UPDATE"), 491);
    while (call.wire.waiting.length === 0) call.runTo(call.wire.now + 1);
    const again = call.peer.expects("UPDATE");
    assert.equal((again.atMs - 45_000) % 10, 0);
    waits.push(again.atMs - 45_000);
  }
  return waits;
}

test("3.6 491 for ever: tries until the deadline, then BYE", () => {
  for (const [, allow] of METHODS) {
    const call = weRefresh(90, {}, allow);
    let tries = 0;
    for (;;) {
      while (call.wire.waiting.length === 0) call.runTo(call.wire.now + 1);
      const sent = call.peer.takesAll()[0]!;
      if (sent.method === "BYE") {
        assert.ok(sent.atMs <= 60_001);
        break;
      }
      tries++;
      refuses(call, sent, 491);
    }
    assert.ok(tries >= 4 && tries <= 8);
  }
});

test("3.6 500 and 503 with Retry-After: again after it", () => {
  for (const [method, allow] of METHODS) {
    for (const status of [500, 503]) {
      const call = weRefresh(90, {}, allow);
      refuses(call, expectsAt(call, 45_000, method), status, { "Retry-After": "5 (busy);duration=60" });
      accepts(call, expectsAt(call, 50_000, method), { ...timed(90, "uac"), ...allow });
      expectsAt(call, 95_000, method);
    }
  }
});

test("3.6 Retry-After: 0 is no tight loop", () => {
  const call = weRefresh(90);
  refuses(call, expectsAt(call, 45_000, "UPDATE"), 500, { "Retry-After": "0" });
  expectsAt(call, 46_000, "UPDATE");
});

test("3.6 500, 502, 503, 504 without Retry-After: two more tries, 10 s apart, then BYE at the deadline", () => {
  for (const status of [500, 502, 503, 504]) {
    const call = weRefresh(299);
    for (const at of [149_500, 159_500, 169_500]) refuses(call, expectsAt(call, at, "UPDATE"), status);
    givesUpAt(call, 267_001);
    const short = weRefresh(90);
    for (const at of [45_000, 55_000]) refuses(short, expectsAt(short, at, "UPDATE"), status);
    givesUpAt(short, 60_001);
  }
});

test("3.6 the tries are counted for each refresh anew", () => {
  const call = weRefresh(299);
  for (const at of [149_500, 159_500]) refuses(call, expectsAt(call, at, "UPDATE"), 500);
  accepts(call, expectsAt(call, 169_500, "UPDATE"), timed(299, "uac"));
  for (const at of [319_000, 329_000, 339_000]) refuses(call, expectsAt(call, at, "UPDATE"), 500);
  givesUpAt(call, 169_500 + 267_001);
});

// ---- not renewed ----

test("3.6 400, 403, 480 and others: no repeat, the call lives until the deadline", () => {
  for (const [method, allow] of METHODS) {
    for (const status of [400, 402, 403, 406, 413, 414, 415, 480, 486, 487, 489, 493, 505, 513, 600, 603]) {
      const call = weRefresh(90, {}, allow);
      refuses(call, expectsAt(call, 45_000, method), status);
      call.phone.saysNothing("call.ended");
      givesUpAt(call, 60_001);
    }
  }
});

test("3.6 3xx: not followed in a dialog, BYE at the deadline", () => {
  for (const status of [300, 301, 302, 305, 380]) {
    const call = weRefresh(90);
    refuses(call, expectsAt(call, 45_000, "UPDATE"), status, { Contact: "<sip:carol@192.0.2.30>" });
    givesUpAt(call, 60_001);
  }
});

test("3.6 a refresh that failed does not stop the peer from renewing the session", () => {
  const call = weRefresh(90);
  refuses(call, expectsAt(call, 45_000, "UPDATE"), 403);
  call.runTo(50_000);
  call.peer.requests(call.dialog, "UPDATE", { headers: timed(90, "uac") });
  call.peer.expects(200);
  givesUpAt(call, 110_000);
});

test("3.6 the peer renews while we wait for our turn: our refresh is not needed any more", () => {
  const call = weRefresh(90);
  refuses(call, expectsAt(call, 45_000, "UPDATE"), 491);
  call.peer.requests(call.dialog, "UPDATE", { headers: timed(90, "uas") });
  call.peer.expects(200);
  expectsAt(call, 90_000, "UPDATE");
});

test("3.6 one failure of the other side's supervisor does not matter to us: hold fails, expiry stays", () => {
  const call = peerRefreshes(90);
  call.runTo(30_000);
  call.phone.holds();
  refuses(call, call.peer.expects("INVITE"), 403);
  givesUpAt(call, 60_000);
});
