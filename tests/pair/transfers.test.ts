// A thousand random lives of three phones that hold, resume, transfer, refresh and hang up at will (T1 to T4: transfer-invariants.ts).
//
//   RINGLET_SEEDS=10000   more of them
//   RINGLET_SEED=17       that one alone, told in full

import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTHING_SEEN, type Tally } from "./transfer-invariants.js";
import { Failure, runTransferSeed } from "./transfer-life.js";

const ONLY = process.env["RINGLET_SEED"];
const SEEDS = Number(process.env["RINGLET_SEEDS"] ?? 1000);

if (ONLY === undefined) test("T1 to T4 hold in random lives of three phones over a bad net", liveAll);
else test(`T1 to T4 hold in the life of seed ${ONLY}`, () => void runTransferSeed(Number(ONLY), true));

function liveAll(): void {
  const sum: Tally = { ...NOTHING_SEEN };
  const failed: string[] = [];
  let first = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    try {
      const tally = runTransferSeed(seed);
      for (const key of Object.keys(sum) as (keyof Tally)[]) sum[key] += tally[key];
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      first ||= seed;
      failed.push(error.message.trim());
    }
  }
  console.log(`${SEEDS} seeds: ${JSON.stringify(sum)}`);
  if (first > 0)
    assert.fail(`${failed.length} of ${SEEDS} (RINGLET_SEED=n shows one):\n${told(failed, first)}`);
  // Or the schedules have become so rough that nothing is tested.
  assert.ok(sum.calls > 2 * SEEDS && sum.refreshes > 2 * SEEDS && sum.restsCompared > SEEDS / 4);
  assert.ok(sum.holds > SEEDS / 2 && sum.transfers > SEEDS / 10 && sum.replaced > SEEDS / 50);
}

/** Every failure in a line, the first one with its trace. */
function told(failed: string[], first: number): string {
  try {
    runTransferSeed(first, true);
  } catch (error) {
    return `${failed.slice(0, 20).join("\n")}\n${String(error)}`;
  }
  return failed.join("\n");
}
