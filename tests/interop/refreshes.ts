// The session timer with SIPp at the shortest interval, 90 s: refreshes at 45 s, the supervisor's BYE at 60 s.

import assert from "node:assert/strict";
import { type Bench, fields, interop, type RunningPhone, type Settings, TIMED } from "./bench.js";
import type { Logged, Sipp } from "./sipp.js";

/** A machine that has much else to do may be late by this. */
const LATE_MS = 3000;
/** Until the first refresh, and a little more. */
const HALF_MS = 45_000 + LATE_MS;

interface TimedCall {
  phone: RunningPhone;
  sipp: Sipp;
}

/** SIPp answers; up when this resolves, and the phone says who refreshes and by which rule. */
async function dialled(
  bench: Bench,
  scenario: string,
  who: string,
  rule: string,
  settings: Settings = {},
): Promise<TimedCall> {
  const sipp = await bench.sipp(scenario);
  const phone = await bench.phone({ ...TIMED, ...settings });
  phone.program.type(`call ${sipp.uri}`);
  await up(phone, who, rule);
  return { phone, sipp };
}

/** SIPp calls and the phone answers. */
async function answered(
  bench: Bench,
  scenario: string,
  who: string,
  rule: string,
  settings: Settings = {},
): Promise<TimedCall> {
  const phone = await bench.phone({ ...TIMED, ...settings, "account.1.auto_answer": 1 });
  const sipp = await bench.sipp(scenario, { target: phone.address });
  await up(phone, who, rule);
  return { phone, sipp };
}

async function up(phone: RunningPhone, who: string, rule: string): Promise<void> {
  const line = await phone.program.event("call.established");
  assert.deepEqual(fields(line, "refresher", "rule"), [who, rule]);
}

async function refreshed(phone: RunningPhone, by: string, method: string, withinMs = HALF_MS): Promise<void> {
  const line = await phone.program.event("call.refreshed", withinMs);
  assert.deepEqual(fields(line, "by", "method", "expires"), [by, method, 90]);
}

async function ended(phone: RunningPhone, by: string, rule: string, withinMs?: number): Promise<void> {
  const line = await phone.program.event("call.ended", withinMs);
  assert.deepEqual(fields(line, "by", "rule"), [by, rule]);
}

/** The phone hangs up, and SIPp has seen all that it waited for. */
async function hungUp({ phone, sipp }: TimedCall): Promise<void> {
  phone.program.type("hangup");
  await ended(phone, "local", "user-hangup");
  await sipp.passed();
}

/** `later` came `seconds` after `earlier`, or a little later, by SIPp's clock; at most 50 ms before. */
function assertGap(earlier: Logged | undefined, later: Logged | undefined, seconds: number): void {
  assert.ok(earlier && later, "both were seen");
  const late = later.at - earlier.at - seconds * 1000;
  assert.ok(late > -50 && late < LATE_MS, `${seconds} s expected, ${late} ms beside it`);
}

/** The 200s that SIPp sent to INVITE, and the requests it got with this method. */
function accepted(sipp: Sipp): Logged[] {
  return sipp.seen("sent", /^SIP\/2\.0 200 /).filter(({ text }) => /^CSeq: \d+ INVITE/m.test(text));
}

const requests = (sipp: Sipp, method: string): Logged[] => sipp.seen("received", new RegExp(`^${method} `));

