// How the host stands by the module: reading records, and putting the state back after a trap.
//
// The shipped module has no known way to trap, so a small one that traps on demand stands in for it.

import assert from "node:assert/strict";
import { test } from "node:test";
import binaryen from "binaryen";
import { EventKind, RecordKind, Status } from "../../host/node/abi.js";
import { compileModule, RingletModule } from "../../host/node/module.js";
import { readRecord } from "../../host/node/records.js";

/** Counts datagrams in a global and in memory; traps at a datagram that starts with 0xff, and at every tick. */
const TRAPPING = `(module
  (memory (export "memory") 1)
  (global $count (export "count") (mut i32) (i32.const 0))
  (global $isDrained (export "isDrained") (mut i32) (i32.const 0))
  (data (i32.const 2048) "\\07\\00\\00\\00\\10\\00\\00\\00\\00\\00\\00\\00\\00\\00\\14\\40")
  (func (export "sip_abi_1"))
  (func (export "sip_input") (param $size i32) (result i32)
    (i32.sub (i32.const 65536) (local.get $size)))
  (func (export "sip_receive") (param i32 i32 i32) (param $length i32) (param f64) (result i32)
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (global.set $isDrained (i32.const 0))
    (i32.store (i32.const 1024) (global.get $count))
    (if (i32.eq (i32.load8_u (i32.sub (i32.const 65536) (local.get $length))) (i32.const 255)) (then (unreachable)))
    (i32.load (i32.const 1024)))
  (func (export "sip_tick") (param f64) (result i32) (unreachable))
  (func (export "sip_end_due") (param f64) (result i32) (global.set $isDrained (i32.const 0)) (i32.const 0))
  (func (export "sip_poll") (result i32)
    (if (global.get $isDrained) (then (return (i32.const 0))))
    (global.set $isDrained (i32.const 1))
    (i32.const 2048)))`;

const PEER = { address: "127.0.0.1", port: 5060 };

function trapping(guarded = true): RingletModule {
  const bytes = binaryen.parseText(TRAPPING).emitBinary();
  return new RingletModule(compileModule(new Uint8Array(bytes)), { guarded });
}

test("a trap costs one datagram: memory and globals are put back, and a fault is told", () => {
  const module = trapping();
  assert.equal(module.receive(1, PEER, Buffer.from("one"), 0), 1);
  assert.deepEqual(module.drain(), [{ kind: RecordKind.Wake, deadline: 5 }]);
  assert.equal(module.receive(1, PEER, Buffer.from([0xff]), 0), Status.WrongState);
  const said = module.drain();
  assert.equal(said.length, 1);
  const [fault] = said;
  assert.ok(fault?.kind === RecordKind.Event && fault.event === EventKind.Fault);
  assert.match(String(fault.fields["what"]), /^sip_receive: .*unreachable/);
  assert.equal(module.deadline, 5);
  // Had the count not been put back, this would be the third.
  assert.equal(module.receive(1, PEER, Buffer.from("two"), 0), 2);
});

test("a tick that traps is followed by sip_end_due; the next one that traps breaks the instance", () => {
  const module = trapping();
  module.tick(100);
  assert.equal(module.isBroken, false);
  const [fault, wake] = module.drain();
  assert.ok(fault?.kind === RecordKind.Event && fault.fields["export"] === "sip_tick");
  // FNV-1a of "sip_tick".
  assert.equal(fault.fields["input"], "383247c6152af159");
  assert.deepEqual(wake, { kind: RecordKind.Wake, deadline: 5 });
  module.tick(200);
  assert.equal(module.isBroken, true);
  assert.equal(module.drain().length, 1);
});

test("without the guard a trap is an error of the program", () => {
  const module = trapping(false);
  assert.throws(() => module.tick(0), WebAssembly.RuntimeError);
});

test("a record of an unknown kind is skipped", () => {
  const memory = new ArrayBuffer(64);
  new DataView(memory).setInt32(8, 999, true);
  assert.equal(readRecord(memory, 8), null);
});

test("fields with dotted names are read as nested ones, numbers with all their 64 bits", () => {
  const memory = new ArrayBuffer(256);
  const words = [6, 0, 7, 200, 4, 7, 1, 2, 204, 13, 1, 217, 4, 221, 10, 0, -5, -1];
  const view = new DataView(memory);
  words.forEach((word, i) => view.setInt32(i * 4, word, true));
  Buffer.from(memory).write("name" + "media.address" + "here" + "media.port", 200, "latin1");
  const record = readRecord(memory, 0);
  assert.deepEqual(record, {
    kind: RecordKind.Event,
    event: EventKind.CallMedia,
    name: "name",
    call: 7,
    number: 1,
    fields: { media: { address: "here", port: -5 } },
  });
});
