// Faults that `npm run fuzz` found, each from the side of the wire.

import assert from "node:assert/strict";
import { test } from "node:test";
import { callUp, connect, message, PEER, sdp } from "../support/scripted-peer.js";

const WITH_HEADERS =
  "<sip:bob@192.0.2.20:5060;transport=udp?Subject=a%0D%0AX:%20y&Route=%3Csip:192.0.2.66%3E>";
const BARE = "sip:bob@192.0.2.20:5060;transport=udp";

test("RFC 3261 §19.1.1 headers of a Contact's URI stay out of the Request-URI: 2xx, INVITE, target refresh", () => {
  const out = callUp({ headers: { Contact: WITH_HEADERS } });
  assert.equal(out.ack.uri, BARE);
  out.phone.hangsUp();
  assert.equal(out.peer.expects("BYE").uri, BARE);
  const into = callUp({ direction: "incoming", headers: { Contact: WITH_HEADERS } });
  into.phone.hangsUp();
  assert.equal(into.peer.expects("BYE").uri, BARE);
  const moved = callUp();
  moved.peer.requests(moved.dialog, "UPDATE", { headers: { Contact: WITH_HEADERS } });
  moved.peer.expects(200);
  moved.phone.hangsUp();
  assert.equal(moved.peer.expects("BYE").uri, BARE);
});

test("RFC 3261 §19.1.1 headers of a redirection's Contact, and of a From that has to do as target", () => {
  const { phone, peer } = connect();
  phone.dials("sip:carol@192.0.2.20");
  peer.replies(peer.expects("INVITE"), 302, { headers: { Contact: WITH_HEADERS } });
  peer.expects("ACK");
  assert.equal(peer.expects("INVITE").uri, BARE);
  const from = connect();
  const headers = { Contact: null, From: `${WITH_HEADERS};tag=peertag` };
  const invite = from.peer.invites({ headers });
  from.peer.expects(180);
  from.phone.event("call.incoming");
  from.phone.answers();
  from.peer.acks(from.peer.dialog(invite, from.peer.expects(200)));
  from.phone.hangsUp();
  assert.equal(from.peer.expects("BYE").uri, BARE);
});

test("RFC 3261 §12.2.1.1 headers of a strict router's URI stay out of the Request-URI", () => {
  const route = "<sip:proxy@192.0.2.20:5060?Subject=x;lr>";
  const { ack } = callUp({ headers: { "Record-Route": route } });
  assert.equal(ack.uri, "sip:proxy@192.0.2.20:5060");
});

test("RFC 3261 §25.1 a user name of any bytes is escaped in From and Contact, and escapes stay as they are", () => {
  for (const [name, user] of [
    ["50%", "50%25"],
    ["%4", "%254"],
    ["%4g", "%254g"],
    ["%41%zz", "%41%25zz"],
    ["a@b:c<d>", "a%40b%3Ac%3Cd%3E"],
    ['x"y z', "x%22y%20z"],
    ["\u00fc", "%C3%BC"],
  ] as const) {
    const { phone, peer } = connect({ config: `account.1.user_name = ${name}` });
    phone.dials("sip:bob@192.0.2.20");
    const invite = peer.expects("INVITE");
    assert.match(invite.header("From").toUpperCase(), new RegExp(`<SIP:${user.toUpperCase()}@`));
    assert.equal(invite.header("Contact").toUpperCase(), `<SIP:${user.toUpperCase()}@192.0.2.10:5060>`);
  }
});

test("a display name with quotes and backslashes ends where it should", () => {
  for (const name of ['a"b', "a\\", '\\"', '">;tag=x, <sip:eve@192.0.2.66']) {
    const { phone, peer } = connect({ config: `account.1.display_name = ${name}` });
    phone.dials("sip:bob@192.0.2.20");
    const from = peer.expects("INVITE").header("From");
    const quoted = name.replace(/[\\"]/g, (byte) => `\\${byte}`);
    assert.ok(from.startsWith(`"${quoted}" <sip:alice@192.0.2.10>;tag=`), from);
  }
});

test("a control byte that a request is refused for does not come back in the refusal", () => {
  for (const header of ["Via", "From", "To", "Call-ID", "CSeq"])
    for (const byte of ["\r", "\0", "\x01", "\x0b", "\x1f"]) {
      const { peer, wire } = connect();
      const whole = message(`
        OPTIONS sip:alice@192.0.2.10 SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.20:5060;branch=z9hG4bK1;x=y
        Max-Forwards: 70
        From: <sip:bob@192.0.2.20>;tag=1;x=y
        To: <sip:alice@192.0.2.10>;x=y
        Call-ID: a-b
        CSeq: 1 OPTIONS
      `);
      const row = new RegExp(`^(${header}:.*?)(.)\r$`, "m");
      wire.deliver(whole.replace(row, `$1${byte.replace("$", "$$")}$2\r`), PEER);
      const [refusal] = peer.takesAll(400);
      assert.ok(refusal, `${header} with ${JSON.stringify(byte)}`);
      const head = refusal.text.replaceAll("\r\n", "");
      assert.doesNotMatch(head, /[\0-\x08\x0a-\x1f]/, JSON.stringify(refusal.text));
    }
});

test("RFC 3261 §12.1.2 32 routes of a 2xx, in rows and in one: all of them, reversed, once", () => {
  const routes = Array.from({ length: 32 }, (_, i) => `<sip:192.0.2.${100 + i};lr>`);
  for (const recorded of [routes, [routes.join(", ")], [routes.slice(0, 5).join(","), ...routes.slice(5)]]) {
    const { phone, peer } = connect();
    phone.dials("sip:bob@192.0.2.20");
    peer.replies(peer.expects("INVITE"), 200, { headers: { "Record-Route": recorded }, body: sdp() });
    assert.deepEqual(peer.expects("ACK").headers("Route"), [...routes].reverse());
  }
});
