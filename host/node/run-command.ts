// `ringlet run`: a phone that takes commands on standard input and prints events on standard output.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { CommandError, obey } from "./commands.js";
import { type ConfigFile, type Event, EventKind, Phone, StartError } from "./phone.js";
import { jsonLine, readableLine } from "./print.js";
import { jsonTrace, readableTrace } from "./trace.js";

export interface RunOptions {
  configs: string[];
  nameServers: string[];
  bind: string | undefined;
  model: string | undefined;
  isJson: boolean;
  isTraced: boolean;
  rollback: "auto" | "on" | "off";
  state: string | undefined;
  mediaSurvived: boolean;
  /** Where the recording is to be written; "" for nowhere. */
  record: string;
  hidesNumbers: boolean;
}

/** After the phone has gone, this long for what is still on its way to standard output. */
const LINGER_MS = 500;

export async function run(options: RunOptions): Promise<void> {
  const show = (event: Event) => console.log(options.isJson ? jsonLine(event) : readableLine(event));
  try {
    const phone = open(options);
    phone.on("event", show);
    phone.on("refused", (why) => console.error(`ringlet: ${why}`));
    if (options.isTraced) trace(phone, options.isJson);
    if (options.record !== "") record(phone, options.record);
    await phone.start();
    obeyUntilQuit(phone, show, () => write(phone, options.record));
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.error(`ringlet: ${error.message}`);
    process.exitCode = 1;
  }
}

function open({ configs, nameServers, bind, model, state, ...rest }: RunOptions): Phone {
  return new Phone({
    configs: configs.map((name) => read(name, name)),
    // Paths in the files mean the same wherever the phone is started from.
    folder: path.dirname(configs[0] ?? "."),
    nameServers,
    isRecorded: rest.record !== "",
    hidesNumbers: rest.hidesNumbers,
    readIncluded: (target, boot) => read(target, path.resolve(path.dirname(boot.name), target)),
    ...(bind === undefined ? {} : { bind }),
    ...(model === undefined ? {} : { model }),
    ...(state === undefined ? {} : { state }),
    rollback: rest.rollback,
    mediaSurvived: rest.mediaSurvived,
  });
}

function read(name: string, file: string): ConfigFile {
  try {
    return { name, text: readFileSync(file) };
  } catch (error) {
    throw new StartError(`${name}: ${(error as Error).message}`);
  }
}

function trace(phone: Phone, isJson: boolean): void {
  const line = isJson ? jsonTrace : readableTrace;
  phone.on("trace", (traced) => console.log(line(traced, new Date())));
}

/** The file is written at the end; on SIGUSR2; and beside it, once for each fault, when there was one. */
function record(phone: Phone, file: string): void {
  process.on("SIGUSR2", () => write(phone, file));
  phone.on("event", (event) => {
    // The fault is still being told: what it led to comes first.
    if (event.event === EventKind.Fault) setImmediate(() => write(phone, `${file}.fault`));
  });
}

/** In place of the old one, or not at all. Nobody but the owner reads it: it tells whom the phone talked to. */
function write(phone: Phone, file: string): void {
  if (file === "") return;
  try {
    writeFileSync(`${file}.tmp`, phone.recording(), { mode: 0o600 });
    renameSync(`${file}.tmp`, file);
  } catch (error) {
    console.error(`ringlet: ${file}: ${(error as Error).message}`);
  }
}

/** End of input is no reason to go: a phone that only takes calls has none. */
function obeyUntilQuit(phone: Phone, show: (event: Event) => void, end: () => void): void {
  const input = createInterface({ input: process.stdin });
  const quit = once(async () => {
    input.close();
    process.stdin.destroy();
    await phone.close();
    end();
    process.exitCode = 0;
    setTimeout(() => process.exit(), LINGER_MS).unref();
  });
  input.on("line", (line) => {
    if (line.trim() === "quit") quit();
    else complain(() => obey(phone, line, show));
  });
  process.on("SIGINT", quit);
  process.on("SIGTERM", quit);
  // Whoever read the events has gone.
  process.stdout.on("error", quit);
}

function complain(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.error(`ringlet: ${error.message}`);
  }
}

function once(work: () => Promise<void>): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    void work();
  };
}
