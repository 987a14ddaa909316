// What one host writes the other one reads: state files and recordings, of `ringlet` and of `ringlet-phone`.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { decodeState } from "../../host/node/state-file.js";
import { built, MACHINES, type Machine, missing } from "../support/c-program.js";
import { folderOf, type Line, NODE_COMMAND, type Program, programOf } from "../support/program.js";

const machine = MACHINES[0] as Machine;
const why = missing(machine);
const required = process.env["RINGLET_REQUIRE_PEERS"] === "1";
const skip = why !== "" && !required ? why : false;

const SECRET = "s3cretword";
const files = folderOf({
  "alice.cfg": `account.1.enable = 1\naccount.1.user_name = alice\naccount.1.password = ${SECRET}\nsip.listen_port = 0\n`,
  "srtp.cfg": "account.1.srtp_encryption = 2\n",
  "bob.cfg": "account.1.enable = 1\naccount.1.user_name = bob\nsip.listen_port = 0\nsip.listen_mode = 1\n",
});
after(files.remove);

const hosts: Record<string, string[]> = { ringlet: NODE_COMMAND, "ringlet-phone": [] };

before(() => {
  if (skip === false) hosts["ringlet-phone"] = built(machine, "program", "ringlet-phone");
});

const run = (host: string, ...words: string[]) => new (programOf(hosts[host] ?? []))(...words);
const phone = (host: string, name: string, ...words: string[]) =>
  run(host, "run", "--config", files.path(`${name}.cfg`), "--bind", "127.0.0.1", "--json", ...words);

async function portOf(phone: Program, transport: string): Promise<string> {
  let ready: Line;
  do ready = await phone.event("phone.ready");
  while (ready["transport"] !== transport);
  return String(ready["port"]);
}

test("both have the same version, and the same module", { skip }, async () => {
  const said = await Promise.all(
    Object.keys(hosts).map(async (host) => {
      const told = run(host, "--version");
      assert.equal(await told.exited, 0);
      return told.output;
    }),
  );
  assert.match(said[0] ?? "", /^ringlet \d+\.\d+\.\d+ abi 1 module [0-9a-f]{64}\n$/);
  assert.equal(said[0], said[1]);
});

for (const [first, second] of [
  ["ringlet", "ringlet-phone"],
  ["ringlet-phone", "ringlet"],
] as const)
  describe(`${first}, then ${second}`, { skip }, () => {
    test("a call goes on from the state of the other host, with its port and its password", async () => {
      const file = files.path(`${first}.state`);
      const bob = phone(second, "bob");
      const target = await portOf(bob, "UDP");
      const alice = phone(first, "alice", "--state", file);
      const { port } = await alice.event("phone.ready");
      alice.type(`call sip:bob@127.0.0.1:${target}`);
      await bob.event("call.incoming");
      bob.type("answer");
      await alice.event("call.established");
      await bob.event("call.established");
      alice.signal("SIGKILL");
      await alice.exited;
      assert.equal(readFileSync(file).includes(SECRET), false);
      assert.ok(decodeState(readFileSync(file)).secrets.length > 0);
      const again = phone(second, "alice", "--state", file, "--media-survived");
      assert.equal((await again.event("phone.ready"))["port"], port);
      assert.equal((await again.event("call.state"))["state"], "up");
      again.type("hold");
      assert.equal((await again.event("call.media"))["direction"], "sendonly");
      again.type("hangup");
      assert.equal((await bob.event("call.ended"))["rule"], "peer-bye");
      assert.equal(again.errors, "");
      again.type("quit");
      assert.equal(await again.exited, 0);
      assert.equal(existsSync(file), false);
      await bob.end();
    });

    test("a call with SRTP goes on with other keys, and nobody is shown any of them", async () => {
      const file = files.path(`${first}.srtp.state`);
      const bob = phone(second, "bob", "--config", files.path("srtp.cfg"));
      const target = await portOf(bob, "UDP");
      const words = ["--config", files.path("srtp.cfg"), "--state", file, "--trace", "--record"];
      const alice = phone(first, "alice", ...words, files.path(`${first}.srtp.rec`));
      await alice.event("phone.ready");
      alice.type(`call sip:bob@127.0.0.1:${target}`);
      await bob.event("call.incoming");
      bob.type("answer");
      await alice.event("call.established");
      await bob.event("call.established");
      alice.signal("SIGUSR2");
      while (!existsSync(files.path(`${first}.srtp.rec`)))
        await new Promise((resolve) => setTimeout(resolve, 10));
      alice.type("calls");
      await alice.event("calls");
      alice.signal("SIGKILL");
      await alice.exited;
      const state = readFileSync(file, "latin1");
      const again = phone(second, "alice", ...words, files.path(`${second}.srtp.rec`), "--media-survived");
      assert.equal((await again.event("call.state"))["state"], "up");
      assert.deepEqual((await again.event("call.keys"))["local"], { key: "*".repeat(47) });
      assert.equal((await again.event("call.media"))["srtp"], "AES_CM_128_HMAC_SHA1_80");
      await bob.event("call.keys");
      again.type("quit");
      assert.equal(await again.exited, 0);
      const written = [first, second].map((host) => readFileSync(files.path(`${host}.srtp.rec`), "utf8"));
      for (const text of [state, alice.output, again.output, bob.output, ...written]) {
        assert.doesNotMatch(text, /inline:[A-Za-z0-9+/]/);
        assert.match(text, /inline:\*{40}|"key":"\*{47}"/);
      }
      for (const [index, text] of written.entries()) {
        if (index === 1) assert.match(text, /^state /m);
        const replayed = run(second, "replay", "--quiet", files.path(`${[first, second][index]}.srtp.rec`));
        assert.equal(await replayed.exited, 0, replayed.told());
      }
      await bob.end();
    });

    test("a recording replays in the other host, word for word the same story", async () => {
      const file = files.path(`${first}.rec`);
      const bob = phone(second, "bob");
      const target = await portOf(bob, "TCP");
      const alice = phone(first, "alice", "--record", file);
      await alice.event("phone.ready");
      alice.type(`call sip:bob@127.0.0.1:${target};transport=tcp`);
      await bob.event("call.incoming");
      bob.type("answer");
      await alice.event("call.established");
      alice.type("set account.1.password = another7word");
      alice.type("get account.1.password");
      await alice.event("setting");
      alice.type("quit");
      assert.equal(await alice.exited, 0);
      const text = readFileSync(file, "utf8");
      assert.doesNotMatch(text, /s3cretword|another7word/);
      const stories = [];
      for (const host of Object.keys(hosts)) {
        const replayed = run(host, "replay", file);
        assert.equal(await replayed.exited, 0, replayed.told());
        assert.equal(replayed.errors, "");
        stories.push(replayed.output);
      }
      assert.equal(stories[0], stories[1]);
      await bob.end();
    });
  });
