// What the peer's answers do to the timer: every row of 3.3.

import { w } from "../../../assembly/bytes/slice";
import {
  attemptsUntilMs,
  expiryMs,
  isRunning,
  Refresher,
  stopTimer,
} from "../../../assembly/session/session-timer";
import { receiveTimerSuccess, receiveTooSmall, TooSmall } from "../../../assembly/session/timer-request";
import { Remark, remarkWords, Rule, ruleId, ruleWords } from "../../../assembly/session/timer-rule";
import { size } from "../../../assembly/bytes/slice";
import {
  asks,
  called,
  heard,
  ok,
  phone,
  phoneNeverAlone,
  phoneWithout,
  refreshed,
  timer,
  tooSmall,
} from "./peer";

describe("3.3 2xx", () => {
  it("3.3 uac: we refresh at T/2, with or without Require", () => {
    phone(0);
    called(w("Require: timer\r\nSession-Expires: 120;refresher=uac\r\n"), 1000);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
    expect(timer.refreshAtMs).toBe(61_000);
    phone(0);
    called(w("Session-Expires: 120;refresher=uac\r\n"), 1000);
    expect(timer.refreshAtMs).toBe(61_000);
  });

  it("3.3 uas: the peer refreshes, we supervise, with or without Require", () => {
    phone(0);
    called(w("Require: timer\r\nSession-Expires: 1800;refresher=uas\r\n"));
    expect<i32>(timer.refresher).toBe(Refresher.Remote);
    expect(expiryMs(timer)).toBe(1_768_000);
    phone(0);
    called(w("Session-Expires: 1800;refresher=uas\r\n"));
    expect<i32>(timer.refresher).toBe(Refresher.Remote);
  });

  it("3.3 parameter missing: treated as uac", () => {
    phone(0);
    expect<i32>(called(w("Require: timer\r\nSession-Expires: 1800\r\n"))).toBe(Rule.ParameterMissing);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
    called(w(""));
    expect<i32>(refreshed(w("Session-Expires: 600\r\n"))).toBe(Rule.ParameterMissing);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
  });

  it("3.3 below 90: tolerated, refreshed at its half", () => {
    phone(0);
    called(w("Session-Expires: 60;refresher=uac\r\n"), 1000);
    expect<i32>(timer.remark).toBe(Remark.BelowMinimum);
    expect(timer.refreshAtMs).toBe(31_000);
    expect(asks(false)).toBe("Session-Expires: 90;refresher=uac\r\n");
  });

  it("3.3 far below 90: never refreshed earlier than 10 s after the 2xx, and there is time for it", () => {
    phone(0);
    called(w("Session-Expires: 1;refresher=uac\r\n"), 1000);
    expect(timer.refreshAtMs).toBe(11_000);
    expect(attemptsUntilMs(timer) > timer.refreshAtMs).toBe(true);
  });

  it("3.3 below our Min-SE: tolerated, and the refresh asks for more", () => {
    phone(0, 1800, 300);
    called(w("Session-Expires: 200;refresher=uac\r\n"), 1000);
    expect<i32>(timer.remark).toBe(Remark.BelowMinimum);
    expect(timer.refreshAtMs).toBe(101_000);
    expect(asks(false)).toBe("Session-Expires: 300;refresher=uac\r\nMin-SE: 300\r\n");
  });

  it("3.3 below 90 while the peer refreshes: supervised as 90", () => {
    phone(0);
    called(w("Session-Expires: 30;refresher=uas\r\n"), 1000);
    expect(expiryMs(timer)).toBe(61_000);
  });

  it("3.3 more than we asked: adopted", () => {
    phone(0);
    called(w("Session-Expires: 3600;refresher=uac\r\n"));
    expect(timer.intervalSeconds).toBe(3600);
    expect<i32>(timer.remark).toBe(Remark.AboveAsked);
  });

  it("3.3 less than we asked: adopted without a word", () => {
    phone(0);
    called(w("Session-Expires: 600;refresher=uac\r\n"));
    expect(timer.intervalSeconds).toBe(600);
    expect<i32>(timer.remark).toBe(Remark.None);
  });

  it("3.3 initial, absent, we had asked: self mode with the interval that we asked for", () => {
    phone(0);
    expect<i32>(called(w(""), 1000)).toBe(Rule.PeerWithoutTimer);
    expect(timer.intervalSeconds).toBe(1800);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
    expect(timer.startedMs).toBe(1000);
  });

  it("3.3 initial, absent, we had asked, peer_without_timer off: no timer", () => {
    phoneNeverAlone();
    expect<i32>(called(w(""))).toBe(Rule.PeerNoSupport);
    expect(isRunning(timer)).toBe(false);
  });

  it("3.3 initial, absent, we had not asked: no timer", () => {
    phone(0);
    expect<i32>(receiveTimerSuccess(timer, ok(w("")), 1, true, 0)).toBe(Rule.NotAsked);
    expect(isRunning(timer)).toBe(false);
  });

  it("3.3 in the dialog, absent, the last 2xx had it: turned off", () => {
    phone(0);
    called(w("Session-Expires: 1800;refresher=uac\r\n"));
    expect<i32>(refreshed(w(""))).toBe(Rule.TurnedOff);
    expect(isRunning(timer)).toBe(false);
    expect<i32>(timer.refresher).toBe(Refresher.None);
    expect<i32>(refreshed(w(""))).toBe(Rule.TurnedOff);
  });

  it("3.3 in the dialog, absent, in self mode: it goes on, ten times", () => {
    phone(0, 600);
    called(w(""));
    for (let i: i64 = 1; i <= 10; i++) {
      expect<i32>(refreshed(w(""), i * 300_000)).toBe(Rule.PeerWithoutTimer);
      expect(timer.isSelf).toBe(true);
      expect(timer.intervalSeconds).toBe(600);
      expect(attemptsUntilMs(timer)).toBe(i * 300_000 + 568_000);
    }
  });

  it("3.1 self mode outlives a request of the peer without timer headers", () => {
    phone(0, 600);
    called(w(""));
    expect(heard(w(""))).toBe("Session-Expires: 600;refresher=uas\r\n");
    expect<i32>(timer.rule).toBe(Rule.PeerWithoutTimer);
    expect<i32>(refreshed(w(""))).toBe(Rule.PeerWithoutTimer);
  });

  it("3.1 self mode ends when the peer shows that it knows timers", () => {
    phone(0, 600);
    called(w(""));
    heard(w("Supported: timer\r\nSession-Expires: 600;refresher=uac\r\n"));
    expect(timer.isSelf).toBe(false);
    expect<i32>(refreshed(w(""))).toBe(Rule.TurnedOff);
    phone(0, 600);
    called(w(""));
    refreshed(w("Session-Expires: 600;refresher=uas\r\n"));
    expect(timer.isSelf).toBe(false);
    expect<i32>(timer.refresher).toBe(Refresher.Remote);
  });

  it("3.3 absent with Require: timer: contradictory, the timer is off", () => {
    phone(0);
    expect<i32>(called(w("Require: timer\r\n"))).toBe(Rule.Contradictory);
    expect(isRunning(timer)).toBe(false);
    phone(0);
    called(w(""));
    expect<i32>(refreshed(w("Require: timer\r\n"))).toBe(Rule.Contradictory);
    expect(isRunning(timer)).toBe(false);
  });

  it("3.3 what can't be read is as good as absent, but switches nothing off", () => {
    phone(0);
    expect<i32>(called(w("Require: timer\r\nSession-Expires: 0\r\n"))).toBe(Rule.PeerWithoutTimer);
    expect<i32>(timer.remark).toBe(Remark.Unreadable);
    called(w(""));
    phone(0);
    called(w("Session-Expires: 1800;refresher=uas\r\n"));
    expect<i32>(refreshed(w("Session-Expires: 1800\r\nx: 1800\r\n"), 5000)).toBe(Rule.PresentRefresher);
    expect<i32>(timer.refresher).toBe(Refresher.Remote);
    expect(timer.startedMs).toBe(5000);
  });

  it("3.3 mid-dialog Session-Expires after none: adopted", () => {
    phoneNeverAlone();
    called(w(""));
    expect<i32>(refreshed(w("Session-Expires: 600;refresher=uas\r\n"))).toBe(Rule.PeerNamed);
    expect<i32>(timer.refresher).toBe(Refresher.Remote);
  });
});

