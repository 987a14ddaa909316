// One seed, from the first call to the silence after the last.

import { NOTHING_IN_USE, inUse } from "../support/inside.js";
import { Pair, PERFECT, type SideIndex } from "../support/pair.js";
import { Invariants, type Tally } from "./invariants.js";
import { type Act, type Schedule, scheduleOf } from "./schedule.js";

/** The longest that a call may ring, and a transaction may linger, beside what its timers allow. */
const RINGING_MS = 180_000;
const LINGER_MS = 200_000;

export class Failure extends Error {}

/** Lives the life of a seed; a violation is thrown as a Failure, with everything that happened if it `traces`. */
export function runSeed(seed: number, traces = false): Tally {
  const schedule = scheduleOf(seed);
  const watcher = new Invariants();
  const pair = new Pair({ ...schedule, watcher, starts: false, traces });
  try {
    new Life(schedule, pair, watcher).live();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`seed ${seed} at ${(pair.now / 1000).toFixed(3)} s: ${reason}${told(schedule, pair)}`);
  }
  return watcher.tally;
}

function told(schedule: Schedule, pair: Pair): string {
  if (pair.trace.length === 0) return "";
  return `\n${JSON.stringify(schedule, null, 1)}\n${pair.trace.join("\n")}`;
}

class Life {
  private readonly baselines: number[] = [];

  constructor(
    private readonly schedule: Schedule,
    private readonly pair: Pair,
    private readonly watcher: Invariants,
  ) {}

  live(): void {
    this.chaos();
    if (this.schedule.deadAt < 0) this.calm();
    else this.drive(this.schedule.calmAt + RINGING_MS + this.schedule.longestMs + LINGER_MS);
    this.end();
  }

  /** The user's deeds over a bad link, until it is dead or the bad time is over. */
  private chaos(): void {
    const { startAt, acts, deadAt, deadFrom, calmAt } = this.schedule;
    const deeds: { at: number; run: () => void }[] = acts.map((act) => ({
      at: act.at,
      run: () => this.act(act),
    }));
    for (const side of [0, 1] as const) deeds.push({ at: startAt[side], run: () => this.start(side) });
    if (deadAt >= 0) deeds.push({ at: deadAt, run: () => deadFrom.forEach((side) => this.kill(side)) });
    deeds.sort((one, two) => one.at - two.at);
    for (const deed of deeds) {
      this.drive(deed.at);
      deed.run();
    }
    this.drive(calmAt);
  }

  /** A perfect link, long enough for whoever is to refresh to do so twice. */
  private calm(): void {
    this.pair.link = PERFECT;
    this.drive(this.pair.now + 2 * this.schedule.longestMs + RINGING_MS);
  }

  /** Whoever still talks hangs up; then nothing may be left of anything. */
  private end(): void {
    const { pair, watcher } = this;
    for (const conversation of watcher.conversations.values())
      for (const side of [0, 1] as const) {
        const { handle, endedAt } = conversation[side];
        if (handle !== 0 && endedAt < 0) pair.command(side, (module, now) => module.hangup(handle, now));
      }
    if (!pair.settle(LINGER_MS)) throw new Error("I7: a timer is left");
    watcher.checkEnds(this.schedule.deadAt);
    for (const side of [0, 1] as const) this.checkEmpty(side);
  }

  private checkEmpty(side: SideIndex): void {
    const left = inUse(this.pair.phones[side].module);
    left.keptBytes -= this.baselines[side] as number;
    const isEmpty = JSON.stringify(left) === JSON.stringify(NOTHING_IN_USE);
    if (!isEmpty) throw new Error(`I7: left behind on side ${side}: ${JSON.stringify(left)}`);
  }

  private start(side: SideIndex): void {
    this.pair.note(() => `phone ${side} starts`);
    this.pair.start(side);
    this.baselines[side] = inUse(this.pair.phones[side].module).keptBytes;
  }

  private kill(side: SideIndex): void {
    this.pair.note(() => `the way from phone ${side} is dead`);
    this.pair.isDead[side] = true;
  }

  /** The newest call of the phone is meant; one that can't be is no fault. */
  private act({ side, deed }: Act): void {
    const { pair } = this;
    if (pair.now < this.schedule.startAt[side]) return;
    pair.note(() => `user ${side}: ${deed}`);
    if (deed === "dial") {
      pair.dial(side);
      return;
    }
    const call = pair.phones[side].module.find(0, deed === "answer");
    if (call <= 0) return;
    pair.command(side, (module, now) => module[deed](call, now));
  }

  /** Compares both ends whenever the link falls silent. */
  private drive(until: number): void {
    const { pair, watcher } = this;
    let wasBusy = false;
    while (pair.step(until)) {
      if (pair.packets === 0 && wasBusy) watcher.compare(pair);
      wasBusy = pair.packets > 0;
    }
    pair.now = Math.max(pair.now, until);
  }
}
