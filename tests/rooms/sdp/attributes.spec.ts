import { EMPTY, equals, isPresent, size, Slice, w } from "../../../assembly/bytes/slice";
import { openGrammar } from "../../../assembly/message/grammar";
import { mark, written } from "../../../assembly/output/output";
import { attributeFor, attributeIn, newAttributes, sessionLines } from "../../../assembly/sdp/attributes";
import {
  isIcePassword,
  isIceUser,
  newCandidate,
  parseCandidate,
  putCandidate,
} from "../../../assembly/sdp/candidate";
import { Crypto, newCrypto, parseCrypto, putCrypto } from "../../../assembly/sdp/crypto";
import {
  newFingerprint,
  parseFingerprint,
  putFingerprint,
  sameFingerprint,
} from "../../../assembly/sdp/fingerprint";
import { findGroup, groupHas, groupSemantics, midOf, sectionNamed } from "../../../assembly/sdp/group";
import { putAttribute } from "../../../assembly/sdp/put-attribute";
import { newRtcpAddress, parseRtcp, putRtcp, rtcpPort } from "../../../assembly/sdp/rtcp";
import {
  formatParameter,
  formatParameters,
  newRtpMap,
  parseRtpMap,
  putRtpMap,
} from "../../../assembly/sdp/rtpmap";
import { answerTo, Setup, setupName, setupNamed } from "../../../assembly/sdp/setup";
import { add, begin, openBench, read, theirs } from "./bench";

let from: usize = 0;

function wrote(expected: Slice): bool {
  const found = written(from);
  from = mark();
  return equals(found, expected);
}

beforeEach(() => {
  openBench();
  openGrammar();
  from = mark();
});

describe("attributes", () => {
  it("are found in their section, or for all of them", () => {
    begin();
    add(w("a=setup:actpass"));
    add(w("a=ice-lite"));
    add(w("m=audio 4000 RTP/AVP 0"));
    add(w("a=mid:1"));
    add(w("b=AS:80"));
    add(w("a=x:1"));
    add(w("a=x:2"));
    add(w("m=video 5000 RTP/AVP 31"));
    add(w("a=setup:active"));
    add(w("a=y:"));
    expect(read()).toBe(true);
    const audio = theirs.media(0).lines;
    expect(equals(attributeIn(audio, w("x")), w("1"))).toBe(true);
    expect(attributeIn(audio, w("setup"))).toBe(EMPTY);
    expect(equals(attributeFor(theirs, 0, w("setup")), w("actpass"))).toBe(true);
    expect(equals(attributeFor(theirs, 1, w("setup")), w("active"))).toBe(true);
    expect(isPresent(attributeFor(theirs, 0, w("ice-lite")))).toBe(true);
    expect(size(attributeFor(theirs, 0, w("ice-lite")))).toBe(0);
    expect(isPresent(attributeFor(theirs, 1, w("y")))).toBe(true);
    expect(attributeFor(theirs, 0, w("z"))).toBe(EMPTY);
    const all = newAttributes();
    all.open(audio);
    expect(all.nextNamed(w("x"))).toBe(true);
    expect(all.nextNamed(w("x"))).toBe(true);
    expect(equals(all.value, w("2"))).toBe(true);
    expect(all.nextNamed(w("x"))).toBe(false);
    all.open(EMPTY);
    expect(all.next()).toBe(false);
  });

  it("stand anywhere in a description without sections", () => {
    begin();
    add(w("a=x:1"));
    expect(read()).toBe(true);
    expect(equals(attributeIn(sessionLines(theirs), w("x")), w("1"))).toBe(true);
  });

  it("are written with and without a value", () => {
    putAttribute(w("rtcp-mux"), EMPTY);
    putAttribute(w("mid"), w("1"));
    putAttribute(w("setup"), setupName(Setup.ActPass));
    expect(wrote(w("a=rtcp-mux\r\na=mid:1\r\na=setup:actpass\r\n"))).toBe(true);
  });
});

