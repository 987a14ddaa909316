import { EMPTY, equals, isPresent, size, Slice, w } from "../../../assembly/bytes/slice";
import { credential, newChallenge, parseChallenge } from "../../../assembly/message/challenge";
import { newCSeq, parseCSeq } from "../../../assembly/message/cseq";
import { Header, headerName, headerOf, HEADERS } from "../../../assembly/message/header";
import { openMessage } from "../../../assembly/message/message";
import { Method, methodName, methodOf } from "../../../assembly/message/method";
import { NameAddr, newNameAddr, parseNameAddr } from "../../../assembly/message/name-addr";
import { areParameters, parameter, unquote } from "../../../assembly/message/parameters";
import { newReason, parseReason } from "../../../assembly/message/reason";
import { retryAfter } from "../../../assembly/message/retry-after";
import {
  minSE,
  newSessionExpires,
  parseSessionExpires,
  RefresherParam,
  SessionExpires,
} from "../../../assembly/message/session-expires";
import { newVia, parseVia, Via } from "../../../assembly/message/via";
import { openTestArena } from "../support/arena";
import { beginInvite, line, parsed, raw } from "./text";

let address: NameAddr = changetype<NameAddr>(0);
let via: Via = changetype<Via>(0);
let session: SessionExpires = changetype<SessionExpires>(0);

beforeEach(() => {
  openTestArena();
  openMessage();
  address = newNameAddr();
  via = newVia();
  session = newSessionExpires();
});

function retryAfterOf(value: Slice): i32 {
  beginInvite();
  raw(w("Retry-After:"));
  line(value);
  line(w(""));
  return <i32>retryAfter(parsed());
}

function minSEOf(value: Slice): i32 {
  beginInvite();
  raw(w("Min-SE:"));
  line(value);
  line(w(""));
  return <i32>minSE(parsed());
}

describe("names", () => {
  it("of header fields are known in any case, long and compact", () => {
    expect(headerOf(w("vIa"))).toBe(Header.Via);
    expect(headerOf(w("X"))).toBe(Header.SessionExpires);
    expect(headerOf(w("i"))).toBe(Header.CallId);
    expect(headerOf(w("m"))).toBe(Header.Contact);
    expect(headerOf(w("e"))).toBe(Header.ContentEncoding);
    expect(headerOf(w("l"))).toBe(Header.ContentLength);
    expect(headerOf(w("c"))).toBe(Header.ContentType);
    expect(headerOf(w("f"))).toBe(Header.From);
    expect(headerOf(w("s"))).toBe(Header.Subject);
    expect(headerOf(w("k"))).toBe(Header.Supported);
    expect(headerOf(w("t"))).toBe(Header.To);
    expect(headerOf(w("u"))).toBe(Header.AllowEvents);
    expect(headerOf(w("v"))).toBe(Header.Via);
    expect(headerOf(w("r"))).toBe(Header.ReferTo);
    expect(headerOf(w("o"))).toBe(Header.Event);
    expect(headerOf(w("b"))).toBe(Header.ReferredBy);
    expect(headerOf(w("y"))).toBe(Header.Identity);
    expect(headerOf(w("j"))).toBe(Header.RejectContact);
    expect(headerOf(w("SESSION-expires"))).toBe(Header.SessionExpires);
    expect(headerOf(w("WWW-Authenticate"))).toBe(Header.WwwAuthenticate);
    expect(headerOf(w("MIN-SE"))).toBe(Header.MinSE);
    expect(headerOf(w("Organization"))).toBe(Header.Organization);
    expect(headerOf(w("Unheard-Of"))).toBe(Header.Other);
    expect(headerOf(w("q"))).toBe(Header.Other);
    expect(headerOf(w(""))).toBe(Header.Other);
  });

  it("of header fields are each other's inverse", () => {
    for (let h = 1; h < HEADERS; h++) expect(headerOf(headerName(h))).toBe(h);
    expect(equals(headerName(Header.CallId), w("Call-ID"))).toBe(true);
    expect(equals(headerName(Header.SipIfMatch), w("SIP-If-Match"))).toBe(true);
    expect(headerName(Header.Other)).toBe(EMPTY);
  });

  it("of methods are known in capitals only", () => {
    for (let m = 1; m <= Method.Publish; m++) expect(methodOf(methodName(m))).toBe(m);
    expect(methodOf(w("UPDATE"))).toBe(Method.Update);
    expect(methodOf(w("PUBLISH"))).toBe(Method.Publish);
    expect(methodOf(w("Update"))).toBe(Method.Other);
    expect(methodOf(w("INVITEX"))).toBe(Method.Other);
    expect(methodName(Method.Other)).toBe(EMPTY);
  });
});

