// Records the phones of a test: with RINGLET_RECORD=FOLDER each of them leaves a file there (docs/recording.md).
//
// The name of the file is that of the test's file, the number of the test in it and that of the phone in the test;
// a note has the name of the test. Nothing is drawn anew: a recording starts at sip_init, with the seed of the test.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach } from "node:test";
import { MODULE_FILE, type RingletModule } from "../../host/node/module.js";
import { hashOf, Recorder } from "../../host/node/recording.js";

const FOLDER = process.env["RINGLET_RECORD"] ?? "";
const TEST_FILE = path.basename(process.argv[1] ?? "", ".test.js");

let test = 0;
let name = "";
let recorders: Recorder[] = [];

/** More than any test says: nothing of it may be forgotten. */
const LIMIT_BYTES = 1 << 30;

if (FOLDER !== "") {
  mkdirSync(FOLDER, { recursive: true });
  beforeEach((context) => {
    test++;
    name = "name" in context ? context.name : "";
    recorders = [];
  });
  afterEach(() => recorders.forEach(store));
}

/** Does nothing unless the tests are recorded. */
export function recordFromNow(module: RingletModule): void {
  if (FOLDER === "") return;
  const notes = [`${TEST_FILE}: ${name}`];
  recorders.push(
    new Recorder(module, { hash: hashOf(readFileSync(MODULE_FILE)), notes, limit: LIMIT_BYTES }),
  );
}

function store(recorder: Recorder, phone: number): void {
  const place = String(test).padStart(2, "0");
  writeFileSync(path.join(FOLDER, `${TEST_FILE}-${place}-${phone + 1}.rec`), recorder.text());
  recorder.end();
}
