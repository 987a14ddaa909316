// Subscriptions of the phone (RFC 6665): how they begin, last, end and begin again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Status } from "../../host/node/abi.js";
import { grants, registered, registers } from "../support/registrar.js";
import { accepts, notifier, notifies } from "../support/subscriptions.js";

const QUIET = "account.1.nat.udp_update_enable = 0\naccount.1.subscribe_expires_overlap = 60";
const MWI = `${QUIET}\naccount.1.subscribe_mwi = 1`;
const SUMMARY = "application/simple-message-summary";

/** A phone that has subscribed to its mailbox; nothing waits. */
function subscribed(config = MWI) {
  const all = registered({ config, expires: 100_000 });
  const subscribe = all.peer.expects("SUBSCRIBE");
  const n = accepts(all.peer, subscribe);
  all.phone.event("subscription.active");
  all.phone.forgetsEvents();
  return { ...all, subscribe, n };
}

test("RFC 3842 an account subscribes to its mailbox once it is registered", () => {
  const { phone, peer } = registers({ config: MWI });
  const register = peer.expects("REGISTER");
  peer.expectsNothing();
  grants(peer, register);
  const subscribe = peer.expects("SUBSCRIBE");
  assert.equal(subscribe.uri, "sip:alice@192.0.2.20");
  assert.equal(subscribe.header("Event"), "message-summary");
  assert.equal(subscribe.header("Accept"), SUMMARY);
  assert.equal(subscribe.header("Expires"), "3600");
  assert.equal(subscribe.header("To"), "<sip:alice@192.0.2.20>");
  assert.match(subscribe.header("From"), /<sip:alice@192\.0\.2\.20>;tag=/);
  assert.match(subscribe.header("Contact"), /<sip:alice@192\.0\.2\.10:5060>/);
  const n = accepts(peer, subscribe, {
    type: SUMMARY,
    body: "Messages-Waiting: yes\nMessage-Account: sip:1234@example.com\nVoice-Message: 2/8 (0/2)\n",
  });
  const { fields } = phone.event("mwi");
  assert.deepEqual(fields, { account: 1, waiting: 1, new: 2, old: 8, mailbox: "sip:1234@example.com" });
  assert.equal(phone.event("subscription.active").fields["state"], "active");
  notifies(peer, n, { type: SUMMARY, body: "Messages-Waiting: no\n" });
  peer.expects(200);
  const none = phone.event("mwi").fields;
  assert.deepEqual(none, { account: 1, waiting: 0, new: -1, old: -1, mailbox: "" });
  phone.saysNothing("subscription.active");
});

test("subscribe_mwi_to_vm takes the number of the voice mail, subscribe_mwi_expires the seconds", () => {
  const config = `${MWI}\naccount.1.subscribe_mwi_to_vm = 1\nvoice_mail.number.1 = *97\naccount.1.subscribe_mwi_expires = 600`;
  const { peer } = registered({ config });
  const subscribe = peer.expects("SUBSCRIBE");
  assert.equal(subscribe.uri, "sip:*97@192.0.2.20");
  assert.equal(subscribe.header("Expires"), "600");
});

test("RFC 6665 §4.1.2.4 the NOTIFY may come before the 200, and makes the dialog", () => {
  const { phone, peer } = registered({ config: MWI });
  const subscribe = peer.expects("SUBSCRIBE");
  const n = notifier(subscribe);
  notifies(peer, n, { headers: { "Record-Route": "<sip:192.0.2.20;lr>" } });
  peer.expects(200);
  assert.equal(phone.event("subscription.active").fields["state"], "active");
  peer.replies(subscribe, 200, { tag: "notifier", headers: { Expires: "600" } });
  const refresh = peer.awaits("SUBSCRIBE", 1_000_000);
  assert.equal(refresh.atMs, 540_000);
  assert.equal(refresh.uri, "sip:notifier@192.0.2.20:5060");
  assert.equal(refresh.header("Route"), "<sip:192.0.2.20;lr>");
  assert.match(refresh.header("To"), /;tag=notifier$/);
});

test("RFC 6665 §4.4.1 another fork's NOTIFY is not taken: 481", () => {
  const { peer, subscribe } = subscribed();
  notifies(peer, notifier(subscribe, "other"));
  peer.expects(481);
});

