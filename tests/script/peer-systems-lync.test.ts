// Lync Server 2010 and its mediation server (KB 2735323): what our answers must carry so that it keeps the call.
//
// The KB tells of calls cut at 30 minutes because the answer to a refresh UPDATE lacked "a certain header".
// It does not say which, so all of them are there: LY-01 to LY-10.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Connected,
  connect,
  type Datagram,
  message,
  type PeerDialog,
  sdp,
} from "../support/scripted-peer.js";

const TIMER = "account.1.session_timer.enable = 1";
const VIAS = [
  'SIP/2.0/UDP 192.0.2.20:5060;branch=z9hG4bK4F1B6E6A.8A2C7F2D7B1C5E65;branched=FALSE;ms-internal-info="abVV"',
  "SIP/2.0/TLS 10.0.0.7:50817;branch=z9hG4bK72f59b4c;ms-received-port=50817;ms-received-cid=1A2B00",
];
const ROUTES = [
  "<sip:192.0.2.20;transport=udp;opaque=state:T:F;lr;received=10.0.0.7;ms-received-cid=1A2B00>",
  "<sip:pool01.example.com;lr;ms-route-sig=aaXqeC8tq9lO8yq7>;tag=0F7",
];
const FROM = "<sip:+4930111@example.com;user=phone>;epid=9A0F1E2D3C;tag=6f5a3e1b";

interface LyncCall extends Connected {
  dialog: PeerDialog;
  accepted: Datagram;
  ringing: Datagram;
  invite: Datagram;
}

/** A call from the mediation server, to a user=phone identity unless `to` says another, that is answered. */
function lyncCalls(options: { to?: string; expires?: number; config?: string } = {}): LyncCall {
  const connected = connect({
    config: options.config ?? TIMER,
    hosts: { "lync.example.com": ["192.0.2.20"], "pool01.example.com": ["192.0.2.21"] },
  });
  const { phone, peer } = connected;
  const invite = peer.sends(`
    INVITE sip:alice@192.0.2.10:5060 SIP/2.0
    Via: ${VIAS[0]}
    Via: ${VIAS[1]}
    Record-Route: ${ROUTES[0]}
    Record-Route: ${ROUTES[1]}
    From: ${FROM}
    To: ${options.to ?? "<sip:+4930222@example.com;user=phone>;epid=11AA22BB"}
    CALL-ID: 0b9e3c5d-52f6-4b55-b2c6-8c3d1a3a5e71
    CSEQ: 1732 INVITE
    MAX-FORWARDS: 69
    CONTACT: <sip:lync.example.com:5060;transport=udp;maddr=192.0.2.20;ms-opaque=5d2c1d0e9b6e8d7f>;isGateway
    SUPPORTED: replaces
    SUPPORTED: timer
    Session-Expires: ${options.expires ?? 1800};refresher=uac
    Min-SE: 90
    ALLOW: ACK, CANCEL, BYE, INVITE, PRACK, UPDATE
    USER-AGENT: RTCC/4.0.0.0 MediationServer
    Content-Type: application/sdp

    ${sdp().trim().split("\r\n").join("\n    ")}
    `);
  const ringing = peer.expects(180);
  phone.event("call.incoming");
  phone.answers();
  const accepted = peer.expects(200);
  const dialog = peer.dialog(invite, accepted);
  peer.acks(dialog);
  phone.event("call.established");
  phone.forgetsEvents();
  return { ...connected, dialog, accepted, ringing, invite };
}

let branches = 0;

/** The refresh of a mediation server, word for word. */
function updateText({ dialog }: LyncCall, more = "Session-Expires: 1800;refresher=uac", body = ""): string {
  const vias = VIAS.map((via) => via.replace(/branch=z9hG4bK/, `branch=z9hG4bKu${++branches}`));
  return message(`
    UPDATE ${dialog.target} SIP/2.0
    Via: ${vias[0]}
    Via: ${vias[1]}
    Record-Route: ${ROUTES[0]}
    Record-Route: ${ROUTES[1]}
    From: ${dialog.localParty}
    To: ${dialog.remoteParty}
    CALL-ID: ${dialog.callId}
    CSEQ: ${++dialog.cseq} UPDATE
    MAX-FORWARDS: 69
    CONTACT: <sip:lync.example.com:5060;transport=udp;maddr=192.0.2.20;ms-opaque=5d2c1d0e9b6e8d7f>;isGateway
    SUPPORTED: timer
    ${more}
    Min-SE: 90
    USER-AGENT: RTCC/4.0.0.0 MediationServer${body ? `\n    Content-Type: application/sdp\n\n    ${body.trim().split("\r\n").join("\n    ")}` : ""}
    `);
}

