// When a refresh leaves, how long it may try, and when the call is given up (RFC 4028 §10).

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ALLOWS_UPDATE,
  WITHOUT_UPDATE,
  accepts,
  ended,
  expectsAt,
  givesUpAt,
  peerRefreshes,
  refuses,
  reInvites,
  restsAfter,
  silentUntil,
  sleepsUntil,
  theyCall,
  timed,
  updates,
  weRefresh,
  type CallUp,
  type Datagram,
} from "../support/session-timer.js";

const HOUR = 3600_000;

/** T, T/2, T - min(32, T/3), and how long the first attempt runs, in seconds. */
const TABLE = [
  [90, 45, 60, 77],
  [120, 60, 88, 92],
  [600, 300, 568, 332],
  [1800, 900, 1768, 932],
] as const;

/** The first refresh: at T/2, or up to 5 s before it where T is 300 s or more. */
function firstRefresh(call: CallUp, half: number, what = "UPDATE"): Datagram {
  const earliest = half < 150 ? half * 1000 : half * 1000 - 5_000;
  silentUntil(call, earliest - 1);
  while (call.wire.waiting.length === 0 && call.wire.now < half * 1000) call.runTo(call.wire.now + 1);
  return call.peer.expects(what);
}

for (const [T, half, end, running] of TABLE) {
  test(`3.6 T=${T}: the refresh leaves at ${half} s`, () => {
    for (const headers of [ALLOWS_UPDATE, WITHOUT_UPDATE]) {
      const call = weRefresh(T, {}, headers);
      firstRefresh(call, half, headers === ALLOWS_UPDATE ? "UPDATE" : "INVITE");
    }
  });

  test(`3.6 T=${T}: the other side does not refresh, BYE at ${end} s`, () => {
    const call = peerRefreshes(T);
    const bye = expectsAt(call, end * 1000, "BYE");
    assert.match(bye.header("Reason"), /^SIP;cause=408;/);
    assert.equal(ended(call), "local 408 RFC4028-10-expired");
    call.peer.replies(bye, 200);
    silentUntil(call, 2 * HOUR);
    givesUpAt(theyCall(timed(T, "uac")), end * 1000);
  });

  test(`3.6 T=${T}: a silent peer, our first attempt runs to ${running} s`, () => {
    for (const refresh_method of [1, 2]) {
      const call = weRefresh(T, { settings: { refresh_method, update_fallback: 0 } });
      const what = refresh_method === 1 ? "UPDATE" : "INVITE";
      const first = firstRefresh(call, half, what);
      const until = first.atMs + (running - half) * 1000;
      call.runTo(until - 1);
      assert.ok(call.peer.takesAll(what).length > 0);
      const bye = expectsAt(call, until, "BYE");
      assert.equal(bye.header("Reason"), 'SIP;cause=408;text="Session refresh timeout"');
      assert.equal(ended(call), "local 408 RFC4028-10-unanswered");
    }
  });

  test(`3.6 T=${T}: no new attempt after ${end} s`, () => {
    const call = weRefresh(T);
    const first = firstRefresh(call, half);
    const left = end - Math.ceil(first.atMs / 1000);
    refuses(call, first, 503, { "Retry-After": `${left}` });
    // The one that just fits is made, and may run to T - 1 s.
    const last = expectsAt(call, first.atMs + left * 1000, "UPDATE");
    refuses(call, last, 503, { "Retry-After": "1" });
    call.runTo(end * 1000 + 1);
    const sent = call.peer.takesAll();
    assert.equal(sent.at(-1)?.method, "BYE");
    assert.ok(sent.slice(0, -1).every((each) => each.atMs <= end * 1000));
  });

  test(`3.6 T=${T}: no Retry-After is waited for beyond ${end} s`, () => {
    const call = weRefresh(T);
    refuses(call, firstRefresh(call, half), 503, { "Retry-After": `${T}` });
    givesUpAt(call, end * 1000 + 1);
  });
}

test("3.6 T=90: an attempt that begins at the deadline runs to T - 1 s", () => {
  const call = weRefresh(90);
  refuses(call, expectsAt(call, 45_000, "UPDATE"), 503, { "Retry-After": "15" });
  expectsAt(call, 60_000, "UPDATE");
  call.runTo(88_999);
  call.peer.takesAll("UPDATE");
  restsAfter(call, expectsAt(call, 89_000, "BYE"));
});

