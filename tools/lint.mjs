// Lint: `npm run lint`. tsc reads the module's source as AssemblyScript, and the hosts and tests strictly;
// the room imports and the words of the hosts are tests of their own (tests/shape).
import { spawnSync } from "node:child_process";
import path from "node:path";
import { root } from "./files.mjs";
import { makeFresh } from "./fresh.mjs";

await makeFresh();
const tsc = path.join(root, "node_modules/typescript/bin/tsc");
for (const project of ["assembly/tsconfig.json", "tsconfig.json"]) {
  const checked = spawnSync(process.execPath, [tsc, "--noEmit", "-p", project], {
    cwd: root,
    stdio: "inherit",
  });
  console.log(`lint: ${project} ${checked.status === 0 ? "is clean" : "has errors"}`);
  if (checked.status !== 0) process.exitCode = 1;
}
