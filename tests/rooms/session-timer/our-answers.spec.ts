// What we answer to the peer's requests: rows of 3.4, the incoming half of 3.8.

import { w } from "../../../assembly/bytes/slice";
import { isRunning, isOldYealink, Refresher, resetTimer } from "../../../assembly/session/session-timer";
import { Remark, Rule } from "../../../assembly/session/timer-rule";
import { called, heard, phone, phoneWithout, rung, timer } from "./peer";

const UAS = "Session-Expires: 1800;refresher=uas\r\n";
const UAS_REQUIRE = "Session-Expires: 1800;refresher=uas\r\n+ Require";
const UAC_REQUIRE = "Session-Expires: 1800;refresher=uac\r\n+ Require";

describe("3.4 who refreshes", () => {
  it("3.4 no Supported, no parameter: uas, no Require", () => {
    phone(0);
    expect(rung(w("Session-Expires: 1800\r\n"))).toBe(UAS);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
    expect<i32>(timer.rule).toBe(Rule.ProxyInserted);
  });

  it("3.4 no Supported, uac or uas: treated as uas", () => {
    phone(1);
    expect(rung(w("Session-Expires: 1800;refresher=uac\r\n"))).toBe(UAS);
    phone(1);
    expect(rung(w("Session-Expires: 1800;refresher=uas\r\n"))).toBe(UAS);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
  });

  it("3.4 Supported, no parameter: our choice, setting 0 is uas", () => {
    phone(0);
    expect(rung(w("Supported: timer\r\nSession-Expires: 1800\r\n"))).toBe(UAS_REQUIRE);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
    expect<i32>(timer.rule).toBe(Rule.Setting);
  });

  it("3.4 Supported, no parameter: our choice, setting 1 is uac, with Require", () => {
    phone(1);
    expect(rung(w("Supported: timer\r\nSession-Expires: 1800\r\n"))).toBe(UAC_REQUIRE);
    expect<i32>(timer.refresher).toBe(Refresher.Remote);
  });

  it("3.4 Supported, uac: uac with Require", () => {
    phone(0);
    expect(rung(w("Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\n"))).toBe(UAC_REQUIRE);
    expect<i32>(timer.refresher).toBe(Refresher.Remote);
    expect<i32>(timer.rule).toBe(Rule.PeerNamed);
  });

  it("3.4 Supported, uas: uas with Require", () => {
    phone(0);
    expect(rung(w("Supported: timer\r\nSession-Expires: 1800;refresher=uas\r\n"))).toBe(UAS_REQUIRE);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
  });

  it("3.4 in the dialog, Supported, no parameter: we refresh, we keep it", () => {
    phone(1);
    called(w("Session-Expires: 1800;refresher=uac\r\n"));
    expect(heard(w("Supported: timer\r\nSession-Expires: 1800\r\n"))).toBe(UAS_REQUIRE);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
    expect<i32>(timer.rule).toBe(Rule.PresentRefresher);
  });

  it("3.4 in the dialog, Supported, no parameter: the peer refreshes, it keeps it", () => {
    phone(0);
    called(w("Session-Expires: 1800;refresher=uas\r\n"));
    expect(heard(w("Supported: timer\r\nSession-Expires: 1800\r\n"))).toBe(UAC_REQUIRE);
    expect<i32>(timer.refresher).toBe(Refresher.Remote);
  });
});

