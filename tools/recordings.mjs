// Renews the recordings of tests/recordings: `npm run recordings`.
//
// Runs the tests that tests/recordings/chosen.txt names with RINGLET_RECORD, and keeps what the phones of those tests
// left. A file that differs in the module's hash alone stays as it is. The diff is to be read like one of the source.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeFresh } from "./fresh.mjs";
import { root } from "./files.mjs";

const FOLDER = path.join(root, "tests/recordings");
const MADE = path.join(root, "build/recordings");
const LIMIT_MS = 120_000;
const LONGEST_NAME = 64;

/** {file, phones, test} of every line. */
function chosen() {
  const lines = readFileSync(path.join(FOLDER, "chosen.txt"), "utf8").split("\n");
  return lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const found = /^(\S+) ([\d,]+) (.+)$/.exec(line);
      if (!found) throw new Error(`chosen.txt: ${line}`);
      return { file: found[1], phones: found[2].split(",").map(Number), test: found[3] };
    });
}

function record(file) {
  const ran = spawnSync(process.execPath, [path.join(root, `build/js/tests/${file}.test.js`)], {
    cwd: root,
    env: { ...process.env, RINGLET_RECORD: path.join(MADE, file) },
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: LIMIT_MS,
  });
  if (ran.status !== 0) throw new Error(`tests/${file}.test.ts does not pass`);
}

/** Test name -> the file of its first phone, without its ending. */
function madeBy(file, readRecording) {
  const folder = path.join(MADE, file);
  const base = path.basename(file);
  const found = new Map();
  for (const name of readdirSync(folder).filter((each) => each.endsWith("-1.rec"))) {
    const [note = ""] = readRecording(readFileSync(path.join(folder, name), "utf8")).notes;
    found.set(note.slice(`${base}: `.length), path.join(folder, name.slice(0, -"-1.rec".length)));
  }
  return found;
}

/** "script/flows-cancel", "RFC 3261 §9.1 given up" -> "flows-cancel-rfc-3261-9-1-given-up" */
function nameOf({ file, test, phones }, phone) {
  const words = test
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "");
  const name = `${path.basename(file)}-${words}`.slice(0, LONGEST_NAME).replace(/-+$/, "");
  return phones.length > 1 ? `${name}-${phone}.rec` : `${name}.rec`;
}

function withoutHash(text) {
  return text.slice(text.indexOf("\n"));
}

/** Whether it was written: not, if only the hash is another. */
function keep(name, text) {
  const target = path.join(FOLDER, name);
  if (existsSync(target) && withoutHash(readFileSync(target, "utf8")) === withoutHash(text)) return false;
  writeFileSync(target, text);
  return true;
}

async function main() {
  await makeFresh();
  const { readRecording } = await import("../build/js/host/node/recording-file.js");
  rmSync(MADE, { recursive: true, force: true });
  const wanted = chosen();
  const made = new Map();
  for (const file of new Set(wanted.map((each) => each.file))) {
    record(file);
    made.set(file, madeBy(file, readRecording));
  }
  const kept = new Set();
  let renewed = 0;
  for (const each of wanted) {
    const from = made.get(each.file).get(each.test);
    if (!from) throw new Error(`tests/${each.file}.test.ts has no test "${each.test}" with a phone`);
    for (const phone of each.phones) {
      const name = nameOf(each, phone);
      if (kept.has(name)) throw new Error(`two tests would be called ${name}`);
      kept.add(name);
      if (keep(name, readFileSync(`${from}-${phone}.rec`, "utf8"))) renewed++;
    }
  }
  for (const name of readdirSync(FOLDER).filter((each) => each.endsWith(".rec")))
    if (!kept.has(name)) rmSync(path.join(FOLDER, name));
  console.log(`recordings: ${kept.size}, of which ${renewed} are new`);
}

main().catch((error) => {
  console.error(`recordings: ${error.message}`);
  process.exit(1);
});
