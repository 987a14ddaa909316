// One call at a time, in every way that it can begin and end.

import assert from "node:assert/strict";
import { type Bench, events, fields, interop, type RunningPhone } from "./bench.js";
import type { Sipp } from "./sipp.js";

const RELIABLE = { "account.1.100rel_enable": "1" };

/** A call that SIPp answers: up when this resolves. */
async function dialled(bench: Bench, scenario: string): Promise<{ phone: RunningPhone; sipp: Sipp }> {
  const sipp = await bench.sipp(scenario);
  const phone = await bench.phone();
  phone.program.type(`call ${sipp.uri}`);
  await phone.program.event("call.established");
  return { phone, sipp };
}

/** A call of SIPp's, which rings when this resolves. */
async function ringing(
  bench: Bench,
  scenario: string,
  words: string[] = [],
): Promise<{ phone: RunningPhone; sipp: Sipp }> {
  const phone = await bench.phone();
  const sipp = await bench.sipp(scenario, { target: phone.address, words });
  const incoming = await phone.program.event("call.incoming");
  assert.match(String(incoming["from"]), /^sip:sipp@127\.0\.0\.1/);
  return { phone, sipp };
}

async function ended(phone: RunningPhone, by: string, status: number, rule: string): Promise<void> {
  const line = await phone.program.event("call.ended");
  assert.deepEqual(fields(line, "by", "status", "rule"), [by, status, rule]);
}

