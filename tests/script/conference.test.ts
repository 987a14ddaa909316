// A conference of three at the phone (account.X.conf_type = 0): two calls up at once, mixed by the phone; and one at the
// server (conf_type = 2, RFC 4579).

import assert from "node:assert/strict";
import { test } from "node:test";
import { Status } from "../../host/node/abi.js";
import { callUp, connect, type Datagram, type PeerDialog, sdp } from "../support/scripted-peer.js";
import { consultation, LAST, tells, type TwoCalls } from "../support/transfers.js";

/** The held call comes back, and both are joined. */
function joined(config = ""): TwoCalls {
  const call = consultation({ config });
  call.phone.joins(call.first, call.second);
  const resume = call.peer.expects("INVITE");
  assert.match(resume.body, /a=sendrecv/);
  call.phone.saysNothing("call.conference");
  call.peer.replies(resume, 200, { body: sdp({ version: 3 }) });
  call.peer.expects("ACK");
  const { number, fields } = call.phone.event("call.conference");
  assert.deepEqual([number, fields["with"], fields["mix"]], [1, 2, 1]);
  call.phone.forgetsEvents();
  return call;
}

test("both calls are up: the phone is told to mix", () => {
  const call = joined();
  call.peer.expectsNothing();
  call.phone.saysNothing();
});

test("one of the two hangs up: mixing ends, the other call goes on", () => {
  const call = joined();
  call.peer.requests(call.other, "BYE");
  call.peer.expects(200);
  assert.equal(call.phone.event("call.conference").fields["mix"], 0);
  call.phone.holds(call.first);
  call.peer.expects("INVITE");
  call.phone.saysNothing("call.conference");
});

test("one is put on hold: no mixing until it is back", () => {
  const call = joined();
  call.phone.holds(call.second);
  assert.equal(call.phone.event("call.conference").fields["mix"], 0);
  call.peer.replies(call.peer.expects("INVITE"), 200, { body: sdp({ direction: "recvonly", version: 2 }) });
  call.peer.expects("ACK");
  call.phone.resumes(call.second);
  call.peer.replies(call.peer.expects("INVITE"), 200, { body: sdp({ version: 3 }) });
  call.peer.expects("ACK");
  assert.equal(call.phone.event("call.conference").fields["mix"], 1);
});

test("the host hangs up one call: the other goes on", () => {
  const call = joined();
  call.phone.hangsUp(call.second);
  call.peer.expects("BYE");
  assert.equal(call.phone.event("call.conference").fields["mix"], 0);
  call.peer.expectsNothing();
});

test("tran_others_after_conf_enable: the host leaves, and the other two are connected", () => {
  const call = joined("transfer.tran_others_after_conf_enable = 1");
  const { phone, peer } = call;
  phone.hangsUp(call.first);
  const refer = peer.expects("REFER");
  assert.match(refer.header("Refer-To"), /^<sip:carol@192\.0\.2\.30:5062\?Replaces=/);
  phone.saysNothing("call.ended");
  peer.replies(refer, 202);
  tells(call, call.dialog, { status: "200 OK", state: LAST });
  peer.expects(200);
  assert.equal(peer.takesAll("BYE").length, 2);
  phone.event("call.transferred");
  assert.equal(phone.event("call.conference").fields["mix"], 0);
});

test("tran_others_after_conf_enable: where that fails the host is still there, and the next hang-up is one", () => {
  const call = joined("transfer.tran_others_after_conf_enable = 1");
  call.phone.hangsUp(call.first);
  call.peer.replies(call.peer.expects("REFER"), 603);
  assert.equal(call.phone.event("call.notice").fields["what"], "transfer");
  call.phone.saysNothing("call.conference");
  call.phone.hangsUp(call.first);
  call.peer.expects("BYE");
  assert.equal(call.phone.event("call.conference").fields["mix"], 0);
});

test("refused: twice the same call, a call that is not up, a second conference, conf_type 2 without conf_uri", () => {
  const call = joined();
  const { phone, first, second } = call;
  phone.refuses(Status.WrongState, (m, now) => m.conference(first, second, now));
  phone.refuses(Status.BadArgument, (m, now) => m.conference(first, first, now));
  phone.refuses(Status.NoSuchThing, (m, now) => m.conference(first, 7, now));
  const network = consultation({ config: "account.1.conf_type = 2" });
  network.phone.refuses(Status.BadArgument, (m, now) => m.conference(network.first, network.second, now));
});

// ---- at the server ----

const ROOM = "sip:room@192.0.2.40";
const FOCUS = "<sip:r1@192.0.2.40:5070>;isfocus";
const AT_SERVER = `account.1.conf_type = 2\naccount.1.conf_uri = ${ROOM}`;

/** Both calls are joined at the server: its INVITE waits to be answered. */
function joinsAtServer(config = AT_SERVER): TwoCalls & { room: Datagram } {
  const call = consultation({ config });
  call.phone.joins(call.first, call.second);
  const room = call.peer.expects("INVITE");
  assert.equal(room.uri, ROOM);
  call.peer.expectsNothing();
  return { ...call, room };
}

/** The conference answers. */
function opensRoom(call: TwoCalls & { room: Datagram }, contact = FOCUS): PeerDialog {
  const answer = call.peer.replies(call.room, 200, {
    tag: "room",
    body: sdp(),
    headers: { Contact: contact },
  });
  call.peer.expects("ACK");
  return call.peer.dialog(call.room, answer);
}