test("3.6 an attempt that begins at the deadline and is refused after it: BYE at once, no waiting", () => {
  for (const headers of [{ "Retry-After": "3600" }, { "Retry-After": "1" }, {}]) {
    const call = weRefresh(90);
    refuses(call, expectsAt(call, 45_000, "UPDATE"), 503, { "Retry-After": "14" });
    const last = expectsAt(call, 59_000, "UPDATE");
    call.runTo(61_000);
    call.peer.takesAll("UPDATE");
    refuses(call, last, 503, headers);
    restsAfter(call, call.peer.expects("BYE"));
  }
});

test("3.6 491 after the deadline: BYE at once", () => {
  const call = weRefresh(90);
  refuses(call, expectsAt(call, 45_000, "UPDATE"), 503, { "Retry-After": "14" });
  const last = expectsAt(call, 59_000, "UPDATE");
  call.runTo(62_000);
  call.peer.takesAll("UPDATE");
  refuses(call, last, 491);
  restsAfter(call, call.peer.expects("BYE"));
});

test("3.6 with a raised T1 an attempt still ends at T - 1 s", () => {
  for (const [T, until] of [
    [90, 89],
    [120, 119],
    [600, 428],
  ] as const) {
    for (const refresh_method of [1, 2]) {
      const settings = { "sip.timer_t1": 2, refresh_method, update_fallback: 0 };
      const call = weRefresh(T, { settings });
      const what = refresh_method === 1 ? "UPDATE" : "INVITE";
      const first = firstRefresh(call, T / 2, what);
      const end = Math.min(first.atMs + 128_000, until * 1000);
      call.runTo(end - 1);
      call.peer.takesAll(what);
      restsAfter(call, expectsAt(call, end, "BYE"));
    }
  }
});

test("3.6 a re-INVITE that is only ever ringing ends at T - 1 s, or after three minutes", () => {
  const call = weRefresh(90, {}, WITHOUT_UPDATE);
  call.peer.replies(expectsAt(call, 45_000, "INVITE"), 180);
  restsAfter(call, expectsAt(call, 89_000, "BYE"));
  const long = weRefresh(1800, {}, WITHOUT_UPDATE);
  const invite = firstRefresh(long, 900, "INVITE");
  long.peer.replies(invite, 100);
  restsAfter(long, expectsAt(long, invite.atMs + 180_000, "BYE"));
});

test("3.6 the jitter is there from T=300 on, at most 5 s, never late", () => {
  const seen = new Set<number>();
  for (let seed = 1; seed <= 25; seed++) {
    const call = weRefresh(300, { seed });
    call.runTo(150_000);
    const [update] = call.peer.takesAll("UPDATE");
    assert.ok(update && update.atMs >= 145_000 && update.atMs <= 150_000);
    seen.add(update.atMs);
    const short = weRefresh(299, { seed });
    expectsAt(short, 149_500, "UPDATE");
  }
  assert.ok(seen.size > 15);
});

test("3.6 whatever it is for, a 2xx to INVITE or UPDATE of either side counts from there", () => {
  const call = peerRefreshes(90);
  call.runTo(50_000);
  updates(call, timed(90, "uac"));
  call.runTo(100_000);
  reInvites(call, timed(90, "uac"));
  call.runTo(150_000);
  call.phone.holds();
  accepts(call, call.peer.expects("INVITE"), timed(90, "uas"));
  givesUpAt(call, 210_000);
});

test("3.6 OPTIONS and INFO count for nothing", () => {
  const call = peerRefreshes(90);
  call.runTo(30_000);
  call.peer.requests(call.dialog, "OPTIONS", { headers: timed(90, "uac") });
  call.peer.expects(200);
  call.peer.requests(call.dialog, "INFO", { headers: timed(90, "uac") });
  call.peer.takesAll();
  givesUpAt(call, 60_000);
});

// ---- hours ----

test("3.6 four hours of 1800 s, we refresh by UPDATE", () => {
  fourHours(ALLOWS_UPDATE, "UPDATE");
});

test("3.6 four hours of 1800 s, we refresh by re-INVITE: the o= line never changes", () => {
  for (const invite of fourHours(WITHOUT_UPDATE, "INVITE")) assert.match(invite.body, /^v=0\r\no=/);
});

