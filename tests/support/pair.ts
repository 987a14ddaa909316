// Two phones on one virtual clock, and the link between them, which loses, delays, reorders and doubles.
//
//   phone 0 -- alice, 192.0.2.1 ------ link ------ 192.0.2.2, bob -- phone 1
//
// `step` goes to whatever comes first: a datagram that arrives, or a deadline of a phone. Nothing waits,
// so days pass in milliseconds, and what a seed did once it does always.

import { type Address, Instance, type Event, type Said, type Send } from "./instance.js";
import type { RingletModule } from "../../host/node/module.js";
import { Random } from "./random.js";

export type SideIndex = 0 | 1;

/** How the link treats a datagram. Two of different delay may overtake each other. */
export interface Link {
  /** Probability that a datagram is lost, and that it comes twice. */
  loss: number;
  duplicate: number;
  /** Every copy takes so long, in ms. */
  leastDelay: number;
  mostDelay: number;
}

export const PERFECT: Link = { loss: 0, duplicate: 0, leastDelay: 1, mostDelay: 1 };

/** Somebody who looks on. */
export interface Watcher {
  sent?(side: SideIndex, bytes: Buffer, now: number): void;
  delivered?(side: SideIndex, bytes: Buffer, now: number): void;
  said?(side: SideIndex, event: Event, now: number): void;
}

export interface PairOptions {
  /** Lines of configuration beside names and addresses, for each phone. */
  configs?: readonly [string, string];
  seed?: number;
  link?: Link;
  watcher?: Watcher;
  /** Start the phones at once (on); otherwise `start` does. */
  starts?: boolean;
  /** Keep a line for everything that happens (off: nothing is kept). */
  traces?: boolean;
  /** Of phone 0, instead of the shipped module; its traps are caught. */
  module?: WebAssembly.Module;
}

interface Packet {
  at: number;
  from: SideIndex;
  to: SideIndex;
  bytes: Buffer;
}

const NAMES = ["alice", "bob"] as const;
const ADDRESSES = ["192.0.2.1", "192.0.2.2"] as const;
const PORT = 5060;

/** Neither of the two. */
export const STRANGER: Address = { address: "192.0.2.9", port: PORT };

export class Pair {
  now = 0;
  link: Link;
  /** [from]: everything on that way is lost, what is under way included. */
  readonly isDead: [boolean, boolean] = [false, false];
  readonly phones: readonly [Instance, Instance];
  /** What happened, one line each. */
  readonly trace: string[] = [];

  private readonly inFlight: Packet[] = [];
  private readonly random: Random;
  private readonly watcher: Watcher;
  private readonly traces: boolean;
  private readonly isUp = [false, false];

  constructor(options: PairOptions = {}) {
    const seed = options.seed ?? 1;
    this.link = options.link ?? PERFECT;
    this.random = new Random(seed);
    this.watcher = options.watcher ?? {};
    this.traces = options.traces ?? false;
    const phone = (side: SideIndex) =>
      new Instance({
        configs: [configOf(side, options.configs?.[side] ?? "")],
        seed: seed * 2 + side + 1,
        local: { address: ADDRESSES[side], port: PORT },
        // There are no names here: a question gets the answer that there is none.
        hosts: {},
        ...(side === 0 && options.module ? { module: options.module, guarded: true } : {}),
      });
    this.phones = [phone(0), phone(1)];
    if (options.starts === false) return;
    this.start(0);
    this.start(1);
  }

  start(side: SideIndex): void {
    this.isUp[side] = true;
    this.take(side, this.phones[side].start(this.now));
  }

  /** What one has to dial to reach that phone. */
  static uri(side: SideIndex): string {
    return `sip:${NAMES[side]}@${ADDRESSES[side]}`;
  }

  /** A command of that phone's user; answers the handle or Status, whatever it is. */
  command(side: SideIndex, run: (module: RingletModule, now: number) => number): number {
    const phone = this.phones[side];
    let answer = 0;
    // Instance.command wants every refusal announced; a random schedule can't know.
    const said = phone.command((module) => {
      answer = run(module, this.now);
      return Math.max(answer, 0);
    }, this.now);
    this.take(side, said);
    return answer;
  }

  /** Side 0 calls side 1, or the other way round; the call's handle. */
  dial(side: SideIndex): number {
    return this.command(side, (module, now) => module.dial(0, Pair.uri(other(side)), now));
  }

  /** The events `call.state` of that phone's calls; nobody else hears of them. */
  listed(side: SideIndex): Event[] {
    const phone = this.phones[side];
    const { events } = phone.command((module) => module.list(this.now), this.now);
    phone.said.events.length = 0;
    return events;
  }

