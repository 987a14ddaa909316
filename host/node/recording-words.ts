// The words of a recording's lines (docs/recording.md): numbers as they are, bytes in quotes, times behind an `@`.

/** A word as it was read: an i32, bytes, or a time. */
export type Word = { number: number } | { bytes: Buffer } | { time: number };

/** A line that is none; the message says why. */
export class DamagedLine extends Error {}

const ESCAPES: Record<number, string> = { 9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\" };
const QUOTED = Array.from({ length: 256 }, (_, byte) => quotedByte(byte));
const UNQUOTED: Record<string, number> = { t: 9, n: 10, r: 13, '"': 34, "\\": 92 };

function quotedByte(byte: number): string {
  const isPrintable = byte >= 0x20 && byte < 0x7f;
  const plain = isPrintable ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
  return ESCAPES[byte] ?? plain;
}

/** Printable ASCII as it is, `\\ \" \r \n \t`, other bytes as `\xHH`; without the quotes. */
export function escaped(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += QUOTED[byte] ?? "";
  return text;
}

export function quoted(bytes: Uint8Array): string {
  return `"${escaped(bytes)}"`;
}

/** The shortest decimal that gives the same f64. */
export function timeWord(time: number): string {
  return `@${time}`;
}

/** The words of `line` from `from` on. Throws DamagedLine. */
export function readWords(line: string, from: number): Word[] {
  const words: Word[] = [];
  for (let at = from; at < line.length;) {
    const stop = line[at] === '"' ? endOfQuoted(line, at) : endOfWord(line, at);
    words.push(readWord(line.slice(at, stop)));
    if (stop < line.length && line[stop] !== " ") throw new DamagedLine(`no blank in column ${stop + 1}`);
    at = stop + 1;
  }
  return words;
}

function endOfWord(line: string, from: number): number {
  const blank = line.indexOf(" ", from);
  return blank < 0 ? line.length : blank;
}

function endOfQuoted(line: string, from: number): number {
  for (let at = from + 1; at < line.length; at++) {
    if (line[at] === '"') return at + 1;
    if (line[at] === "\\") at++;
  }
  throw new DamagedLine("a quote is not closed");
}

function readWord(word: string): Word {
  if (word.startsWith('"')) return { bytes: readQuoted(word) };
  if (/^@(-?\d+(\.\d+)?(e[-+]?\d+)?|NaN|-?Infinity)$/.test(word)) return { time: Number(word.slice(1)) };
  if (/^-?\d{1,10}$/.test(word)) return { number: Number(word) };
  throw new DamagedLine(`"${word.slice(0, 40)}" is no number, no time and no bytes`);
}

/** `word` with its quotes. */
export function readQuoted(word: string): Buffer {
  const bytes = Buffer.alloc(word.length);
  let size = 0;
  for (let at = 1; at < word.length - 1; at++) {
    let byte = word.charCodeAt(at);
    if (byte < 0x20 || byte > 0x7e) throw new DamagedLine("a byte that has to be written as \\xHH");
    if (byte === 0x5c) {
      const letter = word[++at] ?? "";
      const isHex = letter === "x";
      byte = isHex ? hexByte(word.slice(at + 1, at + 3)) : (UNQUOTED[letter] ?? NaN);
      if (Number.isNaN(byte)) throw new DamagedLine(`there is no escape \\${letter}`);
      if (isHex) at += 2;
    }
    bytes[size++] = byte;
  }
  return bytes.subarray(0, size);
}

function hexByte(digits: string): number {
  return /^[0-9a-f]{2}$/i.test(digits) ? parseInt(digits, 16) : NaN;
}
