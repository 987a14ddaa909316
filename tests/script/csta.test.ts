// uaCSTA: a computer steers the phone over a dialog of its own (ECMA TR/87, ECMA-323; RCC-01 to RCC-14).

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CSTA,
  DEVICE,
  element,
  namespace,
  pick,
  request,
  root,
  steered,
  type Steered,
} from "../support/csta.js";
import { registered } from "../support/registrar.js";
import { type Datagram, type PeerDialog, sdp } from "../support/scripted-peer.js";

const TIMER = "account.1.session_timer.enable = 1";

/** The connection of a call, as the phone names it. */
const connection = (callId: string, name: string): string =>
  `<${name}><callID>${callId}</callID><deviceID>${DEVICE}</deviceID></${name}>`;

const ringsIn = (s: Steered, tag = "caller"): Datagram => {
  const invite = s.peer.invites({ tag });
  pick(s.wire, "180", (each) => each.status === 180);
  return invite;
};

const call = (s: Steered, target = "tel:+4930123"): { id: string; invite: Datagram } => {
  const answer = s.orders(
    "MakeCall",
    `<callingDevice>${DEVICE}</callingDevice><calledDirectoryNumber>${target}</calledDirectoryNumber><autoOriginate>doNotPrompt</autoOriginate>`,
  );
  assert.equal(root(answer), "MakeCallResponse");
  const invite = pick(s.wire, "INVITE", (each) => each.method === "INVITE" && each.status === 0);
  return { id: element(answer, "callID") ?? "", invite };
};

test("RCC-01 INVITE without SDP and with RequestSystemStatus: 200 with the status, no media, no call for the user", () => {
  const { phone, accepted, wire } = steered();
  assert.equal(accepted.header("Content-Type"), "application/csta+xml");
  assert.equal(accepted.header("Content-Disposition"), "signal;handling=required");
  assert.equal(root(accepted.body), "RequestSystemStatusResponse");
  assert.equal(element(accepted.body, "systemStatus"), "normal");
  phone.saysNothing("call.incoming");
  phone.saysNothing("call.established");
  wire.command((m) => m.list(wire.now));
  phone.saysNothing("call.state");
});

test("RCC-01 only for the server at which the account is registered: 403 for anybody else", () => {
  const { peer } = registered({ config: "features.csta_control.enable = 1" });
  const from = { address: "192.0.2.66", port: 5060 };
  peer.invites({ headers: CSTA, body: request("RequestSystemStatus"), from });
  peer.expects(403);
});

test("RCC-01 a request of a stranger inside the dialog gets 403, and so does REFER", () => {
  const { peer, control } = steered();
  const from = { address: "192.0.2.66", port: 5060 };
  peer.requests(control, "INFO", { headers: CSTA, body: request("SnapshotDevice"), from });
  peer.expects(403);
  peer.requests(control, "REFER", { headers: { "Refer-To": "<sip:eve@192.0.2.66>" } });
  peer.expects(403);
});

test("RCC-02 a body that we do not know: 415 with what we read", () => {
  const { peer, control } = steered();
  const headers = { "Content-Type": "application/other", "Content-Disposition": "signal;handling=required" };
  peer.invites({ headers, body: "x" });
  assert.deepEqual(peer.expects(415).headers("Accept").sort(), ["application/csta+xml", "application/sdp"]);
  peer.requests(control, "INFO", { headers, body: "x" });
  peer.expects(415);
});

test("RCC-02 and without the setting uaCSTA is such a body", () => {
  const { peer } = registered();
  peer.invites({ headers: CSTA, body: request("RequestSystemStatus") });
  assert.deepEqual(peer.expects(415).headers("Accept"), ["application/sdp"]);
});

test("RCC-03 the 200 has Contact, Allow with INFO and UPDATE, and the session timer", () => {
  const { accepted } = steered({ config: TIMER, invite: { "Session-Expires": "1800;refresher=uac" } });
  assert.ok(accepted.has("Contact"));
  assert.match(accepted.header("Allow"), /\bINFO\b/);
  assert.match(accepted.header("Allow"), /\bUPDATE\b/);
  assert.match(accepted.header("Supported"), /\btimer\b/);
  assert.equal(accepted.header("Require"), "timer");
  assert.equal(accepted.header("Session-Expires"), "1800;refresher=uac");
});

