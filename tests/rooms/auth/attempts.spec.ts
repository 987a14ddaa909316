import {
  Attempts,
  beginAttempts,
  forgetChallenges,
  mayRetry,
  newAttempts,
  noteAuthenticationInfo,
  noteChallenge,
  putCredentials,
} from "../../../assembly/auth/attempts";
import { blocksInUse, openBlocks } from "../../../assembly/bytes/blocks";
import { EMPTY, equals, indexOf, size, slice, Slice, start, tail, w } from "../../../assembly/bytes/slice";
import { openRandom, seedRandom } from "../../../assembly/crypto/random";
import { credential } from "../../../assembly/message/challenge";
import { Message, newMessage, openMessage, parseMessage } from "../../../assembly/message/message";
import { Method } from "../../../assembly/message/method";
import { mark, openOutput, put, putNumber, written } from "../../../assembly/output/output";
import { openTestArena } from "../support/arena";

let m = changetype<Message>(<usize>0);
let a = changetype<Attempts>(<usize>0);

function receive(statusLine: Slice, rows: Slice): void {
  const from = mark();
  put(statusLine);
  put(rows);
  put(w("Content-Length: 0\r\n\r\n"));
  assert(parseMessage(m, written(from)));
}

/** A 401 with these rows comes. */
function challenged(rows: Slice): bool {
  receive(w("SIP/2.0 401 Unauthorized\r\n"), rows);
  return noteChallenge(a, m, true);
}

/** A new request meets a challenge of each of these numbered realms. */
function challengedBy(first: i32, end: i32): void {
  beginAttempts(a);
  const from = mark();
  for (let realm = first; realm < end; realm++) {
    put(w("Proxy-Authenticate: Digest nonce=n, realm="));
    putNumber(realm);
    put(w("\r\n"));
  }
  assert(challenged(written(from)));
}

function accepted(rows: Slice): void {
  receive(w("SIP/2.0 200 OK\r\n"), rows);
  noteAuthenticationInfo(a, m);
}

/** The lines that the next request carries. */
function lines(): Slice {
  const from = mark();
  putCredentials(a, Method.Register, w("sip:r"), w("u"), w("p"), EMPTY);
  return written(from);
}

function countLines(): i32 {
  let count = 0;
  for (let rest = lines(); size(rest); rest = tail(rest, indexOf(rest, 0x0a) + 1)) count++;
  return count;
}

/** A parameter of the line `index`. */
function said(index: i32, name: Slice, from: Slice = lines()): Slice {
  let rest = from;
  for (let i = 0; i < index; i++) rest = tail(rest, indexOf(rest, 0x0a) + 1);
  const colon = indexOf(rest, 0x3a);
  return credential(slice(start(rest) + <usize>colon + 2, indexOf(rest, 0x0d) - colon - 2), name);
}

function isProxyLine(text: Slice): bool {
  return size(text) > 5 && equals(slice(start(text), 6), w("Proxy-"));
}

describe("another attempt", () => {
  it("is made at the first challenge, whatever it says", () => {
    expect(mayRetry(0, false, false)).toBe(true);
    expect(mayRetry(0, true, true)).toBe(true);
  });

  it("is made at the second for a stale nonce with a new one only", () => {
    expect(mayRetry(1, true, false)).toBe(true);
    expect(mayRetry(1, true, true)).toBe(false);
    expect(mayRetry(1, false, false)).toBe(false);
    expect(mayRetry(1, false, true)).toBe(false);
  });

  it("is never a third", () => {
    expect(mayRetry(2, true, false)).toBe(false);
    expect(mayRetry(100, true, false)).toBe(false);
  });
});

