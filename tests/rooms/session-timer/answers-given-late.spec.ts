// From when an answer of ours holds, and which one: 3.1, the side of the UAS.

import { w } from "../../../assembly/bytes/slice";
import { Method } from "../../../assembly/message/method";
import { isRunning, newSessionTimer, resetTimer } from "../../../assembly/session/session-timer";
import { applyTimerAnswer, judgeTimerRequest } from "../../../assembly/session/timer-answer";
import { Rule } from "../../../assembly/session/timer-rule";
import { answers, phone, refreshed, request, rung, timer } from "./peer";

const UAC_REQUIRE = "Session-Expires: 1800;refresher=uac\r\n+ Require";

describe("3.1 what holds, and from when", () => {
  it("3.1 the request changes nothing, the 2xx does: an INVITE answered minutes later", () => {
    phone(0);
    judgeTimerRequest(
      timer,
      request(Method.Invite, w("Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\n")),
      true,
    );
    expect(isRunning(timer)).toBe(false);
    request(Method.Update, w("Via: overwritten\r\n"));
    expect(answers()).toBe(UAC_REQUIRE);
    applyTimerAnswer(timer, Method.Invite, 1, 180_000);
    expect(timer.startedMs).toBe(180_000);
  });

  it("3.1 an UPDATE while the INVITE rings starts nothing, and the INVITE's answer stays its own", () => {
    phone(0);
    judgeTimerRequest(
      timer,
      request(Method.Invite, w("Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\n")),
      true,
    );
    judgeTimerRequest(
      timer,
      request(Method.Update, w("Supported: timer\r\nSession-Expires: 300;refresher=uas\r\n")),
      false,
    );
    expect(answers(Method.Update)).toBe("Session-Expires: 300;refresher=uas\r\n+ Require");
    expect<i32>(applyTimerAnswer(timer, Method.Update, 2, 1000)).toBe(Rule.NotApplied);
    expect(isRunning(timer)).toBe(false);
    expect(answers()).toBe(UAC_REQUIRE);
    expect<i32>(applyTimerAnswer(timer, Method.Invite, 1, 2000)).toBe(Rule.PeerNamed);
    expect(timer.intervalSeconds).toBe(1800);
  });

  it("3.1 a late 2xx of ours with a lower CSeq changes nothing", () => {
    phone(0);
    rung(w("Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\n"), 1000);
    judgeTimerRequest(
      timer,
      request(Method.Invite, w("Supported: timer\r\nSession-Expires: 300;refresher=uac\r\n")),
      false,
    );
    judgeTimerRequest(
      timer,
      request(Method.Update, w("Supported: timer\r\nSession-Expires: 600;refresher=uac\r\n")),
      false,
    );
    applyTimerAnswer(timer, Method.Update, 8, 2000);
    expect<i32>(applyTimerAnswer(timer, Method.Invite, 7, 3000)).toBe(Rule.NotApplied);
    expect(timer.intervalSeconds).toBe(600);
    expect(timer.startedMs).toBe(2000);
  });

  it("3.1 the CSeqs of the two directions are never compared", () => {
    phone(0);
    rung(w("Supported: timer\r\nSession-Expires: 1800;refresher=uas\r\n"), 1000);
    timer.remoteCSeq = 70000;
    refreshed(w("Session-Expires: 900;refresher=uac\r\n"), 2000);
    expect(timer.intervalSeconds).toBe(900);
  });

  it("3.1 two timers know nothing of each other", () => {
    phone(0);
    const other = newSessionTimer();
    resetTimer(other, true, 1800, 90, true, true, true, 0, true);
    rung(w("Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\n"));
    expect(isRunning(other)).toBe(false);
    expect(isRunning(timer)).toBe(true);
  });
});
