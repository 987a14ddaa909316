// Header fields that are a list of tokens, a weighted list, or one number.

import { EMPTY, equals, Slice, w } from "../../../assembly/bytes/slice";
import { putRange, quality } from "../../../assembly/message/accept";
import { allowedMethods, putAllow } from "../../../assembly/message/allow";
import { isCallId } from "../../../assembly/message/call-id";
import { contentLength, isPlainBody, putContentLength } from "../../../assembly/message/content-encoding";
import { newCSeq, parseCSeq, putCSeq } from "../../../assembly/message/cseq";
import { expires, flowTimer, minExpires, putExpires, putMinExpires } from "../../../assembly/message/expires";
import { Header } from "../../../assembly/message/header";
import { Elements, newElements } from "../../../assembly/message/list";
import { MAX_FORWARDS, maxForwards, putMaxForwards } from "../../../assembly/message/max-forwards";
import { Method } from "../../../assembly/message/method";
import { ABSENT, MALFORMED } from "../../../assembly/message/number";
import { FULL, parseQ, putQ, qOf } from "../../../assembly/message/q-value";
import { newRAck, parseRAck, putRAck, putRSeq, rseq } from "../../../assembly/message/rack";
import { beginRow, endRow, putRow } from "../../../assembly/message/row";
import { areTokens, countOthers, hasWord, putOthers } from "../../../assembly/message/token-list";
import { openRows, withRow, withRows, wrote, writtenValue } from "./rows";

let all: Elements = changetype<Elements>(0);

beforeEach(() => {
  openRows();
  all = newElements();
});

function qualityOf(row: Slice, h: Header, wanted: Slice): i32 {
  return quality(all, withRow(row), h, wanted);
}

describe("lists of tokens", () => {
  it("say what is not known: Unsupported from Require (RFC 3261 §8.2.2.3)", () => {
    const m = withRows(
      w("Require: 100rel , nothingSupportsThis"),
      w("require: TIMER,nothingSupportsThisEither"),
    );
    expect(countOthers(all, m, Header.Require, w("100rel,timer"))).toBe(2);
    expect(putOthers(all, m, Header.Require, w("100rel,timer"), Header.Unsupported)).toBe(true);
    expect(wrote(w("Unsupported: nothingSupportsThis, nothingSupportsThisEither\r\n"))).toBe(true);
    expect(putOthers(all, m, Header.ProxyRequire, w("timer"), Header.Unsupported)).toBe(false);
    expect(wrote(EMPTY)).toBe(true);
  });

  it("are made of tokens", () => {
    expect(areTokens(all, withRow(w("k: a , b,")), Header.Supported)).toBe(true);
    expect(areTokens(all, withRow(w("Supported:")), Header.Supported)).toBe(true);
    expect(areTokens(all, withRow(w("Allow-Events: dialog,presence.winfo")), Header.AllowEvents)).toBe(true);
    expect(areTokens(all, withRow(w("Proxy-Require: a b")), Header.ProxyRequire)).toBe(false);
    expect(hasWord(w("a, b ,c"), w("B"))).toBe(true);
    expect(hasWord(w("a, b ,c"), w(""))).toBe(false);
    expect(hasWord(EMPTY, w("a"))).toBe(false);
  });

  it("Allow is a set of methods", () => {
    const m = withRows(w("Allow: INVITE, ACK,CANCEL"), w("allow: NOTIFY,invite,X-Y, UPDATE"));
    const methods = allowedMethods(m);
    expect(methods).toBe(
      (1 << Method.Invite) |
        (1 << Method.Ack) |
        (1 << Method.Cancel) |
        (1 << Method.Notify) |
        (1 << Method.Update),
    );
    putAllow(methods);
    expect(wrote(w("Allow: INVITE, ACK, CANCEL, UPDATE, NOTIFY\r\n"))).toBe(true);
    expect(allowedMethods(withRow(w("Allow:")))).toBe(0);
    putAllow(0);
    expect(wrote(w("Allow: \r\n"))).toBe(true);
  });

  it("Content-Encoding may name what leaves a body as it is", () => {
    expect(isPlainBody(all, withRow(w("X: y")))).toBe(true);
    expect(isPlainBody(all, withRow(w("e: Identity")))).toBe(true);
    expect(isPlainBody(all, withRow(w("Content-Encoding: identity, gzip")))).toBe(false);
  });

  it("are written as they are, raw fields too", () => {
    putRow(Header.Supported, w("timer, 100rel"));
    putRow(Header.UserAgent, w("Ringlet/0.1 (phone)"));
    putRow(Header.Server, w("HomeServer v2"));
    expect(
      wrote(w("Supported: timer, 100rel\r\nUser-Agent: Ringlet/0.1 (phone)\r\nServer: HomeServer v2\r\n")),
    ).toBe(true);
  });

  it("keep what nobody types", () => {
    const m = withRow(w('Geolocation: <cid:target123@atlanta.example.com>;inserted-by="x, y"'));
    expect(
      equals(
        m.value(m.findNamed(w("geolocation"))),
        w('<cid:target123@atlanta.example.com>;inserted-by="x, y"'),
      ),
    ).toBe(true);
  });
});

