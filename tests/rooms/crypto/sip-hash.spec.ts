import { slice, Slice, start, tail, w } from "../../../assembly/bytes/slice";
import { keySipHash, sipHash } from "../../../assembly/crypto/sip-hash";
import { pattern } from "../support/pattern";

const bytes: usize = heap.alloc(64);

/** The reference key and messages: bytes 0, 1, 2 and so on. */
function counting(n: i32): Slice {
  for (let i = 0; i < n; i++) store<u8>(bytes + <usize>i, <u8>i);
  return slice(bytes, n);
}

describe("SipHash-2-4", () => {
  beforeEach(() => {
    keySipHash(start(counting(16)));
  });

  // vectors_sip64 of the authors' reference code.
  it("agrees with the reference", () => {
    expect(sipHash(counting(0))).toBe(0x726fdb47dd0e0e31);
    expect(sipHash(counting(1))).toBe(0x74f839c593dc67fd);
    expect(sipHash(counting(7))).toBe(0xab0200f58b01d137);
    expect(sipHash(counting(8))).toBe(0x93f5f5799a932462);
    expect(sipHash(counting(9))).toBe(0x9e0082df0ba9e4b0);
    expect(sipHash(counting(15))).toBe(0xa129ca6149be45e5);
    expect(sipHash(counting(55))).toBe(0x245731c13ca42499);
    expect(sipHash(counting(56))).toBe(0xb78dbfaf3a8d83bd);
    expect(sipHash(counting(63))).toBe(0x958a324ceb064572);
  });

  it("hashes longer messages", () => {
    expect(sipHash(pattern(64))).toBe(0xf89f22ff9e052a1a);
    expect(sipHash(pattern(65))).toBe(0x7e2adcf91a50e136);
    expect(sipHash(pattern(119))).toBe(0xbc1977092fef3bd9);
    expect(sipHash(pattern(1000))).toBe(0xe892fd70bd429158);
  });

  it("chains pieces, and tells apart where one ends", () => {
    const first = sipHash(w("b"), sipHash(w("a")));
    expect(sipHash(w("b"), sipHash(w("a")))).toBe(first);
    expect(sipHash(w("ab")) != first).toBe(true);
    expect(sipHash(w("a"), sipHash(w("b"))) != first).toBe(true);
    expect(sipHash(w(""), sipHash(w("ab"))) != sipHash(w("b"), sipHash(w("a")))).toBe(true);
  });

  it("reads nothing behind the bytes", () => {
    const text = w("abcdefghij");
    expect(sipHash(tail(slice(start(text), 5), 2))).toBe(sipHash(w("cde")));
  });
});
