// The phone sends the other side on: blind, semi-attended, attended (RFC 3515, RFC 5589, RFC 4488).

import assert from "node:assert/strict";
import { test } from "node:test";
import { Status } from "../../host/node/abi.js";
import { callUp, connect, sdp } from "../support/scripted-peer.js";
import { CAROL, consultation, LAST, tells } from "../support/transfers.js";

const replaces = (referTo: string): string =>
  decodeURIComponent(/\?Replaces=([^>]*)>$/.exec(referTo)?.[1] ?? "");

for (const accepted of [200, 202]) {
  test(`TDR-26 blind: REFER, ${accepted}, NOTIFY 100, 180, 200, and the call ends`, () => {
    const call = callUp();
    const { phone, peer, dialog } = call;
    phone.transfers(CAROL);
    const refer = peer.expects("REFER");
    assert.equal(refer.header("Refer-To"), `<${CAROL}>`);
    assert.equal(refer.header("Referred-By"), '"Alice" <sip:alice@192.0.2.10>');
    assert.equal(refer.uri, dialog.target === refer.uri ? refer.uri : "sip:bob@192.0.2.20:5060");
    assert.match(refer.header("Contact"), /^<sip:alice@192\.0\.2\.10:5060/);
    assert.equal(refer.has("Refer-Sub"), false);
    peer.replies(refer, accepted);
    for (const status of ["100 Trying", "180 Ringing"]) {
      tells(call, dialog, { status });
      peer.expects(200);
      assert.equal(phone.event("call.transfer").fields["status"], Number(status.slice(0, 3)));
    }
    phone.saysNothing();
    tells(call, dialog, { status: "200 OK", state: LAST });
    peer.expects(200);
    assert.equal(phone.event("call.transferred").fields["status"], 200);
    const bye = peer.expects("BYE");
    assert.equal(bye.has("Reason"), false);
    const ended = phone.event("call.ended").fields;
    assert.deepEqual([ended["by"], ended["rule"]], ["local", "user-transfer"]);
    peer.replies(bye, 200);
    phone.saysNothing();
    peer.expectsNothing();
  });
}

test("TDR-28 the target is busy: the call is as it was, and an event says what", () => {
  const call = callUp();
  call.phone.transfers(CAROL);
  call.peer.replies(call.peer.expects("REFER"), 202);
  tells(call, call.dialog, { status: "486 Busy Here", state: LAST });
  call.peer.expects(200);
  const notice = call.phone.event("call.notice").fields;
  assert.deepEqual([notice["what"], notice["status"]], ["transfer", 486]);
  call.peer.expectsNothing();
  call.phone.saysNothing();
  // LY-14: what comes for the transfer that is over meets no subscription, without harm.
  tells(call, call.dialog, { status: "200 OK", state: LAST });
  call.peer.expects(481);
  call.phone.saysNothing();
  // And once more, to somebody else.
  call.phone.transfers("sip:dave@192.0.2.40");
  assert.equal(call.peer.expects("REFER").header("Refer-To"), "<sip:dave@192.0.2.40>");
});

test("TDR-28 a call on hold stays on hold when its transfer fails, and can be resumed", () => {
  const call = callUp();
  const { phone, peer } = call;
  phone.holds();
  peer.replies(peer.expects("INVITE"), 200, { body: sdp({ direction: "recvonly" }) });
  peer.expects("ACK");
  phone.transfers(CAROL);
  peer.replies(peer.expects("REFER"), 603);
  assert.equal(phone.event("call.notice").fields["status"], 603);
  phone.resumes();
  assert.match(peer.expects("INVITE").body, /a=sendrecv/);
});

const refusals: [number, string][] = [
  [403, "notice"],
  [405, "notice"],
  [501, "notice"],
  [481, "ended"],
];
for (const [status, outcome] of refusals) {
  test(`REFER refused with ${status}: ${outcome === "ended" ? "the call is gone there, so here too" : "the call goes on"}`, () => {
    const { phone, peer } = callUp();
    phone.transfers(CAROL);
    peer.replies(peer.expects("REFER"), status);
    assert.equal(phone.event("call.notice").fields["status"], status);
    if (outcome === "ended") {
      peer.expects("BYE");
      assert.equal(phone.event("call.ended").fields["status"], 481);
    } else {
      peer.expectsNothing();
      phone.saysNothing();
    }
  });
}

test("REFER unanswered: 408 after 32 s, and the call goes on", () => {
  const call = callUp();
  call.phone.transfers(CAROL);
  call.runTo(31_999);
  assert.ok(call.peer.takesAll("REFER").length > 5);
  call.runTo(32_000);
  assert.equal(call.phone.event("call.notice").fields["status"], 408);
  call.phone.saysNothing();
});

