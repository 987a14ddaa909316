// The clock and its one timer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Alarm, Clock } from "../../host/node/clock.js";
import { Question } from "../../host/node/abi.js";
import { Names } from "../../host/node/resolve.js";

test("the clock never goes back", () => {
  const clock = new Clock();
  let before = clock.now();
  for (let i = 0; i < 1000; i++) {
    const now = clock.now();
    assert.ok(now >= before);
    before = now;
  }
});

test("an alarm rings once, and never before its time", async () => {
  const clock = new Clock();
  const rings: number[] = [];
  const alarm = new Alarm(clock, () => rings.push(clock.now()));
  const due = clock.now() + 30.5;
  alarm.arm(due);
  await pause(120);
  assert.equal(rings.length, 1);
  assert.ok((rings[0] ?? 0) >= due);
});

test("an alarm that is armed anew forgets the time before; -1 is never", async () => {
  const clock = new Clock();
  let rings = 0;
  const alarm = new Alarm(clock, () => rings++);
  alarm.arm(clock.now() + 5);
  alarm.arm(-1);
  await pause(40);
  assert.equal(rings, 0);
  alarm.arm(clock.now() + 1e12);
  alarm.arm(clock.now() - 100);
  await pause(40);
  assert.equal(rings, 1);
});

test("names of the file of hosts are found, and what is not found is empty", async () => {
  assert.match(await new Names().answer(Question.A, "localhost"), /^127\.0\.0\.1 \d+\n/);
  assert.equal(await new Names().answer(Question.A, "no-such-name-anywhere.localhost.invalid."), "");
});

test("the local address toward a target", async () => {
  assert.equal(await new Names().answer(Question.LocalAddress, "127.0.0.1"), "127.0.0.1 0\n");
  assert.equal(await new Names().answer(Question.LocalAddress, "not an address"), "");
});
