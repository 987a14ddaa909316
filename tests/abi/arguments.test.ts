// What a careless host may hand over: refused with a Status, and nothing has happened.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Status } from "../../host/node/abi.js";
import { inviteOf, PEER, Raw } from "./raw.js";

/** Exports with a time, and words before it. */
const TIMED: Record<string, number[]> = {
  sip_flow_opened: [1, 0, 5060, 0, 0, 0],
  sip_accepted: [1, 0, 5060, 0, 0, 0],
  sip_flow_closed: [1],
  sip_receive: [1, 0, 5060, 0],
  sip_send_failed: [1, 0, 5060],
  sip_resolved: [1, 0],
  sip_tick: [],
  sip_call: [0, 0],
  sip_answer: [1],
  sip_reject: [1, 0],
  sip_hangup: [1],
  sip_hold: [1],
  sip_resume: [1],
  sip_transfer: [1, 0],
  sip_transfer_to: [1, 1],
  sip_dtmf: [1, 1],
  sip_media: [1, 1, 5004],
  sip_conference: [1, 1],
  sip_list: [],
  sip_register: [0],
  sip_unregister: [0],
  sip_subscribe: [0, 0, 0],
  sip_unsubscribe: [0],
  sip_message: [0, 0, 0],
  sip_stop: [],
};

test("a now that no clock can show is BadArgument, whatever is asked", () => {
  const { raw } = Raw.started();
  for (const now of [NaN, Infinity, -Infinity, -1, 2 ** 53, 1e300])
    for (const [name, words] of Object.entries(TIMED)) {
      assert.equal(raw.call(name, ...words, now), Status.BadArgument, `${name} at ${now}`);
      assert.deepEqual(raw.poll(), [], name);
    }
});

test("an older now counts as the latest one", () => {
  const { raw } = Raw.started();
  raw.call("sip_tick", 100_000);
  raw.poll();
  assert.ok(raw.call("sip_call", 0, raw.put(`sip:bob@${PEER}`), 5) > 0);
  const records = raw.poll();
  assert.equal(raw.sends(records).length, 1);
  // Timer A, 500 ms from the latest time that was told.
  assert.equal(raw.wake(records), 100_500);
  assert.equal(raw.call("sip_tick", 500), Status.Ok);
  assert.deepEqual(raw.sends(raw.poll()), []);
  raw.call("sip_tick", 100_500);
  assert.equal(raw.sends(raw.poll()).length, 1);
});

test("a tick too early, or once too often, is harmless", () => {
  const { raw } = Raw.started();
  raw.call("sip_call", 0, raw.put(`sip:bob@${PEER}`), 0);
  raw.poll();
  for (let now = 0; now < 500; now++) {
    raw.call("sip_tick", now);
    const records = raw.poll();
    assert.deepEqual(raw.sends(records), []);
    assert.equal(raw.wake(records), 500);
  }
  for (let again = 0; again < 3; again++) raw.call("sip_tick", 500);
  assert.equal(raw.wake(raw.poll()), 1500);
});

test("lengths that are negative, or longer than the window, are TooLarge", () => {
  const { raw, flow } = Raw.started();
  for (const length of [-1, -2_147_483_648, 70_000, 2_147_483_647]) {
    assert.equal(raw.call("sip_input", length), Status.TooLarge);
    assert.equal(raw.call("sip_receive", flow, 0, 5060, length, 0), Status.TooLarge);
    assert.equal(raw.call("sip_receive", flow, length, 5060, 0, 0), Status.TooLarge);
    assert.equal(raw.call("sip_send_failed", flow, length, 5060, 0), Status.TooLarge);
    assert.equal(raw.call("sip_resolved", 1, length, 0), Status.TooLarge);
    assert.equal(raw.call("sip_call", 0, length, 0), Status.TooLarge);
    assert.equal(raw.call("sip_judge", length), Status.TooLarge);
    assert.equal(raw.call("sip_set", length, 0, 0), Status.TooLarge);
    assert.equal(raw.call("sip_set", 0, length, 0), Status.TooLarge);
    assert.equal(raw.call("sip_get", length), Status.TooLarge);
    assert.ok(raw.call("sip_seed", length) < 0);
    assert.ok(raw.call("sip_flow_opened", flow, length, 5060, 0, 0, 0, 0) < 0);
  }
  // Each fits, both together do not.
  assert.equal(raw.call("sip_receive", flow, 40_000, 5060, 40_000, 0), Status.TooLarge);
  assert.equal(raw.call("sip_set", 40_000, 40_000, 0), Status.TooLarge);
});

test("before the start: layers and lengths of files", () => {
  const raw = Raw.ready();
  for (const layer of [-1, 17, 1000]) assert.equal(raw.call("sip_provision", 0, layer), Status.BadArgument);
  for (const length of [-1, 300_000]) {
    assert.equal(raw.call("sip_provision", length, 0), Status.TooLarge);
    assert.equal(raw.call("sip_boot", length, 0), Status.TooLarge);
    assert.equal(raw.call("sip_boot", 0, length), Status.TooLarge);
  }
  assert.equal(raw.call("sip_provision", raw.put("account.1.label = \0\n"), 0), Status.Unreadable);
  assert.equal(raw.call("sip_provision", raw.put(Buffer.alloc(256 * 1024 + 1, "#")), 0), Status.TooLarge);
});

test("ports, statuses, accounts and targets", () => {
  const { raw, flow } = Raw.started();
  for (const port of [-1, 65_536]) {
    assert.equal(raw.call("sip_flow_opened", flow, 0, port, 0, 0, 0, 0), Status.BadArgument);
    assert.equal(raw.call("sip_flow_opened", flow, 0, 0, 0, port, 0, 0), Status.BadArgument);
  }
  raw.receive(flow, inviteOf("1"), 0);
  raw.poll();
  const ringing = raw.call("sip_find", 0, 1);
  for (const status of [-1, 100, 200, 299, 700]) {
    assert.equal(raw.call("sip_reject", ringing, status, 0), Status.BadArgument);
  }
  for (const account of [-1, 2, 17, 1 << 30]) {
    assert.equal(raw.call("sip_call", account, raw.put(`sip:bob@${PEER}`), 0), Status.NoSuchThing);
  }
  for (const target of [
    "",
    " ",
    "sip:",
    "sip:@",
    "mailto:bob@example.com",
    "sip:bob@",
    "sip:b ob@192.0.2.2",
    "\xff\0",
  ]) {
    assert.equal(raw.call("sip_call", 0, raw.put(target), 0), Status.BadArgument, JSON.stringify(target));
  }
  assert.equal(raw.call("sip_find", -1, 0), Status.BadArgument);
  for (const which of [-1, 6, 1 << 30]) assert.equal(raw.call("sip_counter", which), 0);
  // The phone that rang still does.
  assert.equal(raw.call("sip_find", 0, 1), ringing);
});

test("a command that is refused leaves nothing of what it began to say", () => {
  const { raw } = Raw.started();
  for (let n = 0; n < 100; n++) {
    raw.call("sip_call", 0, raw.put("sip:@"), 0);
    assert.deepEqual(raw.sends(raw.poll()), []);
  }
  assert.ok(raw.call("sip_call", 0, raw.put(`sip:bob@${PEER}`), 0) > 0);
  assert.equal(raw.sends(raw.poll()).length, 1);
});
