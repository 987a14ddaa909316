import { EMPTY, equals, isPresent, size, Slice, w } from "../../../assembly/bytes/slice";
import { openRandom, seedRandom } from "../../../assembly/crypto/random";
import { seedKeys } from "../../../assembly/crypto/media-key";
import { mark, rewind, written } from "../../../assembly/output/output";
import { readAnswer } from "../../../assembly/sdp/answer";
import { Srtp } from "../../../assembly/sdp/local-media";
import { writeOffer } from "../../../assembly/sdp/offer";
import { findCrypto, mine, theirs as taken } from "../../../assembly/sdp/srtp";
import { add, answer, begin, chosen, done, openBench, ours, read, text, theirs } from "./bench";

const KEY = "YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2";

/** Whether a line of that value is one that we take. */
function isTaken(value: Slice): bool {
  begin();
  add(value);
  return findCrypto(done(), taken, -1);
}

describe("a line of crypto", () => {
  beforeEach(openBench);

  it("is taken with a suite of ours and a key of its length", () => {
    expect(
      isTaken(w("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2")),
    ).toBe(true);
    expect(text(taken.key)).toBe(KEY);
    expect(taken.lifetime).toBe(0);
    expect(
      isTaken(
        w("a=crypto:9 AES_CM_128_HMAC_SHA1_32 inline:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzND+/|2^31|1066:4"),
      ),
    ).toBe(true);
    expect(taken.tag).toBe(9);
    expect(taken.lifetime).toBe((<i64>1) << 31);
    expect(text(taken.mki)).toBe("1066");
    expect(taken.mkiLength).toBe(4);
  });

  it("of a recording has stars for a key", () => {
    expect(
      isTaken(w("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:****************************************")),
    ).toBe(true);
  });

  it("is passed over with another suite, another key, or more of them", () => {
    expect(isTaken(w("a=crypto:1 F8_128_HMAC_SHA1_80 inline:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2"))).toBe(
      false,
    );
    expect(
      isTaken(w("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU")),
    ).toBe(false);
    expect(
      isTaken(w("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2Nw")),
    ).toBe(false);
    expect(
      isTaken(w("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzND_-")),
    ).toBe(false);
    expect(
      isTaken(
        w(
          "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2|1:4;inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2:4",
        ),
      ),
    ).toBe(false);
    expect(
      isTaken(w("a=crypto:1 AES_CM_128_HMAC_SHA1_80 INLINE:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2")),
    ).toBe(false);
  });

  it("may have parameters that can be ignored", () => {
    expect(
      isTaken(
        w(
          "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2 wsh=64  -X -Y=1",
        ),
      ),
    ).toBe(true);
    expect(
      isTaken(
        w("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2 -X KDR=1"),
      ),
    ).toBe(false);
  });

  it("is found by its tag", () => {
    begin();
    add(w("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2"));
    add(w("a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"));
    expect(findCrypto(done(), mine, 2)).toBe(true);
    expect(equals(mine.suite, w("AES_CM_128_HMAC_SHA1_32"))).toBe(true);
    expect(findCrypto(done(), mine, 3)).toBe(false);
    expect(findCrypto(EMPTY, mine, -1)).toBe(false);
  });
});

function offered(): string {
  const from = mark();
  writeOffer(ours, theirs);
  const said = text(written(from));
  rewind(from);
  return said;
}

describe("our lines of crypto", () => {
  beforeEach(() => {
    openBench();
    openRandom();
    seedRandom(w("0123456789abcdef0123456789abcdef"));
    seedKeys(EMPTY);
  });

  it("are two, the same ones for the same name", () => {
    ours.srtp = Srtp.Optional;
    ours.keyName = 1;
    const first = offered();
    expect(first).toBe(offered());
    expect(first.includes("m=audio 11780 RTP/AVP 8 ")).toBe(true);
    expect(first.includes("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:")).toBe(true);
    expect(first.includes("a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:")).toBe(true);
    ours.keyName = 2;
    expect(offered() != first).toBe(true);
    ours.isSavp = true;
    expect(offered().includes("m=audio 11780 RTP/SAVP 8 ")).toBe(true);
    ours.srtp = Srtp.Off;
    expect(offered().includes("crypto")).toBe(false);
  });

  it("answer the first that is taken, in its profile", () => {
    ours.srtp = Srtp.Compulsory;
    begin();
    add(w("m=audio 4000 RTP/SAVP 0"));
    add(w("a=crypto:1 NULL inline:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2"));
    add(w("a=crypto:7 AES_CM_128_HMAC_SHA1_32 inline:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2"));
    const said = answer();
    expect(said.includes("m=audio 11780 RTP/SAVP 0\r\n")).toBe(true);
    expect(said.includes("a=crypto:7 AES_CM_128_HMAC_SHA1_32 inline:")).toBe(true);
    expect(said.includes(KEY)).toBe(false);
    expect(chosen.isSecure).toBe(true);
    expect(chosen.isSavp).toBe(true);
  });

  it("are answered by one of them", () => {
    ours.srtp = Srtp.Optional;
    const from = mark();
    writeOffer(ours, theirs);
    const offer = written(from);
    begin();
    add(w("m=audio 4000 RTP/AVP 0"));
    add(w("a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2"));
    expect(read() && readAnswer(theirs, ours, offer, chosen)).toBe(true);
    expect(chosen.isSecure).toBe(true);
    expect(mine.tag).toBe(2);
    expect(size(mine.key)).toBe(40);
    begin();
    add(w("m=audio 4000 RTP/AVP 0"));
    expect(read() && readAnswer(theirs, ours, offer, chosen)).toBe(true);
    expect(chosen.isSecure).toBe(false);
    ours.isSavp = true;
    expect(read() && readAnswer(theirs, ours, offer, chosen)).toBe(false);
    expect(isPresent(chosen.address)).toBe(false);
  });
});
