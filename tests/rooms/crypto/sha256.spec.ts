import { equals, slice, Slice, start, tail, w } from "../../../assembly/bytes/slice";
import { sha256Add, sha256Begin, sha256End } from "../../../assembly/crypto/sha256";
import { mark, openOutput, putHex, written } from "../../../assembly/output/output";
import { openTestArena } from "../support/arena";
import { pattern } from "../support/pattern";

const out = memory.data(32);

function digest(bytes: Slice): Slice {
  sha256Begin();
  sha256Add(bytes);
  sha256End(out);
  return inHex();
}

function inHex(): Slice {
  const from = mark();
  putHex(slice(out, 32));
  return written(from);
}

describe("SHA-256", () => {
  beforeEach(() => {
    openTestArena();
    openOutput();
  });

  // FIPS 180-4, RFC 6234 TEST1, TEST2_1 and the two-block message.
  it("hashes the published messages", () => {
    expect(equals(digest(w("")), w("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"))).toBe(
      true,
    );
    expect(
      equals(digest(w("abc")), w("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")),
    ).toBe(true);
    const oneBlock = w("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");
    expect(
      equals(digest(oneBlock), w("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")),
    ).toBe(true);
    const twoBlocks = w(
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
    );
    expect(
      equals(digest(twoBlocks), w("cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1")),
    ).toBe(true);
  });

  // Expected values from Node's crypto.
  it("pads at every side of a block's end", () => {
    expect(
      equals(digest(pattern(1)), w("4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a")),
    ).toBe(true);
    expect(
      equals(digest(pattern(55)), w("81afe5b788dc2ce138ff83d9b20164db75a94d75d2b2432eea4a0ef605088c72")),
    ).toBe(true);
    expect(
      equals(digest(pattern(56)), w("2aba54f0ac632420a2b502431408866e40e1d5e430df4cd822642c78ab2eb9c1")),
    ).toBe(true);
    expect(
      equals(digest(pattern(63)), w("733d3d4ee79ee67145bf73da13588f6f235d37414fc64b14a2f00f1762792f5e")),
    ).toBe(true);
    expect(
      equals(digest(pattern(64)), w("79322907b3e9d013d7dc2c2f256674dbf733045cde01df3539271c6f5605feb8")),
    ).toBe(true);
    expect(
      equals(digest(pattern(65)), w("d85c007c6eb440f085afa2b84f6f2bce4658b240e9f62cb1364bf0485a57e720")),
    ).toBe(true);
    expect(
      equals(digest(pattern(119)), w("6c87eedf096b345de205b702e5223b73b447a3207791ded3ea007ba15ed6736e")),
    ).toBe(true);
    expect(
      equals(digest(pattern(1000)), w("6b0df76627243d095b0c4400cb658b7e804dd03461cc03aee8fc8fe0bcada168")),
    ).toBe(true);
  });

  // RFC 6234 TEST4.
  it("hashes in pieces as in one", () => {
    const piece = w("0123456701234567012345670123456701234567012345670123456701234567");
    sha256Begin();
    for (let i = 0; i < 10; i++) {
      sha256Add(slice(start(piece), 13 + i));
      sha256Add(w(""));
      sha256Add(tail(piece, 13 + i));
    }
    sha256End(out);
    expect(equals(inHex(), w("594847328451bdfa85056225462cc1d867d877fb388df0ce35f25ab5562bfbb5"))).toBe(true);
  });

  // RFC 6234 TEST3.
  it("hashes a million bytes", () => {
    const thousand = heap.alloc(1000);
    memory.fill(thousand, 0x61, 1000);
    sha256Begin();
    for (let i = 0; i < 1000; i++) sha256Add(slice(thousand, 1000));
    sha256End(out);
    expect(equals(inHex(), w("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"))).toBe(true);
    heap.free(thousand);
  });

  it("writes 32 bytes and not one more", () => {
    const place = heap.alloc(48);
    memory.fill(place, 0xaa, 48);
    sha256Begin();
    sha256End(place + 8);
    expect(load<u64>(place)).toBe(0xaaaaaaaaaaaaaaaa);
    expect(load<u64>(place + 40)).toBe(0xaaaaaaaaaaaaaaaa);
    heap.free(place);
  });
});