test("the refresh comes subscribe_expires_overlap before the end, in the same dialog", () => {
  const { peer, subscribe, n, after } = subscribed();
  const refresh = peer.awaits("SUBSCRIBE", 10_000_000);
  assert.equal(refresh.atMs, 3_540_000);
  assert.equal(refresh.header("Call-ID"), subscribe.header("Call-ID"));
  assert.equal(refresh.cseq, subscribe.cseq + 1);
  accepts(peer, refresh, {}, n);
  after(3_540_000);
  peer.expects("SUBSCRIBE");
});

test("401 is answered, and the refresh carries credentials at once", () => {
  const config = `${MWI}\naccount.1.auth_name = alice\naccount.1.password = secret`;
  const { peer } = registered({ config, expires: 100_000 });
  const subscribe = peer.expects("SUBSCRIBE");
  const challenge = 'Digest realm="r", nonce="n", algorithm=MD5, qop="auth"';
  peer.replies(subscribe, 401, { headers: { "WWW-Authenticate": challenge } });
  const again = peer.expects("SUBSCRIBE");
  assert.match(again.header("Authorization"), /username="alice"/);
  assert.equal(again.header("Call-ID"), subscribe.header("Call-ID"));
  accepts(peer, again);
  assert.match(peer.awaits("SUBSCRIBE", 10_000_000).header("Authorization"), /nc=00000002/);
});

test("423: Min-Expires is asked for", () => {
  const { peer } = registered({ config: MWI });
  peer.replies(peer.expects("SUBSCRIBE"), 423, { headers: { "Min-Expires": "7200" } });
  assert.equal(peer.expects("SUBSCRIBE").header("Expires"), "7200");
});

test("481 to a refresh: a new subscription, in a new dialog", () => {
  const { phone, peer, subscribe } = subscribed();
  const refresh = peer.awaits("SUBSCRIBE", 10_000_000);
  peer.replies(refresh, 481);
  const { fields } = phone.event("subscription.ended");
  assert.equal(fields["status"], 481);
  const fresh = peer.awaits("SUBSCRIBE", refresh.atMs + 6_000);
  assert.notEqual(fresh.header("Call-ID"), subscribe.header("Call-ID"));
  assert.equal(fresh.uri, "sip:alice@192.0.2.20");
  accepts(peer, fresh);
  phone.event("subscription.active");
});

test("RFC 6665 §4.1.2.2 another failure of a refresh leaves the subscription until its end", () => {
  const { phone, peer, n } = subscribed();
  peer.replies(peer.awaits("SUBSCRIBE", 10_000_000), 500);
  phone.saysNothing();
  notifies(peer, n);
  peer.expects(200);
  const again = peer.awaits("SUBSCRIBE", 10_000_000);
  assert.match(again.header("To"), /;tag=notifier$/);
  peer.replies(again, 200, { tag: "notifier", headers: { Expires: "3600" } });
});

for (const [status, soonest, latest] of [
  [503, 5_000, 61_000],
  [480, 5_000, 61_000],
  [403, 150_000, 600_000],
  [404, 150_000, 600_000],
  [489, 150_000, 600_000],
] as const) {
  test(`${status} to the first SUBSCRIBE is tried again after a while`, () => {
    const { phone, peer } = registered({ config: MWI });
    peer.replies(peer.expects("SUBSCRIBE"), status);
    const { fields } = phone.event("subscription.ended");
    assert.equal(fields["status"], status);
    const again = peer.awaits("SUBSCRIBE", 10_000_000);
    assert.ok(again.atMs >= soonest && again.atMs <= latest, String(again.atMs));
    assert.ok(Math.abs(Number(fields["retry"]) * 1000 - again.atMs) <= 1000);
  });
}

test("the wait grows while nothing helps, and Retry-After is its lower limit", () => {
  const { phone, peer } = registered({ config: MWI, expires: 100_000 });
  const waits: number[] = [];
  let before = 0;
  for (let i = 0; i < 8; i++) {
    const subscribe = peer.awaits("SUBSCRIBE", before + 4_000_000);
    waits.push(subscribe.atMs - before);
    before = subscribe.atMs;
    peer.replies(subscribe, 500, { headers: i === 7 ? { "Retry-After": "5000" } : {} });
  }
  phone.event("subscription.ended");
  phone.saysNothing("subscription.ended");
  assert.ok((waits[7] ?? 0) >= 900_000 && (waits[7] ?? 0) <= 1_800_000, waits.join());
  assert.ok(peer.awaits("SUBSCRIBE", before + 10_000_000).atMs - before >= 5_000_000);
});

