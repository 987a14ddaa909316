// A phone of the shipped module whose loops are counted, and what a message costs it.
//
// Every count is taken by a phone of its own, so that nothing of one message is left for the next.

import assert from "node:assert/strict";
import { RecordKind } from "../../host/node/abi.js";
import { RingletModule } from "../../host/node/module.js";
import { countedModule, workOf } from "../support/counted.js";
import { offer, STRANGER } from "./shot.js";

const CONFIG = "ringlet.bind.address = 192.0.2.10\naccount.1.enable = 1\naccount.1.user_name = alice\n";
const compiled = countedModule();

/** Turns of loops. */
export interface Work {
  received: number;
  judged: number;
}

export class CountedPhone {
  private readonly module = new RingletModule(compiled, { guarded: false });
  private flow = 0;

  constructor() {
    this.module.init(Buffer.alloc(32, 7));
    this.module.drain();
    this.module.provision(CONFIG, 0);
    this.module.drain();
    this.module.start(0);
    for (const record of this.module.drain()) if (record.kind === RecordKind.Listen) this.flow = record.flow;
    this.module.flowOpened(this.flow, { address: "192.0.2.10", port: 5060 }, STRANGER, "", 0);
    this.module.drain();
  }

  receive(bytes: Buffer): number {
    return this.count(() => this.module.receive(this.flow, STRANGER, bytes, 0));
  }

  judge(bytes: Buffer): number {
    return this.count(() => this.module.judge(bytes));
  }

  /** Calls the stranger, who sends this back: his answer, or with `request` a request behind a plain 200. */
  inCall(status: number, parts: Back, request = ""): { turns: number; bytes: number } {
    this.module.dial(0, "sip:eve@192.0.2.99", 0);
    const sent = this.module.drain().find((record) => record.kind === RecordKind.Send);
    const invite = sent?.kind === RecordKind.Send ? sent.bytes.toString("latin1") : "";
    assert.match(invite, /^INVITE /);
    if (request) this.receive(answerTo(invite, 200, { body: offer() }));
    const back = request ? requestIn(invite, request, parts) : answerTo(invite, status, parts);
    return { turns: this.receive(back), bytes: back.length };
  }

  private count(run: () => unknown): number {
    const before = workOf(this.module, compiled);
    run();
    const work = workOf(this.module, compiled) - before;
    this.module.drain();
    return work;
  }
}

/** What comes back in a call: more header lines, and a body. */
export interface Back {
  lines?: string[];
  body?: string;
}

const rowOf = (invite: string, name: string): string =>
  new RegExp(`^${name}: (.*)\r$`, "m").exec(invite)?.[1] ?? "";

function write(start: string, rows: string[], { lines = [], body = "" }: Back): Buffer {
  const length = `Content-Length: ${body.length}`;
  const type = body ? ["Content-Type: application/sdp"] : [];
  return Buffer.from([start, ...rows, ...lines, ...type, length, "", body].join("\r\n"), "latin1");
}

function answerTo(invite: string, status: number, parts: Back): Buffer {
  const rows = ["Via", "From", "Call-ID", "CSeq"].map((name) => `${name}: ${rowOf(invite, name)}`);
  const own = [`To: ${rowOf(invite, "To")};tag=eve`, "Contact: <sip:eve@192.0.2.99>"];
  return write(`SIP/2.0 ${status} Words`, [...rows, ...own], parts);
}

function requestIn(invite: string, method: string, parts: Back): Buffer {
  const rows = [
    "Via: SIP/2.0/UDP 192.0.2.99;branch=z9hG4bKback",
    `From: ${rowOf(invite, "To")};tag=eve`,
    `To: ${rowOf(invite, "From")}`,
    `Call-ID: ${rowOf(invite, "Call-ID")}`,
    `CSeq: 1 ${method}`,
  ];
  return write(`${method} sip:alice@192.0.2.10 SIP/2.0`, rows, parts);
}

export function workOn(bytes: Buffer): Work {
  const phone = new CountedPhone();
  return { judged: phone.judge(bytes), received: phone.receive(bytes) };
}
