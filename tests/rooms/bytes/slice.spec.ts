import {
  between,
  byteAt,
  decimal,
  EMPTY,
  end,
  equals,
  equalsIgnoringCase,
  indexOf,
  isBlank,
  isDigit,
  isPresent,
  lower,
  size,
  slice,
  Slice,
  start,
  startsWithIgnoringCase,
  tail,
  trim,
  w,
} from "../../../assembly/bytes/slice";

const one: usize = heap.alloc(8);

/** A slice of one byte, in its own place. */
function single(byte: u8, place: usize): Slice {
  store<u8>(one + place, byte);
  return slice(one + place, 1);
}

describe("a slice", () => {
  it("holds address and size at their limits", () => {
    const s = slice(0xffff0000, 0x7fffffff);
    expect(start(s)).toBe(0xffff0000);
    expect(size(s)).toBe(0x7fffffff);
    expect(size(between(1000, 1000))).toBe(0);
    expect(size(between(1000, 1024))).toBe(24);
    expect(end(slice(1000, 24))).toBe(1024);
  });

  it("tells nothing from an empty text", () => {
    expect(isPresent(EMPTY)).toBe(false);
    expect(isPresent(slice(1000, 0))).toBe(true);
    expect(isPresent(tail(w("abc"), 3))).toBe(true);
    expect(equals(EMPTY, slice(1000, 0))).toBe(true);
    expect(isPresent(w(""))).toBe(true);
  });

  it("gives its bytes and its tail", () => {
    expect(byteAt(w("abc"), 2)).toBe(0x63);
    expect(equals(tail(w("abc"), 1), w("bc"))).toBe(true);
    expect(equals(tail(w("abc"), 0), w("abc"))).toBe(true);
  });

  it("compares exactly", () => {
    expect(equals(w("branch"), w("branch"))).toBe(true);
    expect(equals(w("branch"), w("Branch"))).toBe(false);
    expect(equals(w("branch"), w("branc"))).toBe(false);
    expect(equals(w("a\0b"), w("a\0c"))).toBe(false);
  });

  it("folds the 26 letters and no other byte", () => {
    for (let a = 0; a < 256; a++) {
      const isUpper = a >= 0x41 && a <= 0x5a;
      assert(lower(<u8>a) == <u8>(isUpper ? a + 32 : a));
      for (let b = 0; b < 256; b++) {
        const areEqual = a == b || (isUpper && b == a + 32) || (b >= 0x41 && b <= 0x5a && a == b + 32);
        assert(equalsIgnoringCase(single(<u8>a, 0), single(<u8>b, 1)) == areEqual);
      }
    }
    expect(equalsIgnoringCase(w("@[{"), w("`{["))).toBe(false);
  });

  it("compares beginnings without regard to case", () => {
    expect(startsWithIgnoringCase(w("SIP/2.0 200 OK"), w("sip/2.0"))).toBe(true);
    expect(startsWithIgnoringCase(w("SIP"), w("sip/2.0"))).toBe(false);
    expect(startsWithIgnoringCase(w("SIPS:"), w("sip:"))).toBe(false);
    expect(startsWithIgnoringCase(w("x"), EMPTY)).toBe(true);
    expect(equalsIgnoringCase(w("Call-ID"), w("CALL-id"))).toBe(true);
    expect(equalsIgnoringCase(w("Call-ID"), w("Call-I"))).toBe(false);
    expect(equalsIgnoringCase(EMPTY, EMPTY)).toBe(true);
  });

  it("finds the first such byte", () => {
    expect(indexOf(w("a,b,c"), 0x2c)).toBe(1);
    expect(indexOf(w("abc"), 0x2c)).toBe(-1);
    expect(indexOf(EMPTY, 0)).toBe(-1);
    expect(indexOf(slice(start(w("abc")), 2), 0x63)).toBe(-1);
  });

  it("trims blanks and line ends, and only around it", () => {
    expect(equals(trim(w(" \t\r\n a b \r\n\t ")), w("a b"))).toBe(true);
    expect(equals(trim(w("a")), w("a"))).toBe(true);
    expect(size(trim(w(" \t\r\n")))).toBe(0);
    expect(isPresent(trim(w("  ")))).toBe(true);
    expect(trim(EMPTY)).toBe(EMPTY);
    expect(equals(trim(w("\x0ba\0")), w("\x0ba\0"))).toBe(true);
  });

  it("knows blanks and digits among all bytes", () => {
    for (let byte = 0; byte < 256; byte++) {
      assert(isDigit(<u8>byte) == (byte >= 48 && byte <= 57));
      assert(isBlank(<u8>byte) == (byte == 32 || byte == 9 || byte == 13 || byte == 10));
    }
    expect(isDigit(0x2f)).toBe(false);
    expect(isDigit(0x3a)).toBe(false);
  });
});

describe("a decimal", () => {
  it("is digits only", () => {
    expect(decimal(w("0"))).toBe(0);
    expect(decimal(w("00005060"))).toBe(5060);
    expect(decimal(EMPTY)).toBe(-1);
    expect(decimal(slice(1000, 0))).toBe(-1);
    expect(decimal(w("-1"))).toBe(-1);
    expect(decimal(w("+1"))).toBe(-1);
    expect(decimal(w("1 "))).toBe(-1);
    expect(decimal(w("1a"))).toBe(-1);
    expect(decimal(w("1.5"))).toBe(-1);
  });

  it("is at most 32 bits unless told otherwise", () => {
    expect(decimal(w("4294967295"))).toBe(4294967295);
    expect(decimal(w("4294967296"))).toBe(-1);
    expect(decimal(w("99999999999999999999999999999999999999"))).toBe(-1);
    expect(decimal(w("18446744073709551616"))).toBe(-1);
  });

  it("is at most what is asked for", () => {
    expect(decimal(w("65535"), 65535)).toBe(65535);
    expect(decimal(w("65536"), 65535)).toBe(-1);
    expect(decimal(w("3"), 3)).toBe(3);
    expect(decimal(w("4"), 3)).toBe(-1);
    expect(decimal(w("0"), 0)).toBe(0);
    expect(decimal(w("1"), 0)).toBe(-1);
  });

  it("goes as far as the largest number, and no overflow brings it back", () => {
    expect(decimal(w("9223372036854775807"), i64.MAX_VALUE)).toBe(i64.MAX_VALUE);
    expect(decimal(w("9223372036854775808"), i64.MAX_VALUE)).toBe(-1);
    expect(decimal(w("18446744073709551617"), i64.MAX_VALUE)).toBe(-1);
    expect(decimal(w("99999999999999999999"), i64.MAX_VALUE)).toBe(-1);
  });
});
