// ringlet.emergency.numbers: such a call leaves whatever state the phone is in, and goes on where others end.

import assert from "node:assert/strict";
import { test } from "node:test";
import { callUp, connect, sdp } from "../support/scripted-peer.js";

const NUMBERS = "ringlet.emergency.numbers = 112, 911";
const TWO_ACCOUNTS = `${NUMBERS}
account.1.sip_server.1.address = 192.0.2.20
account.2.enable = 1
account.2.user_name = alice2
account.2.sip_server.1.address = 192.0.2.21
account.2.sip_server.2.address = 192.0.2.22`;

test("past a full table: one place more than the capacity", () => {
  const config = `${NUMBERS}\nringlet.capacity.calls = 1\naccount.1.sip_server.1.address = 192.0.2.20`;
  const { phone, peer } = callUp({ config, dial: "2002" });
  phone.refuses(-5, (module, now) => module.dial(0, "2003", now));
  phone.dials("112");
  assert.equal(peer.expects("INVITE").uri, "sip:112@192.0.2.20");
});

test("past dialogs that are all taken", () => {
  const config = `${NUMBERS}\nringlet.capacity.dialogs = 1\nringlet.capacity.subscriptions = 0\naccount.1.sip_server.1.address = 192.0.2.20`;
  const { phone, peer } = callUp({ config, dial: "2002" });
  phone.dials("2003");
  peer.expectsNothing();
  phone.event("call.ended");
  phone.dials("sip:911@192.0.2.20");
  peer.expects("INVITE");
});

test("an account that is off, or has no server, gives it to one that has; other numbers are refused", () => {
  const config = `${TWO_ACCOUNTS}\naccount.1.enable = 0`;
  const { phone, peer } = connect({ config });
  phone.refuses(-1, (module, now) => module.dial(1, "2002", now));
  phone.dials("112", 1);
  const invite = peer.expects("INVITE");
  assert.deepEqual([invite.uri, invite.address.address], ["sip:112@192.0.2.21", "192.0.2.21"]);
});

test("refused by one server it goes to the next, of every account, until one takes it", () => {
  const { phone, peer } = connect({ config: TWO_ACCOUNTS });
  phone.dials("112");
  const seen: string[] = [];
  for (const status of [403, 486, 200]) {
    const invite = peer.expects("INVITE");
    seen.push(`${invite.uri} ${invite.address.address} ${/<([^>]*)>/.exec(invite.header("From"))?.[1]}`);
    peer.replies(invite, status, { from: invite.address, body: status === 200 ? sdp() : "" });
    peer.expects("ACK");
  }
  assert.deepEqual(seen, [
    "sip:112@192.0.2.20 192.0.2.20 sip:alice@192.0.2.20",
    "sip:112@192.0.2.21 192.0.2.21 sip:alice2@192.0.2.21",
    "sip:112@192.0.2.21 192.0.2.22 sip:alice2@192.0.2.21",
  ]);
  phone.event("call.established");
  phone.saysNothing("call.ended");
});

test("refused everywhere it ends with the last refusal; another number ends with the first", () => {
  for (const [number, refusals] of [
    ["112", 3],
    ["2002", 1],
  ] as const) {
    const { phone, peer } = connect({ config: TWO_ACCOUNTS });
    phone.dials(number);
    for (let i = 0; i < refusals; i++) {
      const invite = peer.expects("INVITE");
      peer.replies(invite, 480 + i, { from: invite.address });
      peer.expects("ACK");
    }
    peer.expectsNothing();
    assert.equal(phone.event("call.ended").fields["status"], 479 + refusals);
  }
});

test("a user who gives up ends it", () => {
  const { phone, peer } = connect({ config: TWO_ACCOUNTS });
  phone.dials("112");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180);
  phone.hangsUp();
  peer.replies(peer.expects("CANCEL"), 200);
  peer.replies(invite, 487);
  peer.expects("ACK");
  peer.expectsNothing();
  phone.event("call.ended");
});

for (const refresher of ["uac", "uas"]) {
  test(`a refresh that fails, or never comes, does not end it: ${refresher}`, () => {
    const config = `${NUMBERS}\naccount.1.sip_server.1.address = 192.0.2.20\naccount.1.session_timer.enable = 1`;
    for (const dial of ["112", "2002"]) {
      const { phone, peer, runTo } = callUp({ config, dial, sessionExpires: `90;refresher=${refresher}` });
      runTo(600_000);
      const byes = peer.takesAll().filter((each) => each.method === "BYE");
      if (dial === "2002") {
        assert.ok(byes.length > 0);
        continue;
      }
      assert.equal(byes.length, 0);
      phone.saysNothing("call.ended");
      phone.hangsUp();
      peer.expects("BYE");
    }
  });
}
