// A full phone: each capacity is met, one by one. What is in progress is never refused, and afterwards
// everything is as it was.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Counter, Status } from "../../host/node/abi.js";
import { type Event } from "../support/instance.js";
import { inUse } from "../support/inside.js";
import { Pair, type SideIndex, STRANGER } from "../support/pair.js";
import { readWire } from "./wire.js";

const CALL_WITH_TIMER = [
  "account.1.auto_answer = 0",
  "account.1.session_timer.enable = 1",
  "account.1.session_timer.expires = 90",
  "",
].join("\n");

/** Alice has room for everything; Bob has what `capacity` says. */
class Crowd {
  readonly pair: Pair;
  /** Final responses that Alice got, by method. */
  readonly finals: string[] = [];
  readonly events: Event[] = [];
  private readonly before: ReturnType<typeof inUse>;
  private strangers = 0;

  constructor(capacity: string) {
    this.pair = new Pair({
      configs: [CALL_WITH_TIMER, CALL_WITH_TIMER + capacity],
      watcher: {
        delivered: (side, bytes) => {
          const wire = readWire(bytes);
          if (side === 0 && wire.status >= 200) this.finals.push(`${wire.method} ${wire.status}`);
        },
        said: (side, event) => {
          if (side === 1) this.events.push(event);
        },
      },
    });
    this.before = inUse(this.bob);
  }

  get bob() {
    return this.pair.phones[1].module;
  }

  /** Alice calls, and Bob answers if it rings there. */
  call(): number {
    const call = this.pair.dial(0);
    assert.ok(call > 0);
    this.pass(100);
    const ringing = this.bob.find(0, true);
    if (ringing > 0)
      assert.equal(
        this.pair.command(1, (module, now) => module.answer(ringing, now)),
        0,
      );
    this.pass(100);
    return call;
  }

  hangup(call: number): void {
    assert.equal(
      this.pair.command(0, (module, now) => module.hangup(call, now)),
      0,
    );
    this.pass(100);
  }

  pass(ms: number): void {
    this.pair.drive(this.pair.now + ms);
  }

  /** Somebody else's request arrives at Bob; the statuses of what Bob sends back. */
  stranger(method: string, user = "nobody", tag = ""): number[] {
    const n = String(++this.strangers);
    const request = [
      `${method} sip:${user}@192.0.2.2 SIP/2.0`,
      `Via: SIP/2.0/UDP ${STRANGER.address};branch=z9hG4bKs${n}`,
      `From: <sip:s@${STRANGER.address}>;tag=${n}`,
      `To: <sip:bob@192.0.2.2>${tag}`,
      `Call-ID: s${n}`,
      `CSeq: 1 ${method}`,
      "Max-Forwards: 70",
      "Content-Length: 0",
      "",
      "",
    ].join("\r\n");
    return this.pair.inject(1, request).sends.map((send) => readWire(send.bytes).status);
  }

  /** Every call that Bob has is refreshed once, in time. */
  mustRefresh(calls: number): void {
    const from = this.events.length;
    this.pass(46_000);
    const names = this.events.slice(from).map((event) => event.name);
    assert.equal(names.filter((name) => name === "call.refreshed").length, calls);
    assert.ok(!names.includes("call.ended"));
  }

  /** Nothing is left, and a call can be made as on the first day. */
  mustBeWhole(): void {
    assert.ok(this.pair.settle());
    assert.deepEqual(inUse(this.bob), this.before);
    this.finals.length = 0;
    this.hangup(this.call());
    assert.deepEqual(this.finals, ["INVITE 200", "BYE 200"]);
  }
}

test("capacity.calls: the call that is too many gets 486, the others are refreshed", () => {
  const crowd = new Crowd("ringlet.capacity.calls = 2\n");
  const calls = [crowd.call(), crowd.call()];
  crowd.call();
  assert.deepEqual(crowd.finals, ["INVITE 200", "INVITE 200", "INVITE 486"]);
  // Bob himself can't call either.
  assert.equal(crowd.pair.dial(1), Status.Full);
  crowd.mustRefresh(2);
  for (const call of calls) crowd.hangup(call);
  crowd.mustBeWhole();
});

