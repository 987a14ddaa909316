// Two `ringlet run` with each other, as two people would use them.

import assert from "node:assert/strict";
import { fields, scene, TIMED } from "./bench.js";

export function twoPhones(): void {
  scene(
    "two phones: a call is refreshed by the caller, held, resumed, and ended by the callee",
    80,
    async (bench) => {
      const alice = await bench.phone(TIMED);
      const bob = await bench.phone({ ...TIMED, "account.1.user_name": "bob" });
      alice.program.type(`call ${bob.uri}`);
      await bob.program.event("call.incoming");
      bob.program.type("answer");
      const up = [await alice.program.event("call.established"), await bob.program.event("call.established")];
      assert.deepEqual(
        up.map((line) => fields(line, "refresher", "expires")),
        [
          ["local", 90],
          ["remote", 90],
        ],
      );
      const there = await bob.program.event("call.refreshed", 50_000);
      const here = await alice.program.event("call.refreshed");
      assert.deepEqual(fields(here, "by", "method", "expires"), ["local", "UPDATE", 90]);
      assert.deepEqual(fields(there, "by", "method", "expires"), ["remote", "UPDATE", 90]);
      alice.program.type("hold");
      assert.equal((await bob.program.event("call.media"))["direction"], "recvonly");
      alice.program.type("resume");
      assert.equal((await bob.program.event("call.media"))["direction"], "sendrecv");
      bob.program.type("hangup");
      const ends = [await alice.program.event("call.ended"), await bob.program.event("call.ended")];
      assert.deepEqual(
        ends.map((line) => fields(line, "by", "rule")),
        [
          ["remote", "peer-bye"],
          ["local", "user-hangup"],
        ],
      );
    },
  );

  scene("two phones: a caller who goes off without a word is missed after 60 s", 85, async (bench) => {
    const alice = await bench.phone(TIMED);
    const bob = await bench.phone({ ...TIMED, "account.1.user_name": "bob", "account.1.auto_answer": 1 });
    alice.program.type(`call ${bob.uri}`);
    await bob.program.event("call.established");
    await alice.program.end();
    const end = await bob.program.event("call.ended", 65_000);
    assert.deepEqual(fields(end, "by", "rule"), ["local", "RFC4028-10-expired"]);
  });

  scene("two phones: do not disturb", 20, async (bench) => {
    const alice = await bench.phone();
    const bob = await bench.phone({ "account.1.user_name": "bob", "features.dnd.enable": 1 });
    alice.program.type(`call ${bob.uri}`);
    const end = await alice.program.event("call.ended");
    assert.deepEqual(fields(end, "by", "status", "rule"), ["remote", 480, "peer-refused"]);
  });
}
