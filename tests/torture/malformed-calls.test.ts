// Bugs of other stacks that came out in a call, a challenge or a request out of the blue, on the wire.
//
// Not applicable, and why:
//   row 15, CVE-2020-15260   there is no TLS yet, so no link that could be used for another name
//   row 23, commit f8bcd713  a loop without end has no input of its own; linear-cost.test.ts bounds every loop
// Said of what does not exist yet:
//   rows 12, 32, 33          no subscriptions, so that SUBSCRIBE gets 405 and NOTIFY 481

import assert from "node:assert/strict";
import { test } from "node:test";
import { Counter } from "../../host/node/abi.js";
import { inUse } from "../support/inside.js";
import { callUp, connect, type Connected, sdp } from "../support/scripted-peer.js";
import { offer, shot } from "./shot.js";
import { takeCall, ThreePhones } from "./three-phones.js";

const PASSWORD = "account.1.auth_name = alice-auth\naccount.1.password = secret";

/** The phone calls and is challenged: with the status of what it does then, "INVITE" or the end of the call. */
function challenged(connected: Connected, value: string, header = "WWW-Authenticate"): string {
  const { phone, peer, wire } = connected;
  const size = wire.instance.module.size;
  phone.dials(peer.uri);
  const invite = peer.expects("INVITE");
  peer.replies(invite, header === "WWW-Authenticate" ? 401 : 407, { headers: { [header]: value } });
  peer.expects("ACK");
  const [again] = peer.takesAll();
  if (again) {
    peer.replies(again, 486);
    peer.expects("ACK");
  }
  phone.event("call.ended");
  assert.equal(wire.instance.module.size, size, "memory has grown");
  phone.forgetsEvents();
  return again
    ? (again.header("Authorization") || again.header("Proxy-Authorization")).slice(0, 6)
    : "gives up";
}

/** Of these a phone has to understand what is in them. */
function isOddOf(part: string): boolean {
  return part === "qop" || part === "algorithm";
}

test("row 4, CVE-2022-24754: realms, nonces and credentials of any length", () => {
  const connected = connect({ config: PASSWORD });
  const three = new ThreePhones();
  for (const length of [0, 1, 31, 32, 33, 64, 255, 256, 1024, 4096, 7000])
    for (const part of ["realm", "nonce", "opaque", "domain", "qop", "algorithm", "stale", "unknown"]) {
      const parts: Record<string, string> = { realm: '"r"', nonce: '"n"', [part]: `"${"x".repeat(length)}"` };
      const value = Object.entries(parts)
        .map(([name, text]) => `${name}=${text}`)
        .join(", ");
      const deed = challenged(connected, `Digest ${value}`);
      if (isOddOf(part) && length > 0) assert.equal(deed, "gives up", `${part} of ${length}`);
      else if (!isOddOf(part) && length <= 256) assert.equal(deed, "Digest", `${part} of ${length}`);
      const credentials = `Digest username="u", uri="sip:a", response="${"0".repeat(length)}"${length > 4000 ? "" : `, ${value}`}`;
      three.answerOneOf(shot({ rows: { Authorization: credentials } }), [200]);
    }
  takeCall(connected);
  three.mustLive();
});

test("row 10, CVE-2021-21375: the answer of the 200 is another than that of the 183, and does not fit", () => {
  const fits = [sdp({ payloads: "8" }), ""];
  for (const second of [sdp({ payloads: "77" }), sdp({ port: 0 }), "v=0", ...fits]) {
    const connected = connect();
    const { phone, peer } = connected;
    phone.dials(peer.uri);
    const invite = peer.expects("INVITE");
    peer.replies(invite, 183, { body: sdp() });
    const accepted = peer.replies(invite, 200, { body: second });
    peer.expects("ACK");
    const bye = peer.takesAll().find(({ method }) => method === "BYE");
    assert.equal(bye === undefined, fits.includes(second), second);
    if (bye) peer.replies(bye, 200);
    else {
      phone.event("call.established");
      peer.requests(peer.dialog(invite, accepted), "BYE");
      peer.expects(200);
    }
    phone.event("call.ended");
    takeCall(connected);
  }
});

/** Every order of these. */
function orders<T>(all: T[]): T[][] {
  if (all.length < 2) return [all];
  return all.flatMap((one, i) => orders(all.filter((_, j) => j !== i)).map((rest) => [one, ...rest]));
}

test("row 11, CVE-2022-23608: forks of one INVITE end in any order", () => {
  for (const order of orders(["a", "b", "c"])) {
    const connected = connect();
    const { phone, peer, wire, after } = connected;
    phone.dials(peer.uri);
    const invite = peer.expects("INVITE");
    for (const tag of ["a", "b", "c"]) peer.replies(invite, 180, { tag });
    const byes = order.flatMap((tag) => {
      peer.replies(invite, 200, { tag, body: sdp() });
      peer.expects("ACK");
      return peer.takesAll("BYE");
    });
    phone.event("call.established");
    phone.hangsUp();
    byes.push(peer.expects("BYE"));
    assert.equal(byes.length, 3);
    for (const bye of byes.reverse()) peer.replies(bye, 200);
    after(100_000);
    const { calls, dialogs, transactions } = inUse(wire.instance.module);
    assert.deepEqual([calls, dialogs, transactions], [0, 0, 0]);
    takeCall(connected);
  }
});

