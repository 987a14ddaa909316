// Challenges, credentials and Authentication-Info (RFC 3261 §20, RFC 7616, RFC 8760).

import { EMPTY, equals, size, Slice, w } from "../../../assembly/bytes/slice";
import {
  newAuthenticationInfo,
  parseAuthenticationInfo,
  putAuthenticationInfo,
} from "../../../assembly/message/authentication-info";
import { Challenge, newChallenge, parseChallenge } from "../../../assembly/message/challenge";
import {
  Credentials,
  hasUserhash,
  newCredentials,
  parseCredentials,
  putCredentials,
} from "../../../assembly/message/credentials";
import { Header } from "../../../assembly/message/header";
import { putChallenge } from "../../../assembly/message/put-challenge";
import { isQuoted, putMeaning, putQuoted, putQuotedAgain } from "../../../assembly/message/quoted";
import { openRows, wrote, writtenValue } from "./rows";
import { begin, byte, raw, text } from "./text";

let challenge: Challenge = changetype<Challenge>(0);
let credentials: Credentials = changetype<Credentials>(0);

beforeEach(() => {
  openRows();
  challenge = newChallenge();
  credentials = newCredentials();
});

/** Credentials whose nonce, realm and user name are `n` letters long. */
function longCredentials(n: i32): Slice {
  begin();
  raw(w("Digest username="));
  letters(n);
  raw(w(", realm="));
  letters(n);
  raw(w(", nonce="));
  letters(n);
  raw(w(', uri="sip:a", response=""'));
  return text();
}

function letters(n: i32): void {
  byte(0x22);
  for (let i = 0; i < n; i++) byte(97);
  byte(0x22);
}

describe("quoted strings", () => {
  it("are written with escapes, and understood without", () => {
    putQuoted(w('a "b" \\ c'));
    expect(wrote(w('"a \\"b\\" \\\\ c"'))).toBe(true);
    putQuotedAgain(w('a \\"b\\" "c" \\'));
    expect(wrote(w('"a \\"b\\" \\"c\\" \\\\"'))).toBe(true);
    putMeaning(w('"a \\"b\\" \\c"'));
    expect(wrote(w('a "b" c'))).toBe(true);
    putMeaning(w("a\\b"));
    expect(wrote(w("a\\b"))).toBe(true);
    putMeaning(w('""'));
    expect(wrote(EMPTY)).toBe(true);
    expect(isQuoted(w('"a"'))).toBe(true);
    expect(isQuoted(w("a"))).toBe(false);
    expect(isQuoted(w('"'))).toBe(false);
  });
});

describe("a challenge", () => {
  it("is written as it was understood", () => {
    const row = w(
      'WWW-Authenticate: Digest realm="atlanta.com \\"x\\"", nonce="f84f1cec41e6cbe5aea9c8e88d359", opaque="", stale=true, algorithm=SHA-256, qop="auth,auth-int"\r\n',
    );
    expect(
      parseChallenge(
        w(
          'Digest  realm="atlanta.com \\"x\\"",domain="sip:ss1.carrier.com",qop="auth,auth-int" nonce="f84f1cec41e6cbe5aea9c8e88d359", opaque="", stale=TRUE, algorithm=SHA-256',
        ),
        challenge,
      ),
    ).toBe(true);
    putChallenge(Header.WwwAuthenticate, challenge);
    expect(wrote(row)).toBe(true);
    putChallenge(Header.WwwAuthenticate, challenge);
    expect(parseChallenge(writtenValue(), challenge)).toBe(true);
    putChallenge(Header.WwwAuthenticate, challenge);
    expect(wrote(row)).toBe(true);
  });

  it("of another scheme, or with little in it, too", () => {
    expect(parseChallenge(w("Digest realm=a,nonce=b=="), challenge)).toBe(true);
    putChallenge(Header.ProxyAuthenticate, challenge);
    expect(wrote(w('Proxy-Authenticate: Digest realm="a", nonce="b=="\r\n'))).toBe(true);
    expect(parseChallenge(w("Digest"), challenge)).toBe(true);
    expect(parseChallenge(w(""), challenge)).toBe(false);
    expect(parseChallenge(w('="x"'), challenge)).toBe(false);
  });
});