function refreshes(call: LyncCall, more?: string, body?: string): { update: Datagram; answer: Datagram } {
  const update = call.peer.sends(updateText(call, more, body));
  return { update, answer: call.peer.expects(200) };
}

/** Why a mediation server would drop this answer: the first header of LY-01 to LY-08 that it misses. */
function missing(call: LyncCall, update: Datagram, answer: Datagram): string | undefined {
  const unstamped = (via: string): string => via.replace(/;(received|rport)=[^;]*/g, "");
  const isSame = (name: string): boolean => answer.header(name) === update.header(name);
  const wants: [string, boolean][] = [
    ["LY-01", answer.headers("Via").map(unstamped).join() === update.headers("Via").join()],
    ["LY-02", ["From", "To", "Call-ID", "CSeq"].every(isSame)],
    ["LY-03", answer.headers("Contact").join() === call.accepted.header("Contact")],
    ["LY-04", answer.headers("Record-Route").join() === update.headers("Record-Route").join()],
    ["LY-05", answer.header("Session-Expires") === update.header("Session-Expires")],
    ["LY-06", answer.headers("Require").join() === "timer"],
    ["LY-07", /\btimer\b/.test(answer.header("Supported")) && /\bUPDATE\b/.test(answer.header("Allow"))],
    ["LY-08", answer.header("Content-Length") === "0" && answer.body === "" && !answer.has("Content-Type")],
  ];
  return wants.find(([, isThere]) => !isThere)?.[0];
}

test("LY-01 every Via of the UPDATE, same order, untouched but for received and rport of the topmost", () => {
  const call = lyncCalls();
  const { update, answer } = refreshes(call);
  assert.deepEqual(answer.headers("Via"), update.headers("Via"));
  // From another address than its Via says: received is added to the topmost, and nothing else changes.
  call.peer.sends(updateText(call), { address: "192.0.2.77", port: 5060 });
  const [top, second] = call.peer.expects(200).headers("Via");
  assert.match(top ?? "", /ms-internal-info="abVV".*;received=192\.0\.2\.77$|;received=192\.0\.2\.77;/);
  assert.match(second ?? "", /;ms-received-port=50817;ms-received-cid=1A2B00$/);
});

test("LY-02 From, To, Call-ID and CSeq unchanged, to the byte", () => {
  for (const to of [
    "<sip:+4930222@example.com;user=phone>;epid=11AA22BB",
    "<tel:+4930222;phone-context=example.com>;epid=11AA22BB",
    '"Bob \\"O\'Neil\\" \\\\" <SIP:Bob@EXAMPLE.com;user=phone?x=y>',
    "sip:+4930222@example.com",
  ]) {
    const call = lyncCalls({ to });
    const { update, answer } = refreshes(call);
    assert.equal(answer.header("From"), FROM);
    assert.equal(answer.header("To"), update.header("To"));
    assert.ok(update.header("To").startsWith(to));
    assert.equal(answer.header("Call-ID"), update.header("Call-ID"));
    assert.equal(answer.header("CSeq"), update.header("CSeq"));
  }
});

test("LY-03 exactly one Contact, the local target of the dialog (without GRUU)", () => {
  const call = lyncCalls();
  assert.equal(call.accepted.header("Contact"), "<sip:alice@192.0.2.10:5060>");
  assert.equal(call.ringing.header("Contact"), call.accepted.header("Contact"));
  for (let round = 0; round < 3; round++)
    assert.deepEqual(refreshes(call).answer.headers("Contact"), [call.accepted.header("Contact")]);
});

test("LY-04 Record-Route of the request, verbatim", () => {
  const call = lyncCalls();
  assert.deepEqual(call.accepted.headers("Record-Route"), ROUTES);
  assert.deepEqual(refreshes(call).answer.headers("Record-Route"), ROUTES);
});

test("LY-05 Session-Expires with refresher whenever the request had one", () => {
  const call = lyncCalls();
  assert.equal(call.accepted.header("Session-Expires"), "1800;refresher=uac");
  for (const [asked, answered] of [
    ["1800;refresher=uac", "1800;refresher=uac"],
    ["1800;refresher=uas", "1800;refresher=uas"],
    ["600;refresher=uac", "600;refresher=uac"],
    ["600", "600;refresher=uac"],
  ] as const)
    assert.equal(refreshes(call, `Session-Expires: ${asked}`).answer.header("Session-Expires"), answered);
});

test("LY-06 Require: timer with refresher=uac, and with uas where the request supports timer", () => {
  const call = lyncCalls();
  assert.deepEqual(call.accepted.headers("Require"), ["timer"]);
  assert.deepEqual(refreshes(call, "Session-Expires: 1800;refresher=uac").answer.headers("Require"), [
    "timer",
  ]);
  assert.deepEqual(refreshes(call, "Session-Expires: 1800;refresher=uas").answer.headers("Require"), [
    "timer",
  ]);
});

