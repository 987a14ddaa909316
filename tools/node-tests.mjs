// `node --test` on compiled test files, and what came of each test.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { root } from "./files.mjs";

const LIMIT_MS = 9 * 60_000;

/** Runs a program of Node; answers {code, output}. */
export function runNode(words, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, words, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const limit = setTimeout(() => {
      output += `\nended: it took longer than ${LIMIT_MS / 60_000} minutes`;
      child.kill();
    }, LIMIT_MS);
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    child.on("close", (code) => {
      clearTimeout(limit);
      resolve({ code, output });
    });
  });
}

/** The compiled file of a test, given from the project's folder. */
export function compiled(file) {
  return path.join(root, "build/js", file).replace(/\.ts$/, ".js");
}

/** Answers {code, output, results}, each result {file, name, result, why}. */
export async function runTests(files, { words = [], env = process.env } = {}) {
  const list = path.join(root, `build/test-results.${process.pid}.jsonl`);
  const { code, output } = await runNode(
    [
      "--test",
      `--test-concurrency=${Math.max(2, availableParallelism())}`,
      "--test-reporter=spec",
      "--test-reporter-destination=stdout",
      `--test-reporter=${path.join(root, "tools/test-reporter.mjs")}`,
      `--test-reporter-destination=${list}`,
      ...words,
      ...files,
    ],
    env,
  );
  const results = existsSync(list)
    ? readFileSync(list, "utf8").trim().split("\n").filter(Boolean).map(JSON.parse)
    : [];
  rmSync(list, { force: true });
  return { code, output, results };
}
