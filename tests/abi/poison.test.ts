// Should a datagram ever trap, it costs that datagram and nothing else (host/node/module.ts).
//
// The shipped module has no known way to trap. So a trap is built in: sip_receive as it is, and then, where
// the datagram ends with a mark, `unreachable`. By then the state has changed, as with a real bug.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import binaryen from "binaryen";
import { EventKind, RecordKind, Status } from "../../host/node/abi.js";
import { compileModule, MODULE_FILE, RingletModule } from "../../host/node/module.js";
import type { Event, OutputRecord } from "../../host/node/records.js";
import { inviteOf, LOCAL, PEER, request, SEED } from "./raw.js";

const MARK = "POISONED";
const CONFIG = `ringlet.bind.address = ${LOCAL}
account.1.enable = 1
account.1.user_name = alice
account.1.auto_answer = 0
account.1.session_timer.enable = 1
account.1.session_timer.expires = 90
`;
const FROM = { address: PEER, port: 5060 };

/** The shipped module, but that it traps after a datagram that ends with MARK. */
function poisonable(): WebAssembly.Module {
  const module = binaryen.readBinary(readFileSync(MODULE_FILE));
  const { MutableGlobals, SignExt, NontrappingFPToInt, BulkMemory } = binaryen.Features;
  module.setFeatures(MutableGlobals | SignExt | NontrappingFPToInt | BulkMemory);
  const receive = exported(module, "sip_receive");
  const { i32, f64, createType } = binaryen;
  const words = [i32, i32, i32, i32].map((type, i) => module.local.get(i, type));
  const end = module.i32.shl(module.memory.size(), module.i32.const(16));
  const tail = module.i64.load(0, 1, module.i32.sub(end, module.i32.const(MARK.length)));
  const mark = Buffer.from(MARK, "latin1");
  const isMarked = module.i64.eq(tail, module.i64.const(mark.readInt32LE(0), mark.readInt32LE(4)));
  const call = module.call(receive, [...words, module.local.get(4, f64)], i32);
  const answer = module.local.get(5, i32);
  const trap = module.if(isMarked, module.unreachable());
  const body = module.block(null, [module.local.set(5, call), trap, answer], i32);
  module.addFunction("poisonable", createType([i32, i32, i32, i32, f64]), i32, [i32], body);
  module.removeExport("sip_receive");
  module.addFunctionExport("poisonable", "sip_receive");
  assert.ok(module.validate());
  const bytes = module.emitBinary();
  module.dispose();
  return compileModule(new Uint8Array(bytes));
}

function exported(module: binaryen.Module, name: string): string {
  for (let i = 0; i < module.getNumExports(); i++) {
    const info = binaryen.getExportInfo(module.getExportByIndex(i));
    if (info.name === name) return info.value;
  }
  throw new Error(`no export ${name}`);
}

/** A phone with two calls in progress, "one" and "two". */
class Phone {
  readonly module: RingletModule;
  readonly tags: Record<string, string> = {};
  private flow = 0;

  constructor(module: WebAssembly.Module, guarded: boolean) {
    this.module = new RingletModule(module, { guarded });
    this.module.init(SEED);
    this.module.drain();
    this.module.provision(CONFIG, 0);
    this.module.drain();
    this.module.start(0);
    for (const record of this.module.drain()) if (record.kind === RecordKind.Listen) this.flow = record.flow;
    this.module.flowOpened(this.flow, { address: LOCAL, port: 5060 }, FROM, "", 0);
    this.module.drain();
    for (const callId of ["one", "two"]) this.takeCall(callId);
  }

  receive(datagram: string, now: number): { status: number; records: OutputRecord[] } {
    const status = this.module.receive(this.flow, FROM, Buffer.from(datagram), now);
    return { status, records: this.module.drain() };
  }

  /** A request of the peer in that call. */
  inside(method: string, callId: string, sequence: number, body = ""): string {
    return request(method, callId, sequence, `sip:alice@${LOCAL}`, this.tags[callId] ?? "", body);
  }

  private takeCall(callId: string): void {
    this.receive(inviteOf(callId), 0);
    this.module.answer(this.module.find(0, true), 0);
    this.tags[callId] = /^To: .*;tag=(\S+)/m.exec(sent(this.module.drain()))?.[1] ?? "";
    const { records } = this.receive(this.inside("ACK", callId, 1), 0);
    assert.ok(events(records).some((event) => event.event === EventKind.CallEstablished));
  }
}

function sent(records: OutputRecord[]): string {
  return records
    .map((record) => (record.kind === RecordKind.Send ? record.bytes.toString("latin1") : ""))
    .join("");
}

function events(records: OutputRecord[]): Event[] {
  return records.filter((record) => record.kind === RecordKind.Event);
}

const POISONABLE = poisonable();

test("two calls survive a poisoned BYE: it is told, and undone", () => {
  const phone = new Phone(POISONABLE, true);
  const before = phone.module.deadline;
  const { status, records } = phone.receive(phone.inside("BYE", "one", 2, MARK), 1000);
  assert.equal(status, Status.WrongState);
  const [fault] = events(records);
  assert.equal(records.length, 1);
  assert.equal(fault?.event, EventKind.Fault);
  assert.match(String(fault?.fields["what"]), /^sip_receive: /);
  assert.equal(phone.module.deadline, before);
  for (const callId of ["one", "two"]) {
    const answer = phone.receive(phone.inside("UPDATE", callId, 2), 2000);
    assert.match(sent(answer.records), /^SIP\/2\.0 200 /, callId);
  }
});

test("after the poison the phone says byte for byte what one says that never met it", () => {
  const [poisoned, healthy] = [new Phone(POISONABLE, true), new Phone(POISONABLE, false)];
  for (let n = 0; n < 100; n++) {
    for (const method of ["BYE", "UPDATE", "INVITE"]) {
      poisoned.receive(poisoned.inside(method, n % 2 ? "one" : "two", 2, MARK), 0);
    }
  }
  for (let now = 0; now < 200_000; now += 500) {
    poisoned.module.tick(now);
    healthy.module.tick(now);
    assert.deepEqual(poisoned.module.drain(), healthy.module.drain());
  }
});

test("the same poison without the guard is an error of the program", () => {
  const phone = new Phone(POISONABLE, false);
  assert.throws(() => phone.receive(phone.inside("BYE", "one", 2, MARK), 1000), WebAssembly.RuntimeError);
});

test("without its mark the same BYE ends the call: the poison was no harmless datagram", () => {
  const phone = new Phone(POISONABLE, true);
  const { records } = phone.receive(phone.inside("BYE", "one", 2), 1000);
  assert.match(sent(records), /^SIP\/2\.0 200 /);
  assert.ok(events(records).some((event) => event.event === EventKind.CallEnded));
});
