// The commands beside plain calls, as they are typed to the program: what they do, and what they say where they can't be obeyed.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { folderOf, Program } from "../support/program.js";

const ALICE = `#!version:1.0.0.1
ringlet.bind.address = 127.0.0.1
sip.listen_port = 0
account.1.enable = 1
account.1.user_name = alice
`;
const files = folderOf({
  "alice.cfg": ALICE,
  "bob.cfg": ALICE.replace("alice", "bob"),
});
after(() => files.remove());

async function start(name: string): Promise<{ program: Program; uri: string }> {
  const program = new Program("run", "--json", "--config", files.path(`${name}.cfg`));
  const ready = await program.event("phone.ready");
  return { program, uri: `sip:${name}@127.0.0.1:${ready["port"]}` };
}

/** The value of a setting that has it. */
async function valueOf(program: Program, key: string): Promise<unknown> {
  program.type(`get ${key}`);
  return (await program.event("setting"))["value"];
}

test("what can't be obeyed is one line that says why", async () => {
  const { program } = await start("alice");
  const lines: [string, string][] = [
    ["transfer", "transfer needs URI [CALL], or CALL CALL"],
    ["transfer 2003 1 2", "transfer needs URI [CALL], or CALL CALL"],
    ["transfer 2003", "transfer: there is no call"],
    ["transfer 1 2", "transfer: there is no call 1"],
    ["transfer 2003 x", 'CALL is a number from 1, not "x"'],
    ["conference 1", "conference needs CALL CALL"],
    ["conference 3 4", "conference: there is no call 3"],
    ["conference a b", 'CALL is a number from 1, not "a"'],
    ["subscribe dialog", "subscribe needs PACKAGE URI"],
    ["unsubscribe dialog 2003 more", "unsubscribe needs PACKAGE URI"],
    ["unsubscribe dialog 2003", "unsubscribe: there is no subscription to it"],
    ["message", "message needs URI TEXT"],
    ["message 2003", "message needs URI TEXT"],
    ["forward", "forward needs URI [ACCOUNT], or off"],
    ["forward off 1 2", "forward needs URI [ACCOUNT], or off"],
    ["forward off 1", "ACCOUNT needs features.fwd_mode = 1"],
    ["forward off 17", 'ACCOUNT is a number from 1 to 16, not "17"'],
    ["dnd", "dnd needs on or off, and [ACCOUNT]"],
    ["dnd maybe", "dnd needs on or off, and [ACCOUNT]"],
    ["dnd on 1", "ACCOUNT needs features.dnd_mode = 1"],
  ];
  for (const [line, complaint] of lines) {
    program.type(line);
    await program.error(new RegExp(`^ringlet: ${complaint.replace(/[[\]().]/g, "\\$&")}\n$`));
  }
  program.type("subscribe dialog 2003");
  await program.error(/^ringlet: subscribe dialog 2003: .+\n$/);
  program.type("message 2003 on my way");
  await program.error(/^ringlet: message 2003: .+\n$/);
});

test("forward and dnd set what counts: the phone's, or an account's", async () => {
  const { program } = await start("alice");
  program.type("forward sip:carol@127.0.0.1");
  assert.equal(await valueOf(program, "forward.always.enable"), "1");
  assert.equal(await valueOf(program, "forward.always.target"), "sip:carol@127.0.0.1");
  program.type("forward off");
  assert.equal(await valueOf(program, "forward.always.enable"), "0");
  program.type("set features.fwd_mode = 1");
  program.type("forward 2003 2");
  assert.equal(await valueOf(program, "account.2.always_fwd.enable"), "1");
  assert.equal(await valueOf(program, "account.2.always_fwd.target"), "2003");
  program.type("dnd on");
  assert.equal(await valueOf(program, "features.dnd.enable"), "1");
  program.type("set features.dnd_mode = 1");
  program.type("dnd on 3");
  assert.equal(await valueOf(program, "account.3.dnd.enable"), "1");
  program.type("dnd off 3");
  assert.equal(await valueOf(program, "account.3.dnd.enable"), "0");
});

test("dnd on: a call is refused without ringing, and off: it rings", async () => {
  const [alice, bob] = await Promise.all([start("alice"), start("bob")]);
  bob.program.type("dnd on");
  assert.equal(await valueOf(bob.program, "features.dnd.enable"), "1");
  alice.program.type(`call ${bob.uri}`);
  assert.equal((await bob.program.event("call.refused"))["reason"], "dnd");
  await alice.program.event("call.ended");
  bob.program.type("dnd off");
  assert.equal(await valueOf(bob.program, "features.dnd.enable"), "0");
  alice.program.type(`call ${bob.uri}`);
  await bob.program.event("call.incoming");
});
