// Proxies in the path (RFC 4028 §8): what the user agents at both ends see of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ALLOWS_UPDATE,
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
} from "../support/session-timer.js";

test("3.5 a proxy asks for a timer, the caller has none: we refresh, no Require", () => {
  const call = theyCall({ "Session-Expires": "600", "Min-SE": "120", ...ALLOWS_UPDATE });
  assert.equal(answered(call.accepted), "600;refresher=uas");
  assert.equal(timerOf(call.established), "local 600 RFC4028-8.1-proxy");
  call.runTo(300_000);
  const update = call.peer.expects("UPDATE");
  assert.equal(timerLines(update), "Session-Expires: 600;refresher=uac | Min-SE: 120 | Supported: timer");
  // The caller takes it without a word about timers: the proxy is content, and so are we.
  accepts(call, update);
});

test("3.5 a proxy lowers the interval: the smaller one counts", () => {
  const call = weCall(timed(300, "uac"), { settings: { expires: 1800 } });
  assert.equal(timerOf(call.established), "local 300 RFC4028-7.1-setting");
  call.runTo(150_000);
  assert.equal(timerLines(call.peer.expects("UPDATE")), weAsk(300));
  givesUpAt(weCall(timed(300, "uas"), { settings: { refresher: 1 } }), 268_000);
});

test("3.5 a proxy raises Min-SE and with it the interval for a caller without timers", () => {
  const call = theyCall({ "Session-Expires": "3600", "Min-SE": "3600", ...ALLOWS_UPDATE });
  assert.equal(answered(call.accepted), "3600;refresher=uas");
});

test("3.5 422 from one proxy after another: Min-SE grows, and the third try gets through", () => {
  const call = connect({ config: timers({ expires: 90 }) });
  call.phone.dials(call.peer.uri);
  refuses(call, call.peer.expects("INVITE"), 422, { "Min-SE": "120" });
  refuses(call, call.peer.expects("INVITE"), 422, { "Min-SE": "600" });
  const third = call.peer.expects("INVITE");
  assert.equal(timerLines(third), "Session-Expires: 600;refresher=uac | Min-SE: 600 | Supported: timer");
  accepts(call, third, timed(600, "uac"));
  assert.equal(timerOf(call.phone.event("call.established")), "local 600 RFC4028-7.1-setting");
});

test("3.5 the proxy next to a callee without timers answers for it: uac and Require, we refresh", () => {
  const headers = { "Session-Expires": "90;refresher=uac", Require: "timer", ...ALLOWS_UPDATE };
  const asked = weCall(headers, { settings: { expires: 90, refresher: 1 } });
  assert.equal(timerOf(asked.established), "local 90 RFC4028-8.2-proxy");
  for (let i = 1; i <= 3; i++) {
    const update = expectsAt(asked, i * 45_000, "UPDATE");
    assert.equal(timerLines(update), weAsk(90));
    accepts(asked, update, { "Session-Expires": "90;refresher=uac", Require: "timer" });
  }
});

test("3.5 we are the callee without timers: refreshes are answered all the same", () => {
  const call = theyCall(timed(90, "uac"), { settings: { enable: 0 } });
  for (let i = 1; i <= 3; i++) {
    call.runTo(i * 45_000);
    assert.equal(updates(call, timed(90, "uac")).status, 200);
    const again = reInvites(call, timed(90, "uac"));
    assert.equal(again.status, 200);
    assert.equal(again.body, call.accepted.body);
  }
});

test("3.5 neither side supports it: no timer", () => {
  silentUntil(theyCall({}, { settings: { enable: 0 } }), 4 * 3600_000);
  silentUntil(theyCall({}), 4 * 3600_000);
});

test("3.5 a proxy forgets the refresher: we take the job", () => {
  const call = weCall(
    { "Session-Expires": "90", Require: "timer", ...ALLOWS_UPDATE },
    { settings: { expires: 90 } },
  );
  assert.equal(timerOf(call.established), "local 90 RFC4028-7.2-missing");
  expectsAt(call, 45_000, "UPDATE");
});

test("3.5 a proxy breaks the Contact of a refresh: the old target stays", () => {
  for (const contact of ["<sip:>", "<@@@>", "sip:bob@", "<urn:nothing>", ""]) {
    const call = peerRefreshes(90);
    call.runTo(40_000);
    assert.equal(updates(call, { ...timed(90, "uac"), Contact: contact }).status, 200, contact);
    call.phone.hangsUp();
    assert.equal(call.peer.expects("BYE").uri, "sip:bob@192.0.2.20:5060", contact);
  }
});

test("3.5 a proxy breaks the Contact of a 2xx to our refresh: the old target stays", () => {
  const call = weRefresh(90);
  accepts(call, expectsAt(call, 45_000, "UPDATE"), { ...timed(90, "uac"), Contact: "<sip:>" });
  assert.equal(expectsAt(call, 90_000, "UPDATE").uri, "sip:bob@192.0.2.20:5060");
});

test("3.5 a B2BUA re-INVITEs without timer headers: we take the job and the call lives", () => {
  const call = theyCall(timed(1800, "uac"));
  call.runTo(60_000);
  assert.equal(answered(reInvites(call)), "1800;refresher=uas");
  assert.equal(refreshed(call), "remote INVITE: local 1800 RFC4028-9-takeover");
  for (let i = 1; i <= 8; i++) {
    call.runTo(60_000 + i * 900_000);
    const [update, ...more] = call.peer.takesAll("UPDATE");
    assert.ok(update);
    // A copy or two, when the jitter let it leave a little earlier.
    assert.ok(more.length <= 4);
    accepts(call, update, timed(1800, "uac"));
  }
});

test("3.5 a gateway drops UPDATE: one re-INVITE before the deadline, and the call lives", () => {
  const call = weRefresh(1800);
  call.runTo(900_000);
  const update = call.peer.takesAll("UPDATE")[0]!;
  call.runTo(update.atMs + 31_999);
  call.peer.takesAll("UPDATE");
  const invite = expectsAt(call, update.atMs + 32_000, "INVITE");
  assert.equal(invite.body, call.invite.body);
  assert.equal(timerLines(invite), weAsk(1800));
  accepts(call, invite, timed(1800, "uac"));
  assert.equal(refreshed(call), "local INVITE: local 1800 RFC4028-7.4-present");
});

test("3.5 a gateway drops re-INVITE as well: one try each, then BYE", () => {
  const call = weRefresh(1800);
  call.runTo(900_000);
  const update = call.peer.takesAll("UPDATE")[0]!;
  call.runTo(update.atMs + 63_999);
  call.peer.takesAll();
  restsAfter(call, expectsAt(call, update.atMs + 64_000, "BYE"));
});
