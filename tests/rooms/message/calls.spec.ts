// Header fields of subscriptions, transfers and answers: what happens to calls.

import { EMPTY, equals, size, w } from "../../../assembly/bytes/slice";
import { newAnswerMode, parseAnswerMode, putAnswerMode } from "../../../assembly/message/answer-mode";
import { commentLength } from "../../../assembly/message/comment";
import { putDate, parseDate } from "../../../assembly/message/date";
import { newEvent, parseEvent, putEvent, sameEvent } from "../../../assembly/message/event";
import { Header } from "../../../assembly/message/header";
import { newElements } from "../../../assembly/message/list";
import { Method } from "../../../assembly/message/method";
import { newNameAddr, parseNameAddr } from "../../../assembly/message/name-addr";
import { findReason, newReason, parseReason, putReason } from "../../../assembly/message/reason";
import {
  newReferTo,
  parseReferTo,
  putReferSub,
  putReferTo,
  referredByToken,
  wantsReferSubscription,
  writeReferredHeader,
} from "../../../assembly/message/refer-to";
import {
  newDialogName,
  parseReplaces,
  parseTargetDialog,
  putReplaces,
  putTargetDialog,
  sameReplacedTag,
} from "../../../assembly/message/replaces";
import { newRetryAfter, parseRetryAfter, putRetryAfter } from "../../../assembly/message/retry-after";
import {
  newSessionExpires,
  parseSessionExpires,
  putMinSE,
  putSessionExpires,
} from "../../../assembly/message/session-expires";
import {
  newSubscriptionState,
  parseSubscriptionState,
  putSubscriptionState,
  Substate,
} from "../../../assembly/message/subscription-state";
import { newWarning, parseWarning, putWarning } from "../../../assembly/message/warning";
import { openRows, withRows, wrote, writtenValue } from "./rows";

beforeEach(() => {
  openRows();
});

describe("Event", () => {
  it("is a package and perhaps an id (RFC 6665 §8.2.1)", () => {
    const event = newEvent();
    const other = newEvent();
    expect(parseEvent(w("foo; param=abcd; id=1234"), event)).toBe(true);
    putEvent(event);
    expect(parseEvent(writtenValue(), other)).toBe(true);
    putEvent(other);
    expect(wrote(w("Event: foo;id=1234; param=abcd\r\n"))).toBe(true);
    expect(parseEvent(w("foo;id=1234"), other)).toBe(true);
    expect(sameEvent(event, other)).toBe(true);
    parseEvent(w("foo"), other);
    expect(sameEvent(event, other)).toBe(false);
    parseEvent(w("Foo;id=1234"), other);
    expect(sameEvent(event, other)).toBe(false);
    parseEvent(w("presence.winfo"), event);
    expect(equals(event.type, w("presence.winfo"))).toBe(true);
    expect(parseEvent(w(""), event)).toBe(false);
    expect(parseEvent(w(";id=1"), event)).toBe(false);
    expect(parseEvent(w("a b"), event)).toBe(false);
    expect(parseEvent(w("a;;"), event)).toBe(false);
  });
});

describe("Subscription-State", () => {
  it("has a state, a reason and times (RFC 6665 §4.1.3)", () => {
    const s = newSubscriptionState();
    expect(parseSubscriptionState(w("active;expires=3600"), s)).toBe(true);
    expect(s.state).toBe(Substate.Active);
    expect(<i32>s.expires).toBe(3600);
    expect(<i32>s.retryAfter).toBe(-1);
    expect(s.reason).toBe(EMPTY);
    expect(parseSubscriptionState(w("Terminated ;x=y;retry-after=60;Reason=probation"), s)).toBe(true);
    expect(s.state).toBe(Substate.Terminated);
    putSubscriptionState(s);
    expect(parseSubscriptionState(writtenValue(), s)).toBe(true);
    putSubscriptionState(s);
    expect(wrote(w("Subscription-State: Terminated;reason=probation;retry-after=60;x=y\r\n"))).toBe(true);
    expect(parseSubscriptionState(w("pending"), s)).toBe(true);
    expect(s.state).toBe(Substate.Pending);
    expect(parseSubscriptionState(w("asleep;expires=x"), s)).toBe(true);
    expect(s.state).toBe(Substate.Other);
    expect(<i32>s.expires).toBe(-1);
    expect(parseSubscriptionState(w(""), s)).toBe(false);
  });
});