describe("crypto (RFC 4568)", () => {
  it("has a tag, a suite, a key and what goes with it", () => {
    const crypto = newCrypto();
    expect(
      parseCrypto(
        w(
          "1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4 FEC_ORDER=FEC_SRTP KDR=1",
        ),
        crypto,
      ),
    ).toBe(true);
    expect(crypto.tag).toBe(1);
    expect(size(crypto.key)).toBe(40);
    expect(<i32>crypto.lifetime).toBe(1 << 20);
    expect(equals(crypto.mki, w("1"))).toBe(true);
    expect(crypto.mkiLength).toBe(4);
    putCrypto(crypto);
    expect(
      wrote(
        w(
          "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4 FEC_ORDER=FEC_SRTP KDR=1\r\n",
        ),
      ),
    ).toBe(true);
    expect(
      parseCrypto(
        w("2 F8_128_HMAC_SHA1_80 inline:QUJjZGVmMTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5|1:4;inline:x"),
        crypto,
      ),
    ).toBe(true);
    expect(<i32>crypto.lifetime).toBe(0);
    expect(crypto.mkiLength).toBe(4);
    expect(parseCrypto(w("3 AES_256_CM_HMAC_SHA1_80 inline:QUJjZGVm|1048576"), crypto)).toBe(true);
    expect(<i32>crypto.lifetime).toBe(1048576);
    expect(crypto.mki).toBe(EMPTY);
    putCrypto(crypto);
    expect(wrote(w("a=crypto:3 AES_256_CM_HMAC_SHA1_80 inline:QUJjZGVm|1048576\r\n"))).toBe(true);
  });

  it("is refused when it is not well formed", () => {
    const crypto = newCrypto();
    expect(parseCrypto(EMPTY, crypto)).toBe(false);
    expect(parseCrypto(w("x A inline:k"), crypto)).toBe(false);
    expect(parseCrypto(w("1234567890 A inline:k"), crypto)).toBe(false);
    expect(parseCrypto(w("1"), crypto)).toBe(false);
    expect(parseCrypto(w("1 A"), crypto)).toBe(false);
    expect(parseCrypto(w("1 A inline:"), crypto)).toBe(false);
    expect(parseCrypto(w("1 A uri:x"), crypto)).toBe(false);
    expect(parseCrypto(w("1 A INLINE:k"), crypto)).toBe(false);
    expect(parseCrypto(w("1 A inline:k|0"), crypto)).toBe(false);
    expect(parseCrypto(w("1 A inline:k|2^49"), crypto)).toBe(false);
    expect(parseCrypto(w("1 A inline:k|2^"), crypto)).toBe(false);
    expect(parseCrypto(w("1 A inline:k|5|1:129"), crypto)).toBe(false);
    expect(parseCrypto(w("1 A inline:k|x:1"), crypto)).toBe(false);
  });
});

describe("fingerprint and setup", () => {
  it("name a certificate (RFC 8122)", () => {
    const fingerprint = newFingerprint();
    const other = newFingerprint();
    expect(
      parseFingerprint(w("SHA-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB"), fingerprint),
    ).toBe(true);
    expect(
      parseFingerprint(w("sha-1 4a:ad:b9:b1:3f:82:18:3b:54:02:12:df:3e:5d:49:6b:19:e5:7c:ab"), other),
    ).toBe(true);
    expect(sameFingerprint(fingerprint, other)).toBe(true);
    putFingerprint(fingerprint);
    expect(
      wrote(w("a=fingerprint:SHA-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB\r\n")),
    ).toBe(true);
    expect(parseFingerprint(w("token 4A:AD"), other)).toBe(true);
    expect(sameFingerprint(fingerprint, other)).toBe(false);
    expect(parseFingerprint(w("sha-1 4A:AD"), other)).toBe(false);
    expect(parseFingerprint(w("sha-256 4A"), other)).toBe(false);
    expect(parseFingerprint(w("sha-384 4A"), other)).toBe(false);
    expect(parseFingerprint(w("sha-512 4A"), other)).toBe(false);
    expect(parseFingerprint(w("x 4A:"), other)).toBe(false);
    expect(parseFingerprint(w("x 4A-AD"), other)).toBe(false);
    expect(parseFingerprint(w("x 4G"), other)).toBe(false);
    expect(parseFingerprint(w("x"), other)).toBe(false);
    expect(parseFingerprint(EMPTY, other)).toBe(false);
  });

  it("agree on who opens the connection (RFC 4145 §4.1)", () => {
    for (let setup = Setup.Active; setup <= Setup.HoldConn; setup++) {
      expect(setupNamed(setupName(setup))).toBe(setup);
    }
    expect(setupNamed(w("ACTIVE"))).toBe(Setup.None);
    expect(answerTo(Setup.Active)).toBe(Setup.Passive);
    expect(answerTo(Setup.Passive)).toBe(Setup.Active);
    expect(answerTo(Setup.ActPass)).toBe(Setup.Active);
    expect(answerTo(Setup.HoldConn)).toBe(Setup.HoldConn);
    expect(answerTo(Setup.None)).toBe(Setup.Passive);
  });
});

