// tel URIs (RFC 3966), URIs written from their parts, and the URIs of RFC 4475.

import { EMPTY, equals, isPresent, size, Slice, w } from "../../../assembly/bytes/slice";
import { putRequestLine, putRequestUri, putUri } from "../../../assembly/message/put-uri";
import {
  hasUnknownMandatory,
  newTelNumber,
  parseTel,
  sameDigits,
  TelNumber,
} from "../../../assembly/message/tel";
import { newUri, parseUri, sameUri, sameUser, Scheme, Uri } from "../../../assembly/message/uri";
import { openRows, wrote } from "./rows";
import { begin, raw, text } from "./text";

let tel: TelNumber = changetype<TelNumber>(0);
let uri: Uri = changetype<Uri>(0);

beforeEach(() => {
  openRows();
  tel = newTelNumber();
  uri = newUri();
});

/** Parsed and written from its parts it is the same bytes. */
function isKept(s: Slice): bool {
  if (!parseUri(s, uri)) return false;
  putUri(uri);
  return wrote(s);
}

describe("telephone numbers", () => {
  it("are global, or local with a context (RFC 3966 §6)", () => {
    expect(parseTel(w("+1-201-555-0123"), tel)).toBe(true);
    expect(tel.isGlobal).toBe(true);
    expect(equals(tel.number, w("+1-201-555-0123"))).toBe(true);
    expect(tel.phoneContext).toBe(EMPTY);
    expect(parseTel(w("7042;phone-context=example.com"), tel)).toBe(true);
    expect(tel.isGlobal).toBe(false);
    expect(equals(tel.phoneContext, w("example.com"))).toBe(true);
    expect(parseTel(w("863-1234;phone-context=+1-914-555;ext=(12)"), tel)).toBe(true);
    expect(equals(tel.phoneContext, w("+1-914-555"))).toBe(true);
    expect(equals(tel.extension, w("(12)"))).toBe(true);
    expect(parseTel(w("+358-555-1234567;isub=%411411;postd=pp22"), tel)).toBe(true);
    expect(equals(tel.subaddress, w("%411411"))).toBe(true);
    expect(parseTel(w("*67#aF"), tel)).toBe(true);
    expect(parseTel(w("112"), tel)).toBe(true);
  });

  it("are refused without a digit, or with anything else in them", () => {
    expect(parseTel(w(""), tel)).toBe(false);
    expect(parseTel(w("+"), tel)).toBe(false);
    expect(parseTel(w("+-()"), tel)).toBe(false);
    expect(parseTel(w("-.()"), tel)).toBe(false);
    expect(parseTel(w("+12a"), tel)).toBe(false);
    expect(parseTel(w("+12*"), tel)).toBe(false);
    expect(parseTel(w("12g"), tel)).toBe(false);
    expect(parseTel(w("1+2"), tel)).toBe(false);
    expect(parseTel(w("12;;ext=1"), tel)).toBe(false);
    expect(parseTel(w("12;ext=1;isub=2"), tel)).toBe(false);
    expect(parseTel(w(";ext=1"), tel)).toBe(false);
  });

  it("may have parameters that must be understood (§5.4)", () => {
    parseTel(w("+1;m-x=y"), tel);
    expect(hasUnknownMandatory(tel)).toBe(true);
    parseTel(w("+1;x=m-y;ext=1;n-m-x"), tel);
    expect(hasUnknownMandatory(tel)).toBe(false);
  });

  it("are the same without separators, in any case and order (§4)", () => {
    expect(sameUri(w("tel:+1-201-555-0123"), w("TEL:+1(201)555.0123"))).toBe(true);
    expect(sameUri(w("tel:+12015550123"), w("tel:12015550123"))).toBe(false);
    expect(sameUri(w("tel:+12015550123"), w("tel:+1201555012"))).toBe(false);
    expect(sameUri(w("tel:7042;phone-context=example.com"), w("tel:70-42;Phone-Context=Example.COM"))).toBe(
      true,
    );
    expect(sameUri(w("tel:7042;phone-context=example.com"), w("tel:7042"))).toBe(false);
    expect(sameUri(w("tel:7042"), w("tel:7042;phone-context=example.com"))).toBe(false);
    expect(sameUri(w("tel:7042;phone-context=example.com"), w("tel:7042;phone-context=example.org"))).toBe(
      false,
    );
    expect(sameUri(w("tel:8631234;phone-context=+1-914"), w("tel:8631234;phone-context=+1914"))).toBe(true);
    expect(sameUri(w("tel:+1;ext=1-2;x=y"), w("tel:+1;X=Y;ext=12"))).toBe(true);
    expect(sameUri(w("tel:+1;ext=12"), w("tel:+1;ext=13"))).toBe(false);
    expect(sameUri(w("tel:+1;isub=1-2"), w("tel:+1;isub=12"))).toBe(false);
    expect(sameUri(w("tel:+1;isub=%61"), w("tel:+1;isub=A"))).toBe(true);
    expect(sameUri(w("tel:aB;phone-context=x"), w("tel:Ab;phone-context=x"))).toBe(true);
    expect(sameUri(w("tel:+1"), w("sip:+1@x;user=phone"))).toBe(false);
    expect(sameDigits(w("--1"), w("1--"))).toBe(true);
    expect(sameDigits(w("-"), EMPTY)).toBe(true);
    expect(sameDigits(w("1"), EMPTY)).toBe(false);
  });

  it("stand in the user part of a SIP URI, where every byte counts (RFC 3261 §19.1.6)", () => {
    expect(parseUri(w("sip:+358-555-1234567;postd=pp22@foo.com;user=phone"), uri)).toBe(true);
    expect(parseTel(uri.user, tel)).toBe(true);
    expect(equals(tel.params, w(";postd=pp22"))).toBe(true);
    expect(
      sameUri(
        w("sip:+358-555-1234567;postd=pp22@foo.com;user=phone"),
        w("sip:+3585551234567;postd=pp22@foo.com;user=phone"),
      ),
    ).toBe(false);
  });
});

