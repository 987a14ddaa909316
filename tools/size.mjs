// What the module's bytes are for: `npm run size`. One table by section, one by room.
//
// The names come from build/ringlet.debug.wasm, which is the shipped module before its names were stripped. A
// function that the compiler has put into its caller counts where it was put.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./files.mjs";
import { makeFresh } from "./fresh.mjs";

const SHIPPED = path.join(root, "build/ringlet.wasm");
const NAMED = path.join(root, "build/ringlet.debug.wasm");
/** Where the budget stands that the tests hold the module to. */
const BUDGET = path.join(root, "tests/shape/module.test.ts");

const SECTIONS = [
  ["custom", "custom"],
  ["type", "types of functions"],
  ["import", "imports"],
  ["function", "function list"],
  ["table", "tables"],
  ["memory", "memory"],
  ["global", "globals"],
  ["export", "exports, the mutable globals among them"],
  ["start", "start"],
  ["element", "elements of tables"],
  ["code", "code"],
  ["data", "data: texts and tables of the source"],
  ["data count", "data count"],
];
const [CUSTOM, CODE] = [0, 10];
const FUNCTION_NAMES = 1;

/** Reads a module, or a part of one, from front to back. */
class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get isAtEnd() {
    return this.at >= this.bytes.length;
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** An unsigned LEB128 number. */
  number() {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  take(count) {
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  text() {
    return this.take(this.number()).toString("utf8");
  }
}

/** Every section as {id, bytes, whole}; `whole` counts its head too. */
function sectionsOf(wasm) {
  const reader = new Reader(wasm, 8);
  const sections = [];
  while (!reader.isAtEnd) {
    const from = reader.at;
    const id = reader.byte();
    const bytes = reader.take(reader.number());
    sections.push({ id, bytes, whole: reader.at - from });
  }
  return sections;
}

/** The size of each function that is defined in the module, its length field included. */
function functionSizes(code) {
  const reader = new Reader(code);
  return Array.from({ length: reader.number() }, () => {
    const from = reader.at;
    reader.take(reader.number());
    return reader.at - from;
  });
}

/** Names by the number of the function. The module has no imports, so these are the ones of the code section. */
function functionNames(sections) {
  for (const { id, bytes } of sections) {
    if (id !== CUSTOM) continue;
    const reader = new Reader(bytes);
    if (reader.text() !== "name") continue;
    while (!reader.isAtEnd) {
      const kind = reader.byte();
      const part = reader.take(reader.number());
      if (kind === FUNCTION_NAMES) return namesIn(new Reader(part));
    }
  }
  throw new Error("build/ringlet.debug.wasm has no names");
}

function namesIn(reader) {
  const names = new Map();
  for (let left = reader.number(); left > 0; left--) names.set(reader.number(), reader.text());
  return names;
}

/** "assembly/message/parse/parseMessage" -> ["message", "message/parse.ts"]. */
function placeOf(name) {
  if (name.startsWith("~lib/")) return ["AssemblyScript's library", name];
  const parts = /^assembly\/(.+)\/[^/]+$/.exec(name.replace(/[#|<].*$/, ""))?.[1]?.split("/");
  if (!parts) return ["start", name];
  const room = parts.length > 1 ? parts[0] : "index";
  return [room, `${parts.join("/")}.ts`];
}

function addTo(map, key, bytes) {
  const { count, sum } = map.get(key) ?? { count: 0, sum: 0 };
  map.set(key, { count: count + 1, sum: sum + bytes });
}

function print(title, rows, total) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)));
  console.log(title);
  for (const [name, ...numbers] of rows) {
    const share = ((100 * numbers.at(-1)) / total).toFixed(1).padStart(5);
    const cells = numbers.map((n, i) => String(n).padStart(widths[i + 1] + 2));
    console.log(`  ${name.padEnd(widths[0])}${cells.join("")} bytes ${share} %`);
  }
  console.log("");
}

function printSections(wasm) {
  const rows = sectionsOf(wasm).map(({ id, whole }) => [SECTIONS[id]?.[1] ?? `section ${id}`, whole]);
  print("By section", [["head", 8], ...rows], wasm.length);
}

/** With a word of the command line, the files of that room; otherwise the rooms. */
function printRooms(wasm, wanted) {
  const sections = sectionsOf(wasm);
  const sizes = functionSizes(sections.find(({ id }) => id === CODE).bytes);
  const names = functionNames(sections);
  const groups = new Map();
  sizes.forEach((bytes, i) => {
    const [room, file] = placeOf(names.get(i) ?? "");
    if (!wanted) addTo(groups, room, bytes);
    else if (room === wanted) addTo(groups, file, bytes);
  });
  if (groups.size === 0) throw new Error(`no room is called "${wanted}"`);
  const rows = [...groups].map(([name, { count, sum }]) => [name, count, sum]).sort((a, b) => b[2] - a[2]);
  print(`Code by ${wanted ? "file" : "room"}: functions, bytes`, rows, readFileSync(SHIPPED).length);
}

/** `96 * 1024` as a number; null if the test no longer says it in this way. */
function budget() {
  if (!existsSync(BUDGET)) return null;
  const factors = /BUDGET_BYTES = ([\d_* ]+);/.exec(readFileSync(BUDGET, "utf8"))?.[1];
  return factors
    ? factors.split("*").reduce((product, n) => product * Number(n.replaceAll("_", "")), 1)
    : null;
}

async function main() {
  await makeFresh();
  const shipped = readFileSync(SHIPPED);
  printSections(shipped);
  printRooms(readFileSync(NAMED), process.argv[2]);
  const most = budget();
  const left = most === null ? "" : `, ${most - shipped.length} below the budget of ${most}`;
  console.log(`build/ringlet.wasm: ${shipped.length} bytes${left}`);
}

main().catch((error) => {
  console.error(`size: ${error.message}`);
  process.exit(1);
});
