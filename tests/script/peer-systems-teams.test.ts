// Teams Direct Routing through an SBC: forks, early media, its methods (TDR-16 to 19, 29 to 31).

import assert from "node:assert/strict";
import { test } from "node:test";
import { callUp, connect, sdp } from "../support/scripted-peer.js";

const TIMER = "account.1.session_timer.enable = 1";
/** Allow of Teams in traces of 2019 and 2024. */
const TEAMS = { Allow: "INVITE,ACK,OPTIONS,CANCEL,BYE,NOTIFY", Supported: "timer" };
const contact = (fork: number): string =>
  `<sip:api-du-${fork}.pstnhub.microsoft.com:443;x-i=6ba9a9b2;x-c=2d3c${fork}/s/1/5f7a;maddr=192.0.2.${50 + fork}>`;
const route = (fork: number): string => `<sip:192.0.2.${60 + fork};lr;x=${fork}>`;

test("TDR-16 100, then any number of 180 and 183 with different To tags: each its own early dialog (without RSeq)", () => {
  for (const winner of [0, 3, 5]) {
    const { phone, peer } = connect();
    phone.dials("sip:bob@192.0.2.20");
    const invite = peer.expects("INVITE");
    peer.replies(invite, 100);
    phone.saysNothing("call.ringing");
    for (let fork = 0; fork < 6; fork++) {
      const headers = { Contact: contact(fork), "Record-Route": route(fork) };
      const status = fork % 2 ? 183 : 180;
      peer.replies(invite, status, { tag: `fork${fork}`, headers });
      assert.equal(phone.event("call.ringing").fields["status"], status);
    }
    // Each fork keeps its own route set and target: the 200 of one shows which.
    peer.replies(invite, 200, {
      tag: `fork${winner}`,
      headers: { Contact: contact(winner), "Record-Route": route(winner) },
      body: sdp(),
    });
    const ack = peer.expects("ACK");
    assert.deepEqual(ack.headers("Route"), [route(winner)]);
    assert.equal(`<${ack.uri}>`, contact(winner));
    phone.hangsUp();
    const bye = peer.expects("BYE");
    assert.deepEqual(bye.headers("Route"), [route(winner)]);
    assert.equal(bye.cseq, invite.cseq + 1);
  }
});

test("TDR-16 a BYE of the peer in an early dialog that lost is not the end of the call", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  const early = peer.replies(invite, 183, { tag: "lost" });
  peer.replies(invite, 200, { tag: "won", body: sdp() });
  peer.expects("ACK");
  phone.event("call.established");
  peer.requests(peer.dialog(invite, early), "BYE");
  peer.expects(481);
  phone.saysNothing("call.ended");
});

test("TDR-17 180 without SDP: ringback, no media yet", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  peer.replies(peer.expects("INVITE"), 180);
  assert.equal(phone.event("call.ringing").fields["status"], 180);
  phone.saysNothing("call.media");
});

test("TDR-17 183 with SDP: early media; several in the bypass case, the newest counts", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  for (const port of [4000, 4002]) {
    peer.replies(invite, 183, { tag: `bypass${port}`, body: sdp({ port }) });
    const media = phone.event("call.media").fields;
    assert.deepEqual([media["port"], media["early"]], [port, 1]);
  }
  phone.saysNothing("call.established");
});

test("TDR-17 183 with SDP, 200 without: the answer of the 183 serves", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 183, { body: sdp({ port: 4000 }) });
  peer.replies(invite, 200);
  peer.expects("ACK");
  assert.match(phone.event("call.established").fields["media"] as string, /:4000 /);
});

test("TDR-17 200 with SDP and no 183 before", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  peer.replies(peer.expects("INVITE"), 200, { body: sdp() });
  peer.expects("ACK");
  phone.event("call.established");
});

test("TDR-17 200 on a fork that never sent 18x", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 183, { tag: "loud", body: sdp({ port: 4000 }) });
  peer.replies(invite, 200, { tag: "silent", body: sdp({ port: 5000 }) });
  assert.match(peer.expects("ACK").header("To"), /;tag=silent$/);
  assert.match(phone.event("call.established").fields["media"] as string, /:5000 /);
});

test("TDR-17 200 without any SDP on a silent fork: the newest early answer has to do", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 183, { tag: "loud", body: sdp({ port: 4000 }) });
  peer.replies(invite, 200, { tag: "silent" });
  assert.match(peer.expects("ACK").header("To"), /;tag=silent$/);
  assert.match(phone.event("call.established").fields["media"] as string, /:4000 /);
});

test("TDR-17 200 without SDP, and no 183 had one: ACK, then BYE", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 183);
  peer.replies(invite, 200);
  peer.expects("ACK");
  assert.match(peer.expects("BYE").header("Reason"), /^SIP;cause=488/);
  assert.equal(phone.event("call.ended").fields["rule"], "RFC3264-bad-answer");
});

