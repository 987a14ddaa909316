// Header fields that say who calls, and on whose behalf.

import { EMPTY, equals, w } from "../../../assembly/bytes/slice";
import { putAddressRow } from "../../../assembly/message/address";
import { findIdentity } from "../../../assembly/message/asserted-identity";
import { alertOf, answerAfter, parseInfo, purposeOf } from "../../../assembly/message/call-info";
import { checkRequest } from "../../../assembly/message/check";
import { component, putComponent, putUnescaped } from "../../../assembly/message/components";
import { newDiversion, parseDiversion } from "../../../assembly/message/diversion";
import { Header } from "../../../assembly/message/header";
import { HistoryTarget, newHistoryEntry, parseHistoryEntry } from "../../../assembly/message/history-info";
import { newElements } from "../../../assembly/message/list";
import { newNameAddr } from "../../../assembly/message/name-addr";
import { parameter } from "../../../assembly/message/parameters";
import { Privacy, privacyIn, privacyOf, putPrivacy } from "../../../assembly/message/privacy";
import { newReason, parseReason } from "../../../assembly/message/reason";
import { newRemotePartyId, parseRemotePartyId } from "../../../assembly/message/remote-party-id";
import { newUri, Scheme } from "../../../assembly/message/uri";
import { mark, written } from "../../../assembly/output/output";
import { openRows, withRow, withRows, wrote } from "./rows";

beforeEach(() => {
  openRows();
});

describe("P-Asserted-Identity", () => {
  it("has a SIP identity, a telephone number or both (RFC 3325 §9.1)", () => {
    const all = newElements();
    const address = newNameAddr();
    const uri = newUri();
    const m = withRows(
      w('P-Asserted-Identity: <>, "Cullen Jennings" <sips:fluffy@cisco.com>'),
      w("p-asserted-identity: tel:+14085264000;x, <sip:other@cisco.com>"),
    );
    expect(findIdentity(all, m, Header.PAssertedIdentity, Scheme.Sip, address, uri)).toBe(true);
    expect(equals(uri.host, w("cisco.com"))).toBe(true);
    putAddressRow(Header.PAssertedIdentity, address);
    expect(wrote(w('P-Asserted-Identity: "Cullen Jennings" <sips:fluffy@cisco.com>\r\n'))).toBe(true);
    expect(findIdentity(all, m, Header.PAssertedIdentity, Scheme.Tel, address, uri)).toBe(true);
    expect(equals(uri.user, w("+14085264000"))).toBe(true);
    putAddressRow(Header.PPreferredIdentity, address);
    expect(wrote(w("P-Preferred-Identity: <tel:+14085264000>;x\r\n"))).toBe(true);
    expect(findIdentity(all, m, Header.PPreferredIdentity, Scheme.Sip, address, uri)).toBe(false);
    expect(findIdentity(all, m, Header.PAssertedIdentity, Scheme.Unknown, address, uri)).toBe(false);
  });
});

describe("Privacy", () => {
  it("is a set of words (RFC 3323 §4.2)", () => {
    expect(privacyOf(w("none"))).toBe(Privacy.None);
    expect(privacyOf(w("Header; user ;critical;"))).toBe(Privacy.Header | Privacy.User | Privacy.Critical);
    expect(privacyOf(w("id, session;x"))).toBe(Privacy.Id | Privacy.Session | Privacy.Other);
    expect(privacyOf(w("history,id"))).toBe(Privacy.History | Privacy.Id);
    expect(privacyOf(EMPTY)).toBe(Privacy.Nothing);
    expect(privacyIn(withRows(w("Privacy: id"), w("privacy: user")))).toBe(Privacy.Id | Privacy.User);
    expect(privacyIn(withRow(w("X: id")))).toBe(Privacy.Nothing);
    putPrivacy(Privacy.Header | Privacy.Critical | Privacy.History);
    putPrivacy(Privacy.Id);
    expect(wrote(w("Privacy: header;critical;history\r\nPrivacy: id\r\n"))).toBe(true);
  });
});