describe("weights", () => {
  it("are thousandths", () => {
    expect(parseQ(w("1"))).toBe(1000);
    expect(parseQ(w("1.0"))).toBe(1000);
    expect(parseQ(w("1.000"))).toBe(1000);
    expect(parseQ(w("1."))).toBe(1000);
    expect(parseQ(w("0"))).toBe(0);
    expect(parseQ(w("0."))).toBe(0);
    expect(parseQ(w("0.7"))).toBe(700);
    expect(parseQ(w("0.33"))).toBe(330);
    expect(parseQ(w("0.005"))).toBe(5);
    expect(parseQ(w("1.001"))).toBe(-1);
    expect(parseQ(w("2"))).toBe(-1);
    expect(parseQ(w(".5"))).toBe(-1);
    expect(parseQ(w("0,5"))).toBe(-1);
    expect(parseQ(w("0.0005"))).toBe(-1);
    expect(parseQ(w("0.5x"))).toBe(-1);
    expect(parseQ(w("-1"))).toBe(-1);
    expect(parseQ(w(""))).toBe(-1);
    expect(qOf(w(";x;Q=0.25"))).toBe(250);
    expect(qOf(w(";q=high"))).toBe(FULL);
    expect(qOf(EMPTY)).toBe(FULL);
  });

  it("are written as short as they can be", () => {
    for (let q = 0; q < FULL; q++) {
      beginRow(Header.Contact);
      putQ(q);
      endRow();
      expect(qOf(writtenValue())).toBe(q);
    }
    putQ(700);
    putQ(50);
    putQ(0);
    putQ(FULL);
    expect(wrote(w(";q=0.7;q=0.05;q=0"))).toBe(true);
  });

  it("Accept: the most exact range counts (RFC 3261 §20.1)", () => {
    const row = w(
      "Accept: application/sdp;level=1, application/x-private, text/html;q=0.3, text/*;q=0.5, */*;q=0.1",
    );
    expect(qualityOf(row, Header.Accept, w("application/sdp"))).toBe(1000);
    expect(qualityOf(row, Header.Accept, w("Text/HTML"))).toBe(300);
    expect(qualityOf(row, Header.Accept, w("text/plain"))).toBe(500);
    expect(qualityOf(row, Header.Accept, w("image/png"))).toBe(100);
    expect(qualityOf(w("Accept:"), Header.Accept, w("text/plain"))).toBe(0);
    expect(qualityOf(w("Accept: text/plain;q=0"), Header.Accept, w("text/plain"))).toBe(0);
    expect(qualityOf(w("X: y"), Header.Accept, w("text/plain"))).toBe(-1);
  });

  it("Accept-Encoding and Accept-Language alike (§20.2, §20.3)", () => {
    expect(qualityOf(w("Accept-Encoding: gzip"), Header.AcceptEncoding, w("gzip"))).toBe(1000);
    expect(qualityOf(w("Accept-Encoding: gzip;q=0.2, *;q=0"), Header.AcceptEncoding, w("identity"))).toBe(0);
    const row = w("Accept-Language: da, en-gb;q=0.8, en;q=0.7");
    expect(qualityOf(row, Header.AcceptLanguage, w("da"))).toBe(1000);
    expect(qualityOf(row, Header.AcceptLanguage, w("en-GB"))).toBe(800);
    expect(qualityOf(row, Header.AcceptLanguage, w("en-us"))).toBe(700);
    expect(qualityOf(row, Header.AcceptLanguage, w("english"))).toBe(0);
    beginRow(Header.Accept);
    putRange(w("text/*"), 500, w(";level=2;q=0.1"));
    endRow();
    expect(wrote(w("Accept: text/*;q=0.5;level=2\r\n"))).toBe(true);
  });
});

