// Many calls, one after the other and side by side, and calls on a path that loses packets.

import assert from "node:assert/strict";
import { type Bench, events, interop, type RunningPhone, type Settings } from "./bench.js";
import type { Line, Program } from "../support/program.js";

/** Room for what happens in half a minute: a finished transaction is kept that long (Timer H, J, L). */
const ROOMY: Settings = {
  "ringlet.capacity.calls": 100,
  "ringlet.capacity.dialogs": 200,
  "ringlet.capacity.transactions": 2000,
};
const CALLS = 200;
const PER_SECOND = 20;
/** Each end of a lossy path loses every tenth packet. */
const LOST = ["-lost", "10"];
const LOSSY_CALLS = 20;

/** Answers the next `count` calls as they come. */
async function answerAll(program: Program, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const { call } = await program.event("call.incoming");
    program.type(`answer ${call}`);
  }
}

/** Nothing is left, and `count` calls were up and ended for this reason. */
async function assertAllThrough({ program }: RunningPhone, count: number, rule: string): Promise<void> {
  program.type("calls");
  const left = await program.event("calls");
  assert.equal(left["count"], 0);
  assert.equal(told(program, "call.established").length, count);
  assert.deepEqual(
    told(program, "call.ended").filter((line) => line["rule"] !== rule),
    [],
  );
}

function told(program: Program, name: string): Line[] {
  return program.lines.filter((line) => line.event === name);
}

async function roomy(bench: Bench, settings: Settings = {}): Promise<RunningPhone> {
  return bench.phone({ ...ROOMY, ...settings });
}

export function crowds(): void {
  interop(`SIPp calls ${CALLS} times at ${PER_SECOND}/s, auto_answer takes each`, 60, async (bench) => {
    const phone = await roomy(bench, { "account.1.auto_answer": 1 });
    // One at a time: auto_answer is for a phone that is not in a call.
    const words = ["-r", `${PER_SECOND}`, "-l", "1", "-d", "0"];
    const sipp = await bench.sipp("calls-hangs-up", { target: phone.address, calls: CALLS, words });
    await sipp.passed();
    await assertAllThrough(phone, CALLS, "peer-bye");
  });

  interop(
    `SIPp calls ${CALLS} times at ${PER_SECOND}/s for a second each, all answered`,
    60,
    async (bench) => {
      const phone = await roomy(bench);
      const words = ["-r", `${PER_SECOND}`, "-d", "1000"];
      const sipp = await bench.sipp("calls-hangs-up", { target: phone.address, calls: CALLS, words });
      await answerAll(phone.program, CALLS);
      await sipp.passed();
      await assertAllThrough(phone, CALLS, "peer-bye");
    },
  );

  interop("the phone makes 100 calls at once; SIPp answers and hangs up each", 60, async (bench) => {
    const sipp = await bench.sipp("takes-calls", { calls: 100, words: ["-d", "500"] });
    const phone = await roomy(bench);
    for (let i = 0; i < 100; i++) phone.program.type(`call ${sipp.uri}`);
    await sipp.passed();
    await assertAllThrough(phone, 100, "peer-bye");
  });

  interop(`SIPp calls ${LOSSY_CALLS} times and loses 10 % of all packets`, 60, async (bench) => {
    const phone = await roomy(bench);
    // Long enough for five repeated 200s: only where all of their ACKs were lost, BYE would come first.
    const words = [...LOST, "-r", "10", "-d", "16000"];
    const sipp = await bench.sipp("calls-hangs-up", { target: phone.address, calls: LOSSY_CALLS, words });
    await answerAll(phone.program, LOSSY_CALLS);
    await sipp.passed();
    assert.ok(sipp.lost > 0, "packets were lost");
    await assertAllThrough(phone, LOSSY_CALLS, "peer-bye");
  });

  interop(`the phone calls SIPp ${LOSSY_CALLS} times, which loses 10 % of all packets`, 60, async (bench) => {
    const sipp = await bench.sipp("takes-calls", { calls: LOSSY_CALLS, words: [...LOST, "-d", "3000"] });
    const phone = await roomy(bench);
    for (let i = 0; i < LOSSY_CALLS; i++) phone.program.type(`call ${sipp.uri}`);
    await events(phone.program, "call.ended", LOSSY_CALLS);
    await sipp.passed();
    assert.ok(sipp.lost > 0, "packets were lost");
    await assertAllThrough(phone, LOSSY_CALLS, "peer-bye");
  });
}
