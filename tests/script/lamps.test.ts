// Busy lamps (RFC 4235), lists of them (RFC 4662), pickup, and the reg package (RFC 3680).

import assert from "node:assert/strict";
import { test } from "node:test";
import { registered } from "../support/registrar.js";
import { connect, sdp } from "../support/scripted-peer.js";
import { accepts, notifies } from "../support/subscriptions.js";

const QUIET = "account.1.nat.udp_update_enable = 0\naccount.1.subscribe_expires_overlap = 60";
const TYPE = "application/dialog-info+xml";
const BOB = "sip:2002@192.0.2.20";

interface Call {
  id: string;
  state: string;
  direction?: string;
  tags?: boolean;
}

function dialogElement({ id, state, direction, tags }: Call): string {
  const names = tags ? ' call-id="a&amp;b@x" local-tag="lt" remote-tag="rt"' : "";
  const way = direction ? ` direction="${direction}"` : "";
  return `<dialog id="${id}"${names}${way}>
    <state>${state}</state>
    <local><identity>${BOB}</identity></local>
    <remote><identity display="Al &lt;3">sip:al@example.com</identity><target uri="sip:al@192.0.2.99"/></remote>
  </dialog>`;
}

function info(version: number, state: "full" | "partial", calls: Call[], entity = BOB): string {
  return `<?xml version="1.0"?>
<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="${version}" state="${state}" entity="${entity}">
${calls.map(dialogElement).join("\n")}
</dialog-info>
`;
}

/** A phone that watches 2002; nothing waits. */
function watching(config = "") {
  const all = registered({ config: `${QUIET}\n${config}`, expires: 100_000 });
  all.wire.command((m) => m.subscribe(0, "dialog", "2002", all.wire.now));
  const subscribe = all.peer.expects("SUBSCRIBE");
  const n = accepts(all.peer, subscribe, { type: TYPE, body: info(0, "full", []) });
  const first = all.phone.event("lamp").fields;
  all.phone.forgetsEvents();
  const tell = (body: string) => {
    notifies(all.peer, n, { type: TYPE, body });
    all.peer.expects(200);
  };
  return { ...all, subscribe, n, first, tell };
}

test("RFC 4235 a lamp: SUBSCRIBE to dialog for blf.subscribe_period seconds, and idle at first", () => {
  const { subscribe, first } = watching();
  assert.equal(subscribe.uri, BOB);
  assert.equal(subscribe.header("Event"), "dialog");
  assert.equal(subscribe.header("Expires"), "1800");
  assert.match(subscribe.header("Accept"), /application\/dialog-info\+xml/);
  assert.equal(first["uri"], BOB);
  assert.equal(first["state"], "idle");
  assert.equal(first["pickup"], "");
});

test("RFC 4235 a call that rings there, with what a pickup needs", () => {
  const { phone, tell } = watching("features.pickup.direct_pickup_code = *8");
  tell(info(1, "partial", [{ id: "1", state: "early", direction: "recipient", tags: true }]));
  assert.deepEqual(phone.event("lamp").fields, {
    account: 1,
    uri: BOB,
    state: "early",
    direction: "recipient",
    remote: "sip:al@example.com",
    display: "Al <3",
    call_id: "a&b@x",
    local_tag: "lt",
    remote_tag: "rt",
    pickup: "*82002",
  });
});

test("pickup: the account's code wins, blf_pickup_only_send_code dials it alone; only for a call that rings there", () => {
  const { phone, tell } = watching(
    "features.pickup.direct_pickup_code = *8\naccount.1.direct_pickup_code = *9\nfeatures.blf_pickup_only_send_code = 1",
  );
  tell(info(1, "full", [{ id: "1", state: "early", direction: "recipient" }]));
  assert.equal(phone.event("lamp").fields["pickup"], "*9");
  tell(info(2, "full", [{ id: "1", state: "early", direction: "initiator" }]));
  assert.equal(phone.event("lamp").fields["pickup"], "");
  tell(info(3, "full", [{ id: "1", state: "confirmed", direction: "recipient" }]));
  assert.equal(phone.event("lamp").fields["pickup"], "");
});

