// What sip_input and sip_poll answer: where input lies, and how records are made.

import assert from "node:assert/strict";
import { test } from "node:test";
import { EventKind, FieldType, RecordKind, Status } from "../../host/node/abi.js";
import { RingletModule } from "../../host/node/module.js";
import { globalOf } from "../support/inside.js";
import { inviteOf, LOCAL, PEER, Raw, request, SEED, SHIPPED } from "./raw.js";

test("the window ends at the last byte of memory, in every state of life", () => {
  const check = (raw: Raw, most: number) => {
    for (const size of [0, 1, 2, 3, 7, 8, 9, 1000, most]) {
      assert.equal(raw.call("sip_input", size) + size, raw.size, `${size} bytes`);
    }
    assert.ok(raw.call("sip_input", most + 1) < 0);
  };
  check(new Raw(), 1024);
  check(Raw.ready(), 257 * 1024);
  check(Raw.started().raw, 66 * 1024);
});

test("the window is nobody's memory: whatever is put there changes nothing", () => {
  const { raw, flow } = Raw.started();
  raw.receive(flow, inviteOf("1"), 0);
  raw.poll();
  const globals = [...raw.globals.values()].map((global) => global.value as unknown);
  const before = Buffer.from(raw.memory.buffer.slice(0, raw.size - 66 * 1024));
  raw.put(Buffer.alloc(66 * 1024, 0xff));
  const after = Buffer.from(raw.memory.buffer.slice(0, raw.size - 66 * 1024));
  assert.ok(before.equals(after));
  assert.deepEqual(
    [...raw.globals.values()].map((global) => global.value as unknown),
    globals,
  );
});

test("the longest datagram is taken", () => {
  const { raw, flow } = Raw.started();
  const head = inviteOf("1")
    .replace(/\r\n\r\n[^]*$/, "\r\n")
    .replace(/Content-(Type|Length): .*\r\n/g, "");
  const row = `X: ${"x".repeat(1000)}\r\n`;
  const long = head + row.repeat(60) + "\r\n";
  assert.ok(long.length > 60_000);
  assert.equal(raw.receive(flow, long, 0), Status.Ok);
  assert.match(raw.sends(raw.poll())[0] ?? "", /^SIP\/2\.0 /);
});

test("every record is kind, length, words; the last is a Wake; every slice lies in memory", () => {
  const { raw, flow } = Raw.started();
  const drains = [];
  raw.receive(flow, inviteOf("1"), 0);
  drains.push(raw.poll());
  raw.call("sip_answer", raw.call("sip_find", 0, 1), 0);
  drains.push(raw.poll());
  raw.call("sip_list", 0);
  drains.push(raw.poll());
  raw.call("sip_call", 0, raw.put("sip:bob@name.example"), 0);
  drains.push(raw.poll());
  raw.call("sip_stop", 0);
  drains.push(raw.poll());
  for (const records of drains) {
    assert.equal(records.at(-1)?.kind, RecordKind.Wake);
    for (const { kind, bytes, address } of records) {
      assert.ok(kind >= RecordKind.Send && kind <= RecordKind.Verdict);
      assert.ok(bytes >= 8 && bytes % 4 === 0 && address % 4 === 0 && address + bytes <= raw.size);
    }
  }
});

test("an event is event, name, call, number, fields of five words each", () => {
  const { raw, flow } = Raw.started();
  raw.receive(flow, inviteOf("1"), 0);
  const event = raw.poll().find(({ kind }) => kind === RecordKind.Event);
  const [kind, name, nameLength, call, number, count, ...words] = event?.words ?? [];
  assert.equal(kind, EventKind.CallIncoming);
  assert.equal(raw.text(name, nameLength), "call.incoming");
  assert.equal(call, raw.call("sip_find", 0, 1));
  assert.equal(number, 1);
  assert.equal(words.length, (count ?? 0) * 5);
  assert.equal(raw.text(words[0], words[1]), "from");
  assert.equal(words[2], FieldType.Text);
  assert.equal(raw.text(words[3], words[4]), `sip:bob@${PEER}`);
});

test("what was said is gone with the next call that changes something", () => {
  const { raw, flow } = Raw.started();
  raw.receive(flow, inviteOf("1"), 0);
  raw.call("sip_tick", 0);
  assert.deepEqual(
    raw.poll().map(({ kind }) => kind),
    [RecordKind.Wake],
  );
  assert.equal(raw.call("sip_poll"), 0);
});

test("reading calls leave what was said", () => {
  const { raw, flow } = Raw.started();
  raw.receive(flow, inviteOf("1"), 0);
  assert.ok(raw.call("sip_find", 0, 0) > 0);
  assert.equal(raw.call("sip_counter", 0), 1);
  assert.equal(raw.sends(raw.poll()).length, 1);
});

test("a host skips a record of a kind that it does not know, and reads on", () => {
  const phone = new RingletModule(SHIPPED, { guarded: false });
  phone.init(SEED);
  phone.drain();
  phone.provision(`ringlet.bind.address = ${LOCAL}\naccount.1.enable = 1\naccount.1.user_name = alice\n`, 0);
  phone.drain();
  phone.start(0);
  const [listen] = phone.drain();
  assert.ok(listen?.kind === RecordKind.Listen);
  phone.flowOpened(listen.flow, { address: LOCAL, port: 5060 }, { address: "", port: 0 }, "", 0);
  phone.drain();
  phone.receive(listen.flow, { address: PEER, port: 5060 }, Buffer.from(inviteOf("1")), 0);
  const first = globalOf(phone, "nextRecord");
  new DataView(phone["memory"].buffer).setUint32(first, 999, true);
  const kinds = phone.drain().map(({ kind }) => kind);
  assert.deepEqual(kinds, [RecordKind.Send, RecordKind.Wake]);
});

test("a request that asks for much at once is answered within what the output holds", () => {
  // Twelve phone calls ring, then everything stops at once: each says an event and a response.
  const { raw, flow } = Raw.started();
  for (let n = 0; n < 12; n++) {
    raw.receive(flow, inviteOf(String(n)), 0);
    raw.poll();
  }
  raw.call("sip_stop", 0);
  const records = raw.poll();
  assert.equal(raw.sends(records).length, 12);
  assert.equal(records.at(-1)?.kind, RecordKind.Wake);
  for (const text of raw.sends(records)) assert.match(text, /^SIP\/2\.0 4/);
  assert.equal(raw.receive(flow, request("OPTIONS", "o", 1, `sip:alice@${LOCAL}`, ""), 0), Status.Ok);
});