describe("parameters", () => {
  it("are found by name, in any case, outside quotes", () => {
    const all = w(';a = "x;b=no" ; B=yes;c;d=;a=2');
    expect(equals(parameter(all, w("a")), w('"x;b=no"'))).toBe(true);
    expect(equals(parameter(all, w("b")), w("yes"))).toBe(true);
    expect(size(parameter(all, w("c")))).toBe(0);
    expect(isPresent(parameter(all, w("c")))).toBe(true);
    expect(isPresent(parameter(all, w("d")))).toBe(true);
    expect(parameter(all, w("e"))).toBe(EMPTY);
    expect(parameter(EMPTY, w("e"))).toBe(EMPTY);
    expect(equals(parameter(w("a=1;b=2"), w("b")), w("2"))).toBe(true);
  });

  it("are well formed or not", () => {
    expect(areParameters(EMPTY)).toBe(true);
    expect(areParameters(w(';a;b=c;d="e;,"'))).toBe(true);
    expect(areParameters(w(";a=b;"))).toBe(true);
    expect(areParameters(w(";"))).toBe(false);
    expect(areParameters(w(";;a"))).toBe(false);
    expect(areParameters(w(";a;;"))).toBe(false);
    expect(areParameters(w("a"))).toBe(false);
    expect(areParameters(w(";a b"))).toBe(false);
    expect(areParameters(w(";=b"))).toBe(false);
    expect(areParameters(w(";a=b c"))).toBe(false);
    expect(areParameters(w(";a=b,c"))).toBe(false);
    expect(areParameters(w(";a=<b>"))).toBe(false);
    expect(areParameters(w(';a="b'))).toBe(false);
    expect(areParameters(w(';a="b"c'))).toBe(false);
    expect(areParameters(w(';a=b"c"'))).toBe(false);
  });

  it("lose their quotes when asked to", () => {
    expect(equals(unquote(w('"a b"')), w("a b"))).toBe(true);
    expect(equals(unquote(w("a b")), w("a b"))).toBe(true);
    expect(size(unquote(w('""')))).toBe(0);
    expect(equals(unquote(w('"')), w('"'))).toBe(true);
  });
});

