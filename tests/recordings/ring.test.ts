// The ring of a long recording: it starts from a snapshot, replays, and holds no password.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compileModule, MODULE_FILE } from "../../host/node/module.js";
import { hashOf, Recorder, type RecorderOptions } from "../../host/node/recording.js";
import { type Recording, readRecording } from "../../host/node/recording-file.js";
import { replay } from "../../host/node/replay.js";
import { Instance } from "../support/instance.js";
import { plantedModule, POISON } from "../support/planted.js";

const SECRET = "pa55-of#alice";
const SECOND_SECRET = "set at run time";
const compiled = compileModule();

const CONFIG = `ringlet.bind.address = 192.0.2.10
account.1.enable = 1
account.1.user_name = alice
account.1.password = ${SECRET}
account.1.sip_server.1.address = 192.0.2.20
`;

const OPTIONS = [
  "OPTIONS sip:alice@192.0.2.10 SIP/2.0",
  "Via: SIP/2.0/UDP 192.0.2.20:5060;branch=z9hG4bKNUMBER",
  "Max-Forwards: 70",
  "From: <sip:bob@192.0.2.20>;tag=1",
  "To: <sip:alice@192.0.2.10>",
  "Call-ID: NUMBER",
  "CSeq: 1 OPTIONS",
  'Authorization: Digest username="bob", response="0123456789abcdef"',
  "Content-Length: 0",
  "\r\n",
].join("\r\n");

/** A phone that is recorded from its first call on, or from `start` on. */
function recorded(limit: number, fromStart = true, module = compiled) {
  const options: RecorderOptions = { hash: hashOf(readFileSync(MODULE_FILE)), limit };
  let recorder: Recorder | undefined;
  const watch = (instance: Instance, isNew: boolean) =>
    (recorder ??= new Recorder(instance.module, options, isNew));
  const phone = new Instance({
    configs: [CONFIG],
    module,
    guarded: true,
    created: (instance) => fromStart && watch(instance, true),
  });
  const last = watch(phone, false);
  if (!fromStart) last.learn(Buffer.from(CONFIG));
  return { phone, recorder: last };
}

function ask(phone: Instance, from: number, count: number): void {
  for (let number = from; number < from + count; number++) {
    const request = OPTIONS.replaceAll("NUMBER", String(number));
    phone.receive(phone.flow, "192.0.2.20", 5060, request, number * 10);
  }
}

function assertSame(recording: Recording, module = compiled): void {
  const different = [...replay(recording, module)].filter(({ isSame }) => !isSame);
  assert.deepEqual(
    different.map(({ call, seen }) => ({ line: call.line, seen, expected: call.expected })),
    [],
  );
}

test("a short recording begins at sip_init; passwords and digest values are stars in it", () => {
  const { phone, recorder } = recorded(1 << 20);
  phone.start();
  phone.command((module) => module.set("account.1.password", SECOND_SECRET, 5), 5);
  ask(phone, 1, 3);
  phone.module.exportLocal();
  const text = recorder.text();
  const recording = readRecording(text);
  assert.equal(recording.state, null);
  assert.equal(recording.calls[0]?.name, "sip_init");
  for (const secret of [SECRET, SECOND_SECRET, "0123456789abcdef"]) assert.ok(!text.includes(secret), secret);
  assert.match(text, /^out value "" ".*account\.1\.password = \*{15}\\n/m);
  assertSame(recording);
});

test("a long one begins with a snapshot, and holds the end", () => {
  const { phone, recorder } = recorded(64 << 10);
  phone.start();
  ask(phone, 1, 200);
  const text = recorder.text();
  const recording = readRecording(text);
  assert.ok(recording.state);
  assert.match(text, /Call-ID: 200\\r/);
  assert.doesNotMatch(text, /^in .*Call-ID: 3\\r/m);
  assert.ok(!Buffer.from(recording.state.memory).includes(SECRET));
  assert.doesNotMatch(text, /^(in|out) .*0123456789abcdef/m);
  assertSame(recording);
});

test("one that begins in the middle of a life has a snapshot, without the passwords that it was told", () => {
  const { phone, recorder } = recorded(1 << 20, false);
  phone.start();
  ask(phone, 1, 3);
  const recording = readRecording(recorder.text());
  assert.ok(recording.state);
  assert.ok(!Buffer.from(recording.state.memory).includes(SECRET));
  assertSame(recording);
});

test("what comes behind a file can't be known from it", () => {
  const { phone, recorder } = recorded(1 << 20);
  phone.start();
  const first = readRecording(recorder.text());
  const number = first.calls.length;
  phone.command((module) => module.dial(0, "sip:bob@192.0.2.20", 50), 50);
  const whole = readRecording(recorder.text());
  assertSame(whole);
  const mixed = whole.calls[number];
  assert.equal(mixed?.name, "sip_seed");
  // Who has the first file alone does not know the seed, and draws other names.
  const guessed = { ...whole, calls: whole.calls.filter((call) => call !== mixed) };
  const different = [...replay(guessed, compiled)].filter(({ isSame }) => !isSame);
  assert.deepEqual(
    different.map(({ call }) => call.name),
    ["sip_call"],
  );
});

test("calls that trapped are in it: a datagram, and a tick with what ended for it", () => {
  const planted = plantedModule();
  const { phone, recorder } = recorded(1 << 20, true, planted);
  phone.start();
  phone.receive(phone.flow, "192.0.2.20", 5060, `${POISON.now} 1`, 10);
  phone.receive(phone.flow, "192.0.2.20", 5060, `${POISON.tickOnce} 2`, 20);
  phone.tick(30);
  ask(phone, 5, 1);
  const text = recorder.text();
  assert.match(text, /^in sip_receive .*TRAP r 1.*\n= trapped\nin /m);
  assert.match(text, /^in sip_tick @30\n= trapped\nout wake /m);
  assertSame(readRecording(text), planted);
});
