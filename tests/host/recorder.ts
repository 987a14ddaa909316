// Flows without a module: what they tell is noted, and waited for.

import { Transport } from "../../host/node/abi.js";
import { type FlowEvents, Flows } from "../../host/node/flows.js";
import { RecordKind } from "../../host/node/abi.js";
import type { Address, Listen, Open } from "../../host/node/records.js";

/** One thing that was told. */
export interface Told {
  what: "opened" | "accepted" | "received" | "sendFailed" | "closed";
  flow: number;
  local?: Address;
  peer?: Address;
  names?: string;
  bytes?: Uint8Array;
  error?: Error | undefined;
}

const TIMEOUT_MS = 10_000;

export class Recorder implements FlowEvents {
  readonly told: Told[] = [];
  readonly flows = new Flows(this);
  /** What the module would say in the drain behind it. */
  react: (told: Told) => void = () => {};
  /** Whether connections that come in are taken. */
  isTaking = true;

  private nextHandle = 1000;
  private waiting: (() => void)[] = [];
  private seen = 0;

  opened(flow: number, local: Address, peer: Address, names: string): number {
    this.note({ what: "opened", flow, local, peer, names });
    return 0;
  }

  accepted(
    _listening: number,
    local: Address,
    peer: Address,
    names: string,
    take: (flow: number) => void,
  ): void {
    const flow = this.isTaking ? this.nextHandle++ : -1;
    if (flow > 0) take(flow);
    this.note({ what: "accepted", flow, local, peer, names });
  }

  received(flow: number, peer: Address, bytes: Uint8Array): void {
    this.note({ what: "received", flow, peer, bytes: Buffer.from(bytes) });
  }

  sendFailed(flow: number, peer: Address): void {
    this.note({ what: "sendFailed", flow, peer });
  }

  closed(flow: number, peer: Address, error?: Error): void {
    this.note({ what: "closed", flow, peer, error });
  }

  /** The next one of this kind; those before it are passed over. */
  async next(what: Told["what"]): Promise<Told> {
    for (;;) {
      while (this.seen < this.told.length) {
        const told = this.told[this.seen++];
        if (told?.what === what) return told;
      }
      await this.more(what);
    }
  }

  /** Everything that was told of this kind. */
  all(what: Told["what"]): Told[] {
    return this.told.filter((told) => told.what === what);
  }

  /** What came in on a flow, once it is so long. */
  async bytes(flow: number, length: number): Promise<Buffer> {
    for (;;) {
      const parts = this.told.filter((told) => told.what === "received" && told.flow === flow);
      const whole = Buffer.concat(parts.map(({ bytes = Buffer.alloc(0) }) => bytes));
      if (whole.length >= length) return whole;
      await this.more(`${length} bytes`);
    }
  }

  /** Listens; answers where. */
  async listen(flow: number, transport: Transport, address = "127.0.0.1"): Promise<Address> {
    await this.flows.listen(listenOf(flow, transport, { address, port: 0 }));
    const { local } = await this.next("opened");
    return local as Address;
  }

  open(flow: number, transport: Transport, to: Address, name = ""): void {
    this.flows.open(openOf(flow, transport, to, name));
  }

  private note(told: Told): void {
    this.told.push(told);
    this.react(told);
    for (const wake of this.waiting.splice(0)) wake();
  }

  private more(what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timeout = setTimeout(
        () => reject(new Error(`${what} did not come: ${JSON.stringify(this.told)}`)),
        TIMEOUT_MS,
      );
      this.waiting.push(() => {
        clearTimeout(timeout);
        resolve();
      });
    });
  }
}

export function listenOf(flow: number, transport: Transport, local: Address): Listen {
  return { kind: RecordKind.Listen, flow, transport, local, dscp: 0 };
}

export function openOf(flow: number, transport: Transport, to: Address, name: string): Open {
  return { kind: RecordKind.Open, flow, transport, to, name, dscp: 0 };
}
