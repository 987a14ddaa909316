// Memory and the exported globals are all there is: put into another instance, they go on there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inviteOf, LOCAL, PEER, Raw, request } from "./raw.js";

interface Snapshot {
  memory: Buffer;
  globals: Map<string, unknown>;
}

function save(raw: Raw): Snapshot {
  return {
    memory: Buffer.from(raw.memory.buffer.slice(0)),
    globals: new Map([...raw.globals].map(([name, global]) => [name, global.value as unknown])),
  };
}

function restore(raw: Raw, snapshot: Snapshot): void {
  raw.memory.grow((snapshot.memory.length - raw.size) / 65_536);
  new Uint8Array(raw.memory.buffer).set(snapshot.memory);
  for (const [name, global] of raw.globals) global.value = snapshot.globals.get(name);
}

/** A call up, one that rings, one that goes out. */
function busyPhone(): { raw: Raw; flow: number; toTag: string } {
  const { raw, flow } = Raw.started();
  raw.receive(flow, inviteOf("up"), 0);
  raw.poll();
  raw.call("sip_answer", raw.call("sip_find", 0, 1), 0);
  const toTag = /^To: .*;tag=(\S+)/m.exec(raw.sends(raw.poll())[0] ?? "")?.[1] ?? "";
  raw.receive(flow, request("ACK", "up", 1, `sip:alice@${LOCAL}`, toTag), 10);
  raw.poll();
  raw.receive(flow, inviteOf("rings"), 20);
  raw.poll();
  raw.call("sip_call", 0, raw.put(`sip:carol@${PEER}`), 30);
  raw.poll();
  return { raw, flow, toTag };
}

/** Three minutes of the same inputs; everything that was said, in order. */
function livesOn(raw: Raw, flow: number, toTag: string): string {
  const said: string[] = [];
  const drain = () => {
    const records = raw.poll();
    for (const { kind, words } of records) said.push(`${kind} ${words.join(" ")}`);
    said.push(...raw.sends(records));
    return raw.wake(records) ?? -1;
  };
  raw.receive(flow, request("UPDATE", "up", 2, `sip:alice@${LOCAL}`, toTag), 1000);
  let next = drain();
  raw.call("sip_answer", raw.call("sip_find", 0, 1), 2000);
  next = drain();
  while (next >= 0 && next < 180_000) {
    raw.call("sip_tick", next);
    next = drain();
  }
  raw.call("sip_call", 0, raw.put(`sip:dave@${PEER}`), 180_000);
  drain();
  return said.join("\n");
}

test("a snapshot in a fresh instance goes on byte for byte as the original does", () => {
  const { raw, flow, toTag } = busyPhone();
  const snapshot = save(raw);
  const twin = new Raw();
  restore(twin, snapshot);
  const original = livesOn(raw, flow, toTag);
  assert.ok(original.split("\n").length > 100);
  assert.equal(livesOn(twin, flow, toTag), original);
});

test("put back into the same instance, it lives the same minutes again", () => {
  const { raw, flow, toTag } = busyPhone();
  const snapshot = save(raw);
  const once = livesOn(raw, flow, toTag);
  restore(raw, snapshot);
  assert.equal(livesOn(raw, flow, toTag), once);
});

test("the globals matter: memory alone does not go on the same way", () => {
  const { raw, flow, toTag } = busyPhone();
  const snapshot = save(raw);
  const once = livesOn(raw, flow, toTag);
  const twin = new Raw();
  const { raw: other } = Raw.started();
  restore(twin, { ...snapshot, globals: save(other).globals });
  let again = "";
  try {
    again = livesOn(twin, flow, toTag);
  } catch (error) {
    assert.ok(error instanceof WebAssembly.RuntimeError);
  }
  assert.notEqual(again, once);
});
