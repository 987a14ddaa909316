// Handles carry kind and generation: a stale one, or one of something else, is refused and never followed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { RecordKind, Status } from "../../host/node/abi.js";
import { inviteOf, LOCAL, PEER, Raw, request } from "./raw.js";

const COMMANDS: Record<string, number[]> = {
  sip_answer: [],
  sip_reject: [486],
  sip_hangup: [],
  sip_hold: [],
  sip_resume: [],
  sip_transfer: [0],
  sip_transfer_to: [1],
  sip_dtmf: [1],
  sip_media: [1, 5004],
  sip_conference: [1],
};

function mustRefuseAll(raw: Raw, handle: number): void {
  for (const [name, words] of Object.entries(COMMANDS)) {
    assert.equal(raw.call(name, handle, ...words, 0), Status.NoSuchThing, `${name} ${handle}`);
    assert.deepEqual(raw.sends(raw.poll()), []);
  }
}

test("numbers that are no handle of a call", () => {
  const { raw, flow } = Raw.started();
  raw.receive(flow, inviteOf("1"), 0);
  raw.poll();
  const ringing = raw.call("sip_find", 0, 1);
  assert.ok(ringing > 0);
  const others = [
    0,
    1,
    -1,
    flow,
    ringing + 1,
    ringing - 1,
    ringing ^ (1 << 17),
    ringing ^ (1 << 27),
    0x7fffffff,
  ];
  for (const handle of others) mustRefuseAll(raw, handle);
  assert.equal(raw.call("sip_answer", ringing, 0), Status.Ok);
});

test("the handle of a call that has ended is stale, also when its place is taken again", () => {
  const { raw, flow } = Raw.started("ringlet.capacity.calls = 1\n");
  const seen = new Set<number>();
  for (let n = 0; n < 50; n++) {
    raw.receive(flow, inviteOf(String(n)), n);
    raw.poll();
    const call = raw.call("sip_find", 0, 1);
    assert.ok(call > 0 && !seen.has(call), `call ${n}`);
    seen.add(call);
    assert.equal(raw.call("sip_reject", call, 0, n), Status.Ok);
    raw.poll();
    mustRefuseAll(raw, call);
  }
});

test("a flow that is unknown, or was closed", () => {
  const { raw, flow } = Raw.started();
  for (const unknown of [0, -1, 1, flow + 1, flow ^ (1 << 17)]) {
    assert.equal(raw.receive(unknown, inviteOf("1"), 0), Status.NoSuchThing);
    assert.equal(raw.call("sip_flow_closed", unknown, 0), Status.NoSuchThing);
    assert.equal(raw.call("sip_flow_opened", unknown, raw.put(LOCAL), 5060, 0, 0, 0, 0), Status.NoSuchThing);
    assert.deepEqual(raw.poll(), []);
  }
  assert.equal(raw.call("sip_flow_closed", flow, 0), Status.Ok);
  raw.poll();
  assert.equal(raw.receive(flow, inviteOf("1"), 0), Status.NoSuchThing);
  assert.equal(raw.call("sip_flow_closed", flow, 0), Status.NoSuchThing);
});

test("a query that nobody asked, or that was answered", () => {
  const { raw } = Raw.started();
  for (const unknown of [0, -1, 1, 0x7fffffff]) {
    assert.equal(raw.call("sip_resolved", unknown, raw.put("192.0.2.7 60\n"), 0), Status.NoSuchThing);
  }
  raw.poll();
  assert.ok(raw.call("sip_call", 0, raw.put("sip:bob@name.example:5060"), 0) > 0);
  const query = raw.poll().find(({ kind }) => kind === RecordKind.Resolve)?.words[0] ?? 0;
  assert.ok(query > 0);
  assert.equal(raw.call("sip_resolved", query, raw.put(`${PEER} 60\n`), 0), Status.Ok);
  assert.match(raw.sends(raw.poll())[0] ?? "", /^INVITE /);
  assert.equal(raw.call("sip_resolved", query, raw.put(`${PEER} 60\n`), 0), Status.NoSuchThing);
  assert.deepEqual(raw.sends(raw.poll()), []);
});

test("an answer to a query that is no address, or nothing, ends the call and not the phone", () => {
  for (const answer of ["", "\n", "bob", "192.0.2 60", "192.0.2.x 60", "\0", `${"1".repeat(5000)}\n`]) {
    const { raw } = Raw.started();
    raw.call("sip_call", 0, raw.put("sip:bob@name.example:5060"), 0);
    const query = raw.poll().find(({ kind }) => kind === RecordKind.Resolve)?.words[0] ?? 0;
    assert.equal(raw.call("sip_resolved", query, raw.put(answer), 0), Status.Ok, JSON.stringify(answer));
    assert.deepEqual(raw.sends(raw.poll()), []);
    assert.equal(raw.call("sip_find", 0, 0), Status.NoSuchThing);
  }
});

test("sip_find finds by number, newest and ringing", () => {
  const { raw, flow } = Raw.started();
  assert.equal(raw.call("sip_find", 0, 0), Status.NoSuchThing);
  for (const callId of ["1", "2", "3"]) {
    raw.receive(flow, inviteOf(callId), 0);
    raw.poll();
  }
  const handles = [1, 2, 3].map((number) => raw.call("sip_find", number, 0));
  assert.equal(new Set(handles).size, 3);
  assert.equal(raw.call("sip_find", 0, 0), handles[2]);
  raw.call("sip_answer", handles[2] ?? 0, 0);
  const toTag = /^To: .*;tag=(\S+)/m.exec(raw.sends(raw.poll())[0] ?? "")?.[1] ?? "";
  raw.receive(flow, request("ACK", "3", 1, `sip:alice@${LOCAL}`, toTag), 0);
  assert.equal(raw.call("sip_find", 0, 1), handles[1]);
  assert.equal(raw.call("sip_find", 4, 0), Status.NoSuchThing);
});