describe("3.1 which 2xx counts", () => {
  it("3.1 one before the INVITE's own starts nothing, and the INVITE's still counts", () => {
    phone(0);
    asks(true);
    expect(asks(false)).toBe("");
    expect<i32>(
      receiveTimerSuccess(timer, ok(w("Session-Expires: 600;refresher=uac\r\n")), 2, false, 1000),
    ).toBe(Rule.NotApplied);
    expect(isRunning(timer)).toBe(false);
    expect<i32>(receiveTimerSuccess(timer, ok(w("")), 1, true, 2000)).toBe(Rule.PeerWithoutTimer);
  });

  it("3.1 a late one with a lower CSeq, or the same again, changes nothing", () => {
    phone(0);
    called(w("Session-Expires: 1800;refresher=uac\r\n"), 1000);
    expect<i32>(
      receiveTimerSuccess(timer, ok(w("Session-Expires: 600;refresher=uas\r\n")), 9, false, 2000),
    ).toBe(Rule.PeerNamed);
    expect<i32>(
      receiveTimerSuccess(timer, ok(w("Session-Expires: 90;refresher=uac\r\n")), 8, false, 3000),
    ).toBe(Rule.NotApplied);
    expect<i32>(
      receiveTimerSuccess(timer, ok(w("Session-Expires: 600;refresher=uas\r\n")), 9, false, 4000),
    ).toBe(Rule.NotApplied);
    expect(timer.startedMs).toBe(2000);
    expect(timer.intervalSeconds).toBe(600);
  });

  it("3.6 after the end nothing runs", () => {
    phone(0);
    called(w("Session-Expires: 1800;refresher=uac\r\n"));
    stopTimer(timer);
    expect(isRunning(timer)).toBe(false);
    expect<i32>(timer.refresher).toBe(Refresher.None);
  });
});

