// A thousand random lives of two phones, and what must be true in each (session timers, I1 to I8).
//
//   RINGLET_SEEDS=20000   more of them
//   RINGLET_SEED=17       that one alone, told in full

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Tally } from "./invariants.js";
import { Failure, runSeed } from "./run.js";

const ONLY = process.env["RINGLET_SEED"];
const SEEDS = Number(process.env["RINGLET_SEEDS"] ?? 1000);

if (ONLY === undefined) test("I1 to I8 hold in random lives over a bad link", liveAll);
else test(`I1 to I8 hold in the life of seed ${ONLY}`, () => void runSeed(Number(ONLY), true));

function liveAll(): void {
  const sum: Tally = { calls: 0, refreshes: 0, restsCompared: 0, endedByTimer: 0 };
  const failures = new Map<number, string>();
  for (let seed = 1; seed <= SEEDS; seed++) {
    const failure = failureOf(seed, sum);
    if (failure) failures.set(seed, failure);
  }
  console.log(`${SEEDS} seeds: ${JSON.stringify(sum)}`);
  assert.equal(failures.size, 0, told(failures));
  // Or the schedules have become so rough that nothing is tested.
  assert.ok(sum.calls > SEEDS && sum.refreshes > 2 * SEEDS && sum.restsCompared > 2 * SEEDS);
  assert.ok(sum.endedByTimer > SEEDS / 20);
}

/** What went wrong, in a line; null for a good seed, whose tally is added to the sum. */
function failureOf(seed: number, sum: Tally): string | null {
  try {
    const tally = runSeed(seed);
    for (const key of Object.keys(sum) as (keyof Tally)[]) sum[key] += tally[key];
    return null;
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

/** Every failure in a line, the first one with its trace. */
function told(failures: Map<number, string>): string {
  const [first] = failures.keys();
  const lines = [...failures.values()].slice(0, 20);
  let trace = "";
  try {
    if (first !== undefined) runSeed(first, true);
  } catch (error) {
    trace = String(error);
  }
  return `${failures.size} of ${SEEDS} (RINGLET_SEED=n shows one):\n${lines.join("\n")}\n${trace}`;
}
