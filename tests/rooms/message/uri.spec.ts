import { equals, isPresent, size, w } from "../../../assembly/bytes/slice";
import { isIPv4Address, isIPv6Address } from "../../../assembly/message/host";
import { openMessage } from "../../../assembly/message/message";
import {
  newUri,
  parseUri,
  sameUri,
  sameUser,
  Scheme,
  Uri,
  uriParameter,
} from "../../../assembly/message/uri";
import { openTestArena } from "../support/arena";

let uri: Uri = changetype<Uri>(0);

beforeEach(() => {
  openTestArena();
  openMessage();
  uri = newUri();
});

describe("SIP URIs", () => {
  it("come apart", () => {
    expect(parseUri(w("sip:alice:secret@[2001:db8::1]:5070;transport=tcp;lr?Subject=a%20b"), uri)).toBe(true);
    expect(uri.scheme).toBe(Scheme.Sip);
    expect(equals(uri.user, w("alice"))).toBe(true);
    expect(equals(uri.password, w("secret"))).toBe(true);
    expect(equals(uri.host, w("[2001:db8::1]"))).toBe(true);
    expect(uri.port).toBe(5070);
    expect(equals(uri.params, w(";transport=tcp;lr"))).toBe(true);
    expect(equals(uri.headers, w("Subject=a%20b"))).toBe(true);
    expect(equals(uriParameter(uri, w("Transport")), w("tcp"))).toBe(true);
    expect(size(uriParameter(uri, w("lr")))).toBe(0);
    expect(isPresent(uriParameter(uri, w("lr")))).toBe(true);
    expect(isPresent(uriParameter(uri, w("maddr")))).toBe(false);
  });

  it("may be as short as a host", () => {
    expect(parseUri(w("SIPS:Example.com"), uri)).toBe(true);
    expect(uri.scheme).toBe(Scheme.Sips);
    expect(isPresent(uri.user)).toBe(false);
    expect(uri.port).toBe(0);
    expect(isPresent(uri.headers)).toBe(false);
    expect(parseUri(w("sip:a?"), uri)).toBe(true);
    expect(isPresent(uri.headers)).toBe(true);
  });

  it("may have any permitted byte in the user", () => {
    expect(
      parseUri(
        w(
          "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com",
        ),
        uri,
      ),
    ).toBe(true);
    expect(equals(uri.user, w("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"))).toBe(true);
    expect(parseUri(w("sip:user;par=u%40example.net@example.com"), uri)).toBe(true);
    expect(equals(uri.user, w("user;par=u%40example.net"))).toBe(true);
    expect(parseUri(w("sip:null-%00-null@example.com"), uri)).toBe(true);
    expect(parseUri(w("sip:*21#@example.com"), uri)).toBe(true);
  });

  it("are refused with anything dangerous in them", () => {
    expect(parseUri(w(""), uri)).toBe(false);
    expect(parseUri(w("/"), uri)).toBe(false);
    expect(parseUri(w(":"), uri)).toBe(false);
    expect(parseUri(w("sip:"), uri)).toBe(false);
    expect(parseUri(w("alice@example.com"), uri)).toBe(false);
    expect(parseUri(w("<sip:a@b>"), uri)).toBe(false);
    expect(parseUri(w("sip:a@b; lr"), uri)).toBe(false);
    expect(parseUri(w(" sip:a@b"), uri)).toBe(false);
    expect(parseUri(w("sip:a@b\x7f"), uri)).toBe(false);
    expect(parseUri(w("sip:a\x01@b"), uri)).toBe(false);
    expect(parseUri(w('sip:"a"@b'), uri)).toBe(false);
    expect(parseUri(w("sip:@b"), uri)).toBe(false);
    expect(parseUri(w("sip::x@b"), uri)).toBe(false);
    expect(parseUri(w("sip:a@"), uri)).toBe(false);
    expect(parseUri(w("sip:a@;lr"), uri)).toBe(false);
    expect(parseUri(w("sip:a@b@c"), uri)).toBe(false);
    expect(parseUri(w("sip:a{@b"), uri)).toBe(false);
    expect(parseUri(w("sip:a:{@b"), uri)).toBe(false);
    expect(parseUri(w("sip:b;p={"), uri)).toBe(false);
    expect(parseUri(w("sip:b?a={"), uri)).toBe(false);
  });

  it("have whole escapes only, at the end too", () => {
    expect(parseUri(w("sip:a%"), uri)).toBe(false);
    expect(parseUri(w("sip:a%4"), uri)).toBe(false);
    expect(parseUri(w("sip:a%@b"), uri)).toBe(false);
    expect(parseUri(w("sip:a%4g@b"), uri)).toBe(false);
    expect(parseUri(w("sip:a@b;p=%"), uri)).toBe(false);
    expect(parseUri(w("sip:a@b;p=%4"), uri)).toBe(false);
    expect(parseUri(w("sip:a@b?h=%4"), uri)).toBe(false);
    expect(parseUri(w("sip:a%4F@b"), uri)).toBe(true);
  });

  it("have a port from 1 to 65535", () => {
    expect(parseUri(w("sip:b:65535"), uri)).toBe(true);
    expect(parseUri(w("sip:b:65536"), uri)).toBe(false);
    expect(parseUri(w("sip:b:0"), uri)).toBe(false);
    expect(parseUri(w("sip:b:"), uri)).toBe(false);
    expect(parseUri(w("sip:b:5o6o"), uri)).toBe(false);
    expect(parseUri(w("sip:2001:db8::10"), uri)).toBe(false);
  });

  it("may be of other schemes", () => {
    expect(parseUri(w("tel:+1-201-555-0123;phone-context=x"), uri)).toBe(true);
    expect(uri.scheme).toBe(Scheme.Tel);
    expect(equals(uri.user, w("+1-201-555-0123"))).toBe(true);
    expect(equals(uriParameter(uri, w("phone-context")), w("x"))).toBe(true);
    expect(parseUri(w("tel:"), uri)).toBe(false);
    expect(parseUri(w("tel:;x"), uri)).toBe(false);
    expect(parseUri(w("tel:hello"), uri)).toBe(false);
    expect(parseUri(w("soap.beep://192.0.2.103:3002"), uri)).toBe(true);
    expect(uri.scheme).toBe(Scheme.Unknown);
    expect(parseUri(w("2sip:a"), uri)).toBe(false);
    expect(parseUri(w("s(p:a"), uri)).toBe(false);
  });
});

