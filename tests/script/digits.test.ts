// Digits: in RTP by the phone, or by INFO one after the other; INFO of the peer (RFC 6086).

import assert from "node:assert/strict";
import { test } from "node:test";
import { Status } from "../../host/node/abi.js";
import { callUp, connect, type Headers } from "../support/scripted-peer.js";

const RELAY: Headers = { "Content-Type": "application/dtmf-relay" };

test("account.X.dtmf.type 1 and 0: call.digits has the phone send them, nothing leaves", () => {
  for (const [type, rtp] of [
    ["", 1],
    ["account.1.dtmf.type = 0", 0],
  ] as const) {
    const { phone, peer } = callUp({ config: type });
    phone.sendsDigits("12#");
    peer.expectsNothing();
    assert.deepEqual(phone.event("call.digits").fields, { digits: "12#", rtp });
  }
});

test("account.X.dtmf.type 2: an INFO for each digit, the next one when it is answered", () => {
  const { phone, peer } = callUp({ config: "account.1.dtmf.type = 2" });
  phone.sendsDigits("1*");
  phone.sendsDigits("D");
  phone.saysNothing("call.digits");
  const sent = ["1", "*", "D"].map((digit) => {
    const info = peer.expects("INFO");
    assert.equal(info.header("Content-Type"), "application/dtmf-relay");
    assert.equal(info.body, `Signal=${digit}\r\nDuration=160\r\n`);
    peer.expectsNothing();
    peer.replies(info, 200);
    return info.cseq;
  });
  peer.expectsNothing();
  assert.deepEqual(
    sent.map((cseq) => cseq - (sent[0] ?? 0)),
    [0, 1, 2],
  );
});

test("features.dtmf.duration: so long a digit lasts, says an INFO", () => {
  const { phone, peer } = callUp({ config: "account.1.dtmf.type = 2\nfeatures.dtmf.duration = 250" });
  phone.sendsDigits("5");
  assert.equal(peer.expects("INFO").body, "Signal=5\r\nDuration=250\r\n");
});

test("account.X.dtmf.type 3 with info_type 2: application/dtmf, and the phone sends them too", () => {
  const { phone, peer } = callUp({ config: "account.1.dtmf.type = 3\naccount.1.dtmf.info_type = 2" });
  phone.sendsDigits("7");
  const info = peer.expects("INFO");
  assert.deepEqual([info.header("Content-Type"), info.body], ["application/dtmf", "7"]);
  assert.equal(phone.event("call.digits").fields["rtp"], 1);
});

test("an INFO that is challenged comes again; one that is refused drops those that wait", () => {
  const config = "account.1.dtmf.type = 2\naccount.1.auth_name = alice\naccount.1.password = secret";
  const { phone, peer } = callUp({ config });
  phone.sendsDigits("12");
  const challenge = { "WWW-Authenticate": 'Digest realm="peer", nonce="n", algorithm=MD5' };
  peer.replies(peer.expects("INFO"), 401, { headers: challenge });
  const again = peer.expects("INFO");
  assert.match(again.header("Authorization"), /^Digest username="alice"/);
  assert.match(again.body, /^Signal=1/);
  peer.replies(again, 415);
  assert.deepEqual(phone.event("call.notice").fields, { what: "dtmf", status: 415 });
  peer.expectsNothing();
  phone.sendsDigits("3");
  assert.match(peer.expects("INFO").body, /^Signal=3/);
});

test("an INFO that nobody answers; 481 ends the call", () => {
  const { phone, peer, after } = callUp({ config: "account.1.dtmf.type = 2" });
  phone.sendsDigits("1");
  after(33_000);
  assert.deepEqual(phone.event("call.notice").fields, { what: "dtmf", status: 408 });
  peer.takesAll("INFO");
  phone.sendsDigits("2");
  peer.replies(peer.expects("INFO"), 481);
  assert.equal(phone.event("call.ended").fields["status"], 481);
});

test("digits that are none, too many, or without a call that is up", () => {
  const { phone } = callUp({ config: "account.1.dtmf.type = 2" });
  for (const digits of ["", "x", "1 2", "1".repeat(33)])
    phone.refuses(Status.BadArgument, (m, now) => m.dtmf(phone.call, digits, now));
  for (let i = 0; i < 4; i++) phone.sendsDigits("1".repeat(32));
  phone.refuses(Status.Full, (m, now) => m.dtmf(phone.call, "1", now));
  const ringing = connect();
  ringing.peer.invites();
  const { call } = ringing.phone.event("call.incoming");
  ringing.phone.refuses(Status.WrongState, (m, now) => m.dtmf(call, "1", now));
});

test("INFO of the peer with a digit: 200 and call.dtmf", () => {
  const { phone, peer, dialog } = callUp();
  for (const [type, body, digit, duration] of [
    ["application/dtmf-relay", "Signal=5\r\nDuration=240\r\n", "5", 240],
    ["application/dtmf-relay", "signal= #\nduration = 100", "#", 100],
    ["Application/DTMF-Relay;x=1", "Duration=-1\r\nSignal=A", "A", 0],
    ["application/dtmf", "*\r\n", "*", 0],
  ] as const) {
    peer.requests(dialog, "INFO", { headers: { "Content-Type": type }, body });
    peer.expects(200);
    assert.deepEqual(phone.event("call.dtmf").fields, { digit, duration });
  }
});

test("INFO of the peer that says nothing that we know: 200 without a body, 400, 415 with Accept", () => {
  const { phone, peer, dialog } = callUp();
  peer.requests(dialog, "INFO");
  peer.expects(200);
  for (const body of ["Signal=flash", "Duration=100", "Signal=", "=", "Signal=12"]) {
    peer.requests(dialog, "INFO", { headers: RELAY, body });
    peer.expects(400);
  }
  peer.requests(dialog, "INFO", {
    headers: { "Content-Type": "application/media_control+xml" },
    body: "<x/>",
  });
  assert.equal(peer.expects(415).header("Accept"), "application/dtmf-relay, application/dtmf");
  phone.saysNothing();
});

test("RFC 6086 §4.2.2: an Info-Package that we do not have gets 469 with Recv-Info", () => {
  const { phone, peer, dialog } = callUp();
  peer.requests(dialog, "INFO", { headers: { ...RELAY, "Info-Package": "x" }, body: "Signal=1" });
  const refused = peer.expects(469);
  assert.ok(refused.has("Recv-Info"));
  assert.equal(refused.header("Recv-Info"), "");
  phone.saysNothing();
});

test("a digit in the early dialog of a stranger: 403; outside of any dialog 481", () => {
  const { phone, peer } = connect();
  const invite = peer.invites();
  phone.event("call.incoming");
  const dialog = peer.dialog(invite, peer.expects(180));
  peer.requests(dialog, "INFO", { headers: RELAY, body: "Signal=1" });
  peer.expects(403);
  peer.asks("INFO", { headers: RELAY, body: "Signal=1" });
  peer.expects(481);
  phone.saysNothing();
});