test("silence, and Timer N: no NOTIFY 64*T1 after SUBSCRIBE is a failure", () => {
  const { phone, peer } = registered({ config: MWI });
  peer.replies(peer.expects("SUBSCRIBE"), 200, { tag: "notifier", headers: { Expires: "3600" } });
  const again = peer.awaits("SUBSCRIBE", 100_000);
  assert.ok(again.atMs >= 32_000 + 5_000);
  assert.equal(phone.event("subscription.ended").fields["status"], 408);
});

for (const [reason, extra, soonest, latest] of [
  ["deactivated", "", 0, 5_000],
  ["timeout", ";retry-after=9999", 0, 5_000],
  ["probation", "", 15_000, 60_000],
  ["probation", ";retry-after=600", 600_000, 700_000],
  ["giveup", ";retry-after=600", 600_000, 700_000],
  ["", "", 15_000, 60_000],
  ["strange", "", 15_000, 60_000],
] as const) {
  test(`RFC 6665 §4.1.3 terminated;reason=${reason}${extra} is subscribed to again in its time`, () => {
    const { phone, peer, n, wire, after } = subscribed();
    after(10_000);
    const now = wire.now;
    notifies(peer, n, { state: `terminated${reason ? `;reason=${reason}` : ""}${extra}` });
    peer.expects(200);
    const { fields } = phone.event("subscription.ended");
    assert.equal(fields["reason"], reason);
    const again = peer.awaits("SUBSCRIBE", now + 1_000_000);
    const wait = again.atMs - now;
    assert.ok(wait >= soonest && wait <= latest, String(wait));
    assert.equal(/;tag=/.test(again.header("To")), false);
  });
}

for (const reason of ["rejected", "noresource", "invariant"]) {
  test(`RFC 6665 §4.1.3 terminated;reason=${reason}: not again, until the settings change`, () => {
    const { phone, peer, n, after } = subscribed();
    notifies(peer, n, { state: `terminated;reason=${reason}` });
    peer.expects(200);
    assert.equal(phone.event("subscription.ended").fields["retry"], -1);
    after(50_000_000);
    assert.equal(peer.takesAll().filter(({ method }) => method === "SUBSCRIBE").length, 0);
    phone.sets("account.1.subscribe_mwi", "0");
    phone.sets("account.1.subscribe_mwi", "1");
    peer.expects("SUBSCRIBE");
  });
}

test("a server that deactivates over and over is not asked more often than every 5 s", () => {
  const { peer, n, wire } = subscribed();
  notifies(peer, n, { state: "terminated;reason=deactivated" });
  peer.expects(200);
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const again = peer.awaits("SUBSCRIBE", wire.now + 100_000);
    times.push(again.atMs);
    const next = accepts(peer, again);
    notifies(peer, next, { state: "terminated;reason=deactivated" });
    peer.expects(200);
  }
  assert.ok(
    times.every((at, i) => i === 0 || at - (times[i - 1] ?? 0) >= 5_000),
    times.join(),
  );
});

test("pending is said, and then active", () => {
  const { phone, peer } = registered({ config: MWI });
  const n = accepts(peer, peer.expects("SUBSCRIBE"), { state: "pending;expires=600" });
  assert.equal(phone.event("subscription.active").fields["state"], "pending");
  notifies(peer, n);
  peer.expects(200);
  assert.equal(phone.event("subscription.active").fields["state"], "active");
});

test("a NOTIFY that is broken or not ours: 489, 481, 400, 500", () => {
  const { phone, peer, n } = subscribed();
  for (const [headers, status] of [
    [{ Event: "" }, 489],
    [{ Event: "dialog" }, 481],
    [{ "Subscription-State": "" }, 400],
  ] as const) {
    notifies(peer, n, { headers });
    peer.expects(status);
  }
  notifies(peer, { ...n, callId: "another" });
  peer.expects(481);
  notifies(peer, n);
  peer.expects(200);
  notifies(peer, n, { cseq: 1 });
  peer.expects(500);
  phone.saysNothing();
});

test("a retransmitted NOTIFY gets the same answer, and is told once", () => {
  const { phone, peer, n } = subscribed();
  const notify = notifies(peer, n, { type: SUMMARY, body: "Messages-Waiting: yes\n" });
  const answer = peer.expects(200);
  phone.event("mwi");
  peer.repeats(notify);
  assert.equal(peer.expects(200).text, answer.text);
  phone.saysNothing("mwi");
});

test("in the dialog of a subscription: OPTIONS 200, anything else 405", () => {
  const { peer, n } = subscribed();
  for (const [method, status] of [
    ["OPTIONS", 200],
    ["INFO", 405],
  ] as const) {
    peer.sends(`${method} ${n.target} SIP/2.0
Via: ${peer.via()}
Max-Forwards: 70
From: ${n.localParty}
To: ${n.remoteParty}
Call-ID: ${n.callId}
CSeq: ${++n.cseq} ${method}
`);
    peer.expects(status);
  }
});