describe("numeric hosts", () => {
  it("may be IPv6 addresses of RFC 5954", () => {
    expect(isIPv6Address(w("::"))).toBe(true);
    expect(isIPv6Address(w("::1"))).toBe(true);
    expect(isIPv6Address(w("1::"))).toBe(true);
    expect(isIPv6Address(w("1:2:3:4:5:6:7:8"))).toBe(true);
    expect(isIPv6Address(w("1:2:3:4:5:6:7::"))).toBe(true);
    expect(isIPv6Address(w("1:2:3:4:5:6:1.2.3.4"))).toBe(true);
    expect(isIPv6Address(w("::ffff:192.0.2.10"))).toBe(true);
    expect(isIPv6Address(w("2001:DB8::9:1"))).toBe(true);
  });

  it("are refused when they are nearly such", () => {
    expect(isIPv6Address(w(""))).toBe(false);
    expect(isIPv6Address(w(":"))).toBe(false);
    expect(isIPv6Address(w(":::"))).toBe(false);
    expect(isIPv6Address(w(":1"))).toBe(false);
    expect(isIPv6Address(w("1:"))).toBe(false);
    expect(isIPv6Address(w("1::2::3"))).toBe(false);
    expect(isIPv6Address(w("2001:db8:::192.0.2.1"))).toBe(false);
    expect(isIPv6Address(w("1:2:3:4:5:6:7"))).toBe(false);
    expect(isIPv6Address(w("1:2:3:4:5:6:7:8:9"))).toBe(false);
    expect(isIPv6Address(w("1:2:3:4:5:6:7:8::"))).toBe(false);
    expect(isIPv6Address(w("::1:2:3:4:5:6:7:8"))).toBe(false);
    expect(isIPv6Address(w("1:2:3:4:5:6:7:1.2.3.4"))).toBe(false);
    expect(isIPv6Address(w("::1.2.3"))).toBe(false);
    expect(isIPv6Address(w("12345::"))).toBe(false);
    expect(isIPv6Address(w("g::"))).toBe(false);
    expect(isIPv6Address(w("1;2"))).toBe(false);
    expect(parseUri(w("sip:[::1"), uri)).toBe(false);
    expect(parseUri(w("sip:[]"), uri)).toBe(false);
    expect(parseUri(w("sip:[::1]x"), uri)).toBe(false);
  });

  it("may be IPv4 addresses", () => {
    expect(isIPv4Address(w("192.0.2.255"))).toBe(true);
    expect(isIPv4Address(w("192.0.2.256"))).toBe(false);
    expect(isIPv4Address(w("192.0.2"))).toBe(false);
    expect(isIPv4Address(w("1.2.3.4.5"))).toBe(false);
    expect(isIPv4Address(w("1..2.3"))).toBe(false);
    expect(isIPv4Address(w("1.2.3.0004"))).toBe(false);
  });
});

