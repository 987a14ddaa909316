// Bugs of other stacks, one test for each row that concerns headers and URIs; bodies.spec.ts has those of
// multipart, authentication.spec.ts those of credentials.

import { reserve } from "../../../assembly/bytes/arena";
import { equals, size, slice, Slice, w } from "../../../assembly/bytes/slice";
import { putAddressRow } from "../../../assembly/message/address";
import { findIdentity } from "../../../assembly/message/asserted-identity";
import { checkRequest } from "../../../assembly/message/check";
import { putUnescaped } from "../../../assembly/message/components";
import { newContact, parseContact } from "../../../assembly/message/contact";
import { newDiversion, parseDiversion } from "../../../assembly/message/diversion";
import { faultReason, ParseFault } from "../../../assembly/message/fault";
import { Header } from "../../../assembly/message/header";
import { newHistoryEntry, parseHistoryEntry } from "../../../assembly/message/history-info";
import { newElements } from "../../../assembly/message/list";
import { Message, newMessage, parseMessage } from "../../../assembly/message/message";
import { newNameAddr, parseNameAddr } from "../../../assembly/message/name-addr";
import { newReferTo, parseReferTo } from "../../../assembly/message/refer-to";
import { newRemotePartyId, parseRemotePartyId } from "../../../assembly/message/remote-party-id";
import { parseRoute } from "../../../assembly/message/route";
import { newUri, parseUri, sameUri, sameUser, Scheme } from "../../../assembly/message/uri";
import { atEdge } from "../support/edge";
import { openRows, withRow, wrote } from "./rows";
import { begin, byte, line, parsed, raw, text } from "./text";

let m: Message = changetype<Message>(0);

beforeEach(() => {
  openRows();
  m = newMessage();
});

function lengthIs(value: Slice): ParseFault {
  begin();
  raw(w("OPTIONS sip:a@b SIP/2.0\r\nContent-Length:"));
  raw(value);
  raw(w("\r\n\r\nabcde"));
  parseMessage(m, text());
  return m.fault;
}

/** A request with that From or To. */
function statusWith(name: Slice, value: Slice): i32 {
  begin();
  line(w("OPTIONS sip:bob@example.com SIP/2.0"));
  line(w("Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK776"));
  line(equals(name, w("To")) ? w("From: <sip:a@b>;tag=1") : w("To: <sip:a@b>"));
  raw(name);
  raw(w(": "));
  line(value);
  line(w("Call-ID: a84b4c76e66710"));
  line(w("CSeq: 1 OPTIONS"));
  line(w(""));
  return checkRequest(parsed());
}

/** Whatever takes a name-addr takes no such URI. */
function refusesEverywhere(value: Slice): void {
  const uri = newUri();
  const address = newNameAddr();
  expect(parseNameAddr(value, address) && parseUri(address.uri, uri)).toBe(false);
  expect(parseRoute(value, address, uri)).toBe(false);
  expect(parseReferTo(value, newReferTo())).toBe(false);
  expect(statusWith(w("From"), value)).toBe(400);
  expect(statusWith(w("To"), value)).toBe(400);
  parseContact(value, newContact());
  parseDiversion(value, newDiversion());
  parseRemotePartyId(value, newRemotePartyId());
  parseHistoryEntry(value, newHistoryEntry());
  begin();
  raw(w("OPTIONS sip:a SIP/2.0\r\nP-Asserted-Identity: "));
  line(value);
  line(w(""));
  expect(findIdentity(newElements(), parsed(), Header.PAssertedIdentity, Scheme.Sip, address, uri)).toBe(
    false,
  );
}

