import { advanceClock, NEVER, nowMs } from "../../../assembly/time/clock";

// The clock has no way back, so these go on from one another.
describe("the clock", () => {
  it("takes whole milliseconds, rounded down", () => {
    expect(advanceClock(1000.9)).toBe(true);
    expect(nowMs()).toBe(1000);
  });

  it("refuses what no clock shows and changes nothing", () => {
    expect(advanceClock(NaN)).toBe(false);
    expect(advanceClock(Infinity)).toBe(false);
    expect(advanceClock(-Infinity)).toBe(false);
    expect(advanceClock(-1)).toBe(false);
    expect(advanceClock(9007199254740992.0)).toBe(false);
    expect(nowMs()).toBe(1000);
  });

  it("never runs backwards", () => {
    expect(advanceClock(999)).toBe(true);
    expect(nowMs()).toBe(1000);
    expect(advanceClock(0)).toBe(true);
    expect(nowMs()).toBe(1000);
  });

  it("goes on as far as a number counts exactly, and that is before never", () => {
    expect(advanceClock(9007199254740991.0)).toBe(true);
    expect(nowMs()).toBe(9007199254740991);
    expect(nowMs() < NEVER).toBe(true);
  });
});
