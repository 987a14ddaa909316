// `ringlet run --state FILE`: killed with SIGKILL and started again, the phone goes on; over real sockets.

import assert from "node:assert/strict";
import type { Socket } from "node:dgram";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { after, test } from "node:test";
import { decodeState, encodeState, type SavedState, UnusableState } from "../../host/node/state-file.js";
import { hideSecrets, putSecretsBack } from "../../host/node/secrets.js";
import { loopbackRegistrar } from "../support/loopback-registrar.js";
import { type Line, folderOf, Program } from "../support/program.js";

const ALICE = `account.1.enable = 1
account.1.user_name = alice
account.1.password = s3cretword
account.1.session_timer.enable = 1
account.1.session_timer.expires = 90
sip.listen_port = 0
`;
const files = folderOf({
  "alice.cfg": ALICE,
  "other.cfg": `${ALICE}account.1.label = changed\n`,
  "bob.cfg":
    "account.1.enable = 1\naccount.1.user_name = bob\naccount.1.session_timer.enable = 1\nsip.listen_port = 0\nsip.listen_mode = 1\n",
});
const sockets: Socket[] = [];
after(() => {
  for (const socket of sockets) socket.close();
  files.remove();
});

let states = 0;

/** A file of its own for each test. */
function newFile(): string {
  return files.path(`state-${++states}`);
}

/** A phone with that state file; ready, with its port. */
async function started(file: string, config = "alice.cfg", ...words: string[]) {
  const program = new Program(
    ...["run", "--config", files.path(config), "--bind", "127.0.0.1", "--json", "--state", file, ...words],
  );
  const ready = await program.event("phone.ready");
  return { program, port: Number(ready["port"]) };
}

async function killed(program: Program): Promise<void> {
  program.signal("SIGKILL");
  await program.exited;
}

/** Alice, who keeps her state, has called Bob, who does not. */
async function inCall(transport = ""): Promise<{ alice: Program; bob: Program; file: string; port: number }> {
  const file = newFile();
  const { program: alice, port } = await started(file);
  const bob = new Program("run", "--config", files.path("bob.cfg"), "--bind", "127.0.0.1", "--json");
  let ready: Line;
  do ready = await bob.event("phone.ready");
  while (transport !== "" && ready["transport"] !== "TCP");
  alice.type(`call sip:bob@127.0.0.1:${String(ready["port"])}${transport}`);
  await bob.event("call.incoming");
  bob.type("answer");
  await bob.event("call.established");
  await alice.event("call.established");
  return { alice, bob, file, port };
}

test("killed in a call: it is listed, changed by both sides, and ended", async () => {
  const { alice, bob, file, port } = await inCall();
  await killed(alice);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const { program: again, port: same } = await started(file, "alice.cfg", "--media-survived");
  assert.equal(same, port);
  assert.equal((await again.event("call.state"))["state"], "up");
  again.type("hold");
  assert.equal((await again.event("call.media"))["direction"], "sendonly");
  bob.type("hold");
  await bob.event("call.media");
  await again.event("call.media");
  again.type("hangup");
  assert.equal((await bob.event("call.ended"))["rule"], "peer-bye");
  await again.end();
  await bob.end();
});

test("killed in a call over TCP: it goes on over a new connection", async () => {
  const { alice, bob, file } = await inCall(";transport=tcp");
  await killed(alice);
  const { program: again } = await started(file, "alice.cfg", "--media-survived");
  await again.event("call.state");
  again.type("hangup");
  assert.equal((await bob.event("call.ended"))["rule"], "peer-bye");
  await again.end();
  await bob.end();
});

test("killed twice, and the media lost: BYE with its reason", async () => {
  const { alice, bob, file } = await inCall();
  await killed(alice);
  const { program: second } = await started(file, "alice.cfg", "--media-survived");
  await second.event("call.state");
  await killed(second);
  const { program: third } = await started(file);
  // Said before the sockets are there again.
  assert.equal(third.lines.find(({ event }) => event === "call.ended")?.["rule"], "media-lost");
  assert.match(String((await bob.event("call.ended"))["reason"]), /the phone has lost its media/);
  await third.end();
  await bob.end();
});

/** As if so much time had passed since it was written: on this boot by the clock of the machine, else by the wall's. */
function aged(file: string, ms: number, boot?: string): void {
  const state = decodeState(readFileSync(file));
  const times = boot === undefined ? { clock: state.clock - ms } : { boot, wall: state.wall - ms };
  writeFileSync(file, encodeState({ ...state, ...times }));
}

test("a refresh that fell due meanwhile is sent at once; a session that is over is ended", async () => {
  const { alice, bob, file } = await inCall();
  await killed(alice);
  aged(file, 50_000);
  const { program: again } = await started(file, "alice.cfg", "--media-survived");
  assert.equal((await again.event("call.refreshed"))["by"], "local");
  assert.equal((await bob.event("call.refreshed"))["by"], "remote");
  await killed(again);
  aged(file, 86_400_000, "another boot");
  const { program: late } = await started(file, "alice.cfg", "--media-survived");
  assert.equal((await late.event("call.ended"))["rule"], "RFC4028-10-late");
  await bob.event("call.ended");
  await late.end();
  await bob.end();
});

