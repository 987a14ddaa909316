// A conference of three at the phone (account.X.conf_type = 0): two calls up at once, mixed by the phone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Status } from "../../host/node/abi.js";
import { sdp } from "../support/scripted-peer.js";
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

test("refused: twice the same call, a call that is not up, a second conference, conf_type 2", () => {
  const call = joined();
  const { phone, first, second } = call;
  phone.refuses(Status.WrongState, (m, now) => m.conference(first, second, now));
  phone.refuses(Status.BadArgument, (m, now) => m.conference(first, first, now));
  phone.refuses(Status.NoSuchThing, (m, now) => m.conference(first, 7, now));
  const network = consultation({ config: "account.1.conf_type = 2" });
  network.phone.refuses(Status.WrongState, (m, now) => m.conference(network.first, network.second, now));
});