describe("ICE (RFC 8839)", () => {
  it("has candidates", () => {
    const c = newCandidate();
    expect(
      parseCandidate(
        w("2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998 generation 0"),
        c,
      ),
    ).toBe(true);
    expect(c.component).toBe(1);
    expect(<i32>c.priority).toBe(1694498815);
    expect(equals(c.type, w("srflx"))).toBe(true);
    expect(equals(c.relatedAddress, w("203.0.113.141"))).toBe(true);
    expect(c.relatedPort).toBe(8998);
    putCandidate(c);
    expect(
      wrote(
        w(
          "a=candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998 generation 0\r\n",
        ),
      ),
    ).toBe(true);
    expect(parseCandidate(w("1 2 tcp 1 f.local 9 typ host tcptype active"), c)).toBe(true);
    expect(c.relatedPort).toBe(-1);
    expect(equals(c.extensions, w("tcptype active"))).toBe(true);
    putCandidate(c);
    expect(wrote(w("a=candidate:1 2 tcp 1 f.local 9 typ host tcptype active\r\n"))).toBe(true);
  });

  it("refuses what is none", () => {
    const c = newCandidate();
    expect(parseCandidate(EMPTY, c)).toBe(false);
    expect(parseCandidate(w("1 1 UDP 1 a 1"), c)).toBe(false);
    expect(parseCandidate(w("1 0 UDP 1 a 1 typ host"), c)).toBe(false);
    expect(parseCandidate(w("1 1 UDP 4294967296 a 1 typ host"), c)).toBe(false);
    expect(parseCandidate(w("1 1 UDP 1 a 65536 typ host"), c)).toBe(false);
    expect(parseCandidate(w("1 1 U/P 1 a 1 typ host"), c)).toBe(false);
    expect(parseCandidate(w("a-b 1 UDP 1 a 1 typ host"), c)).toBe(false);
    expect(parseCandidate(w("1 1 UDP 1 a 1 typ"), c)).toBe(false);
  });

  it("has a user and a password", () => {
    expect(isIceUser(w("8hhY"))).toBe(true);
    expect(isIceUser(w("8hh"))).toBe(false);
    expect(isIceUser(w("8hh="))).toBe(false);
    expect(isIcePassword(w("asd88fgpdd777uzjYhagZg"))).toBe(true);
    expect(isIcePassword(w("asd88fgpdd777uzjYhagZ"))).toBe(false);
    expect(isIcePassword(w("asd88fgpdd777uzjYhag+/"))).toBe(true);
  });
});

describe("rtcp", () => {
  it("has a port and perhaps an address (RFC 3605)", () => {
    const rtcp = newRtcpAddress();
    expect(parseRtcp(w("53020"), rtcp)).toBe(true);
    putRtcp(rtcp);
    expect(wrote(w("a=rtcp:53020\r\n"))).toBe(true);
    expect(parseRtcp(w("53020 IN IP6 2001:2345:6789:ABCD:EF01:2345:6789:ABCD"), rtcp)).toBe(true);
    expect(rtcp.isIPv6).toBe(true);
    putRtcp(rtcp);
    expect(wrote(w("a=rtcp:53020 IN IP6 2001:2345:6789:ABCD:EF01:2345:6789:ABCD\r\n"))).toBe(true);
    expect(parseRtcp(w("53020 IN IP4 126.16.64.4"), rtcp)).toBe(true);
    expect(parseRtcp(w("53020 IN IP4"), rtcp)).toBe(false);
    expect(parseRtcp(w("53020 IP4 a"), rtcp)).toBe(false);
    expect(parseRtcp(w("53020 IN IP5 a"), rtcp)).toBe(false);
    expect(parseRtcp(w("x"), rtcp)).toBe(false);
    expect(parseRtcp(EMPTY, rtcp)).toBe(false);
  });

  it("is on the next port, on one of its own or on the same (RFC 5761)", () => {
    const rtcp = newRtcpAddress();
    begin();
    add(w("m=audio 4000 RTP/AVP 0"));
    add(w("m=audio 5000 RTP/AVP 0"));
    add(w("a=rtcp:6000"));
    add(w("m=audio 7000 RTP/AVP 0"));
    add(w("a=rtcp:6000"));
    add(w("a=rtcp-mux"));
    expect(read()).toBe(true);
    expect(rtcpPort(theirs.media(0), rtcp)).toBe(4001);
    expect(rtcpPort(theirs.media(1), rtcp)).toBe(6000);
    expect(rtcpPort(theirs.media(2), rtcp)).toBe(7000);
  });
});

