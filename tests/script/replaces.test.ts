// INVITE with Replaces (RFC 3891 §3): another call takes the place of one of ours.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  callUp,
  type CallUp,
  connect,
  type Datagram,
  type Parts,
  type PeerDialog,
  sdp,
} from "../support/scripted-peer.js";

const tagOf = (party: string): string => /;tag=([^;]*)/.exec(party)?.[1] ?? "";

/** The dialog as the phone has it: its own tag is the to-tag. */
const nameOf = (dialog: PeerDialog): string =>
  `${dialog.callId};to-tag=${tagOf(dialog.remoteParty)};from-tag=${tagOf(dialog.localParty)}`;

function takesOver(call: Pick<CallUp, "peer">, replaces: string | string[], parts: Parts = {}): Datagram {
  return call.peer.invites({ tag: "carol", ...parts, headers: { Replaces: replaces, ...parts.headers } });
}

for (const direction of ["incoming", "outgoing"] as const) {
  test(`RFC 3891 §3 an ${direction} call that is up: the new one is answered at once, the old one gets BYE`, () => {
    const call = callUp({ direction });
    const { phone, peer } = call;
    const invite = takesOver(call, nameOf(call.dialog));
    const said = peer.takesAll();
    assert.deepEqual(
      said.map((each) => each.status || each.method),
      [200, "BYE"],
    );
    const [accepted, bye] = said;
    assert.ok(accepted && bye);
    assert.equal(bye.header("Call-ID"), call.dialog.callId);
    assert.match(bye.header("Reason"), /^SIP;cause=200;/);
    assert.equal(phone.event("call.incoming").number, 2);
    const replaced = phone.event("call.replaced");
    assert.deepEqual([replaced.number, replaced.fields["of"]], [2, 1]);
    const ended = phone.event("call.ended");
    assert.deepEqual([ended.number, ended.fields["rule"]], [1, "RFC3891-replaced"]);
    peer.acks(peer.dialog(invite, accepted));
    assert.equal(phone.event("call.established").number, 2);
    peer.replies(bye, 200);
    peer.expectsNothing();
  });
}

test("RFC 3891 §3 an early call of ours: the new one is answered, ours is cancelled", () => {
  const call = connect();
  const { phone, peer } = call;
  phone.dials(peer.uri);
  const invite = peer.expects("INVITE");
  const ringing = peer.replies(invite, 180);
  takesOver(call, nameOf(peer.dialog(invite, ringing)));
  const said = peer.takesAll();
  assert.deepEqual(
    said.map((each) => each.status || each.method),
    [200, "CANCEL"],
  );
});

test("RFC 3891 §3 early-only: an early call of ours yes, one that is up gets 486", () => {
  const up = callUp();
  takesOver(up, `${nameOf(up.dialog)};early-only`);
  up.peer.expects(486);
  up.phone.saysNothing();
  const early = connect();
  early.phone.dials(early.peer.uri);
  const invite = early.peer.expects("INVITE");
  const name = nameOf(early.peer.dialog(invite, early.peer.replies(invite, 180)));
  takesOver(early, `${name};early-only`);
  early.peer.expects(200);
});

test("RFC 3891 §3 a call that rings here is not to be had: 481, and it rings on", () => {
  const call = connect();
  const invite = call.peer.invites();
  const ringing = call.peer.takesAll().at(-1);
  assert.ok(ringing);
  call.phone.event("call.incoming");
  takesOver(call, nameOf(call.peer.dialog(invite, ringing)));
  call.peer.expects(481);
  call.phone.saysNothing();
  call.phone.answers();
  call.peer.expects(200);
});

test("RFC 3891 §3 a call that is over but for its BYE: 603", () => {
  const call = callUp();
  call.phone.hangsUp();
  call.peer.expects("BYE");
  takesOver(call, nameOf(call.dialog));
  call.peer.expects(603);
});

test("no such call: 481", () => {
  const call = callUp();
  const name = nameOf(call.dialog);
  for (const other of [`x${name}`, `${name}x`, name.replace("to-tag=", "to-tag=x")]) {
    takesOver(call, other);
    call.peer.expects(481);
  }
  call.phone.saysNothing();
  call.peer.expectsNothing();
});