describe("Refer-To", () => {
  it("may carry a method and headers (RFC 3515 §2.1, RFC 3891)", () => {
    const refer = newReferTo();
    expect(parseReferTo(w("sip:alice@atlanta.example.com"), refer)).toBe(true);
    expect(refer.method).toBe(Method.Invite);
    expect(size(writeReferredHeader(refer, w("Replaces")))).toBe(0);
    expect(
      parseReferTo(
        w(
          "<sip:bob@biloxi.example.net?Accept-Contact=sip:bobsdesk&Replaces=12345%40192.168.118.3%3Bto-tag%3D12345%3Bfrom-tag%3D5FFE-3994>",
        ),
        refer,
      ),
    ).toBe(true);
    expect(equals(writeReferredHeader(refer, w("accept-contact")), w("sip:bobsdesk"))).toBe(true);
    const replaces = writeReferredHeader(refer, w("Replaces"));
    expect(equals(replaces, w("12345@192.168.118.3;to-tag=12345;from-tag=5FFE-3994"))).toBe(true);
    const dialog = newDialogName();
    expect(parseReplaces(replaces, dialog)).toBe(true);
    expect(equals(dialog.localTag, w("12345"))).toBe(true);
    expect(parseReferTo(w("<sip:carol@cleveland.example.org;method=SUBSCRIBE>"), refer)).toBe(true);
    expect(refer.method).toBe(Method.Subscribe);
    expect(parseReferTo(w("http://www.ietf.org"), refer)).toBe(true);
    expect(parseReferTo(w("<carol>"), refer)).toBe(false);
    expect(parseReferTo(w("<sip:carol@cleveland"), refer)).toBe(false);
  });

  it("never lets a line end into a request", () => {
    const refer = newReferTo();
    expect(parseReferTo(w("<sip:a@b?Replaces=x%0d%0aVia:y>"), refer)).toBe(true);
    expect(size(writeReferredHeader(refer, w("Replaces")))).toBe(0);
    wrote(EMPTY);
    expect(parseReferTo(w("<sip:a@b?Replaces=x%7F>"), refer)).toBe(true);
    expect(size(writeReferredHeader(refer, w("Replaces")))).toBe(0);
    expect(wrote(EMPTY)).toBe(true);
  });

  it("is written with and without a Replaces", () => {
    putReferTo(w("sip:a@b;gr=1"), EMPTY);
    expect(wrote(w("Refer-To: <sip:a@b;gr=1>\r\n"))).toBe(true);
    putReferTo(w("sip:a@b"), w("c/1@h;to-tag=x;from-tag=y"));
    const refer = newReferTo();
    expect(parseReferTo(writtenValue(), refer)).toBe(true);
    expect(equals(refer.uri.headers, w("Replaces=c%2F1%40h%3Bto-tag%3Dx%3Bfrom-tag%3Dy"))).toBe(true);
    expect(equals(writeReferredHeader(refer, w("Replaces")), w("c/1@h;to-tag=x;from-tag=y"))).toBe(true);
  });

  it("comes with who says so, and whether to tell how it went", () => {
    const by = newNameAddr();
    parseNameAddr(w('<sip:referrer@referrer.example>;cid="20398823.2UWQFN309shb3@referrer.example"'), by);
    expect(equals(referredByToken(by), w("20398823.2UWQFN309shb3@referrer.example"))).toBe(true);
    parseNameAddr(w("sip:r@ref.example"), by);
    expect(referredByToken(by)).toBe(EMPTY);
    expect(wantsReferSubscription(w("false"))).toBe(false);
    expect(wantsReferSubscription(w("False;x"))).toBe(false);
    expect(wantsReferSubscription(w("true"))).toBe(true);
    expect(wantsReferSubscription(EMPTY)).toBe(true);
    expect(wantsReferSubscription(w("false false"))).toBe(true);
    putReferSub(false);
    putReferSub(true);
    expect(wrote(w("Refer-Sub: false\r\nRefer-Sub: true\r\n"))).toBe(true);
  });
});