describe("numbers", () => {
  it("are absent, malformed or there", () => {
    expect(expires(withRow(w("X: y")))).toBe(ABSENT);
    expect(expires(withRow(w("Expires:")))).toBe(MALFORMED);
    expect(expires(withRow(w("Expires: never")))).toBe(MALFORMED);
    expect(expires(withRow(w("Expires: 4294967296")))).toBe(MALFORMED);
    expect(expires(withRow(w("Expires: Thu, 01 Dec 1994 16:00:00 GMT")))).toBe(MALFORMED);
    expect(<i32>expires(withRow(w("Expires: 5")))).toBe(5);
    expect(<i32>expires(withRow(w("Expires:\r\n 0000003600")))).toBe(3600);
    expect(<i32>minExpires(withRow(w("Min-Expires: 60")))).toBe(60);
    expect(<i32>flowTimer(withRow(w("Flow-Timer: 126")))).toBe(126);
    expect(<i32>contentLength(withRow(w("l: 0")))).toBe(0);
    expect(contentLength(withRow(w("Content-Length: 2147483648")))).toBe(MALFORMED);
  });

  it("Max-Forwards is at most 255", () => {
    expect(maxForwards(withRow(w("X: y")))).toBe(MAX_FORWARDS);
    putMaxForwards(6);
    putExpires(3600);
    putMinExpires(60);
    putContentLength(349);
    expect(wrote(w("Max-Forwards: 6\r\nExpires: 3600\r\nMin-Expires: 60\r\nContent-Length: 349\r\n"))).toBe(
      true,
    );
  });

  it("RSeq and RAck (RFC 3262 §7)", () => {
    expect(<i32>rseq(withRow(w("RSeq: 988789")))).toBe(988789);
    expect(rseq(withRow(w("RSeq: 4294967296")))).toBe(MALFORMED);
    const rack = newRAck();
    expect(parseRAck(w("776656 1 INVITE"), rack)).toBe(true);
    expect(rack.rseq).toBe(776656);
    expect(rack.cseq.number).toBe(1);
    expect(equals(rack.cseq.methodText, w("INVITE"))).toBe(true);
    putRAck(rack);
    expect(parseRAck(writtenValue(), rack)).toBe(true);
    putRAck(rack);
    putRSeq(u32.MAX_VALUE);
    expect(wrote(w("RAck: 776656 1 INVITE\r\nRSeq: 4294967295\r\n"))).toBe(true);
    expect(parseRAck(w("1  \t 2   PRACK"), rack)).toBe(true);
    expect(parseRAck(w("0 1 INVITE"), rack)).toBe(false);
    expect(parseRAck(w("1 INVITE"), rack)).toBe(false);
    expect(parseRAck(w("1"), rack)).toBe(false);
    expect(parseRAck(w("1 4294967296 INVITE"), rack)).toBe(false);
    expect(parseRAck(w(""), rack)).toBe(false);
  });

  it("CSeq", () => {
    const cseq = newCSeq();
    expect(parseCSeq(w("00004711 INVITE"), cseq)).toBe(true);
    putCSeq(cseq.number, cseq.methodText);
    expect(wrote(w("CSeq: 4711 INVITE\r\n"))).toBe(true);
  });

  it("Call-ID is a word or two", () => {
    expect(isCallId(w("f81d4fae-7dec-11d0-a765-00a0c91e6bf6@biloxi.com"))).toBe(true);
    expect(isCallId(w("a84b4c76e66710"))).toBe(true);
    expect(isCallId(w("-. !"))).toBe(false);
    expect(isCallId(w("intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{"))).toBe(true);
    expect(isCallId(w(""))).toBe(false);
    expect(isCallId(w("@b"))).toBe(false);
    expect(isCallId(w("a@"))).toBe(false);
    expect(isCallId(w("a@b@c"))).toBe(false);
    expect(isCallId(w("a,b"))).toBe(false);
  });
});
