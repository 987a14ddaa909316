// A look inside the module, for what no record tells: how much of its tables is in use.
//
// The mutable globals are exported, and the build with names tells what they are; a pool is
// (kind, count, used, ...) in linear memory.

import { readFileSync } from "node:fs";
import { compileModule, MODULE_FILE, type RingletModule } from "../../host/node/module.js";

const NAMES = WebAssembly.Module.exports(
  compileModule(readFileSync(MODULE_FILE.replace(".wasm", ".debug.wasm"))),
)
  .filter(({ kind }) => kind === "global")
  .map(({ name }) => name);

/** What is taken out of the pools, and bytes of kept blocks. */
export interface InUse {
  calls: number;
  dialogs: number;
  transactions: number;
  queries: number;
  subscriptions: number;
  keptBytes: number;
}

export const NOTHING_IN_USE: InUse = {
  calls: 0,
  dialogs: 0,
  transactions: 0,
  queries: 0,
  subscriptions: 0,
  keptBytes: 0,
};

export function inUse(module: RingletModule): InUse {
  return {
    calls: usedOf(module, "calls"),
    dialogs: usedOf(module, "dialogs"),
    transactions: usedOf(module, "transactions"),
    queries: usedOf(module, "queries"),
    subscriptions: usedOf(module, "subscriptions"),
    keptBytes: globalOf(module, "inUse"),
  };
}

export function globalOf(module: RingletModule, name: string): number {
  const global = module["globals"][NAMES.indexOf(name)];
  if (!global) throw new Error(`no global ${name} is exported`);
  return Number(global.value);
}

function usedOf(module: RingletModule, name: string): number {
  const pool = globalOf(module, name);
  return new DataView(module["memory"].buffer).getUint32(pool + 8, true);
}
