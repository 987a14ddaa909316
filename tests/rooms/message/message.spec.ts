import { equals, isPresent, size, slice, Slice, start, w } from "../../../assembly/bytes/slice";
import { faultReason, ParseFault } from "../../../assembly/message/fault";
import { Header } from "../../../assembly/message/header";
import { listHas, newElements } from "../../../assembly/message/list";
import { Message, newMessage, openMessage, parseMessage } from "../../../assembly/message/message";
import { Method } from "../../../assembly/message/method";
import { newNameAddr, parseNameAddr } from "../../../assembly/message/name-addr";
import { parameter } from "../../../assembly/message/parameters";
import { newVia, parseVia } from "../../../assembly/message/via";
import { checkRequest } from "../../../assembly/message/check";
import { openTestArena } from "../support/arena";
import { begin, beginInvite, byte, copied, line, parsed, raw, text } from "./text";

function faultOf(bytes: Slice): i32 {
  const m = newMessage();
  parseMessage(m, copied(bytes));
  return m.fault;
}

/** The unusual INVITE of RFC 4475 §3.1.1.1: folds, compact forms, odd letter case, blanks everywhere. */
function writeUnusual(): void {
  begin();
  line(w("INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0"));
  line(w("TO :"));
  line(w(" sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n"));
  line(w('from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>'));
  line(w("  ;"));
  line(w("  tag = 98asjd8"));
  line(w("MaX-fOrWaRdS: 0068"));
  line(w("Call-ID: wsinv.ndaksdj@192.0.2.1"));
  line(w("Content-Length   : 9"));
  line(w("cseq: 0009"));
  line(w("  INVITE"));
  line(w("Via  : SIP  /   2.0"));
  line(w(" /UDP"));
  line(w("    192.0.2.2;branch=390skdjuw"));
  line(w("s :"));
  line(w("NewFangledHeader:   newfangled value"));
  line(w(" continued newfangled value"));
  line(w("UnknownHeaderWithUnusualValue: ;;,,;;,;"));
  line(w("Content-Type: application/sdp"));
  line(w("Route:"));
  line(w(" <sip:services.example.com;lr;unknownwith=value;unknown-no-value>"));
  line(w("v:  SIP  / 2.0  / TCP     spindle.example.com   ;"));
  line(w("  branch  =   z9hG4bK9ikj8  ,"));
  line(w(" SIP  /    2.0   / UDP  192.168.255.111   ; branch="));
  line(w(" z9hG4bK30239"));
  line(w('m:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam ='));
  line(w("      newvalue ;"));
  line(w("  secondparam ; q = 0.33"));
  line(w(""));
  raw(w("v=0\r\ns=-\r\nmore than it says"));
}

let m: Message = changetype<Message>(0);

beforeEach(() => {
  openTestArena();
  openMessage();
});

