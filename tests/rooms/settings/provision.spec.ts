import { clearOutput, openOutput } from "../../../assembly/output/output";
import { equals, w } from "../../../assembly/bytes/slice";
import { Key } from "../../../assembly/settings/keys";
import { getSetting, number, openSettings, provision, text } from "../../../assembly/settings/settings";
import { nextInclude, openBoot } from "../../../assembly/settings/boot-file";
import { openTestArena } from "../support/arena";

describe("provision", () => {
  beforeEach(() => {
    openTestArena();
    openOutput();
    openSettings();
  });

  it("takes a plain file", () => {
    expect(provision(w("#!version:1.0.0.1\naccount.1.user_name = 2001\r\nsip.timer_t1=1.25\n"), 1)).toBe(0);
    expect(equals(text(Key.UserName, 1), w("2001"))).toBe(true);
    expect(number(Key.TimerT1)).toBe(1250);
    expect(equals(getSetting(w("sip.timer_t1")), w("1.25"))).toBe(true);
    expect(number(Key.SessionTimerExpires, 16)).toBe(1800);
  });
});
