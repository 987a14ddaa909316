// The message and sdp rooms compiled alone (tests/rooms/rewrite): a message in, the same message out.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { readText, ROOT } from "./files.js";

/** As in tests/rooms/rewrite/header.ts. */
export enum Outcome {
  None = 0,
  Typed = 1,
  Text = 2,
  Refused = 3,
}

/** As in tests/rooms/rewrite/answer.ts. */
export enum Answered {
  Unreadable = 0,
  Refused = 1,
  Same = 2,
  Different = 3,
}

export interface Rewritten {
  bytes: Buffer;
  /** What became of each header field that is there, by its long name; the Request-URI is "". */
  outcomes: Map<string, Outcome>;
  /** False if a session description was refused. */
  isBodyRead: boolean;
}

interface Exports {
  memory: WebAssembly.Memory;
  open(): void;
  input(bytes: number): number;
  rewrite(at: number, length: number): number;
  outcome(header: number): Outcome;
  nameOf(header: number): bigint;
  bodyIsGood(): number;
  outputStart(): number;
  outputEnd(): number;
  answerIsLikeOffer(at: number, length: number): Answered;
}

export class Rewriter {
  private readonly exports: Exports;
  private readonly names: string[] = [];

  constructor() {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(compiled()));
    this.exports = instance.exports as unknown as Exports;
    this.exports.open();
    for (let h = 0; ; h++) {
      const name = this.text(this.exports.nameOf(h));
      if (h > 0 && name === "") break;
      this.names.push(name);
    }
  }

  /** null if the parser refuses it. */
  rewrite(message: Uint8Array): Rewritten | null {
    const { exports } = this;
    if (!exports.rewrite(this.put(message), message.length)) return null;
    const outcomes = new Map(this.names.map((name, h) => [name, exports.outcome(h)]));
    for (const [name, outcome] of outcomes) if (outcome === Outcome.None) outcomes.delete(name);
    return {
      bytes: Buffer.from(exports.memory.buffer.slice(exports.outputStart(), exports.outputEnd())),
      outcomes,
      isBodyRead: exports.bodyIsGood() !== 0,
    };
  }

  /** What comes of the answer to that description. */
  answer(offer: Uint8Array): Answered {
    return this.exports.answerIsLikeOffer(this.put(offer), offer.length);
  }

  private put(bytes: Uint8Array): number {
    const at = this.exports.input(bytes.length);
    new Uint8Array(this.exports.memory.buffer).set(bytes, at);
    return at;
  }

  private text(slice: bigint): string {
    const at = Number(slice & 0xffffffffn);
    return Buffer.from(this.exports.memory.buffer, at, Number(slice >> 32n)).toString("latin1");
  }
}

/** With the options of the shipped module, but not optimized: that would take longer than the tests. */
function compiled(): Buffer<ArrayBuffer> {
  const { options } = JSON.parse(readText("asconfig.json")) as { options: Record<string, unknown> };
  const folder = `build/rewrite/${process.pid}`;
  mkdirSync(path.join(ROOT, folder), { recursive: true });
  const words = [
    "node_modules/assemblyscript/bin/asc.js",
    "tests/rooms/rewrite/message.ts",
    // There is none: otherwise the entry of the shipped module would come along with its asconfig.json.
    ...["--config", `${folder}/none.json`],
    ...["--outFile", `${folder}/rewrite.wasm`],
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ...["--transform", "./tools/words-transform.mjs"],
  ];
  const ran = spawnSync(process.execPath, words, { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 28 });
  if (ran.status !== 0) throw new Error(`asc failed\n${ran.stderr.slice(0, 2000)}`);
  const bytes = readFileSync(path.join(ROOT, folder, "rewrite.wasm"));
  rmSync(path.join(ROOT, folder), { recursive: true });
  return bytes;
}
