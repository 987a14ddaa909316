// Random damage to every message of the corpora, and to those of a call in progress: nothing traps.
//
//   RINGLET_MUTATIONS=10000000   more than the million
//   RINGLET_SEED=17              other ones

import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../support/random.js";
import { allSamples } from "./corpus.js";
import { mutate } from "./mutate.js";
import { Target } from "./target.js";

const MUTATIONS = Number(process.env["RINGLET_MUTATIONS"] ?? 1_000_000);
const SEED = Number(process.env["RINGLET_SEED"] ?? 1);
/** After so many of them time passes; after so many volleys everybody hangs up. */
const VOLLEY = 64;
const VOLLEYS_PER_CALL = 100;
const PAUSE_MS = 500;

test(`${MUTATIONS} mutations: no trap, no byte more memory, and the phone still works`, (t) => {
  const random = new Random(SEED);
  const corpus = allSamples().map(({ bytes }) => bytes);
  const target = new Target();
  for (let shots = 0; shots < MUTATIONS; shots++) {
    if (shots % VOLLEY === 0) between(target, random, shots / VOLLEY);
    const pool = random.chance(0.5) && target.heard.length > 0 ? target.heard : corpus;
    const bytes = mutate(random, random.pick(pool), pool);
    try {
      target.shoot(bytes);
    } catch (error) {
      assert.fail(`mutation ${shots} of seed ${SEED}: ${String(error)}\n${bytes.toString("hex")}`);
    }
  }
  target.mustBeSmall();
  t.diagnostic(`${target.calls} calls, ${target.refreshes} refreshes`);
  assert.ok(target.calls >= MUTATIONS / VOLLEY / VOLLEYS_PER_CALL);
  // In a call that nobody has damaged.
  target.hangUp();
  target.pass(60_000);
  assert.ok(target.ring());
  target.answer();
  target.mustGoOn();
  target.mustBeEmpty();
});

/** Time passes; a call that has ended is made anew, from either side. */
function between(target: Target, random: Random, volley: number): void {
  target.pass(PAUSE_MS);
  if (volley % VOLLEYS_PER_CALL === 0) target.hangUp();
  for (let tries = 0; target.call === 0; tries++) {
    assert.ok(tries < 10, "there can be no call any more");
    if (tries > 0) target.pass(35_000);
    if (random.chance(0.5)) target.callOut();
    else if (target.ring()) target.answer();
  }
}
