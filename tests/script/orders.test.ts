// Who may command: NOTIFY check-sync, talk and hold, and what is told without a subscription. MESSAGE both ways.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Status } from "../../host/node/abi.js";
import { registered, registers } from "../support/registrar.js";
import { callUp, connect, type Headers, type Peer, sdp } from "../support/scripted-peer.js";

const QUIET = "account.1.nat.udp_update_enable = 0";
const STRANGER = { address: "192.0.2.66", port: 5060 };

function notify(
  peer: Peer,
  event: string,
  parts: { from?: typeof STRANGER; body?: string; type?: string } = {},
) {
  const { type, ...rest } = parts;
  const headers: Headers = { Event: event, "Subscription-State": "terminated" };
  if (type) headers["Content-Type"] = type;
  return peer.asks("NOTIFY", { ...rest, headers });
}

for (const [setting, said, reboot] of [
  [1, "check-sync", 1],
  [1, "check-sync;reboot=false", 1],
  [0, "check-sync", 0],
  [0, "check-sync;reboot=false", 0],
  [0, "check-sync;reboot=true", 1],
] as const) {
  test(`sip.notify_reboot_enable = ${setting}: "${said}" says reboot ${reboot}`, () => {
    const { phone, peer } = registered({ config: `${QUIET}\nsip.notify_reboot_enable = ${setting}` });
    notify(peer, said);
    peer.expects(200);
    assert.deepEqual(phone.event("phone.check_sync").fields, { account: 1, reboot });
  });
}

test("sip.notify_reboot_enable = 2: check-sync is answered and not obeyed", () => {
  const { phone, peer } = registered({ config: `${QUIET}\nsip.notify_reboot_enable = 2` });
  notify(peer, "check-sync;reboot=true");
  peer.expects(200);
  phone.saysNothing("phone.check_sync");
});

test("check-sync from a stranger: 403; before the registration nobody is the server", () => {
  const { phone, peer } = registered({ config: QUIET });
  notify(peer, "check-sync", { from: STRANGER });
  peer.expects(403);
  phone.saysNothing("phone.check_sync");
  const unregistered = connect();
  notify(unregistered.peer, "check-sync");
  unregistered.peer.expects(403);
  unregistered.phone.saysNothing();
});

test("RFC 6665 §4.1.3 NOTIFY outside of dialogs: 489 with Allow-Events for what nobody knows, 481 for the rest", () => {
  const { peer } = registered({ config: QUIET });
  for (const [event, status] of [
    ["chirp", 489],
    ["", 489],
    ["dialog", 481],
    ["reg", 481],
    ["refer", 481],
    ["talk", 481],
    ["hold", 481],
  ] as const) {
    notify(peer, event);
    const answer = peer.expects(status);
    assert.equal(answer.has("Allow-Events"), status === 489, event);
  }
});

const SUMMARY = {
  type: "application/simple-message-summary",
  body: "Messages-Waiting: yes\r\nVoice-Message: 1/0\r\n",
};

test("message-summary without a subscription: from the server, where subscribe_mwi is 0", () => {
  const { phone, peer } = registered({ config: QUIET });
  notify(peer, "message-summary", SUMMARY);
  peer.expects(200);
  assert.equal(phone.event("mwi").fields["new"], 1);
  notify(peer, "message-summary", { ...SUMMARY, from: STRANGER });
  peer.expects(403);
  phone.sets("account.1.subscribe_mwi", "1");
  peer.takesAll("SUBSCRIBE");
  notify(peer, "message-summary", SUMMARY);
  peer.expects(481);
  phone.saysNothing("mwi");
});

test("out_dialog_blf_enable: a lamp without a subscription, from the server", () => {
  const { phone, peer } = registered({ config: `${QUIET}\naccount.1.out_dialog_blf_enable = 1` });
  const body = `<dialog-info version="9" state="partial" entity="sip:2002@x"><dialog id="1"><state>confirmed</state></dialog></dialog-info>`;
  notify(peer, "dialog", { type: "application/dialog-info+xml", body });
  peer.expects(200);
  assert.equal(phone.event("lamp").fields["state"], "confirmed");
});

// ---- talk and hold ----

test("talk from the server answers a call that rings; from a stranger it is refused", () => {
  const { phone, peer } = registered({ config: QUIET });
  phone.forgetsEvents();
  const invite = peer.invites();
  phone.event("call.incoming");
  const ringing = peer.takesAll().at(-1)!;
  const dialog = peer.dialog(invite, ringing);
  peer.requests(dialog, "NOTIFY", { headers: { Event: "talk" }, from: STRANGER });
  peer.expects(403);
  peer.requests(dialog, "NOTIFY", { headers: { Event: "talk" } });
  peer.expects(200);
  peer.expects(200);
  peer.acks(dialog);
  phone.event("call.established");
});

test("talk in the dialog of somebody who only rings, and is not the server: 403", () => {
  const { phone, peer } = connect();
  const invite = peer.invites();
  phone.event("call.incoming");
  const dialog = peer.dialog(invite, peer.takesAll().at(-1)!);
  peer.requests(dialog, "NOTIFY", { headers: { Event: "talk" } });
  peer.expects(403);
});

