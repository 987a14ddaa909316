// What a message costs does not depend on how many transactions linger.

import assert from "node:assert/strict";
import { test } from "node:test";
import { RecordKind } from "../../host/node/abi.js";
import { RingletModule } from "../../host/node/module.js";
import { countedModule, workOf } from "../support/counted.js";

const CONFIG = `ringlet.bind.address = 192.0.2.1
ringlet.capacity.transactions = 100000
account.1.enable = 1
account.1.user_name = alice
`;
const PEER = { address: "192.0.2.9", port: 5060 };

class CountedPhone {
  private readonly compiled = countedModule();
  private readonly module = new RingletModule(this.compiled, { guarded: false });
  private flow = 0;
  private count = 0;

  constructor() {
    this.module.init(Buffer.alloc(32, 7));
    this.module.drain();
    this.module.provision(CONFIG, 0);
    this.module.drain();
    this.module.start(0);
    for (const record of this.module.drain()) if (record.kind === RecordKind.Listen) this.flow = record.flow;
    this.module.flowOpened(this.flow, { address: "192.0.2.1", port: 5060 }, PEER, "", 0);
    this.module.drain();
  }

  /** Its 404 lingers: nobody acknowledges it. */
  linger(): void {
    this.receive("INVITE", "nobody");
  }

  /** Loop turns that a request and its response cost. */
  costOf(method: string): number {
    const before = workOf(this.module, this.compiled);
    this.receive(method, "alice");
    return workOf(this.module, this.compiled) - before;
  }

  private receive(method: string, user: string): void {
    const n = String(++this.count).padStart(8, "0");
    const request = [
      `${method} sip:${user}@192.0.2.1 SIP/2.0`,
      `Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK${n}`,
      `From: <sip:bob@192.0.2.9>;tag=${n}`,
      "To: <sip:alice@192.0.2.1>",
      `Call-ID: ${n}`,
      `CSeq: 1 ${method}`,
      "Content-Length: 0",
      "",
      "",
    ].join("\r\n");
    assert.equal(this.module.receive(this.flow, PEER, Buffer.from(request), 0), 0);
    const sent = this.module.drain().filter((record) => record.kind === RecordKind.Send).length;
    assert.equal(sent, 1, `request ${n} was not answered`);
  }
}

/** Few turns more for a deeper heap of deadlines; a chain or a list that grows would cost thousands. */
const MARGIN = 1.2;

test("with 70,000 lingering transactions a request costs what it costs with 70", () => {
  const phone = new CountedPhone();
  for (let n = 0; n < 70; n++) phone.linger();
  const before = { OPTIONS: phone.costOf("OPTIONS"), BYE: phone.costOf("BYE") };
  for (let n = 0; n < 70_000; n++) phone.linger();
  for (const method of ["OPTIONS", "BYE"] as const) {
    const after = phone.costOf(method);
    assert.ok(before[method] > 10, "the loops are counted");
    assert.ok(after < before[method] * MARGIN, `${method}: ${before[method]} turns, then ${after}`);
  }
});
