// A recording: what went into a module and what it said, as lines of text (docs/recording.md).
//
// It keeps two segments. The first begins with the life of the module, every later one with a snapshot; when a new
// one begins the one before the last is forgotten. Fresh entropy is mixed in before each snapshot and behind
// each file, so that a file tells nothing about the names that the module draws before and after it.

import { createHash, randomBytes } from "node:crypto";
import type { Observer, RingletModule, Snapshot } from "./module.js";
import { hideMediaKeys } from "./media-keys.js";
import { Passwords } from "./passwords.js";
import { RecordedNumbers } from "./recorded-numbers.js";
import { inputLine, recordLine, type RecordLine, resultLine } from "./recording-lines.js";
import { quoted } from "./recording-words.js";
import { StreamMask } from "./stream-mask.js";

export const FORMAT = "ringlet-recording 1";

/** Zeros at the end of a page are not written, nor pages of zeros. */
export const RECORDED_PAGE_BYTES = 4096;

/** Memory is counted in these. */
export const MEMORY_PAGE_BYTES = 65_536;

const DEFAULT_LIMIT_BYTES = 4 << 20;
const ENTROPY_BYTES = 32;
const STAR = 0x2a;

export interface RecorderOptions {
  /** SHA-256 of the module's file, in hex. */
  hash: string;
  /** Words for people, one line each, at the head of every file. */
  notes?: string[];
  /** Bytes of text that are kept; beyond it the older half is forgotten. */
  limit?: number;
  /** Telephone numbers are replaced by others of the same length in every file. */
  hidesNumbers?: boolean;
}

interface Segment {
  start: Snapshot | null;
  lines: string[];
  bytes: number;
}

/** A call whose end has not been seen. */
interface Pending {
  /** A tick that has trapped: the call that follows belongs to it. */
  isTrappedTick: boolean;
  lines: string[];
  records: RecordLine[];
}

export class Recorder implements Observer {
  private older: Segment | null = null;
  private newer: Segment = { start: null, lines: [], bytes: 0 };
  private pending: Pending | null = null;
  private readonly passwords = new Passwords();
  private readonly streams: StreamMask;
  private readonly numbers: RecordedNumbers | null;
  private isMixing = false;

  /** Begins now. Unless the module is new it has been living, and the first segment begins with a snapshot too. */
  constructor(
    private readonly module: RingletModule,
    private readonly options: RecorderOptions,
    isNew = true,
  ) {
    this.streams = new StreamMask(module);
    this.numbers = options.hidesNumbers ? new RecordedNumbers() : null;
    if (!isNew) {
      module.seed(randomBytes(ENTROPY_BYTES));
      this.newer.start = module.snapshot();
    }
    module.observer = this;
  }

  /** Has the recorder know the passwords of a file that was provisioned before it began. */
  learn(file: Uint8Array): void {
    this.passwords.hideInFile(file);
  }

  /** The file, as it is now; the recording goes on. */
  text(): string {
    this.finishCall();
    const segments = this.older ? [this.older, this.newer] : [this.newer];
    // First the state: numbers that only memory tells of are in the lines, too.
    const head = [`${FORMAT} ${this.options.hash}`, ...(this.options.notes ?? []).map(noteLine)];
    const state = segments[0]?.start ? this.stateLines(segments[0].start) : [];
    const lines = segments.flatMap((segment) => segment.lines);
    const shown = this.numbers?.hidden(lines) ?? lines;
    this.mix();
    return `${[...head, ...state, ...shown].join("\n")}\n`;
  }

  /** No more. */
  end(): void {
    if (this.module.observer === this) this.module.observer = null;
  }

  // ---- what it sees ----

  calling(name: string, words: number[], pieces: Uint8Array[]): void {
    if (name === "sip_end_due" && this.pending?.isTrappedTick) return;
    this.finishCall();
    const line = inputLine(name, words, this.shown(name, words, pieces));
    this.pending = { isTrappedTick: false, lines: [line], records: [] };
  }

  answered(result: number | null): void {
    const { pending } = this;
    if (!pending || pending.isTrappedTick) return;
    pending.lines.push(resultLine(result));
    pending.isTrappedTick = result === null && pending.lines[0]?.startsWith("in sip_tick ") === true;
  }

