// SRTP with keys in the SDP (RFC 4568): account.X.srtp_encryption, with every kind of peer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { hideMediaKeys } from "../../host/node/media-keys.js";
import { jsonLine, readableLine } from "../../host/node/print.js";
import { Pair, type SideIndex } from "../support/pair.js";
import {
  callUp,
  connect,
  type Connected,
  type Datagram,
  type Event,
  type PeerDialog,
  sdp,
  type SdpOptions,
} from "../support/scripted-peer.js";

const OPTIONAL = "account.1.srtp_encryption = 1";
const COMPULSORY = "account.1.srtp_encryption = 2";
const TIMER = "account.1.session_timer.enable = 1";

const S80 = "AES_CM_128_HMAC_SHA1_80";
const S32 = "AES_CM_128_HMAC_SHA1_32";
const THEIR_KEY = "YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2";
const NEW_KEY = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj";

/** A line of the peer. */
const crypto = (tag: number, suite = S80, rest = "", key = THEIR_KEY): string =>
  `a=crypto:${tag} ${suite} inline:${key}${rest}`;

interface Secured extends SdpOptions {
  proto?: string;
}

/** A description of the peer with these lines of crypto. */
function secured(lines: string[], { proto = "RTP/SAVP", ...options }: Secured = {}): string {
  return sdp({ ...options, lines: [...lines, ...(options.lines ?? [])] }).replace("RTP/AVP", proto);
}

interface Line {
  tag: string;
  suite: string;
  key: string;
}

/** Its lines of crypto. */
function linesOf(body: string): Line[] {
  return [...body.matchAll(/^a=crypto:(\d+) (\S+) inline:(\S+)\r$/gm)].map(([, tag, suite, key]) => ({
    tag: tag ?? "",
    suite: suite ?? "",
    key: key ?? "",
  }));
}

const media = (body: string): string[] =>
  [...body.matchAll(/^m=(\S+) (\d+) (\S+)/gm)].map(([, type, port, proto]) => `${type} ${port} ${proto}`);
const version = (body: string): number => Number(/^o=- \d+ (\d+)/m.exec(body)?.[1]);

interface Side {
  key: string;
  lifetime: number;
  mki: string;
  mki_length: number;
}

/** The next call.keys, and the call.media behind it. */
function keys(phone: { event(name: string): Event }): { suite: unknown; local: string; remote: Side } {
  const { suite, local, remote } = phone.event("call.keys").fields;
  assert.equal(phone.event("call.media").fields["srtp"], suite);
  const ours = (local as unknown as Side).key;
  const theirs = remote as unknown as Side;
  for (const key of [ours, theirs.key]) assert.match(key, /^inline:[A-Za-z0-9+/]{40}$/);
  return {
    suite,
    local: ours.slice("inline:".length),
    remote: { ...theirs, key: theirs.key.slice("inline:".length) },
  };
}

function isPlain({ phone }: Connected): void {
  assert.equal("srtp" in phone.event("call.media").fields, false);
  phone.saysNothing("call.keys");
}

/** The phone calls; its INVITE. */
function dials(config: string): Connected & { invite: Datagram } {
  const connected = connect({ config });
  connected.phone.dials(connected.peer.uri);
  return { ...connected, invite: connected.peer.expects("INVITE") };
}

// ---- two phones ----