test("RCC-05 UPDATE without body in a control dialog, also while an INFO of ours is open", () => {
  const s = steered({ config: TIMER, invite: { "Session-Expires": "1800;refresher=uac" } });
  s.monitors();
  ringsIn(s);
  s.peer.requests(s.control, "UPDATE", { headers: { Supported: "timer" } });
  pick(s.wire, "200 to UPDATE", (each) => each.status === 200 && each.method === "UPDATE");
  assert.deepEqual(s.toldAll(), ["DeliveredEvent"]);
});

test("RCC-06 re-INVITE with RequestSystemStatus: 200 with the status, and the timer is armed anew", () => {
  const { phone, peer, control, runTo } = steered({
    config: TIMER,
    invite: { "Session-Expires": "1800;refresher=uac" },
  });
  for (let at = 600_000; at <= 6_000_000; at += 600_000) {
    runTo(at);
    peer.takesAll("REGISTER");
    peer.requests(control, "INVITE", {
      headers: { ...CSTA, Supported: "timer", "Session-Expires": "1800;refresher=uac" },
      body: request("RequestSystemStatus"),
    });
    const accepted = peer.expects(200);
    assert.equal(element(accepted.body, "systemStatus"), "normal");
    assert.equal(accepted.header("Content-Type"), "application/csta+xml");
    peer.acks(control);
  }
  phone.saysNothing("call.refreshed");
});

test("RCC-07 refreshed by UPDATE every 25 minutes it stands, and without refresh it ends at 1768 s", () => {
  const { peer, control, runTo, wire } = steered({
    config: TIMER,
    expires: 100_000,
    invite: { "Session-Expires": "1800;refresher=uac" },
  });
  for (let at = 1_500_000; at <= 15_000_000; at += 1_500_000) {
    runTo(at);
    peer.requests(control, "UPDATE", {
      headers: { Supported: "timer", "Session-Expires": "1800;refresher=uac" },
    });
    peer.expects(200);
  }
  runTo(15_000_000 + 1_767_999);
  assert.ok(!wire.waiting.some((each) => each.method === "BYE"));
  runTo(15_000_000 + 1_768_000);
  pick(wire, "BYE", (each) => each.method === "BYE");
});

test("RCC-07 where we refresh, it is by UPDATE if the other side allows it, else by re-INVITE", () => {
  for (const [allow, method] of [
    ["INVITE, ACK, BYE, INFO, UPDATE", "UPDATE"],
    ["INVITE, ACK, BYE, INFO", "INVITE"],
  ] as const) {
    const { runTo, wire, peer } = steered({
      config: TIMER,
      invite: { "Session-Expires": "1800;refresher=uas", Allow: allow },
    });
    wire.runUntilSent(900_000);
    const refresh = pick(wire, method, (each) => each.method === method);
    assert.notEqual(refresh.header("Content-Type"), "application/sdp");
    peer.replies(refresh, 200, { headers: { "Session-Expires": "1800;refresher=uac", Require: "timer" } });
    if (method === "INVITE") peer.expects("ACK");
    runTo(1_780_000);
    assert.ok(!wire.waiting.some((each) => each.method === "BYE"));
  }
});

test("RCC-08 errors are a 200 with CSTAErrorCode: unknown services, calls that are not there", () => {
  const s = steered();
  const error = (name: string, content = ""): string | null => {
    const answer = s.orders(name, content);
    assert.equal(root(answer), "CSTAErrorCode");
    return element(answer, "operation");
  };
  assert.equal(error("ParkCall"), "serviceNotSupported");
  assert.equal(error("AnswerCall", connection("77", "callToBeAnswered")), "invalidConnectionID");
  assert.equal(error("HoldCall"), "invalidConnectionID");
  assert.equal(error("MonitorStop", "<monitorCrossRefID>9</monitorCrossRefID>"), "invalidConnectionID");
  assert.equal(
    error("MakeCall", "<calledDirectoryNumber>http://x</calledDirectoryNumber>"),
    "invalidCalledDeviceID",
  );
});

test("RCC-09 INFO outside a dialog, or in one that is gone: 481", () => {
  const { peer, control } = steered();
  peer.asks("INFO", { headers: CSTA, body: request("SnapshotDevice") });
  peer.expects(481);
  peer.requests(control, "BYE");
  peer.expects(200);
  peer.requests(control, "INFO", { headers: CSTA, body: request("SnapshotDevice") });
  peer.expects(481);
});