  /** A datagram of somebody else reaches that phone now; what it answers him goes nowhere. */
  inject(to: SideIndex, bytes: Uint8Array | string, from: Address = STRANGER): Said {
    const phone = this.phones[to];
    const said = phone.receive(phone.flow, from.address, from.port, bytes, this.now);
    this.take(to, said);
    return said;
  }

  /** To whatever comes first; false when nothing ever will, or not before `until`. */
  step(until = Infinity): boolean {
    const at = this.nextAt;
    if (at < 0 || at > until) return false;
    this.now = Math.max(this.now, at);
    const packet = this.inFlight[0];
    if (packet && packet.at <= this.now) this.deliver(this.inFlight.shift() as Packet);
    else this.tick();
    return true;
  }

  /** Everything up to that moment. */
  drive(until: number): void {
    while (this.step(until));
    this.now = Math.max(this.now, until);
  }

  /** Until neither phone waits for anything; false when `most` ms did not suffice. */
  settle(most = 3_600_000): boolean {
    const until = this.now + most;
    while (this.nextAt >= 0) if (!this.step(until)) return false;
    return true;
  }

  /** When the next thing happens; -1 for never. */
  get nextAt(): number {
    return sooner(this.inFlight[0]?.at ?? -1, sooner(this.deadline(0), this.deadline(1)));
  }

  /** Datagrams that are under way. */
  get packets(): number {
    return this.inFlight.length;
  }

  note(text: () => string): void {
    if (this.traces) this.trace.push(`${(this.now / 1000).toFixed(3).padStart(9)} ${text()}`);
  }

  private deadline(side: SideIndex): number {
    return this.isUp[side] ? this.phones[side].deadline : -1;
  }

  private tick(): void {
    const side = this.deadline(0) >= 0 && this.deadline(0) <= this.now ? 0 : 1;
    this.take(side, this.phones[side].tick(this.now));
  }

  private deliver(packet: Packet): void {
    const { from, to, bytes } = packet;
    if (this.isDead[from] || !this.isUp[to])
      return this.note(() => `${arrow(from)} lost: ${firstLine(bytes)}`);
    this.note(() => `${arrow(from)} ${firstLine(bytes)}`);
    const phone = this.phones[to];
    const said = phone.receive(phone.flow, ADDRESSES[from], PORT, bytes, this.now);
    this.watcher.delivered?.(to, bytes, this.now);
    this.take(to, said);
  }

  /** Puts what the phone said on the link, and forgets it: a day of calls would fill the memory of the test. */
  private take(side: SideIndex, said: Said): void {
    for (const event of said.events) {
      this.note(() => `${NAMES[side]} ${event.name} ${event.number} ${JSON.stringify(event.fields)}`);
      this.watcher.said?.(side, event, this.now);
    }
    for (const send of said.sends) this.send(side, send);
    const all = this.phones[side].said;
    for (const list of [all.sends, all.events, all.listens, all.opens, all.closes, all.resolves])
      list.length = 0;
  }

  private send(from: SideIndex, send: Send): void {
    this.watcher.sent?.(from, send.bytes, this.now);
    const to = other(from);
    const arrives = send.to.address === ADDRESSES[to] && send.to.port === PORT;
    const isLost = !arrives || this.isDead[from] || this.random.chance(this.link.loss);
    if (isLost) return this.note(() => `${arrow(from)} lost: ${firstLine(send.bytes)}`);
    const copies = this.random.chance(this.link.duplicate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) this.fly({ at: this.arrival(), from, to, bytes: send.bytes });
  }

  private arrival(): number {
    return this.now + this.random.between(this.link.leastDelay, this.link.mostDelay);
  }

  /** In the order of arrival; of two for the same moment the one sent first. */
  private fly(packet: Packet): void {
    let place = this.inFlight.length;
    while (place > 0 && (this.inFlight[place - 1] as Packet).at > packet.at) place--;
    this.inFlight.splice(place, 0, packet);
  }
}

/** The earlier of two moments of which -1 is none. */
function sooner(one: number, two: number): number {
  return one < 0 || two < 0 ? Math.max(one, two) : Math.min(one, two);
}

export function other(side: SideIndex): SideIndex {
  return side === 0 ? 1 : 0;
}

function configOf(side: SideIndex, more: string): string {
  const lines = [
    `ringlet.bind.address = ${ADDRESSES[side]}`,
    "account.1.enable = 1",
    `account.1.user_name = ${NAMES[side]}`,
  ];
  return `${lines.join("\n")}\n${more}`;
}

function arrow(from: SideIndex): string {
  return from === 0 ? "alice --> bob" : "alice <-- bob";
}

function firstLine(bytes: Buffer): string {
  const text = bytes.toString("latin1");
  const sequence = /^CSeq:\s*(.*)$/im.exec(text)?.[1] ?? "";
  return `${text.slice(0, text.indexOf("\r\n"))} (${sequence.trim()})`;
}
