// Passwords in linear memory: found and overwritten before it is written to a file, and put back when it is read.

import type { Snapshot } from "./module.js";
import { type SecretPlace, UnusableState } from "./state-file.js";

/** A shorter one stands in too many places by chance: it is looked for only where nothing but zeros is around it. */
const SHORTEST_WORD = 4;
const STAR = 0x2a;

/** key -> password */
export type Secrets = Map<string, string>;

/** Overwrites every password in the snapshot with stars. Answers where they stood. */
export function hideSecrets({ memory }: Snapshot, secrets: Secrets): SecretPlace[] {
  const all = Buffer.from(memory.buffer, memory.byteOffset, memory.length);
  const places: SecretPlace[] = [];
  // The longest first: one may be a part of another.
  const sorted = [...secrets].sort(([, a], [, b]) => Buffer.byteLength(b) - Buffer.byteLength(a));
  for (const [key, value] of sorted) {
    const word = Buffer.from(value, "utf8");
    if (word.length === 0) continue;
    for (let at = all.indexOf(word); at >= 0; at = all.indexOf(word, at + 1)) {
      if (word.length < SHORTEST_WORD && !standsAlone(all, at, word.length)) continue;
      places.push({ offset: at, length: word.length, key });
      all.fill(STAR, at, at + word.length);
    }
  }
  return places;
}

function standsAlone(all: Buffer, at: number, length: number): boolean {
  return all[at - 1] === 0 && all[at + length] === 0;
}

/** Writes the passwords into their places. Throws UnusableState where one is missing, or has another length. */
export function putSecretsBack({ memory }: Snapshot, places: SecretPlace[], secrets: Secrets): void {
  // The last that was hidden comes back first: it may lie in what were the stars of another.
  for (const { offset, length, key } of [...places].reverse()) {
    const word = Buffer.from(secrets.get(key) ?? "", "utf8");
    if (word.length !== length) throw new UnusableState(`${key} is another one now`);
    memory.set(word, offset);
  }
}
