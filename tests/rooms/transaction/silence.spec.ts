// How long a request is repeated before its target counts as silent: sums of RFC 3261 §17.1.

import { silenceMs } from "../../../assembly/transaction/silence";

describe("silence", () => {
  it("of an INVITE doubles without end", () => {
    expect(silenceMs(1, 500, 0)).toBe(500);
    expect(silenceMs(3, 500, 0)).toBe(3_500);
    expect(silenceMs(7, 500, 0)).toBe(63_500);
  });

  it("of another request doubles up to T2", () => {
    expect(silenceMs(4, 500, 4_000)).toBe(7_500);
    expect(silenceMs(6, 500, 4_000)).toBe(15_500);
  });

  it("lasts as if it were sent once at least", () => {
    expect(silenceMs(0, 500, 4_000)).toBe(500);
    expect(silenceMs(-1, 500, 0)).toBe(500);
  });
});
