// Calls through servers and proxies that want credentials (RFC 3261 §22, RFC 7616, RFC 8760).
//
// Each response digest is computed again here, with the hash functions of node:crypto.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { callUp, connect, type Datagram, type Headers, type Peer, sdp } from "../support/scripted-peer.js";

const PASSWORD = 'pass "word"';
const CONFIG = `account.1.auth_name = alice-auth
account.1.password = ${PASSWORD}`;

/** auth-param = name=value or name="value", of one line of credentials. */
function parameters(line: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = "", quoted, plain] of line.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^,\s]+))/g))
    found[name] = quoted ?? plain ?? "";
  return found;
}

const HASHES: Record<string, string> = { MD5: "md5", "SHA-256": "sha256", "SHA-512-256": "sha512-256" };

/** Fails unless the line proves the password for this request. Answers its parameters. */
function prove(
  request: Datagram,
  header = "Authorization",
  password = PASSWORD,
  at = 0,
  user = "alice-auth",
): Record<string, string> {
  const line = request.headers(header)[at] ?? "";
  assert.match(line, /^Digest /);
  const p = parameters(line);
  assert.equal(p["uri"], request.uri);
  const [, base = "", session] = /^(.*?)(-sess)?$/i.exec(p["algorithm"] ?? "MD5") ?? [];
  const hash = (text: string): string =>
    createHash(HASHES[base] ?? assert.fail(base))
      .update(text)
      .digest("hex");
  let a1 = hash(`${user}:${p["realm"]}:${password}`);
  if (session) a1 = hash(`${a1}:${p["nonce"]}:${p["cnonce"]}`);
  const body = p["qop"] === "auth-int" ? `:${hash(request.body)}` : "";
  const a2 = hash(`${request.method}:${p["uri"]}${body}`);
  const protection = p["qop"] ? `:${p["nc"]}:${p["cnonce"]}:${p["qop"]}` : "";
  assert.equal(p["response"], hash(`${a1}:${p["nonce"]}${protection}:${a2}`));
  return p;
}

const challenge = (rest: string): Headers => ({
  "WWW-Authenticate": `Digest realm="biloxi.example.com", ${rest}`,
});

/** The peer refuses a request of the phone; the ACK to it, if it was an INVITE, is taken. */
function refuse(peer: Peer, request: Datagram, status: number, headers: Headers): void {
  peer.replies(request, status, { headers, tag: "refusal" });
  if (request.method === "INVITE") peer.expects("ACK");
}

for (const algorithm of ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess"]) {
  test(`401 with ${algorithm}: the same call once more, with the next CSeq and a proof`, () => {
    const { phone, peer } = connect({ config: CONFIG });
    phone.dials("sip:bob@192.0.2.20");
    const first = peer.expects("INVITE");
    assert.equal(first.has("Authorization"), false);
    refuse(peer, first, 401, challenge(`nonce="n1", qop="auth", opaque="o1", algorithm=${algorithm}`));
    const second = peer.expects("INVITE");
    assert.equal(second.cseq, first.cseq + 1);
    for (const name of ["Call-ID", "From", "To"]) assert.equal(second.header(name), first.header(name));
    assert.notEqual(second.header("Via"), first.header("Via"));
    const p = prove(second);
    assert.equal(p["username"], "alice-auth");
    assert.equal(p["algorithm"], algorithm);
    assert.equal(p["opaque"], "o1");
    assert.equal(p["nc"], "00000001");
    assert.equal(second.has("Proxy-Authorization"), false);
    peer.replies(second, 200, { body: sdp() });
    // RFC 3261 §22.1: the ACK repeats the credentials of its INVITE, the ACK to the 401 has none.
    assert.equal(peer.expects("ACK").header("Authorization"), second.header("Authorization"));
    phone.event("call.established");
  });
}

test("401 without qop: the proof of RFC 2069, without cnonce and nc", () => {
  const { phone, peer } = connect({ config: CONFIG });
  phone.dials("sip:bob@192.0.2.20");
  refuse(peer, peer.expects("INVITE"), 401, challenge('nonce="n1"'));
  const p = prove(peer.expects("INVITE"));
  assert.deepEqual(
    [p["cnonce"], p["nc"], p["qop"], p["algorithm"]],
    [undefined, undefined, undefined, undefined],
  );
});