describe("the challenges of requests", () => {
  beforeEach(() => {
    openTestArena();
    openBlocks(64 * 1024);
    openMessage();
    openOutput();
    openRandom();
    seedRandom(w("0123456789abcdef0123456789abcdef"));
    m = newMessage();
    a = newAttempts();
  });

  it("are answered with the topmost that is supported and whole, also when a lower one is stronger", () => {
    expect(
      challenged(
        w(
          'WWW-Authenticate: Digest realm="a", nonce\r\nWWW-Authenticate: Basic realm="a"\r\nWWW-Authenticate: Digest realm="a", nonce="0", algorithm=SHA3-256\r\nSubject: x\r\nWWW-Authenticate: Digest realm="a", nonce="1", qop="auth-conf"\r\nwww-authenticate: Digest realm="a", nonce="2", algorithm=SHA-256, qop="auth"\r\nWWW-Authenticate: Digest realm="a", nonce="3", algorithm=SHA-512-256\r\n',
        ),
      ),
    ).toBe(true);
    expect(countLines()).toBe(1);
    expect(equals(said(0, w("nonce")), w("2"))).toBe(true);
  });

  it("are answered each in its realm, a server's apart from a proxy's", () => {
    const rows = w(
      'WWW-Authenticate: Digest realm="a", nonce="1"\r\nProxy-Authenticate: Digest realm="a", nonce="2"\r\nWWW-Authenticate: Digest realm="b", nonce="3"\r\nWWW-Authenticate: Digest realm="a", nonce="4"\r\n',
    );
    expect(challenged(rows)).toBe(true);
    expect(countLines()).toBe(3);
    expect(equals(said(0, w("nonce")), w("1"))).toBe(true);
    expect(equals(said(1, w("nonce")), w("3"))).toBe(true);
    expect(equals(said(2, w("nonce")), w("2"))).toBe(true);
    expect(isProxyLine(lines())).toBe(false);
  });

  it("need credentials, and one that we can answer", () => {
    receive(w("SIP/2.0 401 Unauthorized\r\n"), w('WWW-Authenticate: Digest realm="a", nonce="1"\r\n'));
    expect(noteChallenge(a, m, false)).toBe(false);
    expect(challenged(EMPTY)).toBe(false);
    expect(challenged(w('WWW-Authenticate: Basic realm="a"\r\n'))).toBe(false);
    expect(countLines()).toBe(0);
    expect(blocksInUse()).toBe(0);
  });

  it("count the uses of each nonce, from 1", () => {
    challenged(w('Proxy-Authenticate: Digest realm="a", nonce="1", qop=auth\r\n'));
    expect(equals(said(0, w("nc")), w("00000001"))).toBe(true);
    expect(equals(said(0, w("nc")), w("00000002"))).toBe(true);
    challenged(w('WWW-Authenticate: Digest realm="b", nonce="2", qop=auth\r\n'));
    const both = lines();
    expect(equals(said(0, w("nc"), both), w("00000003"))).toBe(true);
    expect(equals(said(1, w("nc"), both), w("00000001"))).toBe(true);
    for (let i = 4; i < 0x2b; i++) lines();
    expect(equals(said(0, w("nc")), w("0000002b"))).toBe(true);
  });

  it("begin a new count and take a new cnonce with a new nonce", () => {
    challenged(w('WWW-Authenticate: Digest realm="a", nonce="1", qop=auth\r\n'));
    const first = lines();
    const second = lines();
    expect(equals(said(0, w("cnonce"), first), said(0, w("cnonce"), second))).toBe(true);
    expect(size(said(0, w("cnonce"), first))).toBe(16);
    challenged(w('WWW-Authenticate: Digest realm="a", nonce="2", qop=auth, stale=true\r\n'));
    const third = lines();
    expect(equals(said(0, w("nc"), third), w("00000001"))).toBe(true);
    expect(equals(said(0, w("cnonce"), third), said(0, w("cnonce"), first))).toBe(false);
  });

  it("end when credentials were rejected, until the next request", () => {
    expect(challenged(w('WWW-Authenticate: Digest realm="a", nonce="1"\r\n'))).toBe(true);
    const again = w('WWW-Authenticate: Digest realm="a", nonce="2"\r\n');
    expect(challenged(again)).toBe(false);
    expect(equals(said(0, w("nonce")), w("1"))).toBe(true);
    beginAttempts(a);
    expect(challenged(again)).toBe(true);
    expect(equals(said(0, w("nonce")), w("2"))).toBe(true);
    expect(countLines()).toBe(1);
  });

  it("end when one of several realms rejects", () => {
    challenged(w('WWW-Authenticate: Digest realm="a", nonce="1"\r\n'));
    expect(
      challenged(
        w(
          'WWW-Authenticate: Digest realm="b", nonce="1"\r\nWWW-Authenticate: Digest realm="a", nonce="2"\r\n',
        ),
      ),
    ).toBe(false);
    expect(countLines()).toBe(1);
  });

  it("end after one stale nonce in a realm, and after five challenges", () => {
    challenged(w('WWW-Authenticate: Digest realm="a", nonce="1"\r\n'));
    expect(challenged(w('WWW-Authenticate: Digest realm="a", nonce="2", stale=true\r\n'))).toBe(true);
    expect(challenged(w('WWW-Authenticate: Digest realm="a", nonce="3", stale=true\r\n'))).toBe(false);
    expect(challenged(w('WWW-Authenticate: Digest realm="b", nonce="1"\r\n'))).toBe(true);
    expect(challenged(w('WWW-Authenticate: Digest realm="c", nonce="1"\r\n'))).toBe(true);
    expect(challenged(w('WWW-Authenticate: Digest realm="d", nonce="1"\r\n'))).toBe(true);
    expect(challenged(w('WWW-Authenticate: Digest realm="e", nonce="1"\r\n'))).toBe(false);
    expect(countLines()).toBe(4);
  });

  it("are kept of eight realms; what comes then alone", () => {
    for (let i = 0; i < 8; i++) challengedBy(i, i + 1);
    expect(countLines()).toBe(8);
    expect(equals(said(0, w("realm")), w("0"))).toBe(true);
    expect(equals(said(7, w("realm")), w("7"))).toBe(true);
    challengedBy(8, 9);
    expect(countLines()).toBe(1);
    expect(equals(said(0, w("realm")), w("8"))).toBe(true);
    challengedBy(10, 100);
    expect(countLines()).toBe(8);
    expect(equals(said(7, w("realm")), w("17"))).toBe(true);
  });

  it("are forgotten, and what they kept is given back", () => {
    challenged(w('WWW-Authenticate: Digest realm="a", nonce="1"\r\n'));
    expect(blocksInUse() > 0).toBe(true);
    forgetChallenges(a);
    expect(blocksInUse()).toBe(0);
    expect(countLines()).toBe(0);
    expect(challenged(w('WWW-Authenticate: Digest realm="a", nonce="2"\r\n'))).toBe(true);
  });

  it("keep realm, nonce and opaque as they came", () => {
    challenged(
      w(
        'WWW-Authenticate: Digest realm="A \\"quoted\\\\realm\\"",nonce="a\\bc=",opaque="", algorithm=sha-256\r\n',
      ),
    );
    expect(equals(said(0, w("realm")), w('A \\"quoted\\\\realm\\"'))).toBe(true);
    expect(equals(said(0, w("nonce")), w("a\\bc="))).toBe(true);
    expect(equals(said(0, w("opaque")), w(""))).toBe(true);
    expect(equals(said(0, w("algorithm")), w("sha-256"))).toBe(true);
  });
});

