// Time for the module: a monotonic clock that counts the time asleep, and the one timer.
//
// process.hrtime is CLOCK_MONOTONIC, which stands still while the machine is suspended; os.uptime goes on.
// When the uptime has run ahead, the difference is added: a call that should have ended during a sleep
// ends at the awakening. The clock never goes back.

import { uptime } from "node:os";

/** os.uptime counts whole seconds on some systems: less than this is no sleep. */
const SLEEP_MS = 2500;
/** A timer of Node stands still during a sleep too, so no single wait is longer. Also far below Node's 2^31-1 ms. */
const LONGEST_WAIT_MS = 10_000;

export class Clock {
  /** What a clock that was gone on from is ahead of ours. */
  private ahead = 0;
  private asleep = 0;
  private readonly started = uptime() * 1000 - awakeMs();

  /** Milliseconds since some fixed moment. */
  now(): number {
    const awake = awakeMs();
    const slept = uptime() * 1000 - awake - this.started;
    if (slept > this.asleep + SLEEP_MS) this.asleep = slept;
    return awake + this.asleep + this.ahead;
  }

  /** It is `now` now, on the clock of an earlier life. */
  goOnFrom(now: number): void {
    this.ahead += now - this.now();
  }
}

/** Milliseconds since the machine was switched on, the time asleep included: the same for every program. */
export function sinceBoot(): number {
  return uptime() * 1000;
}

function awakeMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** One deadline and what is to be done at it. */
export class Alarm {
  private timer: NodeJS.Timeout | undefined;
  private deadline = -1;

  constructor(
    private readonly clock: Clock,
    private readonly ring: () => void,
  ) {}

  /** Replaces the deadline; -1 for none. */
  arm(deadline: number): void {
    this.deadline = deadline;
    clearTimeout(this.timer);
    this.timer = undefined;
    if (deadline >= 0) this.wait();
  }

  /** Rounds up: a timer that rings too early would ring again and again. */
  private wait(): void {
    const left = Math.ceil(this.deadline - this.clock.now());
    this.timer = setTimeout(() => this.look(), Math.min(Math.max(left, 1), LONGEST_WAIT_MS));
  }

  private look(): void {
    if (this.clock.now() < this.deadline) return this.wait();
    this.deadline = -1;
    this.ring();
  }
}
