// Boot files: targets in order, lines for other models, overwrite_mode.

import { EMPTY, equals, Slice, w } from "../../../assembly/bytes/slice";
import { nextInclude, openBoot, overwriteMode } from "../../../assembly/settings/boot-file";

function includes(target: Slice): void {
  expect(equals(nextInclude(), target)).toBe(true);
}

function ends(): void {
  expect(nextInclude()).toBe(EMPTY);
  expect(nextInclude()).toBe(EMPTY);
}

describe("boot file", () => {
  it("names its files in order", () => {
    const text = w(
      '#!version:1.0.0.1\r\ninclude:config "sip.cfg"\r\n include:config <http://192.0.2.10/cfg/account.cfg>\ninclude:config"../a b.CFG" \noverwrite_mode = 0',
    );
    expect(openBoot(text, w("T46U"))).toBe(true);
    expect(overwriteMode()).toBe(0);
    includes(w("sip.cfg"));
    includes(w("http://192.0.2.10/cfg/account.cfg"));
    includes(w("../a b.CFG"));
    ends();
  });

  it("filters by model", () => {
    const text = w(
      '\ufeff[T46U,T54W]include:config "color.cfg"\n[ T21P_E2 , t46u ] include:config "mine.cfg"\n[T21P_E2]include:config "other.cfg"\n[]include:config "none.cfg"\n[T46U include:config "open.cfg"\n[,]include:config "empty.cfg"',
    );
    openBoot(text, w("T46U"));
    expect(overwriteMode()).toBe(1);
    includes(w("color.cfg"));
    includes(w("mine.cfg"));
    ends();
    openBoot(text, EMPTY);
    ends();
  });

  it("skips everything else", () => {
    openBoot(
      w(
        '#include:config "comment.cfg"\ninclude:config\ninclude:config "open.cfg\ninclude:config <open.cfg"\ninclude:config plain.cfg\ninclude:config "x.txt"\ninclude:config ".cfg"\naccount.1.enable = 1\n=\n[\n\ninclude:config "good.cfg" # said',
      ),
      EMPTY,
    );
    includes(w("good.cfg"));
    ends();
  });

  it("reads overwrite_mode wherever it stands, the last one", () => {
    openBoot(w("overwrite_mode=0\nOverwrite_Mode = 1"), EMPTY);
    expect(overwriteMode()).toBe(1);
    openBoot(w("overwrite_mode = 0\noverwrite_mode = 2\noverwrite_mode =\noverwrite_mode = 01"), EMPTY);
    expect(overwriteMode()).toBe(0);
    openBoot(EMPTY, EMPTY);
    expect(overwriteMode()).toBe(1);
    ends();
  });

  it("refuses NUL", () => {
    expect(openBoot(w('include:config "a.cfg"\0'), EMPTY)).toBe(false);
    ends();
  });
});