/** Grants every REGISTER, and keeps them. */
async function registrar(): Promise<{ config: string; requests: string[]; socket: Socket }> {
  const { socket, port, requests } = await loopbackRegistrar(120);
  sockets.push(socket);
  const server = `account.1.sip_server.1.address = 127.0.0.1\naccount.1.sip_server.1.port = ${port}\n`;
  const config = `registered-${port}.cfg`;
  writeFileSync(files.path(config), ALICE + server);
  return { config, requests, socket };
}

const rowOf = (text: string | undefined, name: string) =>
  new RegExp(`^${name}: (.*)$`, "m").exec(text ?? "")?.[1]?.trim();

test("killed while registered: nothing is sent until the refresh is due, then it goes on", async () => {
  const { config, requests } = await registrar();
  const file = newFile();
  const { program: first } = await started(file, config);
  await first.event("account.registered");
  await killed(first);
  const before = requests.length;
  const { program: second } = await started(file, config);
  await killed(second);
  assert.equal(requests.length, before);
  aged(file, 100_000);
  const { program: third } = await started(file, config);
  while (requests.length === before) await new Promise((resolve) => setTimeout(resolve, 10));
  for (const row of ["Call-ID", "Contact"])
    assert.equal(rowOf(requests.at(-1), row), rowOf(requests[0], row));
  assert.ok(Number.parseInt(rowOf(requests.at(-1), "CSeq") ?? "") > 10);
  await third.end();
});

test("the file holds no password, and is gone after a quit", async () => {
  const { alice, bob, file } = await inCall();
  assert.equal(readFileSync(file).includes("s3cretword"), false);
  assert.ok(decodeState(readFileSync(file)).secrets.some(({ key }) => key === "account.1.password"));
  assert.equal(existsSync(`${file}.tmp`), false);
  alice.type("quit");
  assert.equal(await alice.exited, 0);
  assert.equal(existsSync(file), false);
  await bob.end();
});

// ---- files that are of no use ----

test("another module, other settings, another version, a damaged file: a fresh start that says why", async () => {
  const { alice, bob, file } = await inCall();
  await killed(alice);
  await bob.end();
  const good = readFileSync(file);
  const state = decodeState(good);
  const cases: [string, Buffer, RegExp][] = [
    ["alice.cfg", encodeState({ ...state, module: "0".repeat(64) }), /another version of the module/],
    ["other.cfg", good, /the settings have changed/],
    ["alice.cfg", Buffer.concat([Buffer.from("ringlet-state 9"), good.subarray(15)]), /another version/],
    ["alice.cfg", good.subarray(0, good.length - 1), /it is damaged/],
    ["alice.cfg", Buffer.alloc(0), /it is damaged/],
  ];
  for (const [config, bytes, why] of cases) {
    writeFileSync(file, bytes);
    const { program } = await started(file, config, "--media-survived");
    await program.error(why);
    assert.match(program.output, /"event":"fault","what":".*starts afresh"/);
    program.type("calls");
    program.type("get account.1.user_name");
    await program.text(/"alice"/);
    assert.doesNotMatch(program.output, /call\.state/);
    await program.end();
  }
});

const SMALL: SavedState = {
  module: "m".repeat(64),
  settings: "s".repeat(64),
  wall: 1_700_000_000_000,
  boot: "b-1",
  clock: 1234.5,
  now: 99.25,
  secrets: [{ offset: 5000, length: 3, key: "account.1.password" }],
  snapshot: { memory: new Uint8Array(65_536).fill(7, 5000, 5010), globals: [-1n, 1n << 40n] },
};

test("a file read is the state written; only pages that hold something are in it", () => {
  const whole = encodeState(SMALL);
  assert.deepEqual(decodeState(whole), SMALL);
  assert.ok(whole.length < 5000);
});

test("every flipped byte and every cut is found", () => {
  const whole = encodeState(SMALL);
  const head = whole.indexOf("\n\n") + 2;
  for (let at = 0; at < whole.length; at += at < head + 64 ? 1 : 97) {
    const flipped = Buffer.from(whole);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    assert.throws(() => decodeState(flipped), UnusableState, `byte ${at}`);
    assert.throws(() => decodeState(whole.subarray(0, at)), UnusableState, `cut at ${at}`);
  }
});

test("passwords are hidden wherever they stand, and put back; another length is refused", () => {
  const memory = new Uint8Array(300);
  const put = (text: string, at: number) => memory.set(Buffer.from(text), at);
  put("abcdef", 10);
  put("x abcdefgh y", 50);
  put("me", 100);
  put("some", 120);
  const before = memory.slice();
  const snapshot = { memory, globals: [] };
  const secrets = new Map([
    ["one", "abcdef"],
    ["two", "abcdefgh"],
    ["three", "me"],
    ["four", "****"],
  ]);
  const places = hideSecrets(snapshot, secrets);
  assert.equal(Buffer.from(memory).includes("abc"), false);
  assert.equal(memory[100], 0x2a);
  assert.equal(Buffer.from(memory).includes("some"), true);
  putSecretsBack(snapshot, places, secrets);
  assert.deepEqual(memory, before);
  assert.throws(
    () => putSecretsBack(snapshot, places, new Map([...secrets, ["one", "longer!"]])),
    UnusableState,
  );
});

test("--media-survived needs a state, --rollback one of its words", async () => {
  for (const words of [["--media-survived"], ["--rollback", "maybe"]]) {
    const program = new Program("run", "--config", files.path("alice.cfg"), ...words);
    assert.equal(await program.exited, 2);
  }
});