export function refreshes(): void {
  interop("the phone refreshes a call to SIPp by UPDATE, which Allow lists, at 45 s", 60, async (bench) => {
    const call = await dialled(bench, "is-refreshed-by-update", "local", "RFC4028-7.1-setting");
    await refreshed(call.phone, "local", "UPDATE");
    await hungUp(call);
    assertGap(accepted(call.sipp)[0], requests(call.sipp, "UPDATE")[0], 45);
  });

  interop(
    "TDR-30 TDR-31 the phone refreshes twice by re-INVITE with an unchanged o= line: no UPDATE in Allow",
    110,
    async (bench) => {
      const call = await dialled(bench, "is-refreshed-by-reinvite", "local", "RFC4028-7.1-setting");
      await refreshed(call.phone, "local", "INVITE");
      await refreshed(call.phone, "local", "INVITE");
      await hungUp(call);
      const invites = requests(call.sipp, "INVITE");
      assert.equal(invites.length, 3);
      const bodies = invites.map(({ text }) => text.split("\r\n\r\n")[1]);
      assert.deepEqual(bodies, [bodies[0], bodies[0], bodies[0]]);
    },
  );

  interop(
    "the phone refreshes by re-INVITE where refresh_method says so, though Allow lists UPDATE",
    60,
    async (bench) => {
      const settings = { "account.1.session_timer.refresh_method": 2 };
      const call = await dialled(
        bench,
        "is-refreshed-by-one-reinvite",
        "local",
        "RFC4028-7.1-setting",
        settings,
      );
      await refreshed(call.phone, "local", "INVITE");
      await hungUp(call);
      assertGap(accepted(call.sipp)[0], requests(call.sipp, "INVITE")[1], 45);
    },
  );

  interop("SIPp knows no timers: the phone refreshes alone", 60, async (bench) => {
    const call = await dialled(bench, "knows-no-timer", "local", "RFC4028-7.2-self");
    await refreshed(call.phone, "local", "INVITE");
    await hungUp(call);
  });

  interop("B38 SIPp answers UPDATE with 501: re-INVITE at once", 60, async (bench) => {
    const call = await dialled(bench, "does-not-implement-update", "local", "RFC4028-7.1-setting");
    await refreshed(call.phone, "local", "INVITE");
    await hungUp(call);
  });

  interop("SIPp answers the refresh with 481: BYE at once", 60, async (bench) => {
    const { phone, sipp } = await dialled(bench, "has-forgotten-the-call", "local", "RFC4028-7.1-setting");
    await ended(phone, "local", "RFC4028-10-unanswered", HALF_MS);
    await sipp.passed();
  });

  interop(
    "B07 SIPp is silent to the refresh: BYE at 77 s, when the UPDATE has timed out",
    95,
    async (bench) => {
      const settings = { "account.1.session_timer.update_fallback": 0 };
      const call = await dialled(bench, "is-silent-to-refresh", "local", "RFC4028-7.1-setting", settings);
      await ended(call.phone, "local", "RFC4028-10-unanswered", 77_000 + LATE_MS);
      await call.sipp.passed();
      assertGap(accepted(call.sipp)[0], requests(call.sipp, "BYE")[0], 77);
    },
  );

  interop("B28 SIPp was to refresh and does not: BYE at 60 s", 80, async (bench) => {
    const settings = { "account.1.session_timer.refresher": 1 };
    const call = await dialled(bench, "never-refreshes", "remote", "RFC4028-7.1-setting", settings);
    await ended(call.phone, "local", "RFC4028-10-expired", 60_000 + LATE_MS);
    await call.sipp.passed();
    assertGap(accepted(call.sipp)[0], requests(call.sipp, "BYE")[0], 60);
  });

  interop(
    "B01 SIPp calls and wants the phone to refresh: UPDATE with refresher=uac at 45 s and at 90 s",
    110,
    async (bench) => {
      const { phone, sipp } = await answered(bench, "wants-to-be-refreshed", "local", "RFC4028-9-named");
      await refreshed(phone, "local", "UPDATE");
      await refreshed(phone, "local", "UPDATE");
      await ended(phone, "remote", "peer-bye");
      await sipp.passed();
      const [first, second] = requests(sipp, "UPDATE");
      assertGap(first, second, 45);
    },
  );

  interop("LY-01 to LY-08 SIPp refreshes by UPDATE at 50 s: the call lives at 65 s", 85, async (bench) => {
    const { phone, sipp } = await answered(bench, "refreshes-by-update", "remote", "RFC4028-9-named");
    await refreshed(phone, "remote", "UPDATE", 50_000 + LATE_MS);
    await ended(phone, "remote", "peer-bye");
    await sipp.passed();
    assertSameAddressing(sipp, "UPDATE");
  });

  interop(
    "B49 SIPp refreshes by re-INVITE at 50 s with the same offer: the same answer, the call lives at 65 s",
    85,
    async (bench) => {
      const { phone, sipp } = await answered(bench, "refreshes-by-reinvite", "remote", "RFC4028-9-named");
      await refreshed(phone, "remote", "INVITE", 50_000 + LATE_MS);
      await ended(phone, "remote", "peer-bye");
      await sipp.passed();
    },
  );

  interop("SIPp answers 422: the phone asks again with its Min-SE", 20, async (bench) => {
    const call = await dialled(bench, "wants-a-longer-interval", "local", "RFC4028-7.1-setting");
    await hungUp(call);
    const [first, second] = requests(call.sipp, "INVITE").map(({ text }) => text);
    for (const name of ["Call-ID", "From", "To"]) assert.equal(row(second, name), row(first, name));
    assert.equal(cseq(second), cseq(first) + 1);
  });

  interop("SIPp asks for less than min_se: 422 with Min-SE, then the call", 20, async (bench) => {
    const settings = { "account.1.session_timer.min_se": 120, "account.1.session_timer.expires": 600 };
    const { phone, sipp } = await answered(
      bench,
      "asks-for-too-little",
      "remote",
      "RFC4028-9-named",
      settings,
    );
    await ended(phone, "remote", "peer-bye");
    await sipp.passed();
  });
}

/** LY-01, LY-02: our 200 repeats Via, From, To, Call-ID and CSeq of the request byte for byte. */
function assertSameAddressing(sipp: Sipp, method: string): void {
  const [request] = sipp.seen("sent", new RegExp(`^${method} `));
  assert.ok(request);
  const sequence = row(request.text, "CSeq");
  const answer = sipp.seen("received", /^SIP\/2\.0 200 /).find(({ text }) => row(text, "CSeq") === sequence);
  assert.ok(answer);
  for (const name of ["Via", "From", "To", "Call-ID"])
    assert.equal(row(answer.text, name), row(request.text, name));
}

function row(text: string | undefined, name: string): string {
  return new RegExp(`^${name}: (.*?)\\r?$`, "m").exec(text ?? "")?.[1] ?? `no ${name}`;
}

function cseq(text: string | undefined): number {
  return Number.parseInt(row(text, "CSeq"), 10);
}