describe("name-addr", () => {
  it("has a quoted display name, a plain one or none", () => {
    expect(parseNameAddr(w('"Alice \\" x" <sip:a@b;p>;tag=1'), address)).toBe(true);
    expect(equals(address.display, w('"Alice \\" x"'))).toBe(true);
    expect(equals(address.uri, w("sip:a@b;p"))).toBe(true);
    expect(equals(parameter(address.params, w("tag")), w("1"))).toBe(true);
    expect(parseNameAddr(w(" Alice of A<sip:a@b?x=y,z> "), address)).toBe(true);
    expect(equals(address.display, w("Alice of A"))).toBe(true);
    expect(equals(address.uri, w("sip:a@b?x=y,z"))).toBe(true);
    expect(parseNameAddr(w('""\t<sip:a@b>'), address)).toBe(true);
    expect(parseNameAddr(w("<sip:a@b> ; tag = 1"), address)).toBe(true);
    expect(size(address.display)).toBe(0);
  });

  it("may be an addr-spec, whose parameters are those of the header", () => {
    expect(parseNameAddr(w("sip:a@b;tag=1;x"), address)).toBe(true);
    expect(equals(address.uri, w("sip:a@b"))).toBe(true);
    expect(equals(parameter(address.params, w("tag")), w("1"))).toBe(true);
    expect(parseNameAddr(w('sip:a@b ;x="<"'), address)).toBe(true);
    expect(equals(address.uri, w("sip:a@b"))).toBe(true);
  });

  it("needs brackets round a question mark or comma (§20)", () => {
    expect(parseNameAddr(w("sip:a@b?Route=x"), address)).toBe(false);
    expect(parseNameAddr(w("sip:a,b@c"), address)).toBe(false);
  });

  it("is refused when quotes or brackets do not end", () => {
    expect(parseNameAddr(w(""), address)).toBe(false);
    expect(parseNameAddr(w('"Mr. J. User <sip:a@b>'), address)).toBe(false);
    expect(parseNameAddr(w('"abc\\'), address)).toBe(false);
    expect(parseNameAddr(w('"abc\\"'), address)).toBe(false);
    expect(parseNameAddr(w('"abc"'), address)).toBe(false);
    expect(parseNameAddr(w('"abc" sip:a@b'), address)).toBe(false);
    expect(parseNameAddr(w("<sip:a@b"), address)).toBe(false);
    expect(parseNameAddr(w("Bell, Alexander <sip:a@b>"), address)).toBe(false);
    expect(parseNameAddr(w("<sip:a@b>x"), address)).toBe(false);
    expect(parseNameAddr(w("<sip:a@b>;;x"), address)).toBe(false);
    expect(parseNameAddr(w("<sip:a@b>, <sip:c@d>"), address)).toBe(false);
  });
});

describe("Via", () => {
  it("comes apart", () => {
    expect(
      parseVia(w("SIP/2.0/UDP 192.0.2.1:5061 ;branch=z9hG4bKx;received=192.0.2.9;rport=1024"), via),
    ).toBe(true);
    expect(equals(via.transport, w("UDP"))).toBe(true);
    expect(equals(via.host, w("192.0.2.1"))).toBe(true);
    expect(via.port).toBe(5061);
    expect(equals(via.branch, w("z9hG4bKx"))).toBe(true);
    expect(equals(via.received, w("192.0.2.9"))).toBe(true);
    expect(equals(via.rport, w("1024"))).toBe(true);
    expect(parseVia(w("SIP / 2.0 / TLS  [2001:db8::9:1] : 5061; rport ; branch = z9hG4bKy"), via)).toBe(true);
    expect(equals(via.host, w("[2001:db8::9:1]"))).toBe(true);
    expect(via.port).toBe(5061);
    expect(size(via.rport)).toBe(0);
    expect(isPresent(via.rport)).toBe(true);
    expect(parseVia(w("SIP/2.0/UNKNOWN t4.example.com;received=2001:db8::9:255"), via)).toBe(true);
    expect(via.rport).toBe(EMPTY);
    expect(via.branch).toBe(EMPTY);
    expect(via.port).toBe(0);
    expect(parseVia(w("SIP/2.0/UDP a;received=[2001:db8::9:255]"), via)).toBe(true);
  });

  it("is refused when a part is missing or bad", () => {
    expect(parseVia(w(""), via)).toBe(false);
    expect(parseVia(w("SIP"), via)).toBe(false);
    expect(parseVia(w("SIP/2.0"), via)).toBe(false);
    expect(parseVia(w("SIP/2.0/"), via)).toBe(false);
    expect(parseVia(w("SIP/2.0/UDP"), via)).toBe(false);
    expect(parseVia(w("SIP/2.0/UDP "), via)).toBe(false);
    expect(parseVia(w("SIP/2.0/192.0.2.1:5060"), via)).toBe(false);
    expect(parseVia(w("SIP/2.0 UDP a"), via)).toBe(false);
    expect(parseVia(w("SIP/2.0/UDP a b"), via)).toBe(false);
    expect(parseVia(w("SIP/2.0/UDP a:70000"), via)).toBe(false);
    expect(parseVia(w("SIP/2.0/UDP [::1"), via)).toBe(false);
    expect(parseVia(w("SIP/2.0/UDP 192.0.2.15;;"), via)).toBe(false);
    expect(parseVia(w("SIP/2.0/UDP ;branch=x"), via)).toBe(false);
  });
});