test("capacity.calls: the place of a call that has ended is free at once", () => {
  const crowd = new Crowd("ringlet.capacity.calls = 1\n");
  for (let n = 0; n < 20; n++) crowd.hangup(crowd.call());
  assert.deepEqual(crowd.finals, Array.from({ length: 20 }, () => ["INVITE 200", "BYE 200"]).flat());
  crowd.mustBeWhole();
});

test("capacity.dialogs: an INVITE without a dialog left gets 500, the others are refreshed", () => {
  const crowd = new Crowd("ringlet.capacity.dialogs = 2\nringlet.capacity.subscriptions = 0\n");
  const calls = [crowd.call(), crowd.call()];
  crowd.call();
  assert.deepEqual(crowd.finals, ["INVITE 200", "INVITE 200", "INVITE 500"]);
  crowd.mustRefresh(2);
  for (const call of calls) crowd.hangup(call);
  crowd.mustBeWhole();
});

test("capacity.transactions: new INVITEs are dropped, a refresh and a BYE are not", () => {
  const crowd = new Crowd("ringlet.capacity.transactions = 16\n");
  const calls = [crowd.call(), crowd.call()];
  crowd.pass(40_000);
  // Three quarters of the table, nobody acknowledges.
  for (let n = 0; n < 12; n++) assert.deepEqual(crowd.stranger("INVITE"), [404], `INVITE ${n}`);
  assert.equal(crowd.bob.counter(Counter.NoRoom), 0);
  assert.deepEqual(crowd.stranger("INVITE"), []);
  assert.deepEqual(crowd.stranger("OPTIONS", "bob"), []);
  assert.equal(crowd.bob.counter(Counter.NoRoom), 2);
  crowd.mustRefresh(2);
  for (let n = 0; n < 12; n++) crowd.stranger("INVITE");
  crowd.finals.length = 0;
  for (const call of calls) crowd.hangup(call);
  assert.deepEqual(crowd.finals, ["BYE 200", "BYE 200"]);
  crowd.mustBeWhole();
});

test("capacity.transactions: who only pretends to be in a call takes no place of those who are", () => {
  const crowd = new Crowd("ringlet.capacity.transactions = 16\n");
  const call = crowd.call();
  crowd.pass(40_000);
  const answers = Array.from({ length: 20 }, () => crowd.stranger("INVITE", "bob", ";tag=none"));
  assert.deepEqual(answers, [
    ...Array.from({ length: 12 }, () => [481]),
    ...Array.from({ length: 8 }, () => []),
  ]);
  crowd.mustRefresh(1);
  crowd.hangup(call);
  crowd.mustBeWhole();
});

test("capacity.transactions: answered requests make room for new ones", () => {
  const crowd = new Crowd("ringlet.capacity.transactions = 16\n");
  for (let n = 0; n < 1000; n++) assert.deepEqual(crowd.stranger("OPTIONS", "bob"), [200], `OPTIONS ${n}`);
  assert.equal(crowd.bob.counter(Counter.NoRoom), 0);
  crowd.mustBeWhole();
});

test("a flood of INVITEs from elsewhere: calls in progress go on, both ways", () => {
  const crowd = new Crowd("ringlet.capacity.transactions = 16\nringlet.capacity.calls = 2\n");
  const call = crowd.call();
  let dropped = 0;
  for (let second = 0; second < 300; second++) {
    for (let n = 0; n < 40; n++) if (crowd.stranger("INVITE").length === 0) dropped++;
    crowd.pass(1000);
  }
  assert.ok(dropped > 10_000);
  const names = crowd.events.map((event) => event.name);
  assert.ok(!names.includes("call.ended"));
  assert.ok(names.filter((name) => name === "call.refreshed").length >= 6);
  const held = crowd.pair.command(1, (module, now) => module.hold(module.find(0, false), now));
  assert.equal(held, Status.Ok);
  crowd.pass(100);
  crowd.hangup(call);
  crowd.mustBeWhole();
});

test("memory does not grow, however full the phone gets", () => {
  for (const capacity of ["calls = 1", "dialogs = 1", "transactions = 16"]) {
    const crowd = new Crowd(`ringlet.capacity.${capacity}\n`);
    const sizes = () => ([0, 1] as SideIndex[]).map((side) => crowd.pair.phones[side].module.size);
    const before = sizes();
    for (let n = 0; n < 50; n++) crowd.stranger("INVITE", "bob");
    for (let n = 0; n < 5; n++) crowd.call();
    assert.deepEqual(sizes(), before);
  }
});
