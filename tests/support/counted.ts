// The shipped module with one addition: it counts how often the body of any loop begins.
//
// Exact and repeatable where times are not: a search that grows with what it searches shows at once.

import { readFileSync } from "node:fs";
import binaryen from "binaryen";
import { compileModule, MODULE_FILE, type RingletModule } from "../../host/node/module.js";

const WORK = "work";
const COUNT = "(global.set $work (i32.add (global.get $work) (i32.const 1)))";

export function countedModule(): WebAssembly.Module {
  const text = shippedText()
    .replace(/^(\s*\(loop\b.*)$/gm, `$1 ${COUNT}`)
    .replace(/^\(module/, `(module (global $work (export "${WORK}") (mut i32) (i32.const 0))`);
  const module = binaryen.parseText(text);
  module.setFeatures(features());
  const bytes = module.emitBinary();
  module.dispose();
  return compileModule(new Uint8Array(bytes));
}

/** The count of a phone made from `module`. */
export function workOf(phone: RingletModule, module: WebAssembly.Module): number {
  const globals = WebAssembly.Module.exports(module).filter(({ kind }) => kind === "global");
  const place = globals.findIndex(({ name }) => name === WORK);
  return Number(phone["globals"][place]?.value) >>> 0;
}

function shippedText(): string {
  const module = binaryen.readBinary(readFileSync(MODULE_FILE));
  module.setFeatures(features());
  const text = module.emitText();
  module.dispose();
  return text;
}

function features(): number {
  const { MutableGlobals, SignExt, NontrappingFPToInt, BulkMemory } = binaryen.Features;
  return MutableGlobals | SignExt | NontrappingFPToInt | BulkMemory;
}
