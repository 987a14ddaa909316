// baresip and linphone at the same Kamailio as we: they call us, and we call them.

import assert from "node:assert/strict";
import { fields, interop, REGISTRAR, type RunningPhone, TIMED } from "./bench.js";
import { accountAt, ended, registered, uriOf } from "./registered.js";

const REFRESH_MS = 50_000;
const REFRESHES = 3;

export function otherPhones(): void {
  interop(
    "baresip calls the phone through Kamailio, and baresip hangs up",
    30,
    async (bench) => {
      const kamailio = await bench.kamailio();
      const alice = await registered(bench, accountAt(kamailio, "alice"));
      const baresip = await bench.baresip("bob", kamailio);
      baresip.command("dial", uriOf("alice"));
      await alice.program.event("call.incoming");
      alice.program.type("answer");
      await alice.program.event("call.established");
      await baresip.event("CALL_ESTABLISHED");
      baresip.command("hangup");
      await ended(alice, "remote", "peer-bye");
    },
    [...REGISTRAR, "baresip"],
  );

  interop(
    "the phone calls baresip, which knows no timers: three refreshes by re-INVITE through Kamailio, then the phone hangs up",
    180,
    async (bench) => {
      // sst would add Session-Expires to baresip's first 200 and to no later one, which turns the timer off.
      const kamailio = await bench.kamailio({ withoutSst: true });
      const alice = await registered(bench, { ...accountAt(kamailio, "alice"), ...TIMED });
      const baresip = await bench.baresip("bob", kamailio);
      alice.program.type(`call ${uriOf("bob")}`);
      await alice.program.event("call.established");
      await baresip.event("CALL_ESTABLISHED");
      await refreshed(alice, "local", "INVITE");
      alice.program.type("hangup");
      await ended(alice, "local", "user-hangup");
      await baresip.event("CALL_CLOSED");
    },
    [...REGISTRAR, "baresip"],
  );

  interop(
    "linphone calls the phone through Kamailio and refreshes three times by UPDATE, then linphone hangs up",
    180,
    async (bench) => {
      const kamailio = await bench.kamailio();
      const settings = { ...accountAt(kamailio, "alice"), ...TIMED, "account.1.session_timer.refresher": 1 };
      const alice = await registered(bench, settings);
      const linphone = await bench.linphone("bob", kamailio);
      linphone.type(`call ${uriOf("alice")}`);
      await alice.program.event("call.incoming");
      alice.program.type("answer");
      const up = await alice.program.event("call.established");
      assert.deepEqual(fields(up, "refresher", "expires"), ["remote", 90]);
      await refreshed(alice, "remote", "UPDATE");
      linphone.type("terminate");
      await ended(alice, "remote", "peer-bye");
    },
    [...REGISTRAR, "linphonec"],
  );

  interop(
    "the phone calls linphone through Kamailio and refreshes three times, then hangs up",
    180,
    async (bench) => {
      const kamailio = await bench.kamailio();
      const alice = await registered(bench, { ...accountAt(kamailio, "alice"), ...TIMED });
      await bench.linphone("bob", kamailio);
      alice.program.type(`call ${uriOf("bob")}`);
      const up = await alice.program.event("call.established");
      assert.deepEqual(fields(up, "refresher", "expires"), ["local", 90]);
      await refreshed(alice, "local", "UPDATE");
      alice.program.type("hangup");
      await ended(alice, "local", "user-hangup");
    },
    [...REGISTRAR, "linphonec"],
  );
}

async function refreshed({ program }: RunningPhone, by: string, method: string): Promise<void> {
  for (let i = 0; i < REFRESHES; i++) {
    const line = await program.event("call.refreshed", REFRESH_MS);
    assert.deepEqual(fields(line, "by", "method", "expires"), [by, method, 90]);
  }
}