test("RCC-10 the edition of the namespace is the other side's: ed3, ed4, ed5, with any prefix", () => {
  for (const edition of [3, 4, 5]) {
    const s = steered({ edition });
    assert.ok(s.accepted.body.includes(`xmlns="${namespace(edition)}"`));
    s.monitors();
    ringsIn(s);
    assert.ok(s.told().includes(`xmlns="${namespace(edition)}"`));
  }
  const { peer, control } = steered();
  const body = `<c:GetCSTAFeatures xmlns:c="${namespace(5)}"></c:GetCSTAFeatures>`;
  peer.requests(control, "INFO", { headers: CSTA, body });
  const answer = peer.expects(200).body;
  assert.ok(answer.includes(`xmlns="${namespace(5)}"`));
  assert.ok(answer.includes("<makeCall/>"));
});

test("RCC-11 the device's name comes back as it came, and another one is not ours", () => {
  const s = steered();
  s.monitors();
  ringsIn(s);
  const event = s.told();
  assert.ok(
    event.includes(`<alertingDevice><deviceIdentifier>${DEVICE}</deviceIdentifier></alertingDevice>`),
  );
  const other = "<callToBeAnswered><callID>1</callID><deviceID>tel:4001</deviceID></callToBeAnswered>";
  assert.equal(element(s.orders("AnswerCall", other), "operation"), "invalidDeviceID");
});

test("RCC-12 a second MonitorStart is an error; MonitorStop, BYE and a lost dialog end the monitor", () => {
  const s = steered();
  const crossRef = s.monitors();
  const again = s.orders(
    "MonitorStart",
    `<monitorObject><deviceObject>${DEVICE}</deviceObject></monitorObject>`,
  );
  assert.equal(element(again, "stateIncompatibility"), "generic");
  const stop = s.orders("MonitorStop", `<monitorCrossRefID>${crossRef}</monitorCrossRefID>`);
  assert.equal(root(stop), "MonitorStopResponse");
  ringsIn(s);
  s.peer.expectsNothing();
  assert.notEqual(s.monitors(), crossRef);
  s.peer.requests(s.control, "BYE");
  s.peer.expects(200);
  s.phone.hangsUp(s.phone.event("call.incoming").call);
  assert.ok(!s.peer.takesAll().some((each) => each.method === "INFO"));
});

test("RCC-12 a fifth dialog is taken, and the one that stands longest makes room", () => {
  const s = steered();
  for (let i = 0; i < 4; i++) {
    const invite = s.peer.invites({
      headers: CSTA,
      body: request("RequestSystemStatus"),
      tag: `control${i}`,
    });
    const accepted = pick(s.wire, "200", (each) => each.status === 200);
    s.peer.acks(s.peer.dialog(invite, accepted));
  }
  pick(s.wire, "BYE", (each) => each.method === "BYE");
  s.peer.expectsNothing();
});

test("RCC-13 XML that can't be read, with a DTD, or of more than 8 KiB: 400, and the dialog stands", () => {
  const { peer, control } = steered();
  for (const body of [
    "<MakeCall>",
    "text",
    `<!DOCTYPE x><MakeCall xmlns="${namespace(3)}"></MakeCall>`,
    `<MakeCall>${"<a>".repeat(20)}${"</a>".repeat(20)}</MakeCall>`,
    request("SnapshotDevice", `<x>${"y".repeat(8192)}</x>`),
  ]) {
    peer.requests(control, "INFO", { headers: CSTA, body });
    peer.expects(400);
  }
  peer.requests(control, "INFO", {
    headers: CSTA,
    body: request("SnapshotDevice", "<other><deep/></other>"),
  });
  assert.equal(root(peer.expects(200).body), "SnapshotDeviceResponse");
});

