// What a trace may show: no credentials, no keys of media, no passwords; and where a message of a stream ends.

import assert from "node:assert/strict";
import { test } from "node:test";
import { RecordKind, Status } from "../../host/node/abi.js";
import { RingletModule } from "../../host/node/module.js";
import { inviteOf, Raw, SEED, SHIPPED } from "./raw.js";

const module = new RingletModule(SHIPPED);
module.init(SEED);
module.drain();

function shown(text: string): string {
  const masked = module.mask(Buffer.from(text, "latin1")).shown.toString("latin1");
  assert.equal(masked.length, text.length);
  return masked;
}

function sizeOf(text: string): number {
  return module.mask(Buffer.from(text, "latin1")).size;
}

const DIGEST =
  'username="alice", realm="a.example", nonce="n0nce", uri="sip:a.example", response="5ecret1", cnonce="5ecret2"';

/** Nothing of a secret is left, and every octet of the rest. */
function hides(text: string, secret: string): void {
  assert.ok(text.includes(secret), secret);
  assert.equal(shown(text), text.replace(secret, "*".repeat(secret.length)), JSON.stringify(text));
}

test("the values of credentials are hidden, whatever the case of the name and the blanks around", () => {
  for (const name of ["Authorization", "AUTHORIZATION", "proxy-authorization", "pRoXy-AuThOrIzAtIoN"])
    for (const colon of [":", ": ", " :", "\t:\t ", "  :"])
      hides(`REGISTER sip:a SIP/2.0\r\n${name}${colon}Digest ${DIGEST}\r\nTo: <sip:a@b>\r\n\r\n`, DIGEST);
});

test("that it is Digest is shown, any other scheme is part of the secret", () => {
  hides(`Authorization: dIGEST\t${DIGEST}\r\n`, DIGEST);
  hides("Authorization: Basic YWxpY2U6c2VjcmV0\r\n", "Basic YWxpY2U6c2VjcmV0");
  hides("Authorization: Digested=1\r\n", "Digested=1");
  hides("Authorization: Digest", "Digest");
  assert.equal(shown("Authorization: Digest \r\n"), "Authorization: Digest \r\n");
});

test("several of them, and what proves the server", () => {
  const rows = [
    "Authorization: Digest one",
    "Proxy-Authorization: Digest two",
    'Authentication-Info: rspauth="three"',
    "Proxy-Authentication-Info : four",
    "Authorization: Digest five",
    "",
    "",
  ];
  const hidden = [
    "Authorization: Digest ***",
    "Proxy-Authorization: Digest ***",
    "Authentication-Info: ***************",
    "Proxy-Authentication-Info : ****",
    "Authorization: Digest ****",
    "",
    "",
  ];
  assert.equal(shown(rows.join("\r\n")), hidden.join("\r\n"));
});

test("folded lines are hidden to their end, with every line end that a reader may take for one", () => {
  for (const end of ["\r\n", "\n", "\r"]) {
    const text = ["Authorization:", " Digest a=1,", "\tresponse=2", "   c=3", "CSeq: 1 X", " folded", ""];
    const hidden = ["Authorization:", " ***********", "\t**********", "   ***", "CSeq: 1 X", " folded", ""];
    assert.equal(shown(text.join(end)), hidden.join(end));
  }
});

test("a message that is cut, or a line that is nowhere in a header, keeps its secret too", () => {
  hides(`Authorization: Digest ${DIGEST}`, DIGEST);
  hides("Authorization: Digest Z", "Z");
  hides(`\r\n\r\nv=0\r\nAuthorization: Digest ${DIGEST}\r\n`, DIGEST);
  hides(`To: x\r\n  Authorization: Digest ${DIGEST}\r\n`, DIGEST);
  hides(`Authorization: Digest \x00\xff${DIGEST}\r\n`, `\x00\xff${DIGEST}`);
});

test("what a challenge says, and names that only begin alike, are shown", () => {
  for (const text of [
    'WWW-Authenticate: Digest realm="a", nonce="b"\r\n',
    "Authorizations: a\r\n",
    "X-Authorization-Kind: b\r\n",
    "Authorization\r\nSubject: c\r\n",
    "Subject: Authorization: d\r\n",
    "Subject: response=e\r\n",
  ])
    assert.equal(shown(text), text);
});

