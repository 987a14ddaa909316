// A random life of three phones, from a seed: who calls, holds, transfers and hangs up, over a bad net; then rest, and the end.

import type { System } from "../peers/peer.js";
import { NOTHING_IN_USE, inUse } from "../support/inside.js";
import type { Link } from "../support/pair.js";
import { Random } from "../support/random.js";
import { NAMES, Trio } from "../support/trio.js";
import { Disguise } from "./disguise.js";
import { type Tally, TransferInvariants } from "./transfer-invariants.js";

const DEEDS = ["hold", "resume", "hold", "resume", "hangup", "blind", "attended", "dial", "answer"] as const;
type Deed = (typeof DEEDS)[number];

/** The shortest interval of a session timer: refreshes come at 45 s. */
const INTERVAL_MS = 90_000;
/** Transactions linger, a call may ring, a lost BYE is found out by the timer: so long until the net is at rest. */
const CALM_MS = 2 * INTERVAL_MS + 130_000;
const LINGER_MS = 300_000;

export class Failure extends Error {}

/** What a life in a disguise has shown of it. */
export interface Worn extends Tally {
  disguise: Disguise | null;
}

/**
 * Lives that life; what must not be is thrown as a Failure, with everything that happened if it `traces`. `system`: Bob's phone
 * is one of these.
 */
export function runTransferSeed(seed: number, traces = false, system: System | null = null): Worn {
  const life = new Life(seed, traces, system);
  try {
    life.live();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const { now, trace } = life.trio;
    throw new Failure(`seed ${seed} at ${(now / 1000).toFixed(3)} s: ${reason}\n${trace.join("\n")}`);
  }
  return { ...life.watcher.tally, disguise: life.disguise };
}

class Life {
  readonly watcher = new TransferInvariants();
  readonly trio: Trio;
  private readonly random: Random;
  private readonly keptBytes: number[];
  readonly disguise: Disguise | null;

  constructor(seed: number, traces: boolean, system: System | null) {
    this.random = new Random(seed);
    this.disguise = system ? new Disguise(system) : null;
    const configs = NAMES.map((name) => configOf(this.random) + configBeside(name, system, seed));
    this.trio = new Trio(seed, configs, linkOf(this.random), this.watcher, traces, [null, this.disguise]);
    this.trio.note(() => JSON.stringify({ configs, link: this.trio.link }));
    this.keptBytes = this.trio.phones.map(({ module }) => inUse(module).keptBytes);
  }

  live(): void {
    const { trio, watcher } = this;
    this.chaos();
    trio.becomePerfect();
    trio.drive(trio.now + CALM_MS);
    this.rest();
    for (const { side, handle } of [...watcher.lasting()])
      trio.command(side, (module, now) => module.hangup(handle, now));
    if (!trio.settle(LINGER_MS)) throw new Error("T3: a timer is left");
    watcher.checkEnds();
    trio.phones.forEach(({ module }, side) => {
      const left = inUse(module);
      left.keptBytes -= this.keptBytes[side] ?? 0;
      if (JSON.stringify(left) !== JSON.stringify(NOTHING_IN_USE))
        throw new Error(`T4: left behind at ${NAMES[side]}: ${JSON.stringify(left)}`);
    });
  }

  /** What rings is answered by nobody any more, so that it has ended; then the next moment without a packet. */
  private rest(): void {
    for (let tries = 0; this.trio.packets > 0 && tries < 1000; tries++) this.trio.drive(this.trio.now + 1);
    this.watcher.compare();
  }

  /** Alice's phone or Bob's begins; then everybody does what he likes. */
  private chaos(): void {
    const { random, trio } = this;
    const first = random.below(3);
    this.act(first, "dial");
    trio.drive(random.between(500, 4000));
    this.act((first + 1) % 3, "answer");
    this.act((first + 2) % 3, "answer");
    if (random.chance(0.5)) this.consult(first);
    for (let n = random.between(4, 16); n > 0; n--) {
      // Glare is rare unless it is looked for.
      trio.drive(trio.now + (random.chance(0.35) ? random.below(400) : random.between(500, 30_000)));
      this.act(random.below(3), random.pick(DEEDS));
    }
    trio.drive(trio.now + random.between(0, 60_000));
  }

  /** As one does before an attended transfer: the first call is held, and a second one made. */
  private consult(side: number): void {
    const { random, trio } = this;
    this.act(side, "hold");
    trio.drive(trio.now + random.between(0, 2000));
    this.act(side, "dial");
    trio.drive(trio.now + random.between(300, 5000));
    for (const other of [(side + 1) % 3, (side + 2) % 3]) this.act(other, "answer");
    trio.drive(trio.now + random.between(0, 3000));
    this.act(side, "attended");
  }

  /** The newest call is meant, or the one before it; what can't be is no fault. */
  private act(side: number, deed: Deed): void {
    const { random, trio } = this;
    trio.note(() => `user of ${NAMES[side]}: ${deed}`);
    const target = Trio.uri((side + 1 + random.below(2)) % 3);
    if (deed === "dial") {
      trio.command(side, (module, now) => module.dial(0, target, now));
      return;
    }
    const handles = [...this.watcher.lasting()]
      .filter((end) => end.side === side)
      .map(({ handle }) => handle);
    if (handles.length === 0) return;
    const call = random.chance(0.7) ? (handles.at(-1) ?? 0) : random.pick(handles);
    const others = handles.filter((handle) => handle !== call);
    const consulted = others.length > 0 ? random.pick(others) : call;
    trio.command(side, (module, now) => {
      if (deed === "blind") return module.transfer(call, target, now);
      if (deed === "attended") return module.transferTo(call, consulted, now);
      return module[deed](call, now);
    });
  }
}

/** On top: Bob's phone is that system, and the others are set for it. */
function configBeside(name: string, system: System | null, seed: number): string {
  if (!system) return "";
  const { config, others } = system.costume;
  return name === "bob" ? config : `${system.config}\n${others[seed % others.length] ?? ""}`;
}

function configOf(random: Random): string {
  const account = (name: string, value: number) => `account.1.${name} = ${value}\n`;
  return (
    account("session_timer.enable", 1) +
    account("session_timer.expires", INTERVAL_MS / 1000) +
    account("session_timer.refresher", random.below(2)) +
    account("session_timer.refresh_method", random.below(3)) +
    account("100rel_enable", random.below(2)) +
    account("auto_answer", random.chance(0.6) ? 1 : 0) +
    account("hold_use_inactive", random.chance(0.2) ? 1 : 0) +
    `transfer.semi_attend_tran_enable = ${random.below(2)}\n` +
    // Nobody answers for good: what rings ends within the calm.
    "phone_setting.ringing_timeout = 60\nphone_setting.ringback_timeout = 60\n"
  );
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
