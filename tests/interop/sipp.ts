// SIPp as a child: one scenario, one process, its own folder and ports.
//
// Its verdict is the exit code: 0 only when every call went through the scenario. What passed its socket
// is read from its own message log.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../support/files.js";
import { freePorts } from "./ports.js";

const SCENARIOS = path.join(ROOT, "tests/interop/scenarios");

export interface SippOptions {
  /** Whom it calls, "ADDRESS:PORT"; without it, it waits to be called. */
  target?: string;
  /** How many calls, 1. */
  calls?: number;
  /** It gives up, and fails, after this long. */
  seconds: number;
  /** More words of its command line. */
  words?: string[];
}

/** A message in its log. */
export interface Logged {
  direction: "sent" | "received";
  /** Milliseconds since some fixed moment. */
  at: number;
  text: string;
}

export class Sipp {
  output = "";
  private readonly exited: Promise<number | null>;

  private constructor(
    readonly scenario: string,
    readonly port: number,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {
    child.stdout?.on("data", (text) => (this.output += text));
    child.stderr?.on("data", (text) => (this.output += text));
    this.exited = new Promise((resolve) => {
      child.on("error", () => resolve(null));
      child.on("close", resolve);
    });
  }

  static async start(folder: string, scenario: string, options: SippOptions): Promise<Sipp> {
    const port = await freePorts();
    const home = path.join(folder, `${scenario}-${port}`);
    mkdirSync(home);
    const child = spawn("sipp", commandLine(scenario, port, options), {
      cwd: home,
      env: { ...process.env, HOME: home, TERM: "dumb" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new Sipp(scenario, port, home, child);
  }

  /** Where it is called. */
  get uri(): string {
    return `sip:sipp@127.0.0.1:${this.port}`;
  }

  /** Resolves when all its calls went through; otherwise rejects with all that it knows. */
  async passed(): Promise<void> {
    const code = await this.exited;
    if (code !== 0) throw new Error(`SIPp, ${this.scenario}: exit ${code}\n${this.told()}`);
  }

  /** Every message in order. */
  messages(): Logged[] {
    return [...this.read("messages.log").matchAll(LOGGED)].map(([, date, time, direction, text]) => ({
      direction: direction as Logged["direction"],
      at: Date.parse(`${date}T${time}Z`),
      text: text ?? "",
    }));
  }

  /** Those whose first line matches, as they came or went. */
  seen(direction: Logged["direction"], startLine: RegExp): Logged[] {
    return this.messages().filter(
      (message) => message.direction === direction && startLine.test(message.text.split("\r\n", 1)[0] ?? ""),
    );
  }

  /** How many packets it threw away, as `-lost` asks. */
  get lost(): number {
    return this.read("messages.log").match(/message (voluntary )?lost/g)?.length ?? 0;
  }

  async end(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.exited;
  }

  told(): string {
    const screen = this.output.split(/-{10,} Scenario Screen/).at(-1) ?? "";
    return [this.read("errors.log"), screen, this.read("messages.log").slice(-6000)].join("\n----\n");
  }

  private read(name: string): string {
    const file = path.join(this.folder, name);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }
}

const LOGGED =
  /^-{20,} (\S+) (\d\d:\d\d:\d\d\.\d{3})\d*\n\w+ message (sent|received) [[(]\d+[\])]? bytes[^\n]*:\n\n([^]*?)(?=\n-{20,} |$(?![^]))/gm;

function commandLine(scenario: string, port: number, options: SippOptions): string[] {
  const { target, calls = 1, seconds, words = [] } = options;
  return [
    ...["-sf", path.join(SCENARIOS, `${scenario}.xml`)],
    ...["-i", "127.0.0.1", "-p", `${port}`, "-mp", `${port + 2}`, "-cp", `${port + 8}`],
    ...["-m", `${calls}`, "-timeout", `${seconds}s`, "-timeout_error", "-nostdin"],
    ...["-trace_msg", "-message_file", "messages.log", "-trace_err", "-error_file", "errors.log"],
    ...words,
    ...(target === undefined ? [] : [target]),
  ];
}
