// How much work a message is, in executed basic blocks of the shipped module: tools/blocks.mjs for tests.

import path from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./files.js";

export interface Blocks {
  /** Of sip_judge. */
  judged: number;
  /** Of sip_receive on an idle phone, what it says included. */
  received: number;
}

interface Counter {
  missingTools(): string[];
  countBlocks(messages: Uint8Array[]): Blocks[];
}

const counter = (await import(pathToFileURL(path.join(ROOT, "tools/blocks.mjs")).href)) as Counter;

/** For `skip`: false, or which programs are missing. */
export function noBlocks(): string | false {
  const missing = counter.missingTools();
  return missing.length > 0 && `needs ${missing.join(", ")}`;
}

/** One count for each message, in order; the counter is built when the module has changed. */
export function countBlocks(messages: (Uint8Array | string)[]): Blocks[] {
  return counter.countBlocks(
    messages.map((each) => (typeof each === "string" ? Buffer.from(each, "utf8") : each)),
  );
}
