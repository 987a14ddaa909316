// A call that is up changes: hold, resume, another target, glare (RFC 3261 §14, RFC 3311, RFC 3264, RFC 6141).

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  callUp,
  type CallUp,
  connect,
  type Datagram,
  type PeerDialog,
  sdp,
} from "../support/scripted-peer.js";

const TIMER = "account.1.session_timer.enable = 1";

/** The peer sends a re-INVITE that the phone accepts, and acknowledges it. */
function reInvites({ peer }: CallUp, dialog: PeerDialog, body: string): Datagram {
  peer.requests(dialog, "INVITE", { body });
  const accepted = peer.expects(200);
  peer.acks(dialog);
  return accepted;
}

const direction = (body: string): string =>
  /a=(sendrecv|sendonly|recvonly|inactive)/.exec(body)?.[1] ?? "sendrecv";
const origin = (body: string): string => /^o=.*$/m.exec(body)?.[0] ?? "";

// ---- the phone holds ----

test("hold and resume: sendonly, then sendrecv, with the o= version counted on", () => {
  const { phone, peer, invite } = callUp();
  phone.holds();
  const hold = peer.expects("INVITE");
  assert.equal(direction(hold.body), "sendonly");
  const [, id, version] = /o=- (\d+) (\d+)/.exec(origin(invite.body)) ?? [];
  assert.match(origin(hold.body), new RegExp(`o=- ${id} ${Number(version) + 1} `));
  peer.replies(hold, 200, { body: sdp({ direction: "recvonly", version: 2 }) });
  peer.expects("ACK");
  assert.equal(phone.event("call.media").fields["direction"], "sendonly");
  phone.resumes();
  const resume = peer.expects("INVITE");
  assert.equal(direction(resume.body), "sendrecv");
  assert.match(origin(resume.body), new RegExp(`o=- ${id} ${Number(version) + 2} `));
  peer.replies(resume, 200, { body: sdp({ version: 3 }) });
  peer.expects("ACK");
  assert.equal(phone.event("call.media").fields["direction"], "sendrecv");
});

test("hold is refused: the call is as before, and the o= version was not used up for good", () => {
  const { phone, peer } = callUp();
  phone.holds();
  peer.replies(peer.expects("INVITE"), 488);
  peer.expects("ACK");
  const notice = phone.event("call.notice").fields;
  assert.deepEqual([notice["what"], notice["status"]], ["hold", 488]);
  phone.saysNothing("call.ended");
  phone.saysNothing("call.media");
  phone.holds();
  const again = peer.expects("INVITE");
  peer.replies(again, 200, { body: sdp({ direction: "recvonly" }) });
  peer.expects("ACK");
  assert.equal(phone.event("call.media").fields["direction"], "sendonly");
});

test("hold, and resume before it is answered: one after the other", () => {
  const { phone, peer } = callUp();
  phone.holds();
  const hold = peer.expects("INVITE");
  phone.resumes();
  peer.expectsNothing();
  peer.replies(hold, 200, { body: sdp({ direction: "recvonly" }) });
  peer.expects("ACK");
  const resume = peer.expects("INVITE");
  assert.equal(direction(resume.body), "sendrecv");
});

for (const status of [200, 403, 408, 491]) {
  test(`hold, and hung up before it is answered: over at once, BYE after its ${status} and the ACK`, () => {
    const { phone, peer } = callUp();
    phone.holds();
    const hold = peer.expects("INVITE");
    phone.hangsUp();
    phone.event("call.ended");
    peer.expectsNothing();
    peer.replies(hold, status, { body: status === 200 ? sdp() : "" });
    peer.expects("ACK");
    const bye = peer.expects("BYE");
    assert.equal(bye.cseq, hold.cseq + 1);
    peer.replies(bye, 200);
    peer.expectsNothing();
    phone.saysNothing("call.ended");
  });
}

