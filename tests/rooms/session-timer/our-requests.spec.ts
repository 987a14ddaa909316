// What our requests say about the session timer: rows of 3.2, the outgoing half and the later requests of 3.8.

import { w } from "../../../assembly/bytes/slice";
import { Method } from "../../../assembly/message/method";
import { offersTimer, Refresher, refreshMethod } from "../../../assembly/session/session-timer";
import { receiveTooSmall, TooSmall } from "../../../assembly/session/timer-request";
import { Rule } from "../../../assembly/session/timer-rule";
import {
  asks,
  called,
  heard,
  ok,
  phone,
  phoneNeverAlone,
  phoneWithout,
  refreshed,
  rung,
  timer,
  tooSmall,
} from "./peer";

const UAC_1800 = "Session-Expires: 1800;refresher=uac\r\n";
const UAS_1800 = "Session-Expires: 1800;refresher=uas\r\n";

describe("3.2 our requests", () => {
  it("3.2 Supported: timer is in every request while timers are on", () => {
    expect(offersTimer(phone(0))).toBe(true);
    called(w("Session-Expires: 1800;refresher=uac\r\n"));
    expect(offersTimer(timer)).toBe(true);
    expect(offersTimer(phoneWithout())).toBe(false);
  });

  it("3.2 Session-Expires of the initial INVITE is 1800 and names the refresher by the setting", () => {
    phone(0);
    expect(asks(true)).toBe(UAC_1800);
    phone(1);
    expect(asks(true)).toBe(UAS_1800);
  });

  it("3.2 Session-Expires of a later request is the current interval", () => {
    phone(0);
    called(w("Session-Expires: 600;refresher=uac\r\n"));
    expect(asks(false)).toBe("Session-Expires: 600;refresher=uac\r\n");
  });

  it("3.2 Session-Expires of a later request is the Min-SE if that is larger", () => {
    phone(0);
    called(w("Session-Expires: 600;refresher=uac\r\n"));
    heard(w("Supported: timer\r\nSession-Expires: 900;refresher=uas\r\nMin-SE: 900\r\n"));
    refreshed(w("Session-Expires: 600;refresher=uac\r\n"));
    expect(asks(false)).toBe("Session-Expires: 900;refresher=uac\r\nMin-SE: 900\r\n");
  });

  it("3.2 the refresher of a later request is the present one: uas while the peer refreshes", () => {
    phone(0);
    called(w("Session-Expires: 600;refresher=uas\r\n"));
    expect(asks(false)).toBe("Session-Expires: 600;refresher=uas\r\n");
  });

  it("3.2 no Session-Expires in a later request while no timer runs", () => {
    phoneNeverAlone();
    called(w(""));
    expect(asks(false)).toBe("");
  });

  it("3.2 our own min_se above 90 goes into the initial INVITE, and Session-Expires is at least as large", () => {
    phone(0, 300, 600);
    expect(asks(true)).toBe("Session-Expires: 600;refresher=uac\r\nMin-SE: 600\r\n");
  });

  it("3.2 before the dialog the 422 values of this Call-ID count, the largest of them", () => {
    phone(0, 300);
    asks(true);
    expect<i32>(receiveTooSmall(timer, tooSmall(w("Min-SE: 900\r\n")), true)).toBe(TooSmall.Retry);
    expect(asks(true)).toBe("Session-Expires: 900;refresher=uac\r\nMin-SE: 900\r\n");
    expect<i32>(receiveTooSmall(timer, tooSmall(w("Min-SE: 600\r\n")), true)).toBe(TooSmall.Retry);
    expect(asks(true)).toBe("Session-Expires: 900;refresher=uac\r\nMin-SE: 900\r\n");
  });

  it("3.2 the 422 values from before are forgotten once the dialog stands", () => {
    phone(0, 300);
    asks(true);
    receiveTooSmall(timer, tooSmall(w("Min-SE: 900\r\n")), true);
    called(w("Session-Expires: 600;refresher=uac\r\n"));
    expect(asks(false)).toBe("Session-Expires: 600;refresher=uac\r\n");
  });

  it("3.2 Min-SE of a request in the dialog is said in every later one, and never lowered", () => {
    phone(0);
    rung(w("Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\nMin-SE: 300\r\n"));
    heard(w("Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\nMin-SE: 120\r\n"));
    expect(asks(false)).toBe("Session-Expires: 1800;refresher=uas\r\nMin-SE: 300\r\n");
  });

  it("3.2 Min-SE of a 422 in the dialog is said in every later one", () => {
    phone(0);
    called(w("Session-Expires: 600;refresher=uac\r\n"));
    asks(false);
    expect<i32>(receiveTooSmall(timer, tooSmall(w("Min-SE: 700\r\n")), false)).toBe(TooSmall.Retry);
    expect(asks(false)).toBe("Session-Expires: 700;refresher=uac\r\nMin-SE: 700\r\n");
    refreshed(w("Session-Expires: 700;refresher=uac\r\n"));
    expect(asks(false)).toBe("Session-Expires: 700;refresher=uac\r\nMin-SE: 700\r\n");
  });

  it("3.2 Min-SE that was learnt is at least 90 when it is said (B21)", () => {
    phone(0, 60, 30);
    asks(true);
    receiveTooSmall(timer, tooSmall(w("Min-SE: 60\r\n")), true);
    expect(asks(true)).toBe("Session-Expires: 90;refresher=uac\r\nMin-SE: 90\r\n");
  });

  it("3.2 the method is UPDATE if the peer's Allow shows it, else INVITE", () => {
    phone(0);
    expect<i32>(refreshMethod(timer)).toBe(Method.Invite);
    called(w("Allow: INVITE, ACK, BYE\r\n"));
    expect<i32>(refreshMethod(timer)).toBe(Method.Invite);
    refreshed(w("Allow: INVITE, UPDATE, BYE\r\n"));
    expect<i32>(refreshMethod(timer)).toBe(Method.Update);
    refreshed(w(""));
    expect<i32>(refreshMethod(timer)).toBe(Method.Update);
    timer.updateWasRefused = true;
    expect<i32>(refreshMethod(timer)).toBe(Method.Invite);
  });

  it("3.2 expires is moved into 90 to 7200, and up to min_se", () => {
    phone(0, 20);
    expect(asks(true)).toBe("Session-Expires: 90;refresher=uac\r\n");
    phone(0, 10000);
    expect(asks(true)).toBe("Session-Expires: 7200;refresher=uac\r\n");
    phone(0, 90, 120);
    expect(asks(true)).toBe("Session-Expires: 120;refresher=uac\r\nMin-SE: 120\r\n");
  });

  it("3.3 timers off by the setting: nothing is said, in no request", () => {
    phoneWithout();
    expect(asks(true)).toBe("");
    called(w("Session-Expires: 600;refresher=uac\r\n"));
    expect(asks(false)).toBe("");
  });
});

