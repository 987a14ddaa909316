// Telephone numbers in a recording, replaced by others of the same length: the same number by the same one, everywhere.
//
// A number is a run of three digits or more that has been the user of a URI, was dialled, or is the value of a setting that
// names or numbers somebody. Where a run of the same digits stands for something else (a length, a port, a status, a
// parameter) it stays, for else the recording would not replay.

import { createHash, randomBytes } from "node:crypto";

/** So many digits stand nowhere by chance: they are replaced wherever they stand, in memory in longer runs too, where texts touch each other. */
const UNMISTAKABLE = 6;

const USER = /[a-z]:([^\s@<>"';,]{1,64})@/gi;
const GLOBAL = /[a-z]:\+(\d[\d().-]{2,})/gi;
/** Of the key of a setting. */
const NAMING = /(name|number|label|user)$/i;
const DIALLED = /^[+*#\d().-]+$/;

export class Numbers {
  private readonly shown = new Map<string, string>();
  private readonly used = new Set<string>();
  private readonly dialled = new Set<string>();
  private readonly secret = randomBytes(16);

  /** The numbers in this text are known from now on. */
  learn(text: string): void {
    for (const [, user = ""] of text.matchAll(USER)) this.learnRuns(user);
    for (const [, number = ""] of text.matchAll(GLOBAL)) this.learnRuns(number);
    for (const [, key = "", value = ""] of text.matchAll(/^([\w.]+)[ \t]*=[ \t]*([^\r\n]*)/gm))
      this.learnSetting(key, value);
  }

  /** What was dialled: an address without its scheme, or nothing but digits. */
  learnDialled(target: string): void {
    const user = target.trim().split("@")[0] ?? "";
    if (!DIALLED.test(user)) return;
    this.learnRuns(user);
    for (const run of user.match(/\d{3,}/g) ?? []) this.dialled.add(run);
  }

  learnSetting(key: string, value: string): void {
    if (NAMING.test(key) && DIALLED.test(value.trim())) this.learnRuns(value);
  }

  /** The text, of the same length. */
  hide(text: string): string {
    return text.replace(/\d{3,}/g, (run, at: number) =>
      this.isNumber(text, at, run) ? (this.shown.get(run) ?? run) : run,
    );
  }

  private isNumber(text: string, at: number, run: string): boolean {
    if (run.length >= UNMISTAKABLE || isNumberHere(text, at, at + run.length)) return true;
    // Dialled without a server it stands for a host.
    return this.dialled.has(run) && /((^|[\s<"])[a-z]{3,4}:|\b_[a-z]+\.)$/i.test(lineBefore(text, at));
  }

  /** The value of the setting `key`. */
  hideSetting(key: string, value: string): string {
    return /^\s*\d+\s*$/.test(value) && !NAMING.test(key) ? value : this.hide(value);
  }

  /** Memory, where texts of all kinds stand beside each other. */
  hideIn(memory: Uint8Array): void {
    const bytes = Buffer.from(memory.buffer, memory.byteOffset, memory.byteLength);
    bytes.write(this.hide(bytes.toString("latin1")), "latin1");
    for (const [number, other] of this.shown)
      if (number.length >= UNMISTAKABLE)
        for (let at = bytes.indexOf(number); at >= 0; at = bytes.indexOf(number, at + number.length))
          bytes.write(other, at, "latin1");
  }

  private learnRuns(text: string): void {
    for (const run of text.match(/\d{3,}/g) ?? [])
      if (!this.shown.has(run)) this.shown.set(run, this.other(run));
  }

  /** Another number of the same length, that stands for no other; the same one when there is none left. */
  private other(run: string): string {
    for (let tries = 0; tries < 10 ** Math.min(run.length, 4); tries++) {
      const hash = createHash("sha256").update(this.secret).update(`${run} ${tries}`).digest();
      const other = Array.from(run, (_, i) => (hash[i % hash.length] ?? 0) % 10).join("");
      if (other === run || this.used.has(other) || this.shown.has(other)) continue;
      this.used.add(other);
      return other;
    }
    return "0".repeat(run.length);
  }
}

/** Whether the digits from `at` to `end` of a text can be a telephone number, by what stands around them. */
function isNumberHere(text: string, at: number, end: number): boolean {
  if (isInUser(text, at, end)) return true;
  const isGlobal = text[at - 1] === "+";
  const from = isGlobal ? at - 1 : at;
  const before = text[from - 1] ?? "";
  if (/[\w.~%-]/.test(before) || isWordAt(text, end)) return false;
  if (before === ":") return isGlobal;
  const head = lineBefore(text, from);
  const setting = /^([\w.]{2,})[ \t]*=[ \t]*$/.exec(head);
  if (setting) return NAMING.test(setting[1] ?? "");
  if (before === "=") return /^[a-z]=$/.test(head);
  // Of a session description everything but the first word of a line.
  if (/^[a-z]=/.test(head)) return false;
  // The value of a row, unless it is the name before an address.
  if (/^[A-Za-z-]+[ \t]*:[ \t]*$/.test(head)) return /^[ \t]*</.test(text.slice(end, end + 8));
  // A status behind its version, a sequence before its method.
  return !/\/\d\.\d $/.test(head) && !/^ [A-Z]+\r?(\n|$)/.test(text.slice(end, end + 20));
}

const MOST_LINE = 200;

function lineBefore(text: string, at: number): string {
  const part = text.slice(Math.max(at - MOST_LINE, 0), at);
  // eslint-disable-next-line no-control-regex
  return /[^\x00-\x08\n\r]*$/.exec(part)?.[0] ?? "";
}

/** More of a word, or of an address or a decimal. */
function isWordAt(text: string, at: number): boolean {
  return /^([a-z_~%-]|\.\d)/i.test(text.slice(at, at + 2));
}

/** Between a scheme's colon and @. */
function isInUser(text: string, at: number, end: number): boolean {
  return (
    /[a-z]:[^\s@<>"';,]*$/i.test(text.slice(Math.max(at - 64, 0), at)) &&
    /^[^\s@<>"';,]{0,64}@/.test(text.slice(end, end + 66))
  );
}
