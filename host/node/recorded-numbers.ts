// The numbers in the lines of a recording (numbers.ts): only what stands in quotes is touched, and not what was never said by people.

import { Numbers } from "./numbers.js";
import { quoted, readQuoted } from "./recording-words.js";

const QUOTED = /"(?:[^"\\]|\\.)*"/g;
/** Entropy, and lifetimes of names. */
const UNTOUCHED = /^in sip_(init|seed|resolved) |^note /;
const SETTING = /^(?:in sip_set|out value) /;
const STREAM = /^in sip_receive (-?\d+) "" /;

export class RecordedNumbers {
  private readonly numbers = new Numbers();

  learn(line: string): void {
    if (UNTOUCHED.test(line)) return;
    const texts = textsOf(line);
    const [first = "", second = ""] = texts;
    if (line.startsWith("in sip_call ")) this.numbers.learnDialled(first);
    if (SETTING.test(line)) this.numbers.learnSetting(first, second);
    for (const text of texts) this.numbers.learn(text);
  }

  /** Memory itself. */
  hideIn(memory: Uint8Array): void {
    this.numbers.hideIn(memory);
  }

  /** Learns from memory as it is. */
  learnFrom(memory: Uint8Array): void {
    this.numbers.learn(Buffer.from(memory.buffer, memory.byteOffset, memory.byteLength).toString("latin1"));
  }

  /** The lines with other numbers. What connections bring is cut anywhere, and so looked at as a whole. */
  hidden(lines: string[]): string[] {
    const streams = this.streams(lines);
    return lines.map((line) => {
      if (UNTOUCHED.test(line)) return line;
      const stream = streams.get(STREAM.exec(line)?.[1] ?? "");
      if (stream) return replaceLast(line, stream.shift() ?? "");
      if (SETTING.test(line)) return this.hiddenSetting(line);
      return line.replace(QUOTED, (word) => written(this.numbers.hide(textOf(word))));
    });
  }

  private hiddenSetting(line: string): string {
    const [key = "", value = ""] = textsOf(line);
    return replaceLast(line, this.numbers.hideSetting(key, value));
  }

  /** By flow: what it brought, part by part, with other numbers. */
  private streams(lines: string[]): Map<string, string[]> {
    const streams = new Map<string, string[]>();
    for (const line of lines) {
      const flow = STREAM.exec(line)?.[1];
      if (flow !== undefined) streams.set(flow, [...(streams.get(flow) ?? []), textsOf(line)[1] ?? ""]);
    }
    for (const [flow, parts] of streams) {
      const whole = parts.join("");
      this.numbers.learn(whole);
      const hidden = this.numbers.hide(whole);
      let at = 0;
      streams.set(
        flow,
        parts.map(({ length }) => hidden.slice(at, (at += length))),
      );
    }
    return streams;
  }
}

function textsOf(line: string): string[] {
  return (line.match(QUOTED) ?? []).map(textOf);
}

function textOf(word: string): string {
  return readQuoted(word).toString("latin1");
}

function written(text: string): string {
  return quoted(Buffer.from(text, "latin1"));
}

/** `line` with `text` in the place of its last words in quotes. */
function replaceLast(line: string, text: string): string {
  const last = [...line.matchAll(QUOTED)].at(-1);
  return last
    ? `${line.slice(0, last.index)}${written(text)}` + line.slice((last.index ?? 0) + last[0].length)
    : line;
}
