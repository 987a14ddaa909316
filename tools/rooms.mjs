// Runs the as-pect specs of tests/rooms: `npm run rooms [-- FILTER]`, `npm run coverage [-- FILTER]`.
//
// as-pect exits 0 when it finds no spec, so the printed counts are checked here.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { checkCoverage } from "./coverage.mjs";
import { globSync, mkdirSync, rmSync, root, writeFileSync } from "./files.mjs";
import path from "node:path";

const cover = process.argv.includes("--coverage");
const filter = process.argv.slice(2).filter((word) => !word.startsWith("--"))[0] ?? "";
const specs = globSync(path.join(root, "tests/rooms"), ".spec.ts")
  .map((file) => path.relative(root, file))
  .filter((file) => file.includes(filter));
if (specs.length === 0) {
  console.error(`rooms: no spec matches "${filter}"`);
  process.exit(1);
}

// Absolute, because asc resolves a relative transform from its own folder.
const words = path.join(root, "tools/words-transform.mjs");
// A folder of its own, so that two runs at once do not read each other's list of specs.
const folder = path.join(root, `build/rooms/${process.pid}`);
mkdirSync(folder, { recursive: true });
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const asconfig = path.join(folder, "asconfig.json");
writeFileSync(
  asconfig,
  JSON.stringify({
    targets: {
      coverage: {
        lib: ["../../../node_modules/@as-covers/assembly/index.ts"],
        transform: [words, "@as-covers/transform", "@as-pect/transform"],
      },
      noCoverage: { transform: [words, "@as-pect/transform"] },
    },
    options: {
      exportMemory: true,
      outFile: "output.wasm",
      textFile: "output.wat",
      bindings: "raw",
      exportStart: "_start",
      exportRuntime: true,
      use: ["RTRACE=1"],
      debug: true,
      exportTable: true,
    },
    entries: ["../../../node_modules/@as-pect/assembly/assembly/index.ts"],
  }),
);
const config = path.join(folder, "as-pect.config.mjs");
// as-covers prints percentages of files only; its points are needed to say anything of a room.
const pointsFile = path.join(folder, "points.json");
const keepPoints = `import { writeFileSync } from "node:fs";
import { Covers } from "@as-covers/glue";
const stringify = Covers.prototype.stringify;
Covers.prototype.stringify = function () {
  const points = [...this.coverPoints.values()].map(({ file, covered }) => ({ file, covered }));
  writeFileSync(${JSON.stringify(pointsFile)}, JSON.stringify(points));
  return stringify.call(this);
};
`;
writeFileSync(
  config,
  `${cover ? keepPoints : ""}export default {
  entries: ${JSON.stringify(specs)},
  include: ["tests/rooms/**/*.include.ts"],
  disclude: [/node_modules/],
  coverage: ${cover ? '["assembly/**/*.ts"]' : "[]"},
  async instantiate(memory, createImports, instantiate, binary) {
    return instantiate(binary, createImports({ env: { memory } }));
  },
  outputBinary: false,
};
`,
);

const run = spawnSync(
  process.execPath,
  [
    path.join(root, "node_modules/@as-pect/cli/bin/asp.js"),
    "--no-logo",
    "--config",
    path.relative(root, config),
    "--as-config",
    path.relative(root, asconfig),
    ...(process.env.ROOMS_VERBOSE ? ["--verbose"] : ["--summary"]),
  ],
  { cwd: root, encoding: "utf8", timeout: 600_000, maxBuffer: 1 << 28 },
);
const plain = stripped(run.stdout ?? "");
// An uncaught error prints the minified source of binaryen first: leave such lines out.
const errors = stripped(run.stderr ?? "")
  .split("\n")
  .filter((line) => line.length < 2000);
if (cover) process.stdout.write(plain.slice(Math.max(0, plain.indexOf("ASC Version"))));
process.stderr.write(errors.join("\n") + "\n");
if (run.error) console.error(`rooms: ${run.error.message}`);

// as-pect's own words: "✔ FILE Pass: 3 / 3 Todo: 0" for each file, or with --verbose a File and a Summary.
const said = [plain, ...errors].join("\n");
const counted = new Map();
for (const [, file, good, all, todo] of said.matchAll(/(\S+\.spec\.ts) Pass: (\d+) \/ (\d+) Todo: (\d+)/g)) {
  counted.set(file, [Number(good), Number(all), Number(todo)]);
}
for (const [, file, good, all] of said.matchAll(
  /\[File\]: (\S+)[^]*?\[Summary\]:\s+(\d+) pass,\s+\d+ fail,\s+(\d+) total/g,
)) {
  counted.set(file, [Number(good), Number(all), 0]);
}
const silent = specs.filter((file) => !(counted.get(file)?.[1] > 0));
for (const file of silent) console.error(`rooms: ${file} ran no test`);
const sum = (column) => [...counted.values()].reduce((all, row) => all + row[column], 0);
const passed = sum(0);
const failed = sum(1) - passed;
console.log(`rooms: ${passed} passed, ${failed} failed, ${sum(2)} skipped`);
if (cover && filter === "") {
  const points = existsSync(pointsFile) ? JSON.parse(readFileSync(pointsFile, "utf8")) : [];
  const problems = checkCoverage(points);
  for (const problem of problems) console.error(`coverage: ${problem}`);
  if (problems.length > 0) process.exit(1);
}
process.exit(run.status === 0 && passed > 0 && failed === 0 && silent.length === 0 ? 0 : 1);

function stripped(text) {
  // eslint-disable-next-line no-control-regex
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}
