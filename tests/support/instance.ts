// One phone on virtual time: the shipped module without sockets, clock or names.
//
// Every call answers what the module said because of it; `said` holds everything since the beginning.
// A Listen is granted at once with the address given to the constructor, and so is the question for
// the local address; names are answered from `hosts`, where that is given, and else left to the test.

import { Question, RecordKind, Status, Transport } from "../../host/node/abi.js";
import { compileModule, RingletModule, type Snapshot } from "../../host/node/module.js";
import type {
  Address,
  Close,
  Event,
  Listen,
  Open,
  OutputRecord,
  Resolve,
  Send,
} from "../../host/node/records.js";
import { recordFromNow } from "./record.js";

export type { Address, Close, Event, Fields, Listen, Open, Resolve, Send } from "../../host/node/records.js";

/** What the module said, by kind, in order. */
export interface Said {
  sends: Send[];
  events: Event[];
  listens: Listen[];
  /** Connections that it asks for; the test opens or refuses them. */
  opens: Open[];
  closes: Close[];
  resolves: Resolve[];
  /** When it wants the next tick, in milliseconds; -1 for never. */
  deadline: number;
}

export interface InstanceOptions {
  /** Texts of configuration files, lowest first. */
  configs?: string[];
  /** 32 bytes, or a number that stands for 32 bytes made of it. */
  seed?: Uint8Array | number;
  /** What a Listen is answered with; a port that the module names is kept. */
  local?: Address;
  /** Its sockets are bound to every interface: the module has to ask for the address that `local` says. */
  isEverywhere?: boolean;
  /** name -> addresses; a name that is missing here is answered with nothing. */
  hosts?: Record<string, string[]>;
  /** "SRV _sip._udp.example.com" -> the lines of its answer, time to live last; before `hosts`. */
  dns?: Record<string, string[]>;
  /** Save the state before every call, so that a trap becomes a `fault` event (off: a trap fails the test). */
  guarded?: boolean;
  /** Sees the module before its first call. */
  created?: (instance: Instance) => unknown;
  /** Instead of the shipped module. */
  module?: WebAssembly.Module;
}

const NOBODY: Address = { address: "", port: 0 };
let shipped: WebAssembly.Module | undefined;

export class Instance {
  module: RingletModule;
  /** The flow of UDP that was granted. */
  flow = 0;
  /** The listening flows that were granted. */
  readonly listeners = new Map<Transport, number>();
  /** Where this phone is reached. */
  local: Address;
  /** Everything said since the beginning. */
  readonly said: Said = nothing();

  /** The test may change it at any time. */
  readonly dns: Record<string, string[]> | undefined;
  private readonly hosts: Record<string, string[]> | undefined;
  private readonly isEverywhere: boolean;
  private readonly compiled: WebAssembly.Module;

  constructor(options: InstanceOptions = {}) {
    this.compiled = options.module ?? (shipped ??= compileModule());
    this.module = new RingletModule(this.compiled, { guarded: options.guarded ?? false });
    this.local = options.local ?? { address: "192.0.2.10", port: 5060 };
    this.hosts = options.hosts;
    this.dns = options.dns;
    this.isEverywhere = options.isEverywhere ?? false;
    recordFromNow(this.module);
    options.created?.(this);
    this.must(this.module.init(seedBytes(options.seed ?? 1)), "init");
    this.collect(0);
    (options.configs ?? []).forEach((text, layer) => {
      this.must(this.module.provision(text, layer), "provision");
      this.collect(0);
    });
  }

  start(now = 0): Said {
    this.must(this.module.start(now), "start");
    return this.collect(now);
  }

  /** A datagram arrives. */
  receive(flow: number, peer: string, port: number, bytes: Uint8Array | string, now: number): Said {
    const datagram = typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes;
    this.module.receive(flow, { address: peer, port }, datagram, now);
    return this.collect(now);
  }

  tick(now: number): Said {
    this.module.tick(now);
    return this.collect(now);
  }

  /** The phone is killed and started again from a state that was saved, or from the present one. */
  restart(now: number, isMediaAlive = true, saved: Snapshot = this.module.snapshot()): Said {
    this.module = new RingletModule(this.compiled, { guarded: false });
    this.module.adopt(saved);
    this.must(this.module.survived(isMediaAlive, now), "survived");
    return this.collect(now);
  }

  /** Ticks at each deadline up to `until`, and leaves the clock there. */
  advance(from: number, until: number): Said {
    const said = nothing();
    let now = from;
    while (this.deadline >= 0 && this.deadline <= until) {
      now = Math.max(now, this.deadline);
      merge(said, this.tick(now));
    }
    said.deadline = this.deadline;
    return said;
  }

  /** The connection of an Open is there. */
  opened(flow: number, local: Address, peer: Address, names: string, now: number): Said {
    this.must(this.module.flowOpened(flow, local, peer, names, now), "flow opened");
    return this.collect(now);
  }