describe("URIs written from their parts", () => {
  it("are the same bytes", () => {
    expect(isKept(w("sip:alice@atlanta.com"))).toBe(true);
    expect(isKept(w("SIP:alice:secretword@Atlanta.com;Transport=TCP"))).toBe(true);
    expect(isKept(w("sips:alice@atlanta.com?subject=project%20x&priority=urgent"))).toBe(true);
    expect(isKept(w("sip:+1-212-555-1212:1234@gateway.com;user=phone"))).toBe(true);
    expect(isKept(w("sips:1212@gateway.com"))).toBe(true);
    expect(isKept(w("sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com"))).toBe(true);
    expect(isKept(w("sip:alice;day=tuesday@atlanta.com:5070"))).toBe(true);
    expect(isKept(w("sip:a:@[2001:db8::1]:5070;lr;x=%61?"))).toBe(true);
    expect(isKept(w("tel:+1-201-555-0123;ext=1"))).toBe(true);
    expect(isKept(w("Tel:7042;phone-context=example.com"))).toBe(true);
    expect(isKept(w("im:fluffy@cisco.com"))).toBe(true);
    expect(isKept(w("nobodyKnowsThisScheme:totallyopaquecontent"))).toBe(true);
  });

  it("lose as Request-URI what would be headers and the method (RFC 3261 §19.1.5)", () => {
    parseUri(w("sip:a@b:5061;Method=SUBSCRIBE;transport=tcp;x=y?Subject=z"), uri);
    putRequestUri(uri);
    expect(wrote(w("sip:a@b:5061;transport=tcp;x=y"))).toBe(true);
    parseUri(w("tel:+1;x"), uri);
    putRequestUri(uri);
    expect(wrote(w("tel:+1;x"))).toBe(true);
    parseUri(w("urn:service:sos"), uri);
    putRequestUri(uri);
    expect(wrote(w("urn:service:sos"))).toBe(true);
    putRequestLine(w("INVITE"), w("sip:a@b"));
    expect(wrote(w("INVITE sip:a@b SIP/2.0\r\n"))).toBe(true);
  });
});

