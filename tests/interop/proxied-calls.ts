// Calls between registered phones through Kamailio, which stays in the path of each.

import assert from "node:assert/strict";
import { fields, interop, REGISTRAR, TIMED } from "./bench.js";
import { accountAt, aliceAndBob, connect, hangUp, holdAndResume, registered, WIRES } from "./registered.js";

const REFRESH_MS = 50_000;

export function proxiedCalls(): void {
  for (const wire of WIRES) {
    interop(
      `two phones call each other through Kamailio over ${wire}, hold, resume, and hang up`,
      40,
      async (bench) => {
        const kamailio = await bench.kamailio();
        const [alice, bob] = await aliceAndBob(bench, kamailio, wire);
        await connect(alice, bob, "bob");
        await holdAndResume(alice, bob);
        await hangUp(bob, alice);
        await connect(bob, alice, "alice");
        await holdAndResume(alice, bob);
        await hangUp(bob, alice);
        const transports = (await kamailio.messages()).map(({ transport }) => transport.toUpperCase());
        assert.deepEqual([...new Set(transports)], [wire]);
      },
      REGISTRAR,
    );
  }

  interop(
    "a phone on UDP calls one on TLS: Kamailio is in the route twice",
    40,
    async (bench) => {
      const kamailio = await bench.kamailio();
      const alice = await registered(bench, accountAt(kamailio, "alice", "UDP"));
      const bob = await registered(bench, accountAt(kamailio, "bob", "TLS"));
      await connect(alice, bob, "bob");
      await holdAndResume(bob, alice);
      await holdAndResume(alice, bob);
      await hangUp(bob, alice);
    },
    REGISTRAR,
  );

  for (const wire of WIRES) {
    interop(
      `attended transfer between three phones through Kamailio over ${wire}`,
      40,
      async (bench) => {
        const kamailio = await bench.kamailio();
        const [alice, bob] = await aliceAndBob(bench, kamailio, wire);
        const carol = await registered(bench, accountAt(kamailio, "carol", wire));
        await connect(alice, bob, "bob");
        alice.program.type("hold");
        await bob.program.event("call.media");
        await connect(alice, carol, "carol");
        alice.program.type("transfer 1 2");
        const referred = await bob.program.event("call.referred");
        assert.equal(referred["into"], 2);
        assert.equal((await carol.program.event("call.replaced"))["of"], 1);
        assert.equal((await bob.program.event("call.established")).call, 2);
        assert.equal((await alice.program.event("call.transferred"))["status"], 200);
        // Carol's phone may have ended its call with Alice's before that.
        const last = await alice.program.event("call.ended");
        assert.ok(last.call === 1 || (await alice.program.event("call.ended")).call === 1);
        assert.equal((await bob.program.event("call.ended")).call, 1);
        assert.equal((await carol.program.event("call.ended"))["rule"], "RFC3891-replaced");
        await hangUp(bob, carol);
      },
      REGISTRAR,
    );
  }

  for (const wire of ["UDP", "TCP"] as const) {
    interop(
      `a call is refreshed twice through Kamailio's session timer over ${wire}`,
      120,
      async (bench) => {
        const kamailio = await bench.kamailio();
        const [alice, bob] = await aliceAndBob(bench, kamailio, wire, TIMED);
        await connect(alice, bob, "bob");
        for (let i = 0; i < 2; i++) {
          const here = await alice.program.event("call.refreshed", REFRESH_MS);
          const there = await bob.program.event("call.refreshed");
          assert.deepEqual(fields(here, "by", "method", "expires"), ["local", "UPDATE", 90]);
          assert.deepEqual(fields(there, "by", "method", "expires"), ["remote", "UPDATE", 90]);
        }
        await hangUp(bob, alice);
      },
      REGISTRAR,
    );
  }

  interop(
    "Kamailio wants longer session intervals: 422, and the call is up with 120 s",
    40,
    async (bench) => {
      const kamailio = await bench.kamailio({ minSe: 120 });
      const [alice, bob] = await aliceAndBob(bench, kamailio, "UDP", TIMED);
      alice.program.type("call sip:bob@ringlet.test");
      await bob.program.event("call.incoming");
      bob.program.type("answer");
      assert.equal((await alice.program.event("call.established"))["expires"], 120);
      assert.equal((await bob.program.event("call.established"))["expires"], 120);
      assert.equal((await kamailio.seen("snd", /^SIP\/2\.0 422 /)).length, 1);
      await hangUp(alice, bob);
    },
    REGISTRAR,
  );
}
