// What goes on beside calls, and calls that take the place of others.

import assert from "node:assert/strict";
import { fields, interop } from "./bench.js";
import type { Sipp } from "./sipp.js";

const EARLY = "12345%40192.0.2.9%3Bto-tag%3D12%3Bfrom-tag%3D34%3Bearly-only";

/** The call that SIPp has answered, as the phone would name it. */
function nameOfCall(sipp: Sipp): string {
  const invite = sipp.seen("received", /^INVITE /)[0]?.text ?? "";
  const answer = sipp.seen("sent", /^SIP\/2\.0 200 /)[0]?.text ?? "";
  const found = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? "";
  const ours = found(invite, /^From: .*;tag=(\S+)\r$/m);
  return `${found(invite, /^Call-ID: (\S+)\r$/m)};to-tag=${ours};from-tag=${found(answer, /^To: .*;tag=(\S+)\r$/m)}`;
}

export function besideCalls(): void {
  interop(
    "SIPp is a notifier: 202, NOTIFY, a refresh, another package's NOTIFY (481), terminated for good",
    20,
    async (bench) => {
      const sipp = await bench.sipp("notifies");
      const { program } = await bench.phone();
      program.type(`subscribe message-summary ${sipp.uri}`);
      const [first] = [await program.event("mwi")];
      assert.deepEqual(fields(first, "waiting", "new", "old"), [1, 1, 0]);
      assert.equal((await program.event("subscription.active"))["state"], "active");
      assert.deepEqual(fields(await program.event("mwi"), "waiting", "new", "old"), [0, 0, 1]);
      // The last NOTIFY counts too.
      assert.deepEqual(fields(await program.event("mwi"), "waiting", "new", "old"), [1, 5, 0]);
      const ended = await program.event("subscription.ended");
      assert.deepEqual(fields(ended, "status", "reason", "retry"), [0, "noresource", -1]);
      await sipp.passed();
    },
  );

  interop(
    "SIPp has forgotten the subscription: 481 to its refresh, and it is had anew",
    20,
    async (bench) => {
      const sipp = await bench.sipp("forgets-the-subscription");
      const { program } = await bench.phone();
      program.type(`subscribe message-summary ${sipp.uri}`);
      await program.event("subscription.active");
      const ended = await program.event("subscription.ended");
      assert.equal(ended["status"], 481);
      assert.ok(Number(ended["retry"]) >= 0 && Number(ended["retry"]) <= 5);
      await sipp.passed();
    },
  );

  interop("SIPp does not know the package: 489", 20, async (bench) => {
    const sipp = await bench.sipp("refuses-the-package");
    const { program } = await bench.phone();
    program.type(`subscribe message-summary ${sipp.uri}`);
    const ended = await program.event("subscription.ended");
    assert.deepEqual(fields(ended, "status", "reason"), [489, "Bad Event"]);
    await sipp.passed();
  });

  interop(
    "SIPp tells what nobody asked for: 489 for an unknown package, 481 for a known one",
    20,
    async (bench) => {
      const { address } = await bench.phone();
      await (await bench.sipp("notifies-unasked", { target: address })).passed();
    },
  );

  interop("SIPp sends a text, and gets one", 20, async (bench) => {
    const { program, address } = await bench.phone();
    const sender = await bench.sipp("sends-a-text", { target: address });
    const { display, text } = await program.event("message.received");
    assert.deepEqual([display, String(text).trim()], ["Front desk", "Watson, come here."]);
    await sender.passed();
    const sipp = await bench.sipp("takes-a-text");
    program.type(`message ${sipp.uri} I want to see you`);
    assert.equal((await program.event("message.answered"))["status"], 202);
    await sipp.passed();
  });

  interop("RFC 3891 SIPp takes over the call that the phone has with another SIPp", 20, async (bench) => {
    const other = await bench.sipp("is-called");
    const { program, address } = await bench.phone();
    program.type(`call ${other.uri}`);
    await program.event("call.established");
    const words = ["-key", "replaces", nameOfCall(other)];
    const sipp = await bench.sipp("takes-over", { target: address, words });
    const replaced = await program.event("call.replaced");
    assert.deepEqual([replaced.call, replaced["of"]], [2, 1]);
    assert.equal((await program.event("call.ended"))["rule"], "RFC3891-replaced");
    assert.equal((await program.event("call.established")).call, 2);
    program.type("hangup");
    await program.event("call.ended");
    await Promise.all([other.passed(), sipp.passed()]);
  });

  interop("RFC 3891 the phone picks up a call of SIPp's by a URI with Replaces", 20, async (bench) => {
    const sipp = await bench.sipp("is-picked-up");
    const { program } = await bench.phone();
    program.type(`call ${sipp.uri}?Replaces=${EARLY}`);
    await program.event("call.established");
    program.type("hangup");
    await program.event("call.ended");
    await sipp.passed();
  });
}