describe("malformed input", () => {
  it("row 5: a Via without branch and a method of up to 4000 letters", () => {
    for (let n = 1; n <= 4000; n += n < 64 ? 1 : 787) {
      begin();
      for (let i = 0; i < n; i++) byte(65);
      line(w(" sip:a@b SIP/2.0"));
      line(w("Via: SIP/2.0/UDP 192.0.2.1"));
      line(w("To: <sip:a@b>"));
      line(w("From: <sip:a@b>;tag=1"));
      line(w("Call-ID: 1"));
      raw(w("CSeq: 1 "));
      for (let i = 0; i < n; i++) byte(65);
      line(w(""));
      line(w(""));
      expect(checkRequest(parsed())).toBe(n < 2000 ? 0 : 414);
    }
  });

  it("row 16: datagrams of 0 to 8 bytes", () => {
    for (let n = 0; n <= 8; n++) {
      expect(parseMessage(m, atEdge(slice(<usize>w("INVITE s"), n)))).toBe(false);
      expect(parseMessage(m, atEdge(slice(<usize>w("SIP/2.0 "), n)))).toBe(false);
      expect(parseMessage(m, atEdge(slice(<usize>w("\r\n\r\n\r\n\r\n"), n)))).toBe(false);
      expect(parseMessage(m, atEdge(slice(<usize>w("\0\0\0\0\0\0\0\0"), n)))).toBe(false);
    }
    const one = reserve(1);
    for (let b = 0; b < 256; b++) {
      store<u8>(one, <u8>b);
      expect(parseMessage(m, atEdge(slice(one, 1)))).toBe(false);
    }
  });

  it("row 17: a percent at the end of every part of a URI", () => {
    const uri = newUri();
    expect(parseUri(atEdge(w("sip:%")), uri)).toBe(false);
    expect(parseUri(atEdge(w("sip:%4")), uri)).toBe(false);
    expect(parseUri(atEdge(w("sip:a%@b")), uri)).toBe(false);
    expect(parseUri(atEdge(w("sip:a%4@b")), uri)).toBe(false);
    expect(parseUri(atEdge(w("sip:a:c%@b")), uri)).toBe(false);
    expect(parseUri(atEdge(w("sip:a@b%")), uri)).toBe(false);
    expect(parseUri(atEdge(w("sip:a@b%41")), uri)).toBe(false);
    expect(parseUri(atEdge(w("sip:a@b;p%4")), uri)).toBe(false);
    expect(parseUri(atEdge(w("sip:a@b;p=%")), uri)).toBe(false);
    expect(parseUri(atEdge(w("sip:a@b?x=%4")), uri)).toBe(false);
    expect(parseUri(atEdge(w("tel:+1%")), uri)).toBe(false);
    expect(parseUri(atEdge(w("tel:+1;x=%4")), uri)).toBe(false);
    expect(parseUri(atEdge(w("x:%4")), uri)).toBe(false);
    expect(sameUri(atEdge(w("sip:a%4@b")), w("sip:a%4@b"))).toBe(false);
    expect(sameUser(w("a%4"), atEdge(w("a%4")))).toBe(true);
    expect(sameUser(w("a%"), atEdge(w("a%4")))).toBe(false);
    expect(putUnescaped(atEdge(w("a%4")))).toBe(true);
    expect(wrote(w("a%4"))).toBe(true);
  });

  it("row 21: addresses whose URI has no scheme or nothing behind it", () => {
    refusesEverywhere(w("<>"));
    refusesEverywhere(w("</>"));
    refusesEverywhere(w("<:>"));
    refusesEverywhere(w("<sip:>"));
    refusesEverywhere(w("<sips:@>"));
    refusesEverywhere(w("<tel:>"));
    refusesEverywhere(w("<tel:;ext=1>"));
    refusesEverywhere(w("x <>;tag=1"));
  });

  it("row 22: display names that end in a backslash", () => {
    const address = newNameAddr();
    expect(parseNameAddr(atEdge(w('"abc\\')), address)).toBe(false);
    expect(parseNameAddr(atEdge(w('"abc\\\\\\')), address)).toBe(false);
    expect(parseNameAddr(atEdge(w('"\\')), address)).toBe(false);
    expect(parseNameAddr(atEdge(w('"abc\\\\" <sip:a@b>')), address)).toBe(true);
    expect(equals(address.display, w('"abc\\\\"'))).toBe(true);
    expect(parseNameAddr(atEdge(w('"abc\\" <sip:a@b>')), address)).toBe(false);
    expect(statusWith(w("From"), w('"abc\\'))).toBe(400);
    m = withRow(w('Contact: "abc\\\\\\'));
    expect(checkRequest(m)).toBe(400);
  });

  it("row 23: an INVITE without a From tag is one of RFC 2543", () => {
    begin();
    line(w("INVITE sip:bob@example.com SIP/2.0"));
    line(w("Via: SIP/2.0/UDP 192.0.2.1"));
    line(w("To: <sip:bob@example.com>"));
    line(w("From: <sip:a@b>"));
    line(w("Call-ID: 1"));
    line(w("CSeq: 1 INVITE"));
    line(w(""));
    expect(checkRequest(parsed())).toBe(0);
  });

  it("row 25: a Content-Length that is no number of bytes", () => {
    expect(lengthIs(w("-1"))).toBe(ParseFault.BadContentLength);
    expect(lengthIs(w("+5"))).toBe(ParseFault.BadContentLength);
    expect(lengthIs(w("5 5"))).toBe(ParseFault.BadContentLength);
    expect(lengthIs(w("5,5"))).toBe(ParseFault.BadContentLength);
    expect(lengthIs(w("0x5"))).toBe(ParseFault.BadContentLength);
    expect(lengthIs(w("5;x"))).toBe(ParseFault.BadContentLength);
    expect(lengthIs(w("99999999999"))).toBe(ParseFault.BadContentLength);
    expect(lengthIs(w("18446744073709551621"))).toBe(ParseFault.BadContentLength);
    expect(lengthIs(w(" "))).toBe(ParseFault.BadContentLength);
    expect(lengthIs(w("6"))).toBe(ParseFault.BodyTooShort);
    expect(lengthIs(w(" 0000005 "))).toBe(ParseFault.None);
  });

  it("row 28: a URI of 64 KB", () => {
    const n = 65500;
    const address = reserve(70000);
    memory.copy(address, <usize>w("OPTIONS sip:"), 12);
    memory.fill(address + 12, 97, n);
    memory.copy(address + 12 + n, <usize>w(" SIP/2.0\r\n\r\n"), 12);
    const uri = newUri();
    expect(parseUri(atEdge(slice(address + 8, n + 4)), uri)).toBe(true);
    expect(size(uri.host)).toBe(n);
    expect(parseMessage(m, atEdge(slice(address, n + 24)))).toBe(false);
    expect(m.fault).toBe(ParseFault.StartLineTooLong);
    expect(checkRequest(m)).toBe(414);
  });

  it("row 29: no other byte than blanks between a name and its colon", () => {
    begin();
    line(w("OPTIONS sip:bob@example.com SIP/2.0"));
    line(w("To\x0b: <sip:evil@example.com>"));
    line(w("To\x01: <sip:evil@example.com>"));
    line(w(""));
    m = parsed();
    expect(checkRequest(m)).toBe(400);
    expect(m.fault).toBe(ParseFault.ControlByte);
  });

  it("row 31: what a printf would obey is kept and written as it came", () => {
    const address = newNameAddr();
    expect(parseNameAddr(w('"%s%n%x" <sip:%25s%25n@b>;tag=%s%n'), address)).toBe(true);
    putAddressRow(Header.From, address);
    expect(wrote(w('From: "%s%n%x" <sip:%25s%25n@b>;tag=%s%n\r\n'))).toBe(true);
    m = withRow(w("%s%n: %s%n"));
    expect(checkRequest(m)).toBe(0);
    expect(equals(faultReason(m.fault), w("OK"))).toBe(true);
  });
});
