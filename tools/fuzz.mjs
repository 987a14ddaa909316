// `npm run fuzz -- --seconds N [--seed N] [FILE...]`: the shipped module under libFuzzer (docs/testing.md, "Fuzzing").
//
// With files, each is run once instead, as a finding is repeated. 0: nothing found; 1: a finding, whose input
// is kept in build/fuzz; 2: could not run.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { seeds } from "../tests/fuzz/seeds.mjs";
import { mkdirSync, rmSync, root, writeFileSync } from "./files.mjs";
import { makeFresh } from "./fresh.mjs";
import { functionNames, nativeProgram } from "./native.mjs";

const FOLDER = path.join(root, "build/fuzz");
const SEEDS = path.join(FOLDER, "seeds");
/** What earlier runs found to be worth keeping; a clean clone begins without. */
const CORPUS = path.join(FOLDER, "corpus");
const DICTIONARY = path.join(root, "tests/fuzz/sip.dict");
/** The largest datagram; libFuzzer begins with short inputs. */
const MOST_BYTES = 65_000;
const MOST_HEX_BYTES = 4096;

class Usage extends Error {}

/** { seconds, seed, files }. */
function readWords(words) {
  const wanted = { seconds: 60, seed: 0, files: [] };
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === "--seconds" || word === "--seed") wanted[word.slice(2)] = wholeNumber(word, words[++i]);
    else if (word.startsWith("-")) throw new Usage(`unknown option ${word}`);
    else wanted.files.push(word);
  }
  return wanted;
}

function wholeNumber(name, text = "") {
  if (!/^[0-9]{1,9}$/.test(text)) throw new Usage(`${name} wants a whole number`);
  return Number(text);
}

function writeSeeds() {
  rmSync(SEEDS, { recursive: true, force: true });
  mkdirSync(SEEDS, { recursive: true });
  mkdirSync(CORPUS, { recursive: true });
  let count = 0;
  for (const seed of seeds()) writeFileSync(path.join(SEEDS, `${count++}`.padStart(5, "0")), seed);
  return count;
}

/** Runs libFuzzer; every line that it says goes to `onLine`. Answers its exit code. */
function fuzz(program, { seconds, seed }, onLine) {
  const options = [
    `-max_total_time=${seconds}`,
    `-seed=${seed}`,
    `-dict=${DICTIONARY}`,
    `-max_len=${MOST_BYTES}`,
    `-artifact_prefix=${FOLDER}${path.sep}`,
    "-timeout=10",
    "-rss_limit_mb=1024",
    "-print_final_stats=1",
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...options, CORPUS, SEEDS], {
      cwd: FOLDER,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let rest = "";
    child.stderr.on("data", (bytes) => {
      const lines = (rest + bytes.toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(onLine);
    });
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(signal ?? code));
  });
}

/** What the lines of libFuzzer come to. */
class Account {
  executions = 0;
  reached = 0;
  edges = 0;
  kept = 0;
  blocks = "";
  finding = "";
  artifact = "";
  stack = [];
  words = [];

  take(line) {
    this.words.push(line);
    if (this.words.length > 400) this.words.shift();
    const size = /\((\d+) inline 8-bit counters\)/.exec(line);
    if (size) this.edges = Number(size[1]);
    const step = /^#(\d+)\s.*cov: (\d+) ft: \d+ corp: (\d+)/.exec(line);
    if (step) [this.executions, this.reached, this.kept] = step.slice(1).map(Number);
    const executed = /^stat::number_of_executed_units: (\d+)/.exec(line);
    if (executed) this.executions = Number(executed[1]);
    const blocks = /^most blocks: (.*)/.exec(line);
    if (blocks) this.blocks = blocks[1];
    const finding = /^FINDING: (.*)/.exec(line) ?? /ERROR: libFuzzer: (timeout.*|out-of-memory.*)/.exec(line);
    if (finding) this.finding ||= finding[1];
    // Without words of ours: the page behind the end of memory was touched.
    if (/ERROR: .*(deadly signal|SEGV)/.test(line)) this.finding ||= "an access outside of memory";
    const artifact = /Test unit written to (.*)/.exec(line);
    if (artifact) this.artifact = artifact[1];
    const frame = /#\d+ 0x[0-9a-f]+ +(?:in )?(?:w2c_f(\d+)|Z_ringletZ_(\w+))/.exec(line);
    if (frame) this.stack.push(frame[1] ?? frame[2]);
  }
}

