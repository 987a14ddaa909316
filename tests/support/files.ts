// The project's own files, for tests that read them.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the project, seen from build/js/tests/support. */
export const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

export function readText(file: string): string {
  return readFileSync(path.join(ROOT, file), "utf8");
}

/** Every file below `folder` whose name ends with `ending`, as paths from the project's folder. */
export function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const file = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(file, ending);
      return entry.name.endsWith(ending) ? [file] : [];
    })
    .sort();
}