test("RCC-14 MakeCall: ServiceInitiated, Originated, Delivered, Established, Held, Retrieved, ConnectionCleared, once each", () => {
  const s = steered();
  const crossRef = s.monitors();
  const { id, invite } = call(s);
  s.peer.replies(invite, 180);
  const accepted = s.peer.replies(invite, 200, { body: sdp() });
  pick(s.wire, "ACK", (each) => each.method === "ACK");
  const dialog: PeerDialog = s.peer.dialog(invite, accepted);
  // What came first is still told first, and what was passed over is not told late.
  const first = s.told();
  assert.equal(root(first), "ServiceInitiatedEvent");
  assert.equal(element(first, "monitorCrossRefID"), crossRef);
  assert.equal(element(first, "callID"), id);
  assert.deepEqual(s.toldAll(), ["OriginatedEvent", "EstablishedEvent"]);
  const change = (name: string, of: string, direction: string): void => {
    assert.equal(root(s.orders(name, connection(id, of))), `${name}Response`);
    const reInvite = pick(s.wire, "INVITE", (each) => each.method === "INVITE" && each.status === 0);
    s.peer.replies(reInvite, 200, { body: sdp({ direction, version: 2 }) });
    pick(s.wire, "ACK", (each) => each.method === "ACK");
  };
  change("HoldCall", "callToBeHeld", "recvonly");
  assert.deepEqual(s.toldAll(), ["HeldEvent"]);
  change("RetrieveCall", "callToBeRetrieved", "sendrecv");
  assert.deepEqual(s.toldAll(), ["RetrievedEvent"]);
  assert.equal(
    root(s.orders("ClearConnection", connection(id, "connectionToBeCleared"))),
    "ClearConnectionResponse",
  );
  s.peer.replies(
    pick(s.wire, "BYE", (each) => each.method === "BYE"),
    200,
  );
  assert.deepEqual(s.toldAll(), ["ConnectionClearedEvent"]);
  assert.ok(dialog.callId);
  s.peer.expectsNothing();
});

test("RCC-14 step by step the alerting is told too", () => {
  const s = steered();
  s.monitors();
  const { invite } = call(s);
  assert.deepEqual(s.toldAll(), ["ServiceInitiatedEvent", "OriginatedEvent"]);
  s.peer.replies(invite, 180);
  const delivered = s.told();
  assert.equal(root(delivered), "DeliveredEvent");
  assert.equal(element(delivered, "localConnectionInfo"), "connected");
  s.peer.replies(invite, 180);
  assert.deepEqual(s.toldAll(), []);
});

test("RCC-14 an incoming call: Delivered, AnswerCall, Established, and ConnectionCleared when the caller hangs up", () => {
  const s = steered();
  s.monitors();
  const invite = ringsIn(s);
  const delivered = s.told();
  assert.equal(root(delivered), "DeliveredEvent");
  assert.equal(element(delivered, "localConnectionInfo"), "alerting");
  assert.ok(delivered.includes("<callingDevice><deviceIdentifier>sip:bob@192.0.2.20</deviceIdentifier>"));
  const id = element(delivered, "callID") ?? "";
  assert.equal(root(s.orders("AnswerCall", connection(id, "callToBeAnswered"))), "AnswerCallResponse");
  const accepted = pick(s.wire, "200", (each) => each.status === 200 && each.method === "INVITE");
  const dialog = s.peer.dialog(invite, accepted);
  s.peer.acks(dialog);
  assert.deepEqual(s.toldAll(), ["EstablishedEvent"]);
  s.peer.requests(dialog, "BYE");
  s.peer.expects(200);
  const cleared = s.told();
  assert.equal(root(cleared), "ConnectionClearedEvent");
  assert.equal(element(cleared, "localConnectionInfo"), "null");
  assert.deepEqual(s.toldAll(), []);
});

test("RCC-14 busy: Failed, then ConnectionCleared", () => {
  const s = steered();
  s.monitors();
  const { invite } = call(s);
  s.peer.replies(invite, 486);
  pick(s.wire, "ACK", (each) => each.method === "ACK");
  s.told();
  const failed = [s.told(), s.told()];
  assert.deepEqual(failed.map(root), ["FailedEvent", "ConnectionClearedEvent"]);
  assert.equal(element(failed[0] ?? "", "cause"), "busy");
});

test("RCC-14 DeflectCall: 302, and Diverted in place of ConnectionCleared", () => {
  const s = steered();
  s.monitors();
  ringsIn(s);
  const id = element(s.told(), "callID") ?? "";
  const answer = s.orders(
    "DeflectCall",
    `${connection(id, "callToBeDiverted")}<newDestination>sip:carol@192.0.2.20</newDestination>`,
  );
  assert.equal(root(answer), "DeflectCallResponse");
  const moved = pick(s.wire, "302", (each) => each.status === 302);
  assert.match(moved.header("Contact"), /sip:carol@192\.0\.2\.20/);
  assert.deepEqual(s.toldAll(), ["DivertedEvent"]);
});

