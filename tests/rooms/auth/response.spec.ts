import { EMPTY, equals, Slice, w } from "../../../assembly/bytes/slice";
import { putResponse } from "../../../assembly/auth/response";
import { Challenge, newChallenge } from "../../../assembly/message/challenge";
import { mark, openOutput, written } from "../../../assembly/output/output";
import { openTestArena } from "../support/arena";

let challenge = changetype<Challenge>(<usize>0);
let method: Slice = EMPTY;
let uri: Slice = EMPTY;
let user: Slice = EMPTY;
let password: Slice = EMPTY;

function challenged(realm: Slice, nonce: Slice, algorithm: Slice): void {
  challenge.realm = realm;
  challenge.nonce = nonce;
  challenge.algorithm = algorithm;
}

function requested(itsMethod: Slice, itsUri: Slice, itsUser: Slice, itsPassword: Slice): void {
  method = itsMethod;
  uri = itsUri;
  user = itsUser;
  password = itsPassword;
}

function responds(cnonce: Slice, count: Slice, expected: Slice): bool {
  const from = mark();
  putResponse(challenge, method, uri, user, password, cnonce, count);
  return equals(written(from), expected);
}

describe("the digest response", () => {
  beforeEach(() => {
    openTestArena();
    openOutput();
    challenge = newChallenge();
  });

  // RFC 2617 §3.5 and RFC 7616 §3.9.1.
  it("agrees with the RFCs' examples", () => {
    challenged(w("testrealm@host.com"), w("dcd98b7102dd2f0e8b11d0f600bfb0c093"), EMPTY);
    requested(w("GET"), w("/dir/index.html"), w("Mufasa"), w("Circle Of Life"));
    expect(responds(w("0a4f113b"), w("00000001"), w("6629fae49393a05397450978507c4ef1"))).toBe(true);
    challenged(w("http-auth@example.org"), w("7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"), w("MD5"));
    requested(w("GET"), w("/dir/index.html"), w("Mufasa"), w("Circle of Life"));
    expect(
      responds(
        w("f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"),
        w("00000001"),
        w("8ca523f5e9506fed4657c9700eebdbec"),
      ),
    ).toBe(true);
    challenged(w("http-auth@example.org"), w("7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"), w("SHA-256"));
    requested(w("GET"), w("/dir/index.html"), w("Mufasa"), w("Circle of Life"));
    expect(
      responds(
        w("f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"),
        w("00000001"),
        w("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
      ),
    ).toBe(true);
  });

  // The parameters of draft-smith-sipping-auth-examples; with SHA-256 computed (RFC 8760).
  it("answers an INVITE, with and without qop", () => {
    challenged(w("biloxi.com"), w("dcd98b7102dd2f0e8b11d0f600bfb0c093"), EMPTY);
    requested(w("INVITE"), w("sip:bob@biloxi.com"), w("bob"), w("zanzibar"));
    expect(responds(EMPTY, EMPTY, w("bf57e4e0d0bffc0fbaedce64d59add5e"))).toBe(true);
    challenged(w("biloxi.com"), w("dcd98b7102dd2f0e8b11d0f600bfb0c093"), EMPTY);
    requested(w("INVITE"), w("sip:bob@biloxi.com"), w("bob"), w("zanzibar"));
    expect(responds(w("0a4f113b"), w("00000001"), w("89eb0059246c02b2f6ee02c7961d5ea3"))).toBe(true);
    challenged(w("biloxi.com"), w("dcd98b7102dd2f0e8b11d0f600bfb0c093"), w("SHA-256"));
    requested(w("INVITE"), w("sip:bob@biloxi.com"), w("bob"), w("zanzibar"));
    expect(
      responds(EMPTY, EMPTY, w("38aad98c50c33abe72c5f88dd17246ffcfa6b1f68852c855719ff0659386c0ca")),
    ).toBe(true);
    challenged(w("biloxi.com"), w("dcd98b7102dd2f0e8b11d0f600bfb0c093"), w("SHA-256"));
    requested(w("INVITE"), w("sip:bob@biloxi.com"), w("bob"), w("zanzibar"));
    expect(
      responds(
        w("0a4f113b"),
        w("00000001"),
        w("b3b5a6c69453abafaab9ae4dccdac90a076b6c80615d5f3498e7433b6e93bf4f"),
      ),
    ).toBe(true);
  });

  // Computed apart.
  it("takes the count into the response", () => {
    challenged(w("biloxi.com"), w("abc"), EMPTY);
    requested(w("REGISTER"), w("sip:biloxi.com"), w("bob"), w("zanzibar"));
    expect(responds(w("c"), w("00000001"), w("ccf596330bfb6ed8107eedd8c9c1a7c6"))).toBe(true);
    challenged(w("biloxi.com"), w("abc"), EMPTY);
    requested(w("REGISTER"), w("sip:biloxi.com"), w("bob"), w("zanzibar"));
    expect(responds(w("c"), w("00000002"), w("48981678ec2c265e6f3b92d22851802a"))).toBe(true);
    challenged(w("biloxi.com"), w("abc"), EMPTY);
    requested(w("REGISTER"), w("sip:biloxi.com"), w("bob"), w("zanzibar"));
    expect(responds(w("c"), w("0000000a"), w("82b02cab5bda150e71b6bd1cd5103bd0"))).toBe(true);
    challenged(w("biloxi.com"), w("abc"), EMPTY);
    requested(w("REGISTER"), w("sip:biloxi.com"), w("bob"), w("zanzibar"));
    expect(responds(w("c"), w("ffffffff"), w("ca2cee39841a987ad3869b9d35fae05d"))).toBe(true);
  });

  // Computed apart.
  it("hashes users, passwords and URIs as they are", () => {
    challenged(w("biloxi.com"), w("abc"), EMPTY);
    requested(w("REGISTER"), w("sip:biloxi.com"), w("bob"), w(""));
    expect(responds(EMPTY, EMPTY, w("c711472b7fcabd3c45e407190423d7c0"))).toBe(true);
    challenged(w("biloxi.com"), w("abc"), w("SHA-256"));
    requested(w("REGISTER"), w("sip:biloxi.com"), w("bob"), w("pässwörd€"));
    expect(
      responds(w("c"), w("00000001"), w("5093603cb66c7626eee200e830b6fdd35ab291baf89ce2c9184b63cbd683de1e")),
    ).toBe(true);
    challenged(w("biloxi.com"), w("abc"), EMPTY);
    requested(w("REGISTER"), w("sip:biloxi.com"), w("bob"), w("a:b:c"));
    expect(responds(w("c"), w("00000001"), w("852ca9cec715703b489efb02bfb9edc8"))).toBe(true);
    challenged(w("pbx.example.com"), w("n1"), EMPTY);
    requested(w("REGISTER"), w("sip:pbx.example.com"), w("201@pbx.example.com"), w("secret"));
    expect(responds(w("c1"), w("00000001"), w("0495928184b4ac721471d37650f4657d"))).toBe(true);
    challenged(w("asterisk"), w("5f0c2a6d"), EMPTY);
    requested(w("INVITE"), w("sip:2000@192.0.2.10:5060;user=phone;transport=tcp"), w("1001"), w("secret"));
    expect(responds(w("7d1b"), w("00000001"), w("9a84e3d5a20a036b0d590958b5e2d0c5"))).toBe(true);
  });

  // Computed apart; some stacks hash the text with its backslashes.
  it("hashes the realm without its escapes", () => {
    challenged(w('A \\"quoted\\\\realm\\"'), w("abc"), EMPTY);
    requested(w("REGISTER"), w("sip:biloxi.com"), w("bob"), w("x"));
    expect(responds(w("c"), w("00000001"), w("abd0400e51a1cf4264261a58e90fc95c"))).toBe(true);
  });
});
