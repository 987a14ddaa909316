// What must be true of any life of three phones that call, hold and transfer each other.
//
//   T1  each request gets one final response, and no other one beside it
//   T2  both ends agree at rest: a call is up on both sides or on neither, and what one sends the other expects
//   T3  nothing is sent, and no timer is left, after the end
//   T4  no state is left behind: every pool is as it was at the start

import type { Event } from "../support/instance.js";
import { NAMES, type Onlooker } from "../support/trio.js";
import { readWire } from "./wire.js";

/** One end of a call. */
interface End {
  side: number;
  handle: number;
  isUp: boolean;
  hasEnded: boolean;
  /** Of the newest `call.media`. */
  direction: string;
}

/** How much a run has seen, so that a test can tell that it tested something. */
export interface Tally {
  calls: number;
  holds: number;
  refreshes: number;
  transfers: number;
  replaced: number;
  notices: number;
  restsCompared: number;
}

export const NOTHING_SEEN: Tally = {
  calls: 0,
  holds: 0,
  refreshes: 0,
  transfers: 0,
  replaced: 0,
  notices: 0,
  restsCompared: 0,
};

const MIRROR: Record<string, string> = {
  sendrecv: "sendrecv",
  sendonly: "recvonly",
  recvonly: "sendonly",
  inactive: "inactive",
};

export class TransferInvariants implements Onlooker {
  readonly tally = { ...NOTHING_SEEN };
  /** Call-ID -> its ends. A phone that is sent on to itself has both. */
  private readonly calls = new Map<string, End[]>();
  private readonly byHandle = [new Map<number, End>(), new Map<number, End>(), new Map<number, End>()];
  /** Handles of calls whose INVITE has not left yet. */
  private readonly unsent: number[][] = [[], [], []];
  /** Call-ID of what is being handled. */
  private arrived = "";
  /** Requests that arrived, by side and transaction: the final status, 0 before it. */
  private readonly finals = new Map<string, number>();

  sent(side: number, bytes: Buffer): void {
    const wire = readWire(bytes);
    if (wire.isRequest) {
      const isFirst = wire.method === "INVITE" && !this.calls.has(wire.callId);
      const handle = isFirst ? this.unsent[side]?.shift() : undefined;
      if (handle !== undefined) this.meet(side, wire.callId, handle);
      return;
    }
    if (wire.status < 200) return;
    const key = keyOf(side, wire.text, wire.method);
    const before = this.finals.get(key);
    if (before === undefined) throw new Error(`T1: ${wire.status} to nothing that arrived: ${key}`);
    if (before !== 0 && before !== wire.status)
      throw new Error(`T1: ${wire.status} after ${before} to ${wire.method}: ${key}`);
    this.finals.set(key, wire.status);
  }

  delivered(side: number, bytes: Buffer): void {
    const wire = readWire(bytes);
    this.arrived = wire.callId;
    if (!wire.isRequest || wire.method === "ACK") return;
    const key = keyOf(side, wire.text, wire.method);
    if (!this.finals.has(key)) this.finals.set(key, 0);
  }

  said(side: number, event: Event): void {
    const { name, call, fields } = event;
    if (name === "call.outgoing") this.unsent[side]?.push(call);
    else if (name === "call.incoming") this.meet(side, this.arrived, call);
    else if (name === "call.transferred") this.tally.transfers++;
    else if (name === "call.replaced") this.tally.replaced++;
    else if (name === "call.refreshed") this.tally.refreshes++;
    else if (name === "call.notice") this.tally.notices++;
    const end = this.byHandle[side]?.get(call);
    if (!end) return;
    if (name === "call.established") {
      end.isUp = true;
      this.tally.calls++;
    } else if (name === "call.media") {
      end.direction = String(fields["direction"]);
      if (end.isUp && end.direction === "sendonly") this.tally.holds++;
    } else if (name === "call.ended") end.hasEnded = true;
  }

  /** Of calls that go on: handle by side. */
  *lasting(): Generator<{ side: number; handle: number }> {
    for (const ends of this.calls.values())
      for (const { side, handle, hasEnded } of ends) if (!hasEnded) yield { side, handle };
  }

  /** T2, when nothing is under way and nothing is waited for but refreshes. */
  compare(): void {
    for (const [callId, ends] of this.calls) {
      const told = () =>
        `${callId}: ${ends.map((end) => `${NAMES[end.side]} ${JSON.stringify(end)}`).join(", ")}`;
      const list = ends.filter(({ hasEnded }) => !hasEnded);
      if (list.length === 0) continue;
      const [one, two] = list;
      if (!one || !two || !one.isUp || !two.isUp) throw new Error(`T2: one end only: ${told()}`);
      if (MIRROR[one.direction] !== two.direction) throw new Error(`T2: directions: ${told()}`);
      this.tally.restsCompared++;
    }
  }

  /** T1 and T3, when everything is over. */
  checkEnds(): void {
    for (const { side, handle } of this.lasting())
      throw new Error(`T3: call ${handle} of ${NAMES[side]} never ended`);
    for (const [key, status] of this.finals)
      if (status === 0) throw new Error(`T1: no final response: ${key}`);
  }

  private meet(side: number, callId: string, handle: number): void {
    const ends = this.calls.get(callId) ?? [];
    this.calls.set(callId, ends);
    const end = { side, handle, isUp: false, hasEnded: false, direction: "" };
    ends.push(end);
    this.byHandle[side]?.set(handle, end);
  }
}

/** Whose transaction: the topmost Via's branch and the method (RFC 3261 §17.2.3). */
function keyOf(side: number, text: string, method: string): string {
  return `${NAMES[side]} ${method} ${/;branch=([^;\r\s,]+)/.exec(text)?.[1] ?? ""}`;
}