test("hung up while a hold is open, and the peer is silent: BYE after T2, and the late 2xx still gets its ACK", () => {
  const { phone, peer, runTo } = callUp();
  phone.holds();
  const hold = peer.expects("INVITE");
  phone.hangsUp();
  runTo(3_999);
  assert.ok(peer.takesAll().every((copy) => copy.text === hold.text));
  runTo(4_000);
  const bye = peer.expects("BYE");
  peer.replies(hold, 200, { body: sdp() });
  peer.expects("ACK");
  peer.replies(bye, 200);
  peer.expectsNothing();
});

test("the phone goes off while a hold is open, or while a BYE waits for one: BYE at once", () => {
  for (const hangsUpFirst of [false, true]) {
    const { phone, peer } = callUp();
    phone.holds();
    const hold = peer.expects("INVITE");
    if (hangsUpFirst) phone.hangsUp();
    peer.expectsNothing();
    phone.stops();
    peer.replies(peer.expects("BYE"), 200);
    peer.replies(hold, 487);
    peer.expects("ACK");
    peer.expectsNothing();
    phone.event("phone.stopped");
  }
});

test("hung up while a hold is open, and the peer hangs up as well: 200, and no BYE of ours", () => {
  const { phone, peer, dialog, runTo } = callUp();
  phone.holds();
  const hold = peer.expects("INVITE");
  phone.hangsUp();
  peer.requests(dialog, "BYE");
  peer.expects(200);
  peer.replies(hold, 487);
  peer.expects("ACK");
  runTo(100_000);
  peer.expectsNothing();
});

test("RFC 3261 §12.2.1.2 hold is answered 481 or 408: the dialog is gone", () => {
  for (const status of [481, 408]) {
    const { phone, peer } = callUp();
    phone.holds();
    peer.replies(peer.expects("INVITE"), status);
    peer.expects("ACK");
    peer.expects("BYE");
    assert.equal(phone.event("call.ended").fields["status"], status);
  }
});

test("hold is never answered: the dialog is gone after 64*T1", () => {
  const { phone, peer, runTo } = callUp();
  phone.holds();
  runTo(31_999);
  peer.takesAll("INVITE");
  runTo(32_000);
  peer.expects("BYE");
  assert.equal(phone.event("call.ended").fields["status"], 408);
});

// ---- the peer holds ----

test("RFC 3264 §8.4 the peer holds: sendonly is answered recvonly, inactive inactive", () => {
  const up = callUp({ direction: "incoming" });
  const held = reInvites(up, up.dialog, sdp({ direction: "sendonly", version: 2 }));
  assert.equal(direction(held.body), "recvonly");
  assert.equal(up.phone.event("call.media").fields["direction"], "recvonly");
  const off = reInvites(up, up.dialog, sdp({ direction: "inactive", version: 3 }));
  assert.equal(direction(off.body), "inactive");
  assert.equal(up.phone.event("call.media").fields["direction"], "inactive");
  const back = reInvites(up, up.dialog, sdp({ version: 4 }));
  assert.equal(direction(back.body), "sendrecv");
  assert.equal(up.phone.event("call.media").fields["direction"], "sendrecv");
});

test("RFC 2543 hold: c=0.0.0.0 means that the peer wants to hear nothing", () => {
  const up = callUp();
  const held = reInvites(up, up.dialog, sdp({ address: "0.0.0.0", version: 2 }));
  assert.notEqual(direction(held.body), "sendrecv");
  const media = up.phone.event("call.media").fields;
  assert.ok(["recvonly", "inactive"].includes(media["direction"] as string));
  up.peer.requests(up.dialog, "UPDATE", { body: sdp({ version: 3 }) });
  assert.equal(direction(up.peer.expects(200).body), "sendrecv");
  assert.equal(up.phone.event("call.media").fields["direction"], "sendrecv");
});

