// What follows from the answer to a refresh: every row of the outcomes in 3.6.

import { Method } from "../../../assembly/message/method";
import {
  glareDelayMs,
  Outcome,
  refreshOutcome,
  retryDelayMs,
  SPACED_RETRY_MS,
  TRANSPORT_FAILED,
} from "../../../assembly/session/refresh-outcome";
import { phone } from "./peer";

function update(status: i32): Outcome {
  return refreshOutcome(status, Method.Update, false, 0, false, false);
}

function reinvite(status: i32): Outcome {
  return refreshOutcome(status, Method.Invite, false, 0, false, false);
}

function expectBoth(status: i32, outcome: Outcome): void {
  expect<i32>(update(status)).toBe(outcome);
  expect<i32>(reinvite(status)).toBe(outcome);
}

describe("3.6 outcomes", () => {
  it("3.6 2xx: renewed", () => {
    expectBoth(200, Outcome.Renewed);
    expectBoth(202, Outcome.Renewed);
    expectBoth(299, Outcome.Renewed);
  });

  it("3.6 no final answer, 408, 481: dead", () => {
    expectBoth(408, Outcome.Dead);
    expectBoth(481, Outcome.Dead);
  });

  it("3.6 no final answer to an UPDATE, none was ever answered, an INVITE fits: one re-INVITE first", () => {
    expect<i32>(refreshOutcome(408, Method.Update, false, 0, true, true)).toBe(Outcome.FallBackToInvite);
  });

  it("3.6 no final answer to a re-INVITE: no falling back", () => {
    expect<i32>(refreshOutcome(408, Method.Invite, false, 0, true, true)).toBe(Outcome.Dead);
  });

  it("3.6 481 is an answer: the dialog is gone, no falling back", () => {
    expect<i32>(refreshOutcome(481, Method.Update, false, 0, true, true)).toBe(Outcome.Dead);
  });

  it("3.6 transport error: not dead", () => {
    expectBoth(TRANSPORT_FAILED, Outcome.Reconnect);
  });

  it("3.6 401, 407: authenticate", () => {
    expectBoth(401, Outcome.Authenticate);
    expectBoth(407, Outcome.Authenticate);
  });

  it("3.6 422: raise", () => {
    expectBoth(422, Outcome.RaiseInterval);
  });

  it("3.6 491: wait", () => {
    expectBoth(491, Outcome.WaitGlare);
  });

  it("3.6 491: 2.1 to 4 s if we own the Call-ID, 0 to 2 s if not, in steps of 10 ms", () => {
    phone(0);
    let least = 9999;
    let most = 0;
    let leastOther = 9999;
    let mostOther = 0;
    for (let i = 0; i < 2000; i++) {
      const owner = glareDelayMs(true);
      const other = glareDelayMs(false);
      expect(owner % 10 == 0 && other % 10 == 0).toBe(true);
      least = min(least, owner);
      most = max(most, owner);
      leastOther = min(leastOther, other);
      mostOther = max(mostOther, other);
    }
    expect(least >= 2100 && least < 2200 && most > 3900 && most <= 4000).toBe(true);
    expect(leastOther >= 0 && leastOther < 100 && mostOther > 1900 && mostOther <= 2000).toBe(true);
  });

  it("3.6 500 and 503 with Retry-After: after it", () => {
    expect<i32>(refreshOutcome(500, Method.Invite, true, 0, false, false)).toBe(Outcome.RetryAfter);
    expect<i32>(refreshOutcome(503, Method.Update, true, 5, false, false)).toBe(Outcome.RetryAfter);
    expect(retryDelayMs(7)).toBe(7000);
  });

  it("3.6 never a tight loop: Retry-After 0 is a second", () => {
    expect(retryDelayMs(0)).toBe(1000);
  });

  it("3.6 500, 502, 503, 504 without: two more tries, at least 10 s apart", () => {
    for (let status = 500; status <= 504; status++) {
      if (status == 501) continue;
      expectBoth(status, Outcome.RetrySpaced);
      expect<i32>(refreshOutcome(status, Method.Update, false, 1, false, false)).toBe(Outcome.RetrySpaced);
      expect<i32>(refreshOutcome(status, Method.Update, false, 2, false, false)).toBe(Outcome.ByeAtDeadline);
    }
    expect(SPACED_RETRY_MS >= 10_000).toBe(true);
  });

  it("3.6 405, 501 to UPDATE: re-INVITE now", () => {
    expect<i32>(update(405)).toBe(Outcome.NoUpdateReinvite);
    expect<i32>(update(501)).toBe(Outcome.NoUpdateReinvite);
    expect<i32>(reinvite(405)).toBe(Outcome.ByeAtDeadline);
    expect<i32>(reinvite(501)).toBe(Outcome.ByeAtDeadline);
  });

  it("3.6 420, 488, 606 to re-INVITE: one try with the other method, then BYE at the deadline", () => {
    expect<i32>(refreshOutcome(420, Method.Invite, false, 0, false, true)).toBe(Outcome.TryOtherMethod);
    expect<i32>(refreshOutcome(488, Method.Invite, false, 0, false, true)).toBe(Outcome.TryOtherMethod);
    expect<i32>(refreshOutcome(606, Method.Invite, false, 0, false, true)).toBe(Outcome.TryOtherMethod);
    expectBoth(420, Outcome.ByeAtDeadline);
    expectBoth(488, Outcome.ByeAtDeadline);
    expectBoth(606, Outcome.ByeAtDeadline);
  });

  it("3.6 404, 410, 416, 482, 484, 485, 604: dead", () => {
    expectBoth(404, Outcome.Dead);
    expectBoth(410, Outcome.Dead);
    expectBoth(416, Outcome.Dead);
    expectBoth(482, Outcome.Dead);
    expectBoth(484, Outcome.Dead);
    expectBoth(485, Outcome.Dead);
    expectBoth(604, Outcome.Dead);
  });

  it("3.6 400, 403, 480, others: BYE at the deadline", () => {
    expectBoth(400, Outcome.ByeAtDeadline);
    expectBoth(403, Outcome.ByeAtDeadline);
    expectBoth(480, Outcome.ByeAtDeadline);
    expectBoth(483, Outcome.ByeAtDeadline);
    expectBoth(600, Outcome.ByeAtDeadline);
    expectBoth(699, Outcome.ByeAtDeadline);
  });

  it("3.6 3xx: not followed, BYE at the deadline", () => {
    expectBoth(300, Outcome.ByeAtDeadline);
    expectBoth(302, Outcome.ByeAtDeadline);
    expectBoth(399, Outcome.ByeAtDeadline);
  });
});
