// Compares the parser with others: `npm run bench [-- --rounds N] [--core N] [--doc]`.
//
// Every parser reads the same 12 messages of bench/messages into the same fields; when one of them reads
// anything else than the others, nothing is timed. Then they take turns on one core, a slice of some
// milliseconds each, and the best slice of all rounds counts: what a noisy neighbour costs falls out.
// Writes bench/results.json; with --doc also the tables in docs/performance.md.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ASC_WORDS, buildAll, compiler, missing } from "../bench/build.mjs";
import { countBlocks, countInstructions, Lane, lanes, messages, versionOf } from "../bench/lanes.mjs";
import { mean, messageTable, parserTable } from "../bench/table.mjs";
import { root } from "./files.mjs";
import { makeFresh } from "./fresh.mjs";

const SLICE_NS = 4e6;
const WARM_NS = 200e6;
/** The grammars of JsSIP and SIP.js go on getting faster for seconds. */
const WARM_SCRIPT_NS = 5e9;
const RESULTS = path.join(root, "bench/results.json");
const PAGE = path.join(root, "docs/performance.md");

function option(name, otherwise) {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

function install() {
  if (existsSync(path.join(root, "bench/node_modules/.package-lock.json"))) return;
  console.error("bench: installing the JavaScript parsers into bench/node_modules (once)");
  const words = ["ci", "--ignore-scripts", "--omit=optional", "--loglevel=error"];
  const npm = spawnSync("npm", words, { cwd: path.join(root, "bench"), stdio: ["ignore", 2, 2] });
  if (npm.status !== 0) throw new Error('"npm ci" in bench failed');
}

/** Throws unless every lane reads from every message what the first one reads. */
async function checkEqual(running) {
  for (let i = 0; i < messages.length; i++) {
    const texts = await Promise.all(running.map((lane) => lane.ask(`fields ${i}`)));
    texts.forEach((text, k) => {
      if (text === texts[0] && text !== "refused") return;
      throw new Error(
        `${messages[i].name}: ${lanes[k].name} does not read what ${lanes[0].name} reads\n${text}\n${texts[0]}`,
      );
    });
  }
  console.error(`bench: ${running.length} parsers read the same from ${messages.length} messages`);
}

/** Runs a lane until its engine has compiled it well; answers how often each message fits into a slice. */
async function warm(lane, nanoseconds) {
  const each = messages.map(() => SLICE_NS);
  const until = process.hrtime.bigint() + BigInt(nanoseconds);
  do {
    for (let i = 0; i < messages.length; i++) each[i] = await lane.time(i, Math.ceil(SLICE_NS / each[i]));
  } while (process.hrtime.bigint() < until);
  return each.map((time) => Math.ceil(SLICE_NS / time));
}

/** The best time of each lane for each message. */
async function measure(running, rounds) {
  const counts = [];
  for (let k = 0; k < running.length; k++) {
    counts.push(await warm(running[k], lanes[k].native ? WARM_NS : WARM_SCRIPT_NS));
  }
  const best = running.map(() => messages.map(() => Infinity));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < messages.length; i++) {
      for (let k = 0; k < running.length; k++) {
        best[k][i] = Math.min(best[k][i], await running[k].time(i, counts[k][i]));
      }
    }
  }
  return best;
}

function conditions(rounds) {
  const version = spawnSync(compiler(), ["--version"], { encoding: "utf8" }).stdout.split("\n")[0];
  return {
    cpu: os.cpus()[0]?.model ?? "unknown",
    node: process.version,
    compiler: `${version}, -O2`,
    asc: ASC_WORDS.join(" "),
    rounds,
  };
}

function writeDoc(result) {
  const page = readFileSync(PAGE, "utf8");
  const { cpu, node, compiler: cc, rounds } = result.conditions;
  const told = `${cpu}; Node ${node}; ${cc}; ${rounds} rounds.`;
  const text = [told, parserTable(result), messageTable(result)].join("\n\n");
  const between = /(<!-- bench -->)[^]*(<!-- \/bench -->)/;
  if (!between.test(page)) throw new Error("docs/performance.md has no place for the tables");
  writeFileSync(
    PAGE,
    page.replace(between, (_, head, foot) => `${head}\n\n${text}\n\n${foot}`),
  );
}

async function main() {
  const lacking = process.platform === "linux" ? missing() : "needs Linux";
  if (lacking) {
    console.error(`bench: ${lacking}`);
    process.exit(2);
  }
  if (!existsSync(path.join(root, "node_modules/assemblyscript"))) await makeFresh();
  install();
  buildAll();
  const rounds = option("rounds", 30);
  const core = option("core", os.cpus().length - 1);
  const running = lanes.map(({ words }) => new Lane(words, core));
  await checkEqual(running);
  const best = await measure(running, rounds);
  for (const lane of running) lane.close();
  const parsers = lanes.map((lane, k) => ({
    name: lane.name,
    version: versionOf(lane),
    nanoseconds: mean(best[k]),
    perMessage: best[k],
    instructions: countInstructions(lane),
  }));
  const measured = messages.map(({ name, bytes }) => ({ name, bytes }));
  const result = { conditions: conditions(rounds), messages: measured, parsers, blocks: countBlocks() };
  writeFileSync(RESULTS, JSON.stringify(result, null, 2) + "\n");
  console.log(`${parserTable(result)}\n\n${messageTable(result)}`);
  if (process.argv.includes("--doc")) writeDoc(result);
}

main().catch((error) => {
  console.error(`bench: ${error.message}`);
  process.exit(1);
});