test("both hold: inactive, and the phone's resume leaves the peer's hold", () => {
  const up = callUp();
  up.phone.holds();
  up.peer.replies(up.peer.expects("INVITE"), 200, { body: sdp({ direction: "recvonly", version: 2 }) });
  up.peer.expects("ACK");
  up.phone.forgetsEvents();
  const both = reInvites(up, up.dialog, sdp({ direction: "sendonly", version: 3 }));
  assert.equal(direction(both.body), "inactive");
  assert.equal(up.phone.event("call.media").fields["direction"], "inactive");
  up.phone.resumes();
  up.peer.replies(up.peer.expects("INVITE"), 200, { body: sdp({ direction: "sendonly", version: 3 }) });
  up.peer.expects("ACK");
  assert.equal(up.phone.event("call.media").fields["direction"], "recvonly");
});

test("RFC 3264 §8 the same offer again: the same answer to the octet, and nothing for the media", () => {
  const up = callUp({ direction: "incoming" });
  const first = reInvites(up, up.dialog, sdp());
  assert.equal(first.body, up.accepted.body);
  const second = reInvites(up, up.dialog, sdp());
  assert.equal(second.body, first.body);
  up.phone.saysNothing("call.media");
});

test("RFC 3261 §14.2 an offer that can't be met: 488 with Warning, the call is as before", () => {
  const { phone, peer, dialog } = callUp();
  const refused = peer.requests(dialog, "INVITE", { body: sdp({ payloads: "3", version: 2 }) });
  const response = peer.expects(488);
  assert.match(response.header("Warning"), /^30[45] \S+ "[^"]+"$/);
  peer.acksRefusal(refused, response);
  phone.saysNothing();
  peer.requests(dialog, "UPDATE", { body: sdp({ payloads: "3", version: 2 }) });
  peer.expects(488);
  phone.saysNothing();
});

test("RFC 3264 §8 an offer with more m-lines: as many in the answer, the others with port 0", () => {
  const up = callUp();
  const more = sdp({ version: 2, lines: ["m=video 4000 RTP/AVP 96", "a=rtpmap:96 H264/90000"] });
  const answer = reInvites(up, up.dialog, more);
  assert.deepEqual(
    [...answer.body.matchAll(/^m=(\w+) (\d+)/gm)].map((m) => [m[1], m[2] === "0"]),
    [
      ["audio", false],
      ["video", true],
    ],
  );
});

test("RFC 3261 §14.2 re-INVITE without offer: ours in the 200, the answer in the ACK", () => {
  const { phone, peer, dialog, accepted } = callUp({ direction: "incoming" });
  peer.requests(dialog, "INVITE");
  const offer = peer.expects(200);
  assert.match(offer.body, /m=audio/);
  assert.match(origin(offer.body), new RegExp(origin(accepted.body).replace(/ \d+ IN.*/, " ")));
  peer.acks(dialog, { body: sdp({ port: 9000, version: 2 }) });
  assert.equal(phone.event("call.media").fields["port"], 9000);
});

test("re-INVITE without offer, ACK without answer: the media stay as they were", () => {
  const { phone, peer, dialog } = callUp({ direction: "incoming" });
  peer.requests(dialog, "INVITE");
  peer.expects(200);
  peer.acks(dialog);
  phone.saysNothing();
  peer.requests(dialog, "BYE");
  peer.expects(200);
});

test("our 200 to a re-INVITE again until its ACK; without one BYE", () => {
  const { phone, peer, dialog, after } = callUp();
  peer.requests(dialog, "INVITE", { body: sdp() });
  const accepted = peer.expects(200);
  after(3_600);
  assert.deepEqual(
    peer.takesAll(200).map((each) => each.text),
    [accepted.text, accepted.text, accepted.text],
  );
  after(28_399);
  peer.takesAll(200);
  phone.saysNothing("call.ended");
  after(1);
  peer.expects("BYE");
  assert.equal(phone.event("call.ended").fields["rule"], "RFC3261-13.3.1.4-no-ack");
});

// ---- glare and overlap: session-timer.md 3.6 ----