/** What two phones with these settings come to. */
function outcome(
  caller: number,
  callee: number,
): { media: string; profiles: string; events: [Event[], Event[]] } {
  const events: [Event[], Event[]] = [[], []];
  const bodies: string[] = [];
  const pair = new Pair({
    configs: [
      `account.1.srtp_encryption = ${caller}`,
      `account.1.srtp_encryption = ${callee}\naccount.1.auto_answer = 1`,
    ],
    watcher: {
      said: (side: SideIndex, event) => events[side].push(event),
      sent: (_, bytes) => bodies.push(bytes.toString("latin1")),
    },
  });
  const call = pair.dial(0);
  pair.drive(3_000);
  for (const deed of ["hold", "resume"] as const) {
    pair.command(0, (module, now) => module[deed](call, now));
    pair.drive(pair.now + 3_000);
  }
  pair.command(0, (module, now) => module.hangup(call, now));
  pair.drive(pair.now + 60_000);
  const established = events[0].find(({ name }) => name === "call.established");
  const ended = events[0].find(({ name }) => name === "call.ended");
  const profiles = new Set(bodies.flatMap((body) => /^m=audio \S+ (\S+)/m.exec(body)?.[1] ?? []));
  return {
    media: established
      ? String(established.fields["media"]).split(" ").slice(2).join(" ")
      : String(ended?.fields["status"]),
    profiles: [...profiles].join(" "),
    events,
  };
}

const MATRIX: [number, number, string, string][] = [
  [0, 0, "sendrecv", "RTP/AVP"],
  [0, 1, "sendrecv", "RTP/AVP"],
  [0, 2, "488", "RTP/AVP"],
  [1, 0, "sendrecv", "RTP/AVP"],
  [1, 1, "sendrecv srtp", "RTP/AVP"],
  [1, 2, "sendrecv srtp", "RTP/AVP"],
  [2, 0, "488", "RTP/SAVP"],
  [2, 1, "sendrecv srtp", "RTP/SAVP"],
  [2, 2, "sendrecv srtp", "RTP/SAVP"],
];

for (const [caller, callee, result, profile] of MATRIX) {
  test(`srtp_encryption ${caller} calls ${callee}: ${result}`, () => {
    const { media, profiles, events } = outcome(caller, callee);
    assert.equal(media, result);
    assert.equal(profiles, profile);
    const [ours, theirs] = events.map((side) => side.filter(({ name }) => name === "call.keys"));
    assert.equal(ours?.length, result.endsWith("srtp") ? 3 : 0); // at first, on hold, resumed
    assert.equal(theirs?.length, ours?.length);
    for (const [i, event] of (ours ?? []).entries()) {
      const there = theirs?.[i]?.fields as Record<string, Side> | undefined;
      const here = event.fields as unknown as Record<string, Side>;
      assert.equal(here["local"]?.key, there?.["remote"]?.key);
      assert.equal(here["remote"]?.key, there?.["local"]?.key);
      assert.notEqual(here["local"]?.key, here["remote"]?.key);
      assert.deepEqual(event.fields, ours?.[0]?.fields, "the same keys all the time");
    }
  });
}

// ---- our offer ----

test("compulsory: one m= line RTP/SAVP, both suites, a key of its own for each", () => {
  const { invite } = dials(COMPULSORY);
  assert.match(media(invite.body).join(), /^audio \d+ RTP\/SAVP$/);
  const lines = linesOf(invite.body);
  assert.deepEqual(
    lines.map(({ tag, suite }) => `${tag} ${suite}`),
    [`1 ${S80}`, `2 ${S32}`],
  );
  for (const { key } of lines) assert.equal(Buffer.from(key, "base64").length, 30);
  assert.notEqual(lines[0]?.key, lines[1]?.key);
});

test("optional: RTP/AVP with the same lines, since one who does not know them answers all the same", () => {
  const { invite } = dials(OPTIONAL);
  assert.match(media(invite.body).join(), /^audio \d+ RTP\/AVP$/);
  assert.equal(linesOf(invite.body).length, 2);
});

test("off: no line of it", () => {
  assert.doesNotMatch(dials("").invite.body, /crypto|SAVP/);
});

test("no two calls have a key in common", () => {
  const { phone, peer } = connect({ config: COMPULSORY });
  const seen = new Set<string>();
  for (let call = 0; call < 8; call++) {
    phone.dials(peer.uri);
    for (const { key } of linesOf(peer.expects("INVITE").body)) seen.add(key);
  }
  assert.equal(seen.size, 16);
});

