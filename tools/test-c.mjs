// The tests of a host as a program, against the one in C: `npm run test:c`, and `npm run test:c -- --arm` for its ARM
// binary under qemu-arm-static, where a few long ones will do.
//
// Builds what is stale. Tests that look inside the Node host are not run. The last line is the sum; a test that was
// skipped fails with RINGLET_REQUIRE_PEERS=1.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { root } from "./files.mjs";
import { makeFresh } from "./fresh.mjs";
import { compiled, runTests } from "./node-tests.mjs";

const isArm = process.argv.includes("--arm");
const BUILD_MS = 240_000;

const PROGRAM = [
  "command-line",
  "commands",
  "mutual-tls",
  "parse",
  "record",
  "state",
  "streams",
  "transfer",
].map((name) => `tests/host/${name}.test.ts`);
const INTEROP = ["tests/interop/interop.test.ts", "tests/interop/servers.test.ts"];

/** Registered, called and calling, refreshed by UPDATE and by re-INVITE, hung up by either side. */
const CHOSEN = [
  "two phones: a call is refreshed by the caller",
  "the phone refreshes by re-INVITE where refresh_method says so",
  "SIPp is called and answers; the phone hangs up",
  "SIPp calls and the phone answers; SIPp hangs up",
  "Kamailio challenges with SHA-256: a phone registers and calls",
  "a phone registers over TLS by name",
];

function build(goal) {
  const words = ["-s", "-C", path.join(root, "host/c"), goal];
  const ran = spawnSync("flock", [path.join(root, "build/c.lock"), "make", ...words], {
    encoding: "utf8",
    timeout: BUILD_MS,
  });
  if (ran.status !== 0)
    throw new Error(`make ${goal}: ${ran.error?.message ?? (ran.stdout + ran.stderr).slice(-3000)}`);
}

const PATTERN_MISSED = /does not match pattern/;

/** Answers the results that count, and prints the rest. */
async function run(files, words = []) {
  const host = isArm
    ? { RINGLET_HOST: "build/c/arm/ringlet-phone", RINGLET_HOST_PREFIX: "qemu-arm-static" }
    : { RINGLET_HOST: "build/c/ringlet-phone" };
  const { code, output, results } = await runTests(files.map(compiled), {
    words,
    env: { ...process.env, ...host },
  });
  const chosen = results.filter(({ why }) => !PATTERN_MISSED.test(why));
  if (code !== 0) console.log(output.trim());
  if (code !== 0 && !chosen.some(({ result }) => result === "failed"))
    chosen.push({ file: "", name: "node --test failed", result: "failed", why: "" });
  return chosen;
}

try {
  await makeFresh();
  build(isArm ? "arm" : "program");
  const results = isArm
    ? [...(await run(PROGRAM)), ...(await run(INTEROP, [`--test-name-pattern=${CHOSEN.join("|")}`]))]
    : await run([...PROGRAM, ...INTEROP]);
  for (const { name, result, why } of results)
    if (result !== "passed") console.log(`${result}: ${name}${why && ` (${why})`}`);
  const count = (wanted) => results.filter(({ result }) => result === wanted).length;
  console.log(`\n${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`);
  const isSkipping = count("skipped") > 0 && process.env.RINGLET_REQUIRE_PEERS === "1";
  const isMissing = isArm && count("passed") < CHOSEN.length;
  process.exitCode = count("failed") > 0 || count("passed") === 0 || isSkipping || isMissing ? 1 : 0;
} catch (error) {
  console.error(`test:c: ${error.message}`);
  process.exitCode = 1;
}