describe("numbers", () => {
  it("CSeq is a number and a method", () => {
    const cseq = newCSeq();
    expect(parseCSeq(w("0009   INVITE"), cseq)).toBe(true);
    expect(cseq.number).toBe(9);
    expect(equals(cseq.methodText, w("INVITE"))).toBe(true);
    expect(parseCSeq(w("4294967295 BYE"), cseq)).toBe(true);
    expect(cseq.number).toBe(u32.MAX_VALUE);
    expect(parseCSeq(w("4294967296 BYE"), cseq)).toBe(false);
    expect(parseCSeq(w("-1 BYE"), cseq)).toBe(false);
    expect(parseCSeq(w("1BYE"), cseq)).toBe(false);
    expect(parseCSeq(w("1"), cseq)).toBe(false);
    expect(parseCSeq(w("1 "), cseq)).toBe(false);
    expect(parseCSeq(w("1 BYE BYE"), cseq)).toBe(false);
    expect(parseCSeq(w("BYE"), cseq)).toBe(false);
    expect(parseCSeq(w(""), cseq)).toBe(false);
  });

  it("Session-Expires is a positive number and perhaps a refresher", () => {
    expect(parseSessionExpires(w("1800"), session)).toBe(true);
    expect(session.seconds).toBe(1800);
    expect(session.refresher).toBe(RefresherParam.None);
    expect(parseSessionExpires(w("1800;refresher=uac"), session)).toBe(true);
    expect(session.refresher).toBe(RefresherParam.Uac);
    expect(parseSessionExpires(w("90 ; x=y ; Refresher = UAS"), session)).toBe(true);
    expect(session.refresher).toBe(RefresherParam.Uas);
    expect(parseSessionExpires(w("4294967295"), session)).toBe(true);
    expect(session.seconds).toBe(4294967295);
  });

  it("Session-Expires is as good as absent otherwise", () => {
    expect(parseSessionExpires(w(""), session)).toBe(false);
    expect(parseSessionExpires(w("0"), session)).toBe(false);
    expect(parseSessionExpires(w("-1800"), session)).toBe(false);
    expect(parseSessionExpires(w("4294967296"), session)).toBe(false);
    expect(parseSessionExpires(w("soon"), session)).toBe(false);
    expect(parseSessionExpires(w("1800 seconds"), session)).toBe(false);
    expect(parseSessionExpires(w("18e2"), session)).toBe(false);
    expect(parseSessionExpires(w("1800;"), session)).toBe(false);
    expect(parseSessionExpires(w("1800;;refresher="), session)).toBe(false);
    expect(parseSessionExpires(w("1800;refresher="), session)).toBe(false);
    expect(parseSessionExpires(w("1800;refresher"), session)).toBe(false);
    expect(parseSessionExpires(w("1800;refresher=proxy"), session)).toBe(false);
    expect(parseSessionExpires(w('1800;refresher="uac"'), session)).toBe(false);
    expect(parseSessionExpires(w("1800, 90"), session)).toBe(false);
  });

  it("Min-SE is a number with or without parameters", () => {
    expect(minSEOf(w("90"))).toBe(90);
    expect(minSEOf(w(" 3600 ;lr"))).toBe(3600);
    expect(minSEOf(w("ninety"))).toBe(-1);
    expect(minSEOf(w("90;;"))).toBe(-1);
    beginInvite();
    line(w(""));
    expect(<i32>minSE(parsed())).toBe(-1);
  });

  it("Retry-After is a number with or without a comment", () => {
    expect(retryAfterOf(w("18000;duration=3600"))).toBe(18000);
    expect(retryAfterOf(w("120 (I'm in a meeting)"))).toBe(120);
    expect(retryAfterOf(w("5"))).toBe(5);
    expect(retryAfterOf(w("5(x)"))).toBe(5);
    expect(retryAfterOf(w("5x"))).toBe(-1);
    expect(retryAfterOf(w("later"))).toBe(-1);
    expect(retryAfterOf(w("949302838503028349304023988"))).toBe(-1);
    expect(retryAfterOf(w(""))).toBe(-1);
  });

  it("Reason has a protocol, a cause and a text", () => {
    const reason = newReason();
    expect(parseReason(w('SIP ;cause=200 ;text="Call completed elsewhere"'), reason)).toBe(true);
    expect(equals(reason.protocol, w("SIP"))).toBe(true);
    expect(reason.cause).toBe(200);
    expect(equals(reason.text, w("Call completed elsewhere"))).toBe(true);
    expect(parseReason(w("Q.850;cause=16"), reason)).toBe(true);
    expect(reason.cause).toBe(16);
    expect(reason.text).toBe(EMPTY);
    expect(parseReason(w("SIP;cause=many"), reason)).toBe(true);
    expect(reason.cause).toBe(0);
    expect(parseReason(w(";cause=1"), reason)).toBe(false);
    expect(parseReason(w('SIP;text="open'), reason)).toBe(false);
  });
});