test("RFC 4579 §5.4, §5.6 conf_type 2: the room is called, and both are sent to its focus", () => {
  const call = joinsAtServer();
  const { phone, peer } = call;
  opensRoom(call);
  const focus = phone.event("call.focus");
  assert.deepEqual([focus.number, focus.fields["uri"]], [3, "sip:r1@192.0.2.40:5070"]);
  const refers = peer.takesAll("REFER");
  assert.deepEqual(
    refers.map((each) => [each.header("Call-ID"), each.header("Refer-To")]),
    [
      [call.dialog.callId, "<sip:r1@192.0.2.40:5070>"],
      [call.other.callId, "<sip:r1@192.0.2.40:5070>"],
    ],
  );
  for (const [i, dialog] of [call.dialog, call.other].entries()) {
    peer.replies(refers[i] as Datagram, 202);
    tells(call, dialog, { status: "200 OK", state: LAST });
    peer.expects(200);
    const bye = peer.expects("BYE");
    assert.equal(bye.header("Call-ID"), dialog.callId);
    peer.replies(bye, 200);
    assert.equal(phone.event("call.transferred").number, i + 1);
    assert.equal(phone.event("call.ended").number, i + 1);
  }
  // The phone is still in the room.
  phone.saysNothing("call.ended");
  peer.expectsNothing();
});

test("RFC 4579 §5.6 one more is sent to a conference that there is", () => {
  const call = joinsAtServer();
  opensRoom(call);
  const { phone, peer } = call;
  const [one, two] = peer.takesAll("REFER");
  peer.replies(one as Datagram, 603);
  peer.replies(two as Datagram, 202);
  assert.equal(phone.event("call.notice").fields["what"], "transfer");
  const room = call.wire.instance.module.find(3, false);
  phone.joins(room, call.first);
  assert.equal(peer.expects("REFER").header("Refer-To"), "<sip:r1@192.0.2.40:5070>");
  phone.refuses(Status.WrongState, (m, now) => m.conference(room, call.first, now));
});

test("conf_type 2: a room that does not say isfocus is named as it was called", () => {
  // Without a server everybody is named by his Contact.
  const call = joinsAtServer(`${AT_SERVER}\naccount.1.sip_server.1.address = 192.0.2.20`);
  opensRoom(call, "<sip:b2bua@192.0.2.40:5070>");
  call.phone.saysNothing("call.focus");
  for (const refer of call.peer.takesAll("REFER")) assert.equal(refer.header("Refer-To"), `<${ROOM}>`);
});

test("conf_type 2: the room is full, and both calls are as they were", () => {
  const call = joinsAtServer();
  call.peer.replies(call.room, 486);
  call.peer.expects("ACK");
  assert.equal(call.phone.event("call.ended").number, 3);
  for (const number of [1, 2]) {
    const { number: of, fields } = call.phone.event("call.notice");
    assert.deepEqual([of, fields["what"], fields["status"]], [number, "transfer", 487]);
  }
  call.peer.expectsNothing();
  call.phone.joins(call.first, call.second);
  call.peer.expects("INVITE");
});

test("conf_type 2: nowhere to go, the same call twice, a call that is no more", () => {
  const { phone, first, second, peer } = consultation({ config: "account.1.conf_type = 2" });
  phone.refuses(Status.BadArgument, (m, now) => m.conference(first, second, now));
  phone.sets("account.1.conf_uri", ROOM);
  phone.refuses(Status.BadArgument, (m, now) => m.conference(first, first, now));
  phone.hangsUp(second);
  peer.expects("BYE");
  phone.refuses(Status.NoSuchThing, (m, now) => m.conference(first, second, now));
  phone.transfers(ROOM, first);
  peer.expects("REFER");
  phone.dials(ROOM);
  peer.replies(peer.expects("INVITE"), 200, { tag: "r", body: sdp() });
  phone.refuses(Status.WrongState, (m, now) => m.conference(first, phone.call, now));
});

// ---- a focus is recognised ----

test("RFC 4579 §5.2 isfocus comes and goes with a re-INVITE, an UPDATE and a 2xx: each change is said once", () => {
  const call = callUp();
  const { phone, peer, dialog } = call;
  phone.forgetsEvents();
  const says = (method: "INVITE" | "UPDATE", contact: string) => {
    peer.requests(dialog, method, {
      headers: { Contact: contact },
      ...(method === "INVITE" ? { body: sdp({ version: 5 }) } : {}),
    });
    peer.expects(200);
    if (method === "INVITE") peer.acks(dialog);
  };
  says("UPDATE", FOCUS);
  says("UPDATE", FOCUS);
  says("INVITE", `${FOCUS};audio`);
  assert.equal(phone.event("call.focus").fields["uri"], "sip:r1@192.0.2.40:5070");
  phone.saysNothing("call.focus");
  says("INVITE", "<sip:bob@192.0.2.20>;audio");
  assert.equal(phone.event("call.focus").fields["uri"], "");
  phone.holds();
  const hold = peer.expects("INVITE");
  peer.replies(hold, 200, { body: sdp({ direction: "recvonly" }), headers: { Contact: FOCUS } });
  assert.equal(peer.expects("ACK").uri, "sip:r1@192.0.2.40:5070");
  assert.equal(phone.event("call.focus").fields["uri"], "sip:r1@192.0.2.40:5070");
});

test("RFC 4579 §5.2 a conference calls us", () => {
  const { phone, peer } = connect();
  const invite = peer.invites({ headers: { Contact: FOCUS } });
  phone.answers(phone.event("call.incoming").call);
  peer.acks(peer.dialog(invite, peer.takesAll().at(-1) as Datagram));
  assert.equal(phone.event("call.focus").fields["uri"], "sip:r1@192.0.2.40:5070");
});

test("a Contact whose user is isfocus is no conference", () => {
  const call = callUp();
  call.peer.requests(call.dialog, "UPDATE", { headers: { Contact: "<sip:isfocus@192.0.2.20;isfocus>" } });
  call.peer.expects(200);
  call.phone.saysNothing("call.focus");
});
