// The C library: its tests are programs (tests/c/*.c), built and run here one by one.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { before, test } from "node:test";
import { compileModule } from "../../host/node/module.js";
import { makeC, noCompiler } from "../support/c-build.js";
import { readText, ROOT } from "../support/files.js";

const skip = noCompiler();

before(() => {
  if (skip === false) makeC("tests");
});

for (const [name, what] of [
  ["library", "life, records, statuses, state, and nothing allocated after the start"],
  ["undo", "the undo log puts back what random writes changed"],
  ["cplusplus", "the header can be used from C++"],
  ["trap", "two phone calls survive a thousand poisoned datagrams with refreshes on time"],
] as const) {
  test(`${name}: ${what}`, { skip }, () => {
    const ran = spawnSync(path.join(ROOT, "build/c/tests", name), { encoding: "utf8", timeout: 60_000 });
    assert.equal(ran.status, 0, `${ran.stdout}${ran.stderr}`);
  });
}

test("exports.h has every export of the module, with its parameters", () => {
  const listed = [...readText("host/c/exports.h").matchAll(/^ {2}X\((\w+), (\d), ([01])\)/gm)];
  const counts = new Map(listed.map(([, name, words, now]) => [`sip_${name}`, Number(words) + Number(now)]));
  const { exports } = new WebAssembly.Instance(compileModule(), {});
  for (const [name, value] of Object.entries(exports)) {
    if (typeof value !== "function" || name === "sip_abi_1") continue;
    assert.equal(counts.get(name), value.length, name);
  }
});
