// A session of the shortest interval that may be, for a week.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Pair } from "../support/pair.js";
import { readWire } from "./wire.js";

const DAY_MS = 86_400_000;
const DAYS = 7;
const INTERVAL = 90;

const UPDATE = 1;
const RE_INVITE = 2;

/** How many refreshes of each method a call of `DAYS` days sees; fails if it ends. */
function refreshesOf(refreshMethod: number, refresher: number): Record<string, number> {
  const seen: Record<string, number> = { UPDATE: 0, INVITE: 0 };
  const ended: string[] = [];
  const config = [
    "account.1.auto_answer = 1",
    "account.1.session_timer.enable = 1",
    `account.1.session_timer.expires = ${INTERVAL}`,
    `account.1.session_timer.refresher = ${refresher}`,
    `account.1.session_timer.refresh_method = ${refreshMethod}`,
    "",
  ].join("\n");
  const pair = new Pair({
    configs: [config, config],
    watcher: {
      delivered: (_, bytes) => {
        const wire = readWire(bytes);
        if (wire.isRequest) seen[wire.method] = (seen[wire.method] ?? 0) + 1;
      },
      said: (side, event, now) => {
        if (event.name === "call.ended") ended.push(`${side} at ${now}: ${JSON.stringify(event.fields)}`);
      },
    },
  });
  const call = pair.dial(0);
  pair.drive(DAYS * DAY_MS);
  assert.deepEqual(ended, []);
  assert.equal(
    pair.command(0, (module, now) => module.hangup(call, now)),
    0,
  );
  assert.ok(pair.settle());
  assert.equal(ended.length, 2);
  return seen;
}

/** One each half interval. */
const EXPECTED = (DAYS * DAY_MS) / (INTERVAL * 500);

for (const refresher of [0, 1]) {
  test(`a week of 90 second intervals by UPDATE, refresher = ${refresher}: no drop`, () => {
    const seen = refreshesOf(UPDATE, refresher);
    assert.ok(Math.abs((seen["UPDATE"] ?? 0) - EXPECTED) <= 2, `${seen["UPDATE"]} of ${EXPECTED}`);
    assert.equal(seen["INVITE"], 1);
    assert.equal(seen["BYE"], 1);
  });

  test(`a week of 90 second intervals by re-INVITE, refresher = ${refresher}: no drop`, () => {
    const seen = refreshesOf(RE_INVITE, refresher);
    assert.ok(Math.abs((seen["INVITE"] ?? 0) - EXPECTED) <= 2, `${seen["INVITE"]} of ${EXPECTED}`);
    assert.equal(seen["ACK"], seen["INVITE"]);
    assert.equal(seen["BYE"], 1);
  });
}
