// INVITE with Replaces (RFC 3891 §3): another call takes the place of one of ours.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Status } from "../../host/node/abi.js";
import { PERFECT } from "../support/pair.js";
import {
  callUp,
  type CallUp,
  connect,
  type Datagram,
  type Parts,
  type PeerDialog,
  sdp,
} from "../support/scripted-peer.js";
import { NAMES, Trio } from "../support/trio.js";

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

// ---- ours ----

const OTHER = "12345@192.0.2.9;to-tag=12;from-tag=34";
const ESCAPED = "Replaces=12345%40192.0.2.9%3Bto-tag%3D12%3Bfrom-tag%3D34";

test("RFC 3261 §19.1.5 a URI with Replaces is called: it goes into the INVITE, and who does not know it shall not ring", () => {
  const { phone, peer } = connect();
  phone.dials(`${peer.uri}?${ESCAPED}%3Bearly-only`);
  const invite = peer.expects("INVITE");
  assert.equal(invite.uri, peer.uri);
  assert.equal(invite.header("To"), `<${peer.uri}>`);
  assert.equal(invite.header("Replaces"), `${OTHER};early-only`);
  assert.equal(invite.header("Require"), "replaces");
  assert.equal(phone.event("call.outgoing").fields["to"], peer.uri);
  // Once more with what was learned: it is the same wish.
  peer.replies(invite, 422, { headers: { "Min-SE": "3600" } });
  peer.expects("ACK");
  const again = peer.takesAll("INVITE")[0];
  if (again) assert.equal(again.header("Replaces"), `${OTHER};early-only`);
});

test("RFC 5359 §2.16 Require=replaces of such a URI is said once; a header that means nothing to us is carried", () => {
  const { phone, peer } = connect();
  phone.dials(`${peer.uri}?${ESCAPED}&Require=replaces&X-Team=blue%20sky`);
  const invite = peer.expects("INVITE");
  assert.deepEqual(invite.headers("Require"), ["replaces"]);
  assert.equal(invite.header("X-Team"), "blue sky");
});

test("behind headers nothing is added: user=phone is left out", () => {
  const { phone, peer } = connect({ config: "account.1.enable_user_equal_phone = 1" });
  phone.dials(`${peer.uri}?${ESCAPED}`);
  assert.equal(peer.expects("INVITE").header("Replaces"), OTHER);
});

for (const [what, headers] of [
  ["a route", "Route=%3Csip%3A192.0.2.66%3E"],
  ["a Via", "Via=x"],
  ["another From", "From=sip%3Amallory%40example.com"],
  ["a Call-ID", "Call-ID=1"],
  ["a Contact", "Contact=%3Csip%3A192.0.2.66%3E"],
  ["a Contact by its short name", "m=%3Csip%3A192.0.2.66%3E"],
  ["a body", "body=v%3D0"],
  ["a line end", "X-Team=a%0D%0AFrom:b"],
  ["Replaces without a tag", "Replaces=a%3Bto-tag%3Db"],
  ["no name", "=a"],
] as const) {
  test(`a URI that wants ${what} in the INVITE is refused`, () => {
    const { phone, peer } = connect();
    phone.refuses(Status.BadArgument, (m, now) => m.dial(0, `${peer.uri}?${headers}`, now));
    phone.refuses(Status.BadArgument, (m, now) => m.dial(0, `${peer.uri}?${ESCAPED}&${headers}`, now));
    peer.expectsNothing();
    phone.saysNothing();
  });
}

test("replaces.enable 0: a URI with Replaces is refused, for without it somebody else would be called", () => {
  const { phone, peer } = connect({ config: "account.1.replaces.enable = 0" });
  phone.refuses(Status.BadArgument, (m, now) => m.dial(0, `${peer.uri}?${ESCAPED}`, now));
});

test("RFC 5359 §2.16 three phones: the call that rings at Bob is Carol's", () => {
  const said: string[] = [];
  let callId = "";
  let tags: [string, string] = ["", ""];
  const onlooker = {
    sent: () => undefined,
    delivered: (side: number, bytes: Buffer) => {
      const text = bytes.toString();
      const [, id = ""] = /^Call-ID: (.*)\r$/m.exec(text) ?? [];
      // The 180 that Alice gets: her tag, and Bob's.
      if (side !== 0 || !text.startsWith("SIP/2.0 180")) return;
      callId = id;
      tags = [tagOf(/^From: (.*)\r$/m.exec(text)?.[1] ?? ""), tagOf(/^To: (.*)\r$/m.exec(text)?.[1] ?? "")];
    },
    said: (side: number, event: { name: string; number: number }) => {
      if (event.number) said.push(`${NAMES[side]} ${event.number} ${event.name}`);
    },
  };
  const trio = new Trio(1, ["", "", ""], PERFECT, onlooker, false);
  assert.ok(trio.command(0, (m, now) => m.dial(0, Trio.uri(1), now)) > 0);
  trio.drive(1_000);
  const name = `${callId};to-tag=${tags[0]};from-tag=${tags[1]};early-only`;
  const uri = `${Trio.uri(0)}?Replaces=${encodeURIComponent(name)}`;
  assert.ok(trio.command(2, (m, now) => m.dial(0, uri, now)) > 0);
  trio.drive(2_000);
  for (const each of ["alice 2 call.replaced", "alice 2 call.established", "carol 1 call.established"])
    assert.ok(said.includes(each), `${each}: ${said.join(", ")}`);
  for (const each of ["alice 1 call.ended", "bob 1 call.ended"])
    assert.ok(said.includes(each), `${each}: ${said.join(", ")}`);
  assert.ok(trio.command(2, (m, now) => m.hangup(m.find(1, false), now)) >= 0);
  trio.drive(40_000);
  assert.ok(said.includes("alice 2 call.ended"));
});
