// Bugs that other implementations had, as far as they are decisions of the timer alone (3.7).

import { w } from "../../../assembly/bytes/slice";
import { Method } from "../../../assembly/message/method";
import {
  attemptsUntilMs,
  expiryMs,
  isRunning,
  offersTimer,
  Refresher,
  refreshMethod,
} from "../../../assembly/session/session-timer";
import { answerRequiresTimer, judgeTimerRequest } from "../../../assembly/session/timer-answer";
import { receiveTooSmall, TooSmall } from "../../../assembly/session/timer-request";
import { Rule } from "../../../assembly/session/timer-rule";
import { asks, called, heard, phone, phoneWithout, refreshed, request, rung, timer, tooSmall } from "./peer";

const WE_REFRESH = "Session-Expires: 90;refresher=uac\r\n";

describe("3.7 bugs of others", () => {
  it("B01 the refreshed callee keeps its job: ten UPDATEs with uac at T/2", () => {
    phone(0);
    expect(rung(w("Supported: timer\r\nSession-Expires: 90;refresher=uas\r\n"))).toBe(
      "Session-Expires: 90;refresher=uas\r\n+ Require",
    );
    for (let i: i64 = 1; i <= 10; i++) {
      expect(timer.refreshAtMs).toBe(i * 45_000);
      expect(asks(false)).toBe(WE_REFRESH);
      refreshed(w("Require: timer\r\nSession-Expires: 90;refresher=uac\r\n"), i * 45_000);
    }
  });

  it("B02 the newest 2xx is obeyed, exactly one side refreshes after any sequence", () => {
    phone(0);
    called(w("Session-Expires: 1800;refresher=uac\r\n"));
    heard(w("Supported: timer\r\nSession-Expires: 1800;refresher=uas\r\n"), 1000, Method.Invite);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
    heard(w("Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\n"), 2000, Method.Invite);
    expect<i32>(timer.refresher).toBe(Refresher.Remote);
    refreshed(w("Session-Expires: 1800;refresher=uac\r\n"), 3000);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
    refreshed(w("Session-Expires: 1800;refresher=uas\r\n"), 4000);
    expect<i32>(timer.refresher).toBe(Refresher.Remote);
  });

  it("B03 a proxy's Session-Expires: 2xx says uas, no Require", () => {
    phone(1);
    expect(rung(w("Session-Expires: 1800\r\nSupported: 100rel\r\n"))).toBe(
      "Session-Expires: 1800;refresher=uas\r\n",
    );
  });

  it("B04 2xx with uac has Require: timer", () => {
    phone(1);
    rung(w("Supported: timer\r\nSession-Expires: 1800\r\n"));
    expect(answerRequiresTimer(timer, Method.Invite)).toBe(true);
  });

  it("B05 whatever the request requires, Require: timer is due once", () => {
    phone(0);
    expect(
      rung(w("Require: 100rel\r\nSupported: 100rel, timer\r\nSession-Expires: 1800;refresher=uac\r\n")),
    ).toBe("Session-Expires: 1800;refresher=uac\r\n+ Require");
    phone(0);
    expect(rung(w("Require: timer\r\nk: replaces,timer\r\nx: 1800;refresher=uac\r\n"))).toBe(
      "Session-Expires: 1800;refresher=uac\r\n+ Require",
    );
  });

  it("B06 Supported: timer is in an UPDATE too", () => {
    phone(0);
    called(w("Session-Expires: 1800;refresher=uas\r\nAllow: UPDATE\r\n"));
    expect<i32>(refreshMethod(timer)).toBe(Method.Update);
    expect(offersTimer(timer)).toBe(true);
  });

  it("B08 422 to a later request is no fault, and Min-SE without Session-Expires is remembered", () => {
    phone(0);
    called(w("Session-Expires: 600;refresher=uac\r\n"));
    heard(w("Supported: timer\r\nMin-SE: 700\r\n"));
    expect(asks(false)).toBe("Session-Expires: 700;refresher=uac\r\nMin-SE: 700\r\n");
    expect<i32>(receiveTooSmall(timer, tooSmall(w("Min-SE: 800\r\n")), false)).toBe(TooSmall.Retry);
    expect(asks(false)).toBe("Session-Expires: 800;refresher=uac\r\nMin-SE: 800\r\n");
  });

  it("B09, B10 422 with timers off, or without Min-SE, ends the call once", () => {
    phoneWithout();
    expect<i32>(receiveTooSmall(timer, tooSmall(w("Min-SE: 1800\r\n")), true)).toBe(TooSmall.GiveUp);
    phone(0);
    asks(true);
    expect<i32>(receiveTooSmall(timer, tooSmall(w("")), true)).toBe(TooSmall.GiveUp);
  });

  it("B17 2xx below Min-SE is tolerated", () => {
    phone(0, 1800, 600);
    called(w("Session-Expires: 100;refresher=uac\r\n"));
    expect(timer.intervalSeconds).toBe(100);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
  });

  it("B18 2xx with more than we asked is adopted", () => {
    phone(0, 600);
    called(w("Session-Expires: 1800;refresher=uas\r\n"));
    expect(expiryMs(timer)).toBe(1_768_000);
  });

  it("B18 2xx without Session-Expires in the dialog switches the timer off", () => {
    phone(0, 600);
    called(w("Session-Expires: 600;refresher=uac\r\n"));
    refreshed(w("Supported: timer\r\n"));
    expect(isRunning(timer)).toBe(false);
  });

  it("B21 never less than 90", () => {
    phone(0, 60, 60);
    expect(asks(true)).toBe(WE_REFRESH);
    expect(rung(w("Supported: timer\r\nSession-Expires: 89;refresher=uac\r\n"))).toBe("422 Min-SE: 90\r\n");
    expect(rung(w("Supported: timer\r\n"))).toBe("Session-Expires: 90;refresher=uas\r\n+ Require");
  });

  it("B22 422 is tried again", () => {
    phone(0);
    asks(true);
    expect<i32>(receiveTooSmall(timer, tooSmall(w("Min-SE: 3600\r\n")), true)).toBe(TooSmall.Retry);
    expect(asks(true)).toBe("Session-Expires: 3600;refresher=uac\r\nMin-SE: 3600\r\n");
  });

  it("B23 no Session-Expires where nobody knows timers", () => {
    phone(0);
    expect(rung(w(""))).toBe("");
    expect(heard(w(""))).toBe("");
  });

  it("B23 Require: timer with uac, and no uas for a refresher that was not asked to change", () => {
    phone(0);
    rung(w("Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\n"));
    expect(heard(w("Supported: timer\r\nSession-Expires: 1800\r\n"))).toBe(
      "Session-Expires: 1800;refresher=uac\r\n+ Require",
    );
  });

  it("B24 the non-refresher's BYE comes before the expiry", () => {
    phone(0);
    called(w("Session-Expires: 90;refresher=uas\r\n"));
    expect(expiryMs(timer)).toBe(60_000);
  });

  it("B25 Session-Expires without a parameter gets a full answer", () => {
    phone(0);
    expect(rung(w("Supported: timer\r\nSession-Expires: 180\r\n"))).toBe(
      "Session-Expires: 180;refresher=uas\r\n+ Require",
    );
  });

  it("B26, B27 an UPDATE and a re-INVITE of the peer both set the expiry anew", () => {
    phone(0);
    called(w("Session-Expires: 90;refresher=uas\r\n"));
    heard(w("Supported: timer\r\nSession-Expires: 90;refresher=uac\r\n"), 45_000, Method.Update);
    expect(expiryMs(timer)).toBe(105_000);
    heard(w("Supported: timer\r\nSession-Expires: 90;refresher=uac\r\n"), 60_000, Method.Invite);
    expect(expiryMs(timer)).toBe(120_000);
  });

  it("B34 a proxy adds Session-Expires without a refresher: we refresh", () => {
    phone(1);
    expect<i32>(called(w("Require: timer\r\nSession-Expires: 1800\r\n"))).toBe(Rule.ParameterMissing);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
  });

  it("B37 a refresh without the parameter: the role is kept, in words and in deed", () => {
    phone(0);
    rung(w("Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\n"));
    expect(heard(w("Supported: timer\r\nSession-Expires: 1800\r\n"), 900_000)).toBe(
      "Session-Expires: 1800;refresher=uac\r\n+ Require",
    );
    expect<i32>(timer.refresher).toBe(Refresher.Remote);
    expect(expiryMs(timer)).toBe(900_000 + 1_768_000);
  });

  it("B40 every later request of ours names the refresher", () => {
    phone(0);
    called(w("Session-Expires: 1800\r\n"));
    expect(asks(false)).toBe("Session-Expires: 1800;refresher=uac\r\n");
    heard(w("Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\n"));
    expect(asks(false)).toBe("Session-Expires: 1800;refresher=uas\r\n");
  });

  it("B43 a re-INVITE without timer headers while the peer refreshed: now we do", () => {
    phone(0);
    called(w("Require: timer\r\nSession-Expires: 1800;refresher=uas\r\n"));
    expect(heard(w(""), 60_000, Method.Invite)).toBe("Session-Expires: 1800;refresher=uas\r\n");
    expect<i32>(timer.refresher).toBe(Refresher.Local);
    expect(timer.refreshAtMs <= 960_000 && timer.refreshAtMs >= 955_000).toBe(true);
  });

  it("B45 the non-refresher has an expiry", () => {
    phone(0);
    called(w("Session-Expires: 600;refresher=uas\r\n"), 1000);
    expect(expiryMs(timer)).toBe(569_000);
  });

  it("B45 2xx without Session-Expires in the dialog does not make us refresh", () => {
    phone(0);
    called(w("Session-Expires: 600;refresher=uas\r\n"));
    refreshed(w(""));
    expect<i32>(timer.refresher).toBe(Refresher.None);
  });

  it("B45 no UPDATE toward a peer whose Allow has none", () => {
    phone(0);
    called(w("Allow: INVITE, ACK, CANCEL, BYE, UPDATED\r\nSession-Expires: 600;refresher=uac\r\n"));
    expect<i32>(refreshMethod(timer)).toBe(Method.Invite);
  });

  it("B46 the answer is not our own larger interval", () => {
    phone(0, 7200);
    expect(rung(w("Supported: timer\r\nSession-Expires: 120;refresher=uac\r\n"))).toBe(
      "Session-Expires: 120;refresher=uac\r\n+ Require",
    );
  });

  it("B46 no Require: timer to an ignorant peer", () => {
    phone(0);
    rung(w("Session-Expires: 120\r\n"));
    expect(answerRequiresTimer(timer, Method.Invite)).toBe(false);
  });

  it("B46 a refresh carries Session-Expires", () => {
    phone(0);
    called(w("Session-Expires: 120;refresher=uac\r\n"));
    expect(asks(false)).toBe("Session-Expires: 120;refresher=uac\r\n");
  });

  it("B46 the timer starts with the 2xx, not with the request", () => {
    phone(0);
    called(w("Session-Expires: 120;refresher=uas\r\n"), 1000);
    judgeTimerRequest(
      timer,
      request(Method.Invite, w("Supported: timer\r\nSession-Expires: 600\r\n")),
      false,
    );
    expect(expiryMs(timer)).toBe(89_000);
    expect(timer.intervalSeconds).toBe(120);
  });

  it("B46 the role is not fixed by the first INVITE", () => {
    phone(0);
    rung(w("Supported: timer\r\nSession-Expires: 120;refresher=uas\r\n"));
    heard(w("Supported: timer\r\nSession-Expires: 120;refresher=uac\r\n"));
    expect<i32>(timer.refresher).toBe(Refresher.Remote);
  });

  it("B52 refresher=uas was accepted, so we refresh in time", () => {
    phone(1);
    rung(w("Supported: timer\r\nSession-Expires: 120;refresher=uas\r\n"));
    expect(timer.refreshAtMs < attemptsUntilMs(timer)).toBe(true);
  });

  it("B53 Session-Expires is in the answer to an UPDATE: its absence would switch the timer off", () => {
    phone(0);
    called(w("Session-Expires: 120;refresher=uas\r\n"));
    expect(heard(w("Supported: timer\r\nSession-Expires: 120;refresher=uac\r\n"), 5, Method.Update)).toBe(
      "Session-Expires: 120;refresher=uac\r\n+ Require",
    );
  });

  it("B56 the callee refreshes ten times with uac: the caller takes it for the callee each time", () => {
    phone(0);
    called(w("Session-Expires: 90;refresher=uas\r\n"));
    for (let i: i64 = 1; i <= 10; i++) {
      expect(heard(w("Supported: timer\r\nSession-Expires: 90;refresher=uac\r\n"), i * 45_000)).toBe(
        "Session-Expires: 90;refresher=uac\r\n+ Require",
      );
      expect<i32>(timer.refresher).toBe(Refresher.Remote);
      expect(expiryMs(timer)).toBe(i * 45_000 + 60_000);
    }
  });

  it("B57 the peer clones our request into its 2xx, parameter lost, a strange Require with it: we refresh", () => {
    phone(0);
    const lines = w("Require: timer, 100rel, something-new\r\nSupported: timer\r\nSession-Expires: 1800\r\n");
    expect<i32>(called(lines)).toBe(Rule.ParameterMissing);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
  });
});
