// Building host/c in tests: what it takes, and one build at a time.

import { spawnSync } from "node:child_process";
import path from "node:path";
import { ROOT } from "./files.js";

const TOOLS = ["make", "gcc", "g++", "wasm2c"];
const BUILD_MS = 240_000;

/**
 * Why nothing can be built here, as the reason for a skip; false when everything is there. With
 * RINGLET_REQUIRE_PEERS=1 it is thrown.
 */
export function noCompiler(): string | false {
  const missing = TOOLS.filter((tool) => spawnSync(tool, ["--version"], { stdio: "ignore" }).status !== 0);
  if (missing.length === 0) return false;
  const words = `${missing.join(", ")} not installed (Debian: make gcc g++ libc6-dev wabt)`;
  if (process.env["RINGLET_REQUIRE_PEERS"] === "1") throw new Error(words);
  return words;
}

/** `make -C host/c WORDS`; test files that want it at the same time wait for each other. */
export function makeC(...words: string[]): void {
  const lock = path.join(ROOT, "build/c.lock");
  const ran = spawnSync("flock", [lock, "make", "-s", "-C", path.join(ROOT, "host/c"), ...words], {
    encoding: "utf8",
    timeout: BUILD_MS,
  });
  if (ran.status === 0) return;
  throw new Error(
    `make ${words.join(" ")}: ${ran.error?.message ?? `${ran.stdout}${ran.stderr}`.slice(-3000)}`,
  );
}
