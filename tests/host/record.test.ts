// `ringlet run --record FILE`: the session as a file that `ringlet replay` makes happen once more.

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { existsSync, readFileSync, statSync } from "node:fs";
import { after, test } from "node:test";
import { compileModule } from "../../host/node/module.js";
import { readRecording } from "../../host/node/recording-file.js";
import { replay } from "../../host/node/replay.js";
import { folderOf, IS_NODE_HOST, Program } from "../support/program.js";

const SECRET = "kept-to-myself";

const files = folderOf({
  "numbers.cfg": `#!version:1.0.0.1
ringlet.bind.address = 127.0.0.1
sip.listen_port = 0
sip.listen_mode = 1
account.1.enable = 1
account.1.user_name = 471100
account.1.display_name = 471100
account.1.label = Room 3344
account.1.auth_name = 88120
`,
  "phone.cfg": `#!version:1.0.0.1
ringlet.bind.address = 127.0.0.1
sip.listen_port = 0
account.1.enable = 1
account.1.user_name = alice
account.1.password = ${SECRET}
`,
});
after(files.remove);

test("--record writes the session when the phone ends, without its password", async () => {
  const file = files.path("session.rec");
  const phone = new Program("run", "--json", "--config", files.path("phone.cfg"), "--record", file);
  await phone.event("phone.ready");
  phone.type("call sip:nobody@127.0.0.1:9");
  await phone.event("call.outgoing");
  phone.type("quit");
  assert.equal(await phone.exited, 0);
  const text = readFileSync(file, "utf8");
  assert.ok(!text.includes(SECRET));
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const recording = readRecording(text);
  assert.match(text, /^out event call\.outgoing /m);
  const different = [...replay(recording, compileModule())].filter(({ isSame }) => !isSame);
  assert.deepEqual(
    different.map(({ call }) => call.line),
    [],
  );
});

test("replay tells what happened, and that it is the same", async () => {
  const told = new Program("replay", files.path("session.rec"));
  assert.equal(await told.exited, 0);
  assert.match(told.output, /^\+\d+\.\d{3} {3}call\.outgoing 1 to="sip:nobody@127\.0\.0\.1:9" account=1$/m);
  assert.match(told.output, /^ {2}\| INVITE sip:nobody@127\.0\.0\.1:9 SIP\/2\.0$/m);
  assert.match(told.output, /^\d+ inputs, \d+ outputs, all the same$/m);
});

const OPTIONS = [
  "OPTIONS sip:alice@127.0.0.1 SIP/2.0",
  "Via: SIP/2.0/UDP 127.0.0.1:PORT;branch=z9hG4bKNUMBER",
  "Max-Forwards: 70",
  "From: <sip:bob@127.0.0.1>;tag=1",
  "To: <sip:alice@127.0.0.1>",
  "Call-ID: NUMBER",
  "CSeq: 1 OPTIONS",
  'Authorization: Digest username="bob", response="0123456789abcdef"',
  "Content-Length: 0",
  "\r\n",
].join("\r\n");

/** Asks the phone again and again with long datagrams, each after the answer to the one before it. */
async function ask(port: number, count: number, template = OPTIONS): Promise<void> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  for (let i = 0; i < count; i++) {
    const request = template.replace("PORT", String(socket.address().port)).replaceAll("NUMBER", `a${i}`);
    socket.send(request + "x".repeat(12_000), port, "127.0.0.1");
    await once(socket, "message", { signal: AbortSignal.timeout(10_000) });
  }
  socket.close();
}

