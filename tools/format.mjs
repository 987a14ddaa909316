// Formatting: `npm run format` writes, `npm run format:check` only looks.
//
// Prettier reads AssemblyScript through its plugin: the plain TypeScript parser refuses `@inline function`.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { globSync, root } from "./files.mjs";
import { makeFresh } from "./fresh.mjs";

const write = process.argv.includes("--write");
const only = process.argv.slice(2).filter((word) => !word.startsWith("--"));

function files(...folders) {
  return folders
    .flatMap((folder) => globSync(path.join(root, folder), "s"))
    .filter((file) => /\.(ts|mjs)$/.test(file))
    .map((file) => path.relative(root, file))
    .filter((file) => only.length === 0 || only.some((part) => file.includes(part)));
}

/** In pieces: a command line holds only so much. */
function format(list, ...options) {
  for (let i = 0; i < list.length; i += 100) {
    const words = [
      write ? "--write" : "--check",
      "--log-level",
      "warn",
      ...options,
      ...list.slice(i, i + 100),
    ];
    const prettier = path.join(root, "node_modules/prettier/bin/prettier.cjs");
    const run = spawnSync(process.execPath, [prettier, ...words], { cwd: root, stdio: "inherit" });
    if (run.status !== 0) process.exitCode = 1;
  }
}

if (!write) await makeFresh();
const isRoomSpec = (file) => file.startsWith(path.join("tests", "rooms"));
const typescript = files("bin", "tools", "host", "examples", "tests").filter((file) => !isRoomSpec(file));
format(typescript);
format([...files("assembly"), ...files("tests/rooms")], "--plugin", "assemblyscript-prettier");
