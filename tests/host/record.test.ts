// `ringlet run --record FILE`: the session as a file that `ringlet replay` makes happen once more.

import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { after, test } from "node:test";
import { ask, assertSame } from "../support/recorded.js";
import { folderOf, Program } from "../support/program.js";

const SECRET = "kept-to-myself";

const files = folderOf({
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
  assert.match(text, /^out event call\.outgoing /m);
  assertSame(text);
});

test("replay tells what happened, and that it is the same", async () => {
  const told = new Program("replay", files.path("session.rec"));
  assert.equal(await told.exited, 0);
  assert.match(told.output, /^\+\d+\.\d{3} {3}call\.outgoing 1 to="sip:nobody@127\.0\.0\.1:9" account=1$/m);
  assert.match(told.output, /^ {2}\| INVITE sip:nobody@127\.0\.0\.1:9 SIP\/2\.0$/m);
  assert.match(told.output, /^\d+ inputs, \d+ outputs, all the same$/m);
});

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