describe("3.4 the interval", () => {
  it("3.4 at least our minimum: copied, neither lowered nor raised", () => {
    phone(0, 600);
    expect(rung(w("Supported: timer\r\nSession-Expires: 7200;refresher=uac\r\n"))).toBe(
      "Session-Expires: 7200;refresher=uac\r\n+ Require",
    );
    phone(0, 1800);
    expect(rung(w("Supported: timer\r\nSession-Expires: 90;refresher=uac\r\n"))).toBe(
      "Session-Expires: 90;refresher=uac\r\n+ Require",
    );
    expect(timer.intervalSeconds).toBe(90);
  });

  it("3.4 below our minimum, Supported: 422 with our Min-SE", () => {
    phone(0, 1800, 300);
    expect(rung(w("Supported: timer\r\nSession-Expires: 299\r\n"))).toBe("422 Min-SE: 300\r\n");
    phone(0);
    expect(rung(w("Supported: timer\r\nSession-Expires: 60\r\n"))).toBe("422 Min-SE: 90\r\n");
  });

  it("3.4 below our minimum, Supported, in the dialog: 422, and the timer is untouched", () => {
    phone(0);
    called(w("Session-Expires: 1800;refresher=uas\r\n"), 5000);
    expect(heard(w("Supported: timer\r\nSession-Expires: 60;refresher=uas\r\n"), 9000)).toBe(
      "422 Min-SE: 90\r\n",
    );
    expect(timer.startedMs).toBe(5000);
    expect(timer.intervalSeconds).toBe(1800);
    expect<i32>(timer.refresher).toBe(Refresher.Remote);
  });

  it("3.4 below our minimum, no Supported: accepted, at least 90, no Require", () => {
    phone(0);
    expect(rung(w("Session-Expires: 60\r\n"))).toBe("Session-Expires: 90;refresher=uas\r\n");
    phone(0, 1800, 300);
    expect(rung(w("Session-Expires: 120\r\n"))).toBe("Session-Expires: 120;refresher=uas\r\n");
  });

  it("3.4 absent, Supported: we add one to the initial INVITE, at least its Min-SE", () => {
    phone(0, 600);
    expect(rung(w("Supported: timer\r\n"))).toBe("Session-Expires: 600;refresher=uas\r\n+ Require");
    phone(1, 600);
    expect(rung(w("Supported: timer\r\nMin-SE: 900\r\n"))).toBe(
      "Session-Expires: 900;refresher=uac\r\n+ Require",
    );
    expect(timer.intervalSeconds).toBe(900);
  });

  it("3.4 absent, Supported: none with the switch off", () => {
    phone(0);
    resetTimer(timer, true, 1800, 90, false, true, false, 0, false);
    expect(rung(w("Supported: timer\r\n"))).toBe("");
    expect(isRunning(timer)).toBe(false);
  });

  it("3.4 absent, Supported, a running timer: the current interval, the present refresher", () => {
    phone(0);
    called(w("Session-Expires: 600;refresher=uas\r\n"));
    expect(heard(w("Supported: timer\r\n"), 7000)).toBe("Session-Expires: 600;refresher=uac\r\n+ Require");
    expect<i32>(timer.refresher).toBe(Refresher.Remote);
    expect(timer.startedMs).toBe(7000);
  });

  it("3.4 absent, Supported, in the dialog without a timer: none", () => {
    phone(0);
    rung(w(""));
    expect(heard(w("Supported: timer\r\n"))).toBe("");
    expect(isRunning(timer)).toBe(false);
  });

  it("3.4 absent, no Supported, no timer running: none", () => {
    phone(0);
    expect(rung(w(""))).toBe("");
    expect(heard(w(""))).toBe("");
    expect<i32>(timer.rule).toBe(Rule.NotAsked);
  });

  it("3.4 absent, no Supported, a running timer: the current interval, uas, no Require", () => {
    phone(0);
    called(w("Session-Expires: 600;refresher=uas\r\n"));
    expect(heard(w(""), 7000)).toBe("Session-Expires: 600;refresher=uas\r\n");
    expect<i32>(timer.refresher).toBe(Refresher.Local);
    expect<i32>(timer.rule).toBe(Rule.TookOver);
  });

  it("3.4 illegal value is as good as none: 0", () => {
    phone(0);
    expect(rung(w("Session-Expires: 0\r\n"))).toBe("");
    expect<i32>(timer.remark).toBe(Remark.Unreadable);
  });

  it("3.4 illegal value is as good as none: negative", () => {
    phone(0);
    expect(rung(w("Session-Expires: -5\r\n"))).toBe("");
  });

  it("3.4 illegal value is as good as none: more than 2^32-1", () => {
    phone(0);
    expect(rung(w("Session-Expires: 4294967296\r\n"))).toBe("");
    expect(rung(w("Session-Expires: 99999999999999999999999999\r\n"))).toBe("");
  });

  it("3.4 illegal value is as good as none: text", () => {
    phone(0);
    expect(rung(w("Session-Expires: soon\r\n"))).toBe("");
    expect(rung(w("Session-Expires: 1800x\r\n"))).toBe("");
    expect(rung(w("Session-Expires:\r\n"))).toBe("");
  });

  it("3.4 illegal value is as good as none: ;;refresher=", () => {
    phone(0);
    expect(rung(w("Session-Expires: 1800;;refresher=\r\n"))).toBe("");
  });

  it("3.4 illegal value is as good as none: two headers", () => {
    phone(0);
    expect(rung(w("Session-Expires: 1800\r\nSession-Expires: 1800\r\n"))).toBe("");
    expect(rung(w("Session-Expires: 1800\r\nx: 900\r\n"))).toBe("");
  });

  it("3.4 illegal value switches no running timer off", () => {
    phone(0);
    called(w("Session-Expires: 600;refresher=uac\r\n"));
    expect(heard(w("Supported: timer\r\nSession-Expires: 0\r\n"), 4000)).toBe(
      "Session-Expires: 600;refresher=uas\r\n+ Require",
    );
    expect(timer.startedMs).toBe(4000);
    expect<i32>(timer.remark).toBe(Remark.Unreadable);
    expect(heard(w("Session-Expires: 1800;;refresher=\r\n"))).toBe("Session-Expires: 600;refresher=uas\r\n");
    expect(timer.intervalSeconds).toBe(600);
  });

  it("3.4 Require: timer while timers are off: 420", () => {
    phoneWithout();
    expect(rung(w("Require: timer\r\nSupported: timer\r\nSession-Expires: 1800\r\n"))).toBe("420");
  });

  it("3.4 Require: timer while timers are on: no 420", () => {
    phone(0);
    expect(rung(w("Require: timer\r\nSupported: timer\r\nSession-Expires: 1800\r\n"))).toBe(UAS_REQUIRE);
  });

  it("3.3 timers off: 2xx without Session-Expires, whatever is asked", () => {
    phoneWithout();
    expect(rung(w("Supported: timer\r\nSession-Expires: 30;refresher=uas\r\n"))).toBe("");
    expect(isRunning(timer)).toBe(false);
    expect<i32>(timer.rule).toBe(Rule.Disabled);
    expect(heard(w("Supported: timer\r\nSession-Expires: 1800;refresher=uas\r\n"))).toBe("");
  });
});