describe("Remote-Party-ID", () => {
  it("has a party, a screen and a privacy", () => {
    const id = newRemotePartyId();
    expect(
      parseRemotePartyId(
        w('"John Doe" <sip:+19725551212@foo.com;user=phone>;party=calling;screen=YES;privacy="off";x'),
        id,
      ),
    ).toBe(true);
    expect(equals(id.party, w("calling"))).toBe(true);
    expect(equals(id.privacy, w("off"))).toBe(true);
    expect(id.isScreened).toBe(true);
    putAddressRow(Header.RemotePartyId, id.address);
    expect(
      wrote(
        w(
          'Remote-Party-ID: "John Doe" <sip:+19725551212@foo.com;user=phone>;party=calling;screen=YES;privacy="off";x\r\n',
        ),
      ),
    ).toBe(true);
    expect(parseRemotePartyId(w("<sip:a@b>"), id)).toBe(true);
    expect(id.party).toBe(EMPTY);
    expect(id.isScreened).toBe(false);
    expect(parseRemotePartyId(w('"John Doe'), id)).toBe(false);
    expect(id.party).toBe(EMPTY);
  });
});

describe("Diversion", () => {
  it("says who diverted, why and how often (RFC 5806 §5)", () => {
    const diversion = newDiversion();
    expect(
      parseDiversion(
        w('"cisco" <sip:+19195551002>;privacy=off;reason="no-answer";screen=no;counter=2;limit=5'),
        diversion,
      ),
    ).toBe(true);
    expect(equals(diversion.reason, w("no-answer"))).toBe(true);
    expect(equals(diversion.privacy, w("off"))).toBe(true);
    expect(equals(diversion.screen, w("no"))).toBe(true);
    expect(diversion.counter).toBe(2);
    expect(diversion.limit).toBe(5);
    putAddressRow(Header.Diversion, diversion.address);
    expect(
      wrote(
        w(
          'Diversion: "cisco" <sip:+19195551002>;privacy=off;reason="no-answer";screen=no;counter=2;limit=5\r\n',
        ),
      ),
    ).toBe(true);
    expect(parseDiversion(w("<tel:+1>;counter=100"), diversion)).toBe(true);
    expect(diversion.counter).toBe(1);
    expect(diversion.limit).toBe(-1);
    expect(diversion.reason).toBe(EMPTY);
    expect(parseDiversion(w("<sip:a@b"), diversion)).toBe(false);
  });
});

describe("History-Info", () => {
  it("has an index and where the target came from (RFC 7044 §5)", () => {
    const entry = newHistoryEntry();
    expect(parseHistoryEntry(w("<sip:UserA@ims.example.com>;index=1;foo=bar"), entry)).toBe(true);
    expect(equals(entry.index, w("1"))).toBe(true);
    expect(entry.target).toBe(HistoryTarget.None);
    expect(entry.reason).toBe(EMPTY);
    expect(parseHistoryEntry(w("<sip:45432@192.168.0.3>;index=1.1.2;rc=1.1"), entry)).toBe(true);
    expect(equals(entry.index, w("1.1.2"))).toBe(true);
    expect(entry.target).toBe(HistoryTarget.Contact);
    expect(equals(entry.targetIndex, w("1.1"))).toBe(true);
    expect(parseHistoryEntry(w("<sip:bob@example.com>;index=1.2;mp=1;rc=7"), entry)).toBe(true);
    expect(parseHistoryEntry(w("<sip:office@example.com;p=x>;index=1.2.1;mp=1.2"), entry)).toBe(true);
    expect(entry.target).toBe(HistoryTarget.Mapped);
    expect(parseHistoryEntry(w("<sip:c@example.com>;index=1.1;NP=1"), entry)).toBe(true);
    expect(entry.target).toBe(HistoryTarget.Same);
    putAddressRow(Header.HistoryInfo, entry.address);
    expect(wrote(w("History-Info: <sip:c@example.com>;index=1.1;NP=1\r\n"))).toBe(true);
  });

  it("has Reason and Privacy in its URI, escaped or, as RFC 4244 prints them, not", () => {
    const entry = newHistoryEntry();
    const reason = newReason();
    expect(
      parseHistoryEntry(
        w(
          "<sip:bob@192.0.2.4?Privacy=history&Reason=SIP%3Bcause%3D302%3Btext%3D%22Moved%2C%20now%22>;index=1.1;rc=1",
        ),
        entry,
      ),
    ).toBe(true);
    expect(privacyOf(entry.privacy)).toBe(Privacy.History);
    const from = mark();
    expect(putUnescaped(entry.reason)).toBe(true);
    expect(parseReason(written(from), reason)).toBe(true);
    expect(reason.cause).toBe(302);
    expect(equals(reason.text, w("Moved, now"))).toBe(true);
    expect(
      parseHistoryEntry(
        w('<sip:User2@UA2.example.com?Reason=SIP;cause=408;text="RequestTimeout">;index=1.1.1'),
        entry,
      ),
    ).toBe(true);
    expect(parseReason(entry.reason, reason)).toBe(true);
    expect(reason.cause).toBe(408);
  });

  it("may lack an index, but has none that is no index", () => {
    const entry = newHistoryEntry();
    expect(parseHistoryEntry(w("<sip:a@b>"), entry)).toBe(true);
    expect(entry.index).toBe(EMPTY);
    expect(parseHistoryEntry(w("<sip:a@b>;index"), entry)).toBe(false);
    expect(parseHistoryEntry(w("<sip:a@b>;index=."), entry)).toBe(false);
    expect(parseHistoryEntry(w("<sip:a@b>;index=1."), entry)).toBe(false);
    expect(parseHistoryEntry(w("<sip:a@b>;index=1..2"), entry)).toBe(false);
    expect(parseHistoryEntry(w("<sip:a@b>;index=1.a"), entry)).toBe(false);
    expect(parseHistoryEntry(w("<sip:a@b>;index=1;rc=x"), entry)).toBe(false);
    expect(parseHistoryEntry(w("sip:a@b?x"), entry)).toBe(false);
  });

  it("never spoils a message", () => {
    const m = withRow(w('History-Info: <sip:a@b>;index=1, <<>>;;index=.., "x, <sip:c@d>;index=1.1'));
    expect(checkRequest(m)).toBe(0);
    const all = newElements();
    const entry = newHistoryEntry();
    all.open(m, Header.HistoryInfo);
    expect(all.next() && parseHistoryEntry(all.element, entry)).toBe(true);
    expect(all.next() && parseHistoryEntry(all.element, entry)).toBe(false);
    expect(all.next() && parseHistoryEntry(all.element, entry)).toBe(false);
    expect(all.next()).toBe(false);
  });
});

