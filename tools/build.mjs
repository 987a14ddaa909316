// Builds everything: `npm run build`.
//
//   assembly/  -> build/ringlet.wasm (shipped) and build/ringlet.debug.wasm (the same code with names)
//   host/, tests/, examples/ -> build/js (tsc)
//   the table of ABI numbers -> host/node/abi.ts, docs/abi.md
//
// Words of the tools go to stderr only: stdout belongs to whoever asked for the build.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./files.mjs";
import { unwrapped } from "./unwrap.mjs";

const SHIPPED = path.join(root, "build/ringlet.wasm");
const NAMED = path.join(root, "build/ringlet.debug.wasm");

/** Runs one tool; its output is shown, without the lines of minified source that Node prints on a crash. */
function run(what, ...words) {
  const ran = spawnSync(process.execPath, words, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  const said = `${ran.stdout ?? ""}${ran.stderr ?? ""}`.split("\n").filter((line) => line.length < 2000);
  if (said.join("").trim() !== "") process.stderr.write(said.join("\n").trimEnd() + "\n");
  if (ran.status !== 0) fail(`${what} failed${ran.error ? `: ${ran.error.message}` : ""}`);
}

function fail(reason) {
  console.error(`build: ${reason}`);
  process.exit(1);
}

/** asc, with our transform: text constants become bytes. --debug keeps the names that the next step needs. */
function compile() {
  run(
    "asc",
    path.join(root, "node_modules/assemblyscript/bin/asc.js"),
    "--outFile",
    NAMED,
    "--debug",
    "--optimizeLevel",
    "3",
    "--shrinkLevel",
    "2",
    "--transform",
    path.join(root, "tools/words-transform.mjs"),
  );
}

/**
 * Exports every mutable global, so that a host can save and restore all there is. The shipped names are
 * "a" to "z", "aa", "ab", ...: short ones cost less. The named build tells which is which, in the same order.
 */
async function exportState() {
  const binaryen = await loadBinaryen();
  const bytes = readFileSync(NAMED);
  const used = new Set();
  const named = exported(binaryen, bytes, (name) => shortName(name, used));
  const shipped = exported(binaryen, bytes, (_, index) => letters(index));
  // asc writes JavaScript beside it, which nobody needs.
  for (const ending of [".js", ".d.ts"]) rmSync(NAMED.replace(/\.wasm$/, ending), { force: true });
  binaryen.setDebugInfo(true);
  writeFileSync(NAMED, unwrapped(named.emitBinary()));
  binaryen.setDebugInfo(false);
  // What leaves a value on the stack for the next one needs no local; this counts only if nothing changes after it.
  shipped.runPasses([
    "strip-debug",
    "strip-producers",
    "strip-target-features",
    "generate-stack-ir",
    "optimize-stack-ir",
  ]);
  writeFileSync(SHIPPED, unwrapped(shipped.emitBinary()));
}

/** The module with its globals exported under what `nameOf(name, index)` makes of their names. */
function exported(binaryen, bytes, nameOf) {
  const module = binaryen.readBinary(bytes);
  const { MutableGlobals, SignExt, NontrappingFPToInt, BulkMemory } = binaryen.Features;
  module.setFeatures(MutableGlobals | SignExt | NontrappingFPToInt | BulkMemory);
  let index = 0;
  for (let i = 0; i < module.getNumGlobals(); i++) {
    const global = binaryen.getGlobalInfo(module.getGlobalByIndex(i));
    if (!global.mutable || global.module) continue;
    module.addGlobalExport(global.name, nameOf(global.name, index++));
  }
  if (!module.validate()) fail("the module is not valid after its globals were exported");
  return module;
}

/** 0 -> "a", 25 -> "z", 26 -> "aa". No digits: JavaScript would put such names in an order of its own. */
function letters(index) {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}

/** "assembly/time/clock/now" -> "now", or "now.2" for a second one. */
function shortName(name, used) {
  const last = name.slice(name.lastIndexOf("/") + 1);
  let short = last;
  for (let i = 2; used.has(short); i++) short = `${last}.${i}`;
  used.add(short);
  return short;
}

async function loadBinaryen() {
  return (await import("binaryen")).default;
}

async function main() {
  mkdirSync(path.join(root, "build"), { recursive: true });
  run("abi.mjs", path.join(root, "tools/abi.mjs"));
  compile();
  run("inline.mjs", path.join(root, "tools/inline.mjs"), NAMED);
  await exportState();
  run("tsc", path.join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.json");
  console.error(`build: ringlet.wasm has ${readFileSync(SHIPPED).length} bytes`);
}

// An uncaught error inside binaryen would print its whole minified source.
main().catch((error) => fail(String(error?.message ?? error).slice(0, 2000)));