test("LY-07 Supported: timer, and Allow with UPDATE", () => {
  const call = lyncCalls();
  for (const answer of [call.accepted, refreshes(call).answer]) {
    assert.match(answer.header("Supported"), /\btimer\b/);
    assert.match(answer.header("Allow"), /\bUPDATE\b/);
  }
});

test("LY-08 Content-Length: 0 without an offer, an SDP answer with its type for one", () => {
  const call = lyncCalls();
  const { answer } = refreshes(call);
  assert.equal(answer.header("Content-Length"), "0");
  assert.equal(answer.has("Content-Type"), false);
  const offered = refreshes(call, undefined, sdp({ version: 2, port: 4000 })).answer;
  assert.equal(offered.header("Content-Type"), "application/sdp");
  assert.equal(offered.header("Content-Length"), `${Buffer.byteLength(offered.body)}`);
  assert.match(offered.body, /^m=audio \d+ RTP\/AVP 0/m);
});

test("LY-09 a retransmitted UPDATE gets the identical bytes again, and the timer is not touched", () => {
  const call = lyncCalls({ expires: 90 });
  call.runTo(10_000);
  const { update, answer } = refreshes(call, "Session-Expires: 90;refresher=uac");
  call.phone.event("call.refreshed");
  for (const at of [10_500, 11_500, 13_500]) {
    call.runTo(at);
    call.peer.repeats(update);
    assert.equal(call.peer.expects(200).text, answer.text);
  }
  call.phone.saysNothing("call.refreshed");
  // 60 s after the first copy, not after the last.
  call.runTo(69_999);
  call.peer.expectsNothing();
  call.runTo(70_000);
  call.peer.expects("BYE");
});

test("LY-10 a tel: URI as our own identity: all the same, and Contact is a sip: URI (without GRUU)", () => {
  const call = lyncCalls({ to: "<tel:+4930222;phone-context=+49>;epid=11AA22BB" });
  assert.match(call.accepted.header("To"), /^<tel:\+4930222;phone-context=\+49>;epid=11AA22BB;tag=\w+$/);
  const { update, answer } = refreshes(call);
  assert.equal(missing(call, update, answer), undefined);
  assert.match(answer.header("Contact"), /^<sip:/);
  // Our own requests show that identity as well.
  call.phone.hangsUp();
  assert.equal(call.peer.expects("BYE").header("From"), call.accepted.header("To"));
});

for (const expires of [90, 600, 1800]) {
  test(`LY-11 ${expires} s, refreshed by UPDATE at half of it for 4 h; an answer that misses a header is dropped`, () => {
    const call = lyncCalls({ expires });
    const step = (expires / 2) * 1000;
    let answered = 0;
    for (let at = step; at <= 4 * 3600 * 1000; at += step) {
      call.runTo(at);
      call.peer.expectsNothing();
      const { update, answer } = refreshes(call, `Session-Expires: ${expires};refresher=uac`);
      // The server that drops an answer ends the call at once.
      assert.equal(missing(call, update, answer), undefined);
      assert.equal(call.phone.event("call.refreshed").fields["by"], "remote");
      answered++;
    }
    assert.equal(answered, Math.floor((4 * 3600) / (expires / 2)));
    call.phone.saysNothing();
    call.peer.requests(call.dialog, "BYE");
    call.peer.expects(200);
    call.phone.event("call.ended");
  });
}

test("LY-11 the same call cut: no UPDATE comes, BYE at 1768 s", () => {
  const call = lyncCalls();
  call.runTo(1_767_999);
  call.peer.expectsNothing();
  call.runTo(1_768_000);
  const bye = call.peer.expects("BYE");
  assert.deepEqual(bye.headers("Route"), ROUTES);
});

test("LY-14 NOTIFY for a subscription that does not exist: 481, and the call lives", () => {
  const call = lyncCalls();
  const headers = {
    Event: "refer",
    "Subscription-State": "terminated;reason=noresource",
    "Content-Type": "message/sipfrag;version=2.0",
  };
  call.peer.requests(call.dialog, "NOTIFY", { headers, body: "SIP/2.0 200 OK\r\n" });
  call.peer.expects(481);
  call.peer.asks("NOTIFY", { headers: { ...headers, To: "<sip:alice@192.0.2.10>;tag=gone" } });
  call.peer.expects(481);
  call.phone.saysNothing();
  assert.equal(missing(call, ...pair(refreshes(call))), undefined);
});

function pair({ update, answer }: { update: Datagram; answer: Datagram }): [Datagram, Datagram] {
  return [update, answer];
}
