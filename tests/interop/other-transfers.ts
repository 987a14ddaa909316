// Transfers between our phone, baresip and linphone, at the same Kamailio: ours, and theirs.
//
// baresip is never the one that is sent to somebody with Replaces: it would make that a part of the Request-URI.

import assert from "node:assert/strict";
import type { Baresip } from "./baresip.js";
import { type Bench, fields, interop, REGISTRAR, type RunningPhone } from "./bench.js";
import type { User } from "./kamailio/kamailio.js";
import type { Linphone } from "./linphone.js";
import { accountAt, ended, registered, uriOf } from "./registered.js";

const BARESIP = "bob";
const LINPHONE = "carol";
const PEERS = [...REGISTRAR, "baresip", "linphonec"] as const;

interface Three {
  phone: RunningPhone;
  baresip: Baresip;
  linphone: Linphone;
}

export function otherTransfers(): void {
  transfer("the phone sends baresip to linphone, without asking", async ({ phone, baresip }) => {
    await calls(phone, BARESIP);
    await baresip.event("CALL_ESTABLISHED");
    phone.program.type(`transfer ${uriOf(LINPHONE)}`);
    await transferred(phone);
    await baresip.event("CALL_ESTABLISHED");
  });

  transfer("the phone sends linphone to baresip, without asking", async ({ phone, baresip }) => {
    await calls(phone, LINPHONE);
    phone.program.type(`transfer ${uriOf(BARESIP)}`);
    await transferred(phone);
    await baresip.event("CALL_ESTABLISHED");
  });

  transfer(
    "the phone asks baresip first, and puts linphone in its own place there",
    async ({ phone, baresip }) => {
      await calls(phone, LINPHONE);
      phone.program.type("hold 1");
      await phone.program.event("call.media");
      await calls(phone, BARESIP);
      await baresip.event("CALL_ESTABLISHED");
      phone.program.type("transfer 1 2");
      await transferred(phone);
      await phone.program.event("call.ended");
      await baresip.event("CALL_ESTABLISHED");
    },
  );

  transfer("linphone sends the phone to baresip", async ({ phone, baresip, linphone }) => {
    await calls(phone, LINPHONE);
    linphone.type(`transfer ${uriOf(BARESIP)}`);
    await sentOn(phone);
    await baresip.event("CALL_ESTABLISHED");
    await ended(phone, "remote", "peer-bye");
  });

  transfer("baresip sends the phone to linphone", async ({ phone, baresip }) => {
    await calls(phone, BARESIP);
    await baresip.event("CALL_ESTABLISHED");
    baresip.command("transfer", uriOf(LINPHONE));
    await sentOn(phone);
    await ended(phone, "remote", "peer-bye");
  });
}

function transfer(name: string, run: (three: Three) => Promise<void>): void {
  interop(name, 40, async (bench) => run(await threeAt(bench)), [...PEERS]);
}

async function threeAt(bench: Bench): Promise<Three> {
  const kamailio = await bench.kamailio();
  const [phone, baresip, linphone] = await Promise.all([
    registered(bench, accountAt(kamailio, "alice")),
    bench.baresip(BARESIP, kamailio),
    bench.linphone(LINPHONE, kamailio),
  ]);
  return { phone, baresip, linphone };
}

/** Both of them answer by themselves. */
async function calls({ program }: RunningPhone, whom: User): Promise<void> {
  program.type(`call ${uriOf(whom)}`);
  await program.event("call.established");
}

async function transferred({ program }: RunningPhone): Promise<void> {
  assert.deepEqual(fields(await program.event("call.transferred"), "status"), [200]);
  await program.event("call.ended");
}

async function sentOn({ program }: RunningPhone): Promise<void> {
  await program.event("call.referred");
  await program.event("call.established");
}
