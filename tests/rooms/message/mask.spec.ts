// What nobody may read in a trace: credentials, keys of media, passwords of URIs.

import { equals, slice, Slice, w } from "../../../assembly/bytes/slice";
import { clearOutput, mark, openOutput, put, written } from "../../../assembly/output/output";
import { maskSecrets } from "../../../assembly/message/mask";
import { openTestArena } from "../support/arena";

function masked(text: Slice): Slice {
  clearOutput();
  const from = mark();
  put(text);
  const copy = written(from);
  maskSecrets(copy);
  return copy;
}

function becomes(text: Slice, expected: Slice): bool {
  return equals(masked(text), expected);
}

beforeEach(() => {
  openTestArena();
  openOutput();
});

describe("credentials", () => {
  it("keep their scheme", () => {
    expect(
      becomes(w("Authorization: Digest a=1\r\nTo: x\r\n"), w("Authorization: Digest ***\r\nTo: x\r\n")),
    ).toBe(true);
    expect(becomes(w("proxy-authorization:Basic Zm9v"), w("proxy-authorization:**********"))).toBe(true);
  });

  it("of one word are no scheme", () => {
    expect(becomes(w("Authorization: Digest"), w("Authorization: ******"))).toBe(true);
  });

  it("on a folded line are secret too", () => {
    expect(
      becomes(
        w("Authorization: Digest a=1,\r\n b=2\r\nX: 1"),
        w("Authorization: Digest ****\r\n ***\r\nX: 1"),
      ),
    ).toBe(true);
  });

  it("of the server are secret", () => {
    expect(becomes(w("Authentication-Info: qop=auth"), w("Authentication-Info: ********"))).toBe(true);
    expect(becomes(w("Proxy-Authentication-Info : q"), w("Proxy-Authentication-Info : *"))).toBe(true);
  });

  it("have a colon behind their name", () => {
    expect(becomes(w("Authorizations"), w("Authorizations"))).toBe(true);
  });
});

describe("keys of media", () => {
  it("in SDP", () => {
    expect(
      becomes(
        w(
          "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2|2^20|1:4;inline:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2 WSH=64\r\nA=CRYPTO:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2",
        ),
        w(
          "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:****************************************|2^20|1:4;inline:**************************************** WSH=64\r\nA=CRYPTO:****************************************",
        ),
      ),
    ).toBe(true);
    expect(becomes(w("a=crypto:1 UNAUTHENTICATED_SRTP\r\n"), w("a=crypto:1 UNAUTHENTICATED_SRTP\r\n"))).toBe(
      true,
    );
    expect(
      becomes(w("a=key-mgmt:m\na=ice-pwd:ab\nk=clear:x"), w("a=key-mgmt:*\na=ice-pwd:**\nk=*******")),
    ).toBe(true);
  });
});

describe("passwords", () => {
  it("of SIP URIs", () => {
    expect(becomes(w("To: <sip:a:pw@h>"), w("To: <sip:a:**@h>"))).toBe(true);
    expect(becomes(w("SIPS:a:p@w@h;x"), w("SIPS:a:***@h;x"))).toBe(true);
  });

  it("of URIs with a path", () => {
    expect(becomes(w("http://u:pw@h/p@q"), w("http://u:**@h/p@q"))).toBe(true);
  });

  it("are not the port, nor what follows other colons", () => {
    expect(becomes(w("Contact: <sip:a@h:5060>\r\n"), w("Contact: <sip:a@h:5060>\r\n"))).toBe(true);
    expect(becomes(w("Date: 10:20@x"), w("Date: 10:20@x"))).toBe(true);
  });
});

describe("lines", () => {
  it("end with CR, LF or both, or not at all", () => {
    expect(becomes(w("a=ice-pwd:a\rb\na=ice-pwd:c"), w("a=ice-pwd:*\rb\na=ice-pwd:*"))).toBe(true);
    expect(becomes(slice(0, 0), slice(0, 0))).toBe(true);
  });
});
