// Random lives of three phones of which one looks like another system (tests/peers): T1 to T4 hold there too, and what it demands is met.
//
//   RINGLET_SEEDS=10000   more of them for each system
//   RINGLET_SEED=17       that one alone, told in full

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Edit, System } from "../peers/peer.js";
import { SYSTEMS } from "../peers/systems.js";
import { NOTHING_SEEN, type Tally } from "./transfer-invariants.js";
import { Failure, runTransferSeed } from "./transfer-life.js";

const ONLY = process.env["RINGLET_SEED"];
const SEEDS = Number(process.env["RINGLET_SEEDS"] ?? 100);

for (const system of SYSTEMS) {
  if (ONLY === undefined) test(`T1 to T4 hold beside ${system.name}`, () => liveAll(system));
  else
    test(`T1 to T4 hold beside ${system.name}, seed ${ONLY}`, () =>
      void runTransferSeed(Number(ONLY), true, system));
}

function liveAll(system: System): void {
  const sum: Tally = { ...NOTHING_SEEN };
  const used = new Set<Edit>();
  let demandsMet = 0;
  const failed: string[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    try {
      const { disguise, ...tally } = runTransferSeed(seed, failed.length === 0 && ONLY !== undefined, system);
      for (const key of Object.keys(sum) as (keyof Tally)[]) sum[key] += tally[key];
      disguise?.used.forEach((edit) => used.add(edit));
      demandsMet += disguise?.demandsMet ?? 0;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failed.push(error.message.trim());
    }
  }
  console.log(`${system.name}, ${SEEDS} seeds: ${JSON.stringify({ ...sum, demandsMet })}`);
  assert.equal(
    failed.length,
    0,
    `${failed.length} of ${SEEDS} (RINGLET_SEED=n shows one):\n${failed.slice(0, 20).join("\n")}`,
  );
  // Or nothing is tested.
  const { says, hears, demands } = system.costume;
  for (const edit of [...says, ...hears])
    assert.ok(used.has(edit), `${edit.of} ${edit.find} was never of use`);
  assert.ok(demandsMet >= (demands.length * SEEDS) / 2);
  assert.ok(
    sum.calls > SEEDS && sum.refreshes > SEEDS && sum.restsCompared > SEEDS / 10 && sum.holds > SEEDS / 4,
  );
}