function fourHours(headers: typeof ALLOWS_UPDATE, what: string): Datagram[] {
  const call = weRefresh(1800, {}, headers);
  const requests: Datagram[] = [];
  let last = 0;
  while (last < 4 * HOUR) {
    silentUntil(call, last + 894_999);
    while (call.wire.waiting.length === 0) call.runTo(call.wire.now + 1);
    const request = call.peer.expects(what);
    assert.ok(request.atMs <= last + 900_000);
    accepts(call, request, { ...timed(1800, "uac"), ...headers });
    if (what === "INVITE") assert.equal(request.body, call.invite.body);
    requests.push(request);
    last = request.atMs;
  }
  assert.ok(requests.length >= 16);
  assert.deepEqual(
    requests.map((each) => each.cseq),
    requests.map((_, i) => i + 2),
  );
  call.phone.saysNothing("call.ended");
  return requests;
}

test("3.6 four hours of 1800 s, the peer refreshes by UPDATE, then forgets: BYE", () => {
  const call = theyCall(timed(1800, "uac"));
  for (let at = 900_000; at <= 4 * HOUR; at += 900_000) {
    silentUntil(call, at);
    const response = updates(call, timed(1800, "uac"));
    assert.equal(response.header("Session-Expires"), "1800;refresher=uac");
    assert.equal(response.body, "");
  }
  givesUpAt(call, 4 * HOUR + 1768_000);
});

test("3.6 four hours of 1800 s, the peer refreshes by re-INVITE: the same answer to the octet", () => {
  const call = theyCall(timed(1800, "uac"));
  for (let at = 900_000; at <= 4 * HOUR; at += 900_000) {
    silentUntil(call, at);
    const response = reInvites(call, timed(1800, "uac"));
    assert.equal(response.header("Session-Expires"), "1800;refresher=uac");
    assert.equal(response.body, call.accepted.body);
  }
  givesUpAt(call, 4 * HOUR + 1768_000);
});

// ---- the clock jumps ----

test("3.6 asleep over T/2, awake before the deadline: the refresh leaves at once", () => {
  const call = weRefresh(1800);
  sleepsUntil(call, 1700_000);
  accepts(call, call.peer.expects("UPDATE"), timed(1800, "uac"));
  call.runTo(1700_000 + 900_000);
  assert.equal(call.peer.takesAll("UPDATE")[0]?.cseq, 3);
});

test("3.6 asleep until the very last moment for an attempt, and one ms longer", () => {
  const call = weRefresh(90);
  sleepsUntil(call, 60_000);
  call.peer.expects("UPDATE");
  const late = weRefresh(90);
  sleepsUntil(late, 60_001);
  const bye = late.peer.expects("BYE");
  assert.equal(ended(late), "local 408 RFC4028-10-late");
  late.peer.replies(bye, 200);
  silentUntil(late, HOUR);
});

test("3.6 asleep beyond the deadline: BYE at once, whoever refreshes", () => {
  for (const make of [weRefresh, peerRefreshes]) {
    const call = make(1800);
    sleepsUntil(call, 8 * HOUR);
    restsAfter(call, call.peer.expects("BYE"));
  }
});

test("3.6 asleep while a refresh is unanswered: its time is over, BYE", () => {
  const call = weRefresh(90, { settings: { update_fallback: 0 } });
  expectsAt(call, 45_000, "UPDATE");
  sleepsUntil(call, HOUR);
  const sent = call.peer.takesAll();
  assert.equal(sent.at(-1)?.method, "BYE");
  restsAfter(call, sent.at(-1)!);
});

test("3.6 a datagram is what wakes us: what is overdue comes first or last, but the call is consistent", () => {
  const call = weRefresh(90);
  call.wire.now = 50_000;
  const response = updates(call, timed(90, "uas"));
  assert.equal(response.header("Session-Expires"), "90;refresher=uas");
  silentUntil(call, 94_999);
  call.runTo(95_000);
  call.peer.expects("UPDATE");
});

test("3.6 an older clock changes nothing", () => {
  const call = weRefresh(90);
  call.runTo(40_000);
  call.wire.take(call.wire.instance.tick(1_000));
  expectsAt(call, 45_000, "UPDATE");
});