test("RCC-14 SingleStepTransferCall: REFER, and Transfered when it is done", () => {
  const s = steered();
  s.monitors();
  const { id, invite } = call(s);
  const accepted = s.peer.replies(invite, 200, { body: sdp() });
  pick(s.wire, "ACK", (each) => each.method === "ACK");
  s.toldAll();
  const dialog = s.peer.dialog(invite, accepted);
  const answer = s.orders(
    "SingleStepTransferCall",
    `${connection(id, "activeCall")}<transferredTo>sip:carol@192.0.2.20</transferredTo>`,
  );
  assert.equal(root(answer), "SingleStepTransferCallResponse");
  s.peer.replies(
    pick(s.wire, "REFER", (each) => each.method === "REFER"),
    202,
  );
  s.peer.requests(dialog, "NOTIFY", {
    headers: {
      Event: "refer",
      "Subscription-State": "terminated;reason=noresource",
      "Content-Type": "message/sipfrag",
    },
    body: "SIP/2.0 200 OK\r\n",
  });
  assert.deepEqual(s.toldAll(), ["TransferedEvent"]);
});

test("SnapshotDevice lists the account's calls and their states; a monitor that starts late does not tell them again", () => {
  const s = steered();
  ringsIn(s);
  const snapshot = s.orders("SnapshotDevice", `<snapshotObject>${DEVICE}</snapshotObject>`);
  assert.equal(element(snapshot, "localConnectionState"), "alerting");
  assert.equal(element(snapshot, "deviceID"), DEVICE);
  s.monitors();
  assert.deepEqual(s.toldAll(), []);
});

test("Set and Get DoNotDisturb are the phone's own switch", () => {
  const s = steered();
  const isOn = (): string | null =>
    element(s.orders("GetDoNotDisturb", `<device>${DEVICE}</device>`), "doNotDisturbOn");
  assert.equal(isOn(), "false");
  s.orders("SetDoNotDisturb", `<device>${DEVICE}</device><doNotDisturbOn>true</doNotDisturbOn>`);
  assert.equal(isOn(), "true");
  s.peer.invites({ tag: "caller" });
  s.peer.expects(480);
});

test("a hung-up control dialog leaves calls alone, and the phone says BYE there when it goes off", () => {
  const s = steered();
  const { invite } = call(s);
  const accepted = s.peer.replies(invite, 200, { body: sdp() });
  pick(s.wire, "ACK", (each) => each.method === "ACK");
  s.peer.requests(s.control, "BYE");
  s.peer.expects(200);
  s.peer.requests(s.peer.dialog(invite, accepted), "OPTIONS");
  s.peer.expects(200);
  const other = steered();
  other.phone.stops();
  pick(other.wire, "BYE", (each) => each.method === "BYE");
});

test("RCC-12 an INFO of ours that is answered with 481 ends the dialog, and calls go on", () => {
  const s = steered();
  s.monitors();
  ringsIn(s);
  const info = pick(s.wire, "INFO", (each) => each.method === "INFO" && each.status === 0);
  s.peer.replies(info, 481, { tag: "" });
  pick(s.wire, "BYE", (each) => each.method === "BYE");
  s.phone.answers(s.phone.event("call.incoming").call);
  pick(s.wire, "200", (each) => each.status === 200 && each.method === "INVITE");
  assert.deepEqual(s.toldAll(), []);
});

test("RCC-14 a phone that is started again from its state goes on telling, with a CSeq that grows", () => {
  const s = steered();
  s.monitors();
  ringsIn(s);
  const before = pick(s.wire, "INFO", (each) => each.method === "INFO" && each.status === 0);
  s.peer.replies(before, 200, { tag: "" });
  s.wire.restart(true);
  ringsIn(s, "other");
  const after = pick(s.wire, "INFO", (each) => each.method === "INFO" && each.status === 0);
  assert.ok(after.cseq > before.cseq);
});

const CREDENTIALS = "account.1.auth_name = alice\naccount.1.password = secret";

const infoOf = (s: Steered): Datagram =>
  pick(s.wire, "INFO", (each) => each.method === "INFO" && each.status === 0);

const isInfo = (each: Datagram): boolean => each.method === "INFO" && each.status === 0;