describe("Replaces and Target-Dialog", () => {
  it("name a dialog as its owner sees it (RFC 3891 §6.1)", () => {
    const dialog = newDialogName();
    expect(
      parseReplaces(
        w("98732@sip.example.com\r\n          ;from-tag=r33th4x0r\r\n          ;to-tag=ff87ff"),
        dialog,
      ),
    ).toBe(true);
    expect(equals(dialog.callId, w("98732@sip.example.com"))).toBe(true);
    expect(equals(dialog.localTag, w("ff87ff"))).toBe(true);
    expect(equals(dialog.remoteTag, w("r33th4x0r"))).toBe(true);
    expect(dialog.isEarlyOnly).toBe(false);
    expect(parseReplaces(w("12adf2f34456gs5;x=y;to-tag=12345;from-tag=54321;early-only"), dialog)).toBe(true);
    expect(dialog.isEarlyOnly).toBe(true);
    putReplaces(Header.Replaces, dialog);
    expect(parseReplaces(writtenValue(), dialog)).toBe(true);
    putReplaces(Header.Join, dialog);
    expect(wrote(w("Join: 12adf2f34456gs5;to-tag=12345;from-tag=54321;early-only;x=y\r\n"))).toBe(true);
  });

  it("need both tags", () => {
    const dialog = newDialogName();
    expect(parseReplaces(w("a;to-tag=1"), dialog)).toBe(false);
    expect(parseReplaces(w("a;from-tag=1"), dialog)).toBe(false);
    expect(parseReplaces(w("a;from-tag=1;to-tag="), dialog)).toBe(false);
    expect(parseReplaces(w(";from-tag=1;to-tag=2"), dialog)).toBe(false);
    expect(parseReplaces(w("a;from-tag=1;to-tag=2;;x"), dialog)).toBe(false);
    expect(parseReplaces(w(""), dialog)).toBe(false);
  });

  it("take 0 for no tag", () => {
    expect(sameReplacedTag(w("0"), EMPTY)).toBe(true);
    expect(sameReplacedTag(w("0"), w("0"))).toBe(true);
    expect(sameReplacedTag(w("a"), w("a"))).toBe(true);
    expect(sameReplacedTag(w("a"), w("A"))).toBe(false);
    expect(sameReplacedTag(w("0"), w("a"))).toBe(false);
    expect(sameReplacedTag(w("a"), EMPTY)).toBe(false);
  });

  it("RFC 4538 has names of its own", () => {
    const dialog = newDialogName();
    expect(
      parseTargetDialog(w("fa77as7dad8-sd98ajzz@host.example.com;local-tag=kkaz-;remote-tag=6544;x"), dialog),
    ).toBe(true);
    expect(equals(dialog.localTag, w("kkaz-"))).toBe(true);
    putTargetDialog(dialog);
    expect(parseTargetDialog(writtenValue(), dialog)).toBe(true);
    putTargetDialog(dialog);
    expect(
      wrote(w("Target-Dialog: fa77as7dad8-sd98ajzz@host.example.com;local-tag=kkaz-;remote-tag=6544;x\r\n")),
    ).toBe(true);
    expect(parseTargetDialog(w("a;to-tag=1;from-tag=2"), dialog)).toBe(false);
  });
});

describe("Reason", () => {
  it("may come several times (RFC 3326 §2)", () => {
    const all = newElements();
    const reason = newReason();
    const m = withRows(
      w('Reason: ;;, Q.850 ;cause=16;text="Terminated, \\"ok\\""'),
      w('Reason: SIP ;cause=200 ;text="Call completed elsewhere", preemption'),
    );
    expect(findReason(all, m, w("sip"), reason)).toBe(true);
    expect(reason.cause).toBe(200);
    expect(findReason(all, m, w("preemption"), reason)).toBe(true);
    expect(reason.cause).toBe(0);
    putReason(reason);
    expect(wrote(w("Reason: preemption\r\n"))).toBe(true);
    expect(findReason(all, m, w("other"), reason)).toBe(false);
    expect(findReason(all, m, w("Q.850"), reason)).toBe(true);
    putReason(reason);
    expect(parseReason(writtenValue(), reason)).toBe(true);
    putReason(reason);
    expect(wrote(w('Reason: Q.850;cause=16;text="Terminated, \\"ok\\""\r\n'))).toBe(true);
  });
});

