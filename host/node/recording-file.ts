// A recording as it is read from its file: the head, the state that it starts from, and the calls in order.

import { CALLS } from "./recording-lines.js";
import { DamagedLine, readQuoted, readWords, type Word } from "./recording-words.js";
import { FORMAT, MEMORY_PAGE_BYTES, RECORDED_PAGE_BYTES } from "./recording.js";
import type { Snapshot } from "./module.js";

/** One call, with what it answered and said when it was recorded. */
export interface RecordedCall {
  /** Number of its line in the file. */
  line: number;
  name: string;
  /** In the order of the ABI, the lengths of the pieces among them. */
  words: number[];
  pieces: Buffer[];
  /** Lines as they are compared: `= ...`, then `out ...`. */
  expected: string[];
}

export interface Recording {
  /** SHA-256 of the module that it was made with. */
  hash: string;
  notes: string[];
  state: Snapshot | null;
  calls: RecordedCall[];
}

/** Not to be used, with the reason. */
export class UnusableRecording extends Error {}

const MOST_PAGES = 1024;

/** Reads the text of a file. Throws UnusableRecording with the number of the line that is damaged. */
export function readRecording(text: string): Recording {
  const lines = text.split("\n");
  if (text === "") throw new UnusableRecording("line 1: this is no recording");
  if (lines.pop() !== "") throw new UnusableRecording(`line ${lines.length + 1}: the last line is cut`);
  const reader = new Reader();
  lines.forEach((line, i) => {
    try {
      reader.take(line, i + 1);
    } catch (error) {
      if (error instanceof DamagedLine) throw new UnusableRecording(`line ${i + 1}: ${error.message}`);
      throw error;
    }
  });
  return reader.end(lines.length);
}

class Reader {
  private readonly recording: Recording = { hash: "", notes: [], state: null, calls: [] };
  private globals = 0;

  take(line: string, number: number): void {
    if (number === 1) return this.head(line);
    const word = line.slice(0, line.indexOf(" ") < 0 ? line.length : line.indexOf(" "));
    switch (word) {
      case "note":
        this.recording.notes.push(readNote(line));
        return;
      case "state":
        return this.beginState(line);
      case "g":
        return this.global(line);
      case "p":
        return this.page(line);
      case "in":
        return this.call(line, number);
      case "=":
      case "out":
        return this.answer(line, word === "=");
      default:
        throw new DamagedLine(`"${line.slice(0, 40)}" begins no line of a recording`);
    }
  }

  end(lines: number): Recording {
    const { state, calls } = this.recording;
    if (state && state.globals.length !== this.globals)
      throw new UnusableRecording(`line ${lines}: ${state.globals.length} of ${this.globals} globals`);
    const cut = calls.find((call) => call.expected.length === 0);
    if (cut) throw new UnusableRecording(`line ${cut.line}: the call has no result`);
    if (calls.length === 0) throw new UnusableRecording(`line ${lines}: there is no call in it`);
    return this.recording;
  }

  private head(line: string): void {
    const found = /^ringlet-recording (\d+) ([0-9a-f]{64})$/.exec(line);
    if (!found) throw new DamagedLine("this is no recording");
    if (!line.startsWith(`${FORMAT} `)) throw new DamagedLine(`version ${found[1]} is not known here`);
    this.recording.hash = found[2] ?? "";
  }

  private beginState(line: string): void {
    const found = /^state (\d{1,6}) (\d{1,6})$/.exec(line);
    const pages = Number(found?.[2]);
    if (!found || pages > MOST_PAGES) throw new DamagedLine("state needs GLOBALS PAGES");
    if (this.recording.state || this.recording.calls.length > 0)
      throw new DamagedLine("state stands once, before the first call");
    this.globals = Number(found[1]);
    this.recording.state = { memory: new Uint8Array(pages * MEMORY_PAGE_BYTES), globals: [] };
  }

  /** A global of 64 bits wants a BigInt, and one of 32 a number: which it is, the module knows (adopt). */
  private global(line: string): void {
    const found = /^g (\d{1,6}) (-?\d{1,19})$/.exec(line);
    const { state } = this.recording;
    if (!found || !state || Number(found[1]) !== state.globals.length)
      throw new DamagedLine("g needs INDEX DECIMAL, in order, behind state");
    state.globals.push(BigInt(found[2] ?? 0));
  }

  private page(line: string): void {
    const found = /^p (\d{1,6}) (".*")$/.exec(line);
    const { state } = this.recording;
    const bytes = found ? readQuoted(found[2] ?? "") : null;
    const at = Number(found?.[1]) * RECORDED_PAGE_BYTES;
    if (!state || !bytes || bytes.length > RECORDED_PAGE_BYTES || at + bytes.length > state.memory.length)
      throw new DamagedLine(`p needs PAGE "bytes" of the memory, behind state`);
    state.memory.set(bytes, at);
  }

  private call(line: string, number: number): void {
    const name = /^in (\S+)/.exec(line)?.[1] ?? "";
    const kinds = CALLS[name];
    if (kinds === undefined) throw new DamagedLine(`there is no call "${name}"`);
    const given = readWords(line, `in ${name} `.length);
    if (given.map(kindOf).join("") !== kinds) throw new DamagedLine(`these are not the words of ${name}`);
    const pieces = given.flatMap((word) => ("bytes" in word ? [word.bytes] : []));
    this.recording.calls.push({ line: number, name, words: given.map(numberOf), pieces, expected: [] });
  }

  private answer(line: string, isResult: boolean): void {
    const call = this.recording.calls.at(-1);
    if (!call || isResult !== (call.expected.length === 0))
      throw new DamagedLine(`out of order: in, then =, then out`);
    if (isResult && !/^= (-?\d{1,10}|trapped)$/.test(line)) throw new DamagedLine("= needs a number");
    call.expected.push(line);
  }
}

function readNote(line: string): string {
  const [word, ...more] = readWords(line, "note ".length);
  if (!word || !("bytes" in word) || more.length > 0) throw new DamagedLine("note needs words in quotes");
  return word.bytes.toString("utf8");
}

function kindOf(word: Word): string {
  if ("bytes" in word) return "p";
  return "time" in word ? "t" : "n";
}

function numberOf(word: Word): number {
  if ("bytes" in word) return word.bytes.length;
  return "time" in word ? word.time : word.number;
}
