// Transfers between our phone, baresip and linphone, at the same Kamailio: ours, and theirs.
//
// baresip is never the one that is sent to somebody with Replaces: it would make that a part of the Request-URI.

import assert from "node:assert/strict";
import { type Bench, fields, interop, REGISTRAR, type RunningPhone } from "./bench.js";
import type { Kamailio } from "./kamailio/kamailio.js";
import { accountAt, ended, registered, uriOf } from "./registered.js";

const EVERYBODY = [...REGISTRAR, "baresip", "linphonec"] as const;

export function otherTransfers(): void {
  interop(
    "the phone sends baresip to linphone, without asking",
    40,
    async (bench) => {
      const { kamailio, alice } = await aliceAt(bench);
      const [baresip] = await Promise.all([
        bench.baresip("bob", kamailio),
        bench.linphone("carol", kamailio),
      ]);
      alice.program.type(`call ${uriOf("bob")}`);
      await alice.program.event("call.established");
      await baresip.event("CALL_ESTABLISHED");
      alice.program.type(`transfer ${uriOf("carol")}`);
      assert.deepEqual(fields(await alice.program.event("call.transferred"), "status"), [200]);
      await alice.program.event("call.ended");
      await baresip.event("CALL_ESTABLISHED");
    },
    [...EVERYBODY],
  );

  interop(
    "the phone sends linphone to baresip, without asking",
    40,
    async (bench) => {
      const { kamailio, alice } = await aliceAt(bench);
      const [baresip] = await Promise.all([
        bench.baresip("bob", kamailio),
        bench.linphone("carol", kamailio),
      ]);
      alice.program.type(`call ${uriOf("carol")}`);
      await alice.program.event("call.established");
      alice.program.type(`transfer ${uriOf("bob")}`);
      assert.deepEqual(fields(await alice.program.event("call.transferred"), "status"), [200]);
      await alice.program.event("call.ended");
      await baresip.event("CALL_ESTABLISHED");
    },
    [...EVERYBODY],
  );

  interop(
    "the phone asks baresip first, and puts linphone in its own place there",
    40,
    async (bench) => {
      const { kamailio, alice } = await aliceAt(bench);
      const [baresip] = await Promise.all([
        bench.baresip("bob", kamailio),
        bench.linphone("carol", kamailio),
      ]);
      alice.program.type(`call ${uriOf("carol")}`);
      await alice.program.event("call.established");
      alice.program.type("hold 1");
      await alice.program.event("call.media");
      alice.program.type(`call ${uriOf("bob")}`);
      await alice.program.event("call.established");
      await baresip.event("CALL_ESTABLISHED");
      alice.program.type("transfer 1 2");
      assert.deepEqual(fields(await alice.program.event("call.transferred"), "status"), [200]);
      await alice.program.event("call.ended");
      await alice.program.event("call.ended");
      await baresip.event("CALL_ESTABLISHED");
    },
    [...EVERYBODY],
  );

  interop(
    "linphone sends the phone to baresip",
    40,
    async (bench) => {
      const { kamailio, alice } = await aliceAt(bench);
      const [baresip, linphone] = await Promise.all([
        bench.baresip("bob", kamailio),
        bench.linphone("carol", kamailio),
      ]);
      alice.program.type(`call ${uriOf("carol")}`);
      await alice.program.event("call.established");
      linphone.type(`transfer ${uriOf("bob")}`);
      await alice.program.event("call.referred");
      await alice.program.event("call.established");
      await baresip.event("CALL_ESTABLISHED");
      await ended(alice, "remote", "peer-bye");
    },
    [...EVERYBODY],
  );

  interop(
    "baresip sends the phone to linphone",
    40,
    async (bench) => {
      const { kamailio, alice } = await aliceAt(bench);
      const [baresip] = await Promise.all([
        bench.baresip("bob", kamailio),
        bench.linphone("carol", kamailio),
      ]);
      alice.program.type(`call ${uriOf("bob")}`);
      await alice.program.event("call.established");
      await baresip.event("CALL_ESTABLISHED");
      baresip.command("transfer", uriOf("carol"));
      await alice.program.event("call.referred");
      await alice.program.event("call.established");
      await ended(alice, "remote", "peer-bye");
    },
    [...EVERYBODY],
  );
}

async function aliceAt(bench: Bench): Promise<{ kamailio: Kamailio; alice: RunningPhone }> {
  const kamailio = await bench.kamailio();
  return { kamailio, alice: await registered(bench, accountAt(kamailio, "alice")) };
}
