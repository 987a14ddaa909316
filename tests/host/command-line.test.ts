// The command line, as scripts rely on it: options, commands on standard input, events, exit codes.

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { networkInterfaces } from "node:os";
import { after, test } from "node:test";
import { type Line, folderOf, Program } from "../support/program.js";

const HEADER = "#!version:1.0.0.1\n";
const files = folderOf({
  "alice.cfg": `${HEADER}account.1.enable = 1\naccount.1.user_name = alice\nsip.listen_port = 0\n`,
  "bob.cfg": `${HEADER}account.1.enable = 1\naccount.1.user_name = bob\nsip.listen_port = 0\n`,
  "loud.cfg": `${HEADER}account.1.display_name = Loud\n`,
  "bad.cfg": `${HEADER}account.1.session_timer.refresher = 7\n`,
  "phone.boot": `${HEADER}include:config "alice.cfg"\n[T46U]include:config <loud.cfg>\noverwrite_mode = 1\n`,
  "lost.boot": `${HEADER}include:config "nowhere.cfg"\n`,
  "zero.cfg": "a\0b",
});
after(files.remove);

/** A phone that listens on loopback, once it is ready. */
async function phone(config: string, ...words: string[]): Promise<{ program: Program; port: number }> {
  const program = new Program(
    "run",
    "--config",
    files.path(config),
    "--bind",
    "127.0.0.1",
    "--json",
    ...words,
  );
  const ready = await program.event("phone.ready");
  assert.equal(ready["address"], "127.0.0.1");
  return { program, port: ready["port"] as number };
}

/** Two phones, and a call between them that is up; Alice calls. */
async function connected(): Promise<{ alice: Program; bob: Program }> {
  const { program: alice } = await phone("alice.cfg");
  const { program: bob, port } = await phone("bob.cfg");
  alice.type(`call sip:bob@127.0.0.1:${port}`);
  await bob.event("call.incoming");
  bob.type("answer");
  await alice.event("call.established");
  await bob.event("call.established");
  return { alice, bob };
}

async function refused(words: string[], code: number, reason: RegExp): Promise<void> {
  const program = new Program(...words);
  assert.equal(await program.exited, code);
  assert.match(program.errors, reason);
  assert.doesNotMatch(program.output, /phone\.ready/);
}

test("a wrong command line exits with 2 and says how it is used", async () => {
  await refused([], 2, /usage: ringlet run/);
  await refused(["dance"], 2, /no command "dance"/);
  await refused(["run"], 2, /--config FILE/);
  await refused(["run", "--config"], 2, /usage/);
  await refused(["run", "--config", files.path("alice.cfg"), "--shout"], 2, /--shout/);
  await refused(["run", "--config", files.path("alice.cfg"), "extra"], 2, /extra/);
  await refused(["parse"], 2, /FILE/);
});

test("a file that can't be read exits with 1 and is named", async () => {
  await refused(["run", "--config", files.path("missing.cfg")], 1, /missing\.cfg/);
  await refused(["run", "--config", files.path("lost.boot")], 1, /nowhere\.cfg/);
  await refused(["run", "--config", files.path("zero.cfg")], 1, /zero\.cfg: unreadable/);
});

test("a port in use exits with 1", async () => {
  const socket = createSocket("udp4");
  const port = await new Promise<number>((resolve) =>
    socket.bind(0, "127.0.0.1", () => resolve(socket.address().port)),
  );
  const taken = folderOf({ "taken.cfg": `${HEADER}account.1.enable = 1\nsip.listen_port = ${port}\n` });
  await refused(["run", "--config", taken.path("taken.cfg"), "--bind", "127.0.0.1"], 1, /EADDRINUSE/);
  socket.close();
  taken.remove();
});

test("an address that is not ours exits with 1", async () => {
  await refused(["run", "--config", files.path("alice.cfg"), "--bind", "192.0.2.77"], 1, /192\.0\.2\.77/);
});

