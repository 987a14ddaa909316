// The state file (docs/state.md): everything that the module knows, as text lines and a body, for the next start.

import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import type { Snapshot } from "./module.js";

const VERSION = "ringlet-state 1";
const PAGE_BYTES = 4096;
const GLOBAL_BYTES = 8;
/** Of a run: the page's number and its bytes. */
const RUN_BYTES = 4 + PAGE_BYTES;
const PAGES_PER_GROWTH = 16;
/** Only whoever runs the phone may read it. */
const MODE = 0o600;

/** A place in memory where a password stood. */
export interface SecretPlace {
  offset: number;
  length: number;
  key: string;
}

export interface SavedState {
  /** Hashes of the module, and of what it was provisioned with. */
  module: string;
  settings: string;
  /** Milliseconds: Unix time; a clock of the machine since the boot `boot`; the module's. */
  wall: number;
  boot: string;
  clock: number;
  now: number;
  /** Passwords in it are overwritten. */
  snapshot: Snapshot;
  secrets: SecretPlace[];
}

/** Why a file is of no use. */
export class UnusableState extends Error {}

// ---- writing ----

/** In place of the old one, or not at all. Throws what the file system says. */
export function storeState(file: string, state: SavedState): void {
  const whole = encodeState(state);
  const descriptor = openSync(`${file}.tmp`, "w", MODE);
  try {
    for (let at = 0; at < whole.length;) at += writeSync(descriptor, whole, at);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(`${file}.tmp`, file);
}

export function encodeState(state: SavedState): Buffer {
  const { snapshot, secrets } = state;
  const body = Buffer.concat([globalsOf(snapshot.globals), ...runsOf(snapshot.memory)]);
  const head = [
    VERSION,
    `module ${state.module}`,
    `settings ${state.settings}`,
    `wall ${state.wall}`,
    `boot ${state.boot}`,
    `clock ${state.clock}`,
    `now ${state.now}`,
    `memory ${snapshot.memory.length}`,
    `globals ${snapshot.globals.length}`,
    `secrets ${secrets.length}`,
    ...secrets.map(({ offset, length, key }) => `${offset} ${length} ${key}`),
    `size ${body.length}`,
    "",
  ].join("\n");
  return Buffer.concat([Buffer.from(`${head}sha256 ${hashOf(head, body)}\n\n`, "latin1"), body]);
}

function globalsOf(globals: (number | bigint)[]): Buffer {
  const bytes = Buffer.alloc(globals.length * GLOBAL_BYTES);
  globals.forEach((value, i) => bytes.writeBigInt64LE(BigInt(value), i * GLOBAL_BYTES));
  return bytes;
}

function runsOf(memory: Uint8Array): Buffer[] {
  const runs: Buffer[] = [];
  const zeros = Buffer.alloc(PAGE_BYTES);
  for (let page = 0; page * PAGE_BYTES < memory.length; page++) {
    const bytes = memory.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
    if (zeros.equals(bytes)) continue;
    const number = Buffer.alloc(4);
    number.writeUInt32LE(page);
    runs.push(number, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  }
  return runs;
}

function hashOf(head: string, body: Uint8Array): string {
  return createHash("sha256").update(head, "latin1").update(body).digest("hex");
}

// ---- reading ----

/** Throws UnusableState with the reason. */
export function decodeState(whole: Buffer): SavedState {
  const lines = new HeadLines(whole);
  if (lines.next() !== VERSION) throw new UnusableState("it is of another version, or no state file");
  const state = {
    module: lines.word("module"),
    settings: lines.word("settings"),
    wall: lines.number("wall"),
    boot: lines.word("boot"),
    clock: lines.number("clock"),
    now: lines.number("now"),
  };
  const bytes = lines.number("memory");
  const globals = lines.number("globals");
  const count = lines.number("secrets");
  const secrets: SecretPlace[] = [];
  while (secrets.length < count) secrets.push(lines.secret(bytes));
  const size = lines.number("size");
  const head = lines.taken;
  const sum = lines.word("sha256");
  if (lines.next() !== "") throw damaged();
  const body = whole.subarray(lines.taken.length);
  if (body.length !== size || hashOf(head, body) !== sum) throw damaged();
  return { ...state, secrets, snapshot: readBody(body, bytes, globals) };
}

function damaged(): UnusableState {
  return new UnusableState("it is damaged");
}

/** The lines before the body, one after the other. */
class HeadLines {
  private at = 0;

  constructor(private readonly whole: Buffer) {}

  next(): string {
    const end = this.whole.indexOf("\n", this.at);
    if (end < 0) throw damaged();
    const line = this.whole.toString("latin1", this.at, end);
    this.at = end + 1;
    return line;
  }

  /** Everything up to here. */
  get taken(): string {
    return this.whole.toString("latin1", 0, this.at);
  }

  word(name: string): string {
    const line = this.next();
    if (!line.startsWith(`${name} `)) throw damaged();
    return line.slice(name.length + 1);
  }

  number(name: string): number {
    const word = this.word(name);
    const value = Number(word);
    if (word === "" || !Number.isFinite(value) || value < 0) throw damaged();
    return value;
  }

  secret(memoryBytes: number): SecretPlace {
    const [offset, length, key] = this.next().split(" ");
    const place = { offset: Number(offset), length: Number(length), key: key ?? "" };
    if (!(place.offset >= 0 && place.length > 0 && place.offset + place.length <= memoryBytes))
      throw damaged();
    return place;
  }
}

function readBody(body: Buffer, memoryBytes: number, count: number): Snapshot {
  const runs = body.subarray(count * GLOBAL_BYTES);
  if (runs.length % RUN_BYTES !== 0 || memoryBytes % (PAGE_BYTES * PAGES_PER_GROWTH) !== 0) throw damaged();
  const memory = new Uint8Array(memoryBytes);
  for (let at = 0; at < runs.length; at += RUN_BYTES) {
    const place = runs.readUInt32LE(at) * PAGE_BYTES;
    if (place + PAGE_BYTES > memoryBytes) throw damaged();
    memory.set(runs.subarray(at + 4, at + RUN_BYTES), place);
  }
  const globals = Array.from({ length: count }, (_, i) => body.readBigInt64LE(i * GLOBAL_BYTES));
  return { memory, globals };
}