export function calls(): void {
  interop("SIPp is called and answers; the phone hangs up", 20, async (bench) => {
    const { phone, sipp } = await dialled(bench, "is-called");
    phone.program.type("hangup");
    await ended(phone, "local", 200, "user-hangup");
    await sipp.passed();
  });

  interop("SIPp is called and answers; SIPp hangs up", 20, async (bench) => {
    const { phone, sipp } = await dialled(bench, "is-called-hangs-up");
    await ended(phone, "remote", 200, "peer-bye");
    await sipp.passed();
  });

  interop("SIPp is called and sent on; it tells how that goes, and the phone hangs up", 20, async (bench) => {
    const { phone, sipp } = await dialled(bench, "is-transferred");
    phone.program.type("transfer sip:carol@127.0.0.1:5999");
    assert.equal((await phone.program.event("call.transfer"))["status"], 100);
    assert.equal((await phone.program.event("call.transfer"))["status"], 180);
    assert.equal((await phone.program.event("call.transferred"))["status"], 200);
    await ended(phone, "local", 200, "user-transfer");
    await sipp.passed();
  });

  interop("SIPp calls and the phone answers; the phone hangs up", 20, async (bench) => {
    const { phone, sipp } = await ringing(bench, "calls");
    phone.program.type("answer");
    const up = await phone.program.event("call.established");
    assert.equal(up["media"], "PCMU 127.0.0.1:40000 sendrecv");
    phone.program.type("hangup");
    await ended(phone, "local", 200, "user-hangup");
    await sipp.passed();
  });

  interop("SIPp calls and the phone answers; SIPp hangs up", 20, async (bench) => {
    const { phone, sipp } = await ringing(bench, "calls-hangs-up", ["-d", "500"]);
    phone.program.type("answer");
    await phone.program.event("call.established");
    await ended(phone, "remote", 200, "peer-bye");
    await sipp.passed();
  });

  interop(
    "SIPp calls without an offer: the phone offers, and takes the answer from the ACK",
    20,
    async (bench) => {
      const { phone, sipp } = await ringing(bench, "calls-without-offer", ["-d", "300"]);
      phone.program.type("answer");
      const up = await phone.program.event("call.established");
      assert.equal(up["media"], "PCMU 127.0.0.1:40000 sendrecv");
      await ended(phone, "remote", 200, "peer-bye");
      await sipp.passed();
    },
  );

  interop("SIPp rings reliably on two forks: a PRACK to each, and the media of each", 20, async (bench) => {
    const sipp = await bench.sipp("rings-reliably");
    const phone = await bench.phone(RELIABLE);
    phone.program.type(`call ${sipp.uri}`);
    for (const [port, early] of [
      [40000, 1],
      [40002, 1],
      [40002, 0],
    ]) {
      assert.deepEqual(fields(await phone.program.event("call.media"), "port", "early"), [port, early]);
    }
    await phone.program.event("call.established");
    phone.program.type("hangup");
    await ended(phone, "local", 200, "user-hangup");
    await sipp.passed();
  });

  interop(
    "SIPp requires 100rel and makes no offer: ours is in the 180, its answer in the PRACK",
    20,
    async (bench) => {
      const phone = await bench.phone(RELIABLE);
      const sipp = await bench.sipp("calls-reliably", { target: phone.address });
      await phone.program.event("call.incoming");
      assert.deepEqual(fields(await phone.program.event("call.media"), "port", "early"), [40000, 1]);
      phone.program.type("answer");
      const up = await phone.program.event("call.established");
      assert.equal(up["media"], "PCMU 127.0.0.1:40000 sendrecv");
      phone.program.type("hangup");
      await ended(phone, "local", 200, "user-hangup");
      await sipp.passed();
    },
  );

  interop("the phone gives up while SIPp rings: CANCEL, 487", 20, async (bench) => {
    const sipp = await bench.sipp("is-cancelled");
    const phone = await bench.phone();
    phone.program.type(`call ${sipp.uri}`);
    assert.equal((await phone.program.event("call.ringing"))["status"], 180);
    phone.program.type("hangup");
    await ended(phone, "local", 487, "user-cancel");
    await sipp.passed();
  });

  interop("SIPp gives up while the phone rings: CANCEL, 487", 20, async (bench) => {
    const { phone, sipp } = await ringing(bench, "cancels");
    await ended(phone, "remote", 487, "peer-cancel");
    await sipp.passed();
  });

  interop("the phone rejects SIPp's call with 486", 20, async (bench) => {
    const { phone, sipp } = await ringing(bench, "is-rejected");
    phone.program.type("reject");
    await ended(phone, "local", 486, "user-reject");
    await sipp.passed();
  });

  interop("SIPp rejects the phone's call with 486", 20, async (bench) => {
    const sipp = await bench.sipp("rejects");
    const phone = await bench.phone();
    phone.program.type(`call ${sipp.uri}`);
    await ended(phone, "remote", 486, "peer-refused");
    await sipp.passed();
  });

  interop(
    "SIPp redirects the phone with 302 to another SIPp, the Contact with the highest q",
    20,
    async (bench) => {
      const desk = await bench.sipp("is-called-hangs-up");
      const desks = desk.uri.split("@")[1];
      const sipp = await bench.sipp("redirects", { words: ["-key", "target", String(desks)] });
      const phone = await bench.phone();
      phone.program.type(`call ${sipp.uri}`);
      await phone.program.event("call.established");
      await ended(phone, "remote", 200, "peer-bye");
      await Promise.all([sipp.passed(), desk.passed()]);
      assert.equal(desk.seen("received", new RegExp(`^INVITE sip:desk@${desks} SIP/2\\.0$`)).length, 1);
    },
  );

  interop("SIPp challenges the phone's INVITE with 401 and verifies the digest", 20, async (bench) => {
    const sipp = await bench.sipp("challenges");
    const phone = await bench.phone({ ...registrar(sipp), "account.1.password": "open sesame" });
    phone.program.type(`call ${sipp.uri}`);
    await phone.program.event("call.established");
    phone.program.type("hangup");
    await ended(phone, "local", 200, "user-hangup");
    await sipp.passed();
  });

  interop("SIPp finds that a wrong password gives a wrong digest", 20, async (bench) => {
    const sipp = await bench.sipp("challenges");
    const phone = await bench.phone({ ...registrar(sipp), "account.1.password": "open barley" });
    phone.program.type(`call ${sipp.uri}`);
    await assert.rejects(sipp.passed(), /The credentials are wrong/);
  });

  interop("SIPp refuses the credentials: the phone does not try for ever", 20, async (bench) => {
    const sipp = await bench.sipp("refuses-credentials");
    const phone = await bench.phone({ ...registrar(sipp), "account.1.password": "open sesame" });
    phone.program.type(`call ${sipp.uri}`);
    await ended(phone, "remote", 401, "RFC3261-22-credentials");
    await sipp.passed();
    assert.equal(sipp.seen("received", /^INVITE /).length, 2);
  });

  interop("the phone holds SIPp and resumes", 20, async (bench) => {
    const { phone, sipp } = await dialled(bench, "is-held");
    const { program } = phone;
    program.type("hold");
    assert.equal((await program.event("call.media"))["direction"], "sendonly");
    program.type("resume");
    assert.equal((await program.event("call.media"))["direction"], "sendrecv");
    program.type("hangup");
    await ended(phone, "local", 200, "user-hangup");
    await sipp.passed();
    assert.deepEqual(...risingVersions(sipp));
  });

  interop("SIPp holds the phone and resumes", 20, async (bench) => {
    const { phone, sipp } = await ringing(bench, "holds");
    phone.program.type("answer");
    const media = await events(phone.program, "call.media", 3);
    assert.deepEqual(
      media.map((line) => line["direction"]),
      ["sendrecv", "recvonly", "sendrecv"],
    );
    await ended(phone, "remote", 200, "peer-bye");
    await sipp.passed();
  });

  interop("SIPp asks for OPTIONS", 20, async (bench) => {
    const phone = await bench.phone();
    const sipp = await bench.sipp("asks-for-options", { target: phone.address });
    await sipp.passed();
  });
}

function registrar(sipp: Sipp): Record<string, string | number> {
  return {
    "account.1.sip_server.1.address": "127.0.0.1",
    "account.1.sip_server.1.port": sipp.port,
    "account.1.register.enable": 0,
    "account.1.auth_name": "alice-auth",
  };
}

/** The versions of the offers that SIPp saw, and what they ought to be: one more each time (RFC 3264 §8). */
function risingVersions(sipp: Sipp): [bigint[], bigint[]] {
  const offers = sipp.seen("received", /^INVITE /).map(({ text }) => /^o=\S+ \d+ (\d+) /m.exec(text)?.[1]);
  const versions = offers.map((version) => BigInt(version ?? "0"));
  return [versions, versions.map((_, i) => (versions[0] ?? 0n) + BigInt(i))];
}
