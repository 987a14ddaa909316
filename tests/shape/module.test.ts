// What the shipped module promises to whoever embeds it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { compileModule, MODULE_FILE, RingletModule, UnfitModule } from "../../host/node/module.js";
import { readText, ROOT } from "../support/files.js";

/** Uncompressed; it grows with the steps of the plan (docs/architecture.md, "Promises"). */
const BUDGET_BYTES = 128 * 1024;

/** Every call that docs/abi.md tells of, with the count of its parameters. */
const documented = new Map(
  [...readText("docs/abi.md").matchAll(/`(sip_\w+)\(([^)]*)\)/g)].map(([, name = "", words = ""]) => [
    name,
    words.split(",").filter((word) => word.trim() !== "").length,
  ]),
);

const module = new WebAssembly.Module(readFileSync(MODULE_FILE));
const exported = WebAssembly.Module.exports(module);

test("the module imports nothing", () => {
  assert.deepEqual(WebAssembly.Module.imports(module), []);
});

test("the module exports what docs/abi.md tells of, its memory and its state, and nothing else", () => {
  const rest = exported.filter(({ kind }) => kind !== "global").map(({ name }) => name);
  assert.deepEqual(rest.sort(), ["memory", "sip_abi_1", ...documented.keys()].sort());
});

test("every call takes as many parameters as docs/abi.md says", () => {
  const { exports } = new WebAssembly.Instance(module, {});
  const taken = [...documented.keys()].map((name) => [name, (exports[name] as () => void).length]);
  assert.deepEqual(taken, [...documented]);
});

test("every exported global can be written", () => {
  const { exports } = new WebAssembly.Instance(module, {});
  const states = exported.filter(({ kind }) => kind === "global");
  assert.ok(states.length > 10);
  for (const { name } of states) {
    const state = exports[name] as WebAssembly.Global;
    state.value = state.value as number;
  }
});

test(`the module has at most ${BUDGET_BYTES} bytes`, () => {
  const { size } = statSync(MODULE_FILE);
  assert.ok(size <= BUDGET_BYTES, `${size} bytes`);
});

test("a phone without settings has 17 pages, as docs/architecture.md says: with more, --rollback auto would be off in Node", () => {
  const { exports } = new WebAssembly.Instance(module, {});
  const { sip_init, sip_start, memory } = exports as Record<string, unknown> as {
    sip_init: (length: number) => number;
    sip_start: (now: number) => number;
    memory: WebAssembly.Memory;
  };
  assert.equal(sip_init(32), 0);
  assert.equal(sip_start(0), 0);
  assert.equal(memory.buffer.byteLength, 17 * 65536);
});

test("a module with imports, or of another ABI, is refused before it runs", () => {
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  // One type () -> (), one import "a" "b" of it.
  const importing = [...header, 1, 4, 1, 0x60, 0, 0, 2, 7, 1, 1, 0x61, 1, 0x62, 0, 0];
  assert.throws(() => compileModule(Uint8Array.from(header)), UnfitModule);
  assert.throws(() => compileModule(Uint8Array.from(importing)), UnfitModule);
  assert.ok(new RingletModule(compileModule()).size > 0);
});

test("the host's numbers and the list in docs/abi.md are those of the module's source", () => {
  const checked = spawnSync(process.execPath, ["tools/abi.mjs", "--check"], { cwd: ROOT, encoding: "utf8" });
  assert.equal(checked.stderr, "");
  assert.equal(checked.status, 0);
  assert.ok(readText("docs/abi.md").includes("### RecordKind"));
});
