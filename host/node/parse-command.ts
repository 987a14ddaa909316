// `ringlet parse`: each file is one datagram, judged as by an idle phone that owns every address.
//
//     FILE: accept, a request
//     FILE: 400, REASON (octet 123)
//     {"file":"FILE","verdict":"400","reason":"...","offset":123}

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { RingletModule } from "./module.js";
import type { Verdict } from "./records.js";

/** Exit 0 if every file was read. */
export function parseFiles(files: string[], isJson: boolean): void {
  const module = new RingletModule();
  module.init(randomBytes(32));
  module.drain();
  module.start(0);
  module.drain();
  for (const file of files) judge(module, file, isJson);
}

function judge(module: RingletModule, file: string, isJson: boolean): void {
  const bytes = readOrComplain(file);
  if (!bytes) return;
  const { status, reason, offset } = module.judge(bytes);
  const verdict = verdictWord(status);
  console.log(
    isJson ? JSON.stringify({ file, verdict, reason, offset }) : readable(file, verdict, reason, offset),
  );
}

function readOrComplain(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch (error) {
    console.error(`ringlet: ${file}: ${(error as Error).message}`);
    process.exitCode = 1;
    return null;
  }
}

function verdictWord(status: Verdict["status"]): string {
  if (status < 0) return "drop";
  return status === 0 ? "accept" : String(status);
}

function readable(file: string, verdict: string, reason: string, offset: number): string {
  const why = reason === "" ? "" : `, ${reason}`;
  const where = verdict === "accept" || offset < 0 ? "" : ` (octet ${offset})`;
  return `${file}: ${verdict}${why}${where}`;
}
