// The order of life: init, provision, start, and nothing out of turn (docs/abi.md, "Order of life").

import assert from "node:assert/strict";
import { test } from "node:test";
import { Status } from "../../host/node/abi.js";
import { CONFIG, inviteOf, Raw, SEED } from "./raw.js";

/** Every export that needs a running phone, with arguments that would be fine. */
const NEEDS_START: Record<string, number[]> = {
  sip_flow_opened: [1, 0, 5060, 0, 0, 0, 0],
  sip_accepted: [1, 0, 5060, 0, 0, 0, 0],
  sip_flow_closed: [1, 0],
  sip_receive: [1, 0, 5060, 0, 0],
  sip_send_failed: [1, 0, 5060, 0],
  sip_resolved: [1, 0, 0],
  sip_tick: [0],
  sip_call: [0, 0, 0],
  sip_answer: [1, 0],
  sip_reject: [1, 0, 0],
  sip_hangup: [1, 0],
  sip_hold: [1, 0],
  sip_resume: [1, 0],
  sip_transfer: [1, 0, 0],
  sip_transfer_to: [1, 1, 0],
  sip_dtmf: [1, 1, 0],
  sip_media: [1, 1, 5004, 0],
  sip_conference: [1, 1, 0],
  sip_register: [0, 0],
  sip_unregister: [0, 0],
  sip_subscribe: [0, 0, 0, 0],
  sip_unsubscribe: [0, 0],
  sip_message: [0, 0, 0, 0],
  sip_list: [0],
  sip_stop: [0],
  sip_find: [0, 0],
};
const NEEDS_INIT: Record<string, number[]> = {
  ...NEEDS_START,
  sip_seed: [32],
  sip_provision: [0, 0],
  sip_boot: [0, 0],
  sip_start: [0],
  sip_judge: [0],
  sip_set: [0, 0, 0],
  sip_get: [0],
  sip_export: [],
};

test("before sip_init everything else is WrongState and says nothing", () => {
  const raw = new Raw();
  for (const [name, words] of Object.entries(NEEDS_INIT)) {
    assert.equal(raw.call(name, ...words), Status.WrongState, name);
    assert.deepEqual(raw.poll(), [], name);
  }
  assert.equal(raw.call("sip_boot_next"), Status.WrongState);
  assert.equal(raw.call("sip_counter", 0), 0);
});

test("sip_init wants 32 to 1,024 bytes, once", () => {
  const raw = new Raw();
  assert.equal(raw.call("sip_input", 1025), Status.WrongState);
  for (const length of [-1, 0, 31, 1025]) assert.equal(raw.call("sip_init", length), Status.BadArgument);
  raw.put(Buffer.alloc(1024, 1));
  assert.equal(raw.call("sip_init", 1024), Status.Ok);
  assert.equal(raw.call("sip_init", 32), Status.WrongState);
});

test("before sip_start: files and settings yes, network and commands no", () => {
  const raw = Raw.ready();
  for (const [name, words] of Object.entries(NEEDS_START)) {
    assert.equal(raw.call(name, ...words), Status.WrongState, name);
    assert.deepEqual(raw.poll(), [], name);
  }
  assert.equal(raw.call("sip_provision", raw.put("account.1.label = A\n"), 1), Status.Ok);
  assert.equal(raw.call("sip_set", 15, 1, (raw.put("account.1.label", "B"), 0)), Status.Ok);
  assert.equal(raw.call("sip_get", raw.put("account.1.label")), Status.Ok);
  const [value] = raw.poll();
  assert.equal(raw.text(value?.words[2], value?.words[3]), "B");
  assert.equal(raw.call("sip_judge", raw.put(inviteOf("1"))), Status.Ok);
});

test("after sip_start: no second start, no file", () => {
  const { raw } = Raw.started();
  assert.equal(raw.call("sip_start", 0), Status.WrongState);
  assert.equal(raw.call("sip_init", SEED.length), Status.WrongState);
  assert.equal(raw.call("sip_provision", raw.put("account.1.label = A\n"), 0), Status.WrongState);
  assert.equal(raw.call("sip_boot", 0, 0), Status.WrongState);
  assert.equal(raw.call("sip_boot_next"), Status.WrongState);
});

test("a start that is refused can be tried again", () => {
  const raw = Raw.ready();
  assert.equal(raw.call("sip_start", NaN), Status.BadArgument);
  assert.equal(raw.call("sip_start", 0), Status.Ok);
});

test("the seed counts: another seed, another tag; more entropy, another tag", () => {
  const tagWith = (seed: Buffer, more?: string): string => {
    const raw = new Raw();
    raw.call("sip_init", raw.put(seed));
    if (more !== undefined) assert.equal(raw.call("sip_seed", raw.put(more)), Status.Ok);
    raw.call("sip_provision", raw.put(CONFIG), 0);
    raw.call("sip_start", 0);
    const flow = raw.poll()[0]?.words[0] ?? 0;
    raw.call("sip_flow_opened", flow, raw.put("192.0.2.1"), 5060, 0, 0, 0, 0);
    raw.receive(flow, inviteOf("1"), 0);
    return /^To: .*;tag=(\S+)/m.exec(raw.sends(raw.poll())[0] ?? "")?.[1] ?? "none";
  };
  const tags = [tagWith(SEED), tagWith(Buffer.alloc(32, 1)), tagWith(SEED, "more")];
  assert.equal(new Set(tags).size, tags.length, tags.join());
  assert.equal(tagWith(SEED), tags[0]);
  // What is behind 32 bytes is for keys of media.
  assert.equal(tagWith(Buffer.concat([SEED, Buffer.alloc(32)])), tags[0]);
});

test("memory grows with sip_init and sip_start, and never again", () => {
  const { raw, flow } = Raw.started();
  const size = raw.size;
  for (let n = 0; n < 2000; n++) {
    raw.receive(flow, inviteOf(String(n)), n);
    raw.call("sip_tick", n);
  }
  assert.equal(raw.size, size);
});