describe("3.8 incoming", () => {
  it("3.8 incoming, setting 0, no parameter: uas and Require; our requests say uac", () => {
    phone(0);
    expect(rung(w("Supported: timer\r\nSession-Expires: 1800\r\n"))).toBe(UAS_REQUIRE);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
  });

  it("3.8 incoming, setting 1, no parameter: uac and Require; we supervise", () => {
    phone(1);
    expect(rung(w("Supported: timer\r\nSession-Expires: 1800\r\n"))).toBe(UAC_REQUIRE);
    expect<i32>(timer.refresher).toBe(Refresher.Remote);
  });

  it("3.8 incoming, setting 0 and 1, it names uac: not ours to change", () => {
    for (let setting = 0; setting < 2; setting++) {
      phone(setting);
      expect(rung(w("Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\n"))).toBe(UAC_REQUIRE);
      expect<i32>(timer.refresher).toBe(Refresher.Remote);
    }
  });

  it("3.8 incoming, setting 0, it names uas: we refresh", () => {
    phone(0);
    expect(rung(w("Supported: timer\r\nSession-Expires: 1800;refresher=uas\r\n"))).toBe(UAS_REQUIRE);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
  });

  it("3.8 incoming, setting 1, it names uas: we refresh although set to 1", () => {
    phone(1);
    expect(rung(w("Supported: timer\r\nSession-Expires: 1800;refresher=uas\r\n"))).toBe(UAS_REQUIRE);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
    expect<i32>(timer.rule).toBe(Rule.PeerNamed);
  });

  it("3.8 incoming, setting 0 and 1, a proxy's Session-Expires: uas, no Require, we refresh", () => {
    for (let setting = 0; setting < 2; setting++) {
      phone(setting);
      expect(rung(w("Session-Expires: 1800\r\n"))).toBe(UAS);
      expect<i32>(timer.refresher).toBe(Refresher.Local);
    }
  });

  it("3.8 incoming, setting 0, Supported without Session-Expires: added, uas", () => {
    phone(0);
    expect(rung(w("Supported: timer\r\nMin-SE: 2000\r\n"))).toBe(
      "Session-Expires: 2000;refresher=uas\r\n+ Require",
    );
  });

  it("3.8 incoming, setting 1, Supported without Session-Expires: added, uac", () => {
    phone(1);
    expect(rung(w("Supported: timer\r\n"))).toBe(UAC_REQUIRE);
  });

  it("3.8 incoming, setting 0 and 1, neither: no timer", () => {
    for (let setting = 0; setting < 2; setting++) {
      phone(setting);
      expect(rung(w("Supported: 100rel\r\n"))).toBe("");
      expect(isRunning(timer)).toBe(false);
    }
  });

  it("3.8 later request of the peer, setting 0 and 1: the parameter is copied", () => {
    for (let setting = 0; setting < 2; setting++) {
      phone(setting);
      called(w("Session-Expires: 1800;refresher=uac\r\n"));
      expect(heard(w("Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\n"))).toBe(UAC_REQUIRE);
      expect(heard(w("Supported: timer\r\nSession-Expires: 1800;refresher=uas\r\n"))).toBe(UAS_REQUIRE);
    }
  });

  it("3.8 later request of the peer, setting 0 and 1, none, with Supported: the present refresher", () => {
    for (let setting = 0; setting < 2; setting++) {
      phone(setting);
      called(w("Session-Expires: 1800;refresher=uas\r\n"));
      expect(heard(w("Supported: timer\r\nSession-Expires: 1800\r\n"))).toBe(UAC_REQUIRE);
    }
  });

  it("3.8 later request of the peer, setting 0 and 1, none, without Supported: uas", () => {
    for (let setting = 0; setting < 2; setting++) {
      phone(setting);
      called(w("Session-Expires: 1800;refresher=uas\r\n"));
      expect(heard(w("Session-Expires: 1800\r\n"))).toBe(UAS);
      expect<i32>(timer.refresher).toBe(Refresher.Local);
    }
  });

  it("3.8 toward firmware x.80 and x.81 of the guides' phones we refresh where we choose", () => {
    phone(1);
    const lines = w(
      "Supported: timer\r\nSession-Expires: 1800\r\nUser-Agent: Yealink SIP-T46G 28.80.0.95\r\n",
    );
    expect(rung(lines)).toBe(UAS_REQUIRE);
    expect<i32>(timer.rule).toBe(Rule.OldYealink);
    phone(1);
    const named = w(
      "Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\nUser-Agent: Yealink W52P 25.81.0.10\r\n",
    );
    expect(rung(named)).toBe(UAC_REQUIRE);
  });

  it("3.8 only x.80 and x.81 are old", () => {
    expect(isOldYealink(w("Yealink SIP-T46G 28.80.0.95"))).toBe(true);
    expect(isOldYealink(w("yealink SIP-T28P 2.81"))).toBe(true);
    expect(isOldYealink(w("Yealink SIP-T46G 28.82.0.20"))).toBe(false);
    expect(isOldYealink(w("Yealink SIP-T46S 66.86.0.15"))).toBe(false);
    expect(isOldYealink(w("Yealink SIP-T46S 66.800.0.15"))).toBe(false);
    expect(isOldYealink(w("Yealink SIP-T80 1.2"))).toBe(false);
    expect(isOldYealink(w("Yealink"))).toBe(false);
    expect(isOldYealink(w("Other 28.80.0.95"))).toBe(false);
  });
});
