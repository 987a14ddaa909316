import { mayRetry } from "../../../assembly/auth/attempt";

describe("another attempt", () => {
  it("is made at the first challenge, whatever it says", () => {
    expect(mayRetry(0, false, false)).toBe(true);
    expect(mayRetry(0, true, true)).toBe(true);
  });

  it("is made at the second for a stale nonce with a new one only", () => {
    expect(mayRetry(1, true, false)).toBe(true);
    expect(mayRetry(1, true, true)).toBe(false);
    expect(mayRetry(1, false, false)).toBe(false);
    expect(mayRetry(1, false, true)).toBe(false);
  });

  it("is never a third", () => {
    expect(mayRetry(2, true, false)).toBe(false);
    expect(mayRetry(100, true, false)).toBe(false);
  });
});
