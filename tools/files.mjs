// Files and folders, as the tools need them.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the project. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

export { mkdirSync, rmSync, writeFileSync };

/** Every file below `folder` whose name ends with `ending`, sorted. */
export function globSync(folder, ending) {
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...globSync(file, ending));
    else if (entry.name.endsWith(ending)) found.push(file);
  }
  return found.sort();
}
