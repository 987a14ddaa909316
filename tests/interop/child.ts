// Another program as a child: its words, its end, and its own scratch folder as HOME.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { Waiting } from "../support/waiting.js";

const TIMEOUT_MS = 10_000;
/** Debian's folder for the machine that this is. */
const MACHINE = process.arch === "arm64" ? "aarch64" : "x86_64";
const KAMAILIO_MODULES = `/usr/lib/${MACHINE}-linux-gnu/kamailio/modules`;

export class Child {
  /** Both standard output and standard error. */
  output = "";
  readonly exited: Promise<number | null>;

  private readonly child: ChildProcess;
  private readonly waiting = new Waiting(() => this.told());
  private isRunning = true;

  constructor(
    readonly program: string,
    words: readonly string[],
    home: string,
  ) {
    mkdirSync(home, { recursive: true });
    // A group of its own: a server that was killed must not leave its workers behind.
    this.child = spawn(program, words, {
      cwd: home,
      env: { ...process.env, HOME: home, TERM: "dumb" },
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    this.child.stdout?.on("data", (text) => this.take(text));
    this.child.stderr?.on("data", (text) => this.take(text));
    this.child.stdin?.on("error", () => {});
    this.exited = new Promise((resolve) => {
      this.child.on("error", (error) => {
        this.take(String(error));
        resolve(null);
      });
      this.child.on("close", resolve);
    });
    void this.exited.then(() => {
      this.isRunning = false;
      this.waiting.wake();
    });
    process.once("exit", this.kill);
  }

  /** A line on its standard input. */
  type(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  /** Waits until it has said this after the first `from` characters; answers what matched. */
  async says(pattern: RegExp, timeoutMs = TIMEOUT_MS, from = 0): Promise<RegExpExecArray> {
    let found: RegExpExecArray | null = null;
    const isSaid = () => (found = pattern.exec(this.output.slice(from))) !== null;
    await this.waiting.until(`${pattern}`, timeoutMs, isSaid, () => !this.isRunning);
    return found as unknown as RegExpExecArray;
  }

  /** At once, whatever it does: as if its power had failed. */
  async end(): Promise<void> {
    this.kill();
    await this.exited;
    process.off("exit", this.kill);
  }

  told(): string {
    return `---- ${this.program}\n${this.output.slice(-6000)}`;
  }

  private readonly kill = (): void => {
    if (!this.isRunning || this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, "SIGKILL");
    } catch {
      // It has just ended by itself.
    }
  };

  private take(text: unknown): void {
    this.output += String(text);
    this.waiting.wake();
  }
}

/** The program, once it is ready; one that does not get ready is ended. */
export async function whenReady<T extends { end(): Promise<void> }>(
  program: T,
  ready: Promise<unknown>,
): Promise<T> {
  try {
    await ready;
    return program;
  } catch (error) {
    await program.end();
    throw error;
  }
}

/** Whether there is such a program in the path, or in the folder for servers, which not every path has; or such a module of Kamailio. */
export function isInstalled(program: string): boolean {
  return pathOf(program) !== undefined;
}

export function pathOf(program: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(path.delimiter), "/usr/sbin", KAMAILIO_MODULES];
  return folders.map((folder) => path.join(folder, program)).find((file) => existsSync(file));
}