test("RFC 5359 §2.16 dialoginfo_callpickup: the caller is called, with Replaces as the caller sees the tags", () => {
  const { phone, tell } = watching("account.1.dialoginfo_callpickup = 1");
  tell(info(1, "full", [{ id: "1", state: "early", direction: "recipient", tags: true }]));
  assert.equal(
    phone.event("lamp").fields["pickup"],
    "sip:al@192.0.2.99?Replaces=a%26b%40x%3Bto-tag%3Drt%3Bfrom-tag%3Dlt%3Bearly-only",
  );
});

/** The caller's phone; Bob's is the script, and so is the server that hands everything on. */
function callerOf2002() {
  const base = "ringlet.bind.address = 192.0.2.99\naccount.1.enable = 1\naccount.1.user_name = al\n";
  const registering = Array.from({ length: 16 }, (_, i) => `account.${i + 1}.register.enable = 0\n`).join("");
  const caller = connect({ baseConfig: base + registering, local: { address: "192.0.2.99", port: 5060 } });
  caller.phone.dials(BOB);
  const invite = caller.peer.expects("INVITE");
  const ringing = caller.peer.replies(invite, 180);
  caller.phone.forgetsEvents();
  return { ...caller, invite, ringing };
}

const tagIn = (party: string): string => /;tag=([^;]*)/.exec(party)?.[1] ?? "";

test("RFC 5359 §2.16 a neighbour's call is picked up by what his lamp says: subscription, two phones, one call", () => {
  const caller = callerOf2002();
  const { phone, peer, tell } = watching("account.1.dialoginfo_callpickup = 1");
  const { invite, ringing } = caller;
  tell(`<dialog-info version="1" state="partial" entity="${BOB}"><dialog id="1" direction="recipient"
 call-id="${invite.header("Call-ID")}" local-tag="${tagIn(ringing.header("To"))}" remote-tag="${tagIn(invite.header("From"))}">
<state>early</state><remote><identity>sip:al@192.0.2.99</identity><target uri="sip:al@192.0.2.99:5060"/></remote></dialog></dialog-info>
`);
  phone.dials(String(phone.event("lamp").fields["pickup"]));
  const pickup = peer.expects("INVITE");
  assert.equal(pickup.uri, "sip:al@192.0.2.99:5060");
  caller.peer.sends(pickup.text);
  assert.equal(caller.phone.event("call.incoming").number, 2);
  const replaced = caller.phone.event("call.replaced");
  assert.deepEqual([replaced.number, replaced.fields["of"]], [2, 1]);
  const accepted = caller.peer.expects(200);
  const cancel = caller.peer.expects("CANCEL");
  assert.equal(cancel.header("Call-ID"), invite.header("Call-ID"));
  peer.sends(accepted.text);
  caller.peer.sends(peer.expects("ACK").text);
  assert.equal(caller.phone.event("call.established").number, 2);
  assert.equal(phone.event("call.established").number, 1);
  assert.equal(caller.phone.event("call.ended").fields["rule"], "RFC3891-replaced");
});

test("RFC 3891 §3 a neighbour's call that was answered meanwhile is not picked up: 486", () => {
  const caller = callerOf2002();
  const accepted = caller.peer.replies(caller.invite, 200, { body: sdp() });
  caller.peer.expects("ACK");
  const { phone, peer, tell } = watching("account.1.dialoginfo_callpickup = 1");
  tell(`<dialog-info version="1" state="partial" entity="${BOB}"><dialog id="1" direction="recipient"
 call-id="${caller.invite.header("Call-ID")}" local-tag="${tagIn(accepted.header("To"))}" remote-tag="${tagIn(caller.invite.header("From"))}">
<state>early</state><remote><identity>sip:al@192.0.2.99</identity></remote></dialog></dialog-info>
`);
  phone.dials(String(phone.event("lamp").fields["pickup"]));
  caller.peer.sends(peer.expects("INVITE").text);
  peer.sends(caller.peer.expects(486).text);
  assert.equal(phone.event("call.ended").fields["status"], 486);
});

