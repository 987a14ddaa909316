// Every test: `npm test [-- FILTER]`. FILTER is a part of a test file's path, such as `pair` or `rooms/sdp`.
//
// Installs and builds what is stale, then runs the room specs (as-pect) and the rest (node --test) side by
// side. The last line is the sum. A part of tests/ in which nothing ran is a failure: so is, with
// RINGLET_REQUIRE_PEERS=1, a test of interop or of recordings that was skipped.
import { readdirSync } from "node:fs";
import path from "node:path";
import { makeFresh } from "./fresh.mjs";
import { globSync, root } from "./files.mjs";
import { compiled, runNode, runTests } from "./node-tests.mjs";

const filter = process.argv[2] ?? "";
const counts = { passed: 0, failed: 0, skipped: 0 };
const problems = [];

async function runRooms() {
  const roomFilter = filter.startsWith("rooms/")
    ? filter.slice("rooms/".length)
    : filter === "rooms"
      ? ""
      : filter;
  if (!globSync(path.join(root, "tests/rooms"), ".spec.ts").some((file) => partOf(file).includes(filter)))
    return;
  const { code, output } = await runNode([path.join(root, "tools/rooms.mjs"), roomFilter]);
  console.log(`\n---- rooms ----\n${output.trim()}`);
  const said = /^rooms: (\d+) passed, (\d+) failed, (\d+) skipped$/m.exec(output);
  if (code !== 0) problems.push("the room specs failed");
  add("passed", Number(said?.[1] ?? 0));
  add("failed", Number(said?.[2] ?? 0));
  add("skipped", Number(said?.[3] ?? 0));
}

/** The compiled tests whose source still exists, by part: the folders of tests/. */
function nodeTests() {
  const tests = globSync(path.join(root, "tests"), ".test.ts").filter((file) =>
    partOf(file).includes(filter),
  );
  return tests.map((file) => compiled(path.relative(root, file)));
}

function partOf(file) {
  return path.relative(path.join(root, "tests"), file);
}

async function runNodeTests() {
  const files = nodeTests();
  if (files.length === 0) return;
  const { code, output, results } = await runTests(files);
  console.log(`\n---- node --test ----\n${output.trim()}`);
  if (code !== 0) problems.push("node --test failed");
  for (const { result } of results) add(result, 1);
  tellSkipped(results.filter(({ result }) => result === "skipped"));
  const parts = new Set(
    results
      .filter(({ result }) => result !== "skipped" || process.env.RINGLET_REQUIRE_PEERS !== "1")
      .map(({ file }) => folderOf(file)),
  );
  if (filter === "") {
    for (const part of partsThatShouldRun()) if (!parts.has(part)) problems.push(`tests/${part} ran no test`);
  }
}

function folderOf(file) {
  return path.relative(path.join(root, "build/js/tests"), file).split(path.sep)[0];
}

/** By name, so that a folder that lost its tests is missed; and whatever else there is. `peers` is data of other tests. */
function partsThatShouldRun() {
  const present = readdirSync(path.join(root, "tests")).filter(
    (name) => !["rooms", "support", "peers"].includes(name),
  );
  return new Set(["host", "interop", "pair", "script", "shape", "torture", ...present]);
}

function tellSkipped(skipped) {
  if (skipped.length > 0) console.log(`\n---- skipped: ${skipped.length} ----`);
  for (const { file, name, why } of skipped)
    console.log(`${folderOf(file)}: ${name}${why ? ` (${why})` : ""}`);
  for (const part of ["interop", "recordings"]) {
    const count = skipped.filter(({ file }) => folderOf(file) === part).length;
    if (count > 0 && process.env.RINGLET_REQUIRE_PEERS === "1")
      problems.push(`${count} tests of ${part} were skipped`);
  }
}

function add(result, count) {
  counts[result] += count;
}

try {
  await makeFresh();
  await Promise.all([runRooms(), runNodeTests()]);
} catch (error) {
  problems.push(error.message);
}
if (counts.passed + counts.failed === 0) problems.push(`no test ran${filter && ` for "${filter}"`}`);
for (const problem of problems) console.error(`test: ${problem}`);
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(problems.length === 0 && counts.failed === 0 ? 0 : 1);
