// `ringlet parse`: what the phone would do with a datagram, why, and the octet where it went wrong.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { folderOf, Program } from "../support/program.js";

const INVITE = [
  "INVITE sip:anyone@192.0.2.9 SIP/2.0",
  "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKabc",
  "Max-Forwards: 70",
  "From: <sip:a@192.0.2.1>;tag=1",
  "To: <sip:anyone@192.0.2.9>",
  "Call-ID: 1@192.0.2.1",
  "CSeq: 1 INVITE",
  "Contact: <sip:a@192.0.2.1>",
  "Content-Length: 0",
  "",
  "",
].join("\r\n");

const files = folderOf({
  "good.dat": INVITE,
  "bad.dat": INVITE.replace("CSeq: 1 INVITE", "CSeq: one INVITE"),
  "noise.dat": "hello",
});
after(files.remove);

async function parse(...words: string[]): Promise<{ code: number | null; output: string; errors: string }> {
  const program = new Program("parse", ...words);
  const code = await program.exited;
  return { code, output: program.output, errors: program.errors };
}

test("each file is judged on a line of its own, and the exit code is 0", async () => {
  const names = ["good.dat", "bad.dat", "noise.dat"].map(files.path);
  const { code, output } = await parse("--json", ...names);
  const lines = output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.equal(code, 0);
  assert.deepEqual(
    lines.map(({ file }) => file),
    names,
  );
  assert.deepEqual(
    lines.map(({ verdict }) => verdict),
    ["accept", "400", "drop"],
  );
  assert.deepEqual(
    lines.map((line) => Object.keys(line)),
    names.map(() => ["file", "verdict", "reason", "offset"]),
  );
  const at = lines[1]?.["offset"] as number;
  const row = INVITE.indexOf("CSeq: 1 INVITE");
  assert.ok(at >= row && at <= row + 20, `offset ${at}`);
});

test("readable: file, verdict, reason and octet", async () => {
  const { output } = await parse(files.path("good.dat"), files.path("bad.dat"));
  const [good, bad] = output.trim().split("\n");
  assert.equal(good, `${files.path("good.dat")}: accept, a request`);
  assert.match(bad ?? "", /bad\.dat: 400, .+ \(octet \d+\)$/);
});

test("a file that can't be read is told, the others are judged, and the exit code is 1", async () => {
  const { code, output, errors } = await parse(files.path("none.dat"), files.path("good.dat"));
  assert.equal(code, 1);
  assert.match(errors, /none\.dat/);
  assert.match(output, /good\.dat: accept/);
});
