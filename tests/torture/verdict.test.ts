// What the phone makes of each torture message, compared with what a strict UA makes of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Instance } from "../support/instance.js";
import { type Expected, expectedOf } from "./corpus.js";

/** Where we do something else, and why. Every row is a debt, unless the RFC leaves it to us. */
const DEVIATIONS: Record<string, { verdict: string; why: string }> = {};

const phone = new Instance({
  configs: ["ringlet.bind.address = 192.0.2.10\naccount.1.enable = 1\naccount.1.user_name = user\n"],
});
phone.start();

function verdictOn(bytes: Uint8Array): string {
  const { status } = phone.module.judge(bytes);
  return status === 0 ? "accept" : status < 0 ? "drop" : String(status);
}

function check({ name, bytes, action, alternatives }: Expected): void {
  const verdict = verdictOn(bytes);
  const deviation = DEVIATIONS[name];
  if (deviation) return assert.equal(verdict, deviation.verdict, `${name}: the deviation has changed`);
  const permitted = [action, ...alternatives];
  assert.ok(permitted.includes(verdict), `${name}: ${verdict} instead of ${permitted.join(" or ")}`);
}

for (const folder of ["rfc4475", "rfc5118"])
  for (const expected of expectedOf(folder)) test(`${folder} ${expected.name}`, () => check(expected));

test("every deviation is that of a message, and has a reason", (t) => {
  const names = ["rfc4475", "rfc5118"].flatMap(expectedOf).map(({ name }) => name);
  for (const [name, { why }] of Object.entries(DEVIATIONS)) {
    assert.ok(names.includes(name), name);
    assert.ok(why.length > 20, name);
  }
  t.diagnostic(`${names.length} messages, ${Object.keys(DEVIATIONS).length} deviations`);
});
