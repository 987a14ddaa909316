import { equals, Slice, w } from "../../../assembly/bytes/slice";
import { checkRequest, checkResponse } from "../../../assembly/message/check";
import { faultOf, faultReason, faultStatus, ParseFault } from "../../../assembly/message/fault";
import { Header } from "../../../assembly/message/header";
import { Message, newMessage, openMessage, parseMessage } from "../../../assembly/message/message";
import { openTestArena } from "../support/arena";
import { begin, beginInvite, copied, line, parsed, raw } from "./text";

let m: Message = changetype<Message>(0);

/** The status for an INVITE with one more header line. */
function withLine(more: Slice): i32 {
  beginInvite();
  line(more);
  line(w(""));
  m = parsed();
  return checkRequest(m);
}

/** The status for an OPTIONS of which one line is left out, or put in place of another. */
function without(header: Header, instead: Slice = 0): i32 {
  begin();
  line(w("OPTIONS sip:bob@example.com SIP/2.0"));
  if (header != Header.Via) line(w("Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK776"));
  if (header != Header.To) line(w("To: <sip:bob@example.com>"));
  if (header != Header.From) line(w("From: <sip:alice@example.org>;tag=19"));
  if (header != Header.CallId) line(w("Call-ID: a84b4c76e66710"));
  if (header != Header.CSeq) line(w("CSeq: 1 OPTIONS"));
  if (instead) line(instead);
  line(w(""));
  m = parsed();
  return checkRequest(m);
}

function statusFor(requestLine: Slice): i32 {
  begin();
  line(requestLine);
  line(w("Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK776"));
  line(w("To: <sip:bob@example.com>"));
  line(w("From: <sip:alice@example.org>;tag=19"));
  line(w("Call-ID: a84b4c76e66710"));
  line(w("CSeq: 1 OPTIONS"));
  line(w(""));
  m = parsed();
  return checkRequest(m);
}

function says(words: Slice): bool {
  return equals(faultReason(m.fault), words);
}

function response(vias: Slice, cseq: Slice): bool {
  begin();
  line(w("SIP/2.0 200 OK"));
  if (vias) line(vias);
  line(w("To: <sip:bob@example.com>;tag=1"));
  line(w("From: <sip:alice@example.org>;tag=19"));
  line(w("Call-ID: a84b4c76e66710"));
  line(cseq);
  line(w(""));
  m = parsed();
  return checkResponse(m);
}

beforeEach(() => {
  openTestArena();
  openMessage();
});