test("row 12, CVE-2026-28799: SUBSCRIBE with Expires 0, first and in a dialog: 405, nothing kept", () => {
  const three = new ThreePhones();
  for (const Event of ["dialog", "message-summary", "presence", ""]) {
    const rows = { Event, Expires: "0", Contact: "<sip:eve@192.0.2.99>" };
    three.answer(shot({ method: "SUBSCRIBE", rows }), 405);
    three.answer(shot({ method: "SUBSCRIBE", rows: { ...rows, To: "<sip:alice@192.0.2.10>;tag=x" } }), 481);
    three.up.peer.requests(three.up.dialog, "SUBSCRIBE", { headers: rows });
    three.up.peer.expects(405);
  }
  three.mustLive();
});

test("row 23, belle-sip 74233464: an INVITE without From tag is one of RFC 2543", () => {
  const three = new ThreePhones();
  for (const From of ["<sip:eve@192.0.2.99>", "sip:eve@192.0.2.99", '"Eve" <sip:eve@192.0.2.99>;tag'])
    three.answerOneOf(shot({ method: "INVITE", body: offer(), rows: { From } }), [180, 400]);
  three.answer(shot({ method: "INVITE", body: offer(), rows: { From: "<sip:eve@192.0.2.99>" } }), 180);
  three.mustLive();
});

test("row 23, belle-sip c8090cb6: a challenge without algorithm means MD5", () => {
  const connected = connect({ config: PASSWORD });
  assert.equal(challenged(connected, 'Digest realm="r", nonce="n"'), "Digest");
  assert.equal(challenged(connected, 'Digest realm="r", nonce="n"', "Proxy-Authenticate"), "Digest");
  takeCall(connected);
});

test("row 24, CVE-2023-28098: credentials and challenges with broken parameters", () => {
  const connected = connect({ config: PASSWORD });
  const three = new ThreePhones();
  const broken = [
    "",
    "Digest",
    "Digest ",
    "Digest ,",
    "Digest =",
    "Digest a",
    "Digest a=",
    'Digest "',
    "Digest =",
  ];
  const long = [",", "=", '"', ";", "a,", "a=,", '"",', "\\"].map((text) => `Digest ${text.repeat(2000)}`);
  for (const value of [
    ...broken,
    ...long,
    'Digest realm="r',
    'Digest realm="r\\',
    "Basic realm=x",
    "=",
    ",",
  ]) {
    assert.equal(challenged(connected, value), "gives up", value);
    three.answer(shot({ rows: { Authorization: value } }), 200);
    three.answer(shot({ method: "INVITE", body: offer(), rows: { "Proxy-Authorization": value } }), 180);
  }
  three.answer(shot({ rows: { Authorization: `Digest ${",".repeat(10_000)}` } }), 513);
  takeCall(connected);
  three.mustLive();
});

test("row 30, CVE-2007-4459: an INVITE of no dialog, then a flood of OPTIONS", () => {
  const three = new ThreePhones();
  const To = "<sip:alice@192.0.2.10>;tag=stranger";
  three.answer(shot({ method: "INVITE", body: offer(), rows: { To } }), 481);
  for (let n = 0; n < 1000; n++) three.answer(shot(), 200);
  for (let n = 0; n < 1000; n++) three.answer(shot({ rows: { To } }), 481);
  three.mustLive();
});

test("row 30, CVE-2007-4459: more requests than there is room for: the call can be ended all the same", () => {
  const connected = callUp({ config: "ringlet.capacity.transactions = 64" });
  const { wire, peer, dialog } = connected;
  const { instance } = wire;
  const size = instance.module.size;
  let answered = 0;
  for (let n = 0; n < 1000; n++)
    answered += instance.receive(
      instance.flow,
      "192.0.2.99",
      5060,
      shot({ method: "INVITE", uri: "sip:x@y" }),
      0,
    ).sends.length;
  assert.ok(answered > 0 && answered < 1000, `${answered}`);
  assert.equal(instance.module.counter(Counter.NoRoom), 1000 - answered);
  peer.requests(dialog, "BYE");
  assert.equal(peer.takesAll().at(-1)?.status, 200);
  assert.equal(instance.module.size, size);
});

test("row 32, exploit-db 25949: a NOTIFY of no subscription: 403 or 481, and nobody hears of it", () => {
  const three = new ThreePhones();
  const rows = { Event: "message-summary", "Subscription-State": "active" };
  const parts = {
    method: "NOTIFY",
    body: "Messages-Waiting: yes\r\n",
    type: "application/simple-message-summary",
  };
  const told = () => three.all.map(({ wire }) => wire.instance.said.events.length);
  const before = told();
  three.answer(shot({ ...parts, rows }), 403);
  three.answer(shot({ ...parts, rows: { ...rows, To: "<sip:alice@192.0.2.10>;tag=x" } }), 481);
  assert.deepEqual(told(), before);
  three.mustLive();
});

test("row 33, JsSIP and others: a NOTIFY of a stranger that orders to restart is refused, and nobody hears of it", () => {
  const three = new ThreePhones();
  const told = () => three.all.map(({ wire }) => wire.instance.said.events.length);
  const before = told();
  for (const Event of [
    "check-sync",
    "check-sync;reboot=true",
    "check-sync;reboot=false",
    "resync",
    "reboot",
  ]) {
    const status = Event.startsWith("check-sync") ? 403 : 489;
    three.answer(shot({ method: "NOTIFY", rows: { Event } }), status);
    three.answer(shot({ method: "NOTIFY", rows: { Event, "Subscription-State": "terminated" } }), status);
    three.up.peer.requests(three.up.dialog, "NOTIFY", { headers: { Event } });
    three.up.peer.expects(489);
  }
  assert.deepEqual(told(), before);
  three.mustLive();
});
