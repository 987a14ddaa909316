import { equals, size, slice, start, w } from "../../../assembly/bytes/slice";
import { openRandom, putToken, randomBelow, randomBits, seedRandom } from "../../../assembly/crypto/random";
import { sipHash } from "../../../assembly/crypto/sip-hash";
import { mark, openOutput, written } from "../../../assembly/output/output";
import { openTestArena } from "../support/arena";

describe("random numbers", () => {
  beforeEach(() => {
    openTestArena();
    openOutput();
    openRandom();
    seedRandom(w("0123456789abcdef0123456789abcdef"));
  });

  // Computed apart: SHA-256(state || counter), the first draw having become the key of SipHash.
  it("draws what the seed says", () => {
    expect(randomBits()).toBe(2283370097);
    const from = mark();
    putToken(8);
    expect(equals(written(from), w("b835be972313068f"))).toBe(true);
    expect(randomBelow(100)).toBe(71);
    seedRandom(w("more"));
    expect(randomBits()).toBe(1837704771);
  });

  it("begins anew after it was opened again", () => {
    const first = randomBits();
    const hash = sipHash(w("call-id"));
    openRandom();
    seedRandom(w("another seed"));
    expect(randomBits() != first).toBe(true);
    expect(sipHash(w("call-id")) != hash).toBe(true);
    openRandom();
    seedRandom(w("0123456789abcdef0123456789abcdef"));
    expect(randomBits()).toBe(first);
    expect(sipHash(w("call-id"))).toBe(hash);
  });

  it("keeps the key of the hash when more entropy comes", () => {
    const hash = sipHash(w("call-id"));
    seedRandom(w("more"));
    expect(sipHash(w("call-id"))).toBe(hash);
  });

  it("stays below the bound and reaches all of it", () => {
    let seen: u32 = 0;
    for (let i = 0; i < 300; i++) {
      const drawn = randomBelow(7);
      assert(drawn < 7);
      seen |= 1 << drawn;
    }
    expect(seen).toBe(127);
    expect(randomBelow(0)).toBe(0);
    expect(randomBelow(1)).toBe(0);
  });

  it("writes tokens up to 32 bytes, each a new one", () => {
    const from = mark();
    putToken(32);
    putToken(32);
    const both = written(from);
    expect(size(both)).toBe(128);
    expect(equals(slice(start(both), 64), slice(start(both) + 64, 64))).toBe(false);
    putToken(0);
    expect(size(written(from))).toBe(128);
  });
});