test("TDR-18 the 200 of one fork wins, late 2xx of each other fork: ACK then BYE", () => {
  const { phone, peer } = connect();
  phone.dials("sip:bob@192.0.2.20");
  const invite = peer.expects("INVITE");
  for (let fork = 0; fork < 3; fork++)
    peer.replies(invite, 180, { tag: `fork${fork}`, headers: { Contact: contact(fork) } });
  peer.replies(invite, 200, { tag: "fork0", headers: { Contact: contact(0) }, body: sdp() });
  peer.expects("ACK");
  phone.event("call.established");
  for (const fork of [1, 2]) {
    const headers = { Contact: contact(fork), "Record-Route": route(fork) };
    peer.replies(invite, 200, { tag: `fork${fork}`, headers, body: sdp() });
    const ack = peer.expects("ACK");
    assert.equal(`<${ack.uri}>`, contact(fork));
    assert.deepEqual(ack.headers("Route"), [route(fork)]);
    const bye = peer.expects("BYE");
    assert.equal(`<${bye.uri}>`, contact(fork));
    peer.replies(bye, 200);
  }
  peer.expectsNothing();
  phone.saysNothing("call.ended");
});

test("TDR-19 route sets: in order as UAS, reversed as UAC; next hop the top Record-Route, else Contact", () => {
  const recorded = ["<sip:192.0.2.71;lr>", "<sip:192.0.2.72;lr>"];
  const incoming = callUp({ direction: "incoming", headers: { "Record-Route": recorded } });
  incoming.phone.hangsUp();
  const asCallee = incoming.peer.expects("BYE");
  assert.deepEqual(asCallee.headers("Route"), recorded);
  assert.equal(asCallee.address.address, "192.0.2.71");
  const outgoing = callUp({ headers: { "Record-Route": recorded } });
  outgoing.phone.hangsUp();
  const asCaller = outgoing.peer.expects("BYE");
  assert.deepEqual(asCaller.headers("Route"), [...recorded].reverse());
  assert.equal(asCaller.address.address, "192.0.2.72");
  const direct = callUp({ headers: { Contact: "<sip:192.0.2.73:5065>" } });
  direct.phone.hangsUp();
  assert.deepEqual(direct.peer.expects("BYE").address, { address: "192.0.2.73", port: 5065 });
});

test("TDR-19 the Contact of Teams is the Request-URI, byte for byte", () => {
  const { phone, peer } = callUp({ headers: { Contact: contact(4), "Record-Route": route(4) } });
  phone.hangsUp();
  assert.equal(`<${peer.expects("BYE").uri}>`, contact(4));
});

test("TDR-29 non-bypass: Teams offers a timer, answered per RFC 4028; bypass: it does not, and neither do we", () => {
  const offered = callUp({ direction: "incoming", config: TIMER, sessionExpires: "1800", headers: TEAMS });
  assert.equal(offered.accepted.header("Session-Expires"), "1800;refresher=uas");
  assert.equal(offered.established.fields["refresher"], "local");
  const bypass = callUp({ direction: "incoming", config: TIMER, headers: { Allow: TEAMS.Allow } });
  assert.equal(bypass.accepted.has("Session-Expires"), false);
  assert.equal(bypass.accepted.has("Require"), false);
  assert.equal(bypass.established.fields["refresher"], "none");
  bypass.runTo(7_200_000);
  bypass.peer.expectsNothing();
});

test("TDR-29 timers off: an INVITE that offers one is answered without, and never required by us", () => {
  const { accepted, peer, runTo } = callUp({
    direction: "incoming",
    sessionExpires: "1800;refresher=uac",
    headers: TEAMS,
  });
  assert.equal(accepted.has("Session-Expires"), false);
  assert.equal(accepted.has("Require"), false);
  runTo(7_200_000);
  peer.expectsNothing();
  const out = connect({ config: TIMER });
  out.phone.dials("sip:bob@192.0.2.20");
  assert.equal(out.peer.expects("INVITE").has("Require"), false);
});

test("TDR-30 Teams allows no UPDATE, PRACK, INFO, REFER: re-INVITE refreshes, and nothing requires 100rel", () => {
  const { peer, invite } = callUp({
    config: TIMER,
    sessionExpires: "1800;refresher=uac",
    headers: TEAMS,
  });
  assert.equal(invite.has("Require"), false);
  assert.doesNotMatch(invite.header("Supported"), /100rel/);
  const refresh = peer.awaits("INVITE", 900_000);
  assert.equal(refresh.body, invite.body);
  assert.equal(refresh.header("Session-Expires"), "1800;refresher=uac");
  assert.match(refresh.header("Supported"), /timer/);
});

for (const direction of ["outgoing", "incoming"] as const) {
  test(`TDR-31 ${direction}: re-INVITE 1 to 10 keep o= id and version, codecs and every other line`, () => {
    const { peer, invite, accepted, phone } = callUp({
      direction,
      config: TIMER,
      headers: TEAMS,
      sessionExpires: direction === "outgoing" ? "600;refresher=uac" : "600;refresher=uas",
    });
    const first = direction === "outgoing" ? invite.body : accepted.body;
    for (let round = 1; round <= 10; round++) {
      const refresh = peer.awaits("INVITE", round * 300_000);
      assert.equal(refresh.body, first);
      peer.replies(refresh, 200, {
        headers: { ...TEAMS, "Session-Expires": "600;refresher=uac", Require: "timer" },
        body: sdp(),
      });
      peer.expects("ACK");
      phone.event("call.refreshed");
    }
    phone.saysNothing();
  });
}