test("a call: made, answered, held, resumed, listed, hung up; quit exits with 0", async () => {
  const { alice, bob } = await connected();
  alice.type("calls");
  assert.equal((await alice.event("call.state")).call, 1);
  assert.equal((await alice.event("calls"))["count"], 1);
  alice.type("hold");
  assert.equal((await alice.event("call.media"))["direction"], "sendonly");
  assert.equal((await bob.event("call.media"))["direction"], "recvonly");
  alice.type("resume 1");
  assert.equal((await alice.event("call.media"))["direction"], "sendrecv");
  assert.equal((await bob.event("call.media"))["direction"], "sendrecv");
  bob.type("hangup");
  const ended: Line[] = [await alice.event("call.ended"), await bob.event("call.ended")];
  assert.deepEqual(
    ended.map((line) => line["by"]),
    ["remote", "local"],
  );
  alice.type("quit");
  bob.type("quit");
  assert.deepEqual(await Promise.all([alice.exited, bob.exited]), [0, 0]);
  assert.equal(alice.errors + bob.errors, "");
});

test("a lone 300 to 699 after reject is a STATUS", async () => {
  const { program: alice } = await phone("alice.cfg");
  const { program: bob, port } = await phone("bob.cfg");
  alice.type(`call sip:bob@127.0.0.1:${port} 1`);
  await bob.event("call.incoming");
  bob.type("reject 480");
  assert.equal((await alice.event("call.ended"))["status"], 480);
  alice.type(`call sip:bob@127.0.0.1:${port}`);
  const { call } = await bob.event("call.incoming");
  assert.equal(call, 2);
  bob.type("reject 2 603");
  assert.equal((await alice.event("call.ended"))["status"], 603);
  await alice.end();
  await bob.end();
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`${signal} hangs up and exits with 0`, async () => {
    const { alice, bob } = await connected();
    alice.signal(signal);
    assert.equal(await alice.exited, 0);
    assert.equal((await bob.event("call.ended"))["by"], "remote");
    await bob.end();
  });
}

test("quit waits at most four seconds for a peer that is silent", async () => {
  const { alice, bob } = await connected();
  await bob.end();
  const before = performance.now();
  alice.type("quit");
  assert.equal(await alice.exited, 0);
  assert.ok(performance.now() - before < 6000);
});

test("the end of input leaves the phone running", async () => {
  const { program } = await phone("alice.cfg");
  program.endInput();
  const ended = await Promise.race([
    program.exited,
    new Promise((resolve) => setTimeout(resolve, 500, "running")),
  ]);
  assert.equal(ended, "running");
  program.signal("SIGTERM");
  assert.equal(await program.exited, 0);
});

test("a bad line is one clear line on standard error, and the phone goes on", async () => {
  const { program } = await phone("alice.cfg");
  const lines: [string, RegExp][] = [
    ["dance", /ringlet: there is no command "dance"\n/],
    ["__proto__", /ringlet: there is no command "__proto__"\n/],
    ["call", /ringlet: call needs URI \[ACCOUNT\]\n/],
    ["call sip:bob@127.0.0.1 17", /ringlet: ACCOUNT is a number from 1 to 16, not "17"\n/],
    ["call sip:bob@127.0.0.1 2", /ringlet: call sip:bob@127\.0\.0\.1: .+\n/],
    ["call bob@@", /ringlet: call bob@@: .+\n/],
    ["register 17", /ringlet: ACCOUNT is a number from 1 to 16, not "17"\n/],
    ["unregister 1 2", /ringlet: unregister takes no more than \[ACCOUNT\]\n/],
    ["answer", /ringlet: answer: no call is ringing here\n/],
    ["hangup", /ringlet: hangup: there is no call\n/],
    ["hold 5", /ringlet: hold: there is no call 5\n/],
    ["resume x", /ringlet: CALL is a number from 1, not "x"\n/],
    ["reject 1 200", /ringlet: STATUS is a number from 300 to 699, not "200"\n/],
    ["transfer", /ringlet: transfer needs URI \[CALL\], or CALL CALL\n/],
    ["transfer sip:carol@127.0.0.1", /ringlet: transfer: there is no call\n/],
    ["transfer 1 2", /ringlet: transfer: there is no call 1\n/],
    ["conference 1", /ringlet: conference needs CALL CALL\n/],
    ["set account.1.label", /ringlet: set needs KEY = VALUE\n/],
    ["set no.such.key = 1", /ringlet: set no\.such\.key: unknown key\n/],
    ["get no.such.key", /ringlet: get no\.such\.key: unknown key\n/],
  ];
  for (const [line, answer] of lines) {
    program.type(line);
    await program.error(answer);
  }
  program.type("");
  program.type("quit");
  assert.equal(await program.exited, 0);
  assert.equal(program.errors, "");
});