describe("group and mid (RFC 5888)", () => {
  it("name sections", () => {
    const all = newAttributes();
    begin();
    add(w("a=group:LS 1 2"));
    add(w("a=group:BUNDLE foo  bar"));
    add(w("m=audio 4000 RTP/AVP 0"));
    add(w("a=mid:foo"));
    add(w("m=video 5000 RTP/AVP 31"));
    add(w("m=video 6000 RTP/AVP 31"));
    add(w("a=mid:bar"));
    expect(read()).toBe(true);
    const bundle = findGroup(all, theirs, w("bundle"));
    expect(equals(groupSemantics(bundle), w("BUNDLE"))).toBe(true);
    expect(groupHas(bundle, midOf(theirs, 0))).toBe(true);
    expect(groupHas(bundle, w("bar"))).toBe(true);
    expect(groupHas(bundle, w("BUNDLE"))).toBe(false);
    expect(findGroup(all, theirs, w("FID"))).toBe(EMPTY);
    expect(midOf(theirs, 1)).toBe(EMPTY);
    expect(sectionNamed(theirs, w("bar"))).toBe(2);
    expect(sectionNamed(theirs, w("baz"))).toBe(-1);
  });
});

describe("rtpmap and fmtp", () => {
  it("say what a payload type is (RFC 8866 §6.6)", () => {
    const map = newRtpMap();
    expect(parseRtpMap(w("98 L16/16000/2"), map)).toBe(true);
    putRtpMap(map);
    expect(parseRtpMap(w("101 telephone-event/8000"), map)).toBe(true);
    expect(map.channels).toBe(1);
    putRtpMap(map);
    expect(wrote(w("a=rtpmap:98 L16/16000/2\r\na=rtpmap:101 telephone-event/8000\r\n"))).toBe(true);
    expect(parseRtpMap(w("128 x/8000"), map)).toBe(false);
    expect(parseRtpMap(w("4294967296 x/8000"), map)).toBe(false);
    expect(parseRtpMap(w("-1 x/8000"), map)).toBe(false);
    expect(parseRtpMap(w("1 x"), map)).toBe(false);
    expect(parseRtpMap(w("1 x/0"), map)).toBe(false);
    expect(parseRtpMap(w("1 x/8000/0"), map)).toBe(false);
    expect(parseRtpMap(w("1 x/8000/y"), map)).toBe(false);
    expect(parseRtpMap(w("1"), map)).toBe(false);
  });

  it("and with which parameters", () => {
    const all = newAttributes();
    begin();
    add(w("m=audio 4000 RTP/AVP 18 101"));
    add(w("a=fmtp:101 0-16"));
    add(w("a=fmtp:18 annexb=no; mode=20"));
    expect(read()).toBe(true);
    const lines = theirs.media(0).lines;
    expect(equals(formatParameters(all, lines, 101), w("0-16"))).toBe(true);
    const g729 = formatParameters(all, lines, 18);
    expect(equals(formatParameter(g729, w("annexb")), w("no"))).toBe(true);
    expect(equals(formatParameter(g729, w("MODE")), w("20"))).toBe(true);
    expect(formatParameter(g729, w("x"))).toBe(EMPTY);
    expect(formatParameters(all, lines, 8)).toBe(EMPTY);
  });
});