test("RFC 8760 §2.4: the topmost challenge that is supported is answered", () => {
  for (const [offered, chosen] of [
    [["SHA-256", "MD5"], "SHA-256"],
    [["MD5", "SHA-256"], "MD5"],
    [["SHA-512-256", "SHA-256"], "SHA-512-256"],
    [["SHA3-256", "SHA-256"], "SHA-256"],
  ] as const) {
    const { phone, peer } = connect({ config: CONFIG });
    phone.dials("sip:bob@192.0.2.20");
    const lines = offered.map((each) => `Digest realm="r", nonce="n", qop="auth", algorithm=${each}`);
    refuse(peer, peer.expects("INVITE"), 401, { "WWW-Authenticate": lines });
    const invite = peer.expects("INVITE");
    assert.equal(invite.headers("Authorization").length, 1);
    assert.equal(prove(invite)["algorithm"], chosen);
  }
});

test("407: Proxy-Authorization, and the account's user name where there is no auth_name", () => {
  const { phone, peer } = connect({ config: "account.1.password = x" });
  phone.dials("sip:bob@192.0.2.20");
  refuse(peer, peer.expects("INVITE"), 407, {
    "Proxy-Authenticate": 'Digest realm="p", nonce="n", qop="auth,auth-int", algorithm=MD5',
  });
  const invite = peer.expects("INVITE");
  const p = prove(invite, "Proxy-Authorization", "x", 0, "alice");
  assert.equal(p["username"], "alice");
  assert.equal(p["qop"], "auth");
  assert.equal(invite.has("Authorization"), false);
});

test("a proxy's 407, then the peer's 401: both proofs, each nonce used in its own count", () => {
  const { phone, peer } = connect({ config: CONFIG });
  phone.dials("sip:bob@192.0.2.20");
  refuse(peer, peer.expects("INVITE"), 407, {
    "Proxy-Authenticate": 'Digest realm="p", nonce="np", qop="auth"',
  });
  refuse(peer, peer.expects("INVITE"), 401, challenge('nonce="ns", qop="auth"'));
  const invite = peer.expects("INVITE");
  assert.equal(prove(invite, "Proxy-Authorization")["nc"], "00000002");
  assert.equal(prove(invite, "Authorization")["nc"], "00000001");
});

test("a wrong password: not tried again, the call ends as refused", () => {
  const { phone, peer } = connect({ config: CONFIG });
  phone.dials("sip:bob@192.0.2.20");
  refuse(peer, peer.expects("INVITE"), 401, challenge('nonce="n1", qop="auth"'));
  refuse(peer, peer.expects("INVITE"), 401, challenge('nonce="n2", qop="auth"'));
  peer.expectsNothing();
  const ended = phone.event("call.ended").fields;
  assert.deepEqual([ended["by"], ended["status"], ended["rule"]], ["remote", 401, "RFC3261-22-credentials"]);
});

test("stale=true: once more with the new nonce, counted from 1, and not for ever", () => {
  const { phone, peer } = connect({ config: CONFIG });
  phone.dials("sip:bob@192.0.2.20");
  refuse(peer, peer.expects("INVITE"), 401, challenge('nonce="n1", qop="auth"'));
  refuse(peer, peer.expects("INVITE"), 401, challenge('nonce="n2", stale=true, qop="auth"'));
  const third = peer.expects("INVITE");
  const p = prove(third);
  assert.deepEqual([p["nonce"], p["nc"]], ["n2", "00000001"]);
  refuse(peer, third, 401, challenge('nonce="n3", stale=true, qop="auth"'));
  peer.expectsNothing();
  phone.event("call.ended");
});

test("a challenge that can't be answered ends the call", () => {
  for (const line of [
    'Digest realm="r", nonce="n", algorithm=SHA-512',
    'Digest realm="r", nonce="n", qop="auth-conf"',
    'Basic realm="r"',
    'Digest realm="r"',
  ]) {
    const { phone, peer } = connect({ config: CONFIG });
    phone.dials("sip:bob@192.0.2.20");
    refuse(peer, peer.expects("INVITE"), 401, { "WWW-Authenticate": line });
    peer.expectsNothing();
    assert.equal(phone.event("call.ended").fields["status"], 401, line);
  }
});

test("without a password a challenge ends the call", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  refuse(peer, peer.expects("INVITE"), 401, challenge('nonce="n1", qop="auth"'));
  peer.expectsNothing();
  assert.equal(phone.event("call.ended").fields["status"], 401);
});

