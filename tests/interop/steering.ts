// A computer that steers the phone by uaCSTA, as Communicator 2007 R2 does.

import assert from "node:assert/strict";
import { fields, interop } from "./bench.js";
import type { Sipp } from "./sipp.js";

const EVENTS = ["ServiceInitiated", "Originated", "Delivered", "Established"];

/** The events that it was told, each INFO once. */
function toldTo(sipp: Sipp): string[] {
  const infos = sipp.seen("received", /^INFO /).map(({ text }) => text);
  return [...new Set(infos)].map((text) => /<([A-Za-z]+)Event xmlns=/.exec(text)?.[1] ?? "");
}

export function steering(): void {
  interop(
    "RCC-14 SIPp has the phone call another SIPp by uaCSTA, hears of it, refreshes, and leaves; the call goes on",
    20,
    async (bench) => {
      // Its registration, and its call.
      const server = await bench.sipp("registers-and-is-called", { calls: 2 });
      const phone = await bench.phone({
        "features.csta_control.enable": 1,
        "account.1.session_timer.enable": 1,
        "account.1.sip_server.1.address": "127.0.0.1",
        "account.1.sip_server.1.port": server.port,
      });
      const { program } = phone;
      await program.event("account.registered");
      const moc = await bench.sipp("steers", {
        target: phone.address,
        words: ["-key", "target", server.uri],
      });
      await program.event("call.established");
      await moc.passed();
      // One that was passed over is not told late: an answer may overtake the ringing.
      const told = toldTo(moc);
      assert.deepEqual(
        told,
        EVENTS.filter((name) => name !== "Delivered" || told.includes(name)),
      );
      program.type("calls");
      assert.equal((await program.event("call.state"))["state"], "up");
      program.type("hangup");
      assert.deepEqual(fields(await program.event("call.ended"), "by", "rule"), ["local", "user-hangup"]);
      await server.passed();
    },
  );
}
