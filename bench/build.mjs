// Compiles what is measured into build/bench: Ringlet's message room alone, and one program for each C lane.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../tools/files.mjs";

export const built = path.join(root, "build/bench");
const INSTALL =
  "apt-get install --no-install-recommends gcc libc6-dev libosip2-dev libre-dev libsofia-sip-ua-dev wabt";
/** Where Debian's wabt keeps the C that goes with what its wasm2c writes. */
const RUNTIME = "/usr/share/wabt/wasm2c";
const SOFIA = "/usr/include/sofia-sip-1.12";

const NEEDED = [
  "/usr/include/osipparser2/osip_parser.h",
  "/usr/include/re/re_sip.h",
  path.join(SOFIA, "sofia-sip/sip.h"),
  path.join(RUNTIME, "wasm-rt-impl.c"),
];

/** One line that says what to install; empty if all is there. */
export function missing() {
  const absent = [
    ...NEEDED.filter((file) => !existsSync(file)),
    ...["wasm2c", "taskset"].filter((name) => !has(name)),
    ...(compiler() ? [] : ["a C compiler"]),
  ];
  return absent.length ? `needs ${absent.join(", ")}: ${INSTALL}` : "";
}

export function has(program) {
  return spawnSync(program, ["--version"], { stdio: "ignore" }).error === undefined;
}

/** What $CC says, or the first that is there. */
export function compiler() {
  return [process.env.CC, "gcc", "clang", "clang-14"].find((name) => name && has(name));
}

function run(program, ...words) {
  const ran = spawnSync(program, words, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  if (ran.status === 0) return;
  // Minified source of a tool that crashed is left out.
  const said = `${ran.stdout ?? ""}${ran.stderr ?? ""}`.split("\n").filter((line) => line.length < 2000);
  throw new Error(
    `${path.basename(program)} failed${ran.error ? `: ${ran.error.message}` : ""}\n${said.join("\n")}`,
  );
}

/** The words for asc that the shipped module is compiled with, from where they stand. */
function ascWords() {
  const { options } = JSON.parse(readFileSync(path.join(root, "asconfig.json"), "utf8"));
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const build = readFileSync(path.join(root, "tools/build.mjs"), "utf8");
  for (const name of ["--optimizeLevel", "--shrinkLevel"]) {
    const level = new RegExp(`"${name}",\\s*"(\\d)"`).exec(build)?.[1];
    if (level === undefined) throw new Error(`tools/build.mjs does not say ${name} any more`);
    words.push(name, level);
  }
  return words;
}

export const ASC_WORDS = ascWords();

function compileModule() {
  run(
    process.execPath,
    path.join(root, "node_modules/assemblyscript/bin/asc.js"),
    "bench/ringlet/fields.ts",
    // There is none: otherwise the entry of the shipped module would come along with its asconfig.json.
    "--config",
    "build/bench/none.json",
    "--outFile",
    path.join(built, "ringlet.wasm"),
    "--debug",
    ...ASC_WORDS,
    "--transform",
    path.join(root, "tools/words-transform.mjs"),
  );
  const file = path.join(built, "ringlet.wasm");
  run(process.execPath, path.join(root, "tools/inline.mjs"), file);
  run("wasm2c", "-n", "ringlet", file, "-o", path.join(built, "ringlet.c"));
}

const source = (name) => path.join(root, "bench/c", name);

function compileLane(name, ...words) {
  run(compiler(), "-O2", "-std=gnu11", source("lane.c"), ...words, "-o", path.join(built, name));
}

/** wasm2c's own flags: the generated C is full of warnings. `blocks` counts what is executed. */
function compileRinglet() {
  const include = ["-w", "-O2", "-std=gnu11", `-I${built}`, `-I${RUNTIME}`];
  const generated = path.join(built, "ringlet.c");
  const counting = path.join(built, "ringlet-blocks.o");
  const rest = [
    ...include,
    source("lane-ringlet.c"),
    path.join(RUNTIME, "wasm-rt-impl.c"),
    "-lm",
    "-lpthread",
  ];
  compileLane("lane-ringlet", generated, ...rest);
  run(compiler(), ...include, "-fsanitize-coverage=trace-pc", "-c", generated, "-o", counting);
  compileLane("lane-ringlet-blocks", counting, ...rest);
}

export function buildAll() {
  mkdirSync(built, { recursive: true });
  compileModule();
  compileRinglet();
  compileLane("lane-sofia", "-Wall", source("lane-sofia.c"), `-I${SOFIA}`, "-lsofia-sip-ua");
  compileLane("lane-osip", "-Wall", source("lane-osip.c"), "-losipparser2");
  compileLane("lane-re", "-Wall", source("lane-re.c"), "-lre");
}
