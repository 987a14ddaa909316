import { end, start, w } from "../../../assembly/bytes/slice";
import { findByte, findControl } from "../../../assembly/bytes/scan";

describe("finding a byte", () => {
  it("finds the first one at every place, whatever the length", () => {
    const s = w("abcdefghijklmnopqrstuvwxyz");
    for (let from: usize = 0; from < 26; from++) {
      for (let stop: usize = from; stop <= 26; stop++) {
        for (let at: usize = 0; at < 26; at++) {
          const found = findByte(start(s) + from, start(s) + stop, <u8>(97 + at));
          const expected = at >= from && at < stop ? at : stop;
          if (found != start(s) + expected) expect(found).toBe(start(s) + expected);
        }
      }
    }
    expect(findByte(start(s), end(s), 0x7a)).toBe(end(s) - 1);
  });

  it("takes the first of several", () => {
    const s = w("................,,..,....,");
    expect(findByte(start(s), end(s), 0x2c)).toBe(start(s) + 16);
    expect(findByte(start(s) + 18, end(s), 0x2c)).toBe(start(s) + 20);
    expect(findByte(start(s) + 21, end(s), 0x2c)).toBe(start(s) + 25);
  });

  it("is not misled by neighbours that differ in one bit, or have the highest", () => {
    const s = w("-,-.ü-,");
    expect(findByte(start(s), end(s), 0x2c)).toBe(start(s) + 1);
    expect(findByte(start(s) + 2, end(s), 0x2c)).toBe(end(s) - 1);
  });
});

describe("finding a control byte", () => {
  it("stops at what is below 32, not at a blank, DEL or what has the highest bit", () => {
    const s = w("a b ü ~\x7f and then some text\x1f\r\n");
    expect(findControl(start(s), end(s))).toBe(end(s) - 3);
    expect(findControl(end(s) - 2, end(s))).toBe(end(s) - 2);
    expect(findControl(start(s), end(s) - 3)).toBe(end(s) - 3);
  });
});