describe("Retry-After", () => {
  it("may have a comment and a duration (RFC 3261 §20.33)", () => {
    const value = newRetryAfter();
    expect(parseRetryAfter(w("18000;duration=3600"), value)).toBe(true);
    expect(<i32>value.seconds).toBe(18000);
    expect(<i32>value.duration).toBe(3600);
    expect(value.comment).toBe(EMPTY);
    expect(parseRetryAfter(w("120 (I'm in a (long \\) ) meeting) ;x"), value)).toBe(true);
    expect(equals(value.comment, w("I'm in a (long \\) ) meeting"))).toBe(true);
    expect(<i32>value.duration).toBe(-1);
    putRetryAfter(value);
    expect(parseRetryAfter(writtenValue(), value)).toBe(true);
    putRetryAfter(value);
    expect(wrote(w("Retry-After: 120 (I'm in a (long \\) ) meeting);x\r\n"))).toBe(true);
    expect(parseRetryAfter(w("18000"), value)).toBe(true);
    putRetryAfter(value);
    expect(wrote(w("Retry-After: 18000\r\n"))).toBe(true);
    expect(parseRetryAfter(w("5()"), value)).toBe(true);
    expect(size(value.comment)).toBe(0);
    expect(parseRetryAfter(w("5 (no end"), value)).toBe(false);
    expect(parseRetryAfter(w("(5)"), value)).toBe(false);
    expect(parseRetryAfter(w("4294967296"), value)).toBe(false);
    expect(parseRetryAfter(w("5 6"), value)).toBe(false);
    expect(parseRetryAfter(w(""), value)).toBe(false);
  });

  it("has a comment only where one begins", () => {
    expect(commentLength(w("(a)b"))).toBe(3);
    expect(commentLength(w("a(b)"))).toBe(0);
    expect(commentLength(w(")"))).toBe(0);
    expect(commentLength(w("(a\\"))).toBe(0);
    expect(commentLength(w("((a)"))).toBe(0);
    expect(commentLength(EMPTY)).toBe(0);
  });
});

describe("Warning", () => {
  it("has a code, an agent and a text (RFC 3261 §20.43)", () => {
    const warning = newWarning();
    expect(parseWarning(w("307 isi.edu \"Session parameter 'foo' not understood\""), warning)).toBe(true);
    expect(warning.code).toBe(307);
    expect(equals(warning.agent, w("isi.edu"))).toBe(true);
    expect(parseWarning(w('399  [2001:db8::1]:5060   "a \\"b\\", c"'), warning)).toBe(true);
    putWarning(warning);
    expect(parseWarning(writtenValue(), warning)).toBe(true);
    putWarning(warning);
    expect(wrote(w('Warning: 399 [2001:db8::1]:5060 "a \\"b\\", c"\r\n'))).toBe(true);
    expect(parseWarning(w('1812 overture "In Progress"'), warning)).toBe(false);
    expect(parseWarning(w('099 a "b"'), warning)).toBe(false);
    expect(parseWarning(w('399 "b"'), warning)).toBe(false);
    expect(parseWarning(w("399 a b"), warning)).toBe(false);
    expect(parseWarning(w('399 a "b'), warning)).toBe(false);
    expect(parseWarning(w('399 a "b" c'), warning)).toBe(false);
    expect(parseWarning(w("399"), warning)).toBe(false);
    expect(parseWarning(w(""), warning)).toBe(false);
  });
});

