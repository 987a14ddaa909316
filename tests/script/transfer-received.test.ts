// The other side sends the phone on (RFC 3515, RFC 3892, RFC 4488, RFC 5589), as Teams and others write it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { callUp, type CallUp, connect, sdp } from "../support/scripted-peer.js";
import { CAROL, refers, told } from "../support/transfers.js";

test("TDR-26 200, NOTIFY 100, the INVITE; 180, 200 are told, the last one ends it", () => {
  const call = callUp();
  const { phone, peer } = call;
  const accepted = refers(call, `<${CAROL}>`, { "Referred-By": "<sip:bob@192.0.2.20>" });
  assert.ok(accepted.has("Contact"));
  assert.equal(told(call), "refer 100 active");
  const referred = phone.event("call.referred");
  assert.deepEqual(
    [referred.call, referred.fields["to"], referred.fields["by"], referred.fields["into"]],
    [phone.call, CAROL, "<sip:bob@192.0.2.20>", 2],
  );
  const invite = peer.expects("INVITE");
  assert.equal(invite.uri, CAROL);
  assert.equal(invite.header("To"), `<${CAROL}>`);
  assert.equal(invite.header("Referred-By"), "<sip:bob@192.0.2.20>");
  assert.notEqual(invite.header("Call-ID"), call.dialog.callId);
  assert.equal(phone.event("call.outgoing").fields["to"], CAROL);
  peer.replies(invite, 180, { tag: "carol" });
  assert.equal(told(call), "refer 180 active");
  peer.replies(invite, 200, { tag: "carol", body: sdp() });
  peer.expects("ACK");
  assert.equal(told(call), "refer 200 terminated");
  phone.event("call.established");
  peer.expectsNothing();
  // Nothing more is said of it, whatever becomes of the new call.
  peer.requests(call.dialog, "BYE");
  peer.expects(200);
  assert.equal(phone.event("call.ended").call, referred.call);
  peer.expectsNothing();
});

for (const status of [404, 486, 603]) {
  test(`TDR-28 the target answers ${status}: told, and the call with the transferor goes on`, () => {
    const call = callUp();
    refers(call, `<${CAROL}>`);
    told(call);
    const invite = call.peer.expects("INVITE");
    call.peer.replies(invite, status, { tag: "carol" });
    call.peer.takesAll().some((each) => each.method === "ACK" || call.wire.fail("no ACK"));
    const notify = call.wire.all.filter((each) => each.sentBy === "phone" && each.method === "NOTIFY").at(-1);
    assert.match(notify?.body ?? "", new RegExp(`^SIP/2\\.0 ${status} `));
    assert.equal(notify?.header("Subscription-State"), "terminated;reason=noresource");
    assert.equal(call.phone.event("call.ended").fields["status"], status);
    call.phone.holds();
    call.peer.expects("INVITE");
  });
}

test("TDR-27 the transferor hangs up 280 ms after our answer: the new call goes on, and no NOTIFY follows", () => {
  const call = callUp();
  const { phone, peer } = call;
  refers(call, `<${CAROL}>`);
  told(call);
  const invite = peer.expects("INVITE");
  call.after(280);
  peer.requests(call.dialog, "BYE");
  peer.expects(200);
  peer.replies(invite, 180, { tag: "carol" });
  peer.replies(invite, 200, { tag: "carol", body: sdp() });
  peer.expects("ACK");
  peer.expectsNothing();
  phone.event("call.ended");
  assert.equal(phone.event("call.established").number, 2);
});

test("LY-14 no NOTIFY leaves for a subscription that the other side has ended with 481", () => {
  const call = callUp();
  refers(call, `<${CAROL}>`);
  told(call, 481);
  const invite = call.peer.expects("INVITE");
  call.peer.replies(invite, 180, { tag: "carol" });
  call.peer.replies(invite, 200, { tag: "carol", body: sdp() });
  call.peer.expects("ACK");
  call.peer.expectsNothing();
});

for (const status of [491, 500, 503]) {
  test(`RFC 5057 §5.1 ${status} to the first NOTIFY, which has overtaken our answer to REFER: the rest is told all the same`, () => {
    const call = callUp();
    const { peer } = call;
    refers(call, `<${CAROL}>`);
    told(call, status);
    const invite = peer.expects("INVITE");
    peer.expectsNothing();
    peer.replies(invite, 180, { tag: "carol" });
    assert.equal(told(call), "refer 180 active");
    peer.replies(invite, 200, { tag: "carol", body: sdp() });
    peer.expects("ACK");
    assert.equal(told(call, status), "refer 200 terminated");
    peer.expectsNothing();
  });
}

