import { equals, slice, Slice, start, tail, w } from "../../../assembly/bytes/slice";
import { sha512256Add, sha512256Begin, sha512256End } from "../../../assembly/crypto/sha512-256";
import { mark, openOutput, putHex, written } from "../../../assembly/output/output";
import { openTestArena } from "../support/arena";
import { pattern } from "../support/pattern";

const out = memory.data(32);

function digest(bytes: Slice): Slice {
  sha512256Begin();
  sha512256Add(bytes);
  sha512256End(out);
  return inHex();
}

function inHex(): Slice {
  const from = mark();
  putHex(slice(out, 32));
  return written(from);
}

describe("SHA-512/256", () => {
  beforeEach(() => {
    openTestArena();
    openOutput();
  });

  // The two examples of NIST, and the empty message.
  it("hashes the published messages", () => {
    expect(
      equals(digest(w("abc")), w("53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23")),
    ).toBe(true);
    const twoBlocks = w(
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
    );
    expect(
      equals(digest(twoBlocks), w("3928e184fb8690f840da3988121d31be65cb9d3ef83ee6146feac861e19b563a")),
    ).toBe(true);
    expect(equals(digest(w("")), w("c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a"))).toBe(
      true,
    );
  });

  // Expected values from Node's crypto.
  it("pads at every side of a block's end", () => {
    expect(
      equals(digest(pattern(1)), w("2a8b71c345fac6e44dca4f7a762a560c3bdd7fa3001e84507c946a7d8fd46ee7")),
    ).toBe(true);
    expect(
      equals(digest(pattern(111)), w("86cd5320f5792906a1304af8ece50986782be56e57727239ac3c2827d03a22e9")),
    ).toBe(true);
    expect(
      equals(digest(pattern(112)), w("3ca6f01d248bb2a6a2c13dff32318654e0b0fbd20e21ebc6f44df93e384d3b22")),
    ).toBe(true);
    expect(
      equals(digest(pattern(127)), w("e6a744892a022b510a51bf51d40c19dcebc5dfb87222bc98338543c9b5a1fe66")),
    ).toBe(true);
    expect(
      equals(digest(pattern(128)), w("f68a28f2103cf5105d30918354cb2a56a5518ad44e798ae73014a832bf0bb772")),
    ).toBe(true);
    expect(
      equals(digest(pattern(129)), w("1b06652cf73654c3d00acf6feaa60f92f384f4544ccbc6ab2616728c6e46f71d")),
    ).toBe(true);
    expect(
      equals(digest(pattern(239)), w("67110b242c80164d873a85f5c2741e69838ada9dcd810b91c531345152599f13")),
    ).toBe(true);
    expect(
      equals(digest(pattern(240)), w("16def0c05de87f68ab2b893893084a535c1739b86ff5acb271b206b0038d511e")),
    ).toBe(true);
    expect(
      equals(digest(pattern(1000)), w("25f150984fa724c130497e3f094e99fdfe0090ef9cf79bc270f1708b41e8ac5d")),
    ).toBe(true);
  });

  it("hashes in pieces as in one", () => {
    const whole = pattern(1000);
    const expected = digest(whole);
    sha512256Begin();
    sha512256Add(slice(start(whole), 127));
    sha512256Add(w(""));
    sha512256Add(slice(start(whole) + 127, 2));
    sha512256Add(tail(whole, 129));
    sha512256End(out);
    expect(equals(inHex(), expected)).toBe(true);
  });

  it("writes 32 bytes and not one more", () => {
    const place = heap.alloc(48);
    memory.fill(place, 0xaa, 48);
    sha512256Begin();
    sha512256End(place + 8);
    expect(load<u64>(place)).toBe(0xaaaaaaaaaaaaaaaa);
    expect(load<u64>(place + 40)).toBe(0xaaaaaaaaaaaaaaaa);
    heap.free(place);
  });
});