  /** A connection came in: its handle, or a negative Status. */
  accepted(
    transport: Transport,
    local: Address,
    peer: Address,
    names: string,
    now: number,
  ): Said & { handle: number } {
    const handle = this.module.accepted(this.listeners.get(transport) ?? 0, local, peer, names, now);
    return { ...this.collect(now), handle };
  }

  flowClosed(flow: number, now: number): Said {
    this.module.flowClosed(flow, now);
    return this.collect(now);
  }

  sendFailed(flow: number, peer: string, port: number, now: number): Said {
    this.module.sendFailed(flow, { address: peer, port }, now);
    return this.collect(now);
  }

  /** `answer`: one "ADDRESS TTL" a line. */
  resolved(query: number, answer: string, now: number): Said {
    this.module.resolved(query, answer, now);
    return this.collect(now);
  }

  /**
   * Any command of the module: `phone.command((m) => m.dial(0, "...", now), now)`.
   * Fails on a negative status, unless `refused` says which one is expected.
   */
  command(
    run: (module: RingletModule) => number,
    now: number,
    refused: Status = Status.Ok,
  ): Said & { handle: number } {
    const handle = run(this.module);
    if (refused === Status.Ok) this.must(handle, "command");
    else if (handle !== refused)
      throw new Error(`command: expected ${Status[refused]}, got ${Status[handle] ?? handle}`);
    return { ...this.collect(now), handle };
  }

  get deadline(): number {
    return this.module.deadline;
  }

  /** Reads out what the last call said, answering what can be answered at once. */
  private collect(now: number): Said {
    const said = nothing();
    const records = this.module.drain();
    for (const record of records) sort(record, said);
    said.deadline = this.module.deadline;
    merge(this.said, said);
    for (const listen of [...said.listens]) merge(said, this.openFlow(listen, now));
    for (const question of [...said.resolves]) merge(said, this.answerQuestion(question, now));
    return said;
  }

  /** This machine has one address: a socket of the other family can't be had. */
  private openFlow(listen: Listen, now: number): Said {
    if (listen.local.address.includes(":") !== this.local.address.includes(":")) {
      this.module.flowClosed(listen.flow, now);
      return this.collect(now);
    }
    const port = listen.local.port > 0 ? listen.local.port : this.local.port;
    if (listen.transport === Transport.Udp) this.local = { address: this.local.address, port };
    if (listen.transport === Transport.Udp) this.flow = listen.flow;
    else this.listeners.set(listen.transport, listen.flow);
    const bound = { address: (this.isEverywhere ? listen.local : this.local).address, port };
    this.must(this.module.flowOpened(listen.flow, bound, NOBODY, "", now), "flow opened");
    return this.collect(now);
  }

  private answerQuestion(resolve: Resolve, now: number): Said {
    if (resolve.question === Question.LocalAddress)
      return this.resolved(resolve.query, `${this.local.address} 0\n`, now);
    if (!this.hosts && !this.dns) return nothing(this.deadline);
    const lines = this.dns?.[`${Question[resolve.question].toUpperCase()} ${resolve.name}`];
    if (lines) return this.resolved(resolve.query, lines.map((each) => `${each}\n`).join(""), now);
    const isWanted = (address: string) => address.includes(":") === (resolve.question === Question.Aaaa);
    const found = (this.hosts?.[resolve.name] ?? []).filter(isWanted);
    return this.resolved(resolve.query, found.map((address) => `${address} 300\n`).join(""), now);
  }

  private must(status: number, what: string): void {
    if (status < 0) throw new Error(`${what}: ${Status[status] ?? status}`);
  }
}

function nothing(deadline = -1): Said {
  return { sends: [], events: [], listens: [], opens: [], closes: [], resolves: [], deadline };
}

function sort(record: OutputRecord, said: Said): void {
  if (record.kind === RecordKind.Send) said.sends.push(record);
  else if (record.kind === RecordKind.Event) said.events.push(record);
  else if (record.kind === RecordKind.Listen) said.listens.push(record);
  else if (record.kind === RecordKind.Open) said.opens.push(record);
  else if (record.kind === RecordKind.Close) said.closes.push(record);
  else if (record.kind === RecordKind.Resolve) said.resolves.push(record);
}

function merge(into: Said, more: Said): void {
  into.sends.push(...more.sends);
  into.events.push(...more.events);
  into.listens.push(...more.listens);
  into.opens.push(...more.opens);
  into.closes.push(...more.closes);
  into.resolves.push(...more.resolves);
  into.deadline = more.deadline;
}

function seedBytes(seed: Uint8Array | number): Uint8Array {
  if (typeof seed !== "number") return seed;
  const bytes = Buffer.alloc(32);
  for (let i = 0; i < 8; i++) bytes.writeUInt32LE((Math.imul(seed + i, 0x9e3779b1) ^ i) >>> 0, i * 4);
  return bytes;
}
