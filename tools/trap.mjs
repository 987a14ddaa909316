// Plants traps in the shipped module: `node tools/trap.mjs` writes build/ringlet.trap.wasm.
//
// No input is known to trap, so hosts prove with this build that they put the state back. It is the shipped module but
// for four exports in front of the real ones. A datagram (or a chunk of a stream) that begins with `TRAP ` and a letter
// works the traps; but for `r` the real sip_receive gets it too, and drops it:
//
//   TRAP r   sip_receive overwrites half of memory and every global, and traps
//   TRAP t   sip_tick does so, until a sip_end_due has run
//   TRAP T   sip_tick does so
//   TRAP c   sip_call does so
//   TRAP o   no more traps
//
// The letter is kept in a global of its own, which is exported as `trap`: it is a part of what a host saves.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./files.mjs";

const SHIPPED = path.join(root, "build/ringlet.wasm");
export const PLANTED = path.join(root, "build/ringlet.trap.wasm");

/** "TRAP", as a little-endian word; behind it a blank and the letter. */
const MAGIC = 0x50415254;
const LETTER_AT = 5;
const LEAST_BYTES = 6;
/** Parameters of sip_receive. */
const LENGTH = 3;

/** Writes the module with the traps; answers where. */
export async function plantTraps() {
  const binaryen = (await import("binaryen")).default;
  const module = binaryen.readBinary(readFileSync(SHIPPED));
  const { MutableGlobals, SignExt, NontrappingFPToInt, BulkMemory } = binaryen.Features;
  module.setFeatures(MutableGlobals | SignExt | NontrappingFPToInt | BulkMemory);
  new Planter(binaryen, module).plant();
  if (!module.validate()) throw new Error("the module with traps is not valid");
  module.runPasses(["strip-debug", "strip-producers", "strip-target-features"]);
  writeFileSync(PLANTED, module.emitBinary());
  return PLANTED;
}

class Planter {
  constructor(binaryen, module) {
    this.binaryen = binaryen;
    this.module = module;
    /** Every mutable global, before ours. */
    this.globals = [];
    for (let i = 0; i < module.getNumGlobals(); i++) {
      const global = binaryen.getGlobalInfo(module.getGlobalByIndex(i));
      if (global.mutable && !global.module) this.globals.push(global);
    }
  }

  plant() {
    const { module } = this;
    module.addGlobal("trap", this.binaryen.i32, true, module.i32.const(0));
    module.addGlobalExport("trap", "trap");
    module.addFunction("trap:scribble", this.binaryen.none, this.binaryen.none, [], this.scribble());
    this.putBefore("sip_receive", () => this.obey());
    this.putBefore("sip_tick", () => this.trapOn("t", "T"));
    this.putBefore("sip_call", () => this.trapOn("c"));
    if (this.hasExport("sip_end_due")) this.putBefore("sip_end_due", () => this.stopOnce());
  }

  hasExport(name) {
    return this.names().includes(name);
  }

  names() {
    const all = [];
    for (let i = 0; i < this.module.getNumExports(); i++)
      all.push(this.binaryen.getExportInfo(this.module.getExportByIndex(i)).name);
    return all;
  }

  /** Exports a function that does `first()` and then what the export did. */
  putBefore(name, first) {
    const { binaryen, module } = this;
    const real = binaryen.getExportInfo(module.getExport(name)).value;
    const { params, results } = binaryen.getFunctionInfo(module.getFunction(real));
    const types = binaryen.expandType(params);
    const words = types.map((type, i) => module.local.get(i, type));
    const body = module.block(null, [first(), module.call(real, words, results)], results);
    module.addFunction(`trap:${name}`, params, results, [], body);
    module.removeExport(name);
    module.addFunctionExport(`trap:${name}`, name);
  }

  letter(text) {
    return this.module.i32.const(text.charCodeAt(0));
  }

  isSet(text) {
    const { module } = this;
    return module.i32.eq(module.global.get("trap", this.binaryen.i32), this.letter(text));
  }

  /** A datagram that begins with the magic word sets the letter; `r` traps at once. */
  obey() {
    const { binaryen, module } = this;
    const length = () => module.local.get(LENGTH, binaryen.i32);
    const at = () => module.i32.sub(module.i32.shl(module.memory.size(), module.i32.const(16)), length());
    const isMagic = module.i32.eq(module.i32.load(0, 1, at()), module.i32.const(MAGIC));
    const set = module.block(null, [
      module.global.set("trap", module.i32.load8_u(LETTER_AT, 1, at())),
      this.trapOn("r"),
    ]);
    const isLong = module.i32.ge_s(length(), module.i32.const(LEAST_BYTES));
    return module.if(isLong, module.if(isMagic, set));
  }

  trapOn(...letters) {
    return this.module.block(
      null,
      letters.map((text) =>
        this.module.if(this.isSet(text), this.module.call("trap:scribble", [], this.binaryen.none)),
      ),
    );
  }

  stopOnce() {
    return this.module.if(this.isSet("t"), this.module.global.set("trap", this.letter("o")));
  }

  /** Spoils all that a host has to put back, and traps. */
  scribble() {
    const { binaryen, module } = this;
    const half = module.i32.shl(module.memory.size(), module.i32.const(15));
    const spoilt = this.globals.map(({ name, type }) => module.global.set(name, this.spoilt(type)));
    const fill = module.memory.fill(module.i32.const(64), module.i32.const(0xa5), half);
    return module.block(null, [fill, ...spoilt, module.unreachable()], binaryen.none);
  }

  spoilt(type) {
    const { binaryen, module } = this;
    return type === binaryen.i64 ? module.i64.const(-1, -1) : module.i32.const(-1);
  }
}

// An uncaught error inside binaryen would print its whole minified source.
if (process.argv[1] === fileURLToPath(import.meta.url))
  plantTraps()
    .then((file) => console.error(`trap: wrote ${path.relative(root, file)}`))
    .catch((error) => {
      console.error(`trap: ${String(error?.message ?? error).slice(0, 2000)}`);
      process.exit(1);
    });
