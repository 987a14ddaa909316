// Every recording says the same again, byte for byte: in the host for Node (docs/recording.md).
//
// `npm run recordings` renews them after a change that is meant to alter what the phone says.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compileModule } from "../../host/node/module.js";
import { readRecording } from "../../host/node/recording-file.js";
import { replay } from "../../host/node/replay.js";
import { filesBelow, readText } from "../support/files.js";

const FILES = filesBelow("tests/recordings", ".rec");
const compiled = compileModule();

for (const file of FILES) {
  test(file, () => {
    for (const { call, seen } of replay(readRecording(readText(file)), compiled))
      assert.deepEqual(seen, call.expected, `line ${call.line}: ${call.name}`);
  });
}

test("there are 50 recordings at least, together below 2.5 MB", () => {
  assert.ok(FILES.length >= 50, String(FILES.length));
  const bytes = FILES.reduce((sum, file) => sum + readText(file).length, 0);
  assert.ok(bytes < 2_500_000, String(bytes));
});

test("a recording that is altered by one octet is found out", () => {
  const recording = readRecording(readText(FILES[0] ?? ""));
  const call = recording.calls.find(({ expected }) => expected.length > 2);
  assert.ok(call);
  call.expected[1] = `${call.expected[1]} `;
  const different = [...replay(recording, compiled)].filter(({ isSame }) => !isSame);
  assert.deepEqual(
    different.map((step) => step.call.line),
    [call.line],
  );
});
