// The shipped module as C and then as a program: Debian's wasm2c, clang with its counters.
//
// Programs are kept in build/native and made again when the module, a source or a flag has changed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { mkdirSync, rmSync, root, writeFileSync } from "./files.mjs";

const FOLDER = path.join(root, "build/native");
const WASM = path.join(root, "build/ringlet.wasm");
/** wasm2c's own runtime, where Debian's package puts it. */
const RUNTIME = "/usr/share/wabt/wasm2c";
const FUZZER = "/usr/lib/llvm-14/lib/clang/14.0.6/lib/linux";
const INSTALL = "apt-get install wabt clang-14 libclang-rt-14-dev";

const FLAGS = [
  "-O1",
  "-std=gnu11",
  // Behind the last byte of memory lies a page that nobody may touch: an access there ends the program, and no
  // block that is counted is one of a check. Where copies and divisions trap, the program stops at once too.
  "-DWASM_RT_MEMCHECK_SIGNAL_HANDLER=1",
  "-DWASM_RT_SKIP_SIGNAL_RECOVERY=1",
  "-DWASM_RT_TRAP_HANDLER=onTrap",
  // The module never calls itself without end: a chain of calls this deep is a finding.
  "-DWASM_RT_USE_STACK_DEPTH_COUNT=1",
  "-DWASM_RT_MAX_CALL_STACK_DEPTH=100",
];
/** Calls __sanitizer_cov_trace_pc at every basic block of the module; phone.c counts them. */
const COUNTED = "-fsanitize-coverage=trace-pc";
const WRAPPED = "-Wl,--wrap=__sanitizer_cov_trace_pc";

/** What can't be done without; thrown with one line that says how to get it. */
export class MissingTools extends Error {}

/** Empty when everything is there. */
export function missingTools() {
  const missing = [
    ["wasm2c", hasProgram("wasm2c") && existsSync(path.join(RUNTIME, "wasm-rt-impl.c"))],
    ["clang-14", hasProgram("clang-14")],
    ["libclang_rt.fuzzer", existsSync(FUZZER)],
  ];
  return missing.filter(([, isThere]) => !isThere).map(([name]) => name);
}

function hasProgram(name) {
  return spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0;
}

/** The path of build/native/`name`, made from tests/fuzz/phone.c and tests/fuzz/`name`.c. */
export function nativeProgram(name, { isFuzzer = false } = {}) {
  const missing = missingTools();
  if (missing.length > 0) throw new MissingTools(`${missing.join(", ")} missing: ${INSTALL}`);
  const sources = ["phone.h", "phone.c", `${name}.c`].map((file) => path.join(root, "tests/fuzz", file));
  const program = path.join(FOLDER, name);
  const hash = hashOf([WASM, ...sources, path.join(root, "tools/native.mjs")]);
  const stamp = `${program}.stamp`;
  if (existsSync(program) && existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return program;
  mkdirSync(FOLDER, { recursive: true });
  // Two programs that build at once do not meet: each has its folder, and the last one's result stays.
  const work = mkdtempSync(`${program}.`);
  try {
    make(work, sources.slice(1), isFuzzer);
    renameSync(path.join(work, "program"), program);
    writeFileSync(stamp, hash);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return program;
}

/** The names of the module's functions by their number, from the build that still has them. */
export async function functionNames() {
  const { default: binaryen } = await import("binaryen");
  const module = binaryen.readBinary(readFileSync(path.join(root, "build/ringlet.debug.wasm")));
  const count = module.getNumFunctions();
  return Array.from({ length: count }, (_, i) => binaryen.getFunctionInfo(module.getFunctionByIndex(i)).name);
}

function make(work, sources, isFuzzer) {
  const module = path.join(work, "ringlet.c");
  run("wasm2c", "-n", "ringlet", WASM, "-o", module);
  // Filling memory at the beginning is no work of the module, and hundreds of edges.
  const list = path.join(work, "not-counted");
  writeFileSync(list, "fun:init_*\n");
  const counted = [COUNTED, `-fsanitize-coverage-ignorelist=${list}`];
  const counters = isFuzzer ? ["-fsanitize=fuzzer-no-link", ...counted] : counted;
  const compile = (file, ...flags) => {
    const object = path.join(work, `${path.basename(file, ".c")}.o`);
    run("clang-14", ...FLAGS, ...flags, `-I${work}`, `-I${RUNTIME}`, "-c", file, "-o", object);
    return object;
  };
  const objects = [
    compile(module, "-w", ...counters),
    compile(path.join(RUNTIME, "wasm-rt-impl.c"), "-w"),
    ...sources.map((file) => compile(file, "-Wall", "-Wextra", "-Werror")),
  ];
  const link = isFuzzer ? ["-fsanitize=fuzzer"] : [];
  run("clang-14", ...link, WRAPPED, ...objects, "-lm", "-o", path.join(work, "program"));
}

function run(...words) {
  const [name, ...rest] = words;
  const ran = spawnSync(name, rest, { encoding: "utf8", maxBuffer: 1 << 28 });
  if (ran.status === 0) return;
  const said = `${ran.stdout ?? ""}${ran.stderr ?? ""}`.split("\n").slice(0, 20).join("\n");
  throw new Error(`${name} failed: ${ran.error?.message ?? said}`);
}

function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}