test("REFER challenged: once more with credentials, CSeq one higher, the same Refer-To", () => {
  const { phone, peer } = callUp({ config: "account.1.password = secret\naccount.1.auth_name = alice" });
  phone.transfers(CAROL);
  const refer = peer.expects("REFER");
  peer.replies(refer, 407, { headers: { "Proxy-Authenticate": 'Digest realm="x", nonce="n", qop="auth"' } });
  const again = peer.expects("REFER");
  assert.match(again.header("Proxy-Authorization"), /uri="sip:bob@192\.0\.2\.20:5060"/);
  assert.equal(again.cseq, refer.cseq + 1);
  assert.equal(again.header("Refer-To"), refer.header("Refer-To"));
});

test("nothing is heard of an accepted transfer: given up after five minutes", () => {
  const call = callUp();
  call.phone.transfers(CAROL);
  call.peer.replies(call.peer.expects("REFER"), 202);
  call.runTo(299_000);
  call.phone.saysNothing();
  call.runTo(300_100);
  assert.equal(call.phone.event("call.notice").fields["status"], 408);
});

test("the subscription ends without a final status: nobody knows, the call stays", () => {
  const call = callUp();
  call.phone.transfers(CAROL);
  call.peer.replies(call.peer.expects("REFER"), 202);
  tells(call, call.dialog, { status: "100 Trying", state: LAST });
  call.peer.expects(200);
  assert.equal(call.phone.event("call.notice").fields["status"], 0);
});

test("the final NOTIFY overtakes the answer to REFER", () => {
  const call = callUp();
  call.phone.transfers(CAROL);
  const refer = call.peer.expects("REFER");
  tells(call, call.dialog, { status: "200 OK", state: LAST });
  call.peer.expects(200);
  call.phone.event("call.transferred");
  const bye = call.peer.expects("BYE");
  call.peer.replies(refer, 202);
  call.peer.replies(bye, 200);
  call.phone.event("call.ended");
  call.phone.saysNothing();
  call.peer.expectsNothing();
});

test("NOTIFY of another REFER, of another package, or without Event: 481, nothing happens", () => {
  const call = callUp();
  call.phone.transfers(CAROL);
  const refer = call.peer.expects("REFER");
  call.peer.replies(refer, 202);
  for (const event of [`refer;id=${refer.cseq + 7}`, "presence", "refer;;", ""]) {
    tells(call, call.dialog, { status: "200 OK", state: LAST, event });
    const answer = call.peer.takesAll();
    assert.ok(answer.length === 1 && (answer[0]?.status ?? 0) >= 400, event);
    call.phone.saysNothing();
  }
  tells(call, call.dialog, { status: "200 OK", state: LAST, event: `refer;id=${refer.cseq}` });
  call.peer.expects(200);
  call.phone.event("call.transferred");
});

test("a NOTIFY whose body is no fragment, or missing, changes nothing", () => {
  const call = callUp();
  call.phone.transfers(CAROL);
  call.peer.replies(call.peer.expects("REFER"), 202);
  for (const status of [undefined, "", "abc", "20"]) {
    tells(call, call.dialog, status === undefined ? {} : { status });
    call.peer.expects(200);
    call.phone.forgetsEvents();
  }
  call.peer.expectsNothing();
  tells(call, call.dialog, { status: "200 OK", state: LAST });
  call.peer.expects(200);
  call.phone.event("call.transferred");
});

test("end_call_when_transferred 0: the call stays up once the transfer has come about", () => {
  const call = callUp({ config: "account.1.end_call_when_transferred.enable = 0" });
  call.phone.transfers(CAROL);
  call.peer.replies(call.peer.expects("REFER"), 202);
  tells(call, call.dialog, { status: "200 OK", state: LAST });
  call.peer.expects(200);
  call.phone.event("call.transferred");
  call.peer.expectsNothing();
});

test("RFC 4488 refer_sub 0: Refer-Sub: false, and a 2xx that says so too is all that comes", () => {
  const call = callUp({ config: "account.1.refer_sub.enable = 0" });
  call.phone.transfers(CAROL);
  const refer = call.peer.expects("REFER");
  assert.equal(refer.header("Refer-Sub"), "false");
  assert.match(refer.header("Supported"), /\bnorefersub\b/);
  call.peer.replies(refer, 202, { headers: { "Refer-Sub": "false" } });
  assert.equal(call.phone.event("call.transferred").fields["status"], 202);
  call.peer.expects("BYE");
});

