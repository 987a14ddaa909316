// A hash of what a module was provisioned with before its start: a saved state is good for these settings only.

import { createHash } from "node:crypto";

const SETTINGS = new Set(["sip_provision", "sip_boot", "sip_set"]);

export class SettingsHash {
  private readonly hash = createHash("sha256");
  private isComplete = false;

  /** Sees every call. Layout: docs/state.md, "Settings". */
  note(name: string, words: number[], pieces: Uint8Array[]): void {
    if (name === "sip_start") this.isComplete = true;
    if (this.isComplete || !SETTINGS.has(name)) return;
    this.hash.update(`${name}\n`);
    for (const piece of pieces) this.hash.update(`${piece.length}\n`).update(piece);
    if (name === "sip_provision") this.hash.update(`${words[1]}\n`);
  }

  /** In hexadecimal digits. */
  get digest(): string {
    return this.hash.copy().digest("hex");
  }
}
