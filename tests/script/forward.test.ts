// Calls that go elsewhere: forwards by 302, what they say of it, what stops them; do not disturb and its exceptions.

import assert from "node:assert/strict";
import { test } from "node:test";
import { callUp, connect, type Datagram, type Headers, PHONE } from "../support/scripted-peer.js";

const ALWAYS = "forward.always.enable = 1\nforward.always.target = sip:carol@192.0.2.30";

/** The 302 to one call. */
function diverted(config: string, headers: Headers = {}): Datagram {
  const { phone, peer } = connect({ config });
  const invite = peer.invites({ headers });
  const answer = peer.expects(302);
  peer.acksRefusal(invite, answer);
  phone.saysNothing("call.incoming");
  return answer;
}

/** It rings here. */
function rings(config: string, headers: Headers = {}): void {
  const { phone, peer } = connect({ config });
  peer.invites({ headers });
  peer.expects(180);
  phone.event("call.incoming");
}

test("forward.always: 302 with the target in Contact, and Diversion says who and why (RFC 5806 §5)", () => {
  const { phone, peer } = connect({ config: ALWAYS });
  const answer = (peer.invites(), peer.expects(302));
  assert.equal(answer.header("Contact"), "<sip:carol@192.0.2.30>");
  assert.equal(answer.header("Diversion"), '"Alice" <sip:alice@192.0.2.10>;reason=unconditional');
  assert.equal(answer.has("History-Info"), false);
  const { fields } = phone.event("call.refused");
  assert.deepEqual(
    [fields["from"], fields["status"], fields["reason"], fields["to"]],
    ["sip:bob@192.0.2.20", 302, "unconditional", "sip:carol@192.0.2.30"],
  );
});

test("a number is forwarded at the account's server, with user=phone where the account wants it", () => {
  const config = `account.1.sip_server.1.address = 192.0.2.20\naccount.1.enable_user_equal_phone = 1
    forward.always.enable = 1\nforward.always.target = +4930123`;
  const answer = diverted(config);
  assert.equal(answer.header("Contact"), "<sip:+4930123@192.0.2.20;user=phone>");
  assert.equal(answer.header("Diversion"), '"Alice" <sip:alice@192.0.2.20;user=phone>;reason=unconditional');
});

test("features.fwd_mode = 1: the account's forwards count, and the phone's do not", () => {
  const own = "account.1.always_fwd.enable = 1\naccount.1.always_fwd.target = sip:dave@192.0.2.31";
  const answer = diverted(`features.fwd_mode = 1\n${ALWAYS}\n${own}`);
  assert.equal(answer.header("Contact"), "<sip:dave@192.0.2.31>");
  rings(`features.fwd_mode = 1\n${ALWAYS}`);
  rings(own);
});

test("features.fwd.allow = 0, no target, a target that is no URI, 00 without forward.international.enable: it rings", () => {
  rings(`features.fwd.allow = 0\n${ALWAYS}`);
  rings("forward.always.enable = 1");
  rings("forward.always.enable = 1\nforward.always.target = sip:car ol@192.0.2.30");
  rings("forward.always.enable = 1\nforward.always.target = sip:carol@192.0.2.30?Subject=x");
  const abroad = "forward.always.enable = 1\nforward.always.target = sip:0044123@192.0.2.30";
  rings(`forward.international.enable = 0\n${abroad}`);
  assert.equal(diverted(abroad).header("Contact"), "<sip:0044123@192.0.2.30>");
});

test("forward.busy: a second call without call waiting, and one that finds the phone full", () => {
  const busy = "forward.busy.enable = 1\nforward.busy.target = sip:carol@192.0.2.30";
  for (const config of ["call_waiting.enable = 0", "ringlet.capacity.calls = 1"]) {
    const { phone, peer } = callUp({ direction: "incoming", config: `${config}\n${busy}` });
    peer.invites({ tag: "other" });
    const answer = peer.expects(302);
    assert.match(answer.header("Diversion"), /;reason=user-busy$/);
    assert.equal(phone.event("call.refused").fields["reason"], "user-busy");
  }
  rings(busy);
});

