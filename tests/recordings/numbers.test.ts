// --hide-numbers: every recording that is kept replays with other numbers, and none of the old ones is left in it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { compileModule } from "../../host/node/module.js";
import { RecordedNumbers } from "../../host/node/recorded-numbers.js";
import { readRecording } from "../../host/node/recording-file.js";
import { replay } from "../../host/node/replay.js";
import { filesBelow, ROOT } from "../support/files.js";

const compiled = compileModule();

/** The text of a recording without state, with other numbers. */
function hidden(text: string): string {
  const numbers = new RecordedNumbers();
  const lines = text.split("\n");
  for (const line of lines) numbers.learn(line);
  return numbers.hidden(lines).join("\n");
}

function differences(text: string): number[] {
  return [...replay(readRecording(text), compiled)]
    .filter(({ isSame }) => !isSame)
    .map(({ call }) => call.line);
}

/** The users of URIs. */
function users(text: string): string[] {
  return [...new Set([...text.matchAll(/sips?:\+?(\d{3,})@/g)].map(([, number]) => number ?? ""))];
}

test("every kept recording replays with other numbers", () => {
  let hiding = 0;
  for (const file of filesBelow("tests/recordings", ".rec")) {
    const text = readFileSync(path.join(ROOT, file), "utf8");
    const shown = hidden(text);
    assert.equal(shown.length, text.length, file);
    assert.deepEqual(differences(shown), [], file);
    for (const number of users(text)) assert.equal(shown.includes(number), false, `${file}: ${number}`);
    hiding += users(text).length;
  }
  assert.ok(hiding > 3);
});

/** Alice and Bob have numbers: one that could be a length, a status and an interval, one in quotes, one with a plus. */
for (const [alice, bob] of [
  ["120", "+493012345"],
  ["200", "180"],
  ["1800", "5060"],
  ["4711", "0815"],
] as const)
  test(`they are called ${alice} and ${bob}`, () => {
    for (const file of filesBelow("tests/recordings", ".rec").filter((each) =>
      /rfc3665|rfc4028|registration-basic/.test(each),
    )) {
      const text = readFileSync(path.join(ROOT, file), "utf8");
      // What another user makes of lengths and lines is no matter here: only inputs count, and what they lead to now.
      const named = renamed(text, alice, bob);
      const shown = hidden(named);
      assert.deepEqual(differences(shown), [], file);
      assert.equal(new RegExp(`sips?:[+]?(${alice}|${bob.slice(1)})@`).test(shown), false, file);
    }
  });

/** The recording with other users, and what the module makes of that. */
function renamed(text: string, alice: string, bob: string): string {
  const other = text
    .split("\n")
    .map((line) =>
      line.startsWith("in ")
        ? line
            .replace(/(sips?:|user_name = )alice\b/g, `$1${alice}`)
            .replace(/(sips?:|user_name = )bob\b/g, `$1${bob}`)
        : line,
    )
    .join("\n");
  const recording = readRecording(other);
  const lines = other.split("\n");
  const made = [...replay(recording, compiled)].flatMap(({ call, seen }) => [
    lines[call.line - 1] ?? "",
    ...seen,
  ]);
  return [lines[0], ...made, ""].join("\n");
}