test("3.6 glare: an INVITE while our INVITE is in progress gets 491", () => {
  const { phone, peer, dialog } = callUp();
  phone.holds();
  const ours = peer.expects("INVITE");
  const theirs = peer.requests(dialog, "INVITE", { body: sdp({ version: 2 }) });
  peer.acksRefusal(theirs, peer.expects(491));
  const offerless = peer.requests(dialog, "INVITE");
  peer.acksRefusal(offerless, peer.expects(491));
  peer.replies(ours, 100);
  const third = peer.requests(dialog, "INVITE", { body: sdp({ version: 2 }) });
  peer.acksRefusal(third, peer.expects(491));
  peer.replies(ours, 200, { body: sdp({ direction: "recvonly" }) });
  peer.expects("ACK");
  assert.equal(phone.event("call.media").fields["direction"], "sendonly");
});

for (const [way, from, to] of [
  ["outgoing", 2_100, 4_000],
  ["incoming", 0, 2_000],
] as const) {
  test(`3.6 our INVITE gets 491 in an ${way} call: again after ${from} to ${to} ms`, () => {
    const waits = new Set<number>();
    for (let seed = 1; seed <= 20; seed++) {
      const { phone, peer, after, wire } = callUp({ direction: way, seed });
      phone.holds();
      const first = peer.expects("INVITE");
      peer.replies(first, 491);
      peer.expects("ACK");
      const began = wire.now;
      after(to);
      const again = peer.expects("INVITE");
      assert.equal(again.cseq, first.cseq + 1);
      // The peer may have read the first: what is offered again counts as new (RFC 3264 §8).
      assert.notEqual(origin(again.body), origin(first.body));
      assert.equal(again.body.replace(/^o=.*$/m, ""), first.body.replace(/^o=.*$/m, ""));
      const waited = again.atMs - began;
      assert.ok(waited >= from && waited <= to && waited % 10 === 0, `${waited} ms`);
      waits.add(waited);
      phone.saysNothing("call.notice");
    }
    assert.ok(waits.size > 5, "the wait is random");
  });
}

test("3.6 glare: after 491 the peer goes first, and our change follows", () => {
  const { phone, peer, dialog, after } = callUp();
  phone.holds();
  peer.replies(peer.expects("INVITE"), 491);
  peer.expects("ACK");
  after(1_000);
  peer.requests(dialog, "INVITE", { body: sdp({ port: 7000, version: 2 }) });
  const accepted = peer.expects(200);
  peer.acks(dialog);
  assert.equal(direction(accepted.body), "sendonly");
  after(3_000);
  const again = peer.takesAll("INVITE");
  assert.ok(again.length <= 1);
  for (const each of again) peer.replies(each, 200, { body: sdp({ direction: "recvonly", port: 7000 }) });
  phone.saysNothing("call.ended");
});

test("3.6 overlap: a second INVITE before our final answer to the first gets 500 with Retry-After 0 to 10", () => {
  const { phone, peer } = connect();
  const invite = peer.invites();
  const ringing = peer.expects(180);
  phone.event("call.incoming");
  const dialog = peer.dialog(invite, ringing);
  const second = peer.requests(dialog, "INVITE", { body: sdp() });
  const refused = peer.expects(500);
  assert.match(refused.header("Retry-After"), /^(\d|10)$/);
  peer.acksRefusal(second, refused);
  phone.saysNothing("call.ended");
  phone.answers();
  peer.expects(200);
});

test("RFC 3261 §14.2 a re-INVITE before the ACK to our 200 gets 500 with Retry-After", () => {
  const { phone, peer } = connect();
  const invite = peer.invites();
  peer.expects(180);
  phone.event("call.incoming");
  phone.answers();
  const dialog = peer.dialog(invite, peer.expects(200));
  peer.requests({ ...dialog }, "INVITE", { body: sdp() });
  assert.match(peer.expects(500).header("Retry-After"), /^(\d|10)$/);
  peer.acks(dialog);
  phone.event("call.established");
});

test("3.6 an UPDATE with offer while our offer is unanswered gets 491", () => {
  const { phone, peer, dialog } = callUp();
  phone.holds();
  peer.expects("INVITE");
  peer.requests(dialog, "UPDATE", { body: sdp({ version: 2 }) });
  peer.expects(491);
  phone.saysNothing("call.media");
});

