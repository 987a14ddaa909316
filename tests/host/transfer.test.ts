// Three programs on real sockets, from the files of the README's "A transfer": its lines, and what they lead to.

import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { ROOT } from "../support/files.js";
import { Program } from "../support/program.js";

const folder = mkdtempSync(path.join(tmpdir(), "ringlet-transfer-"));
/** Above the example's file: any port that is free. */
const ANY_PORT = path.join(folder, "any-port.cfg");
writeFileSync(ANY_PORT, "#!version:1.0.0.1\nsip.listen_port = 0\n");

async function start(name: string): Promise<{ program: Program; uri: string }> {
  const file = path.join(ROOT, `examples/${name}.cfg`);
  const program = new Program("run", "--json", "--config", file, "--config", ANY_PORT);
  const ready = await program.event("phone.ready");
  return { program, uri: `sip:${name}@127.0.0.1:${ready["port"]}` };
}

/** Alice talks to Bob, who is held, and to Carol. */
async function consult() {
  const [alice, bob, carol] = await Promise.all([start("alice"), start("bob"), start("carol")]);
  alice.program.type(`call ${bob.uri}`);
  await alice.program.event("call.established");
  alice.program.type("hold 1");
  await alice.program.event("call.media");
  alice.program.type(`call ${carol.uri}`);
  await alice.program.event("call.established");
  return { alice: alice.program, bob: bob.program, carol: carol.program, bobsUri: bob.uri };
}

test("attended: Bob's phone calls Carol's in Alice's place, and hers is rid of both", async () => {
  const { alice, bob, carol } = await consult();
  alice.type("transfer 1 2");
  assert.equal((await bob.event("call.referred"))["into"], 2);
  assert.equal((await bob.event("call.established")).call, 2);
  assert.equal((await carol.event("call.replaced"))["of"], 1);
  assert.equal((await alice.event("call.transferred"))["status"], 200);
  assert.equal((await bob.event("call.ended")).call, 1);
  bob.type("calls");
  assert.equal((await bob.event("calls"))["count"], 1);
  bob.type("hangup 2");
  await carol.event("call.ended");
});

test("a conference: Bob is taken off hold, and the phone is told to mix", async () => {
  const { alice, bob } = await consult();
  alice.type("conference 1 2");
  const begun = await alice.event("call.conference");
  assert.deepEqual([begun.call, begun["with"], begun["mix"]], [1, 2, 1]);
  bob.type("hangup");
  assert.equal((await alice.event("call.conference"))["mix"], 0);
});

test("blind, to somebody who is not there: the call is as it was", async () => {
  const { alice, bob, bobsUri } = await consult();
  alice.type(`transfer ${bobsUri.replace("bob", "nobody")} 2`);
  const notice = await alice.event("call.notice");
  assert.deepEqual([notice.call, notice["what"], notice["status"]], [2, "transfer", 404]);
  alice.type("hangup 1");
  await bob.event("call.ended");
});