test("keys of media are hidden", () => {
  const key = "YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2";
  for (const line of [
    `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key}\r\na=sendrecv\r\n`,
    `A=Crypto:1 AES_256_CM_HMAC_SHA1_80 inline: ${key}|2^20|1:4 UNENCRYPTED_SRTP\r\n`,
    `a=crypto:1 X inline:${key}`,
    `a=crypto ${key};\r\n`,
  ])
    hides(line, key);
  hides("a=key-mgmt:mikey AQAF\r\n", "mikey AQAF");
  hides("a=ice-pwd:5ecret\r\na=ice-ufrag:ab\r\n", "5ecret");
  hides("k=clear:5ecret\r\n", "clear:5ecret");
  assert.equal(shown("a=fingerprint:sha-256 AB:CD\r\n"), "a=fingerprint:sha-256 AB:CD\r\n");
});

test("passwords of URIs are hidden", () => {
  hides("INVITE sip:alice:s3cret@a.example SIP/2.0\r\n", "s3cret");
  hides("m:<SIPS:alice;x=1:s3cret@[2001:db8::1]:5061;transport=tcp>\r\n", "s3cret");
  hides('f: "sip:" <sip:alice:p@ss:w@a.example>\r\n', "p@ss:w");
  hides("Alert-Info: <https://bob:s3cret@a.example/x@y>\r\n", "s3cret");
  hides("Contact: <sip:alice@a>, <sip:bob:s3cret@b:5060>\r\n", "s3cret");
});

test("addresses, ports and times are no passwords", () => {
  for (const text of [
    "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1@x\r\n",
    "Contact: <sip:alice@192.0.2.1:5060;x=a>\r\n",
    "Route: <sip:[2001:db8::1]:5060;lr>\r\n",
    "Call-ID: a:b:c@192.0.2.1\r\n",
    "Call-Info: <http://a.example:80/b@c>\r\n",
    "Date: Sat, 13 Nov 2010 23:29:00 GMT\r\n",
    "To: <sip:>\r\nFrom: sip:\r\n",
    ":@\r\nsip:a:",
  ])
    assert.equal(shown(text), text);
});

test("any bytes at all are taken, at any length that the window holds", () => {
  for (let length = 1; length < 300; length++) {
    const bytes = Buffer.alloc(length, length);
    assert.equal(module.mask(bytes).shown.length, length);
  }
  const long = `Authorization: Digest ${"x".repeat(65_000)}`;
  assert.equal(shown(long), `Authorization: Digest ${"*".repeat(65_000)}`);
});

test("the size of the first message", () => {
  const head = "INFO sip:a SIP/2.0\r\nTo: a\r\n";
  const whole: [string, number][] = [
    [`${head}Content-Length: 3\r\n\r\nabc`, 0],
    [`${head}Content-Length: 3\r\n\r\nabcINFO`, 4],
    [`${head}l : 3\r\n\r\nabc\r\n`, 2],
    [`${head}CONTENT-LENGTH:0\r\n\r\nINFO`, 4],
    ["INFO sip:a SIP/2.0\nl: 1\n\nab", 1],
    ["\r\n\r\nINFO", 4],
  ];
  for (const [text, rest] of whole) assert.equal(sizeOf(text), text.length - rest, JSON.stringify(text));
  for (const endless of ["", "Content-Length: x\r\n", "Content-Length: -1\r\n", "l: 2147483647\r\n"])
    assert.equal(sizeOf(`${head}${endless}\r\nINFO`), `${head}${endless}\r\nINFO`.length);
  for (const cut of [`${head}Content-Length: 3\r\n\r\nab`, `${head}Content-Length: 3\r\n`, head, "INFO"])
    assert.equal(sizeOf(cut), 0, JSON.stringify(cut));
});

test("what was said stays to be read, and what does not fit is refused", () => {
  const { raw, flow } = Raw.started();
  raw.receive(flow, inviteOf("1"), 0);
  assert.equal(raw.call("sip_mask", raw.put("Authorization: Digest a\r\n\r\n")), 27);
  const records = raw.poll();
  assert.match(raw.sends(records)[0] ?? "", /^SIP\/2\.0 1[^]*\r\n\r\n$/);
  assert.equal(records.at(-1)?.kind, RecordKind.Wake);
  for (const length of [-1, 67_585, 2_147_483_647])
    assert.equal(raw.call("sip_mask", length), Status.TooLarge);
  assert.equal(new Raw().call("sip_mask", 0), Status.WrongState);
});