  said(memory: ArrayBuffer, address: number): void {
    const line = recordLine(memory, address);
    if (line) this.pending?.records.push(line);
  }

  drained(): void {
    this.finishCall();
    const most = Math.max((this.options.limit ?? DEFAULT_LIMIT_BYTES) / 2, 1);
    if (this.newer.bytes > most && !this.isMixing) this.beginSegment();
  }

  /** What was recorded before does not lead there. */
  adopted(): void {
    this.pending = null;
    this.beginSegment();
    this.older = null;
  }

  // ---- segments ----

  private beginSegment(): void {
    this.mix();
    this.older = this.newer;
    this.newer = { start: this.module.snapshot(), lines: [], bytes: 0 };
  }

  /** The seed is an input like others: a file that goes on behind it needs it, and no other holds it. */
  private mix(): void {
    this.isMixing = true;
    this.module.seed(randomBytes(ENTROPY_BYTES));
    this.module.drain();
    this.isMixing = false;
  }

  private finishCall(): void {
    const { pending } = this;
    this.pending = null;
    if (!pending) return;
    for (const line of pending.lines) this.push(line);
    for (const record of pending.records) this.push(shownRecord(this.module, record, this.passwords));
  }

  private push(line: string): void {
    this.numbers?.learn(line);
    this.newer.lines.push(line);
    this.newer.bytes += line.length + 1;
  }

  private stateLines({ memory, globals }: Snapshot): string[] {
    const shown = memory.slice();
    this.passwords.hideIn(shown);
    hideMediaKeys(shown);
    this.numbers?.learnFrom(shown);
    this.numbers?.hideIn(shown);
    return stateLines({ memory: shown, globals });
  }

  // ---- secrets ----

  private shown(name: string, words: number[], pieces: Uint8Array[]): Uint8Array[] {
    const [first = NOTHING, second = NOTHING] = pieces;
    if (name === "sip_init" || name === "sip_seed") return [withoutKeys(first)];
    if (name === "sip_provision") return [this.passwords.hideInFile(first)];
    if (name === "sip_set") return [first, this.passwords.hideValue(first, second)];
    if (name === "sip_judge") return [this.module.mask(first).shown];
    if (name === "sip_flow_closed") this.streams.forget(words[0] ?? 0);
    if (name !== "sip_receive") return pieces;
    const isStream = first.length === 0;
    return [first, isStream ? this.streams.shown(words[0] ?? 0, second) : this.module.mask(second).shown];
  }
}

const NOTHING = new Uint8Array(0);

/** Entropy without that of which keys of media come. */
function withoutKeys(entropy: Uint8Array): Uint8Array {
  return entropy.slice().fill(STAR, ENTROPY_BYTES);
}

/** The line of a record without secrets: messages as the module masks them, passwords of settings overwritten. */
export function shownRecord(
  module: RingletModule,
  { text, message, file }: RecordLine,
  passwords: Passwords,
): string {
  if (message) return `${text} ${quoted(module.mask(message).shown)}`;
  if (!file) return text;
  // `out value "account.1.password" "..."`: before the start it is told.
  const shown = passwords.hideValue(Buffer.from(text), file);
  return `${text} ${quoted(shown === file ? passwords.hideInFile(file) : shown)}`;
}

export function noteLine(words: string): string {
  return `note ${quoted(Buffer.from(words, "utf8"))}`;
}

export function hashOf(module: Uint8Array): string {
  return createHash("sha256").update(module).digest("hex");
}

function stateLines({ memory, globals }: Snapshot): string[] {
  const lines = [`state ${globals.length} ${memory.length / MEMORY_PAGE_BYTES}`];
  globals.forEach((value, i) => lines.push(`g ${i} ${value}`));
  for (let page = 0; page * RECORDED_PAGE_BYTES < memory.length; page++) {
    const bytes = memory.subarray(page * RECORDED_PAGE_BYTES, (page + 1) * RECORDED_PAGE_BYTES);
    const size = sizeWithoutZeros(bytes);
    if (size > 0) lines.push(`p ${page} ${quoted(bytes.subarray(0, size))}`);
  }
  return lines;
}

function sizeWithoutZeros(bytes: Uint8Array): number {
  let size = bytes.length;
  while (size > 0 && bytes[size - 1] === 0) size--;
  return size;
}