test("RFC 4488 a 2xx without Refer-Sub: NOTIFY will come all the same", () => {
  const call = callUp({ config: "account.1.refer_sub.enable = 0" });
  call.phone.transfers(CAROL);
  call.peer.replies(call.peer.expects("REFER"), 202);
  call.phone.saysNothing();
  tells(call, call.dialog, { status: "200 OK", state: LAST });
  call.peer.expects(200);
  call.phone.event("call.transferred");
});

test("the transferred side hangs up before it tells: that is the end of the call, and no more", () => {
  const call = callUp();
  call.phone.transfers(CAROL);
  call.peer.replies(call.peer.expects("REFER"), 202);
  call.peer.requests(call.dialog, "BYE");
  call.peer.expects(200);
  call.phone.event("call.ended");
  call.after(400_000);
  call.phone.saysNothing();
  call.peer.expectsNothing();
});

test("hung up here while the transfer is under way: BYE, and the NOTIFY that comes later meets 481", () => {
  const call = callUp();
  call.phone.transfers(CAROL);
  call.peer.replies(call.peer.expects("REFER"), 202);
  call.phone.hangsUp();
  const bye = call.peer.expects("BYE");
  tells(call, call.dialog, { status: "200 OK", state: LAST });
  call.peer.expects(481);
  call.peer.replies(bye, 200);
  call.phone.event("call.ended");
  call.phone.saysNothing();
});

test("a transfer that is ordered while a hold is open waits its turn", () => {
  const { phone, peer } = callUp();
  phone.holds();
  const hold = peer.expects("INVITE");
  phone.transfers(CAROL);
  peer.expectsNothing();
  peer.replies(hold, 200, { body: sdp({ direction: "recvonly" }) });
  peer.expects("ACK");
  peer.expects("REFER");
});

test("what can't be transferred is refused at once", () => {
  const { phone, peer } = callUp();
  const { call } = phone;
  for (const uri of ["", "mailto:a@b", "sip:", "sip:a@b?Replaces=x", "sips:a@b"])
    phone.refuses(Status.BadArgument, (m, now) => m.transfer(call, uri, now));
  phone.refuses(Status.NoSuchThing, (m, now) => m.transfer(call + 1, CAROL, now));
  phone.refuses(Status.BadArgument, (m, now) => m.transferTo(call, call, now));
  phone.refuses(Status.NoSuchThing, (m, now) => m.transferTo(call, 0, now));
  phone.transfers(CAROL);
  peer.expects("REFER");
  phone.refuses(Status.WrongState, (m, now) => m.transfer(call, CAROL, now));
  const ringing = connect();
  ringing.phone.dials(ringing.peer.uri);
  ringing.phone.refuses(Status.WrongState, (m, now) => m.transfer(ringing.phone.call, CAROL, now));
});

test("a number goes to the account's server, and user=phone is added where the account wants it", () => {
  const { phone, peer } = callUp({
    config: "account.1.sip_server.1.address = 192.0.2.20\naccount.1.enable_user_equal_phone = 1",
  });
  phone.transfers("2003");
  assert.equal(peer.expects("REFER").header("Refer-To"), "<sip:2003@192.0.2.20;user=phone>");
});

test("a Refer-To of 1,024 octets and more leaves whole", () => {
  const { phone, peer } = callUp();
  const uri = `sip:carol@192.0.2.30;x-t=${"a".repeat(1400)}`;
  phone.transfers(uri);
  assert.equal(peer.expects("REFER").header("Refer-To"), `<${uri}>`);
});

// ---- attended ----

test("RFC 5589 §7.1 attended: Refer-To names the target and our dialog with it, as it sees the tags", () => {
  const call = consultation();
  const { phone, peer, first, second, otherInvite, otherAccepted } = call;
  phone.transfersTo(first, second);
  const refer = peer.expects("REFER");
  assert.equal(refer.header("Call-ID"), call.dialog.callId);
  const referTo = refer.header("Refer-To");
  assert.ok(referTo.startsWith("<sip:carol@192.0.2.30:5062?Replaces="), referTo);
  const [, toTag] = /tag=(.*)$/.exec(otherAccepted.header("To")) ?? [];
  const [, fromTag] = /tag=(.*)$/.exec(otherInvite.header("From")) ?? [];
  assert.equal(replaces(referTo), `${call.other.callId};to-tag=${toTag};from-tag=${fromTag}`);
  peer.replies(refer, 202);
  tells(call, call.dialog, { status: "200 OK", state: LAST });
  peer.expects(200);
  phone.event("call.transferred");
  // The target has not hung up by itself: both calls end.
  const byes = peer.takesAll("BYE");
  assert.deepEqual(
    new Set(byes.map((bye) => bye.header("Call-ID"))),
    new Set([call.other.callId, call.dialog.callId]),
  );
  assert.equal(phone.event("call.ended").fields["rule"], "user-transfer");
  assert.equal(phone.event("call.ended").fields["rule"], "user-transfer");
});