test("3.6 an UPDATE with offer while our offer in a 200 awaits its answer gets 491", () => {
  const { peer, dialog } = callUp();
  peer.requests(dialog, "INVITE");
  peer.expects(200);
  peer.requests(dialog, "UPDATE", { body: sdp({ version: 2 }) });
  peer.expects(491);
});

test("3.6 overlap: an UPDATE with offer before we answered the peer's offer gets 500 with Retry-After", () => {
  const { phone, peer } = connect();
  const invite = peer.invites();
  const ringing = peer.expects(180);
  phone.event("call.incoming");
  const dialog = peer.dialog(invite, ringing);
  peer.requests(dialog, "UPDATE", { body: sdp({ version: 2 }) });
  assert.match(peer.expects(500).header("Retry-After"), /^(\d|10)$/);
  // Without an offer it is only a target refresh.
  peer.requests(dialog, "UPDATE");
  peer.expects(200);
  phone.saysNothing("call.ended");
});

test("3.6 an UPDATE without body never glares: 200 during our own INVITE", () => {
  const { phone, peer, dialog } = callUp({ config: TIMER, sessionExpires: "90;refresher=uas" });
  phone.holds();
  const hold = peer.expects("INVITE");
  peer.requests(dialog, "UPDATE", {
    headers: { Supported: "timer", "Session-Expires": "90;refresher=uac" },
  });
  const response = peer.expects(200);
  assert.equal(response.header("Session-Expires"), "90;refresher=uac");
  assert.equal(response.body, "");
  peer.replies(hold, 200, {
    body: sdp({ direction: "recvonly" }),
    headers: { "Session-Expires": "90;refresher=uas" },
  });
  peer.expects("ACK");
  phone.event("call.media");
});

test("3.6 an UPDATE without body never glares: 200 during our own UPDATE", () => {
  const { peer, dialog, runTo } = callUp({
    config: TIMER,
    sessionExpires: "90;refresher=uac",
    headers: { Allow: "INVITE, ACK, BYE, CANCEL, UPDATE" },
  });
  runTo(45_000);
  const ours = peer.expects("UPDATE");
  peer.requests(dialog, "UPDATE", { headers: { Supported: "timer" } });
  assert.equal(peer.expects(200).method, "UPDATE");
  peer.replies(ours, 200, { headers: { "Session-Expires": "90;refresher=uac" } });
  runTo(89_000);
  peer.expectsNothing();
});

// ---- the target ----

test("RFC 3261 §12.2 the peer's re-INVITE and UPDATE bring a new target", () => {
  const { phone, peer, dialog } = callUp();
  peer.requests(dialog, "INVITE", { body: sdp(), headers: { Contact: "<sip:bob@192.0.2.31:5070>" } });
  peer.expects(200);
  peer.acks(dialog);
  peer.requests(dialog, "UPDATE", { headers: { Contact: "<sip:bob@192.0.2.32:5080;x=y>" } });
  peer.expects(200);
  phone.hangsUp();
  const bye = peer.expects("BYE");
  assert.equal(bye.uri, "sip:bob@192.0.2.32:5080;x=y");
  assert.deepEqual(bye.address, { address: "192.0.2.32", port: 5080 });
});

test("RFC 3261 §12.2 the 2xx to our re-INVITE brings a new target; its ACK goes there", () => {
  const { phone, peer } = callUp();
  phone.holds();
  peer.replies(peer.expects("INVITE"), 200, {
    body: sdp({ direction: "recvonly" }),
    headers: { Contact: "<sip:bob@192.0.2.33>" },
  });
  const ack = peer.expects("ACK");
  phone.hangsUp();
  assert.equal(peer.expects("BYE").uri, "sip:bob@192.0.2.33");
  assert.equal(ack.uri, "sip:bob@192.0.2.33");
});