test("one NOTIFY at a time: what happens meanwhile is told when the last one is answered, the newest only", () => {
  const call = callUp();
  const { peer } = call;
  refers(call, `<${CAROL}>`);
  const trying = peer.expects("NOTIFY");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180, { tag: "carol" });
  peer.replies(invite, 200, { tag: "carol", body: sdp() });
  peer.expects("ACK");
  peer.expectsNothing();
  peer.replies(trying, 200);
  assert.equal(told(call), "refer 200 terminated");
});

test("a NOTIFY that is challenged leaves again with credentials", () => {
  const call = callUp({ config: "account.1.password = secret\naccount.1.auth_name = alice" });
  refers(call, `<${CAROL}>`);
  const first = call.peer.expects("NOTIFY");
  call.peer.expects("INVITE");
  call.peer.replies(first, 401, {
    headers: { "WWW-Authenticate": 'Digest realm="x", nonce="n", qop="auth"' },
  });
  const again = call.peer.expects("NOTIFY");
  assert.match(again.header("Authorization"), /username="alice"/);
  assert.equal(again.body, first.body);
});

test("a NOTIFY that nobody answers ends the telling, not the calls", () => {
  const call = callUp();
  refers(call, `<${CAROL}>`);
  call.peer.expects("NOTIFY");
  const invite = call.peer.expects("INVITE");
  call.peer.replies(invite, 180, { tag: "carol" });
  call.after(33_000);
  call.peer.takesAll();
  call.peer.replies(invite, 200, { tag: "carol", body: sdp() });
  call.peer.expects("ACK");
  call.peer.expectsNothing();
  call.phone.saysNothing("call.ended");
});

test("RFC 3515 §2.4.6 the second REFER of a dialog names itself in Event", () => {
  const call = callUp();
  refers(call, `<${CAROL}>`);
  assert.equal(told(call), "refer 100 active");
  call.peer.replies(call.peer.expects("INVITE"), 486, { tag: "carol" });
  call.peer.takesAll().forEach((each) => each.method === "NOTIFY" && call.peer.replies(each, 200));
  refers(call, "<sip:dave@192.0.2.40>");
  assert.equal(told(call), `refer;id=${call.dialog.cseq} 100 active`);
});

test("a second REFER while the first is under way: 491", () => {
  const call = callUp();
  refers(call, `<${CAROL}>`);
  told(call);
  call.peer.expects("INVITE");
  call.peer.requests(call.dialog, "REFER", { headers: { "Refer-To": "<sip:dave@192.0.2.40>" } });
  call.peer.expects(491);
});

test("RFC 4488 Refer-Sub: false is said back, and no NOTIFY follows", () => {
  for (const headers of [{}, { Require: "norefersub" }]) {
    const call = callUp();
    const accepted = refers(call, `<${CAROL}>`, { "Refer-Sub": "false", ...headers });
    assert.equal(accepted.header("Refer-Sub"), "false");
    const invite = call.peer.expects("INVITE");
    call.peer.replies(invite, 200, { tag: "carol", body: sdp() });
    call.peer.expects("ACK");
    call.peer.expectsNothing();
  }
});

test("the user gives the new call up: 487 is told", () => {
  const call = callUp();
  refers(call, `<${CAROL}>`);
  told(call);
  call.phone.event("call.outgoing");
  const invite = call.peer.expects("INVITE");
  call.peer.replies(invite, 180, { tag: "carol" });
  told(call);
  call.wire.command((m) => m.hangup(m.find(2, false), call.wire.now));
  assert.deepEqual(
    call.peer
      .takesAll()
      .map((each) => each.method)
      .sort(),
    ["CANCEL", "NOTIFY"],
  );
});

// ---- as Teams writes it ----

const GUID = "9b0bd0b8-9d5c-4b3a-a4e8-2f3a5a1c7d11";
const TEAMS_TO = `sip:sip.pstnhub.microsoft.com:5061;transport=tls;x-m=8:orgid:${GUID};x-t=${GUID}`;
const teamsBy = (octets: number): string => {
  const start = `<sip:sip.pstnhub.microsoft.com:5061;x-m=8:orgid:${GUID};x-t=${GUID};x-ti=${GUID};x-tt=aHR0cHM6Ly9hcGkuZmxpZ2h0cHJveHk%2F`;
  return `${start}${"A".repeat(octets - start.length - 1)}>`;
};