/** An outgoing call that was challenged once with nonce n1. */
function callWithCredentials() {
  const connected = connect({ config: CONFIG });
  const { phone, peer } = connected;
  phone.dials("sip:bob@192.0.2.20");
  refuse(peer, peer.expects("INVITE"), 401, challenge('nonce="n1", qop="auth"'));
  const invite = peer.expects("INVITE");
  const accepted = peer.replies(invite, 200, { body: sdp() });
  peer.expects("ACK");
  return { ...connected, invite, dialog: peer.dialog(invite, accepted) };
}

test("BYE proves itself at once, with the nonce of the INVITE counted on", () => {
  const { phone, peer, invite } = callWithCredentials();
  phone.hangsUp();
  const bye = peer.expects("BYE");
  assert.equal(bye.cseq, invite.cseq + 1);
  const p = prove(bye);
  assert.deepEqual([p["nonce"], p["nc"]], ["n1", "00000002"]);
  peer.replies(bye, 200);
  peer.expectsNothing();
});

test("a challenged BYE is sent once more", () => {
  const { phone, peer } = callUp({ direction: "incoming", config: CONFIG });
  phone.hangsUp();
  const bye = peer.expects("BYE");
  assert.equal(bye.has("Authorization"), false);
  peer.replies(bye, 401, { headers: challenge('nonce="n9", qop="auth", algorithm=SHA-256') });
  const again = peer.expects("BYE");
  assert.equal(again.cseq, bye.cseq + 1);
  assert.equal(prove(again)["nonce"], "n9");
  assert.equal(again.uri, bye.uri);
  peer.replies(again, 200);
  peer.expectsNothing();
});

test("a BYE whose credentials are refused ends the call all the same", () => {
  const { phone, peer, after } = callUp({ config: CONFIG });
  phone.hangsUp();
  phone.event("call.ended");
  refuse(peer, peer.expects("BYE"), 401, challenge('nonce="n1", qop="auth"'));
  refuse(peer, peer.expects("BYE"), 401, challenge('nonce="n2", qop="auth"'));
  after(60_000);
  peer.expectsNothing();
});

test("a challenged re-INVITE is sent once more with the same offer; its ACK has the credentials", () => {
  const { phone, peer } = callUp({ config: CONFIG });
  phone.holds();
  const hold = peer.expects("INVITE");
  refuse(peer, hold, 407, { "Proxy-Authenticate": 'Digest realm="p", nonce="n5", qop="auth"' });
  const again = peer.expects("INVITE");
  assert.equal(again.cseq, hold.cseq + 1);
  assert.equal(again.body, hold.body);
  prove(again, "Proxy-Authorization");
  peer.replies(again, 200, { body: sdp({ direction: "recvonly" }) });
  assert.equal(peer.expects("ACK").header("Proxy-Authorization"), again.header("Proxy-Authorization"));
  assert.equal(phone.event("call.media").fields["direction"], "sendonly");
});

test("the next re-INVITE is challenged with another nonce, not stale: it is answered too", () => {
  const { phone, peer } = callWithCredentials();
  phone.holds();
  const hold = peer.expects("INVITE");
  assert.equal(prove(hold)["nc"], "00000002");
  refuse(peer, hold, 401, challenge('nonce="n2", qop="auth"'));
  const again = peer.expects("INVITE");
  const p = prove(again);
  assert.deepEqual([p["nonce"], p["nc"]], ["n2", "00000001"]);
});

test("CANCEL and the ACK to a refusal carry no proof of their own making", () => {
  const { phone, peer } = connect({ config: CONFIG });
  phone.dials("sip:bob@192.0.2.20");
  refuse(peer, peer.expects("INVITE"), 401, challenge('nonce="n1", qop="auth"'));
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180);
  phone.hangsUp();
  const cancel = peer.expects("CANCEL");
  assert.equal(cancel.cseq, invite.cseq);
  assert.equal(cancel.has("Authorization"), false);
});

test("quotes in user and realm are escaped, and hashed without their backslashes", () => {
  const { phone, peer } = connect({ config: 'account.1.auth_name = a"b\naccount.1.password = x' });
  phone.dials("sip:bob@192.0.2.20");
  refuse(peer, peer.expects("INVITE"), 401, {
    "WWW-Authenticate": 'Digest realm="the \\"one\\"", nonce="n", qop="auth"',
  });
  const invite = peer.expects("INVITE");
  const p = parameters(invite.header("Authorization"));
  assert.equal(p["username"], 'a\\"b');
  assert.equal(p["realm"], 'the \\"one\\"');
  const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
  const a1 = md5('a"b:the "one":x');
  const a2 = md5(`INVITE:${invite.uri}`);
  assert.equal(p["response"], md5(`${a1}:n:${p["nc"]}:${p["cnonce"]}:auth:${a2}`));
});