test("forward.no_answer: after so many periods of 6 s, to where the settings say then", () => {
  const config =
    "forward.no_answer.enable = 1\nforward.no_answer.target = sip:carol@192.0.2.30\nforward.no_answer.timeout = 3";
  const { phone, peer, runTo } = connect({ config });
  const invite = peer.invites({ headers: { Supported: "histinfo" } });
  peer.expects(180);
  phone.event("call.incoming");
  runTo(17_999);
  peer.expectsNothing();
  phone.sets("forward.no_answer.target", "sip:erin@192.0.2.32");
  runTo(18_000);
  const answer = peer.expects(302);
  peer.acksRefusal(invite, answer);
  assert.equal(answer.header("Contact"), "<sip:erin@192.0.2.32>;mp=1");
  assert.equal(answer.header("History-Info"), "<sip:alice@192.0.2.10>;index=1");
  assert.match(answer.header("Diversion"), /;reason=no-answer$/);
  const ended = phone.event("call.ended").fields;
  assert.deepEqual(
    [ended["by"], ended["status"], ended["rule"], ended["reason"]],
    ["local", 302, "setting-forward", "sip:erin@192.0.2.32"],
  );
});

test("a forward for no answer that was switched off meanwhile: it rings on; features.no_answer_code at the end", () => {
  const config = `forward.no_answer.enable = 1\nforward.no_answer.target = sip:carol@192.0.2.30
    features.no_answer_code = 603\nphone_setting.ringing_timeout = 60`;
  const { phone, peer, runTo } = connect({ config });
  peer.invites();
  peer.expects(180);
  phone.event("call.incoming");
  phone.sets("forward.no_answer.enable", "0");
  runTo(59_999);
  peer.expectsNothing();
  runTo(60_000);
  assert.equal(peer.takesAll().at(-1)?.status, 603);
});

// ---- what was said of the way here ----

test("RFC 7044 §9.4 the entries of the request come back in the 302, with one on behalf of who left none", () => {
  const { header, headers } = diverted(ALWAYS, {
    "History-Info": ["<sip:office@example.com>;index=1", "<sip:alice@192.0.2.10>;index=1.1;mp=1"],
  });
  assert.equal(header("Contact"), "<sip:carol@192.0.2.30>;mp=1.1");
  assert.deepEqual(headers("History-Info"), [
    "<sip:office@example.com>;index=1",
    "<sip:alice@192.0.2.10>;index=1.1;mp=1",
  ]);
  const other = diverted(ALWAYS, { "History-Info": "<sip:office@example.com>;index=1" });
  assert.equal(other.header("Contact"), "<sip:carol@192.0.2.30>;mp=1.0");
  assert.deepEqual(other.headers("History-Info"), [
    "<sip:office@example.com>;index=1",
    "<sip:alice@192.0.2.10>;index=1.0",
  ]);
});

test("features.fwd_diversion_enable = 0: the 302 says nothing of it", () => {
  const answer = diverted(`features.fwd_diversion_enable = 0\n${ALWAYS}`, { Supported: "histinfo" });
  assert.equal(answer.has("Diversion") || answer.has("History-Info"), false);
  assert.equal(answer.header("Contact"), "<sip:carol@192.0.2.30>");
});

test("TDR-33 the 302 carries History-Info with user=phone where the call had it", () => {
  const config = `account.1.enable_user_equal_phone = 1\n${ALWAYS}`;
  const { peer } = connect({ config });
  peer.invites({ uri: `sip:alice@${PHONE.address};user=phone`, headers: { Supported: "histinfo" } });
  assert.equal(peer.expects(302).header("History-Info"), `<sip:alice@${PHONE.address};user=phone>;index=1`);
});

test("RFC 5806 who diverted the call, and why: the topmost Diversion", () => {
  const { phone, peer } = connect();
  peer.invites({
    headers: {
      Diversion: [
        '"Bob B" <sip:bob@example.com>;reason=no-answer;counter=2',
        "<sip:zoe@example.com>;reason=user-busy",
      ],
    },
  });
  phone.event("call.incoming");
  const { fields } = phone.event("call.diverted");
  assert.deepEqual(
    [fields["by"], fields["reason"], fields["count"]],
    ["sip:bob@example.com", "no-answer", 3],
  );
});