describe("the URIs of RFC 4475", () => {
  it("keep an escaped user apart from what it would be unescaped (§3.1.1.3)", () => {
    expect(parseUri(w("sip:sips%3Auser%40example.com@example.net"), uri)).toBe(true);
    expect(equals(uri.user, w("sips%3Auser%40example.com"))).toBe(true);
    expect(equals(uri.host, w("example.net"))).toBe(true);
    expect(isKept(w("sip:%75se%72@example.com"))).toBe(true);
    expect(sameUri(w("sip:%75se%72@example.com"), w("sip:user@example.com"))).toBe(true);
    expect(sameUri(w("sip:cal%6Cer@host5.example.net"), w("sip:caller@host5.example.net"))).toBe(true);
    expect(sameUri(w("sip:sips%3Auser%40example.com@example.net"), w("sips:user@example.com"))).toBe(false);
  });

  it("keep escaped NULs, and count them (§3.1.1.4)", () => {
    expect(isKept(w("sip:null-%00-null@example.com"))).toBe(true);
    expect(sameUri(w("sip:%00@host5.example.com"), w("sip:%00%00@host5.example.com"))).toBe(false);
    expect(sameUri(w("sip:%00@host5.example.com"), w("sip:%00@host5.example.com"))).toBe(true);
    expect(sameUser(w("%00"), w("%00%00"))).toBe(false);
  });

  it("may have a semicolon in the user (§3.1.1.13)", () => {
    expect(parseUri(w("sip:user;par=u%40example.net@example.com"), uri)).toBe(true);
    expect(equals(uri.user, w("user;par=u%40example.net"))).toBe(true);
    expect(size(uri.params)).toBe(0);
    expect(
      sameUri(w("sip:user;par=u%40example.net@example.com"), w("sip:user@example.com;par=u%40example.net")),
    ).toBe(false);
  });

  it("may be of a scheme that nobody knows, or one that is no SIP (§3.3.2, §3.3.3)", () => {
    expect(parseUri(w("soap.beep://192.0.2.103:3002"), uri)).toBe(true);
    expect(uri.scheme).toBe(Scheme.Unknown);
    expect(isPresent(uri.host)).toBe(false);
    expect(sameUri(w("isbn:2983792873"), w("isbn:2983792873"))).toBe(true);
    expect(sameUri(w("isbn:2983792873"), w("ISBN:2983792873"))).toBe(false);
    expect(parseUri(w("http://www.example.com"), uri)).toBe(true);
    expect(parseUri(w("name:John_Smith"), uri)).toBe(true);
  });

  it("are refused with brackets, blanks or headers that do not belong (§3.1.2)", () => {
    expect(parseUri(w("sip:user@example.com; lr"), uri)).toBe(false);
    expect(parseUri(w("sip:user@example.com "), uri)).toBe(false);
    expect(parseUri(w("<sip:user@example.com>"), uri)).toBe(false);
    expect(parseUri(w("sip:user@example.com?Route=%3Csip:example.com%3E"), uri)).toBe(true);
    expect(isPresent(uri.headers)).toBe(true);
  });
});

/** A URI and that many times one more piece. */
function repeated(front: Slice, piece: Slice, times: i32): Slice {
  begin();
  raw(front);
  for (let i = 0; i < times; i++) raw(piece);
  return text();
}

describe("a comparison", () => {
  it("looks at no more than 64 parameters and 64 headers", () => {
    const sip = repeated(w("sip:a@b"), w(";x"), 64);
    expect(sameUri(sip, sip)).toBe(true);
    const longer = repeated(w("sip:a@b"), w(";x"), 65);
    expect(sameUri(longer, longer)).toBe(false);
    const headers = repeated(w("sip:a@b?"), w("x=y&"), 64);
    expect(sameUri(headers, headers)).toBe(true);
    const moreHeaders = repeated(w("sip:a@b?"), w("x=y&"), 65);
    expect(sameUri(moreHeaders, moreHeaders)).toBe(false);
    const number = repeated(w("tel:+1"), w(";x"), 64);
    expect(sameUri(number, number)).toBe(true);
    const longNumber = repeated(w("tel:+1"), w(";x"), 65);
    expect(sameUri(longNumber, longNumber)).toBe(false);
  });
});
