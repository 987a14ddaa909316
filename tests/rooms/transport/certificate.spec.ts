// TDR-03: whom a certificate speaks for.

import { EMPTY, equals, Slice, w } from "../../../assembly/bytes/slice";
import { openMessage } from "../../../assembly/message/message";
import { openTestArena } from "../support/arena";
import { isVerified, reasonOf, speaksFor } from "../../../assembly/transport/certificate";

/** The names, in lines behind a first one that says nothing of them. */
function expectFor(names: Slice, name: Slice, isExpected: bool): void {
  expect(speaksFor(names, name)).toBe(isExpected);
}

describe("whom a certificate speaks for", () => {
  beforeAll(() => {
    openTestArena();
    openMessage();
  });

  it("exactly its DNS names, in any case", () => {
    const names = w("verified\nDNS:sip.example.com\nDNS:b.example.com\nCN:cn.example.com\n");
    expectFor(names, w("sip.example.com"), true);
    expectFor(names, w("SIP.Example.COM"), true);
    expectFor(names, w("b.example.com"), true);
    expectFor(names, w("example.com"), false);
    expectFor(names, w("a.sip.example.com"), false);
    expectFor(names, w("sip.example.co"), false);
    expectFor(names, w("sip.example.com.evil.example"), false);
    expectFor(names, w(""), false);
  });

  it("a SIP URI counts before all DNS names", () => {
    const names = w("verified\nDNS:host.example.com\nURI:SIP:example.com\n");
    expectFor(names, w("example.com"), true);
    expectFor(names, w("EXAMPLE.com"), true);
    expectFor(names, w("host.example.com"), false);
  });

  it("a URI of a person, or of another scheme, is nobody's name", () => {
    expectFor(w("verified\nURI:sip:bob@example.com\n"), w("example.com"), false);
    expectFor(w("verified\nURI:sip:bob@example.com\n"), w("bob@example.com"), false);
    expectFor(w("verified\nURI:sip:bob@example.com\nDNS:example.com\n"), w("example.com"), true);
    expectFor(w("verified\nURI:https://example.com\nDNS:example.com\n"), w("example.com"), true);
    expectFor(w("verified\nURI:sips:example.com\n"), w("example.com"), false);
  });

  it("a star stands for the whole left-most label", () => {
    const names = w("verified\nDNS:*.a.com\n");
    expectFor(names, w("foo.a.com"), true);
    expectFor(names, w("FOO.A.com"), true);
    expectFor(names, w("bar.foo.a.com"), false);
    expectFor(names, w("a.com"), false);
    expectFor(names, w(".a.com"), false);
    expectFor(names, w("fooxa.com"), false);
  });

  it("a star never stands for a part of a label, nor for any other", () => {
    expectFor(w("verified\nDNS:f*.com\n"), w("foo.com"), false);
    expectFor(w("verified\nDNS:*oo.com\n"), w("foo.com"), false);
    expectFor(w("verified\nDNS:a.*.com\n"), w("a.b.com"), false);
    expectFor(w("verified\nDNS:*\n"), w("localhost"), false);
    expectFor(w("verified\nDNS:*.\n"), w("localhost."), false);
    expectFor(w("verified\nDNS:*.0.2.7\n"), w("192.0.2.7"), false);
    expectFor(w("verified\nURI:sip:*.a.com\n"), w("a.com"), false);
  });

  it("the common name counts only where there is no alternative name of any kind", () => {
    expectFor(w("verified\nCN:example.com\n"), w("example.com"), true);
    expectFor(w("verified\nCN:*.example.com\n"), w("a.example.com"), true);
    expectFor(w("verified\nDNS:b.example\nCN:example.com\n"), w("example.com"), false);
    expectFor(w("verified\nURI:https://b.example\nCN:example.com\n"), w("example.com"), false);
    expectFor(w("verified\nIP:192.0.2.7\nCN:example.com\n"), w("example.com"), false);
  });

  it("an address is named as one", () => {
    expectFor(w("verified\nIP:192.0.2.7\nDNS:192.0.2.8\nCN:192.0.2.9\n"), w("192.0.2.7"), true);
    expectFor(w("verified\nIP:192.0.2.7\nDNS:192.0.2.8\nCN:192.0.2.9\n"), w("192.0.2.8"), false);
    expectFor(w("verified\nCN:192.0.2.9\n"), w("192.0.2.9"), false);
    expectFor(w("verified\nIP:2001:db8::1\n"), w("2001:DB8::1"), true);
  });

  it("nothing speaks for nobody", () => {
    expectFor(w(""), w("example.com"), false);
    expectFor(w("verified\n"), w("example.com"), false);
    expectFor(w("verified\nDNS:\nCN:\n"), w("example.com"), false);
    expectFor(w("verified\nDNS:\nCN:\n"), w(""), false);
    expectFor(w("verified\nDNS:example.com"), w("example.com"), true);
  });
});

describe("whether it is trusted", () => {
  it("is what the first line says, and no other", () => {
    expect(isVerified(w("verified\nDNS:a\n"))).toBe(true);
    expect(isVerified(w("verified"))).toBe(true);
    expect(isVerified(w("unverified\nverified\n"))).toBe(false);
    expect(isVerified(w("DNS:verified\n"))).toBe(false);
    expect(isVerified(w("verified by nobody\n"))).toBe(false);
    expect(isVerified(w(""))).toBe(false);
  });

  it("has a reason where it is not", () => {
    expect(equals(reasonOf(w("unverified has expired\nDNS:a\n")), w("has expired"))).toBe(true);
    expect(reasonOf(w("verified\n"))).toBe(EMPTY);
    expect(reasonOf(w(""))).toBe(EMPTY);
  });
});
