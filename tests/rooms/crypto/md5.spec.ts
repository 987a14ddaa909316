import { equals, slice, Slice, start, tail, w } from "../../../assembly/bytes/slice";
import { md5Add, md5Begin, md5End } from "../../../assembly/crypto/md5";
import { mark, openOutput, putHex, written } from "../../../assembly/output/output";
import { openTestArena } from "../support/arena";
import { pattern } from "../support/pattern";

const out = memory.data(16);

function digest(bytes: Slice): Slice {
  md5Begin();
  md5Add(bytes);
  md5End(out);
  return inHex();
}

function inHex(): Slice {
  const from = mark();
  putHex(slice(out, 16));
  return written(from);
}

describe("MD5", () => {
  beforeEach(() => {
    openTestArena();
    openOutput();
  });

  // RFC 1321, appendix A.5.
  it("hashes the published messages", () => {
    expect(equals(digest(w("")), w("d41d8cd98f00b204e9800998ecf8427e"))).toBe(true);
    expect(equals(digest(w("a")), w("0cc175b9c0f1b6a831c399e269772661"))).toBe(true);
    expect(equals(digest(w("abc")), w("900150983cd24fb0d6963f7d28e17f72"))).toBe(true);
    expect(equals(digest(w("message digest")), w("f96b697d7cb7938d525a2f31aaf161d0"))).toBe(true);
    expect(equals(digest(w("abcdefghijklmnopqrstuvwxyz")), w("c3fcd3d76192e4007dfb496cca67e13b"))).toBe(true);
    const letters = w("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
    expect(equals(digest(letters), w("d174ab98d277d9f5a5611c2c9f419d9f"))).toBe(true);
    const digits = w("12345678901234567890123456789012345678901234567890123456789012345678901234567890");
    expect(equals(digest(digits), w("57edf4a22be3c955ac49da2e2107b67a"))).toBe(true);
  });

  // Expected values from Node's crypto.
  it("pads at every side of a block's end", () => {
    expect(equals(digest(pattern(1)), w("55a54008ad1ba589aa210d2629c1df41"))).toBe(true);
    expect(equals(digest(pattern(55)), w("f1289732253518750e22b62a571a1748"))).toBe(true);
    expect(equals(digest(pattern(56)), w("179e3b9fa272a23e2a8b32bde1015414"))).toBe(true);
    expect(equals(digest(pattern(63)), w("dd785945d1d6b87eca0d276dbb8756fd"))).toBe(true);
    expect(equals(digest(pattern(64)), w("e3ab394ce4eb7da020a27d2e2443143c"))).toBe(true);
    expect(equals(digest(pattern(65)), w("28a6b0f918d9aea03e979a1657d8d0f6"))).toBe(true);
    expect(equals(digest(pattern(119)), w("d49720530a386a3191eac0dc840dd1bd"))).toBe(true);
    expect(equals(digest(pattern(1000)), w("c3b2968d34e038455d14c8827156e193"))).toBe(true);
  });

  it("hashes in pieces as in one", () => {
    const whole = pattern(1000);
    md5Begin();
    for (let i = 0; i < 1000; i += 40) md5Add(slice(start(whole) + <usize>i, 40));
    md5Add(tail(whole, 1000));
    md5End(out);
    expect(equals(inHex(), w("c3b2968d34e038455d14c8827156e193"))).toBe(true);
  });
});
