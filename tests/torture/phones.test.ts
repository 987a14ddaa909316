// Every message of the corpora reaches a phone: one that is idle, one that rings, one with a call up.

import assert from "node:assert/strict";
import { test } from "node:test";
import { allSamples, samplesOf } from "./corpus.js";
import { Target } from "./target.js";

const SAMPLES = allSamples();
/** Between two of them; timers fire in the meantime. */
const PAUSE_MS = 20;

function shootAll(target: Target): void {
  for (const { bytes } of SAMPLES) {
    target.shoot(bytes);
    target.pass(PAUSE_MS);
  }
  target.mustBeSmall();
}

test("the corpora are there", () => {
  assert.equal(samplesOf("rfc4475").length, 50);
  assert.equal(samplesOf("rfc5118").length, 15);
  assert.equal(samplesOf("flows").length, 719);
  assert.equal(samplesOf("field").length, 160);
});

test("into an idle phone: a call can be made afterwards", () => {
  const target = new Target();
  shootAll(target);
  // The strangers give up.
  target.pass(60_000);
  assert.ok(target.ring());
  target.answer();
  target.mustGoOn();
  target.mustBeEmpty();
});

test("into a phone that rings: the call can be answered afterwards", () => {
  const target = new Target("phone_setting.ringing_timeout = 0\n");
  assert.ok(target.ring());
  shootAll(target);
  target.answer();
  target.mustGoOn();
  target.mustBeEmpty();
});

test("into a phone with a call up: it goes on and is refreshed in time", () => {
  const target = new Target();
  assert.ok(target.ring());
  target.answer();
  shootAll(target);
  target.mustGoOn();
  target.mustBeEmpty();
});

test("every RFC 4475 message cut at every octet: the call goes on", (t) => {
  const target = new Target();
  assert.ok(target.ring());
  target.answer();
  let shots = 0;
  for (const { bytes } of samplesOf("rfc4475"))
    for (let length = 0; length < bytes.length; length++) {
      target.shoot(bytes.subarray(0, length));
      if (++shots % 50 === 0) target.pass(PAUSE_MS);
    }
  t.diagnostic(`${shots} datagrams`);
  target.mustBeSmall();
  target.mustGoOn();
  target.mustBeEmpty();
});

test("every message of a call's own, cut at every octet: no trap, nothing left", () => {
  const target = new Target();
  assert.ok(target.ring());
  target.answer();
  target.mustGoOn();
  for (const bytes of [...target.heard])
    for (let length = 0; length < bytes.length; length++) target.shoot(bytes.subarray(0, length));
  target.mustBeSmall();
  target.mustBeEmpty();
});
