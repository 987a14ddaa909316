// A hundred thousand calls, one after the other: made, refreshed, ended. Nothing may be left behind.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inUse } from "../support/inside.js";
import { Pair, type SideIndex } from "../support/pair.js";

const CALLS = 100_000;
const REFRESH_MS = 45_000;

const CONFIG = [
  "account.1.auto_answer = 1",
  "account.1.session_timer.enable = 1",
  "account.1.session_timer.expires = 90",
  "",
].join("\n");

test(`${CALLS} calls leave memory and every table as they found them`, () => {
  const seen: Record<string, number> = {};
  const pair = new Pair({
    configs: [CONFIG, CONFIG],
    watcher: { said: (_, event) => (seen[event.name] = (seen[event.name] ?? 0) + 1) },
  });
  const look = (side: SideIndex) => ({
    size: pair.phones[side].module.size,
    ...inUse(pair.phones[side].module),
  });
  const before = [look(0), look(1)];
  for (let n = 0; n < CALLS; n++) {
    const call = pair.dial(0);
    assert.ok(call > 0, `call ${n}`);
    pair.drive(pair.now + REFRESH_MS + 1000);
    assert.equal(pair.command(n % 2 ? 0 : 1, hangUpNewest), 0);
    pair.drive(pair.now + 10);
  }
  assert.ok(pair.settle());
  assert.deepEqual([look(0), look(1)], before);
  for (const name of ["call.established", "call.refreshed", "call.ended"])
    assert.equal(seen[name], 2 * CALLS);
});

function hangUpNewest(
  module: { find(n: number, ringing: boolean): number; hangup(call: number, now: number): number },
  now: number,
): number {
  return module.hangup(module.find(0, false), now);
}