test("subscribe by command: any package, what it brings is handed on, unsubscribe ends it", () => {
  const { phone, peer, wire } = registered({ config: QUIET });
  const handle = wire.command((m) => m.subscribe(0, "conference", "sip:room@192.0.2.20", wire.now));
  const subscribe = peer.expects("SUBSCRIBE");
  assert.equal(subscribe.header("Event"), "conference");
  const n = accepts(peer, subscribe, { type: "application/conference-info+xml", body: "<x/>\n" });
  const { fields } = phone.event("subscription.notify");
  assert.deepEqual(fields, {
    account: 1,
    subscription: handle,
    package: "conference",
    uri: "sip:room@192.0.2.20",
    type: "application/conference-info+xml",
    body: "<x/>\r\n",
  });
  wire.command((m) => m.unsubscribe(handle, wire.now));
  const last = peer.expects("SUBSCRIBE");
  assert.equal(last.header("Expires"), "0");
  assert.match(last.header("To"), /;tag=notifier$/);
  phone.refuses(Status.WrongState, (m, now) => m.unsubscribe(handle, now));
  peer.replies(last, 200, { headers: { Expires: "0" } });
  notifies(peer, n, { state: "terminated;reason=timeout" });
  peer.expects(200);
  assert.equal(phone.event("subscription.ended").fields["retry"], -1);
  phone.refuses(Status.NoSuchThing, (m, now) => m.unsubscribe(handle, now));
  wire.runTo(1_000_000);
  peer.expectsNothing();
});

test("a subscription that nobody ends properly is gone after Timer N", () => {
  const { phone, peer, wire } = registered({ config: QUIET });
  const handle = wire.command((m) => m.subscribe(1, "x", "2002", wire.now));
  accepts(peer, peer.expects("SUBSCRIBE"));
  wire.command((m) => m.unsubscribe(handle, wire.now));
  peer.replies(peer.expects("SUBSCRIBE"), 200);
  wire.runTo(33_000);
  phone.event("subscription.ended");
});

test("commands that can't be obeyed", () => {
  const { phone } = registered({ config: QUIET });
  phone.refuses(Status.BadArgument, (m, now) => m.subscribe(0, "", "2002", now));
  phone.refuses(Status.BadArgument, (m, now) => m.subscribe(0, "a b", "2002", now));
  phone.refuses(Status.BadArgument, (m, now) => m.subscribe(0, "dialog", "<>", now));
  phone.refuses(Status.NoSuchThing, (m, now) => m.subscribe(2, "dialog", "2002", now));
  phone.refuses(Status.NoSuchThing, (m, now) => m.unsubscribe(1, now));
  phone.refuses(Status.BadArgument, (m, now) => m.message(0, "2002", "", now));
  phone.refuses(Status.TooLarge, (m, now) => m.message(0, "2002", "x".repeat(8193), now));
});

test("a full table says so", () => {
  const { phone, wire } = registered({ config: `${QUIET}\nringlet.capacity.subscriptions = 1` });
  wire.command((m) => m.subscribe(0, "dialog", "2002", wire.now));
  phone.refuses(Status.Full, (m, now) => m.subscribe(0, "dialog", "2003", now));
});

test("sip_stop ends subscriptions before the registration, and does not wait for their NOTIFY", () => {
  const { phone, peer, wire } = subscribed();
  wire.command((m) => m.stop(wire.now));
  const last = peer.expects("SUBSCRIBE");
  assert.equal(last.header("Expires"), "0");
  const unregister = peer.expects("REGISTER");
  peer.replies(unregister, 200);
  phone.saysNothing("phone.stopped");
  peer.replies(last, 200);
  phone.event("phone.stopped");
});

test("a subscription is begun anew at the server that the account is registered at when its own is silent", () => {
  const config = `${MWI}
account.1.sip_server.2.address = 192.0.2.30`;
  const { peer, phone } = registers({ config });
  const both = peer.takesAll("REGISTER");
  for (const request of both) grants(peer, request);
  const subscribe = peer.expects("SUBSCRIBE");
  assert.equal(subscribe.address.address, "192.0.2.20");
  peer.replies(subscribe, 503);
  const other = peer.expects("SUBSCRIBE");
  assert.equal(other.address.address, "192.0.2.30");
  phone.saysNothing("subscription.ended");
});