describe("a request", () => {
  it("is good with what is mandatory; Max-Forwards and a From tag may be missing (RFC 2543)", () => {
    expect(without(Header.Other)).toBe(0);
    expect(without(Header.From, w("From: sip:caller@example.com"))).toBe(0);
    expect(withLine(w("Contact: <sip:alice@192.0.2.1>"))).toBe(0);
  });

  it("needs Via, To, From, Call-ID and CSeq", () => {
    expect(without(Header.Via)).toBe(400);
    expect(says(w("Missing Via"))).toBe(true);
    expect(without(Header.To)).toBe(400);
    expect(says(w("Missing To"))).toBe(true);
    expect(without(Header.From)).toBe(400);
    expect(says(w("Missing From"))).toBe(true);
    expect(without(Header.CallId)).toBe(400);
    expect(says(w("Missing Call-ID"))).toBe(true);
    expect(without(Header.CSeq)).toBe(400);
    expect(says(w("Missing CSeq"))).toBe(true);
  });

  it("has them once", () => {
    expect(withLine(w("t: <sip:other@example.com>"))).toBe(400);
    expect(says(w("Repeated To"))).toBe(true);
    expect(withLine(w("From: <sip:other@example.com>"))).toBe(400);
    expect(withLine(w("i: other"))).toBe(400);
    expect(withLine(w("CSeq: 1 INVITE"))).toBe(400);
    expect(withLine(w("Max-Forwards: 5"))).toBe(400);
    expect(says(w("Repeated Max-Forwards"))).toBe(true);
  });

  it("has them well formed", () => {
    expect(without(Header.Via, w("Via: SIP/2.0/UDP 192.0.2.15;;,;,,"))).toBe(400);
    expect(says(w("Bad Via"))).toBe(true);
    expect(without(Header.Via, w("Via: SIP/2.0/UDP a;branch=z9hG4bK"))).toBe(400);
    expect(without(Header.To, w('To: "Mr. J. User <sip:j.user@example.com>'))).toBe(400);
    expect(says(w("Bad To"))).toBe(true);
    expect(without(Header.To, w('To: "Watson, Thomas" < sip:t.watson@example.org >'))).toBe(400);
    expect(without(Header.To, w("To: isbn:2983792873"))).toBe(0);
    expect(without(Header.From, w("From: </>"))).toBe(400);
    expect(without(Header.From, w("From: <>"))).toBe(400);
    expect(without(Header.CallId, w("Call-ID:"))).toBe(400);
    expect(without(Header.CallId, w("Call-ID: a b"))).toBe(400);
    expect(without(Header.CallId, w("Call-ID: a\tb"))).toBe(400);
    expect(without(Header.CSeq, w("CSeq: 36893488147419103232 OPTIONS"))).toBe(400);
    expect(says(w("Bad CSeq"))).toBe(true);
    expect(without(Header.Other, w("Max-Forwards: 255"))).toBe(0);
    expect(without(Header.Other, w("Max-Forwards: 256"))).toBe(400);
    expect(without(Header.Other, w("Max-Forwards: many"))).toBe(400);
  });

  it("has a CSeq of its own method", () => {
    expect(without(Header.CSeq, w("CSeq: 8 INVITE"))).toBe(400);
    expect(m.fault).toBe(ParseFault.MethodMismatch);
    expect(without(Header.CSeq, w("CSeq: 8 options"))).toBe(400);
  });

  it("has a Request-URI that is one", () => {
    expect(statusFor(w("OPTIONS sip:bob@example.com SIP/2.0"))).toBe(0);
    expect(statusFor(w("OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0"))).toBe(0);
    expect(statusFor(w("OPTIONS <sip:bob@example.com> SIP/2.0"))).toBe(400);
    expect(says(w("Bad Request-URI"))).toBe(true);
    expect(m.faultOffset).toBe(8);
    expect(statusFor(w("OPTIONS sip:bob@example.com; lr SIP/2.0"))).toBe(400);
    expect(statusFor(w("OPTIONS  sip:bob@example.com  SIP/2.0"))).toBe(400);
    expect(statusFor(w("OPTIONS sip:bob@example.com?Route=%3Csip:example.com%3E SIP/2.0"))).toBe(400);
    expect(statusFor(w("OPTIONS sip:bob%4 SIP/2.0"))).toBe(400);
    expect(statusFor(w("OPTIONS sip:2001:db8::10 SIP/2.0"))).toBe(400);
    expect(statusFor(w("OPTIONS sip:bob@example.com SIP/2.1"))).toBe(505);
  });

  it("has routes and, outside a dialog, Contacts that can be read", () => {
    expect(withLine(w("Route: <sip:p1;lr>, <sip:p2;lr>"))).toBe(0);
    expect(withLine(w("Route: sip:p1, p2"))).toBe(400);
    expect(says(w("Bad Route"))).toBe(true);
    expect(withLine(w("Record-Route: <sip:p1;lr"))).toBe(400);
    expect(says(w("Bad Record-Route"))).toBe(true);
    expect(withLine(w("Contact: sip:user@example.com?Route=%3Csip:x%3E"))).toBe(400);
    expect(says(w("Bad Contact"))).toBe(true);
    expect(withLine(w("Contact: *"))).toBe(0);
    expect(without(Header.To, w("To: <sip:bob@example.com>;tag=7\r\nContact: <<"))).toBe(0);
  });

  it("has no endless lists", () => {
    beginInvite();
    for (let i = 0; i < 35; i++) line(w("v: SIP/2.0/UDP a;branch=z9hG4bKx,SIP/2.0/UDP b"));
    line(w(""));
    m = parsed();
    expect(checkRequest(m)).toBe(513);
    expect(says(w("Too Many Via"))).toBe(true);
    beginInvite();
    for (let i = 0; i < 33; i++) line(w("m: <sip:a>"));
    line(w(""));
    m = parsed();
    expect(checkRequest(m)).toBe(513);
    expect(m.fault).toBe(faultOf(ParseFault.TooMany, Header.Contact));
    beginInvite();
    raw(w("Route: <sip:a;lr>"));
    for (let i = 0; i < 32; i++) raw(w(",<sip:a;lr>"));
    line(w(""));
    line(w(""));
    m = parsed();
    expect(checkRequest(m)).toBe(513);
  });

  it("keeps the fault that parsing found", () => {
    expect(withLine(w("Content-Length: 9999"))).toBe(400);
    expect(says(w("Body Too Short"))).toBe(true);
    expect(faultStatus(ParseFault.StartLineTooLong)).toBe(414);
    expect(faultStatus(ParseFault.HeaderTooLong)).toBe(513);
    expect(faultStatus(ParseFault.TooManyHeaders)).toBe(513);
    expect(equals(faultReason(ParseFault.None), w("OK"))).toBe(true);
    expect(equals(faultReason(ParseFault.MethodMismatch), w("CSeq Method Mismatch"))).toBe(true);
  });
});

describe("a response", () => {
  it("is ours with one Via", () => {
    expect(response(w("Via: SIP/2.0/UDP a;branch=z9hG4bK1"), w("CSeq: 1 INVITE"))).toBe(true);
    expect(response(w("Via: SIP/2.0/UDP a;branch=z9hG4bK1, SIP/2.0/UDP b"), w("CSeq: 1 INVITE"))).toBe(false);
    expect(response(w("Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\nv: SIP/2.0/UDP b"), w("CSeq: 1 INVITE"))).toBe(
      false,
    );
    expect(response(0, w("CSeq: 1 INVITE"))).toBe(false);
  });

  it("is dropped without a CSeq that can be read, and when it could not be parsed", () => {
    expect(response(w("Via: SIP/2.0/UDP a;branch=z9hG4bK1"), w("CSeq: 4294967296 INVITE"))).toBe(false);
    expect(response(w("Via: SIP/2.0/UDP a;branch=z9hG4bK1"), w("X: y"))).toBe(false);
    m = newMessage();
    parseMessage(m, copied(w("SIP/2.0 1000 OK\r\nVia: SIP/2.0/UDP a\r\n\r\n")));
    expect(checkResponse(m)).toBe(false);
  });
});