describe("Date", () => {
  it("is one of GMT (RFC 3261 §20.17)", () => {
    expect(parseDate(w("Sat, 13 Nov 2010 23:29:00 GMT"))).toBe(1289690940);
    expect(parseDate(w("Thu, 01 Jan 1970 00:00:00 GMT"))).toBe(0);
    expect(parseDate(w("tue, 29 FEB 2000 23:59:59 gmt"))).toBe(951868799);
    expect(parseDate(w("Fri, 31 Dec 9999 23:59:59 GMT"))).toBe(253402300799);
    expect(parseDate(w("Fri, 01 Jan 2010 16:00:00 EST"))).toBe(-1);
    expect(parseDate(w("Sat, 13 Nov 2010 23:29:00"))).toBe(-1);
    expect(parseDate(w("Sat, 31 Nov 2010 23:29:00 GMT"))).toBe(-1);
    expect(parseDate(w("Mon, 29 Feb 2100 00:00:00 GMT"))).toBe(-1);
    expect(parseDate(w("Sat, 00 Nov 2010 23:29:00 GMT"))).toBe(-1);
    expect(parseDate(w("Sat, 13 Nox 2010 23:29:00 GMT"))).toBe(-1);
    expect(parseDate(w("Sax, 13 Nov 2010 23:29:00 GMT"))).toBe(-1);
    expect(parseDate(w("Sat, 13 Nov 2010 24:29:00 GMT"))).toBe(-1);
    expect(parseDate(w("Sat, 13 Nov 2010 23:60:00 GMT"))).toBe(-1);
    expect(parseDate(w("Sat, 13 Nov 2010 23:29:60 GMT"))).toBe(-1);
    expect(parseDate(w("Sat  13 Nov 2010 23:29:00 GMT"))).toBe(-1);
    expect(parseDate(w("Thu, 01 Jan 1969 00:00:00 GMT"))).toBe(-1);
    expect(parseDate(w("Sat, 1x Nov 2010 23:29:00 GMT"))).toBe(-1);
    expect(parseDate(EMPTY)).toBe(-1);
  });

  it("is written for every day of a hundred years and more", () => {
    putDate(1289690940);
    expect(wrote(w("Date: Sat, 13 Nov 2010 23:29:00 GMT\r\n"))).toBe(true);
    for (let day: i64 = 0; day < 55000; day += 13) {
      putDate(day * 86400 + day);
      expect(parseDate(writtenValue())).toBe(day * 86400 + day);
      openRows();
    }
    putDate(951868799);
    expect(wrote(w("Date: Tue, 29 Feb 2000 23:59:59 GMT\r\n"))).toBe(true);
  });
});

describe("Session-Expires, Min-SE, Answer-Mode", () => {
  it("are written as they are read (RFC 4028 §4)", () => {
    const value = newSessionExpires();
    parseSessionExpires(w("4000;refresher=uac"), value);
    putSessionExpires(value.seconds, value.refresher);
    expect(wrote(w("Session-Expires: 4000;refresher=uac\r\n"))).toBe(true);
    parseSessionExpires(w("90;refresher=uas"), value);
    putSessionExpires(value.seconds, value.refresher);
    parseSessionExpires(w("1800"), value);
    putSessionExpires(value.seconds, value.refresher);
    putMinSE(90);
    expect(wrote(w("Session-Expires: 90;refresher=uas\r\nSession-Expires: 1800\r\nMin-SE: 90\r\n"))).toBe(
      true,
    );
  });

  it("say who answers (RFC 5373 §4)", () => {
    const mode = newAnswerMode();
    expect(parseAnswerMode(w("auto;Require"), mode)).toBe(true);
    expect(mode.isAuto).toBe(true);
    expect(mode.isManual).toBe(false);
    expect(mode.isRequired).toBe(true);
    putAnswerMode(Header.AnswerMode, mode);
    expect(wrote(w("Answer-Mode: auto;require\r\n"))).toBe(true);
    expect(parseAnswerMode(w("Manual ;x=y"), mode)).toBe(true);
    expect(mode.isManual).toBe(true);
    putAnswerMode(Header.PrivAnswerMode, mode);
    expect(parseAnswerMode(writtenValue(), mode)).toBe(true);
    putAnswerMode(Header.PrivAnswerMode, mode);
    expect(wrote(w("Priv-Answer-Mode: Manual;x=y\r\n"))).toBe(true);
    expect(parseAnswerMode(w(";require"), mode)).toBe(false);
  });
});