describe("equivalent URIs (RFC 3261 §19.1.4)", () => {
  it("differ in escapes, letter case and order", () => {
    expect(
      sameUri(w("sip:%61lice@atlanta.com;transport=TCP"), w("sip:alice@AtLanTa.CoM;Transport=tcp")),
    ).toBe(true);
    expect(
      sameUri(
        w("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com"),
        w("sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"),
      ),
    ).toBe(true);
    expect(
      sameUri(
        w("sip:alice@atlanta.com?subject=project%20x&priority=urgent"),
        w("sip:alice@atlanta.com?priority=urgent&subject=project%20x"),
      ),
    ).toBe(true);
  });

  it("differ in parameters that are in one only, and this is not transitive", () => {
    expect(sameUri(w("sip:carol@chicago.com"), w("sip:carol@chicago.com;newparam=5"))).toBe(true);
    expect(sameUri(w("sip:carol@chicago.com"), w("sip:carol@chicago.com;security=on"))).toBe(true);
    expect(sameUri(w("sip:carol@chicago.com;newparam=5"), w("sip:carol@chicago.com;security=on"))).toBe(true);
    expect(sameUri(w("sip:carol@chicago.com"), w("sip:carol@chicago.com;security=off"))).toBe(true);
    expect(sameUri(w("sip:carol@chicago.com;security=on"), w("sip:carol@chicago.com;security=off"))).toBe(
      false,
    );
  });

  it("are not those with another user, port, transport, header or host", () => {
    expect(sameUri(w("SIP:ALICE@AtLanTa.CoM;Transport=udp"), w("sip:alice@AtLanTa.CoM;Transport=UDP"))).toBe(
      false,
    );
    expect(sameUri(w("sip:bob@biloxi.com"), w("sip:bob@biloxi.com:5060"))).toBe(false);
    expect(sameUri(w("sip:bob@biloxi.com"), w("sip:bob@biloxi.com;transport=udp"))).toBe(false);
    expect(sameUri(w("sip:bob@biloxi.com;transport=udp"), w("sip:bob@biloxi.com"))).toBe(false);
    expect(sameUri(w("sip:bob@biloxi.com"), w("sip:bob@biloxi.com:6000;transport=tcp"))).toBe(false);
    expect(sameUri(w("sip:carol@chicago.com"), w("sip:carol@chicago.com?Subject=next%20meeting"))).toBe(
      false,
    );
    expect(sameUri(w("sip:bob@phone21.boxesbybob.com"), w("sip:bob@192.0.2.4"))).toBe(false);
  });

  it("are not those where a part is missing", () => {
    expect(sameUri(w("sip:a@b"), w("sips:a@b"))).toBe(false);
    expect(sameUri(w("sip:a@b"), w("sip:b"))).toBe(false);
    expect(sameUri(w("sip:a:x@b"), w("sip:a@b"))).toBe(false);
    expect(sameUri(w("sip:a:@b"), w("sip:a@b"))).toBe(false);
    expect(sameUri(w("sip:a:x@b"), w("sip:a:X@b"))).toBe(false);
    expect(sameUri(w("sip:a@b"), w("sip:a@b;user=ip"))).toBe(false);
    expect(sameUri(w("sip:a@b"), w("sip:a@b;ttl=1"))).toBe(false);
    expect(sameUri(w("sip:a@b"), w("sip:a@b;method=INVITE"))).toBe(false);
    expect(sameUri(w("sip:a@b;maddr=1.2.3.4"), w("sip:a@b"))).toBe(false);
    expect(sameUri(w("sip:a@b;lr"), w("sip:a@b;lr=on"))).toBe(false);
    expect(sameUri(w("sip:a@b?x=1&y=2"), w("sip:a@b?x=1"))).toBe(false);
  });

  it("keep escaped reserved bytes apart from the bytes themselves", () => {
    expect(sameUri(w("sip:a%3bb@c"), w("sip:a;b@c"))).toBe(false);
    expect(sameUri(w("sip:a%3Bb@c"), w("sip:a%3bb@c"))).toBe(true);
    expect(sameUser(w("%2b49%3b"), w("+49;"))).toBe(true);
    expect(sameUser(w("alice"), w("Alice"))).toBe(false);
    expect(sameUser(w("alice"), w("alic"))).toBe(false);
    expect(sameUser(w("100%"), w("100%"))).toBe(true);
  });

  it("of other schemes are the same bytes", () => {
    expect(sameUri(w("tel:+123"), w("tel:+123"))).toBe(true);
    expect(sameUri(w("tel:+123"), w("tel:+124"))).toBe(false);
    expect(sameUri(w("http:a"), w("http:a"))).toBe(true);
    expect(sameUri(w("nonsense"), w("nonsense"))).toBe(false);
  });
});
