// The module with planted traps (tools/trap.mjs), and the datagrams that work them.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { compileModule } from "../../host/node/module.js";
import { ROOT } from "./files.js";

/** The first word of a datagram; what follows makes them differ. */
export const POISON = {
  now: "TRAP r",
  tickOnce: "TRAP t",
  everyTick: "TRAP T",
  call: "TRAP c",
  off: "TRAP o",
};

/** Built from the shipped module as it is now. */
export function plantedModule(): WebAssembly.Module {
  const built = spawnSync(process.execPath, ["tools/trap.mjs"], { cwd: ROOT, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`tools/trap.mjs failed\n${built.stderr}`);
  return compileModule(readFileSync(path.join(ROOT, "build/ringlet.trap.wasm")));
}