describe("start line", () => {
  it("reads a request line", () => {
    beginInvite();
    line(w(""));
    m = parsed();
    expect(m.fault).toBe(ParseFault.None);
    expect(m.isRequest).toBe(true);
    expect(m.method).toBe(Method.Invite);
    expect(equals(m.methodText, w("INVITE"))).toBe(true);
    expect(equals(m.uri, w("sip:bob@example.com"))).toBe(true);
    expect(m.count).toBe(6);
    expect(size(m.body)).toBe(0);
  });

  it("reads a status line", () => {
    expect(faultOf(w("SIP/2.0 200 OK\r\n\r\n"))).toBe(ParseFault.None);
    expect(faultOf(w("sip/2.0 100 \r\n\r\n"))).toBe(ParseFault.None);
    expect(faultOf(w("SIP/2.0 699\r\n\r\n"))).toBe(ParseFault.None);
    m = newMessage();
    parseMessage(m, copied(w("SIP/2.0 486 Busy Here, = 2**3\r\n\r\n")));
    expect(m.isRequest).toBe(false);
    expect(m.status).toBe(486);
    expect(equals(m.reason, w("Busy Here, = 2**3"))).toBe(true);
  });

  it("refuses a status that is not three digits from 100 to 699", () => {
    expect(faultOf(w("SIP/2.0 4294967301 better not\r\n\r\n"))).toBe(ParseFault.BadStatus);
    expect(faultOf(w("SIP/2.0 099 x\r\n\r\n"))).toBe(ParseFault.BadStatus);
    expect(faultOf(w("SIP/2.0 700 x\r\n\r\n"))).toBe(ParseFault.BadStatus);
    expect(faultOf(w("SIP/2.0 20\r\n\r\n"))).toBe(ParseFault.BadStatus);
    expect(faultOf(w("SIP/2.0 2x0 OK\r\n\r\n"))).toBe(ParseFault.BadStatus);
    expect(faultOf(w("SIP/2.0\r\n\r\n"))).toBe(ParseFault.BadStartLine);
  });

  it("tells other versions from other languages", () => {
    expect(faultOf(w("OPTIONS sip:a@b SIP/7.0\r\n\r\n"))).toBe(ParseFault.BadVersion);
    expect(faultOf(w("SIP/7.0 200 OK\r\n\r\n"))).toBe(ParseFault.BadVersion);
    expect(faultOf(w("OPTIONS sip:a@b sip/2.0\r\n\r\n"))).toBe(ParseFault.None);
    expect(faultOf(w("GET / HTTP/1.1\r\n\r\n"))).toBe(ParseFault.BadStartLine);
    expect(faultOf(w("OPTIONS sip:a@b SIP/2.0 \r\n\r\n"))).toBe(ParseFault.BadStartLine);
    expect(faultOf(w("OPTIONS sip:a@b\r\n\r\n"))).toBe(ParseFault.BadStartLine);
    expect(faultOf(w("OPTIONS\r\n\r\n"))).toBe(ParseFault.BadStartLine);
    expect(faultOf(w(" SIP/2.0\r\n\r\n"))).toBe(ParseFault.BadStartLine);
    expect(faultOf(w("OPT(IONS sip:a@b SIP/2.0\r\n\r\n"))).toBe(ParseFault.BadMethod);
  });

  it("takes any token as a method, and only the exact ones as known", () => {
    m = newMessage();
    parseMessage(m, copied(w("RE%47IST%45R sip:a@b SIP/2.0\r\n\r\n")));
    expect(m.fault).toBe(ParseFault.None);
    expect(m.method).toBe(Method.Other);
    parseMessage(m, copied(w("invite sip:a@b SIP/2.0\r\n\r\n")));
    expect(m.method).toBe(Method.Other);
  });

  it("skips line ends in front, and finds nothing in them alone", () => {
    expect(faultOf(w("\r\n\r\n\nOPTIONS sip:a@b SIP/2.0\r\n\r\n"))).toBe(ParseFault.None);
    expect(faultOf(w("\r\n\r\n"))).toBe(ParseFault.Empty);
    expect(faultOf(w(""))).toBe(ParseFault.Empty);
  });

  it("is at most 2 KB long", () => {
    begin();
    raw(w("OPTIONS sip:"));
    for (let i = 0; i < 2100; i++) byte(97);
    line(w("@b SIP/2.0"));
    line(w(""));
    expect(parsed().fault).toBe(ParseFault.StartLineTooLong);
  });
});