for (const octets of [400, 401, 1024, 4000]) {
  test(`TDR-24 TDR-25 Refer-To without a user, Referred-By of ${octets} octets: both verbatim in the new INVITE`, () => {
    const call = callUp({
      config: "account.1.outbound_proxy_enable = 1\naccount.1.outbound_proxy.1.address = 192.0.2.20",
    });
    const by = teamsBy(octets);
    assert.equal(by.length, octets);
    call.peer.requests(call.dialog, "REFER", {
      headers: { CONTACT: call.peer.contact, "REFER-TO": `<${TEAMS_TO}>`, "REFERRED-BY": by },
    });
    call.peer.expects(200);
    told(call);
    const invite = call.peer.expects("INVITE");
    assert.equal(invite.uri, TEAMS_TO);
    assert.equal(invite.header("To"), `<${TEAMS_TO}>`);
    assert.equal(invite.header("Referred-By"), by);
    assert.equal(invite.address.address, "192.0.2.20");
    const referred = call.phone.event("call.referred").fields;
    assert.deepEqual([referred["to"], referred["by"]], [TEAMS_TO, by]);
  });
}

test("TDR-25 the Refer-To URI of 1,024 octets is called as it stands", () => {
  const call = callUp({ config: "account.1.udp_to_tcp = 0" });
  const start = `${CAROL};x-m=8:orgid:${GUID};x-t=`;
  const uri = start + "b".repeat(1024 - start.length);
  refers(call, `<${uri}>`, { "Referred-By": teamsBy(1024) });
  told(call);
  const invite = call.peer.expects("INVITE");
  assert.equal(invite.uri, uri);
  assert.equal(invite.header("Referred-By"), teamsBy(1024));
});

test("TDR-23 REFER in Allow, and out of it with refer.enable 0: then 405, NOTIFY stays in Allow", () => {
  for (const enabled of [1, 0]) {
    const call = callUp({ config: `account.1.refer.enable = ${enabled}` });
    const allow = call.invite.header("Allow").split(/,\s*/);
    assert.equal(allow.includes("REFER"), enabled === 1);
    assert.ok(allow.includes("NOTIFY"));
    call.peer.requests(call.dialog, "REFER", { headers: { "Refer-To": `<${CAROL}>` } });
    const [answer] = call.peer.takesAll();
    assert.equal(answer?.status, enabled ? 200 : 405);
  }
});

// ---- Replaces and other headers of the URI ----

test("RFC 5589 §7.1 Replaces in Refer-To is unescaped into the INVITE, and the URI is called without it", () => {
  const call = callUp();
  const replaces = "12345%40192.0.2.20%3Bto-tag%3D12%2B3%3Bfrom-tag%3D5FFE-3994";
  refers(call, `<${CAROL}?Replaces=${replaces}&Require=replaces&X-Team=blue%20sky>`);
  told(call);
  const invite = call.peer.expects("INVITE");
  assert.equal(invite.uri, CAROL);
  assert.equal(invite.header("Replaces"), "12345@192.0.2.20;to-tag=12+3;from-tag=5FFE-3994");
  assert.equal(invite.header("X-Team"), "blue sky");
});

test("TDR-14 replaces.enable 0: the INVITE goes without Replaces", () => {
  const call = callUp({ config: "account.1.replaces.enable = 0" });
  refers(call, `<${CAROL}?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>`);
  told(call);
  assert.equal(call.peer.expects("INVITE").has("Replaces"), false);
});

test("RFC 3261 §19.1.5 headers that would make the INVITE another one are not taken from a URI", () => {
  const call = callUp();
  const evil = [
    "From=%3Csip%3Aceo@example.com%3E",
    "Call-ID=x",
    "Via=SIP%2F2.0%2FUDP%20192.0.2.66",
    "Contact=%3Csip%3Aevil@192.0.2.66%3E",
    "Route=%3Csip%3A192.0.2.66%3E",
    "Content-Length=0",
    "P-Asserted-Identity=%3Csip%3Aceo@example.com%3E",
    "body=x",
  ];
  refers(call, `<${CAROL}?${evil.join("&")}>`);
  told(call);
  const invite = call.peer.expects("INVITE");
  for (const text of ["192.0.2.66", "ceo@", "body: "]) assert.ok(!invite.text.includes(text), text);
  assert.equal(invite.headers("Call-ID").length, 1);
});

for (const [what, component] of [
  ["a line end", "X-A=b%0d%0aVia%3A%20evil"],
  ["a zero", "Replaces=a%00b"],
] as const) {
  test(`${what} in a header of the URI: 400, nothing is called`, () => {
    const call = callUp();
    call.peer.requests(call.dialog, "REFER", { headers: { "Refer-To": `<${CAROL}?${component}>` } });
    call.peer.expects(400);
    call.phone.saysNothing();
    call.peer.expectsNothing();
  });
}