test("hold and talk in the dialog of a call that is up: hold and resume", () => {
  const { peer, dialog } = callUp();
  for (const [event, direction] of [
    ["hold", "sendonly"],
    ["talk", "sendrecv"],
  ] as const) {
    peer.requests(dialog, "NOTIFY", { headers: { Event: event } });
    peer.expects(200);
    const invite = peer.expects("INVITE");
    assert.match(invite.body, new RegExp(`a=${direction}`));
    peer.replies(invite, 200, { body: sdp() });
    peer.expects("ACK");
    peer.requests(dialog, "NOTIFY", { headers: { Event: event } });
    peer.expects(200);
    peer.expectsNothing();
  }
});

test("LY-14 NOTIFY refer in a dialog without such a subscription: 481; an unknown event 489; the call goes on", () => {
  const { phone, peer, dialog } = callUp();
  peer.requests(dialog, "NOTIFY", { headers: { Event: "refer", "Subscription-State": "terminated" } });
  peer.expects(481);
  peer.requests(dialog, "NOTIFY", { headers: { Event: "chirp" } });
  assert.match(peer.expects(489).header("Allow-Events"), /talk, hold/);
  phone.saysNothing();
});

// ---- MESSAGE ----

test("RFC 3428 MESSAGE in: 200, and the text is told", () => {
  const { phone, peer } = connect();
  const headers = { "Content-Type": "text/plain;charset=UTF-8", From: '"Bob B" <sip:bob@x>;tag=1' };
  peer.asks("MESSAGE", { body: "Grüße\r\n€ 5", headers });
  const answer = peer.expects(200);
  assert.equal(answer.has("Contact"), false);
  assert.deepEqual(phone.event("message.received").fields, {
    account: 1,
    from: "sip:bob@x",
    display: "Bob B",
    text: "Grüße\r\n€ 5",
  });
});

test("RFC 3428 §7 MESSAGE that can't be shown: 415 with Accept; for nobody here: 404; too long: 413", () => {
  const { phone, peer } = connect();
  for (const [headers, body] of [
    [{ "Content-Type": "application/sdp" }, "v=0"],
    [{ "Content-Type": "message/cpim" }, "x"],
    [{ "Content-Type": "text/plain", "Content-Encoding": "gzip" }, "x"],
  ] as const) {
    peer.asks("MESSAGE", { headers, body, tag: body });
    assert.equal(peer.expects(415).header("Accept"), "text/plain");
  }
  peer.asks("MESSAGE", {
    uri: "sip:nobody@192.0.2.10",
    headers: { "Content-Type": "text/plain" },
    body: "x",
  });
  peer.expects(404);
  peer.asks("MESSAGE", { headers: { "Content-Type": "text/plain" }, body: "x".repeat(8193) });
  peer.expects(413);
  phone.saysNothing("message.received");
});

test("sip.trust_ctrl: MESSAGE from a stranger is refused, from the server it is shown", () => {
  const { phone, peer } = registered({ config: `${QUIET}\nsip.trust_ctrl = 1` });
  const text = { headers: { "Content-Type": "text/plain" }, body: "x" };
  peer.asks("MESSAGE", { ...text, from: STRANGER });
  peer.expects(403);
  phone.saysNothing("message.received");
  peer.asks("MESSAGE", text);
  peer.expects(200);
  phone.event("message.received");
});

test("MESSAGE in the dialog of a call", () => {
  const { phone, peer, dialog } = callUp();
  peer.requests(dialog, "MESSAGE", { headers: { "Content-Type": "text/plain" }, body: "hello" });
  peer.expects(200);
  assert.equal(phone.event("message.received").fields["text"], "hello");
});

test("RFC 3428 §4 MESSAGE out: no Contact, text/plain, with credentials where they are asked for", () => {
  const config = `${QUIET}\naccount.1.auth_name = alice\naccount.1.password = secret`;
  const { phone, peer, wire } = registered({ config });
  const handle = wire.command((m) => m.message(0, "2002", "Grüße", wire.now));
  const first = peer.expects("MESSAGE");
  assert.equal(first.uri, "sip:2002@192.0.2.20");
  assert.equal(first.has("Contact"), false);
  assert.equal(first.has("Event"), false);
  assert.equal(first.header("Content-Type"), "text/plain;charset=UTF-8");
  assert.equal(first.body, "Grüße");
  peer.replies(first, 407, { headers: { "Proxy-Authenticate": 'Digest realm="r", nonce="n"' } });
  const again = peer.expects("MESSAGE");
  assert.match(again.header("Proxy-Authorization"), /response=/);
  peer.replies(again, 202);
  assert.deepEqual(phone.event("message.answered").fields, {
    account: 1,
    message: handle,
    to: "sip:2002@192.0.2.20",
    status: 202,
    reason: "Words",
  });
});

test("MESSAGE out: a refusal and silence are told, another server is tried after 503", () => {
  const { phone, peer, wire } = registered({ config: QUIET });
  wire.command((m) => m.message(0, "2002", "x", wire.now));
  peer.replies(peer.expects("MESSAGE"), 480, { reason: "Away" });
  assert.equal(phone.event("message.answered").fields["reason"], "Away");
  wire.command((m) => m.message(0, "2002", "x", wire.now));
  wire.runTo(40_000);
  assert.equal(phone.event("message.answered").fields["status"], 408);
});

test("MESSAGE by an account that is not registered: WrongState", () => {
  const { phone, peer } = registers();
  peer.expects("REGISTER");
  phone.refuses(Status.WrongState, (m, now) => m.message(0, "2002", "x", now));
});
