import { EMPTY, equals, size, slice, Slice, start, w } from "../../../assembly/bytes/slice";
import { RecordKind } from "../../../assembly/output/abi-numbers";
import {
  beginRecord,
  clearOutput,
  endRecord,
  hasRoom,
  mark,
  openOutput,
  OUTPUT_BYTES,
  put,
  putByte,
  putHex,
  putLine,
  putNumber,
  rewind,
  written,
} from "../../../assembly/output/output";
import { openTestArena } from "../support/arena";

/** The text of a number. */
function number(value: i64): Slice {
  const from = mark();
  putNumber(value);
  return written(from);
}

let base: usize = 0;

/** How many bytes fit. */
function room(): i32 {
  return <i32>(base + OUTPUT_BYTES - mark());
}

/** Puts bytes until only `left` fit. */
function fillTo(left: i32): void {
  put(slice(base, room() - left));
}

describe("texts", () => {
  beforeEach(() => {
    openTestArena();
    openOutput();
    base = mark();
  });

  it("are what was put since the mark", () => {
    put(w("before "));
    const from = mark();
    put(w("Via: "));
    putByte(0x78);
    putLine();
    put(EMPTY);
    expect(equals(written(from), w("Via: x\r\n"))).toBe(true);
    expect(start(written(from))).toBe(from);
  });

  it("hold numbers of every length and sign", () => {
    expect(equals(number(0), w("0"))).toBe(true);
    expect(equals(number(9), w("9"))).toBe(true);
    expect(equals(number(10), w("10"))).toBe(true);
    expect(equals(number(100), w("100"))).toBe(true);
    expect(equals(number(4294967295), w("4294967295"))).toBe(true);
    expect(equals(number(-1), w("-1"))).toBe(true);
    expect(equals(number(-70), w("-70"))).toBe(true);
    expect(equals(number(i64.MAX_VALUE), w("9223372036854775807"))).toBe(true);
    expect(equals(number(i64.MIN_VALUE), w("-9223372036854775808"))).toBe(true);
  });

  it("hold bytes in hexadecimal", () => {
    const from = mark();
    putHex(w("\0\x09\x0a\x0f\x10\x99\xa0"));
    // Text in a spec is UTF-8: two bytes each for the last two.
    expect(equals(written(from), w("00090a0f10c299c2a0"))).toBe(true);
  });

  it("are taken back by rewinding", () => {
    const from = mark();
    put(w("abc"));
    rewind(from);
    put(w("x"));
    expect(equals(written(from), w("x"))).toBe(true);
  });

  it("fit to the last byte", () => {
    expect(room()).toBe(<i32>OUTPUT_BYTES);
    fillTo(3);
    const from = mark();
    put(w("abc"));
    expect(equals(written(from), w("abc"))).toBe(true);
    expect(room()).toBe(0);
    putByte(0x78);
    expect(size(written(from))).toBe(0);
  });

  it("that do not fit are no texts, and leave room for shorter ones", () => {
    fillTo(4);
    const from = mark();
    put(w("ab"));
    put(w("cde"));
    put(w("f"));
    expect(size(written(from))).toBe(0);
    expect(mark()).toBe(from);
    put(w("four"));
    expect(equals(written(from), w("four"))).toBe(true);
  });

  it("that lost something before a part was marked are no texts either", () => {
    fillTo(10);
    const from = mark();
    put(w("header: "));
    put(w("too long"));
    const part = mark();
    put(w("z"));
    expect(size(written(part))).toBe(0);
    put(w("x"));
    expect(size(written(from))).toBe(0);
    put(w("now it fit"));
    expect(equals(written(from), w("now it fit"))).toBe(true);
  });

  it("that begin with a loss are lost until a record begins", () => {
    fillTo(2000);
    const from = mark();
    put(slice(base, 2001));
    put(w("rest"));
    expect(size(written(from))).toBe(0);
    expect(beginRecord(RecordKind.Close)).toBe(true);
    endRecord();
    const next = mark();
    put(w("text"));
    expect(equals(written(next), w("text"))).toBe(true);
  });

  it("may be rewound after a loss", () => {
    fillTo(4);
    const from = mark();
    put(w("ab"));
    put(w("cde"));
    rewind(from);
    put(w("ok"));
    expect(equals(written(from), w("ok"))).toBe(true);
  });

  it("are forgotten, and losses with them, when the output is cleared", () => {
    fillTo(0);
    put(w("lost"));
    clearOutput();
    expect(room()).toBe(<i32>OUTPUT_BYTES);
  });

  it("leave room for a largest datagram, or there is said to be none", () => {
    expect(hasRoom()).toBe(true);
    fillTo(72 * 1024 + 1);
    expect(hasRoom()).toBe(true);
    putByte(0);
    expect(hasRoom()).toBe(false);
    clearOutput();
    expect(hasRoom()).toBe(true);
  });
});