// ---- refused ----

const refused: [string, Record<string, string | string[]>, number][] = [
  ["no Refer-To", {}, 400],
  ["two", { "Refer-To": [`<${CAROL}>`, "<sip:dave@192.0.2.40>"] }, 400],
  ["two in one row", { "Refer-To": `<${CAROL}>, <sip:dave@192.0.2.40>` }, 400],
  ["one that can't be read", { "Refer-To": "<sip:carol" }, 400],
  ["an empty one", { "Refer-To": "" }, 400],
  ["a web page", { "Refer-To": "<http://example.com/>" }, 416],
  ["mail", { "Refer-To": "<mailto:carol@example.com>" }, 416],
  ["sips, which we do not do", { "Refer-To": "<sips:carol@example.com>" }, 416],
  ["a number without a server", { "Refer-To": "<tel:+4930222>" }, 416],
  ["another method", { "Refer-To": `<${CAROL};method=BYE>` }, 603],
  ["an extension that is required", { "Refer-To": `<${CAROL}>`, Require: "multiple-refer" }, 420],
  ["a Replaces of its own", { "Refer-To": `<${CAROL}>`, Replaces: "a;to-tag=b;from-tag=c" }, 400],
];
for (const [what, headers, status] of refused) {
  test(`REFER with ${what}: ${status}, and the call goes on`, () => {
    const call = callUp();
    call.peer.requests(call.dialog, "REFER", { headers });
    call.peer.expects(status);
    call.peer.expectsNothing();
    call.phone.saysNothing();
  });
}

test("a phone that is full: 486, and the call goes on", () => {
  const call = callUp({ config: "ringlet.capacity.calls = 1" });
  call.peer.requests(call.dialog, "REFER", { headers: { "Refer-To": `<${CAROL}>` } });
  call.peer.expects(486);
  call.phone.saysNothing();
});

// ---- who may command ----

const stranger = { address: "192.0.2.66", port: 5060 };

test("who may command: REFER outside of any dialog gets 403, from a stranger and from the server alike", () => {
  const { phone, peer } = connect({ config: "account.1.sip_server.1.address = 192.0.2.20" });
  for (const from of [stranger, peer.address]) {
    peer.asks("REFER", { from, headers: { "Refer-To": `<${CAROL}>`, Contact: peer.contact } });
    peer.expects(403);
    phone.saysNothing();
  }
});

test("who may command: REFER with the names of no dialog gets 481", () => {
  const call = callUp();
  const lost = { ...call.dialog, remoteParty: `${call.dialog.remoteParty}x` };
  call.peer.requests(lost, "REFER", { headers: { "Refer-To": `<${CAROL}>` } });
  call.peer.expects(481);
});

test("who may command: REFER in a call that the user has not taken yet gets 403", () => {
  const { phone, peer } = connect();
  const invite = peer.invites();
  phone.event("call.incoming");
  const ringing = peer.takesAll().at(-1);
  assert.ok(ringing);
  peer.requests(peer.dialog(invite, ringing), "REFER", { headers: { "Refer-To": `<${CAROL}>` } });
  peer.expects(403);
  phone.saysNothing();
});

test("who may command: in an incoming call that the user has taken it is obeyed", () => {
  const call: CallUp = callUp({ direction: "incoming" });
  refers(call, `<${CAROL}>`);
  told(call);
  call.peer.expects("INVITE");
});

test("a REFER that comes again is answered again, and calls nobody twice", () => {
  const call = callUp();
  const refer = call.peer.requests(call.dialog, "REFER", { headers: { "Refer-To": `<${CAROL}>` } });
  call.peer.expects(200);
  told(call);
  call.peer.expects("INVITE");
  call.peer.repeats(refer);
  call.peer.expects(200);
  call.peer.expectsNothing();
});

test("Refer-To names the phone itself: one more call, which may ring, and that is all", () => {
  const call = callUp();
  refers(call, "<sip:alice@192.0.2.10>");
  told(call);
  assert.equal(call.peer.expects("INVITE").address.address, "192.0.2.10");
  call.peer.expectsNothing();
});

test("going off: REFER gets 603", () => {
  const call = callUp();
  call.phone.stops();
  call.peer.expects("BYE");
  call.peer.requests(call.dialog, "REFER", { headers: { "Refer-To": `<${CAROL}>` } });
  call.peer.expects(481);
});
