import { chooseChallenge, isProxyChallenge } from "../../../assembly/auth/choose";
import { EMPTY, equals, Slice, w } from "../../../assembly/bytes/slice";
import { Challenge, newChallenge } from "../../../assembly/message/challenge";
import { Message, newMessage, openMessage, parseMessage } from "../../../assembly/message/message";
import { mark, openOutput, put, written } from "../../../assembly/output/output";
import { openTestArena } from "../support/arena";

let m = changetype<Message>(<usize>0);
let challenge = changetype<Challenge>(<usize>0);

/** A response with these rows; true if one of them can be answered. */
function chooses(statusLine: Slice, rows: Slice): bool {
  const from = mark();
  put(statusLine);
  put(rows);
  put(w("Content-Length: 0\r\n\r\n"));
  assert(parseMessage(m, written(from)));
  return chooseChallenge(m, challenge);
}

describe("the challenge that is answered", () => {
  beforeEach(() => {
    openTestArena();
    openMessage();
    openOutput();
    m = newMessage();
    challenge = newChallenge();
  });

  it("is the topmost, also when a lower one is stronger", () => {
    const rows = w(
      'WWW-Authenticate: Digest realm="a", nonce="1", algorithm=MD5\r\nWWW-Authenticate: Digest realm="b", nonce="2", algorithm=SHA-256\r\n',
    );
    expect(chooses(w("SIP/2.0 401 Unauthorized\r\n"), rows)).toBe(true);
    expect(equals(challenge.realm, w("a"))).toBe(true);
    expect(isProxyChallenge(m)).toBe(false);
  });

  it("is the topmost that is supported and whole", () => {
    const rows = w(
      'WWW-Authenticate: Digest realm="a", nonce\r\nWWW-Authenticate: Basic realm="a"\r\nWWW-Authenticate: Digest realm="a", nonce="0", algorithm=SHA-512-256\r\nSubject: x\r\nWWW-Authenticate: Digest realm="a", nonce="1", qop="auth-int"\r\nwww-authenticate: Digest realm="a", nonce="2", algorithm=SHA-256, qop="auth", stale=TRUE\r\n',
    );
    expect(chooses(w("SIP/2.0 401 Unauthorized\r\n"), rows)).toBe(true);
    expect(equals(challenge.nonce, w("2"))).toBe(true);
    expect(challenge.stale).toBe(true);
  });

  it("is a proxy's for 407", () => {
    const rows = w(
      'WWW-Authenticate: Digest realm="user", nonce="1"\r\nProxy-Authenticate: Digest realm="proxy", nonce="2"\r\n',
    );
    expect(chooses(w("SIP/2.0 407 Proxy Authentication Required\r\n"), rows)).toBe(true);
    expect(equals(challenge.realm, w("proxy"))).toBe(true);
    expect(isProxyChallenge(m)).toBe(true);
    expect(chooses(w("SIP/2.0 401 Unauthorized\r\n"), rows)).toBe(true);
    expect(equals(challenge.realm, w("user"))).toBe(true);
  });

  it("is none without a row, or without one that we support", () => {
    expect(chooses(w("SIP/2.0 401 Unauthorized\r\n"), EMPTY)).toBe(false);
    const basic = w('WWW-Authenticate: Basic realm="a"\r\n');
    expect(chooses(w("SIP/2.0 401 Unauthorized\r\n"), basic)).toBe(false);
  });
});