test("RFC 4235 §4.3 partial documents: the lamp stands for all calls, whatever changed last", () => {
  const { phone, tell } = watching();
  const states: unknown[] = [];
  const step = (version: number, call: Call) => {
    tell(info(version, "partial", [call]));
    states.push(phone.event("lamp").fields["state"]);
  };
  step(1, { id: "1", state: "trying" });
  step(2, { id: "1", state: "confirmed" });
  step(3, { id: "2", state: "early" });
  step(4, { id: "2", state: "terminated" });
  step(5, { id: "1", state: "terminated" });
  assert.deepEqual(states, ["trying", "confirmed", "early", "confirmed", "idle"]);
});

test("RFC 4235 §4.3 a full document replaces what was known", () => {
  const { phone, tell } = watching();
  tell(info(1, "partial", [{ id: "1", state: "confirmed" }]));
  tell(info(2, "full", [{ id: "2", state: "proceeding" }]));
  tell(info(3, "partial", [{ id: "2", state: "terminated" }]));
  assert.equal(phone.event("lamp").fields["state"], "confirmed");
  assert.equal(phone.event("lamp").fields["state"], "proceeding");
  assert.equal(phone.event("lamp").fields["state"], "idle");
});

test("RFC 4235 §4.3 behind a gap of versions all is asked for again, and nothing is believed until then", () => {
  const { phone, peer, tell, n } = watching();
  tell(info(3, "partial", [{ id: "1", state: "confirmed" }]));
  phone.saysNothing("lamp");
  const refresh = peer.expects("SUBSCRIBE");
  assert.match(refresh.header("To"), /;tag=/);
  accepts(peer, refresh, { type: TYPE, body: info(4, "full", [{ id: "1", state: "confirmed" }]) }, n);
  assert.equal(phone.event("lamp").fields["state"], "confirmed");
  tell(info(5, "partial", [{ id: "1", state: "terminated" }]));
  assert.equal(phone.event("lamp").fields["state"], "idle");
});

test("RFC 4235 §4.3 an older partial document is left alone", () => {
  const { phone, peer, tell } = watching();
  tell(info(0, "partial", [{ id: "1", state: "confirmed" }]));
  phone.saysNothing("lamp");
  peer.expectsNothing();
});

for (const [what, body] of [
  ["no document", "x\n"],
  ["another document", "<reginfo/>\n"],
  ["a DTD", `<!DOCTYPE a>${info(1, "full", [])}`],
  ["one that is cut", info(1, "full", [{ id: "1", state: "early" }]).slice(0, -20)],
] as const) {
  test(`RCC-13 ${what} is answered and changes no lamp`, () => {
    const { phone, tell } = watching();
    tell(body);
    phone.saysNothing();
  });
}

test("more calls than are remembered are told all the same", () => {
  const { phone, tell } = watching();
  const calls = Array.from({ length: 40 }, (_, i) => ({ id: `c${i}`, state: "confirmed" }));
  tell(info(1, "full", calls));
  assert.equal(phone.event("lamp").fields["state"], "confirmed");
  tell(info(2, "full", []));
  assert.equal(phone.event("lamp").fields["state"], "idle");
});

// ---- lists ----

const LIST = "account.1.blf.blf_list_uri = desk@example.com\naccount.1.blf_list_code = *7";

function list(version: number, resources: string, parts: string[]): string {
  const all = [
    `Content-Type: application/rlmi+xml;charset="UTF-8"\n\n<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="sip:desk@example.com" version="${version}" fullState="true">${resources}</list>`,
    ...parts.map((part) => `Content-Type: ${TYPE}\n\n${part}`),
  ];
  return `${all.map((part) => `--b1\n${part}\n`).join("")}--b1--\n`;
}

