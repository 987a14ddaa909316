// `npm start` on real sockets: a call that is refreshed twice and ends by itself within two minutes.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { ROOT } from "../support/files.js";

const ENTRY = new URL("../../examples/demonstration.js", import.meta.url).href;

function runDemonstration(): Promise<{ code: number | null; output: string }> {
  const line = `import(${JSON.stringify(ENTRY)}).then((m) => m.main())`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", line], { cwd: ROOT });
  let output = "";
  child.stdout.on("data", (text: Buffer) => (output += text.toString()));
  child.stderr.on("data", (text: Buffer) => (output += text.toString()));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
}

test(
  "the demonstration: called, explained, refreshed twice, hung up, in two minutes",
  { timeout: 150_000 },
  async () => {
    const before = performance.now();
    const { code, output } = await runDemonstration();
    assert.equal(code, 0, output);
    assert.ok(performance.now() - before < 125_000);
    const story = [
      "INVITE",
      "180 Ringing",
      "200 OK",
      "ACK",
      "The session lasts 90 seconds",
      "UPDATE",
      "UPDATE",
      "BYE",
      "200 OK",
    ];
    let at = 0;
    for (const words of story) {
      at = output.indexOf(words, at) + 1;
      assert.ok(at > 0, `${words} is missing in\n${output}`);
    }
    assert.equal(output.match(/Refreshed by caller/g)?.length, 2);
    assert.equal(output.match(/--- BYE/g)?.length, 1);
  },
);
