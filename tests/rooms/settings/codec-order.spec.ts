// The codecs of an offer, from the named keys and from the numbered list of older firmware.

import { equals, Slice, w } from "../../../assembly/bytes/slice";
import { mark, putNumber, written } from "../../../assembly/output/output";
import { codecOrder, getSetting, provision, setSetting } from "../../../assembly/settings/settings";
import { openEverything } from "./rejections";

/** The numbers of the codecs in order: PCMU 0, PCMA 1, G722 2, G729 3. */
function order(account: i32): Slice {
  const from = mark();
  for (let place = 0; codecOrder(account, place) >= 0; place++) putNumber(codecOrder(account, place));
  return written(from);
}

function offers(file: Slice, codecs: Slice): void {
  openEverything();
  provision(file, 1);
  expect(equals(order(1), codecs)).toBe(true);
}

describe("codecs", () => {
  beforeEach(openEverything);

  it("are all offered, G.722 first, unless somebody says otherwise", () => {
    expect(equals(order(1), w("2013"))).toBe(true);
    expect(equals(order(16), w("2013"))).toBe(true);
    expect(codecOrder(1, 4)).toBe(-1);
    expect(codecOrder(1, -1)).toBe(-1);
    expect(codecOrder(0, 0)).toBe(-1);
    expect(codecOrder(17, 0)).toBe(-1);
  });

  it("follow their names", () => {
    offers(w("account.1.codec.g722.enable = 0"), w("013"));
    offers(w("account.1.codec.pcma.priority = 1\naccount.1.codec.g722.priority = 9"), w("1032"));
    offers(w("account.1.codec.pcma.priority = 1"), w("1203"));
    offers(w("account.1.codec.g722.priority = 0"), w("0132"));
    expect(equals(order(2), w("2013"))).toBe(true);
    offers(
      w(
        "account.1.codec.pcmu.enable=0\naccount.1.codec.pcma.enable=0\naccount.1.codec.g722.enable=0\naccount.1.codec.g729.enable=0",
      ),
      w(""),
    );
  });

  it("follow the numbered list, with payload_type before or after", () => {
    offers(w("account.1.codec.1.enable = 0"), w("213"));
    offers(w("account.1.codec.5.enable = 0\naccount.1.codec.6.priority = 5"), w("012"));
    offers(w("account.1.codec.1.enable = 0\naccount.1.codec.1.payload_type = PCMA"), w("203"));
    offers(
      w(
        "account.1.codec.9.payload_type = g729\naccount.1.codec.9.priority = 1\naccount.1.codec.9.enable = 1",
      ),
      w("2301"),
    );
    offers(
      w("account.1.codec.3.enable = 0\naccount.1.codec.7.payload_type = iLBC\naccount.1.codec.7.enable = 0"),
      w("2013"),
    );
  });

  it("follow the name where both are given, in any file", () => {
    offers(w("account.1.codec.pcmu.enable = 1\naccount.1.codec.1.enable = 0"), w("2013"));
    openEverything();
    provision(w("account.1.codec.pcmu.enable = 1"), 1);
    provision(w("account.1.codec.1.enable = 0\naccount.1.codec.1.payload_type = PCMU"), 2);
    expect(equals(order(1), w("2013"))).toBe(true);
    setSetting(w("account.1.codec.pcmu.enable"), w("0"));
    expect(equals(order(1), w("213"))).toBe(true);
  });

  it("read as the list of most models", () => {
    expect(equals(getSetting(w("account.1.codec.1.payload_type")), w("PCMU"))).toBe(true);
    expect(equals(getSetting(w("account.1.codec.2.payload_type")), w("PCMA"))).toBe(true);
    expect(equals(getSetting(w("account.1.codec.3.payload_type")), w("other"))).toBe(true);
    expect(equals(getSetting(w("account.1.codec.5.payload_type")), w("G729"))).toBe(true);
    expect(equals(getSetting(w("account.1.codec.6.payload_type")), w("G722"))).toBe(true);
    expect(equals(getSetting(w("account.1.codec.6.priority")), w("1"))).toBe(true);
    expect(equals(getSetting(w("account.1.codec.6.enable")), w("1"))).toBe(true);
    expect(equals(getSetting(w("account.1.codec.7.enable")), w("0"))).toBe(true);
  });
});
