// The program `ringlet` as a child: lines in, lines out. With RINGLET_HOST it is that program instead of the Node host, behind the words
// of RINGLET_HOST_PREFIX if there are any (such as "qemu-arm-static").

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after } from "node:test";
import { createInterface } from "node:readline";
import { ROOT } from "./files.js";
import { Waiting } from "./waiting.js";

/** One line of `--json`. */
export interface Line {
  event: string;
  call?: number;
  [field: string]: unknown;
}

const TIMEOUT_MS = 20_000;

/** Straight to the compiled command line: a test never builds. */
const ENTRY = `import(${JSON.stringify(new URL("../../host/node/command-line.js", import.meta.url).href)}).then((m) => m.main(process.argv.slice(1)))`;

const HOST = process.env["RINGLET_HOST"];

/** Whether the tests run against the Node host; another one has no inside that a test could look into. */
export const IS_NODE_HOST = HOST === undefined;

/** The words that start the Node host, whatever the tests run against. */
export const NODE_COMMAND = [process.execPath, "--input-type=module", "--eval", ENTRY, "--"];

/** The words that start the program. */
function command(): string[] {
  if (HOST === undefined) return NODE_COMMAND;
  const prefix = (process.env["RINGLET_HOST_PREFIX"] ?? "").split(" ").filter(Boolean);
  return [...prefix, path.resolve(ROOT, HOST)];
}

/** A test that fails leaves its programs behind. */
const running = new Set<Program>();
after(() => Promise.all([...running].map((program) => program.end())));

export class Program {
  readonly lines: Line[] = [];
  output = "";
  errors = "";
  /** Resolves with the exit code. */
  readonly exited: Promise<number | null>;

  private readonly child: ChildProcessWithoutNullStreams;
  private readonly waiting = new Waiting(() => this.told());
  private taken = 0;

  constructor(...words: string[]) {
    const [program = "", ...rest] = [...this.command(), ...words];
    this.child = spawn(program, rest, { cwd: ROOT });
    // One that has ended is told of by its exit.
    this.child.stdin.on("error", () => {});
    createInterface({ input: this.child.stdout }).on("line", (line) => this.take(line));
    createInterface({ input: this.child.stderr }).on("line", (line) => this.complain(line));
    this.exited = new Promise((resolve) => this.child.on("close", resolve));
    running.add(this);
    void this.exited.then(() => {
      running.delete(this);
      this.waiting.wake();
    });
  }

  /** The words that start it. */
  protected command(): string[] {
    return command();
  }

  /** A command on standard input. */
  type(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  endInput(): void {
    this.child.stdin.end();
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** The next event of this name that was not yet waited for; those before it are passed over. */
  async event(name: string, timeoutMs = TIMEOUT_MS): Promise<Line> {
    let found: Line | undefined;
    await this.until(`event ${name}`, timeoutMs, () => {
      while (!found && this.taken < this.lines.length) {
        const line = this.lines[this.taken++];
        if (line?.event === name) found = line;
      }
      return found !== undefined;
    });
    return found as Line;
  }

  /** Waits until standard error says it. */
  async error(pattern: RegExp): Promise<void> {
    await this.until(`error ${pattern}`, TIMEOUT_MS, () => pattern.test(this.errors));
    this.errors = this.errors.replace(pattern, "");
  }

  /** Waits until standard output says it. */
  async text(pattern: RegExp): Promise<void> {
    await this.until(`text ${pattern}`, TIMEOUT_MS, () => pattern.test(this.output));
  }

  /** Ends the program whatever it does; for the end of a test. */
  async end(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.exited;
  }

  private take(line: string): void {
    this.output += `${line}\n`;
    if (line.startsWith("{")) this.lines.push(JSON.parse(line) as Line);
    this.waiting.wake();
  }

  private complain(line: string): void {
    this.errors += `${line}\n`;
    this.waiting.wake();
  }

  private until(what: string, timeoutMs: number, isTrue: () => boolean): Promise<void> {
    return this.waiting.until(what, timeoutMs, isTrue, () => this.child.exitCode !== null);
  }

  told(): string {
    return `---- stdout\n${this.output}---- stderr\n${this.errors}`;
  }
}

/** The class of programs that these words start. */
export function programOf(words: string[]): typeof Program {
  return class extends Program {
    protected override command(): string[] {
      return words;
    }
  };
}

/** A folder of its own with these files; `remove` it at the end. */
export function folderOf(files: Record<string, string | Uint8Array>): {
  path: (name: string) => string;
  remove: () => void;
} {
  const folder = mkdtempSync(path.join(tmpdir(), "ringlet-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return {
    path: (name) => path.join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
