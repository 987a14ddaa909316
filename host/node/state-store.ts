// Where a phone keeps its state between two lives (docs/state.md): read once at the start, written after every change.

import { existsSync, readFileSync, rmSync } from "node:fs";
import { Counter } from "./abi.js";
import { type Clock, sinceBoot } from "./clock.js";
import type { RingletModule } from "./module.js";
import { hideMediaKeys } from "./media-keys.js";
import { hideSecrets, putSecretsBack, type Secrets } from "./secrets.js";
import { decodeState, type SavedState, storeState, UnusableState } from "./state-file.js";

const BOOT_FILE = "/proc/sys/kernel/random/boot_id";
const UNKNOWN_BOOT = "-";
/** What the host gave last: nobody reads it between two calls. */
const WINDOW_BYTES = 66 * 1024;

/** What a state is good for. */
export interface StateTerms {
  /** Hashes of the module and of its settings. */
  module: string;
  settings: string;
  /** Passwords by key, and those that are set later. */
  secrets: Secrets;
}

export class StateStore {
  private changes = 0;

  constructor(
    private readonly file: string,
    private readonly clock: Clock,
    private readonly terms: StateTerms,
  ) {}

  /**
   * The state of the last life for an instance that was provisioned and not started; the clock goes on from it. False
   * when there is no file. Throws UnusableState.
   */
  restore(module: RingletModule): boolean {
    if (!existsSync(this.file)) return false;
    const saved = decodeState(readFileSync(this.file));
    if (saved.module !== this.terms.module) throw new UnusableState("it is of another version of the module");
    if (saved.settings !== this.terms.settings) throw new UnusableState("the settings have changed since");
    putSecretsBack(saved.snapshot, saved.secrets, this.terms.secrets);
    module.adopt(saved.snapshot);
    this.clock.goOnFrom(saved.now + elapsed(saved));
    return true;
  }

  /** Writes the file if something has changed that it must have. Throws what the file system says. */
  keep(module: RingletModule): void {
    const changes = module.counter(Counter.Changes);
    if (changes === this.changes) return;
    this.changes = changes;
    const snapshot = module.snapshot();
    snapshot.memory.fill(0, snapshot.memory.length - WINDOW_BYTES);
    hideMediaKeys(snapshot.memory);
    storeState(this.file, {
      module: this.terms.module,
      settings: this.terms.settings,
      wall: Date.now(),
      boot: bootId(),
      clock: sinceBoot(),
      now: this.clock.now(),
      secrets: hideSecrets(snapshot, this.terms.secrets),
      snapshot,
    });
  }

  /** A password was set at run time. */
  learn(key: string, value: string): void {
    this.terms.secrets.set(key, value);
  }

  /** Nothing is left to go on with. */
  remove(): void {
    rmSync(this.file, { force: true });
  }
}

/** Milliseconds since it was saved; never negative. */
function elapsed(saved: SavedState): number {
  const isSameBoot = saved.boot === bootId() && saved.boot !== UNKNOWN_BOOT;
  return Math.max(isSameBoot ? sinceBoot() - saved.clock : Date.now() - saved.wall, 0);
}

function bootId(): string {
  try {
    return readFileSync(BOOT_FILE, "latin1").trim();
  } catch {
    return UNKNOWN_BOOT;
  }
}
