// What Kamailio tells phones that ask: whose phone rings, and whose mailbox is full.

import assert from "node:assert/strict";
import { type Bench, interop, NOTIFIER, type RunningPhone, type Settings } from "./bench.js";
import type { Kamailio, User } from "./kamailio/kamailio.js";
import { accountAt, aliceAndBob, hangUp, registered, uriOf, type Wire } from "./registered.js";

const SECONDS = 30;

/** Carol watches Bob's lamp. */
async function watchesBob(
  bench: Bench,
  kamailio: Kamailio,
  wire: Wire,
  settings: Settings = {},
): Promise<RunningPhone> {
  const carol = await registered(bench, { ...accountAt(kamailio, "carol", wire), ...settings });
  carol.program.type(`subscribe dialog ${uriOf("bob")}`);
  assert.equal((await carol.program.event("subscription.active"))["state"], "active");
  return carol;
}

/** The next that differs from the one before. */
async function becomes(phone: RunningPhone, state: string): Promise<Record<string, unknown>> {
  for (;;) {
    const lamp = await phone.program.event("lamp");
    assert.equal(lamp["uri"], uriOf("bob"));
    if (lamp["state"] === state) return lamp;
  }
}

async function calls(caller: RunningPhone, callee: RunningPhone, user: User): Promise<void> {
  caller.program.type(`call ${uriOf(user)}`);
  await callee.program.event("call.incoming");
}

export function lamps(): void {
  for (const wire of ["UDP", "TCP"] as const) {
    interop(
      `RFC 4235 a lamp through Kamailio over ${wire}: Bob's phone rings, is in a call, is free`,
      SECONDS,
      async (bench) => {
        const kamailio = await bench.kamailio({ presence: true });
        const [alice, bob] = await aliceAndBob(bench, kamailio, wire);
        const carol = await watchesBob(bench, kamailio, wire);
        await calls(alice, bob, "bob");
        const rings = await becomes(carol, "early");
        assert.deepEqual([rings["direction"], rings["remote"]], ["recipient", "sip:alice@127.0.0.1"]);
        bob.program.type("answer");
        await becomes(carol, "confirmed");
        await alice.program.event("call.established");
        await bob.program.event("call.established");
        await hangUp(alice, bob);
        await becomes(carol, "idle");
        // It was asked for a password.
        assert.equal((await kamailio.seen("snd", /^SIP\/2\.0 407 /)).filter(isOfSubscribe).length, 1);
        carol.program.type(`unsubscribe dialog ${uriOf("bob")}`);
        await carol.program.event("subscription.ended");
      },
      NOTIFIER,
    );
  }

  interop(
    "RFC 5359 §2.16 Carol picks up by Replaces the call that rings at Bob's, through Kamailio",
    SECONDS,
    async (bench) => {
      const kamailio = await bench.kamailio({ presence: true });
      const [alice, bob] = await aliceAndBob(bench, kamailio);
      const carol = await watchesBob(bench, kamailio, "UDP", { "account.1.dialoginfo_callpickup": 1 });
      await calls(alice, bob, "bob");
      const { pickup } = await becomes(carol, "early");
      assert.match(String(pickup), /^sip:alice@.*\?Replaces=/);
      carol.program.type(`call ${String(pickup)}`);
      assert.equal((await alice.program.event("call.replaced"))["of"], 1);
      assert.equal((await bob.program.event("call.ended")).call, 1);
      await carol.program.event("call.established");
      const ended = await alice.program.event("call.ended");
      assert.deepEqual([ended.call, ended["rule"]], [1, "RFC3891-replaced"]);
      assert.equal((await alice.program.event("call.established")).call, 2);
      await hangUp(carol, alice);
    },
    NOTIFIER,
  );

  interop(
    "RFC 3842 messages that wait: what was published before, and what comes later",
    SECONDS,
    async (bench) => {
      const kamailio = await bench.kamailio({ presence: true });
      const summary = (count: string) => `Messages-Waiting: yes\r\nVoice-Message: ${count}\r\n`;
      await kamailio.publishes("sip:alice@127.0.0.1", summary("2/8"));
      const settings = { ...accountAt(kamailio, "alice"), "account.1.subscribe_mwi": 1 };
      const alice = await registered(bench, settings);
      const known = await alice.program.event("mwi");
      assert.deepEqual([known["waiting"], known["new"], known["old"]], [1, 2, 8]);
      await kamailio.publishes("sip:alice@127.0.0.1", summary("3/8"));
      assert.equal((await alice.program.event("mwi"))["new"], 3);
    },
    NOTIFIER,
  );
}

function isOfSubscribe({ text }: { text: string }): boolean {
  return /^CSeq: \d+ SUBSCRIBE\r$/m.test(text);
}
