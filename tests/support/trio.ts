// Three phones on one virtual clock, and a net between them that loses, delays, reorders and doubles.
//
//   alice 192.0.2.1    bob 192.0.2.2    carol 192.0.2.3
//
// Like Pair (pair.ts), for what two can't do: a call that goes on to somebody else.

import type { RingletModule } from "../../host/node/module.js";
import { type Event, Instance, type Said, type Send } from "./instance.js";
import { type Link, PERFECT } from "./pair.js";
import { Random } from "./random.js";

export const NAMES = ["alice", "bob", "carol"] as const;
const PORT = 5060;

/** Somebody who looks on. `side` is 0 to 2. */
export interface Onlooker {
  sent(side: number, bytes: Buffer, now: number): void;
  delivered(side: number, bytes: Buffer, now: number): void;
  said(side: number, event: Event, now: number): void;
}

/** What stands between a phone and the net, and makes it look like another. */
export interface Mask {
  says(bytes: Buffer): Buffer;
  /** What the phone is to see, or what the mask answers itself. */
  hears(bytes: Buffer): { message: Buffer } | { answer: Buffer };
}

interface Packet {
  at: number;
  from: number;
  to: number;
  bytes: Buffer;
}

export class Trio {
  now = 0;
  link: Link;
  readonly phones: readonly Instance[];
  /** What happened, one line each, if it traces. */
  readonly trace: string[] = [];
  private readonly inFlight: Packet[] = [];
  private readonly random: Random;

  /** `configs`: lines beside names and addresses, for each phone. */
  constructor(
    seed: number,
    configs: readonly string[],
    link: Link,
    private readonly onlooker: Onlooker,
    private readonly traces: boolean,
    private readonly masks: readonly (Mask | null)[] = [],
  ) {
    this.link = link;
    this.random = new Random(seed);
    this.phones = NAMES.map((name, side) => {
      const lines = [`ringlet.bind.address = ${addressOf(side)}`, "account.1.enable = 1"];
      const config = `${lines.join("\n")}\naccount.1.user_name = ${name}\n${configs[side] ?? ""}`;
      const local = { address: addressOf(side), port: PORT };
      return new Instance({ configs: [config], seed: seed * 3 + side + 1, local, hosts: {} });
    });
    this.phones.forEach((phone, side) => this.take(side, phone.start(0)));
  }

  static uri(side: number): string {
    return `sip:${NAMES[side]}@${addressOf(side)}`;
  }

  /** A command of that phone's user; answers the handle or Status, whatever it is. */
  command(side: number, run: (module: RingletModule, now: number) => number): number {
    let answer = 0;
    const said = this.phone(side).command((module) => {
      answer = run(module, this.now);
      return Math.max(answer, 0);
    }, this.now);
    this.take(side, said);
    return answer;
  }

  /** Everything up to that moment. `silent` is called whenever nothing is under way any more. */
  drive(until: number, silent: () => void = () => undefined): void {
    let wasBusy = false;
    while (this.step(until)) {
      if (wasBusy && this.packets === 0) silent();
      wasBusy = this.packets > 0;
    }
    this.now = Math.max(this.now, until);
  }

  /** Until no phone waits for anything; false when `most` ms did not suffice. */
  settle(most: number): boolean {
    const until = this.now + most;
    while (this.nextAt() < Infinity) if (!this.step(until)) return false;
    return true;
  }

  /** Datagrams that are under way. */
  get packets(): number {
    return this.inFlight.length;
  }

  note(text: () => string): void {
    if (this.traces) this.trace.push(`${(this.now / 1000).toFixed(3).padStart(9)} ${text()}`);
  }

  becomePerfect(): void {
    this.link = PERFECT;
  }

  private phone(side: number): Instance {
    const phone = this.phones[side];
    if (!phone) throw new RangeError(`phone ${side}`);
    return phone;
  }

  private nextAt(): number {
    const due = this.phones.map(({ deadline }) => (deadline < 0 ? Infinity : deadline));
    return Math.min(this.inFlight[0]?.at ?? Infinity, ...due);
  }

  private step(until: number): boolean {
    const at = this.nextAt();
    if (at > until || at === Infinity) return false;
    this.now = Math.max(this.now, at);
    const packet = this.inFlight[0];
    if (packet && packet.at <= this.now) this.deliver(this.inFlight.shift() as Packet);
    else this.tick();
    return true;
  }

  private tick(): void {
    const side = this.phones.findIndex(({ deadline }) => deadline >= 0 && deadline <= this.now);
    this.take(side, this.phone(side).tick(this.now));
  }

  private deliver({ from, to, bytes }: Packet): void {
    this.note(() => `${NAMES[from]} -> ${NAMES[to]} ${firstLine(bytes)}`);
    const phone = this.phone(to);
    const heard = (from !== to && this.masks[to]?.hears(bytes)) || { message: bytes };
    if ("answer" in heard) return this.launch(to, from, heard.answer);
    this.onlooker.delivered(to, heard.message, this.now);
    this.take(to, phone.receive(phone.flow, addressOf(from), PORT, heard.message, this.now));
  }

  private take(side: number, said: Said): void {
    for (const event of said.events) {
      this.note(() => `${NAMES[side]} ${event.name} ${event.number} ${JSON.stringify(event.fields)}`);
      this.onlooker.said(side, event, this.now);
    }
    for (const send of said.sends) this.send(side, send);
    const all = this.phone(side).said;
    for (const list of [all.sends, all.events, all.listens, all.opens, all.closes, all.resolves])
      list.length = 0;
  }

  private send(from: number, send: Send): void {
    this.onlooker.sent(from, send.bytes, this.now);
    const to = this.phones.findIndex((_, side) => addressOf(side) === send.to.address);
    if (to < 0) throw new Error(`a packet to ${send.to.address}: ${firstLine(send.bytes)}`);
    // Nobody wears a mask before himself.
    this.launch(from, to, (from !== to && this.masks[from]?.says(send.bytes)) || send.bytes);
  }

  private launch(from: number, to: number, bytes: Buffer): void {
    if (this.random.chance(this.link.loss))
      return this.note(() => `${NAMES[from]} -> ${NAMES[to]} lost: ${firstLine(bytes)}`);
    const copies = this.random.chance(this.link.duplicate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const at = this.now + this.random.between(this.link.leastDelay, this.link.mostDelay);
      let place = this.inFlight.length;
      while (place > 0 && (this.inFlight[place - 1] as Packet).at > at) place--;
      this.inFlight.splice(place, 0, { at, from, to, bytes });
    }
  }
}

function addressOf(side: number): string {
  return `192.0.2.${side + 1}`;
}

function firstLine(bytes: Buffer): string {
  const text = bytes.toString("latin1");
  const sequence = /^CSeq:\s*(.*)$/im.exec(text)?.[1] ?? "";
  const callId = /^Call-ID:\s*(.{6})/im.exec(text)?.[1] ?? "";
  return `${text.slice(0, text.indexOf("\r\n"))} (${sequence.trim()}) ${callId}`;
}