test("RCC-14 an event whose INFO is challenged is told again with credentials, before those that came meanwhile", () => {
  for (const [status, header, answer] of [
    [401, "WWW-Authenticate", "Authorization"],
    [407, "Proxy-Authenticate", "Proxy-Authorization"],
  ] as const) {
    const s = steered({ config: CREDENTIALS });
    s.monitors();
    const { invite } = call(s);
    const first = infoOf(s);
    assert.equal(root(first.body), "ServiceInitiatedEvent");
    s.peer.replies(invite, 180);
    s.peer.replies(first, status, { tag: "", headers: { [header]: 'Digest realm="peer", nonce="n"' } });
    const again = infoOf(s);
    assert.equal(again.body, first.body);
    assert.equal(again.header("Content-Disposition"), "signal;handling=required");
    assert.ok(again.cseq > first.cseq);
    assert.match(again.header(answer), /^Digest username="alice"/);
    assert.ok(!s.wire.waiting.some(isInfo));
    s.peer.replies(again, 200, { tag: "" });
    assert.deepEqual(s.toldAll(), ["OriginatedEvent", "DeliveredEvent"]);
  }
});

test("RCC-14 an event that is refused is not told again; the monitor stays, and the next event is told", () => {
  for (const status of [403, 491, 500, 503]) {
    const s = steered({ config: CREDENTIALS });
    s.monitors();
    call(s);
    const first = infoOf(s);
    assert.equal(root(first.body), "ServiceInitiatedEvent");
    s.peer.replies(first, status, { tag: "" });
    assert.deepEqual(s.toldAll(), ["OriginatedEvent"]);
    assert.ok(!s.wire.waiting.some((each) => each.method === "BYE"));
  }
});

test("RCC-14 a password that is refused: the event is given up, not the monitor", () => {
  const s = steered({ config: CREDENTIALS });
  s.monitors();
  call(s);
  const headers = { "WWW-Authenticate": 'Digest realm="peer", nonce="n"' };
  s.peer.replies(infoOf(s), 401, { tag: "", headers });
  s.peer.replies(infoOf(s), 401, { tag: "", headers });
  assert.deepEqual(s.toldAll(), ["OriginatedEvent"]);
});

test("RCC-12 an INFO of ours that nobody answers, or that gets 408, ends the dialog (RFC 5057 §5.1), and calls go on", () => {
  for (const isSilent of [true, false]) {
    const s = steered();
    s.monitors();
    const invite = ringsIn(s);
    if (isSilent) s.runTo(s.wire.now + 32_000);
    else s.peer.replies(infoOf(s), 408, { tag: "" });
    pick(s.wire, "BYE", (each) => each.method === "BYE");
    s.phone.answers(s.phone.event("call.incoming").call);
    pick(
      s.wire,
      "200",
      (each) => each.status === 200 && each.cseq === invite.cseq && each.method === "INVITE",
    );
    s.wire.waiting.splice(0, s.wire.waiting.length, ...s.wire.waiting.filter((each) => !isInfo(each)));
    assert.deepEqual(s.toldAll(), []);
  }
});

test("GenerateDigits goes the way of the phone's own digits", () => {
  const s = steered({ config: "account.1.dtmf.type = 3" });
  const { id, invite } = call(s);
  const digits = (characters: string, callId = id): string =>
    s.orders(
      "GenerateDigits",
      `${connection(callId, "connectionToSendDigits")}<charactersToSend>${characters}</charactersToSend>`,
    );
  assert.equal(element(digits("1"), "stateIncompatibility"), "generic");
  s.peer.replies(invite, 200, { body: sdp() });
  pick(s.wire, "ACK", (each) => each.method === "ACK");
  assert.equal(root(digits("4#")), "GenerateDigitsResponse");
  assert.deepEqual(s.phone.event("call.digits").fields, { digits: "4#", rtp: 1 });
  const first = infoOf(s);
  assert.equal(first.body, "Signal=4\r\nDuration=160\r\n");
  s.peer.replies(first, 200);
  assert.equal(infoOf(s).body, "Signal=#\r\nDuration=160\r\n");
  assert.equal(element(digits("1", "77"), "operation"), "invalidConnectionID");
  assert.equal(element(digits("x"), "operation"), "generic");
  assert.ok(s.orders("GetCSTAFeatures").includes("<generateDigits/>"));
});