test("attended: the target hangs up by itself when it is replaced", () => {
  const call = consultation();
  const { phone, peer } = call;
  phone.transfersTo(call.first, call.second);
  peer.replies(peer.expects("REFER"), 202);
  peer.requests(call.other, "BYE");
  peer.expects(200);
  assert.equal(phone.event("call.ended").fields["by"], "remote");
  phone.saysNothing();
  tells(call, call.dialog, { status: "200 OK", state: LAST });
  peer.expects(200);
  phone.event("call.transferred");
  assert.equal(peer.takesAll("BYE").length, 1);
});

test("TDR-28 attended fails: both calls are as they were", () => {
  const call = consultation();
  const { phone, peer } = call;
  phone.transfersTo(call.first, call.second);
  peer.replies(peer.expects("REFER"), 202);
  tells(call, call.dialog, { status: "480 Temporarily Unavailable", state: LAST });
  peer.expects(200);
  assert.equal(phone.event("call.notice").fields["status"], 480);
  phone.saysNothing();
  peer.expectsNothing();
  phone.resumes(call.first);
  assert.match(peer.expects("INVITE").body, /a=sendrecv/);
});

test("attended the other way round: the held one is the target", () => {
  const call = consultation();
  call.phone.transfersTo(call.second, call.first);
  const refer = call.peer.expects("REFER");
  assert.equal(refer.header("Call-ID"), call.other.callId);
  assert.ok(replaces(refer.header("Refer-To")).startsWith(`${call.dialog.callId};to-tag=`));
});

test("TDR-14 replaces.enable 0: the target is named without Replaces", () => {
  const call = consultation({ config: "account.1.replaces.enable = 0" });
  call.phone.transfersTo(call.first, call.second);
  assert.equal(call.peer.expects("REFER").header("Refer-To"), "<sip:carol@192.0.2.30:5062>");
});

for (const [setting, uri] of [
  [0, "sip:carol@192.0.2.30"],
  [1, "sip:carol@192.0.2.30:5062"],
] as const) {
  test(`transfer_refer_to_contact_header ${setting}: with a server Refer-To has ${setting ? "the Contact" : "the address that was called"}`, () => {
    const call = consultation({
      config: `account.1.sip_server.1.address = 192.0.2.20\naccount.1.transfer_refer_to_contact_header.enable = ${setting}`,
    });
    call.phone.transfersTo(call.first, call.second);
    assert.ok(call.peer.expects("REFER").header("Refer-To").startsWith(`<${uri}?Replaces=`));
  });
}

// ---- semi-attended ----

function ringsThere(config = "") {
  const call = callUp({ config });
  const first = call.phone.call;
  call.phone.dials(CAROL);
  const invite = call.peer.expects("INVITE");
  call.peer.replies(invite, 180, { tag: "carol" });
  call.phone.forgetsEvents();
  return { ...call, first, second: call.phone.call, ringing: invite };
}

test("semi-attended: REFER with Replaces leaves when the target has answered", () => {
  const { phone, peer, first, second, ringing } = ringsThere();
  phone.transfersTo(first, second);
  peer.expectsNothing();
  peer.replies(ringing, 200, { tag: "carol", body: sdp() });
  peer.expects("ACK");
  assert.match(peer.expects("REFER").header("Refer-To"), /\?Replaces=/);
});

test("semi-attended, and the target refuses: the transfer has failed, the call is as it was", () => {
  const { phone, peer, first, second, ringing } = ringsThere();
  phone.transfersTo(first, second);
  peer.replies(ringing, 486, { tag: "carol" });
  peer.expects("ACK");
  phone.event("call.ended");
  const notice = phone.event("call.notice");
  assert.deepEqual([notice.call, notice.fields["what"], notice.fields["status"]], [first, "transfer", 487]);
  peer.expectsNothing();
  phone.transfers(CAROL, first);
  peer.expects("REFER");
});

test("semi_attend_tran_enable 0: the ringing call is given up, and the other side is sent there blind", () => {
  const { phone, peer, first, second } = ringsThere("transfer.semi_attend_tran_enable = 0");
  phone.transfersTo(first, second);
  assert.equal(peer.expects("REFER").header("Refer-To"), `<${CAROL}>`);
  peer.expects("CANCEL");
  phone.event("call.ended");
  phone.saysNothing("call.notice");
});

test("a call that rings here is no target before it is answered", () => {
  const { phone, peer } = callUp();
  const first = phone.call;
  peer.invites();
  phone.event("call.incoming");
  phone.refuses(Status.WrongState, (m, now) => m.transferTo(first, phone.call, now));
});
