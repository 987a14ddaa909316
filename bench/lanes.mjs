// The parsers that are compared, each in a process of its own on the one core that is measured on.
import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { root } from "../tools/files.mjs";
import { built, has } from "./build.mjs";

const folder = path.join(root, "bench/messages");

/** The 12 shapes, in the order of their numbers. */
export const messages = readdirSync(folder)
  .filter((name) => name.endsWith(".sip"))
  .sort()
  .map((name) => ({ name: name.replace(".sip", ""), file: path.join(folder, name) }))
  .map((message) => ({ ...message, bytes: readFileSync(message.file).length }));

const files = messages.map(({ file }) => file);
const script = (name) => [process.execPath, path.join(root, "bench/js", name), ...files];
const program = (name) => [path.join(built, name), ...files];

/** The one that the ratios are to. */
export const MEASURE = "sofia-sip";

export const lanes = [
  { name: "Ringlet, V8", words: script("ringlet.mjs") },
  { name: "Ringlet, wasm2c", words: program("lane-ringlet"), native: true },
  { name: MEASURE, words: program("lane-sofia"), native: true, package: "libsofia-sip-ua-dev" },
  { name: "libosip2", words: program("lane-osip"), native: true, package: "libosip2-dev" },
  { name: "libre", words: program("lane-re"), native: true, package: "libre-dev" },
  { name: "sip (npm)", words: script("sip.mjs"), npm: "sip" },
  { name: "JsSIP", words: script("jssip.mjs"), npm: "jssip" },
  { name: "SIP.js", words: script("sip-js.mjs"), npm: "sip.js" },
];

/** What was compared: the version of a Debian or npm package. */
export function versionOf(lane) {
  if (lane.npm)
    return JSON.parse(readFileSync(path.join(root, "bench/node_modules", lane.npm, "package.json"))).version;
  if (!lane.package) return "";
  return spawnSync("dpkg-query", ["-W", "-f=${Version}", lane.package], { encoding: "utf8" }).stdout ?? "";
}

/** A running lane: one command, one line of answer. */
export class Lane {
  constructor(words, core) {
    this.child = spawn("taskset", ["-c", String(core), ...words], { stdio: ["pipe", "pipe", "inherit"] });
    this.waiting = [];
    createInterface({ input: this.child.stdout }).on("line", (line) => this.waiting.shift()?.resolve(line));
    this.child.on("exit", () => {
      for (const { reject } of this.waiting) reject(new Error(`${words.slice(0, 2).join(" ")} ended`));
    });
  }

  ask(command) {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.child.stdin.write(`${command}\n`);
    });
  }

  /** Nanoseconds for one of `times` runs of message i. */
  async time(i, times) {
    return Number(await this.ask(`time ${i} ${times}`)) / times;
  }

  close() {
    this.child.stdin.end();
  }
}

/** Basic blocks that Ringlet executes for each message: exact, the same on every run of one compiler. */
export function countBlocks() {
  return askAll("blocks", program("lane-ringlet-blocks")).map(Number);
}

/** Instructions for each message by callgrind, the C library included; null without valgrind. */
export function countInstructions(lane) {
  if (!lane.native || !has("valgrind")) return null;
  const out = path.join(built, "callgrind");
  const options = ["-q", "--tool=callgrind", "--collect-atstart=no", `--callgrind-out-file=${out}`];
  askAll("collect", ["valgrind", ...options, ...lane.words]);
  const counts = messages.map((_, i) => {
    const dump = `${out}.${i + 1}`;
    const total = Number(/^totals: (\d+)/m.exec(readFileSync(dump, "utf8"))?.[1]);
    rmSync(dump);
    return total;
  });
  // Valgrind's headers were not there when it was compiled: nothing was collected.
  return counts.every((count) => count > 0) ? counts : null;
}

function askAll(command, [name, ...words]) {
  const input = messages.map((_, i) => `${command} ${i}\n`).join("");
  const ran = spawnSync(name, words, { input, encoding: "utf8" });
  if (ran.status !== 0) throw new Error(`${name} failed: ${ran.error?.message ?? ran.stderr}`);
  return ran.stdout.trim().split("\n");
}