describe("header", () => {
  it("reads folded, compact and oddly written lines (RFC 4475 §3.1.1.1)", () => {
    writeUnusual();
    m = parsed();
    expect(m.fault).toBe(ParseFault.None);
    expect(checkRequest(m)).toBe(0);
    expect(equals(m.body, w("v=0\r\ns=-\r"))).toBe(true);
    expect(isPresent(m.header(Header.Subject))).toBe(true);
    expect(size(m.header(Header.Subject))).toBe(0);
    expect(equals(m.header(Header.MaxForwards), w("0068"))).toBe(true);
    const unknown = m.findNamed(w("newfangledheader"));
    expect(equals(m.value(unknown), w("newfangled value   continued newfangled value"))).toBe(true);
    expect(m.findNamed(w("newfangledheader"), unknown + 1)).toBe(-1);

    const address = newNameAddr();
    expect(parseNameAddr(m.header(Header.To), address)).toBe(true);
    expect(equals(address.uri, w("sip:vivekg@chair-dnrc.example.com"))).toBe(true);
    expect(equals(parameter(address.params, w("tag")), w("1918181833n"))).toBe(true);
    expect(parseNameAddr(m.header(Header.From), address)).toBe(true);
    expect(equals(address.display, w('"J Rosenberg \\\\\\""'))).toBe(true);
    expect(equals(parameter(address.params, w("TAG")), w("98asjd8"))).toBe(true);
    expect(parseNameAddr(m.header(Header.Contact), address)).toBe(true);
    expect(equals(parameter(address.params, w("newparam")), w("newvalue"))).toBe(true);
    expect(size(parameter(address.params, w("secondparam")))).toBe(0);
    expect(equals(parameter(address.params, w("q")), w("0.33"))).toBe(true);
  });

  it("walks over rows and commas alike", () => {
    writeUnusual();
    m = parsed();
    const all = newElements();
    const via = newVia();
    all.open(m, Header.Via);
    expect(all.next()).toBe(true);
    expect(parseVia(all.element, via)).toBe(true);
    expect(equals(via.host, w("192.0.2.2"))).toBe(true);
    expect(equals(via.branch, w("390skdjuw"))).toBe(true);
    expect(all.next()).toBe(true);
    expect(parseVia(all.element, via)).toBe(true);
    expect(equals(via.transport, w("TCP"))).toBe(true);
    expect(equals(via.host, w("spindle.example.com"))).toBe(true);
    expect(equals(via.branch, w("z9hG4bK9ikj8"))).toBe(true);
    expect(all.next()).toBe(true);
    expect(parseVia(all.element, via)).toBe(true);
    expect(equals(via.host, w("192.168.255.111"))).toBe(true);
    expect(equals(via.branch, w("z9hG4bK30239"))).toBe(true);
    expect(all.next()).toBe(false);
    expect(all.next()).toBe(false);
  });

  it("does not split at commas inside quotes and brackets, nor answer empty elements", () => {
    beginInvite();
    line(w('m: "a, \\" b" <sip:a,b@c>;q="x,y" , , <sip:d>,'));
    line(w("Contact:"));
    line(w("Contact: <sip:e"));
    line(w(""));
    m = parsed();
    const all = newElements();
    all.open(m, Header.Contact);
    all.next();
    expect(equals(all.element, w('"a, \\" b" <sip:a,b@c>;q="x,y"'))).toBe(true);
    all.next();
    expect(equals(all.element, w("<sip:d>"))).toBe(true);
    all.next();
    expect(equals(all.element, w("<sip:e"))).toBe(true);
    expect(all.next()).toBe(false);
    all.open(m, Header.Route);
    expect(all.next()).toBe(false);
  });

  it("finds tokens in lists", () => {
    beginInvite();
    line(w("k: 100rel , Timer"));
    line(w("Supported: replaces"));
    line(w("Accept: application/sdp;level=1, text/plain"));
    line(w(""));
    m = parsed();
    expect(listHas(m, Header.Supported, w("timer"))).toBe(true);
    expect(listHas(m, Header.Supported, w("replaces"))).toBe(true);
    expect(listHas(m, Header.Supported, w("time"))).toBe(false);
    expect(listHas(m, Header.Accept, w("application/sdp"))).toBe(true);
    expect(listHas(m, Header.Require, w("timer"))).toBe(false);
  });

  it("answers rows in their order", () => {
    beginInvite();
    line(w("X-One: 1"));
    line(w("x-one: 2"));
    line(w("v: SIP/2.0/TCP b;branch=z9hG4bK2"));
    line(w(""));
    m = parsed();
    expect(m.find(Header.Via)).toBe(0);
    expect(m.find(Header.Via, 1)).toBe(8);
    expect(m.find(Header.Route)).toBe(-1);
    expect(m.header(Header.Route)).toBe(0);
    expect(m.id(6)).toBe(Header.Other);
    expect(equals(m.name(7), w("x-one"))).toBe(true);
    expect(equals(m.value(m.findNamed(w("X-ONE"), 7)), w("2"))).toBe(true);
  });

  it("accepts LF alone, but no CR alone", () => {
    expect(faultOf(w("OPTIONS sip:a@b SIP/2.0\nTo: <sip:a@b>\n\n"))).toBe(ParseFault.None);
    expect(faultOf(w("OPTIONS sip:a@b SIP/2.0\r\nTo: <sip:a@b>\rFrom: x\r\n\r\n"))).toBe(
      ParseFault.BadLineEnd,
    );
    expect(faultOf(w("OPTIONS sip:a@b SIP/2.0\r\nTo: x\r\n\r"))).toBe(ParseFault.BadLineEnd);
  });

  it("takes nothing but blanks between name and colon (AST-2016-009)", () => {
    begin();
    line(w("OPTIONS sip:a@b SIP/2.0"));
    line(w("To \t : x"));
    line(w(""));
    expect(parsed().fault).toBe(ParseFault.None);
    for (let b = 1; b < 32; b++) {
      if (b == 9 || b == 10) continue;
      begin();
      line(w("OPTIONS sip:a@b SIP/2.0"));
      raw(w("To"));
      byte(<u8>b);
      line(w(": x"));
      line(w(""));
      expect(parsed().fault != ParseFault.None).toBe(true);
    }
  });

  it("refuses lines that are no header, and reads on behind them", () => {
    begin();
    line(w("OPTIONS sip:a@b SIP/2.0"));
    line(w("no colon here"));
    line(w("To: x"));
    line(w(""));
    m = parsed();
    expect(m.fault).toBe(ParseFault.BadHeaderName);
    expect(m.faultOffset).toBe(28);
    expect(m.count).toBe(1);
    expect(faultOf(w("OPTIONS sip:a@b SIP/2.0\r\n: x\r\n\r\n"))).toBe(ParseFault.BadHeaderName);
    expect(faultOf(w("OPTIONS sip:a@b SIP/2.0\r\n To: x\r\n\r\n"))).toBe(ParseFault.BadHeaderName);
    expect(faultOf(w("OPTIONS sip:a@b SIP/2.0\r\nTo\r\n\r\n"))).toBe(ParseFault.BadHeaderName);
  });

  it("refuses control bytes, except tabs and what a backslash quotes", () => {
    beginInvite();
    line(w('X: "bell \\\x07 nul \\\x00"\ttab'));
    line(w(""));
    expect(parsed().fault).toBe(ParseFault.None);
    beginInvite();
    line(w("X: a nul \x00"));
    line(w(""));
    m = parsed();
    expect(m.fault).toBe(ParseFault.ControlByte);
    expect(equals(faultReason(m.fault), w("Control Byte"))).toBe(true);
  });

  it("ends with an empty line", () => {
    expect(faultOf(w("OPTIONS sip:a@b SIP/2.0\r\nTo: x\r\n"))).toBe(ParseFault.Truncated);
    expect(faultOf(w("OPTIONS sip:a@b SIP/2.0\r\nTo: x"))).toBe(ParseFault.Truncated);
    expect(faultOf(w("OPTIONS sip:a@b SIP/2.0"))).toBe(ParseFault.Truncated);
  });

  it("has at most 128 lines of at most 8 KB", () => {
    begin();
    line(w("OPTIONS sip:a@b SIP/2.0"));
    for (let i = 0; i < 128; i++) line(w("X: y"));
    line(w(""));
    m = parsed();
    expect(m.fault).toBe(ParseFault.None);
    expect(m.count).toBe(128);
    begin();
    line(w("OPTIONS sip:a@b SIP/2.0"));
    for (let i = 0; i < 129; i++) line(w("X: y"));
    line(w(""));
    expect(parsed().fault).toBe(ParseFault.TooManyHeaders);
    begin();
    line(w("OPTIONS sip:a@b SIP/2.0"));
    raw(w("X: "));
    for (let i = 0; i < 8190; i++) byte(97);
    line(w(""));
    line(w(""));
    expect(parsed().fault).toBe(ParseFault.HeaderTooLong);
  });
});

