#!/usr/bin/env node
// Ringlet's command: makes sure that what it runs is installed and built, then runs it.
//
// Plain JavaScript on Node alone, so that it works on a fresh clone. Without arguments it shows the
// demonstration; with arguments it is the command line of host/node/command-line.ts.
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const words = process.argv.slice(2);
// `npm start -- --config FILE` runs the phone.
const programWords =
  words[0]?.startsWith("--") && !["--help", "--version"].includes(words[0]) ? ["run", ...words] : words;

if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error(`ringlet: needs Node 20 or later, this is ${process.version}`);
  process.exit(1);
}
try {
  const { makeFresh } = await import("../tools/fresh.mjs");
  await makeFresh();
} catch (error) {
  console.error(`ringlet: ${error.message}`);
  process.exit(1);
}
const program = words.length === 0 ? "examples/demonstration.js" : "host/node/command-line.js";
const { main } = await import(pathToFileURL(path.join(root, "build/js", program)).href);
await main(programWords);
