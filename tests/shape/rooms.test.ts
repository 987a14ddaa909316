// Rooms import downwards only. asc accepts cycles without a word, so the import lines are read here.

import assert from "node:assert/strict";
import { test } from "node:test";
import { filesBelow, readText } from "../support/files.js";

/** From high to low (docs/architecture.md, "Rooms"); rooms of one row never import each other. */
const FLOORS = [
  ["index.ts"],
  ["abi"],
  ["agent"],
  ["probe", "csta"],
  ["session", "registration", "subscription"],
  ["account"],
  ["settings"],
  ["auth"],
  ["dialog"],
  ["transaction"],
  ["transport"],
  ["sdp", "xml"],
  ["message"],
  ["crypto"],
  ["output"],
  ["handle"],
  ["time"],
  ["bytes"],
];

function roomOf(file: string): string {
  return file.split("/")[1] ?? "";
}

function floorOf(room: string): number {
  return FLOORS.findIndex((rooms) => rooms.includes(room));
}

function importsOf(file: string): string[] {
  const found = [...readText(file).matchAll(/^(?:import|export)\b[^"';]*["'](\.[^"']*)["']/gm)];
  return found.map(([, target = ""]) => new URL(target, `file:///${file}`).pathname.slice(1));
}

const sources = filesBelow("assembly", ".ts");

test("every folder of assembly is a room with a floor", () => {
  const homeless = sources.map(roomOf).filter((room) => floorOf(room) < 0);
  assert.deepEqual([...new Set(homeless)], []);
  assert.ok(sources.length > 20);
});

test("no room imports a room above or beside it", () => {
  const wrong = sources.flatMap((file) =>
    importsOf(file)
      .filter((target) => roomOf(target) !== roomOf(file))
      .filter((target) => floorOf(roomOf(target)) <= floorOf(roomOf(file)))
      .map((target) => `${file} imports ${target}`),
  );
  assert.deepEqual(wrong, []);
});

test("an import of the room's own text is found, so that the tests above can fail", () => {
  const all = sources.flatMap(importsOf);
  assert.ok(all.includes("assembly/bytes/slice"));
});