describe("3.8 outgoing", () => {
  it("3.8 outgoing, setting 0: INVITE carries refresher=uac", () => {
    phone(0);
    expect(asks(true)).toBe(UAC_1800);
  });

  it("3.8 outgoing, setting 1: INVITE carries refresher=uas", () => {
    phone(1);
    expect(asks(true)).toBe(UAS_1800);
  });

  it("3.8 outgoing, setting 0: 2xx as asked: we refresh, each with uac", () => {
    phone(0);
    expect<i32>(called(w("Session-Expires: 1800;refresher=uac\r\n"))).toBe(Rule.Setting);
    for (let i = 0; i < 3; i++) {
      expect<i32>(timer.refresher).toBe(Refresher.Local);
      expect(asks(false)).toBe(UAC_1800);
      expect<i32>(refreshed(w("Session-Expires: 1800;refresher=uac\r\n"))).toBe(Rule.PresentRefresher);
    }
  });

  it("3.8 outgoing, setting 1: 2xx as asked: we wait", () => {
    phone(1);
    expect<i32>(called(w("Session-Expires: 1800;refresher=uas\r\n"))).toBe(Rule.Setting);
    expect<i32>(timer.refresher).toBe(Refresher.Remote);
  });

  it("3.8 outgoing, setting 0: 2xx names uas: obeyed, the peer refreshes", () => {
    phone(0);
    expect<i32>(called(w("Session-Expires: 1800;refresher=uas\r\n"))).toBe(Rule.PeerOverride);
    expect<i32>(timer.refresher).toBe(Refresher.Remote);
  });

  it("3.8 outgoing, setting 1: 2xx names uac: we refresh", () => {
    phone(1);
    const rule = called(w("Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\n"));
    expect<i32>(rule).toBe(Rule.PeerOverride);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
    expect(asks(false)).toBe(UAC_1800);
  });

  it("3.8 outgoing, setting 1: 2xx names uac and knows no timers: a proxy did it, we refresh", () => {
    phone(1);
    expect<i32>(called(w("Require: timer\r\nSession-Expires: 1800;refresher=uac\r\n"))).toBe(Rule.ProxyAdded);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
  });

  it("3.8 outgoing, setting 0: 2xx without the parameter: we refresh", () => {
    phone(0);
    expect<i32>(called(w("Session-Expires: 1800\r\n"))).toBe(Rule.ParameterMissing);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
  });

  it("3.8 outgoing, setting 1: 2xx without the parameter: we refresh", () => {
    phone(1);
    expect<i32>(called(w("Session-Expires: 1800\r\n"))).toBe(Rule.ParameterMissing);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
  });

  it("3.8 outgoing, setting 0: 2xx without Session-Expires: self mode", () => {
    phone(0);
    expect<i32>(called(w(""))).toBe(Rule.PeerWithoutTimer);
    expect(timer.isSelf).toBe(true);
  });

  it("3.8 outgoing, setting 1: 2xx without Session-Expires: self mode, and we refresh", () => {
    phone(1);
    expect<i32>(called(w(""))).toBe(Rule.PeerWithoutTimer);
    expect<i32>(timer.refresher).toBe(Refresher.Local);
    expect(timer.intervalSeconds).toBe(1800);
    expect(asks(false)).toBe(UAC_1800);
  });

  it("3.8 later request of ours, setting 0: uas if the peer refreshes", () => {
    phone(0);
    called(w("Session-Expires: 1800;refresher=uas\r\n"));
    expect(asks(false)).toBe(UAS_1800);
  });

  it("3.8 later request of ours, setting 1: uac if we refresh", () => {
    phone(1);
    rung(w("Supported: timer\r\nSession-Expires: 1800;refresher=uas\r\n"));
    expect(asks(false)).toBe(UAC_1800);
  });

  it("3.8 later request of ours, either setting: uas after the peer took the job in its own request", () => {
    for (let setting = 0; setting < 2; setting++) {
      phone(setting);
      called(w("Session-Expires: 1800;refresher=uac\r\n"));
      heard(w("Supported: timer\r\nSession-Expires: 1800;refresher=uac\r\n"));
      expect(asks(false)).toBe(UAS_1800);
    }
  });
});
