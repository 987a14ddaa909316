// Every recording says the same again, byte for byte: in the host in C, on this machine and on ARM.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { MACHINES, type Machine, built, missing } from "../support/c-program.js";
import { filesBelow, readText, ROOT } from "../support/files.js";

const FILES = filesBelow("tests/recordings", ".rec");
const LIMIT_MS = 200_000;
const ENTRY = `import(${JSON.stringify(new URL("../../host/node/command-line.js", import.meta.url).href)}).then((m) => m.main(process.argv.slice(1)))`;

const folder = mkdtempSync(path.join(tmpdir(), "ringlet-replay-"));
after(() => rmSync(folder, { recursive: true }));

/** Starts a replayer; answers its exit code and what it said. */
function replay(command: string[], ...words: string[]) {
  const [program = "", ...first] = command;
  const ran = spawnSync(program, [...first, ...words], {
    cwd: ROOT,
    encoding: "utf8",
    timeout: LIMIT_MS,
    maxBuffer: 1 << 28,
  });
  return { code: ran.status, said: ran.stdout, complained: ran.stderr };
}

const NODE = [process.execPath, "--input-type=module", "--eval", ENTRY, "--", "replay"];

function broken(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

for (const machine of MACHINES) {
  const why = missing(machine);
  if (why !== "") test(`replay in C on ${machine.name}`, { skip: why });
  else describe(`replay in C on ${machine.name}`, () => testOn(machine));
}

function testOn(machine: Machine): void {
  const command = built(machine, "replayer", "ringlet-replay");

  test("all recordings", () => {
    const { code, said } = replay(command, "--quiet", ...FILES);
    const lines = said.trim().split("\n");
    assert.deepEqual(
      lines.filter((line) => !line.endsWith(" outputs, all the same")),
      [],
    );
    assert.equal(lines.length, FILES.length);
    assert.equal(code, 0);
  });

  test("one altered octet is a difference, shown with its line", () => {
    const text = readText(FILES[0] ?? "");
    const file = broken("altered.rec", text.replace("out event phone.ready", "out event phone.reddy"));
    const { code, said } = replay(command, "--quiet", file);
    assert.equal(code, 1);
    assert.match(said, /^line \d+: sip_flow_opened differs$/m);
    assert.match(said, /^ {2}expected out event phone\.reddy .*\n {2}seen {5}out event phone\.ready /m);
    assert.deepEqual(replay(NODE, "--quiet", file).said, said);
  });

  test("what can't be used is refused with its line, as in Node", () => {
    const text = readText(FILES[0] ?? "");
    const call = text.split("\n").findIndex((line) => line.startsWith("in sip_start")) + 1;
    for (const [name, damaged, line] of [
      ["empty", "", 1],
      ["other", "hello\n", 1],
      ["version", text.replace("recording 1", "recording 2"), 1],
      ["cut", text.slice(0, -5), text.split("\n").length - 1],
      ["call", text.replace("in sip_start", "in sip_stare"), call],
      ["word", text.replace("in sip_start @0", "in sip_start 0"), call],
      ["quote", text.replace(/^(in sip_start)/m, 'in sip_get "a\n$1'), call],
      ["result", text.replace(/^(in sip_start .*\n)= .*\n/m, "$1"), call + 1],
    ] as const) {
      const file = broken(`${name}.rec`, damaged);
      for (const each of [command, NODE]) {
        const { code, complained } = replay(each, "--quiet", file);
        assert.equal(code, 2, `${name}: ${complained}`);
        assert.match(complained, new RegExp(`: line ${line}: `), name);
      }
    }
    assert.equal(replay(command, path.join(folder, "absent.rec")).code, 2);
  });

  test("another module is a warning", () => {
    const text = readText(FILES[0] ?? "");
    const file = broken("module.rec", text.replace(/[0-9a-f]{64}/, "0".repeat(64)));
    const { code, complained } = replay(command, "--quiet", file);
    assert.equal(code, 0);
    assert.match(complained, /: made with the module 0{64}, this is [0-9a-f]{64}\n/);
  });

  test("it tells the same story as Node", () => {
    for (const file of FILES.filter((_, i) => i % 15 === 0))
      assert.equal(replay(command, file).said, replay(NODE, file).said, file);
  });
}
