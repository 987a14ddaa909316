// Where the phone takes the media of a call: from its settings, or as its application says, in mid-call too.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Status } from "../../host/node/abi.js";
import { callUp, connect, sdp } from "../support/scripted-peer.js";

const at = (body: string): string[] => [
  /^c=IN IP[46] (\S+)/m.exec(body)?.[1] ?? "",
  /^m=audio (\d+)/m.exec(body)?.[1] ?? "",
];
const version = (body: string): number => Number(/^o=- \d+ (\d+)/m.exec(body)?.[1]);

test("before it is answered: the answer has the address, and call.media too", () => {
  const { phone, peer } = connect();
  peer.invites();
  phone.event("call.incoming");
  peer.expects(180);
  phone.takesMediaAt("198.51.100.7", 5004);
  phone.answers();
  assert.deepEqual(at(peer.expects(200).body), ["198.51.100.7", "5004"]);
  const { local } = phone.event("call.media").fields;
  assert.deepEqual(local, { address: "198.51.100.7", port: 5004 });
});

test("after our INVITE has left: a re-INVITE as soon as the call is up", () => {
  const { phone, peer } = connect();
  phone.dials(peer.uri);
  const invite = peer.expects("INVITE");
  phone.takesMediaAt("198.51.100.7", 5004);
  peer.expectsNothing();
  peer.replies(invite, 200, { body: sdp() });
  peer.expects("ACK");
  const moved = peer.expects("INVITE");
  assert.deepEqual(at(moved.body), ["198.51.100.7", "5004"]);
  assert.equal(version(moved.body), version(invite.body) + 1);
});

test("in mid-call: a re-INVITE with the new c= and m=; hold and refresh keep it", () => {
  const { phone, peer, invite } = callUp();
  phone.takesMediaAt("2001:db8::7", 5004);
  const moved = peer.expects("INVITE");
  assert.deepEqual(at(moved.body), ["2001:db8::7", "5004"]);
  assert.match(moved.body, /^c=IN IP6 /m);
  assert.equal(version(moved.body), version(invite.body) + 1);
  peer.replies(moved, 200, { body: sdp({ version: 2 }).replaceAll("IP4 192.0.2.20", "IP6 2001:db8::20") });
  peer.expects("ACK");
  assert.deepEqual(phone.event("call.media").fields["local"], { address: "2001:db8::7", port: 5004 });
  peer.expectsNothing();
  phone.holds();
  assert.deepEqual(at(peer.expects("INVITE").body), ["2001:db8::7", "5004"]);
});

test("while a hold is on its way: it waits its turn, and goes with the resume that 491 put off", () => {
  const { phone, peer } = callUp();
  phone.holds();
  const hold = peer.expects("INVITE");
  phone.takesMediaAt("198.51.100.7", 5004);
  peer.expectsNothing();
  peer.replies(hold, 200, { body: sdp({ version: 2, direction: "recvonly" }) });
  peer.expects("ACK");
  const moved = peer.expects("INVITE");
  assert.match(moved.body, /a=sendonly/);
  assert.deepEqual(at(moved.body), ["198.51.100.7", "5004"]);
  peer.replies(moved, 491);
  peer.expects("ACK");
  phone.resumes();
  const again = peer.awaits("INVITE", 5000);
  assert.match(again.body, /a=sendrecv/);
  assert.deepEqual(at(again.body), ["198.51.100.7", "5004"]);
  peer.replies(again, 200, { body: sdp({ version: 3 }) });
  peer.expects("ACK");
  peer.expectsNothing();
});

test("refused: call.notice, and no second try; our answer to the next offer has it", () => {
  const { phone, peer, dialog } = callUp();
  phone.takesMediaAt("198.51.100.7", 5004);
  peer.replies(peer.expects("INVITE"), 488);
  peer.expects("ACK");
  assert.deepEqual(phone.event("call.notice").fields, { what: "media", status: 488 });
  peer.expectsNothing();
  peer.requests(dialog, "INVITE", { body: sdp({ version: 2 }) });
  assert.deepEqual(at(peer.expects(200).body), ["198.51.100.7", "5004"]);
});

test("ringlet.media.address stands in c= of every call", () => {
  const { invite } = callUp({ config: "ringlet.media.address = 203.0.113.4" });
  assert.equal(at(invite.body)[0], "203.0.113.4");
  assert.match(invite.header("Contact"), /192\.0\.2\.10/);
});

test("what is no address, or no port", () => {
  const { phone, peer } = callUp();
  for (const [address, port] of [
    ["", 5004],
    ["example.com", 5004],
    ["[2001:db8::7]", 5004],
    ["192.0.2.1\r\na=x", 5004],
    ["192.0.2.1", 0],
    ["192.0.2.1", 65536],
  ] as const)
    phone.refuses(Status.BadArgument, (m, now) => m.media(phone.call, address, port, now));
  peer.expectsNothing();
});