const malformed: [string, string | string[]][] = [
  ["without tags", "abc@def"],
  ["with one tag", "abc@def;to-tag=1"],
  ["empty", ""],
  ["twice", ["a;to-tag=1;from-tag=2", "a;to-tag=1;from-tag=2"]],
  ["twice in a row", "a;to-tag=1;from-tag=2, b;to-tag=1;from-tag=2"],
];
for (const [what, value] of malformed) {
  test(`Replaces ${what}: 400`, () => {
    const call = callUp();
    takesOver(call, value);
    call.peer.expects(400);
    call.phone.saysNothing();
  });
}

test("Replaces in any other request: 400", () => {
  const call = callUp();
  for (const method of ["OPTIONS", "UPDATE", "REFER"]) {
    call.peer.requests(call.dialog, method, { headers: { Replaces: nameOf(call.dialog) } });
    call.peer.expects(400);
  }
  call.phone.saysNothing();
});

test("Replaces in a re-INVITE of that very call means nothing", () => {
  const call = callUp();
  call.peer.requests(call.dialog, "INVITE", {
    body: sdp({ version: 2 }),
    headers: { Replaces: nameOf(call.dialog) },
  });
  call.peer.expects(200);
  call.phone.saysNothing("call.ended");
});

test("tag 0 stands for the missing tag of a peer of RFC 2543", () => {
  const call = callUp({ direction: "incoming", peer: { tag: "0" } });
  takesOver(call, nameOf(call.dialog));
  call.peer.expects(200);
});

test("media that do not fit: 488, and the old call stands", () => {
  const call = callUp();
  takesOver(call, nameOf(call.dialog), {
    body: sdp({ codecs: ["31 H261/90000"] } as never).replace(
      /m=audio (\d+) RTP\/AVP .*/,
      "m=audio $1 RTP/AVP 99",
    ),
  });
  const [answer] = call.peer.takesAll();
  assert.equal(answer?.status, 488);
  call.phone.saysNothing("call.ended");
  call.phone.holds();
  call.peer.expects("INVITE");
});

test("a full phone, one that does not want to be disturbed, one without call waiting: replaced all the same", () => {
  const config = "ringlet.capacity.calls = 1\nfeatures.dnd.enable = 1\ncall_waiting.enable = 0";
  const call = callUp({ config });
  takesOver(call, nameOf(call.dialog));
  call.peer.expects(200);
  call.peer.expects("BYE");
});

test("the new call lives on like any other: replaced in its turn", () => {
  const call = callUp();
  const { peer } = call;
  let dialog = call.dialog;
  for (let i = 0; i < 20; i++) {
    const invite = takesOver(call, nameOf(dialog), { tag: `peer${i}` });
    const accepted = peer.expects(200);
    peer.replies(peer.expects("BYE"), 200);
    dialog = peer.dialog(invite, accepted);
    peer.acks(dialog);
  }
  assert.equal(call.wire.instance.module.find(0, false), call.wire.instance.module.find(21, false));
});

test("bound to every interface: the address is asked for first, and the old call ends behind the answer", () => {
  const call = callUp({ isEverywhere: true });
  takesOver(call, nameOf(call.dialog));
  call.peer.expects(200);
  call.peer.expects("BYE");
});

// ---- who may command ----

const SERVER = "account.1.sip_server.1.address = 192.0.2.20";

test("who may command: with a server Replaces is obeyed from there, and refused with 403 from a stranger", () => {
  const call = callUp({ config: SERVER });
  takesOver(call, nameOf(call.dialog), { from: { address: "192.0.2.66", port: 5060 } });
  call.peer.expects(403);
  call.phone.saysNothing();
  takesOver(call, nameOf(call.dialog));
  call.peer.expects(200);
  call.peer.expects("BYE");
});

test("Require: replaces is understood", () => {
  const call = callUp();
  assert.match(call.invite.header("Supported"), /\breplaces\b/);
  takesOver(call, nameOf(call.dialog), { headers: { Require: "replaces" } });
  call.peer.expects(200);
});
