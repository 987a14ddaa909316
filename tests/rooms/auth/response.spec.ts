// Digest vectors: RFC 2617 §3.5, RFC 7616 §3.9, draft-smith-sipping-auth-examples, and others computed with Python's
// hashlib. Those of RFC 7616 §3.9.2 are not as printed there: the RFC cut SHA-512 short, and that is not SHA-512/256
// (FIPS 180-4 §5.3.6 has other initial values).

import { newProof, Proof } from "../../../assembly/auth/proof";
import { putResponse, putUserHash } from "../../../assembly/auth/response";
import { EMPTY, equals, Slice, w } from "../../../assembly/bytes/slice";
import { Challenge, newChallenge } from "../../../assembly/message/challenge";
import { mark, openOutput, written } from "../../../assembly/output/output";
import { openTestArena } from "../support/arena";

let challenge = changetype<Challenge>(<usize>0);
let proof = changetype<Proof>(<usize>0);

function body(): Slice {
  return w(
    "v=0\r\no=bob 2890844526 2890844526 IN IP4 media.biloxi.com\r\ns=\r\nc=IN IP4 media.biloxi.com\r\nt=0 0\r\nm=audio 49170 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\nm=video 51372 RTP/AVP 31\r\na=rtpmap:31 H261/90000\r\nm=video 53000 RTP/AVP 32\r\na=rtpmap:32 MPV/90000\r\n",
  );
}

/** The realm and the nonce as they stand between quotes. */
function challenged(algorithm: Slice, realm: Slice, nonce: Slice, qop: Slice): void {
  challenge.algorithm = algorithm;
  challenge.realm = realm;
  challenge.nonce = nonce;
  challenge.qop = qop;
}

function by(user: Slice, password: Slice): void {
  proof.user = user;
  proof.password = password;
}

function requested(method: Slice, uri: Slice, content: Slice = EMPTY): void {
  proof.method = method;
  proof.uri = uri;
  proof.body = content;
}

function responds(cnonce: Slice, count: Slice, expected: Slice): bool {
  proof.cnonce = cnonce;
  proof.count = count;
  const from = mark();
  putResponse(challenge, proof);
  return equals(written(from), expected);
}

/** Bob's answer to biloxi.com with the nonce of RFC 2617, to an INVITE. */
function invites(algorithm: Slice, qop: Slice, expected: Slice): bool {
  challenged(algorithm, w("biloxi.com"), w("dcd98b7102dd2f0e8b11d0f600bfb0c093"), qop);
  by(w("bob"), w("zanzibar"));
  requested(w("INVITE"), w("sip:bob@biloxi.com"), equals(qop, w("auth-int")) ? body() : EMPTY);
  return responds(w("0a4f113b"), w("00000001"), expected);
}

/** The same for a REGISTER with the nonce "abc". */
function registers(password: Slice, count: Slice, expected: Slice): bool {
  by(w("bob"), password);
  requested(w("REGISTER"), w("sip:biloxi.com"));
  return responds(w("c"), count, expected);
}

function namesUser(algorithm: Slice, realm: Slice, expected: Slice): bool {
  challenged(algorithm, realm, w("n"), EMPTY);
  proof.user = w("Jäsøn Doe");
  const from = mark();
  putUserHash(challenge, proof);
  return equals(written(from), expected);
}