describe("Call-Info and Alert-Info", () => {
  it("point at something, or tell the phone what to do", () => {
    const info = newNameAddr();
    expect(parseInfo(w("<http://wwww.example.com/alice/photo.jpg> ;purpose=icon"), info)).toBe(true);
    expect(equals(purposeOf(info), w("icon"))).toBe(true);
    expect(<i32>answerAfter(info)).toBe(-1);
    putAddressRow(Header.CallInfo, info);
    expect(wrote(w("Call-Info: <http://wwww.example.com/alice/photo.jpg>;purpose=icon\r\n"))).toBe(true);
    expect(parseInfo(w("<sip:pbx>;answer-after=0"), info)).toBe(true);
    expect(<i32>answerAfter(info)).toBe(0);
    expect(parseInfo(w("<http://www.example.com/sounds/moo.wav>"), info)).toBe(true);
    expect(alertOf(info)).toBe(EMPTY);
    expect(parseInfo(w('<http://127.0.0.1/>;info="alert-autoanswer";delay=0'), info)).toBe(true);
    expect(equals(alertOf(info), w("alert-autoanswer"))).toBe(true);
    expect(parseInfo(w(";info=Bellcore-dr2"), info)).toBe(true);
    expect(info.uri).toBe(EMPTY);
    putAddressRow(Header.AlertInfo, info);
    expect(wrote(w("Alert-Info: ;info=Bellcore-dr2\r\n"))).toBe(true);
    expect(equals(alertOf(info), w("Bellcore-dr2"))).toBe(true);
    expect(equals(parameter(info.params, w("info")), w("Bellcore-dr2"))).toBe(true);
    expect(parseInfo(w(";;"), info)).toBe(false);
    expect(parseInfo(EMPTY, info)).toBe(false);
  });
});

describe("header components of a URI", () => {
  it("are found and written", () => {
    expect(equals(component(w("a=1&B=%32&a=3"), w("b")), w("%32"))).toBe(true);
    expect(equals(component(w("a=1&B=%32&a=3"), w("a")), w("1"))).toBe(true);
    expect(component(w("a=1"), w("c"))).toBe(EMPTY);
    expect(component(EMPTY, w("c"))).toBe(EMPTY);
    putComponent(w("Subject"), w('a "b"&c=\x01%'));
    expect(wrote(w("Subject=a%20%22b%22%26c%3D%01%25"))).toBe(true);
    expect(putUnescaped(w("a%2"))).toBe(true);
    expect(wrote(w("a%2"))).toBe(true);
    expect(putUnescaped(w("a\rb"))).toBe(false);
    expect(wrote(w("a"))).toBe(true);
  });
});