describe("body", () => {
  it("is cut to its Content-Length, or reaches to the end", () => {
    beginInvite();
    line(w("l: 3"));
    line(w(""));
    raw(w("abcdef"));
    expect(equals(parsed().body, w("abc"))).toBe(true);
    beginInvite();
    line(w(""));
    raw(w("a\0\r\rb"));
    m = parsed();
    expect(m.fault).toBe(ParseFault.None);
    expect(equals(m.body, w("a\0\r\rb"))).toBe(true);
  });

  it("has one Content-Length, or the same one twice", () => {
    beginInvite();
    line(w("l: 3"));
    line(w("Content-Length: 03"));
    line(w(""));
    raw(w("abc"));
    expect(parsed().fault).toBe(ParseFault.None);
    beginInvite();
    line(w("l: 3"));
    line(w("Content-Length: 2"));
    line(w(""));
    raw(w("abc"));
    expect(parsed().fault).toBe(ParseFault.BadContentLength);
  });

  it("refuses a Content-Length that is no number, and one that is too large", () => {
    expect(faultOf(w("OPTIONS sip:a@b SIP/2.0\r\nl: -1\r\n\r\n"))).toBe(ParseFault.BadContentLength);
    expect(faultOf(w("OPTIONS sip:a@b SIP/2.0\r\nl: +1\r\n\r\nabc"))).toBe(ParseFault.BadContentLength);
    expect(faultOf(w("OPTIONS sip:a@b SIP/2.0\r\nl: 0x5\r\n\r\nabc"))).toBe(ParseFault.BadContentLength);
    expect(faultOf(w("OPTIONS sip:a@b SIP/2.0\r\nl: 1 1\r\n\r\nabc"))).toBe(ParseFault.BadContentLength);
    expect(faultOf(w("OPTIONS sip:a@b SIP/2.0\r\nl: 4294967296\r\n\r\n"))).toBe(ParseFault.BadContentLength);
    expect(faultOf(w("OPTIONS sip:a@b SIP/2.0\r\nl:\r\n\r\n"))).toBe(ParseFault.BadContentLength);
    expect(faultOf(w("OPTIONS sip:a@b SIP/2.0\r\nl: 4\r\n\r\nabc"))).toBe(ParseFault.BodyTooShort);
  });
});

describe("a message cut short", () => {
  it("is a fault at every byte of its header, and never a trap", () => {
    writeUnusual();
    const whole = text();
    const headerSize = size(whole) - 27;
    m = newMessage();
    for (let n = 0; n < headerSize; n++) {
      writeUnusual();
      expect(parseMessage(m, slice(start(text()), n))).toBe(false);
      checkRequest(m);
      openTestArena();
      openMessage();
      m = newMessage();
    }
  });
});
