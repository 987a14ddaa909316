// What a call looks like that goes to Teams through a border controller, and what comes from there: names and numbers, bodies, capitals; requests of no call.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, sdp } from "../support/scripted-peer.js";

const SERVER = "account.1.sip_server.1.address = 192.0.2.20";
const E164 = `${SERVER}\naccount.1.user_name = +14255550100\naccount.1.enable_user_equal_phone = 1`;

test("TDR-12 a number in E.164: + stays in the Request-URI and in From, user=phone in both", () => {
  const { phone, peer } = connect({ config: E164 });
  phone.dials("+14255550123");
  const invite = peer.expects("INVITE");
  assert.equal(invite.uri, "sip:+14255550123@192.0.2.20;user=phone");
  assert.match(invite.header("From"), /<sip:\+14255550100@192\.0\.2\.20;user=phone>/);
});

test("TDR-13 every INVITE of ours has an offer: the first one, hold and resume, and a refresh", () => {
  const { phone, peer, at } = connect({
    config: `${SERVER}\naccount.1.session_timer.enable = 1\naccount.1.session_timer.refresh_method = 2`,
  });
  phone.dials("2002");
  const invite = peer.expects("INVITE");
  const answer = { body: sdp(), headers: { Supported: "timer", "Session-Expires": "1800;refresher=uac" } };
  peer.replies(invite, 200, answer);
  peer.expects("ACK");
  const seen = [invite];
  for (const deed of ["holds", "resumes"] as const) {
    phone[deed]();
    const again = peer.expects("INVITE");
    peer.replies(again, 200, answer);
    peer.expects("ACK");
    seen.push(again);
  }
  at(900_000);
  seen.push(peer.expects("INVITE"));
  for (const { text } of seen) assert.match(text, /\r\n\r\nv=0\r\n[\s\S]*\r\nm=audio [1-9]/);
});

test("TDR-15 the Request-URI is what was dialled, to the octet, parameters included", () => {
  const uri = "sip:+1425%2D555@192.0.2.20:5060;x-i=A%2Fb;user=phone;maddr=192.0.2.20";
  const { phone, peer } = connect({ config: SERVER });
  phone.dials(uri);
  assert.equal(peer.expects("INVITE").uri, uri);
});

test("TDR-21 names of headers in capitals are read as any others", () => {
  const { phone, peer } = connect({ config: "account.1.session_timer.enable = 1" });
  const body = sdp();
  const lines = [
    "INVITE sip:alice@192.0.2.10 SIP/2.0",
    `VIA: ${peer.via()}`,
    "FROM: <sip:+14255550123@192.0.2.20>;tag=teams",
    "TO: <sip:alice@192.0.2.10>",
    "CALL-ID: capitals@192.0.2.20",
    "CSEQ: 1 INVITE",
    "MAX-FORWARDS: 70",
    `CONTACT: ${peer.contact}`,
    "SUPPORTED: timer",
    "SESSION-EXPIRES: 1800;refresher=uac",
    "CONTENT-TYPE: application/sdp",
    `CONTENT-LENGTH: ${body.length}`,
  ];
  peer.sends(`${lines.join("\r\n")}\r\n\r\n${body}`);
  peer.expects(180);
  assert.equal(phone.event("call.incoming").fields["from"], "sip:+14255550123@192.0.2.20");
  phone.answers();
  const answer = peer.expects(200);
  assert.equal(answer.header("Session-Expires"), "1800;refresher=uac");
  assert.equal(answer.header("Call-ID"), "capitals@192.0.2.20");
});

test("TDR-38 G.711 and G.722 are offered, and G.729 where the settings have it", () => {
  const { phone, peer } = connect({ config: `${SERVER}\naccount.1.codec.g729.enable = 1` });
  phone.dials("2002");
  const { text } = peer.expects("INVITE");
  const payloads = /m=audio \d+ \S+ ([\d ]+)/.exec(text)?.[1]?.split(" ") ?? [];
  for (const payload of ["0", "8", "9", "18"]) assert.ok(payloads.includes(payload), payload);
});

test("LY-13 an INVITE that rings gets 180 at once, without waiting for anything", () => {
  const { phone, peer, at } = connect();
  at(1_000);
  peer.invites();
  peer.expects(180);
  phone.event("call.incoming");
});

test("RFC 3261 §15.1.2 BYE outside of any dialog: 481", () => {
  const { peer } = connect();
  peer.asks("BYE");
  peer.expects(481);
});