/** Two calls of the phone: the first one held, the second one up; and their dialogs there. */
function consulted(s: Steered): { ids: [string, string]; dialogs: [PeerDialog, PeerDialog] } {
  const up = (invite: Datagram, tag: string): PeerDialog => {
    const accepted = s.peer.replies(invite, 200, { body: sdp(), tag });
    pick(s.wire, "ACK", (each) => each.method === "ACK");
    return s.peer.dialog(invite, accepted);
  };
  const isInvite = (each: Datagram): boolean => each.method === "INVITE" && each.status === 0;
  const first = call(s);
  const dialog = up(first.invite, "first");
  s.toldAll();
  const answer = s.orders(
    "ConsultationCall",
    `${connection(first.id, "existingCall")}<consultedDevice>tel:+49302</consultedDevice>`,
  );
  assert.equal(root(answer), "ConsultationCallResponse");
  assert.match(answer, /<initiatedCall><callID>\d+<\/callID>/);
  const second = pick(
    s.wire,
    "the second INVITE",
    (each) => isInvite(each) && !/;tag=/.test(each.header("To")),
  );
  const hold = pick(s.wire, "the hold", isInvite);
  s.peer.replies(hold, 200, { body: sdp({ direction: "recvonly", version: 2 }), tag: "" });
  pick(s.wire, "ACK", (each) => each.method === "ACK");
  const other = up(second, "second");
  assert.deepEqual(s.toldAll().sort(), [
    "EstablishedEvent",
    "HeldEvent",
    "OriginatedEvent",
    "ServiceInitiatedEvent",
  ]);
  return { ids: [first.id, element(answer, "callID") ?? ""], dialogs: [dialog, other] };
}

test("ConsultationCall holds the call and makes another; AlternateCall changes them over", () => {
  const s = steered();
  s.monitors();
  const [one, two] = consulted(s).ids;
  const both = `${connection(one, "heldCall")}${connection(two, "activeCall")}`;
  assert.equal(root(s.orders("AlternateCall", both)), "AlternateCallResponse");
  for (const direction of ["recvonly", "sendrecv"]) {
    const change = pick(s.wire, "re-INVITE", (each) => each.method === "INVITE" && each.status === 0);
    s.peer.replies(change, 200, { body: sdp({ direction, version: 3 }), tag: "" });
    pick(s.wire, "ACK", (each) => each.method === "ACK");
  }
  assert.deepEqual(s.toldAll().sort(), ["HeldEvent", "RetrievedEvent"]);
  // Now the other one is held.
  assert.equal(element(s.orders("AlternateCall", both), "stateIncompatibility"), "generic");
  const alone = connection(two, "activeCall");
  assert.equal(element(s.orders("AlternateCall", alone), "operation"), "invalidConnectionID");
});

test("TransferCall sends the held one on to the other with Replaces", () => {
  const s = steered();
  s.monitors();
  const { ids, dialogs } = consulted(s);
  const both = `${connection(ids[0], "heldCall")}${connection(ids[1], "activeCall")}`;
  assert.equal(root(s.orders("TransferCall", both)), "TransferCallResponse");
  const refer = pick(s.wire, "REFER", (each) => each.method === "REFER");
  assert.equal(refer.header("Call-ID"), dialogs[0].callId);
  assert.ok(refer.header("Refer-To").includes(`?Replaces=${encodeURIComponent(dialogs[1].callId)}`));
});

test("ConsultationCall while the call rings: no second call", () => {
  const s = steered();
  const { id } = call(s);
  const content = `${connection(id, "existingCall")}<consultedDevice>tel:+49302</consultedDevice>`;
  assert.equal(element(s.orders("ConsultationCall", content), "stateIncompatibility"), "generic");
  assert.ok(!s.wire.waiting.some((each) => each.method === "INVITE"));
});

test("do not disturb is told once, whoever has switched it", () => {
  const s = steered();
  s.monitors();
  const next = (): [string, string | null] => {
    const event = s.told();
    assert.ok(event.includes(`<device><deviceIdentifier>${DEVICE}</deviceIdentifier></device>`));
    return [root(event), element(event, "doNotDisturbOn")];
  };
  s.phone.sets("features.dnd.enable", "1");
  assert.deepEqual(next(), ["DoNotDisturbEvent", "true"]);
  s.phone.sets("features.dnd.enable", "1");
  s.orders("SetDoNotDisturb", `<device>${DEVICE}</device><doNotDisturbOn>false</doNotDisturbOn>`);
  assert.deepEqual(next(), ["DoNotDisturbEvent", "false"]);
  assert.deepEqual(s.toldAll(), []);
});

test("out of service and back: told when the registration is lost and when it is there again", () => {
  const s = steered();
  s.monitors();
  s.wire.command((m) => m.unregister(1, s.wire.now));
  assert.deepEqual(s.toldAll(), ["OutOfServiceEvent"]);
});