describe("3.3 422", () => {
  it("3.3 422 with Min-SE, initial: again, with the largest of all, three rounds at most", () => {
    phone(0, 90);
    asks(true);
    expect<i32>(receiveTooSmall(timer, tooSmall(w("Min-SE: 100\r\n")), true)).toBe(TooSmall.Retry);
    expect<i32>(receiveTooSmall(timer, tooSmall(w("Min-SE: 200\r\n")), true)).toBe(TooSmall.Retry);
    expect<i32>(receiveTooSmall(timer, tooSmall(w("Min-SE: 8000\r\n")), true)).toBe(TooSmall.Retry);
    expect(asks(true)).toBe("Session-Expires: 8000;refresher=uac\r\nMin-SE: 8000\r\n");
    expect<i32>(receiveTooSmall(timer, tooSmall(w("Min-SE: 9000\r\n")), true)).toBe(TooSmall.GiveUp);
  });

  it("3.3 422 with Min-SE, in the dialog: again, and the old expiry keeps running", () => {
    phone(0);
    called(w("Session-Expires: 120;refresher=uac\r\n"), 1000);
    asks(false);
    expect<i32>(receiveTooSmall(timer, tooSmall(w("Min-SE: 1000\r\n")), false)).toBe(TooSmall.Retry);
    expect(attemptsUntilMs(timer)).toBe(89_000);
    expect(timer.intervalSeconds).toBe(120);
    refreshed(w("Session-Expires: 1000;refresher=uac\r\n"), 61_000);
    expect(timer.intervalSeconds).toBe(1000);
    expect(timer.tooSmallRounds).toBe(0);
  });

  it("3.3 422 without Min-SE, initial: the call fails once", () => {
    phone(0);
    asks(true);
    expect<i32>(receiveTooSmall(timer, tooSmall(w("")), true)).toBe(TooSmall.GiveUp);
  });

  it("3.3 422 without Min-SE, in the dialog: once more with twice the interval", () => {
    phone(0);
    called(w("Session-Expires: 120;refresher=uac\r\n"), 1000);
    asks(false);
    expect<i32>(receiveTooSmall(timer, tooSmall(w("")), false)).toBe(TooSmall.RetryOnceDoubled);
    expect(asks(false)).toBe("Session-Expires: 240;refresher=uac\r\n");
    expect<i32>(receiveTooSmall(timer, tooSmall(w("Min-SE: many\r\n")), false)).toBe(TooSmall.GiveUp);
    expect(isRunning(timer)).toBe(true);
    expect(attemptsUntilMs(timer)).toBe(89_000);
  });

  it("3.3 422 without Min-SE to a request that asked for nothing: given up", () => {
    phoneNeverAlone();
    called(w(""));
    asks(false);
    expect<i32>(receiveTooSmall(timer, tooSmall(w("")), false)).toBe(TooSmall.GiveUp);
  });
});

describe("3.3 timers off by the setting", () => {
  it("3.3 off: a 2xx that names us all the same makes us refresh", () => {
    phoneWithout();
    expect<i32>(called(w("Session-Expires: 600;refresher=uac\r\n"), 1000)).toBe(Rule.NamedThoughOff);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
    expect(timer.intervalSeconds).toBe(600);
  });

  it("3.3 off: a 2xx that names the peer, or nobody, is no timer of ours", () => {
    phoneWithout();
    expect<i32>(called(w("Session-Expires: 600;refresher=uas\r\n"))).toBe(Rule.Disabled);
    expect(isRunning(timer)).toBe(false);
    phoneWithout();
    expect<i32>(called(w(""))).toBe(Rule.Disabled);
    expect(isRunning(timer)).toBe(false);
  });

  it("3.3 off: 422 fails cleanly (B09)", () => {
    phoneWithout();
    asks(true);
    expect<i32>(receiveTooSmall(timer, tooSmall(w("Min-SE: 600\r\n")), true)).toBe(TooSmall.GiveUp);
  });
});

describe("the words of the rules", () => {
  it("has an id and words for every rule, and words for every remark", () => {
    expect(size(ruleId(Rule.None))).toBe(0);
    expect(size(ruleWords(Rule.None))).toBe(0);
    for (let rule: i32 = Rule.None + 1; rule <= Rule.NotApplied; rule++) {
      expect(size(ruleId(rule)) > 0).toBe(true);
      expect(size(ruleWords(rule)) > 0).toBe(true);
    }
    expect(size(remarkWords(Remark.None))).toBe(0);
    expect(size(remarkWords(Remark.BelowMinimum)) > 0).toBe(true);
    expect(size(remarkWords(Remark.AboveAsked)) > 0).toBe(true);
    expect(size(remarkWords(Remark.Unreadable)) > 0).toBe(true);
  });
});
