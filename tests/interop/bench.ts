// What an interop test works with: phones, SIPps, a scratch folder, a time limit, and an end to all of it.

import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { folderOf, type Line, Program } from "../support/program.js";
import { Sipp, type SippOptions, sippVersion } from "./sipp.js";

/** Settings on top of PRESET, by their keys. */
export type Settings = Record<string, string | number>;

const PRESET: Settings = {
  "sip.listen_port": 0,
  "account.1.enable": 1,
  "account.1.user_name": "alice",
  "account.1.display_name": "Alice",
};

/** With the session timer on, at the shortest interval there is: refreshes come at 45 s. */
export const TIMED: Settings = {
  "account.1.session_timer.enable": 1,
  "account.1.session_timer.expires": 90,
};

/** A `ringlet run` that is ready. */
export interface RunningPhone {
  program: Program;
  /** "ADDRESS:PORT" */
  address: string;
  uri: string;
}

export class Bench {
  private readonly folder = folderOf({});
  private readonly programs: { end(): Promise<void> }[] = [];

  constructor(private readonly seconds: number) {}

  /** `ringlet run --json` with these settings. */
  async phone(settings: Settings = {}): Promise<RunningPhone> {
    const all = { ...PRESET, ...settings };
    const lines = Object.entries(all).map(([key, value]) => `${key} = ${value}\n`);
    const file = folderOf({ "phone.cfg": `#!version:1.0.0.1\n${lines.join("")}` });
    this.programs.push({ end: async () => file.remove() });
    const program = new Program("run", "--config", file.path("phone.cfg"), "--bind", "127.0.0.1", "--json");
    this.programs.push(program);
    const ready = await program.event("phone.ready");
    const address = `127.0.0.1:${ready["port"]}`;
    return { program, address, uri: `sip:${all["account.1.user_name"]}@${address}` };
  }

  /** SIPp with a scenario of tests/interop/scenarios. */
  async sipp(scenario: string, options: Partial<SippOptions> = {}): Promise<Sipp> {
    const sipp = await Sipp.start(this.folder.path(""), scenario, { seconds: this.seconds, ...options });
    this.programs.push(sipp);
    return sipp;
  }

  async end(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.end()));
    this.folder.remove();
  }
}

/** A test that needs nothing but ourselves. `seconds`: its time limit. */
export function scene(name: string, seconds: number, run: (bench: Bench) => Promise<void>): void {
  test(name, () => limited(name, seconds, run));
}

/**
 * A test with SIPp, whose own time limit is the same. Without SIPp it is skipped by name, or fails if
 * RINGLET_REQUIRE_SIPP=1.
 */
export function interop(name: string, seconds: number, run: (bench: Bench) => Promise<void>): void {
  test(name, async (t) => {
    if (isInstalled()) return limited(name, seconds, run);
    if (process.env["RINGLET_REQUIRE_SIPP"] === "1") throw new Error("SIPp is not installed");
    t.skip("SIPp is not installed (Debian's package sip-tester)");
  });
}

async function limited(name: string, seconds: number, run: (bench: Bench) => Promise<void>): Promise<void> {
  const bench = new Bench(seconds);
  const limit = new AbortController();
  const tooLate = pause((seconds + 5) * 1000, undefined, { signal: limit.signal }).then(() => {
    throw new Error(`"${name}" is not through after ${seconds + 5} s`);
  });
  try {
    await Promise.race([run(bench), tooLate]);
  } finally {
    limit.abort();
    tooLate.catch(() => {});
    await bench.end();
  }
}

let found: boolean | undefined;

function isInstalled(): boolean {
  return (found ??= sippVersion() !== undefined);
}

/** The next `count` events of this name. */
export async function events(
  program: Program,
  name: string,
  count: number,
  timeoutMs?: number,
): Promise<Line[]> {
  const lines: Line[] = [];
  while (lines.length < count) lines.push(await program.event(name, timeoutMs));
  return lines;
}

/** The fields of a line that matter to a test. */
export function fields(line: Line, ...names: string[]): unknown[] {
  return names.map((name) => line[name]);
}