test("on SIGUSR2 it is written, and goes on; a long one begins with a snapshot", async () => {
  const file = files.path("long.rec");
  const phone = new Program("run", "--json", "--config", files.path("phone.cfg"), "--record", file);
  const port = Number((await phone.event("phone.ready"))["port"]);
  await ask(port, 10);
  phone.signal("SIGUSR2");
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 10));
  const first = readFileSync(file, "utf8");
  assert.match(first, /^in sip_init /m);
  await ask(port, 500);
  phone.type("quit");
  assert.equal(await phone.exited, 0);
  const text = readFileSync(file, "utf8");
  assert.match(text, /^state \d+ \d+$/m);
  assert.equal(/^in sip_init /m.test(text), false);
  // In the memory of a snapshot it may still stand.
  assert.equal(/^(in|out) .*0123456789abcdef/m.test(text), false);
  assert.equal(text.includes(SECRET), false);
  assert.ok(text.length > 2 << 20 && text.length < 10 << 20, `${text.length} bytes`);
  for (const each of [first, text]) {
    assertSame(each);
  }
});

/** Of the phone, of whom it calls, of who asks it, and of their names. */
const NUMBERS = ["471100", "081512", "0715", "4930998877", "2200 at home", "88120"];

const node = IS_NODE_HOST ? false : "ringlet-phone does not hide numbers yet";

test(
  "--hide-numbers: none is left, and it replays; from the start, over a connection, and from a snapshot",
  { skip: node },
  async () => {
    const file = files.path("numbers.rec");
    const words = ["--config", files.path("numbers.cfg"), "--record", file, "--hide-numbers"];
    const phone = new Program("run", "--json", ...words);
    let ready = await phone.event("phone.ready");
    const port = Number(ready["port"]);
    while (ready["transport"] !== "TCP") ready = await phone.event("phone.ready");
    for (const target of [
      "sip:081512@127.0.0.1:9",
      "081512",
      "tel:+4930998877",
      "sip:+4930998877@127.0.0.1:9;user=phone",
    ]) {
      phone.type(`call ${target}`);
      phone.type("get account.1.user_name");
      await phone.event("setting");
    }
    const asks = OPTIONS.replaceAll("alice", "471100")
      .replace("<sip:bob", '"2200 at home" <sip:2200')
      .replace("bob", "2200");
    await pieces(Number(ready["port"]), asks);
    await ask(port, 10, asks);
    phone.signal("SIGUSR2");
    while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 10));
    const first = readFileSync(file, "utf8");
    await ask(port, 350, asks);
    phone.type("quit");
    assert.equal(await phone.exited, 0);
    const second = readFileSync(file, "utf8");
    assert.match(first, /^in sip_init /m);
    assert.match(second, /^state /m);
    for (const text of [first, second]) {
      for (const number of NUMBERS) {
        const found = text.indexOf(number);
        assert.ok(found < 0, `${number}: ${text.slice(Math.max(found - 60, 0), found + 60)}`);
      }
      assertSame(text);
    }
  },
);

/** Over a connection, cut in the middle of everything. */
async function pieces(port: number, request: string): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  await once(socket, "connect");
  const text = request
    .replace("PORT", String(socket.localPort))
    .replace("/UDP", "/TCP")
    .replaceAll("NUMBER", "tcp1");
  const answered = once(socket, "data", { signal: AbortSignal.timeout(10_000) });
  for (let at = 0; at < text.length; at += 7) {
    socket.write(text.slice(at, at + 7));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await answered;
  socket.destroy();
}

function assertSame(text: string): void {
  const different = [...replay(readRecording(text), compileModule())].filter(({ isSame }) => !isSame);
  assert.deepEqual(
    different.map(({ call }) => call.line),
    [],
  );
}

test("a phone that goes on from its state records from there", async () => {
  const words = ["run", "--json", "--config", files.path("phone.cfg"), "--state", files.path("state")];
  const first = new Program(...words);
  await first.event("phone.ready");
  first.type("call sip:nobody@127.0.0.1:9");
  await first.event("call.outgoing");
  first.signal("SIGKILL");
  await first.exited;
  const file = files.path("resumed.rec");
  const second = new Program(...words, "--record", file);
  await second.event("phone.ready");
  second.type("quit");
  assert.equal(await second.exited, 0);
  const text = readFileSync(file, "utf8");
  assert.match(text, /^state /m);
  assert.match(text, /^in sip_survived 0 /m);
  assert.equal(text.includes(SECRET), false);
  assertSame(text);
});
