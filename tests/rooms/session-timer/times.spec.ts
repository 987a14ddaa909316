// When things happen: the timing table of 3.6 for T = 90, 120, 600 and 1800 s.

import {
  attemptRunUntil,
  attemptsUntilMs,
  expiryMs,
  fitsInvite,
  mayAttempt,
  Refresher,
  refreshDelayMs,
  startTimer,
} from "../../../assembly/session/session-timer";
import { NEVER } from "../../../assembly/time/clock";
import { phone, timer } from "./peer";

const START: i64 = 7_000_000;

function running(seconds: i64, refresher: Refresher = Refresher.Local): void {
  phone(0);
  startTimer(timer, seconds, refresher, START);
}

// In seconds from START, as the table has them.
function supervised(seconds: i64): i64 {
  running(seconds, Refresher.Remote);
  return (expiryMs(timer) - START) / 1000;
}

function attempts(seconds: i64): i64 {
  running(seconds);
  return (attemptsUntilMs(timer) - START) / 1000;
}

function firstRunsUntil(seconds: i64): i64 {
  running(seconds);
  return (attemptRunUntil(timer, START + seconds * 500, 32_000) - START) / 1000;
}

describe("3.6 times", () => {
  it("3.6 the refresher sends at T/2 for T = 90 and 120", () => {
    running(90);
    expect(timer.refreshAtMs).toBe(START + 45_000);
    running(120);
    expect(timer.refreshAtMs).toBe(START + 60_000);
    running(299);
    expect(timer.refreshAtMs).toBe(START + 149_500);
  });

  it("3.6 from T = 300 on up to 5 s earlier, never later", () => {
    for (let seconds: i64 = 300; seconds <= 1800; seconds += 300) {
      running(seconds);
      let least: i64 = NEVER;
      let most: i64 = 0;
      for (let i = 0; i < 400; i++) {
        const delay = refreshDelayMs(timer);
        least = min(least, delay);
        most = max(most, delay);
      }
      expect(most <= seconds * 500).toBe(true);
      expect(least >= seconds * 500 - 5000).toBe(true);
      expect(most - least > 3000).toBe(true);
    }
  });

  it("3.6 whoever does not refresh has no refresh due", () => {
    running(1800, Refresher.Remote);
    expect(timer.refreshAtMs).toBe(NEVER);
  });

  it("3.6 the non-refresher sends BYE at T - min(32, T/3)", () => {
    expect(supervised(90)).toBe(60);
    expect(supervised(120)).toBe(88);
    expect(supervised(600)).toBe(568);
    expect(supervised(1800)).toBe(1768);
  });

  it("3.6 the refresher starts no new attempt after T - min(32, T/3)", () => {
    expect(attempts(90)).toBe(60);
    expect(attempts(120)).toBe(88);
    expect(attempts(600)).toBe(568);
    expect(attempts(1800)).toBe(1768);
    expect(mayAttempt(timer, START + 1_768_000)).toBe(true);
    expect(mayAttempt(timer, START + 1_768_001)).toBe(false);
  });

  it("3.6 a running attempt may run to min(Timer B/F, T - 1 s)", () => {
    expect(firstRunsUntil(90)).toBe(77);
    expect(firstRunsUntil(120)).toBe(92);
    expect(firstRunsUntil(600)).toBe(332);
    expect(firstRunsUntil(1800)).toBe(932);
  });

  it("3.6 with a raised T1, T - 1 s wins", () => {
    running(90);
    expect(attemptRunUntil(timer, START + 45_000, 128_000)).toBe(START + 89_000);
  });

  it("3.6 computed in ms: for T < 96 the third applies", () => {
    running(95);
    expect(attemptsUntilMs(timer)).toBe(START + 95_000 - 31_666);
    running(97);
    expect(attemptsUntilMs(timer)).toBe(START + 97_000 - 32_000);
  });

  it("3.6 the largest interval that the header can say", () => {
    running(4294967295);
    expect(attemptsUntilMs(timer)).toBe(START + 4294967263000);
    expect(timer.refreshAtMs <= START + 2147483647500).toBe(true);
  });

  it("3.8 expiry_grace puts our BYE off, up to T", () => {
    running(120, Refresher.Remote);
    timer.graceSeconds = 10;
    expect(expiryMs(timer)).toBe(START + 98_000);
    timer.graceSeconds = 100;
    expect(expiryMs(timer)).toBe(START + 120_000);
    expect(attemptsUntilMs(timer)).toBe(START + 88_000);
  });

  it("3.6 the re-INVITE after an unanswered UPDATE must fit whole before the deadline", () => {
    running(90);
    expect(fitsInvite(timer, START + 77_000, 32_000)).toBe(false);
    running(120);
    expect(fitsInvite(timer, START + 92_000, 32_000)).toBe(false);
    expect(fitsInvite(timer, START + 87_000, 32_000)).toBe(true);
    expect(fitsInvite(timer, START + 87_500, 32_000)).toBe(false);
    running(600);
    expect(fitsInvite(timer, START + 332_000, 32_000)).toBe(true);
    running(1800);
    expect(fitsInvite(timer, START + 1_768_500, 1000)).toBe(false);
  });

  it("3.6 after sleep: an overdue refresher sends at once if before the deadline, else BYE", () => {
    running(600);
    expect(timer.refreshAtMs < START + 400_000 && mayAttempt(timer, START + 400_000)).toBe(true);
    expect(mayAttempt(timer, START + 3_600_000)).toBe(false);
  });
});