test("auth-int, where there is no auth: the body is part of the proof, also where there is none", () => {
  const { phone, peer } = connect({ config: CONFIG });
  phone.dials("sip:bob@192.0.2.20");
  refuse(peer, peer.expects("INVITE"), 401, challenge('nonce="n1", qop="auth-int", algorithm=SHA-256'));
  const invite = peer.expects("INVITE");
  assert.equal(prove(invite)["qop"], "auth-int");
  peer.replies(invite, 200, { body: sdp() });
  peer.expects("ACK");
  phone.hangsUp();
  const bye = peer.expects("BYE");
  const p = prove(bye);
  assert.deepEqual([p["qop"], p["nc"], bye.body], ["auth-int", "00000002", ""]);
});

test("userhash: the name travels as its hash, and is proven as itself (RFC 7616 §3.4.4)", () => {
  const { phone, peer } = connect({ config: CONFIG });
  phone.dials("sip:bob@192.0.2.20");
  const rest = 'nonce="n1", qop="auth", algorithm=SHA-512-256, userhash=true';
  refuse(peer, peer.expects("INVITE"), 401, challenge(rest));
  const invite = peer.expects("INVITE");
  const p = prove(invite);
  const hash = createHash("sha512-256").update("alice-auth:biloxi.example.com").digest("hex");
  assert.deepEqual([p["username"], p["userhash"]], [hash, "true"]);
  assert.equal(invite.text.includes("alice-auth"), false);
});

test("nextnonce: the next request proves itself with it, counted from 1 (RFC 7616 §3.5)", () => {
  const { phone, peer } = connect({ config: CONFIG });
  phone.dials("sip:bob@192.0.2.20");
  refuse(peer, peer.expects("INVITE"), 401, challenge('nonce="n1", qop="auth"'));
  const next = (nonce: string): Headers => ({ "Authentication-Info": `nextnonce="${nonce}"` });
  peer.replies(peer.expects("INVITE"), 200, { body: sdp(), headers: next("n2") });
  // The ACK repeats what its INVITE said.
  assert.equal(parameters(peer.expects("ACK").header("Authorization"))["nonce"], "n1");
  phone.holds();
  const hold = peer.expects("INVITE");
  assert.deepEqual([prove(hold)["nonce"], prove(hold)["nc"]], ["n2", "00000001"]);
  peer.replies(hold, 200, { body: sdp({ direction: "recvonly" }), headers: next("n3") });
  peer.expects("ACK");
  phone.hangsUp();
  const bye = prove(peer.expects("BYE"));
  assert.deepEqual([bye["nonce"], bye["nc"]], ["n3", "00000001"]);
});

test("a forking proxy joins challenges of several realms: all are answered at once (RFC 3261 §22.3)", () => {
  const { phone, peer } = connect({ config: CONFIG });
  phone.dials("sip:bob@192.0.2.20");
  refuse(peer, peer.expects("INVITE"), 401, {
    "WWW-Authenticate": ["a", "b", "a"].map(
      (realm) => `Digest realm="${realm}", nonce="n-${realm}", qop="auth"`,
    ),
    "Proxy-Authenticate": 'Digest realm="a", nonce="n-p", qop="auth", algorithm=SHA-256',
  });
  const invite = peer.expects("INVITE");
  assert.deepEqual(
    [0, 1].map((at) => prove(invite, "Authorization", PASSWORD, at)["nonce"]),
    ["n-a", "n-b"],
  );
  assert.equal(prove(invite, "Proxy-Authorization")["nonce"], "n-p");
  assert.equal(invite.headers("Authorization").length, 2);
});

test("a server that is never content is asked at most six times", () => {
  const { phone, peer } = connect({ config: CONFIG });
  phone.dials("sip:bob@192.0.2.20");
  for (let i = 0; i < 6; i++) {
    const invite = peer.expects("INVITE");
    refuse(peer, invite, 407, { "Proxy-Authenticate": `Digest realm="r${i}", nonce="n", stale=true` });
  }
  peer.expectsNothing();
  assert.equal(phone.event("call.ended").fields["rule"], "RFC3261-22-credentials");
});
