// A random life of two phones: what one seed stands for.

import type { Link, SideIndex } from "../support/pair.js";
import { Random } from "../support/random.js";

export type Deed = "dial" | "answer" | "hold" | "resume" | "hangup";

export interface Act {
  at: number;
  side: SideIndex;
  deed: Deed;
}

export interface Schedule {
  seed: number;
  configs: readonly [string, string];
  link: Link;
  /** When each phone is switched on. */
  startAt: readonly [number, number];
  acts: Act[];
  /** From now on the ways from these sides are dead; -1 for never. */
  deadAt: number;
  deadFrom: SideIndex[];
  /** Until now the link is as above, then it is perfect. */
  calmAt: number;
  /** The longest interval of the two phones, in ms. */
  longestMs: number;
}

export function scheduleOf(seed: number): Schedule {
  const random = new Random(seed);
  const intervals = [random.between(90, 300), random.between(90, 300)];
  const longestMs = Math.max(...intervals) * 1000;
  const calmAt = random.between(1, 6) * longestMs;
  const isDead = random.chance(0.25);
  const late = random.chance(0.2) ? random.between(1, 25_000) : 0;
  return {
    seed,
    configs: [
      configOf(random, intervals[0] as number) + ringsReliably(seed & 1),
      configOf(random, intervals[1] as number) + ringsReliably(seed & 2),
    ],
    link: linkOf(random),
    startAt: [0, late],
    acts: actsOf(random, calmAt),
    deadAt: isDead ? random.between(1000, calmAt) : -1,
    deadFrom: random.pick<SideIndex[]>([[0, 1], [0, 1], [0], [1]]),
    calmAt,
    longestMs,
  };
}

function configOf(random: Random, interval: number): string {
  const account = (name: string, value: number) => `account.1.${name} = ${value}\n`;
  return (
    account("session_timer.enable", random.chance(0.93) ? 1 : 0) +
    account("session_timer.expires", interval) +
    account("session_timer.min_se", random.chance(0.2) ? random.between(90, 200) : 90) +
    account("session_timer.refresher", random.below(2)) +
    account("session_timer.refresh_method", random.below(3)) +
    account("session_timer.update_fallback", random.below(2)) +
    account("session_timer.allow_update", random.chance(0.85) ? 1 : 0) +
    account("auto_answer", random.chance(0.5) ? 1 : 0)
  );
}

/** Each of the four combinations in its turn. */
function ringsReliably(isOn: number): string {
  return `account.1.100rel_enable = ${isOn ? 1 : 0}\n`;
}

function linkOf(random: Random): Link {
  const leastDelay = random.pick([0, 1, 20, 150]);
  return {
    loss: random.pick([0, 0, 0.05, 0.15, 0.3]),
    duplicate: random.pick([0, 0, 0.1, 0.3]),
    leastDelay,
    mostDelay: leastDelay + random.pick([0, 10, 200, 900]),
  };
}

function actsOf(random: Random, calmAt: number): Act[] {
  const acts: Act[] = [];
  const act = (at: number, side: SideIndex, deed: Deed) => acts.push({ at, side, deed });
  const caller = random.below(2) as SideIndex;
  const begins = random.between(0, 5000);
  act(begins, caller, "dial");
  // The other side may call at the same time, or later.
  if (random.chance(0.15)) act(begins + random.pick([0, 300, 40_000]), random.below(2) as SideIndex, "dial");
  for (const side of [0, 1] as const) {
    const answers = random.between(100, 20_000);
    for (let again = 0; again < 3; again++) act(begins + answers + again * 10_000, side, "answer");
  }
  for (let n = random.below(10); n > 0; n--) {
    const at = random.between(begins, calmAt);
    const deed = random.pick<Deed>(["hold", "resume"]);
    const side = random.below(2) as SideIndex;
    act(at, side, deed);
    // Glare is rare unless it is looked for.
    if (random.chance(0.3))
      act(at + random.below(300), side === 0 ? 1 : 0, random.pick<Deed>(["hold", "resume"]));
  }
  if (random.chance(0.4)) act(random.between(begins, calmAt), random.below(2) as SideIndex, "hangup");
  return acts.sort((one, two) => one.at - two.at);
}