test("RFC 4662 a list: one subscription, a lamp for each member, and one who can't be watched", () => {
  const { phone, peer } = registered({ config: `${QUIET}\n${LIST}` });
  const subscribe = peer.expects("SUBSCRIBE");
  assert.equal(subscribe.uri, "sip:desk@example.com");
  assert.equal(subscribe.header("Supported"), "eventlist");
  assert.match(subscribe.header("Accept"), /application\/rlmi\+xml, multipart\/related/);
  const resources = `<resource uri="${BOB}"><instance id="1" state="active" cid="a@x"/></resource>
<resource uri="sip:2003@192.0.2.20"><instance id="2" state="terminated" reason="rejected"/></resource>`;
  const ringing = info(7, "full", [{ id: "1", state: "early", direction: "recipient" }]);
  const idle = info(0, "full", [], "sip:2004@192.0.2.20");
  accepts(peer, subscribe, {
    type: 'multipart/related;type="application/rlmi+xml";boundary=b1',
    body: list(0, resources, [ringing, idle]),
    headers: { Require: "" },
  });
  const lamps = [1, 2, 3].map(() => phone.event("lamp").fields);
  assert.deepEqual(
    lamps.map(({ uri, state }) => [uri, state]),
    [
      ["sip:2003@192.0.2.20", "unknown"],
      [BOB, "early"],
      ["sip:2004@192.0.2.20", "idle"],
    ],
  );
  assert.equal(lamps[1]?.["pickup"], "*72002");
});

test("RFC 4662 a list in a list is passed over, and what stands beside it counts", () => {
  const { phone, peer } = registered({ config: `${QUIET}\n${LIST}` });
  const inner = list(0, "", [info(0, "full", [{ id: "1", state: "confirmed" }])]).replaceAll("--b1", "--b2");
  const outer = list(0, "", [info(0, "full", [], "sip:2004@192.0.2.20")]);
  const nested = `--b1\nContent-Type: multipart/related;type="application/rlmi+xml";boundary=b2\n\n${inner}`;
  accepts(peer, peer.expects("SUBSCRIBE"), {
    type: 'multipart/related;type="application/rlmi+xml";boundary=b1',
    body: nested + outer,
  });
  assert.equal(phone.event("lamp").fields["uri"], "sip:2004@192.0.2.20");
  phone.saysNothing("lamp");
});

test("a list of another URI is another subscription, and none ends it", () => {
  const { phone, peer } = registered({ config: `${QUIET}\n${LIST}` });
  accepts(peer, peer.expects("SUBSCRIBE"));
  phone.sets("account.1.blf.blf_list_uri", "other");
  const [last, fresh] = peer.takesAll("SUBSCRIBE");
  assert.equal(last?.header("Expires"), "0");
  assert.equal(fresh?.uri, "sip:other@192.0.2.20");
});

// ---- reg ----

const REGINFO = `<?xml version="1.0"?>
<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="full">
  <registration aor="sip:alice@192.0.2.20" id="a7" state="active">
    <contact id="76" state="active" event="registered"><uri>sip:alice@192.0.2.10:5060;a=1&amp;2</uri></contact>
    <contact id="77" state="terminated" event="deactivated"><uri>sip:alice@192.0.2.11</uri></contact>
  </registration>
  <registration aor="sip:bob@192.0.2.20" id="a8" state="init"/>
</reginfo>
`;

test("RFC 3680 subscribe_register: each contact of the registration is told", () => {
  const { phone, peer } = registered({ config: `${QUIET}\naccount.1.subscribe_register = 1` });
  const subscribe = peer.expects("SUBSCRIBE");
  assert.equal(subscribe.header("Event"), "reg");
  accepts(peer, subscribe, { type: "application/reginfo+xml", body: REGINFO });
  const told = [1, 2, 3].map(() => phone.event("reg").fields);
  assert.deepEqual(
    told.map((each) => [each["aor"], each["state"], each["contact"], each["contact_state"], each["event"]]),
    [
      ["sip:alice@192.0.2.20", "active", "sip:alice@192.0.2.10:5060;a=1&2", "active", "registered"],
      ["sip:alice@192.0.2.20", "active", "sip:alice@192.0.2.11", "terminated", "deactivated"],
      ["sip:bob@192.0.2.20", "init", "", "", ""],
    ],
  );
});