test("a refused re-INVITE, a request without Contact and a broken Contact leave the target", () => {
  const { phone, peer, dialog } = callUp();
  peer.requests(dialog, "INVITE", {
    body: sdp({ payloads: "3", version: 2 }),
    headers: { Contact: "<sip:bob@192.0.2.34>" },
  });
  peer.expects(488);
  peer.requests(dialog, "UPDATE", { headers: { Contact: null } });
  peer.expects(200);
  peer.requests(dialog, "UPDATE", { headers: { Contact: "<mailto:bob@192.0.2.34>" } });
  peer.takesAll();
  phone.hangsUp();
  assert.equal(peer.expects("BYE").uri, peer.contact.slice(1, -1));
});

test("RFC 3261 §12.2.2 Record-Route in a re-INVITE does not change the route set", () => {
  const { phone, peer, dialog } = callUp({ headers: { "Record-Route": "<sip:192.0.2.20;lr;first>" } });
  peer.requests(dialog, "INVITE", { body: sdp(), headers: { "Record-Route": "<sip:192.0.2.40;lr>" } });
  assert.deepEqual(peer.expects(200).headers("Record-Route"), ["<sip:192.0.2.40;lr>"]);
  peer.acks(dialog);
  phone.hangsUp();
  assert.deepEqual(peer.expects("BYE").headers("Route"), ["<sip:192.0.2.20;lr;first>"]);
});

// ---- how hold is said ----

test("sip.rfc2543_hold and hold_use_inactive: what our hold says, and what our answers say while it lasts", () => {
  for (const [config, way, address] of [
    ["", "sendonly", "192.0.2.10"],
    ["account.1.hold_use_inactive = 1", "inactive", "192.0.2.10"],
    ["sip.rfc2543_hold = 1", "sendonly", "0.0.0.0"],
    ["sip.rfc2543_hold = 1\naccount.1.hold_use_inactive = 1", "sendonly", "0.0.0.0"],
  ] as const) {
    const call = callUp({ config });
    const { phone, peer, dialog } = call;
    const connection = (body: string): string => /^c=IN IP4 (.*)$/m.exec(body)?.[1] ?? "";
    phone.holds();
    const hold = peer.expects("INVITE");
    assert.deepEqual([direction(hold.body), connection(hold.body)], [way, address]);
    assert.match(origin(hold.body), / IN IP4 192\.0\.2\.10$/);
    peer.replies(hold, 200, { body: sdp({ direction: way === "inactive" ? way : "recvonly", version: 2 }) });
    peer.expects("ACK");
    assert.equal(phone.event("call.media").fields["direction"], way);
    const answer = reInvites(call, dialog, sdp({ version: 3, port: 5000 }));
    assert.deepEqual([direction(answer.body), connection(answer.body)], [way, address]);
    phone.resumes();
    const resume = peer.expects("INVITE");
    assert.deepEqual([direction(resume.body), connection(resume.body)], ["sendrecv", "192.0.2.10"]);
  }
});

test("both sides hold in the same moment: 491 each way, then one after the other, and both resume", () => {
  const call = callUp();
  const { phone, peer, dialog, after } = call;
  phone.holds();
  const hold = peer.expects("INVITE");
  const crossing = peer.requests(dialog, "INVITE", { body: sdp({ direction: "sendonly", version: 2 }) });
  peer.acksRefusal(crossing, peer.expects(491));
  peer.replies(hold, 491);
  peer.expects("ACK");
  // The peer did not choose the Call-ID, so its turn comes first.
  after(500);
  const theirs = reInvites(call, dialog, sdp({ direction: "sendonly", version: 2 }));
  assert.equal(direction(theirs.body), "inactive");
  phone.event("call.media");
  // That answer has said it already: no re-INVITE of ours is left to send.
  after(10_000);
  peer.expectsNothing();
  phone.resumes();
  const resume = peer.expects("INVITE");
  assert.equal(direction(resume.body), "sendrecv");
  peer.replies(resume, 200, { body: sdp({ direction: "sendonly", version: 3 }) });
  peer.expects("ACK");
  assert.equal(phone.event("call.media").fields["direction"], "recvonly");
  reInvites(call, dialog, sdp({ version: 4 }));
  assert.equal(phone.event("call.media").fields["direction"], "sendrecv");
});