test("settings are changed and read by their keys", async () => {
  const { program } = await phone("alice.cfg");
  program.type("set account.1.label = Front  desk");
  program.type("get account.1.label");
  const setting = await program.event("setting");
  assert.deepEqual([setting["key"], setting["value"]], ["account.1.label", "Front  desk"]);
  program.type("set account.1.session_timer.refresher = 7");
  await program.error(/ringlet: set account\.1\.session_timer\.refresher: bad value\n/);
  assert.equal((await program.event("setting.rejected"))["key"], "account.1.session_timer.refresher");
  program.type("set account.1.label=");
  program.type("get account.1.label");
  assert.equal((await program.event("setting"))["value"], "");
  await program.end();
});

test("a value that is not permitted is told with its file, line and key", async () => {
  const program = new Program(
    "run",
    "--config",
    files.path("alice.cfg"),
    "--config",
    files.path("bad.cfg"),
    "--bind",
    "127.0.0.1",
    "--json",
  );
  const told = await program.event("setting.rejected");
  assert.equal(told["file"], files.path("bad.cfg"));
  assert.equal(told["line"], 2);
  assert.equal(told["key"], "account.1.session_timer.refresher");
  await program.event("phone.ready");
  await program.end();
});

test("files are merged in the order given, and a boot file names others", async () => {
  const { program } = await phone("phone.boot", "--config", files.path("bob.cfg"), "--model", "T46U");
  program.type("get account.1.user_name");
  assert.equal((await program.event("setting"))["value"], "bob");
  program.type("get account.1.display_name");
  assert.equal((await program.event("setting"))["value"], "Loud");
  await program.end();
});

test("--trace prints every message, here as JSON", async () => {
  const { program: alice } = await phone("alice.cfg", "--trace");
  const { program: bob, port } = await phone("bob.cfg");
  alice.type(`call sip:bob@127.0.0.1:${port}`);
  const sent = await alice.event("trace");
  assert.equal(sent["direction"], "sent");
  assert.equal(sent["peer"], `127.0.0.1:${port}`);
  assert.match(String(sent["message"]), /^INVITE sip:bob@127\.0\.0\.1/);
  const received = await alice.event("trace");
  assert.equal(received["direction"], "received");
  assert.match(String(received["time"]), /^\d{4}-\d\d-\d\dT/);
  await alice.end();
  await bob.end();
});

test("without --json an event is a readable line with the same name", async () => {
  const program = new Program("--config", files.path("alice.cfg"), "--bind", "127.0.0.1");
  await program.text(/^phone\.ready .*address=127\.0\.0\.1 port=\d+/);
  await program.end();
});

test("over IPv6", async (t) => {
  if (!Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"))) {
    return t.skip("this machine has no IPv6");
  }
  const bob = new Program("run", "--config", files.path("bob.cfg"), "--bind", "::1", "--json");
  const { address, port } = await bob.event("phone.ready");
  assert.equal(address, "::1");
  const alice = new Program("run", "--config", files.path("alice.cfg"), "--bind", "::1", "--json");
  await alice.event("phone.ready");
  alice.type(`call sip:bob@[::1]:${port}`);
  await bob.event("call.incoming");
  bob.type("answer");
  assert.equal((await alice.event("call.media"))["address"], "::1");
  await alice.end();
  await bob.end();
});

test("a name is resolved", async () => {
  const { program: alice } = await phone("alice.cfg");
  const { program: bob, port } = await phone("bob.cfg");
  alice.type(`call sip:bob@localhost:${port}`);
  assert.equal((await bob.event("call.incoming"))["to"], `sip:bob@localhost:${port}`);
  await alice.end();
  await bob.end();
});

test("a name that nobody knows ends the call", async () => {
  const { program } = await phone("alice.cfg");
  program.type("call sip:bob@nowhere.localhost.invalid");
  const ended = await program.event("call.ended");
  assert.equal(ended["rule"], "RFC3263-not-located");
  await program.end();
});