test("another seed: other keys", () => {
  const [one, two] = [1, 2].map((seed) => {
    const { phone, peer } = connect({ config: COMPULSORY, seed });
    phone.dials(peer.uri);
    return linesOf(peer.expects("INVITE").body)[0]?.key;
  });
  assert.notEqual(one, two);
});

test("a redirection, 422 and a challenge: the next INVITE has the same lines", () => {
  const { peer, invite } = dials(`${COMPULSORY}\n${TIMER}\naccount.1.password = s3cret`);
  const responses: [number, Record<string, string>][] = [
    [302, { Contact: "<sip:carol@192.0.2.20>" }],
    [422, { "Min-SE": "2000" }],
    [401, { "WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth"' }],
  ];
  let last = invite;
  for (const [status, headers] of responses) {
    peer.replies(last, status, { headers });
    peer.expects("ACK");
    last = peer.expects("INVITE");
    assert.equal(last.body, invite.body);
  }
});

// ---- the peer's answer ----

for (const [index, suite] of [S80, S32].entries()) {
  test(`the answer takes ${suite}: the keys of that line on both sides, then the media`, () => {
    const { phone, peer, invite } = dials(COMPULSORY);
    peer.replies(invite, 200, { body: secured([crypto(index + 1, suite, "|2^20|1:4")]) });
    peer.expects("ACK");
    const agreed = keys(phone);
    assert.equal(agreed.suite, suite);
    assert.equal(agreed.local, linesOf(invite.body)[index]?.key);
    assert.deepEqual(agreed.remote, { key: THEIR_KEY, lifetime: 1 << 20, mki: "1", mki_length: 4 });
    assert.match(String(phone.event("call.established").fields["media"]), / srtp$/);
  });
}

const BAD: [string, string][] = [
  ["no key", secured([])],
  ["no key, RTP/AVP", sdp()],
  ["a tag that was not offered", secured([crypto(3)])],
  ["another suite than that of the tag", secured([crypto(1, S32)])],
  ["a suite that we do not have", secured([crypto(1, "AES_256_CM_HMAC_SHA1_80")])],
  ["both lines", secured([crypto(1), crypto(2, S32)])],
  ["a key that is too short", secured([crypto(1, S80, "", THEIR_KEY.slice(4))])],
  ["a key that is no base64", secured([crypto(1, S80, "", `${THEIR_KEY.slice(1)}%`)])],
  ["two keys", secured([crypto(1, S80, `|1:4;inline:${NEW_KEY}|2:4`)])],
  ["another method than inline", secured([`a=crypto:1 ${S80} uri:${THEIR_KEY}`])],
  ["a lifetime that is too long", secured([crypto(1, S80, "|2^49")])],
  ["a lifetime of nothing", secured([crypto(1, S80, "|0")])],
  ["an MKI without its length", secured([crypto(1, S80, "|1:")])],
  ["media that are not encrypted", secured([crypto(1, S80, " UNENCRYPTED_SRTP")])],
  ["RTCP that is not", secured([crypto(1, S80, " UNENCRYPTED_SRTCP")])],
  ["media that are not authenticated", secured([crypto(1, S80, " UNAUTHENTICATED_SRTP")])],
  ["a rate of key derivation", secured([crypto(1, S80, " KDR=1")])],
  ["forward error correction", secured([crypto(1, S80, " FEC_ORDER=FEC_SRTP")])],
  ["a parameter that nobody knows", secured([crypto(1, S80, " WSH=128 NEW=1")])],
  ["RTP/SAVPF", secured([crypto(1)], { proto: "RTP/SAVPF" })],
];

for (const [what, body] of BAD) {
  test(`compulsory, and the answer has ${what}: ACK, and BYE that says why`, () => {
    const { phone, peer, invite } = dials(COMPULSORY);
    peer.replies(invite, 200, { body });
    peer.expects("ACK");
    assert.match(peer.expects("BYE").header("Reason"), /SIP;cause=488/);
    assert.equal(phone.event("call.ended").fields["rule"], "RFC3264-bad-answer");
    phone.saysNothing("call.media");
    phone.saysNothing("call.keys");
  });
}

test("a hint for the window and what begins with a dash are passed over", () => {
  const { phone, peer, invite } = dials(COMPULSORY);
  peer.replies(invite, 200, { body: secured([crypto(1, S80, " WSH=128 -NEW=1")]) });
  assert.equal(keys(phone).remote.lifetime, 0);
});

test("optional, answered in RTP/AVP with a key: SRTP; without one: RTP; with a wrong one: no call", () => {
  const one = dials(OPTIONAL);
  one.peer.replies(one.invite, 200, { body: secured([crypto(2, S32)], { proto: "RTP/AVP" }) });
  assert.equal(keys(one.phone).suite, S32);
  const other = dials(OPTIONAL);
  other.peer.replies(other.invite, 200, { body: sdp() });
  isPlain(other);
  const last = dials(OPTIONAL);
  last.peer.replies(last.invite, 200, { body: secured([crypto(7)], { proto: "RTP/AVP" }) });
  last.peer.expects("ACK");
  last.peer.expects("BYE");
});

test("off: a key in the answer means nothing, RTP/SAVP is no answer", () => {
  const one = dials("");
  one.peer.replies(one.invite, 200, { body: secured([crypto(1)], { proto: "RTP/AVP" }) });
  isPlain(one);
  const other = dials("");
  other.peer.replies(other.invite, 200, { body: secured([crypto(1)]) });
  other.peer.expects("ACK");
  other.peer.expects("BYE");
});

// ---- the peer's offer ----

/** What the phone answers to that offer once it is taken. */
function answerTo(config: string, body: string): Connected & { answer: Datagram; dialog: PeerDialog } {
  const connected = connect({ config });
  const invite = connected.peer.invites({ body });
  connected.peer.expects(180);
  connected.phone.event("call.incoming");
  connected.phone.answers();
  const answer = connected.peer.expects(200);
  return { ...connected, answer, dialog: connected.peer.dialog(invite, answer) };
}

for (const config of [OPTIONAL, COMPULSORY]) {
  test(`${config}: the first line that can be taken, with its tag and a key of ours`, () => {
    const lines = [
      crypto(1, "AES_256_CM_HMAC_SHA1_80"),
      crypto(4, S80, " UNENCRYPTED_SRTP"),
      crypto(5, S32, "|2^31"),
      crypto(6),
    ];
    const { phone, answer } = answerTo(config, secured(lines));
    assert.match(media(answer.body).join(), /^audio \d+ RTP\/SAVP$/);
    const [line, ...more] = linesOf(answer.body);
    assert.deepEqual([line?.tag, line?.suite, more.length], ["5", S32, 0]);
    const agreed = keys(phone);
    assert.equal(agreed.local, line?.key);
    assert.notEqual(agreed.local, THEIR_KEY);
    assert.equal(agreed.remote.key, THEIR_KEY);
    assert.equal(agreed.remote.lifetime, 2 ** 31);
  });
}

test("RTP/AVP with keys: answered with a key in RTP/AVP, where SRTP is wanted", () => {
  for (const config of [OPTIONAL, COMPULSORY]) {
    const { phone, answer } = answerTo(config, secured([crypto(1)], { proto: "RTP/AVP" }));
    assert.match(media(answer.body).join(), /^audio \d+ RTP\/AVP$/);
    assert.equal(keys(phone).local, linesOf(answer.body)[0]?.key);
  }
  const off = answerTo("", secured([crypto(1)], { proto: "RTP/AVP" }));
  assert.doesNotMatch(off.answer.body, /crypto/);
  isPlain(off);
});

test("optional, and no key that can be used: RTP where the profile permits it", () => {
  const plain = answerTo(OPTIONAL, secured([crypto(1, "F8_128_HMAC_SHA1_80")], { proto: "RTP/AVP" }));
  assert.doesNotMatch(plain.answer.body, /crypto/);
  isPlain(plain);
});

const REFUSED: [string, string, string][] = [
  ["off: RTP/SAVP", "", secured([crypto(1)])],
  ["compulsory: RTP/AVP", COMPULSORY, sdp()],
  ["optional: RTP/SAVP without a key", OPTIONAL, secured([])],
  ["compulsory: no suite in common", COMPULSORY, secured([crypto(1, "F8_128_HMAC_SHA1_80")])],
  ["compulsory: RTP/SAVPF", COMPULSORY, secured([crypto(1)], { proto: "RTP/SAVPF" })],
];

for (const [what, config, body] of REFUSED) {
  test(`${what}: 488 with a Warning`, () => {
    const { phone, peer } = connect({ config });
    peer.invites({ body });
    assert.match(peer.expects(488).header("Warning"), /^305 /);
    phone.saysNothing("call.incoming");
  });
}

/** Two lines for one sound. */
const both = (first: string, second: string): string =>
  sdp({ lines: [second] }).replace("m=audio 3456 RTP/AVP 0", first);
const SECURE_LINE = `m=audio 4000 RTP/SAVP 0\r\n${crypto(1)}`;
const PLAIN_LINE = "m=audio 4002 RTP/AVP 0";

for (const [what, body, secure, plain] of [
  ["SAVP, then AVP", both(SECURE_LINE, PLAIN_LINE), 0, 1],
  ["AVP, then SAVP", both(PLAIN_LINE, SECURE_LINE), 1, 0],
] as const) {
  test(`an offer of two lines, ${what}: the one that fits is taken, the other refused in its place`, () => {
    for (const [config, taken] of [
      ["", plain],
      [OPTIONAL, secure],
      [COMPULSORY, secure],
    ] as const) {
      const { answer } = answerTo(config, body);
      const ports = media(answer.body).map((line) => line.split(" ")[1] !== "0");
      assert.deepEqual(ports, [taken === 0, taken === 1], config);
      assert.equal(linesOf(answer.body).length, taken === secure ? 1 : 0);
    }
  });
}

for (const [what, body, place] of [
  ["the first", both(SECURE_LINE, PLAIN_LINE), 0],
  ["the second", both(PLAIN_LINE, SECURE_LINE), 1],
] as const) {
  test(`RFC 3264 §8 after an offer of two lines, of which ${what} was taken, ours have two lines`, () => {
    const { phone, peer, accepted } = callUp({ direction: "incoming", config: OPTIONAL, body });
    phone.holds();
    const hold = peer.expects("INVITE");
    const [ours, other] = [media(hold.body)[place], media(hold.body)[1 - place]];
    assert.match(ours ?? "", /^audio [1-9]\d+ RTP\/SAVP$/);
    assert.match(other ?? "", /^audio 0 RTP\/AVP$/);
    assert.equal(media(hold.body).length, 2);
    assert.equal(linesOf(hold.body)[0]?.key, linesOf(accepted.body)[0]?.key);
    const line = `m=audio 4004 RTP/SAVP 0\r\n${crypto(1)}`;
    const refused = "m=audio 0 RTP/AVP 0";
    peer.replies(hold, 200, { body: place ? both(refused, line) : both(line, refused) });
    peer.expects("ACK");
    assert.equal(phone.event("call.media").fields["port"], 4004);
    phone.saysNothing("call.notice");
  });
}

test("an INVITE without offer: ours in the 200, the keys from the ACK", () => {
  const { phone, peer } = connect({ config: COMPULSORY });
  const invite = peer.asks("INVITE");
  peer.expects(180);
  phone.event("call.incoming");
  phone.answers();
  const offer = peer.expects(200);
  assert.equal(linesOf(offer.body).length, 2);
  peer.acks(peer.dialog(invite, offer), { body: secured([crypto(2, S32)]) });
  assert.equal(keys(phone).local, linesOf(offer.body)[1]?.key);
});

// ---- later offers ----

for (const direction of ["outgoing", "incoming"] as const) {
  test(`TDR-31 TDR-38 B48 ${direction}: ten refreshes by re-INVITE repeat the lines of crypto and the o= line`, () => {
    const { phone, peer, invite, accepted } = callUp({
      direction,
      config: `${COMPULSORY}\n${TIMER}`,
      sessionExpires: direction === "outgoing" ? "600;refresher=uac" : "600;refresher=uas",
      headers: { Allow: "INVITE, ACK, BYE, CANCEL, OPTIONS" },
      body: secured([crypto(1)]),
    });
    const first = direction === "outgoing" ? invite.body : accepted.body;
    assert.match(first, /^a=crypto:1 /m);
    for (let round = 1; round <= 10; round++) {
      const refresh = peer.awaits("INVITE", round * 300_000);
      assert.equal(refresh.body, first);
      peer.replies(refresh, 200, {
        headers: { "Session-Expires": "600;refresher=uac", Require: "timer" },
        body: secured([crypto(1)]),
      });
      peer.expects("ACK");
      phone.event("call.refreshed");
    }
    phone.saysNothing();
  });
}

test("hold and resume: the same keys, the o= version grows", () => {
  const { phone, peer, invite } = callUp({ config: COMPULSORY, body: secured([crypto(1)]) });
  for (const [round, direction] of ["recvonly", "sendrecv"].entries()) {
    if (round === 0) phone.holds();
    else phone.resumes();
    const change = peer.expects("INVITE");
    assert.deepEqual(linesOf(change.body), linesOf(invite.body));
    assert.equal(version(change.body), version(invite.body) + round + 1);
    peer.replies(change, 200, { body: secured([crypto(1)], { direction, version: round + 2 }) });
    peer.expects("ACK");
    assert.equal(keys(phone).local, linesOf(invite.body)[0]?.key);
  }
});

test("hold of a call that came in: the profile that it has, and the key that was answered", () => {
  for (const proto of ["RTP/SAVP", "RTP/AVP"]) {
    for (const config of [OPTIONAL, COMPULSORY]) {
      const { phone, peer, accepted } = callUp({
        direction: "incoming",
        config,
        body: secured([crypto(1)], { proto }),
      });
      phone.holds();
      const { body } = peer.expects("INVITE");
      assert.ok(media(body)[0]?.endsWith(proto), `${config} ${proto}`);
      assert.equal(linesOf(body)[0]?.key, linesOf(accepted.body)[0]?.key);
    }
  }
});

test("the peer changes its key by re-INVITE: we are told, our own answer stays as it was", () => {
  const { phone, peer, dialog, accepted } = callUp({
    direction: "incoming",
    config: COMPULSORY,
    body: secured([crypto(1)]),
  });
  peer.requests(dialog, "INVITE", { body: secured([crypto(1)]) });
  assert.equal(peer.expects(200).body, accepted.body);
  peer.acks(dialog);
  phone.saysNothing("call.keys");
  const body = secured([crypto(1, S80, "", NEW_KEY)], { version: 2 });
  peer.requests(dialog, "INVITE", { body });
  assert.equal(peer.expects(200).body, accepted.body);
  peer.acks(dialog);
  assert.equal(keys(phone).remote.key, NEW_KEY);
  phone.saysNothing("call.media");
});

test("the peer takes another suite by UPDATE: another key of ours, and its own", () => {
  const { phone, peer, dialog, invite } = callUp({ config: COMPULSORY, body: secured([crypto(1)]) });
  peer.requests(dialog, "UPDATE", { body: secured([crypto(9, S32, "", NEW_KEY)], { version: 2 }) });
  const answer = peer.expects(200);
  assert.deepEqual(linesOf(answer.body)[0], { tag: "9", suite: S32, key: linesOf(invite.body)[1]?.key });
  const agreed = keys(phone);
  assert.deepEqual([agreed.suite, agreed.remote.key], [S32, NEW_KEY]);
});

test("the peer wants to go on without SRTP: RTP where it is optional, 488 where it is compulsory", () => {
  const one = callUp({ direction: "incoming", config: OPTIONAL, body: secured([crypto(1)]) });
  one.peer.requests(one.dialog, "INVITE", { body: sdp({ version: 2 }) });
  assert.match(media(one.peer.expects(200).body).join(), /RTP\/AVP$/);
  one.peer.acks(one.dialog);
  isPlain(one);
  const other = callUp({ direction: "incoming", config: COMPULSORY, body: secured([crypto(1)]) });
  other.peer.requests(other.dialog, "INVITE", { body: sdp({ version: 2 }) });
  other.peer.expects(488);
  other.phone.saysNothing();
});

test("RFC 4568 §7.1.4 the media go elsewhere: another key of ours, also where the peer's answer is the same", () => {
  const { phone, peer, invite } = callUp({ config: COMPULSORY, body: secured([crypto(1)]) });
  phone.takesMediaAt("198.51.100.7", 5004);
  const moved = peer.expects("INVITE");
  const [ours] = linesOf(moved.body);
  assert.notEqual(ours?.key, linesOf(invite.body)[0]?.key);
  peer.replies(moved, 200, { body: secured([crypto(1)]) });
  peer.expects("ACK");
  assert.equal(keys(phone).local, ours?.key);
});

test("the re-INVITE with another key is refused: the refresh repeats the one in force", () => {
  const { phone, peer, invite } = callUp({
    config: `${COMPULSORY}\n${TIMER}`,
    sessionExpires: "600;refresher=uac",
    headers: { Allow: "INVITE, ACK, BYE, CANCEL" },
    body: secured([crypto(1)]),
  });
  phone.takesMediaAt("198.51.100.7", 5004);
  peer.replies(peer.expects("INVITE"), 488);
  peer.expects("ACK");
  assert.equal(peer.awaits("INVITE", 300_000).body, invite.body);
});

// ---- before the answer ----

test("early media of two forks: the keys of each, and those of the one that answers", () => {
  const { phone, peer, invite } = dials(`${COMPULSORY}\naccount.1.100rel_enable = 1`);
  const forks: [string, string][] = [
    ["desk", THEIR_KEY],
    ["mobile", NEW_KEY],
  ];
  for (const [index, [tag, key]] of forks.entries()) {
    peer.replies(invite, 183, {
      tag,
      headers: { Require: "100rel", RSeq: `${index + 1}` },
      body: secured([crypto(index + 1, index ? S32 : S80, "", key)]),
    });
    peer.replies(peer.expects("PRACK"), 200);
    const agreed = keys(phone);
    assert.deepEqual([agreed.local, agreed.remote.key], [linesOf(invite.body)[index]?.key, key]);
  }
  peer.replies(invite, 200, { tag: "desk" });
  peer.expects("ACK");
  assert.deepEqual(keys(phone).remote.key, THEIR_KEY);
});

test("a fork whose early answer has no key is passed over, and the 200 brings one", () => {
  const { phone, peer, invite } = dials(COMPULSORY);
  peer.replies(invite, 183, { body: secured([]) });
  phone.saysNothing("call.media");
  peer.replies(invite, 200, { body: secured([crypto(1)]) });
  keys(phone);
});

test("our offer in a 180 that requires PRACK, whose PRACK brings the keys", () => {
  const { phone, peer } = connect({ config: `${COMPULSORY}\naccount.1.100rel_enable = 1` });
  const invite = peer.asks("INVITE", { headers: { Require: "100rel" } });
  const ringing = peer.expects(180);
  const dialog = peer.dialog(invite, ringing);
  peer.requests(dialog, "PRACK", {
    headers: { RAck: `${ringing.header("RSeq")} 1 INVITE` },
    body: secured([crypto(1)]),
  });
  peer.expects(200);
  assert.equal(keys(phone).local, linesOf(ringing.body)[0]?.key);
});

// ---- nobody else learns of them ----

test("programs show stars for keys, and the library's event has them", () => {
  const { phone, peer, invite } = dials(COMPULSORY);
  peer.replies(invite, 200, { body: secured([crypto(1, S80, "|2^20|1:4")]) });
  const event = phone.event("call.keys");
  assert.deepEqual(event.secrets, ["local.key", "remote.key"]);
  const stars = "*".repeat(47);
  assert.equal(
    readableLine(event),
    `call.keys 1 suite=${S80} local.key=${stars} remote.key=${stars} remote.lifetime=1048576 remote.mki=1 remote.mki_length=4`,
  );
  assert.deepEqual(JSON.parse(jsonLine(event)), {
    event: "call.keys",
    call: 1,
    suite: S80,
    local: { key: stars },
    remote: { key: stars, lifetime: 1048576, mki: "1", mki_length: 4 },
  });
});

test("in memory every key stands behind its mark, while it is agreed on and after the call", () => {
  const { phone, peer, wire, invite } = dials(COMPULSORY);
  const accepted = peer.replies(invite, 200, { body: secured([crypto(1)]) });
  peer.expects("ACK");
  const ours = linesOf(invite.body)[0]?.key ?? "";
  const wanted = [ours, THEIR_KEY].flatMap((key) => [
    Buffer.from(key),
    Buffer.from(key, "base64"),
    // As words of the hash.
    Buffer.from(key, "base64").subarray(0, 28).swap32(),
  ]);
  const holds = (memory: Uint8Array): boolean[] => wanted.map((key) => Buffer.from(memory).includes(key));
  const look = (isUp: boolean): void => {
    const { memory } = wire.instance.module.snapshot();
    if (isUp) assert.deepEqual(holds(memory), [true, false, false, true, false, false]);
    hideMediaKeys(memory);
    assert.deepEqual(holds(memory), Array(6).fill(false));
  };
  look(true);
  phone.hangsUp();
  peer.replies(peer.expects("BYE"), 200);
  look(false);
  assert.ok(accepted.text.includes(THEIR_KEY));
});

test("no text of the module stands where a host looks for keys", () => {
  const { wire } = connect();
  const { memory } = wire.instance.module.snapshot();
  const before = Buffer.from(memory);
  hideMediaKeys(memory);
  // All but the secret that keys are made of.
  const changed = before.map((byte, at) => (byte === memory[at] ? 0 : 1)).reduce((sum, one) => sum + one, 0);
  assert.ok(changed <= 40, `${changed} bytes`);
  assert.equal(before.toString("latin1").split("inline:").length - 1, 1);
});

test("a phone that goes on from a state without keys offers others, soon, and tells them", () => {
  const { phone, peer, wire, invite, at } = callUp({
    config: `${COMPULSORY}\n${TIMER}`,
    body: secured([crypto(1)]),
  });
  const saved = wire.instance.module.snapshot();
  hideMediaKeys(saved.memory);
  wire.restart(true, saved);
  phone.event("phone.ready");
  at(1);
  const offer = peer.expects("INVITE");
  assert.equal(version(offer.body), version(invite.body) + 1);
  const [ours] = linesOf(offer.body);
  assert.notEqual(ours?.key, linesOf(invite.body)[0]?.key);
  peer.replies(offer, 200, { body: secured([crypto(1)]) });
  peer.expects("ACK");
  const agreed = keys(phone);
  assert.deepEqual([agreed.local, agreed.remote.key], [ours?.key, THEIR_KEY]);
  peer.expectsNothing();
});

test("the same while a re-INVITE of ours is open: the call ends, since the copy has no key", () => {
  const { phone, peer, wire } = callUp({ config: COMPULSORY, body: secured([crypto(1)]) });
  phone.holds();
  peer.expects("INVITE");
  const saved = wire.instance.module.snapshot();
  hideMediaKeys(saved.memory);
  wire.restart(true, saved);
  assert.equal(phone.event("call.ended").fields["rule"], "media-lost");
});
