import { isAnswerable, writeCredentials } from "../../../assembly/auth/credentials";
import { newProof, Proof } from "../../../assembly/auth/proof";
import { putResponse, putUserHash } from "../../../assembly/auth/response";
import { EMPTY, equals, indexOf, size, slice, Slice, start, w } from "../../../assembly/bytes/slice";
import { Challenge, credential, newChallenge, parseChallenge } from "../../../assembly/message/challenge";
import { openMessage } from "../../../assembly/message/message";
import { OUTPUT_BYTES, mark, openOutput, put, rewind, written } from "../../../assembly/output/output";
import { openTestArena } from "../support/arena";

let challenge = changetype<Challenge>(<usize>0);
let proof = changetype<Proof>(<usize>0);

function challenged(value: Slice): void {
  assert(parseChallenge(value, challenge));
}

/** The line for INVITE sip:bob@biloxi.com by bob, with the password zanzibar; of size 0 if there is none. */
function line(isProxy: bool = false): Slice {
  const from = mark();
  if (isAnswerable(challenge)) writeCredentials(challenge, isProxy, proof);
  return written(from);
}

/** The value of the line, without name and CRLF. */
function value(line: Slice): Slice {
  const colon = indexOf(line, 0x3a);
  return slice(start(line) + <usize>colon + 2, size(line) - colon - 4);
}

function has(line: Slice, name: Slice, expected: Slice): bool {
  return equals(credential(value(line), name), expected);
}

describe("credentials", () => {
  beforeEach(() => {
    openTestArena();
    openMessage();
    openOutput();
    challenge = newChallenge();
    proof = newProof();
    proof.method = w("INVITE");
    proof.uri = w("sip:bob@biloxi.com");
    proof.user = w("bob");
    proof.password = w("zanzibar");
    proof.cnonce = w("0a4f113b");
    proof.count = w("00000001");
  });

  // The response is that of draft-smith-sipping-auth-examples.
  it("answer without qop as RFC 2069 had it", () => {
    challenged(w('Digest realm="biloxi.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'));
    expect(
      equals(
        line(),
        w(
          'Authorization: Digest username="bob", realm="biloxi.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="sip:bob@biloxi.com", response="bf57e4e0d0bffc0fbaedce64d59add5e"\r\n',
        ),
      ),
    ).toBe(true);
  });

  it("take an empty qop for none", () => {
    challenged(w('Digest realm="biloxi.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", qop=""'));
    expect(has(line(), w("response"), w("bf57e4e0d0bffc0fbaedce64d59add5e"))).toBe(true);
    expect(has(line(), w("cnonce"), EMPTY)).toBe(true);
  });

  it("say everything in a fixed order with qop", () => {
    challenged(
      w(
        'Digest realm="biloxi.com", qop="auth,auth-int", nonce="n", opaque="", algorithm=sha-256, stale=true',
      ),
    );
    proof.count = w("0000001f");
    const from = mark();
    put(
      w(
        'Proxy-Authorization: Digest username="bob", realm="biloxi.com", nonce="n", uri="sip:bob@biloxi.com", qop=auth, nc=0000001f, cnonce="0a4f113b", response="',
      ),
    );
    putResponse(challenge, proof);
    put(w('", algorithm=sha-256, opaque=""\r\n'));
    const expected = written(from);
    expect(equals(line(true), expected)).toBe(true);
  });

  it("name a cnonce, without qop, where a session's response hangs on it", () => {
    challenged(w('Digest realm="r", nonce="n", algorithm=MD5-sess'));
    const text = line();
    expect(has(text, w("cnonce"), w("0a4f113b"))).toBe(true);
    expect(has(text, w("nc"), EMPTY)).toBe(true);
    expect(has(text, w("qop"), EMPTY)).toBe(true);
  });

  it("name the user by a hash where the server knows it so (RFC 7616 §3.4.4)", () => {
    challenged(w('Digest realm="r", nonce="n", qop="auth", userhash=true'));
    const from = mark();
    putUserHash(challenge, proof);
    const hash = written(from);
    const text = line();
    expect(size(hash)).toBe(32);
    expect(has(text, w("username"), hash)).toBe(true);
    expect(has(text, w("userhash"), w("true"))).toBe(true);
    challenged(w('Digest realm="r", nonce="n", qop="auth", userhash=false'));
    expect(has(line(), w("username"), w("bob"))).toBe(true);
    expect(has(line(), w("userhash"), EMPTY)).toBe(true);
  });

  it("write back what was escaped as it came, and escape the user", () => {
    challenged(w('Digest realm="A \\"quoted\\\\realm\\"", nonce="a\\bc"'));
    proof.uri = w("sip:biloxi.com");
    proof.user = w('b"o\\b');
    const text = line();
    expect(has(text, w("realm"), w('A \\"quoted\\\\realm\\"'))).toBe(true);
    expect(has(text, w("nonce"), w("a\\bc"))).toBe(true);
    expect(has(text, w("username"), w('b\\"o\\\\b'))).toBe(true);
    expect(has(text, w("uri"), w("sip:biloxi.com"))).toBe(true);
  });

  it("put in quotes what came without, whatever it holds", () => {
    challenged(w('Digest realm=a"b, nonce=c\\'));
    expect(has(line(), w("realm"), w('a\\"b'))).toBe(true);
    expect(has(line(), w("nonce"), w("c\\\\"))).toBe(true);
  });

  it("write nothing for a challenge that can't be answered", () => {
    challenged(w('Basic realm="r", nonce="n"'));
    expect(size(line())).toBe(0);
    challenged(w('Digest realm="r", nonce="n", algorithm=token'));
    expect(size(line())).toBe(0);
    challenged(w('Digest realm="r", nonce="n", qop="auth-conf"'));
    expect(size(line())).toBe(0);
    challenged(w('Digest realm="r", nonce="n", qop="auth-conf,x-auth"'));
    expect(size(line())).toBe(0);
    challenged(w('Digest realm="r"'));
    expect(size(line())).toBe(0);
    challenged(w('Digest nonce="n"'));
    expect(size(line())).toBe(0);
    challenged(w("Digest ,"));
    expect(size(line())).toBe(0);
  });

  it("find auth anywhere in the list, in any case", () => {
    challenged(w('Digest realm="r", nonce="n", qop="auth-int, AUTH"'));
    expect(has(line(), w("qop"), w("auth"))).toBe(true);
    challenged(w('digest realm="r", nonce="n", qop=auth'));
    expect(has(line(), w("qop"), w("auth"))).toBe(true);
  });

  it("take auth-int where there is no auth", () => {
    challenged(w('Digest realm="r", nonce="n", qop="auth-conf , Auth-Int"'));
    expect(has(line(), w("qop"), w("auth-int"))).toBe(true);
  });

  // A server may hand out a nonce of several kilobytes, and a digest may be asked for with an empty one.
  it("take a nonce of any length", () => {
    challenged(w('Digest realm="r", nonce="", qop="auth"'));
    expect(size(credential(value(line()), w("response")))).toBe(32);
    const long = heap.alloc(4096);
    memory.fill(long, 0x61, 4096);
    challenge.nonce = slice(long, 4096);
    expect(size(credential(value(line()), w("nonce")))).toBe(4096);
    heap.free(long);
  });

  it("are no text at all when they do not fit", () => {
    challenged(w('Digest realm="r", nonce="n", qop="auth"'));
    const before = mark();
    const filling = slice(before, <i32>OUTPUT_BYTES - 100);
    put(filling);
    expect(size(line())).toBe(0);
    rewind(before);
    expect(size(line()) > 0).toBe(true);
  });
});