/** The stack in words of the source: the module's functions by their number, the newest first. */
async function showStack(stack) {
  const names = await functionNames();
  const words = stack
    .slice(0, 24)
    .map((frame) => (/^\d+$/.test(frame) ? (names[Number(frame)] ?? frame) : frame));
  for (const word of words) console.log(`  in ${word}`);
}

async function tellFinding(account) {
  console.log(`fuzz: FINDING: ${account.finding || account.words.slice(-20).join("\n")}`);
  await showStack(account.stack);
  if (!account.artifact || !existsSync(account.artifact)) return;
  const bytes = readFileSync(account.artifact);
  const more = bytes.length > MOST_HEX_BYTES ? ` ... (${bytes.length} bytes)` : "";
  console.log(`input: ${path.relative(root, account.artifact)}`);
  console.log(`hex: ${bytes.subarray(0, MOST_HEX_BYTES).toString("hex")}${more}`);
  console.log(`again: npm run fuzz -- ${path.relative(root, account.artifact)}`);
}

function tellResult(account, took) {
  const share = account.edges > 0 ? ((100 * account.reached) / account.edges).toFixed(1) : "?";
  const speed = Math.round(account.executions / Math.max(1, took));
  console.log(`fuzz: ${account.executions} executions in ${Math.round(took)} s (${speed} a second)`);
  console.log(
    `fuzz: coverage ${account.reached} of ${account.edges} edges (${share} %), ${account.kept} inputs kept`,
  );
  if (account.blocks) console.log(`fuzz: most executed blocks ${account.blocks}`);
}

/** False for what libFuzzer says of itself. */
function isOurs(line) {
  return (
    line !== "" &&
    !/^\s*(INFO|SUMMARY|NOTE|MS:|Running|Executed|\*\*\*|#\d|==)|: Running|Sanitizer/.test(line)
  );
}

/** Runs inputs once each, and shows what passed between the phone and its peer. */
async function repeat(program, files) {
  let code = 0;
  for (const file of files) {
    const env = { ...process.env, RINGLET_TELL: "1" };
    const ran = spawnSync(program, [path.resolve(file)], { env, encoding: "latin1", maxBuffer: 1 << 28 });
    const account = new Account();
    const lines = ran.stderr.split("\n");
    lines.forEach((line) => account.take(line));
    console.log(lines.filter(isOurs).join("\n"));
    if (ran.status === 0) {
      console.log(`fuzz: ${file}: nothing found`);
      continue;
    }
    code = 1;
    await tellFinding(account);
  }
  return code;
}

async function main() {
  const wanted = readWords(process.argv.slice(2));
  await makeFresh();
  const program = nativeProgram("fuzz", { isFuzzer: true });
  if (wanted.files.length > 0) return repeat(program, wanted.files);
  console.log(
    `fuzz: ${writeSeeds()} seeds, ${readdirSync(CORPUS).length} inputs of earlier runs, ${wanted.seconds} s`,
  );
  const account = new Account();
  const began = performance.now();
  const code = await fuzz(program, wanted, (line) => account.take(line));
  tellResult(account, (performance.now() - began) / 1000);
  if (code === 0) return (console.log("fuzz: nothing found"), 0);
  await tellFinding(account);
  return 1;
}

main().then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(`fuzz: ${error.message}`);
    process.exitCode = 2;
  },
);