test("TDR-32 History-Info of several entries: who diverted, and why", () => {
  const { phone, peer } = connect();
  peer.invites({
    headers: {
      "History-Info":
        "<sip:UserA@example.com?Reason=SIP%3Bcause%3D302>;index=1," +
        "<sip:UserB@example.com?Privacy=history&Reason=SIP%3Bcause%3D486>;index=1.1,<sip:alice@192.0.2.10>;index=1.2",
    },
  });
  phone.event("call.incoming");
  const { fields } = phone.event("call.diverted");
  assert.deepEqual(
    [fields["by"], fields["reason"], fields["count"]],
    ["sip:UserB@example.com", "user-busy", 2],
  );
});

test("TDR-32 one that can't be read never harms the call", () => {
  for (const value of [
    "<sip:UserB@example.com?Reason=SIP%3B\\cause%3D486>;index=1.1",
    "<sip:UserB@sip.com?Reason=SIP;cause=496;text=\u201dUser Busy\u201d>;index=1.2 <sip:+1@example.com>;index=1.3",
    "<sip:UserB@example.com?Reason=%0d%0aBYE>;index=1",
    "<sip:UserB@example.com?Reason=SIP%3B>;index=.1.",
    "<<>>;;index",
    "",
  ]) {
    for (const name of ["History-Info", "Diversion"]) {
      rings("", { [name]: value });
      diverted(ALWAYS, { [name]: value });
    }
  }
});

// ---- what stops a forward ----

test("a forward to ourselves is none", () => {
  const server = "account.1.sip_server.1.address = 192.0.2.20\nforward.always.enable = 1\n";
  rings(`${server}forward.always.target = alice`);
  rings(`${server}forward.always.target = sip:alice@192.0.2.10`);
  rings(`${server}forward.always.target = sip:%61lice@192.0.2.20;transport=tcp`);
  diverted(`${server}forward.always.target = sip:alice@192.0.2.30`);
});

test("a chain that names us, or is too long, ends here", () => {
  rings(ALWAYS, { Diversion: "<sip:alice@192.0.2.10>;reason=unconditional" });
  rings(ALWAYS, {
    Diversion: ["<sip:bob@example.com>;reason=user-busy", "<sip:alice@192.0.2.10>;reason=user-busy"],
  });
  rings(ALWAYS, {
    "History-Info": "<sip:alice@192.0.2.10?Reason=SIP%3Bcause%3D302>;index=1,<sip:alice@192.0.2.10>;index=2",
  });
  diverted(ALWAYS, { Diversion: "<sip:bob@example.com>;counter=4" });
  rings(ALWAYS, { Diversion: "<sip:bob@example.com>;counter=5" });
  rings(ALWAYS, { Diversion: Array.from({ length: 5 }, (_, i) => `<sip:user${i}@example.com>`) });
});

test("busy, and the forward would go in a circle: 486", () => {
  const config =
    "call_waiting.enable = 0\nforward.busy.enable = 1\nforward.busy.target = sip:carol@192.0.2.30";
  const { peer } = callUp({ direction: "incoming", config });
  peer.invites({ tag: "other", headers: { Diversion: "<sip:alice@192.0.2.10>" } });
  peer.expects(486);
});

// ---- numbers that always ring ----

test("features.forward.emergency: listed callers are not forwarded", () => {
  const config = `${ALWAYS}\nfeatures.forward.emergency.enable = 1
    features.forward.emergency.authorized_number = 112, +49-30-123 ,bob`;
  const from = (user: string): Headers => ({ From: `<sip:${user}@192.0.2.20>;tag=peertag` });
  for (const user of ["112", "+4930123", "+49(30)123;phone-context=x", "bob"]) rings(config, from(user));
  for (const user of ["1123", "11", "carol"]) diverted(config, from(user));
  diverted(config.replace("emergency.enable = 1", "emergency.enable = 0"), from("112"));
});

test("features.dnd.emergency: listed callers ring through do not disturb", () => {
  const list = Array.from({ length: 40 }, (_, i) => `+49301234${i}`).join(",");
  const config = `features.dnd.enable = 1\nfeatures.dnd.emergency_enable = 1
    features.dnd.emergency_authorized_number = ${list},bob`;
  rings(config);
  const { phone, peer } = connect({ config });
  peer.invites({ headers: { From: "<sip:carol@192.0.2.20>;tag=peertag" } });
  peer.expects(480);
  assert.equal(phone.event("call.refused").fields["reason"], "dnd");
});

test("both: the forward comes before do not disturb", () => {
  diverted(`${ALWAYS}\nfeatures.dnd.enable = 1`);
});