describe("the digest response", () => {
  beforeEach(() => {
    openTestArena();
    openOutput();
    challenge = newChallenge();
    proof = newProof();
  });

  it("agrees with rfc2617-3.5", () => {
    challenged(w("MD5"), w("testrealm@host.com"), w("dcd98b7102dd2f0e8b11d0f600bfb0c093"), w("auth"));
    by(w("Mufasa"), w("Circle Of Life"));
    requested(w("GET"), w("/dir/index.html"));
    expect(responds(w("0a4f113b"), w("00000001"), w("6629fae49393a05397450978507c4ef1"))).toBe(true);
  });

  it("agrees with rfc7616-3.9.1-md5", () => {
    challenged(
      w("MD5"),
      w("http-auth@example.org"),
      w("7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"),
      w("auth"),
    );
    by(w("Mufasa"), w("Circle of Life"));
    requested(w("GET"), w("/dir/index.html"));
    expect(
      responds(
        w("f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"),
        w("00000001"),
        w("8ca523f5e9506fed4657c9700eebdbec"),
      ),
    ).toBe(true);
  });

  it("agrees with rfc7616-3.9.1-sha256", () => {
    challenged(
      w("SHA-256"),
      w("http-auth@example.org"),
      w("7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"),
      w("auth"),
    );
    by(w("Mufasa"), w("Circle of Life"));
    requested(w("GET"), w("/dir/index.html"));
    expect(
      responds(
        w("f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"),
        w("00000001"),
        w("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
      ),
    ).toBe(true);
  });

  it("agrees with rfc7616-3.9.2-sha512-256", () => {
    challenged(
      w("SHA-512-256"),
      w("api@example.org"),
      w("5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK"),
      w("auth"),
    );
    by(w("Jäsøn Doe"), w("Secret, or not?"));
    requested(w("GET"), w("/doe.json"));
    expect(
      responds(
        w("NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v"),
        w("00000001"),
        w("3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"),
      ),
    ).toBe(true);
    expect(
      namesUser(
        w("SHA-512-256"),
        w("api@example.org"),
        w("793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"),
      ),
    ).toBe(true);
  });

  it("agrees with nc-00000001", () => {
    challenged(w("MD5"), w("biloxi.com"), w("abc"), w("auth"));
    expect(registers(w("zanzibar"), w("00000001"), w("ccf596330bfb6ed8107eedd8c9c1a7c6"))).toBe(true);
  });

  it("agrees with nc-00000002", () => {
    challenged(w("MD5"), w("biloxi.com"), w("abc"), w("auth"));
    expect(registers(w("zanzibar"), w("00000002"), w("48981678ec2c265e6f3b92d22851802a"))).toBe(true);
  });

  it("agrees with nc-00000009", () => {
    challenged(w("MD5"), w("biloxi.com"), w("abc"), w("auth"));
    expect(registers(w("zanzibar"), w("00000009"), w("8e6cb5726c6f872fd1e45da150785d6e"))).toBe(true);
  });

  it("agrees with nc-0000000a", () => {
    challenged(w("MD5"), w("biloxi.com"), w("abc"), w("auth"));
    expect(registers(w("zanzibar"), w("0000000a"), w("82b02cab5bda150e71b6bd1cd5103bd0"))).toBe(true);
  });

  it("agrees with nc-000000ff", () => {
    challenged(w("MD5"), w("biloxi.com"), w("abc"), w("auth"));
    expect(registers(w("zanzibar"), w("000000ff"), w("dc0b631bdec533e6ab897235a716905d"))).toBe(true);
  });

  it("agrees with nc-ffffffff", () => {
    challenged(w("MD5"), w("biloxi.com"), w("abc"), w("auth"));
    expect(registers(w("zanzibar"), w("ffffffff"), w("ca2cee39841a987ad3869b9d35fae05d"))).toBe(true);
  });

  it("agrees with authint-empty-body", () => {
    challenged(w("MD5"), w("biloxi.com"), w("abc"), w("auth-int"));
    by(w("bob"), w("zanzibar"));
    requested(w("REGISTER"), w("sip:biloxi.com"));
    expect(responds(w("c"), w("00000001"), w("805c3ff54809aa1ca0d531ad0b3e92df"))).toBe(true);
  });

  it("agrees with empty-password", () => {
    challenged(w("MD5"), w("biloxi.com"), w("abc"), EMPTY);
    expect(registers(w(""), EMPTY, w("c711472b7fcabd3c45e407190423d7c0"))).toBe(true);
  });

  it("agrees with utf8-password", () => {
    challenged(w("SHA-256"), w("biloxi.com"), w("abc"), w("auth"));
    expect(
      registers(
        w("pässwörd€"),
        w("00000001"),
        w("5093603cb66c7626eee200e830b6fdd35ab291baf89ce2c9184b63cbd683de1e"),
      ),
    ).toBe(true);
  });

  it("agrees with realm-with-quoted-pair", () => {
    challenged(w("MD5"), w('A \\"quoted\\\\realm\\"'), w("abc"), w("auth"));
    expect(registers(w("x"), w("00000001"), w("abd0400e51a1cf4264261a58e90fc95c"))).toBe(true);
  });

  it("agrees with colon-in-password", () => {
    challenged(w("MD5"), w("biloxi.com"), w("abc"), w("auth"));
    expect(registers(w("a:b:c"), w("00000001"), w("852ca9cec715703b489efb02bfb9edc8"))).toBe(true);
  });

  it("agrees with uri-with-params-and-port", () => {
    challenged(w("MD5"), w("asterisk"), w("5f0c2a6d"), w("auth"));
    by(w("1001"), w("secret"));
    requested(w("INVITE"), w("sip:2000@192.0.2.10:5060;user=phone;transport=tcp"));
    expect(responds(w("7d1b"), w("00000001"), w("9a84e3d5a20a036b0d590958b5e2d0c5"))).toBe(true);
  });

  it("agrees with username-with-domain", () => {
    challenged(w("MD5"), w("pbx.example.com"), w("n1"), w("auth"));
    by(w("201@pbx.example.com"), w("secret"));
    requested(w("REGISTER"), w("sip:pbx.example.com"));
    expect(responds(w("c1"), w("00000001"), w("0495928184b4ac721471d37650f4657d"))).toBe(true);
  });

  it("agrees with opaque-empty-no-algorithm", () => {
    challenged(EMPTY, w("biloxi.com"), w("n2"), w("auth"));
    by(w("bob"), w("zanzibar"));
    requested(w("BYE"), w("sip:alice@192.0.2.3"));
    expect(responds(w("c2"), w("00000002"), w("95731fdd55bcf4f317fea7033cae562c"))).toBe(true);
  });

  it("agrees with ack-reuses-invite-credentials", () => {
    challenged(w("MD5"), w("biloxi.com"), w("n3"), w("auth"));
    by(w("bob"), w("zanzibar"));
    requested(w("INVITE"), w("sip:bob@biloxi.com"));
    expect(responds(w("c3"), w("00000001"), w("c2dcf274e18741fcd1023286ce19d3a9"))).toBe(true);
  });

  it("agrees with sip-md5-noqop", () => {
    expect(invites(w("MD5"), EMPTY, w("bf57e4e0d0bffc0fbaedce64d59add5e"))).toBe(true);
  });

  it("agrees with sip-md5-auth", () => {
    expect(invites(w("MD5"), w("auth"), w("89eb0059246c02b2f6ee02c7961d5ea3"))).toBe(true);
  });

  it("agrees with sip-md5-authint", () => {
    expect(invites(w("MD5"), w("auth-int"), w("41f1bde42dcddbee8ae7d65fd3474dc0"))).toBe(true);
  });

  it("agrees with sip-md5sess-noqop", () => {
    expect(invites(w("MD5-sess"), EMPTY, w("fff17611bcbbf00c9116a2c922dea8e1"))).toBe(true);
  });

  it("agrees with sip-md5sess-auth", () => {
    expect(invites(w("MD5-sess"), w("auth"), w("e4e4ea61d186d07a92c9e1f6919902e9"))).toBe(true);
  });

  it("agrees with sip-md5sess-authint", () => {
    expect(invites(w("MD5-sess"), w("auth-int"), w("10e4c79b16d21d51995ab98083d134d8"))).toBe(true);
  });

  it("agrees with sip-sha-256-noqop", () => {
    expect(
      invites(w("SHA-256"), EMPTY, w("38aad98c50c33abe72c5f88dd17246ffcfa6b1f68852c855719ff0659386c0ca")),
    ).toBe(true);
  });

  it("agrees with sip-sha-256-auth", () => {
    expect(
      invites(w("SHA-256"), w("auth"), w("b3b5a6c69453abafaab9ae4dccdac90a076b6c80615d5f3498e7433b6e93bf4f")),
    ).toBe(true);
  });

  it("agrees with sip-sha-256-sess-auth", () => {
    expect(
      invites(
        w("SHA-256-sess"),
        w("auth"),
        w("5da59c9ca40954be9d5063a15a174066c8251be2c10cf47c144c366dc7daf792"),
      ),
    ).toBe(true);
  });

  it("agrees with sip-sha-256-auth-int", () => {
    expect(
      invites(
        w("SHA-256"),
        w("auth-int"),
        w("459a314e438c146de19ff98ad8ce0fa8147428e3fff80cbef4d79ea009ae63bc"),
      ),
    ).toBe(true);
  });

  it("agrees with sip-sha-256-sess-auth-int", () => {
    expect(
      invites(
        w("SHA-256-sess"),
        w("auth-int"),
        w("6ae15003cc90309ecf811a329447c03d756911c415ab26f7b7dba9b24c8f9160"),
      ),
    ).toBe(true);
  });

  it("agrees with sip-sha-512-256-noqop", () => {
    expect(
      invites(w("SHA-512-256"), EMPTY, w("9e960b3a01beb63f1ea5d45d43bd8a2178879d3c9ddbbdb0624187ca823c6eca")),
    ).toBe(true);
  });

  it("agrees with sip-sha-512-256-auth", () => {
    expect(
      invites(
        w("SHA-512-256"),
        w("auth"),
        w("7f1a09de0f19af0a1eac2b28d33e3f2fb89cca1ad8fb01bba5e1883b288bac14"),
      ),
    ).toBe(true);
  });

  it("agrees with sip-sha-512-256-sess-auth", () => {
    expect(
      invites(
        w("SHA-512-256-sess"),
        w("auth"),
        w("077d9677be83f41f162d1a4453dc163389919f81e5927391d972f477da767633"),
      ),
    ).toBe(true);
  });

  it("agrees with sip-sha-512-256-auth-int", () => {
    expect(
      invites(
        w("SHA-512-256"),
        w("auth-int"),
        w("d4cdb49c5aae0bf3df292ac838df2e9fc7e36f0ad38492e4cf37fa8ff5bb46be"),
      ),
    ).toBe(true);
  });

  it("agrees with sip-sha-512-256-sess-auth-int", () => {
    expect(
      invites(
        w("SHA-512-256-sess"),
        w("auth-int"),
        w("069ccd512d35370a893e5ac51842093e8ca8c210fc68e53700d413f4f0a46f97"),
      ),
    ).toBe(true);
  });

  it("agrees with userhash-md5", () => {
    expect(namesUser(w("MD5"), w("biloxi.com"), w("4cae1422fb9c034c34774a05d5e3c9e1"))).toBe(true);
  });

  it("agrees with userhash-sha-256", () => {
    expect(
      namesUser(
        w("SHA-256"),
        w("biloxi.com"),
        w("076723bd65851f7464a577f20be9070fb7f08d462da76d3d3fe1e7e313ec1fa5"),
      ),
    ).toBe(true);
  });

  it("agrees with userhash-sha-512-256", () => {
    expect(
      namesUser(
        w("SHA-512-256"),
        w("biloxi.com"),
        w("57f70a7f32d31a9ec4fd2fad9cd8596efb98de0d580f43232aac6a4b0f0f2a93"),
      ),
    ).toBe(true);
  });

  it("agrees with rspauth-md5, whose method is empty", () => {
    challenged(w("MD5"), w("biloxi.com"), w("dcd98b7102dd2f0e8b11d0f600bfb0c093"), w("auth"));
    by(w("bob"), w("zanzibar"));
    requested(EMPTY, w("sip:bob@biloxi.com"));
    expect(responds(w("0a4f113b"), w("00000001"), w("9175a7857f138ef9768651f475f1d73a"))).toBe(true);
  });

  it("agrees with rspauth-sha-256, whose method is empty", () => {
    challenged(w("SHA-256"), w("biloxi.com"), w("dcd98b7102dd2f0e8b11d0f600bfb0c093"), w("auth"));
    by(w("bob"), w("zanzibar"));
    requested(EMPTY, w("sip:bob@biloxi.com"));
    expect(
      responds(
        w("0a4f113b"),
        w("00000001"),
        w("eac28e17b8d5d63e96e148e02f1b50afcf750aeecb3856ac20399028c0ee51e6"),
      ),
    ).toBe(true);
  });

  it("agrees with rspauth-sha-512-256, whose method is empty", () => {
    challenged(w("SHA-512-256"), w("biloxi.com"), w("dcd98b7102dd2f0e8b11d0f600bfb0c093"), w("auth"));
    by(w("bob"), w("zanzibar"));
    requested(EMPTY, w("sip:bob@biloxi.com"));
    expect(
      responds(
        w("0a4f113b"),
        w("00000001"),
        w("975a12c1ffcd062063ecf7569221689a797a7fef76ce1b9d29bd6e57b90be6e8"),
      ),
    ).toBe(true);
  });
});
