// `ringlet replay FILE`: steps through a recording, prints what happened, and says whether it happened again.
//
//   +0.120 receive 3 192.0.2.20 5060 512 bytes
//     | ...
//   +0.120 call.incoming 1 from=...
//   +0.120 sent 192.0.2.20 5060 290 bytes
//     | ...
//   57 inputs, 93 outputs, all the same
//
// Exit 0: all the same; 1: a difference; 2: the file can't be used.

import { readFileSync } from "node:fs";
import { compileModule, MODULE_FILE } from "./module.js";
import { hashOf } from "./recording.js";
import { CALLS } from "./recording-lines.js";
import { type Recording, readRecording, UnusableRecording } from "./recording-file.js";
import { replay, type ReplayedCall } from "./replay.js";
import { inputStory, outputStory } from "./replay-story.js";

/** So many calls that differ are shown; what follows a difference is mostly its consequence. */
const MOST_SHOWN = 3;

/** `isQuiet`: only the result of each file. */
export function replayFiles(files: string[], isQuiet: boolean): void {
  const module = readFileSync(MODULE_FILE);
  const compiled = compileModule(module);
  const codes = files.map((file) => {
    const prefix = files.length > 1 ? `${file}: ` : "";
    return replayFile(file, prefix, compiled, hashOf(module), isQuiet);
  });
  process.exitCode = Math.max(...codes);
}

function replayFile(
  file: string,
  prefix: string,
  compiled: WebAssembly.Module,
  hash: string,
  isQuiet: boolean,
): number {
  try {
    const recording = readRecording(readFileSync(file, "utf8"));
    if (recording.hash !== hash)
      console.error(`ringlet: ${file}: made with the module ${recording.hash}, this is ${hash}`);
    return new Report(prefix, isQuiet).run(recording, compiled);
  } catch (error) {
    console.error(`ringlet: ${file}: ${reasonOf(error)}`);
    return 2;
  }
}

function reasonOf(error: unknown): string {
  const isKnown =
    error instanceof UnusableRecording ||
    error instanceof RangeError ||
    (error as NodeJS.ErrnoException).code !== undefined;
  if (!isKnown) throw error;
  return (error as Error).message;
}

class Report {
  private inputs = 0;
  private outputs = 0;
  private different = 0;
  private startMs = NaN;

  constructor(
    private readonly prefix: string,
    private readonly isQuiet: boolean,
  ) {}

  run(recording: Recording, compiled: WebAssembly.Module): number {
    if (!this.isQuiet) for (const note of recording.notes) console.log(`# ${note}`);
    for (const step of replay(recording, compiled)) this.tell(step);
    const sum = `${this.inputs} inputs, ${this.outputs} outputs`;
    const result = this.different === 0 ? "all the same" : `${this.different} inputs with other outputs`;
    console.log(`${this.prefix}${sum}, ${result}`);
    return this.different === 0 ? 0 : 1;
  }

  private tell(step: ReplayedCall): void {
    this.inputs++;
    this.outputs += step.seen.length - 1;
    if (!this.isQuiet) this.tellStory(step);
    if (step.isSame) return;
    this.different++;
    if (this.different <= MOST_SHOWN) this.tellDifference(step);
  }

  private tellStory({ call, seen }: ReplayedCall): void {
    const now = timeOf(call.name, call.words);
    if (Number.isNaN(this.startMs) && Number.isFinite(now)) this.startMs = now;
    const time = Number.isFinite(now) ? `+${((now - this.startMs) / 1000).toFixed(3)}` : "-";
    for (const line of [inputStory(call, seen[0] ?? ""), ...seen.slice(1).map(outputStory)])
      if (line !== "") console.log(`${time} ${line}`);
  }

  private tellDifference({ call, seen }: ReplayedCall): void {
    console.log(`${this.prefix}line ${call.line}: ${call.name} differs`);
    const most = Math.max(seen.length, call.expected.length);
    for (let i = 0; i < most; i++) {
      if (seen[i] === call.expected[i]) continue;
      console.log(`  expected ${call.expected[i] ?? "nothing"}`);
      console.log(`  seen     ${seen[i] ?? "nothing"}`);
    }
  }
}

/** The time is the last word of whatever has one. */
function timeOf(name: string, words: number[]): number {
  return CALLS[name]?.endsWith("t") ? (words.at(-1) ?? NaN) : NaN;
}