describe("Authentication-Info", () => {
  beforeEach(() => {
    openTestArena();
    openBlocks(64 * 1024);
    openMessage();
    openOutput();
    openRandom();
    seedRandom(w("0123456789abcdef0123456789abcdef"));
    m = newMessage();
    a = newAttempts();
    challenged(
      w(
        'WWW-Authenticate: Digest realm="a", nonce="1", opaque="o", qop=auth, userhash=true\r\nProxy-Authenticate: Digest realm="p", nonce="p1", qop=auth\r\n',
      ),
    );
    lines();
  });

  it("brings the nonce for the next request, counted from 1; the rest stays", () => {
    accepted(w('Authentication-Info: nextnonce="2", qop=auth, nc=00000001\r\n'));
    const both = lines();
    expect(equals(said(0, w("nonce"), both), w("2"))).toBe(true);
    expect(equals(said(0, w("nc"), both), w("00000001"))).toBe(true);
    expect(equals(said(0, w("realm"), both), w("a"))).toBe(true);
    expect(equals(said(0, w("opaque"), both), w("o"))).toBe(true);
    expect(equals(said(0, w("userhash"), both), w("true"))).toBe(true);
    expect(equals(said(1, w("nonce"), both), w("p1"))).toBe(true);
    expect(equals(said(1, w("nc"), both), w("00000002"))).toBe(true);
  });

  it("is of the challenge whose cnonce it repeats", () => {
    challenged(w('WWW-Authenticate: Digest realm="b", nonce="9", qop=auth\r\n'));
    const cnonce = said(0, w("cnonce"));
    const from = mark();
    put(w('Authentication-Info: nextnonce="3", cnonce="'));
    put(cnonce);
    put(w('"\r\n'));
    accepted(written(from));
    const all = lines();
    expect(equals(said(0, w("realm"), all), w("a"))).toBe(true);
    expect(equals(said(0, w("nonce"), all), w("3"))).toBe(true);
    accepted(w('Authentication-Info: nextnonce="4", cnonce="of nobody"\r\n'));
    expect(equals(said(0, w("nonce")), w("3"))).toBe(true);
  });

  it("changes nothing without a nonce, or without a challenge of a server", () => {
    accepted(w("Authentication-Info: qop=auth\r\n"));
    accepted(w('Authentication-Info: nextnonce=""\r\n'));
    accepted(w('Authentication-Info: nextnonce="2\r\n'));
    accepted(w("Subject: none\r\n"));
    expect(equals(said(0, w("nonce")), w("1"))).toBe(true);
    forgetChallenges(a);
    challenged(w('Proxy-Authenticate: Digest realm="p", nonce="p1"\r\n'));
    accepted(w('Authentication-Info: nextnonce="2"\r\n'));
    expect(equals(said(0, w("nonce")), w("p1"))).toBe(true);
  });

  it("does not move a session, whose key is made of its first nonce", () => {
    forgetChallenges(a);
    challenged(w('WWW-Authenticate: Digest realm="a", nonce="1", qop=auth, algorithm=MD5-sess\r\n'));
    accepted(w('Authentication-Info: nextnonce="2"\r\n'));
    expect(equals(said(0, w("nonce")), w("1"))).toBe(true);
  });
});