describe("credentials", () => {
  it("come apart (RFC 7616 §3.9.1)", () => {
    const value = w(
      'Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", x=y',
    );
    expect(parseCredentials(value, credentials)).toBe(true);
    expect(equals(credentials.scheme, w("Digest"))).toBe(true);
    expect(equals(credentials.username, w("Mufasa"))).toBe(true);
    expect(equals(credentials.realm, w("http-auth@example.org"))).toBe(true);
    expect(equals(credentials.uri, w("/dir/index.html"))).toBe(true);
    expect(equals(credentials.algorithm, w("SHA-256"))).toBe(true);
    expect(equals(credentials.nc, w("00000001"))).toBe(true);
    expect(equals(credentials.qop, w("auth"))).toBe(true);
    expect(size(credentials.response)).toBe(64);
    expect(size(credentials.nonce)).toBe(44);
    expect(size(credentials.cnonce)).toBe(44);
    expect(size(credentials.opaque)).toBe(44);
    expect(hasUserhash(credentials)).toBe(false);
    putCredentials(Header.Authorization, credentials);
    expect(parseCredentials(writtenValue(), credentials)).toBe(true);
    expect(size(credentials.opaque)).toBe(44);
    expect(equals(credentials.username, w("Mufasa"))).toBe(true);
  });

  it("are written again, with and without qop", () => {
    const row = w(
      'Proxy-Authorization: Digest username="bob \\"x\\"", realm="biloxi.com", nonce="dcd98b", uri="sip:bob@biloxi.com", response="6629fae4", algorithm=SHA-512-256, cnonce="0a4f113b", qop=auth, nc=00000001, userhash=true\r\n',
    );
    expect(
      parseCredentials(
        w(
          'digest username="bob \\"x\\"" realm="biloxi.com",nonce="dcd98b",uri="sip:bob@biloxi.com",qop=auth, nc=00000001, cnonce="0a4f113b",response="6629fae4",algorithm=SHA-512-256,userhash=true',
        ),
        credentials,
      ),
    ).toBe(true);
    expect(hasUserhash(credentials)).toBe(true);
    credentials.scheme = w("Digest");
    putCredentials(Header.ProxyAuthorization, credentials);
    expect(wrote(row)).toBe(true);
    parseCredentials(w("Digest username=a,realm=b,nonce=c,uri=d,response=e"), credentials);
    putCredentials(Header.Authorization, credentials);
    expect(
      wrote(w('Authorization: Digest username="a", realm="b", nonce="c", uri="d", response="e"\r\n')),
    ).toBe(true);
  });

  it("are not there without what Digest needs", () => {
    expect(parseCredentials(w('Digest realm="b",nonce="c",uri="d",response="e"'), credentials)).toBe(false);
    expect(parseCredentials(w('Digest username="a",nonce="c",uri="d",response="e"'), credentials)).toBe(
      false,
    );
    expect(parseCredentials(w('Digest username="a",realm="b",uri="d",response="e"'), credentials)).toBe(
      false,
    );
    expect(parseCredentials(w('Digest username="a",realm="b",nonce="c",response="e"'), credentials)).toBe(
      false,
    );
    expect(parseCredentials(w('Digest username="a",realm="b",nonce="c",uri="d"'), credentials)).toBe(false);
    expect(parseCredentials(w("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), credentials)).toBe(false);
    expect(parseCredentials(w("NoOneKnowsThisScheme opaque-data=here"), credentials)).toBe(false);
    expect(parseCredentials(w(""), credentials)).toBe(false);
  });
});

describe("Authentication-Info", () => {
  it("brings the next nonce and the server's proof (RFC 7616 §3.5)", () => {
    const info = newAuthenticationInfo();
    const row = w(
      'Authentication-Info: nextnonce="47364c23432d2e131a5fb210812c", qop=auth, rspauth="6629fae49393a05397450978507c4ef1", cnonce="0a4f113b", nc=00000001\r\n',
    );
    expect(
      parseAuthenticationInfo(
        w(
          'nc=00000001,cnonce="0a4f113b", rspauth="6629fae49393a05397450978507c4ef1" , qop=auth,nextnonce="47364c23432d2e131a5fb210812c",x=y',
        ),
        info,
      ),
    ).toBe(true);
    putAuthenticationInfo(info);
    expect(parseAuthenticationInfo(writtenValue(), info)).toBe(true);
    putAuthenticationInfo(info);
    expect(wrote(row)).toBe(true);
    expect(parseAuthenticationInfo(w('nextnonce="a"'), info)).toBe(true);
    expect(info.rspauth).toBe(EMPTY);
    putAuthenticationInfo(info);
    expect(wrote(w('Authentication-Info: nextnonce="a"\r\n'))).toBe(true);
    expect(parseAuthenticationInfo(w("nextnonce"), info)).toBe(false);
    expect(parseAuthenticationInfo(w('nextnonce="a'), info)).toBe(false);
    expect(parseAuthenticationInfo(w('="a"'), info)).toBe(false);
    expect(parseAuthenticationInfo(w(""), info)).toBe(true);
  });
});

describe("malformed input", () => {
  it("row 4: credentials of any length are read, none is copied", () => {
    for (let n = 0; n <= 4096; n = n == 0 ? 32 : n == 32 ? 33 : n == 33 ? 4096 : 5000) {
      expect(parseCredentials(longCredentials(n), credentials)).toBe(true);
      expect(size(credentials.nonce)).toBe(n);
      expect(parseChallenge(longCredentials(n), challenge)).toBe(true);
      expect(size(challenge.realm)).toBe(n);
    }
  });

  it("row 23: a challenge without algorithm is one", () => {
    expect(parseChallenge(w('Digest realm="a", nonce="b"'), challenge)).toBe(true);
    expect(challenge.algorithm).toBe(EMPTY);
  });

  it("row 24: broken parameter names and ten thousand commas", () => {
    expect(parseCredentials(w("Digest ,"), credentials)).toBe(false);
    expect(parseCredentials(w("Digest ="), credentials)).toBe(false);
    expect(parseCredentials(w("Digest a"), credentials)).toBe(false);
    expect(parseCredentials(w('Digest a="'), credentials)).toBe(false);
    expect(parseCredentials(w("Digest a=,"), credentials)).toBe(false);
    expect(parseCredentials(w("Digest @=1"), credentials)).toBe(false);
    expect(parseChallenge(w("Digest ="), challenge)).toBe(false);
    expect(parseChallenge(w("Digest a"), challenge)).toBe(false);
    begin();
    raw(w("Digest "));
    for (let i = 0; i < 10000; i++) byte(0x2c);
    expect(parseCredentials(text(), credentials)).toBe(false);
    raw(w("username=a,realm=b,nonce=c,uri=d,response=e"));
    expect(parseCredentials(text(), credentials)).toBe(true);
  });
});