describe("challenge", () => {
  it("comes apart, quotes taken off", () => {
    const c = newChallenge();
    expect(
      parseChallenge(
        w(
          'Digest realm="atlanta.com", domain="sip:ss1", qop="auth,auth-int", NONCE="f84f1c", opaque="", stale=TRUE, algorithm = MD5',
        ),
        c,
      ),
    ).toBe(true);
    expect(equals(c.scheme, w("Digest"))).toBe(true);
    expect(equals(c.realm, w("atlanta.com"))).toBe(true);
    expect(equals(c.nonce, w("f84f1c"))).toBe(true);
    expect(equals(c.qop, w("auth,auth-int"))).toBe(true);
    expect(equals(c.algorithm, w("MD5"))).toBe(true);
    expect(size(c.opaque)).toBe(0);
    expect(isPresent(c.opaque)).toBe(true);
    expect(c.stale).toBe(true);
  });

  it("may lack commas, quotes and parts", () => {
    const c = newChallenge();
    expect(parseChallenge(w('Digest realm="a \\" b" nonce=Zm9v==,stale=no,,'), c)).toBe(true);
    expect(equals(c.realm, w('a \\" b'))).toBe(true);
    expect(equals(c.nonce, w("Zm9v=="))).toBe(true);
    expect(c.stale).toBe(false);
    expect(c.algorithm).toBe(EMPTY);
    expect(parseChallenge(w("Basic"), c)).toBe(true);
    expect(parseChallenge(w("Digest ,"), c)).toBe(true);
  });

  it("is refused with a broken parameter", () => {
    const c = newChallenge();
    expect(parseChallenge(w(""), c)).toBe(false);
    expect(parseChallenge(w('"Digest"'), c)).toBe(false);
    expect(parseChallenge(w("Digest ="), c)).toBe(false);
    expect(parseChallenge(w("Digest a"), c)).toBe(false);
    expect(parseChallenge(w("Digest a b=c"), c)).toBe(false);
    expect(parseChallenge(w('Digest realm="open'), c)).toBe(false);
    expect(parseChallenge(w('Digest realm="open\\"'), c)).toBe(false);
    expect(parseChallenge(w("Digest (=b"), c)).toBe(false);
  });

  it("credentials are read the same way", () => {
    const value = w('Digest username="bob", uri="sip:a", response=abc');
    expect(equals(credential(value, w("username")), w("bob"))).toBe(true);
    expect(equals(credential(value, w("Response")), w("abc"))).toBe(true);
    expect(credential(value, w("nonce"))).toBe(EMPTY);
    expect(credential(w("Digest a"), w("a"))).toBe(EMPTY);
  });
});
