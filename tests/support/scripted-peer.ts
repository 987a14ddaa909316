// A phone and a peer that follows the test's script, both on virtual time: a test reads like a wire trace.
//
// The peer sits at 192.0.2.20:5060, the phone at 192.0.2.10:5060. The phone only moves when it is told to
// (`phone`), when a datagram reaches it (`peer.sends`, `peer.replies`, `peer.requests`) or when time
// passes (`after`, `runTo`). What the phone sends waits in order until `peer.expects` takes it. Whatever
// fails prints the ladder of everything that was said so far, with times.

import assert from "node:assert/strict";
import type { RingletModule, Snapshot } from "../../host/node/module.js";
import { Status, Transport } from "../../host/node/abi.js";
import {
  type Address,
  type Event,
  Instance,
  type InstanceOptions,
  type Open,
  type Said,
} from "./instance.js";
import type { Stream } from "./stream.js";
import { type Datagram, type Headers, message, read, sdp, write } from "./sip-text.js";

export type { Event } from "./instance.js";
export { type Datagram, type Headers, message, read, sdp, type SdpOptions } from "./sip-text.js";

export const PHONE = { address: "192.0.2.10", port: 5060 };
export const PEER = { address: "192.0.2.20", port: 5060 };

/** What the peer knows of a dialog. */
export interface PeerDialog {
  callId: string;
  /** From of the peer's requests, with its tag. */
  localParty: string;
  /** To of the peer's requests, with the phone's tag. */
  remoteParty: string;
  /** Contact of the phone. */
  target: string;
  /** CSeq of the peer's last request. */
  cseq: number;
  /** CSeq of the INVITE that the peer sent last. */
  inviteCSeq: number;
}

export interface Parts {
  headers?: Headers;
  /** A body with Content-Type application/sdp, unless `headers` say something else. */
  body?: string;
  /** Another tag than the peer's usual one. */
  tag?: string;
  reason?: string;
  /** Comes from, or claims to be at, another address than the peer's. */
  from?: Address;
  /** Keeps the Request-URI of the caller. */
  uri?: string;
  cseq?: number;
}

export interface PeerOptions {
  address?: string;
  port?: number;
  /** User part of its Contact and From. */
  user?: string;
  tag?: string;
}

export interface ConnectOptions extends Omit<InstanceOptions, "configs"> {
  /** Lines of the phone's configuration, above the usual ones. */
  config?: string;
  /** Instead of the usual ones: account 1 is alice@192.0.2.10, without server. */
  baseConfig?: string;
  peer?: PeerOptions;
  /** The accounts register at their servers; without it they don't, and the test is about something else. */
  registers?: boolean;
}

const UNREGISTERED = Array.from({ length: 16 }, (_, i) => `account.${i + 1}.register.enable = 0\n`).join("");

const BASE_CONFIG = `#!version:1.0.0.1
ringlet.bind.address = ${PHONE.address}
account.1.enable = 1
account.1.user_name = alice
account.1.display_name = Alice
`;

export interface Connected {
  phone: Phone;
  peer: Peer;
  wire: Wire;
  /** Lets so many milliseconds pass. */
  after(ms: number): void;
  /** Lets time pass until this moment, counted from the start. */
  runTo(ms: number): void;
  at(ms: number): void;
}

/** A phone that has started, and a peer that faces it. */
export function connect(options: ConnectOptions = {}): Connected {
  const { config, baseConfig, peer: peerOptions, registers, ...rest } = options;
  const base = baseConfig ?? BASE_CONFIG;
  const configs = [registers ? base : `${base}\n${UNREGISTERED}`];
  if (config) configs.push(`#!version:1.0.0.1\n${config}\n`);
  const wire = new Wire(new Instance({ ...rest, configs }));
  const phone = new Phone(wire);
  const peer = new Peer(wire, peerOptions ?? {});
  wire.start();
  phone.event("phone.ready");
  const runTo = (ms: number): void => wire.runTo(ms);
  return { phone, peer, wire, runTo, at: runTo, after: (ms) => wire.runTo(wire.now + ms) };
}

/** Everything between the two: time, and what was said. */
export class Wire {
  now = 0;
  /** Sent by the phone and not yet taken by `expects`. */
  readonly waiting: Datagram[] = [];
  /** Said by the phone and not yet taken by `phone.event`. */
  readonly events: Event[] = [];
  /** Connections that the phone asked for and nobody has opened yet, those that it closed, and its line ends. */
  readonly opens: Open[] = [];
  readonly closed: number[] = [];
  readonly lineEnds: string[] = [];
  /** What is no text at all: requests to STUN servers. */
  readonly binary: { bytes: Buffer; to: Address; atMs: number }[] = [];
  /** Every datagram, both ways. */
  readonly all: Datagram[] = [];
  private readonly ladder: string[] = [];

  constructor(readonly instance: Instance) {
    this.take(instance.said);
  }

  start(): void {
    this.take(this.instance.start(this.now));
  }

  /** The peer's bytes reach the phone, over UDP or on a connection. */
  deliver(text: string, from: Address, flow?: number): Datagram {
    const datagram = read(text, "peer", from, this.now);
    this.note(datagram);
    if (flow !== undefined) this.stream(flow, text);
    else this.take(this.instance.receive(this.instance.flow, from.address, from.port, text, this.now));
    return datagram;
  }

  /** Some bytes of a connection. */
  stream(flow: number, bytes: string | Uint8Array): void {
    this.take(this.instance.receive(flow, "", 0, bytes, this.now));
  }

  command(run: (module: RingletModule) => number, refused?: Status): number {
    const said = this.instance.command(run, this.now, refused);
    this.take(said);
    return said.handle;
  }

  /** The phone is killed, and started again from a state that was saved, or from the present one. */
  restart(isMediaAlive = true, saved?: Snapshot): void {
    this.take(this.instance.restart(this.now, isMediaAlive, saved));
  }

  runTo(until: number): void {
    assert.ok(until >= this.now, `time can't go back from ${this.now} to ${until}`);
    while (this.tick(until));
    this.now = until;
  }

  /** Stops at the tick that sends something, or at `until`. */
  runUntilSent(until: number): void {
    while (this.waiting.length === 0) {
      if (this.tick(until)) continue;
      this.now = until;
      return;
    }
  }

  /** Moves to the next deadline; false if there is none up to `until`. */
  private tick(until: number): boolean {
    const deadline = this.instance.deadline;
    if (deadline < 0 || deadline > until) return false;
    this.now = Math.max(this.now, deadline);
    this.take(this.instance.tick(this.now));
    return true;
  }

  /** Ends the test with everything that was said. */
  fail(why: string): never {
    const last = this.all.slice(-2).map((each) => `--- ${each.sentBy}\n${each.text}`);
    const ladder = this.ladder.slice(-120).join("\n");
    throw new assert.AssertionError({
      message: `${why} (at ${this.now} ms)\n${ladder}\n${last.join("\n")}`,
      stackStartFn: this.fail,
    });
  }

  take(said: Said): void {
    this.opens.push(...said.opens);
    this.closed.push(...said.closes.map(({ flow }) => flow));
    for (const send of said.sends) {
      if ((send.bytes[0] ?? 0) < 8) {
        this.binary.push({ bytes: Buffer.from(send.bytes), to: send.to, atMs: this.now });
        continue;
      }
      if (send.bytes.toString("latin1").trim() === "") {
        this.lineEnds.push(send.bytes.toString("latin1"));
        continue;
      }
      const datagram = { ...read(send.bytes.toString("utf8"), "phone", send.to, this.now), flow: send.flow };
      this.waiting.push(datagram);
      this.note(datagram);
    }
    for (const event of said.events) {
      this.events.push(event);
      this.ladder.push(`${stamp(this.now)}   * ${event.name} ${JSON.stringify(event.fields)}`);
    }
  }

  private note(datagram: Datagram): void {
    this.all.push(datagram);
    const arrow = datagram.sentBy === "phone" ? "-->" : "<--";
    const { address, port } = datagram.address;
    this.ladder.push(
      `${stamp(this.now)} ${arrow} ${datagram.startLine}   (CSeq ${datagram.header("CSeq")}, ${address}:${port})`,
    );
  }
}

/** What the user of the phone does, and what the phone tells. */
export class Phone {
  /** Handle of the call that commands are about: the latest, unless a test sets another. */
  call = 0;

  constructor(private readonly wire: Wire) {}

  dials(uri: string, account = 0): number {
    this.call = this.wire.command((m) => m.dial(account, uri, this.wire.now));
    return this.call;
  }

  answers(call = this.call): void {
    this.wire.command((m) => m.answer(call, this.wire.now));
  }

  rejects(status = 0, call = this.call): void {
    this.wire.command((m) => m.reject(call, status, this.wire.now));
  }

  hangsUp(call = this.call): void {
    this.wire.command((m) => m.hangup(call, this.wire.now));
  }

  holds(call = this.call): void {
    this.wire.command((m) => m.hold(call, this.wire.now));
  }

  resumes(call = this.call): void {
    this.wire.command((m) => m.resume(call, this.wire.now));
  }

  transfers(uri: string, call = this.call): void {
    this.wire.command((m) => m.transfer(call, uri, this.wire.now));
  }

  transfersTo(call: number, other: number): void {
    this.wire.command((m) => m.transferTo(call, other, this.wire.now));
  }

  sendsDigits(digits: string, call = this.call): void {
    this.wire.command((m) => m.dtmf(call, digits, this.wire.now));
  }

  takesMediaAt(address: string, port: number, call = this.call): void {
    this.wire.command((m) => m.media(call, address, port, this.wire.now));
  }

  joins(call: number, other: number): void {
    this.wire.command((m) => m.conference(call, other, this.wire.now));
  }

  stops(): void {
    this.wire.command((m) => m.stop(this.wire.now));
  }

  registers(account = 0): void {
    this.wire.command((m) => m.register(account, this.wire.now));
  }

  unregisters(account = 0): void {
    this.wire.command((m) => m.unregister(account, this.wire.now));
  }

  sets(key: string, value: string): void {
    this.wire.command((m) => m.set(key, value, this.wire.now));
  }

  gets(key: string): string | Status {
    return this.wire.instance.module.get(key);
  }

  /** A command that the phone refuses with this status. */
  refuses(status: Status, run: (module: RingletModule, now: number) => number): void {
    this.wire.command((m) => run(m, this.wire.now), status);
  }

  /** The next event of that name, taken; a call in it becomes the one that commands are about. */
  event(name: string): Event {
    const at = this.wire.events.findIndex((event) => event.name === name);
    const event = this.wire.events[at];
    if (!event) this.wire.fail(`the phone did not say ${name}`);
    this.wire.events.splice(at, 1);
    if (name === "call.incoming") this.call = event.call;
    return event;
  }

  /** Fails if such an event is waiting; without a name, if any is. */
  saysNothing(name?: string): void {
    const event = this.wire.events.find((each) => name === undefined || each.name === name);
    if (event) this.wire.fail(`the phone said ${event.name}`);
  }

  /** Forgets every event so far. */
  forgetsEvents(): void {
    this.wire.events.length = 0;
  }
}

/** The other side. */
export class Peer {
  readonly address: Address;
  readonly user: string;
  /** Tag of its answers and of its new requests. */
  tag: string;
  /** The connection over which it sends; without one UDP. */
  stream: Stream | undefined;
  private branches = 0;
  private calls = 0;

  constructor(
    private readonly wire: Wire,
    options: PeerOptions,
  ) {
    this.address = { address: options.address ?? PEER.address, port: options.port ?? PEER.port };
    this.user = options.user ?? "bob";
    this.tag = options.tag ?? "peertag";
  }

  get uri(): string {
    return `sip:${this.user}@${this.address.address}`;
  }

  get contact(): string {
    const parameter = this.stream ? `;transport=${this.transport.toLowerCase()}` : "";
    return `<sip:${this.user}@${this.address.address}:${this.address.port}${parameter}>`;
  }

  private get transport(): string {
    return Transport[this.stream?.transport ?? Transport.Udp].toUpperCase();
  }

  private deliver(text: string, from: Address): Datagram {
    return this.wire.deliver(text, from, this.stream?.flow);
  }

  newBranch(): string {
    return `z9hG4bKpeer${++this.branches}`;
  }

  via(branch = this.newBranch(), from: Address = this.address): string {
    return `SIP/2.0/${this.transport} ${from.address}:${from.port};branch=${branch}`;
  }

  // ---- in real text ----

  /** Sends a message written with plain line ends; Content-Length is put right. */
  sends(text: string, from: Address = this.address): Datagram {
    return this.deliver(message(text), from);
  }

  /** Sends the same bytes again. */
  repeats(datagram: Datagram): Datagram {
    return this.deliver(datagram.text, datagram.address);
  }

  /** Takes the next datagram of the phone, which must be this request or response. */
  expects(what: string | number): Datagram {
    const next = this.wire.waiting.shift();
    if (!next) this.wire.fail(`expected ${what}, but the phone sent nothing`);
    if (!isThat(next, what)) this.wire.fail(`expected ${what}, but the phone sent ${next.startLine}`);
    return next;
  }

  /** Lets time pass until the phone sends something, which must be this, and not later than `untilMs`. */
  awaits(what: string | number, untilMs: number): Datagram {
    this.wire.runUntilSent(untilMs);
    return this.expects(what);
  }

  expectsNothing(): void {
    const next = this.wire.waiting[0];
    if (next) this.wire.fail(`expected nothing, but the phone sent ${next.startLine}`);
  }

  /** Takes everything that waits, in order; with `what`, everything must be that. */
  takesAll(what?: string | number): Datagram[] {
    const taken = this.wire.waiting.splice(0);
    const other = taken.find((each) => what !== undefined && !isThat(each, what));
    if (other) this.wire.fail(`expected only ${what}, but the phone sent ${other.startLine}`);
    return taken;
  }

  // ---- by what SIP asks for ----

  /** Answers a request of the phone. */
  replies(request: Datagram, status: number, parts: Parts = {}): Datagram {
    const tag = parts.tag ?? this.tag;
    const to = request.header("To");
    const usual: Headers = {
      Via: request.headers("Via"),
      From: request.header("From"),
      To: /;\s*tag=/i.test(to) || status === 100 || tag === "" ? to : `${to};tag=${tag}`,
      "Call-ID": request.header("Call-ID"),
      CSeq: request.header("CSeq"),
    };
    if (isTargetRefresh(request.method) && status > 100 && status < 300) usual["Contact"] = this.contact;
    const line = `SIP/2.0 ${status} ${parts.reason ?? "Words"}`;
    return this.deliver(write(line, usual, parts), parts.from ?? this.address);
  }

  /** A request outside any dialog: a new Call-ID, unless `headers` bring one. */
  asks(method: string, parts: Parts = {}): Datagram {
    const uri = parts.uri ?? `sip:alice@${PHONE.address}`;
    const usual: Headers = {
      Via: this.via(undefined, parts.from),
      "Max-Forwards": "70",
      From: `<${this.uri}>;tag=${parts.tag ?? this.tag}`,
      To: `<${uri}>`,
      "Call-ID": `call-${++this.calls}@peer`,
      CSeq: `${parts.cseq ?? 1} ${method}`,
    };
    if (isTargetRefresh(method)) usual["Contact"] = this.contact;
    return this.deliver(write(`${method} ${uri} SIP/2.0`, usual, parts), parts.from ?? this.address);
  }

  invites(parts: Parts = {}): Datagram {
    return this.asks("INVITE", { body: sdp(), ...parts });
  }

  /** A request inside a dialog. */
  requests(dialog: PeerDialog, method: string, parts: Parts = {}): Datagram {
    const cseq = parts.cseq ?? ++dialog.cseq;
    if (method === "INVITE") dialog.inviteCSeq = cseq;
    const usual: Headers = {
      Via: this.via(undefined, parts.from),
      "Max-Forwards": "70",
      From: dialog.localParty,
      To: dialog.remoteParty,
      "Call-ID": dialog.callId,
      CSeq: `${cseq} ${method}`,
    };
    if (isTargetRefresh(method)) usual["Contact"] = this.contact;
    const line = `${method} ${parts.uri ?? dialog.target} SIP/2.0`;
    return this.deliver(write(line, usual, parts), parts.from ?? this.address);
  }

  /** ACK to a 2xx: with a branch of its own and the CSeq number of its INVITE. */
  acks(dialog: PeerDialog, parts: Parts = {}): Datagram {
    return this.requests(dialog, "ACK", { cseq: dialog.inviteCSeq, ...parts });
  }

  /** ACK to a refusal: it belongs to the INVITE's transaction. */
  acksRefusal(invite: Datagram, response: Datagram): Datagram {
    return this.sameHop(invite, "ACK", response.header("To"));
  }

  /** CANCEL of an INVITE of the peer. */
  cancels(invite: Datagram, headers: Headers = {}): Datagram {
    return this.sameHop(invite, "CANCEL", invite.header("To"), headers);
  }

  private sameHop(invite: Datagram, method: string, to: string, headers: Headers = {}): Datagram {
    const usual: Headers = {
      Via: invite.header("Via"),
      "Max-Forwards": "70",
      From: invite.header("From"),
      To: to,
      "Call-ID": invite.header("Call-ID"),
      CSeq: `${invite.cseq} ${method}`,
    };
    return this.deliver(write(`${method} ${invite.uri} SIP/2.0`, usual, { headers }), invite.address);
  }

  /** The dialog that this request and the response to it made, whoever sent which. */
  dialog(request: Datagram, response: Datagram): PeerDialog {
    const isOurs = request.sentBy === "peer";
    const contact = (isOurs ? response : request).header("Contact");
    return {
      callId: request.header("Call-ID"),
      localParty: isOurs ? request.header("From") : response.header("To"),
      remoteParty: isOurs ? response.header("To") : request.header("From"),
      target: /<([^>]*)>/.exec(contact)?.[1] ?? contact,
      cseq: isOurs ? request.cseq : 100,
      inviteCSeq: request.cseq,
    };
  }
}

// ---- a call that is up ----

export interface CallUpOptions extends ConnectOptions {
  direction?: "outgoing" | "incoming";
  /** Value of Session-Expires in the peer's message; with it goes `Supported: timer`. */
  sessionExpires?: string;
  /** More header lines of the peer's INVITE or 200. */
  headers?: Headers;
  /** SDP of the peer. */
  body?: string;
  /** What the phone dials. */
  dial?: string;
}

export interface CallUp extends Connected {
  dialog: PeerDialog;
  /** The INVITE of whoever called. */
  invite: Datagram;
  /** The 200 to it. */
  accepted: Datagram;
  /** The ACK. */
  ack: Datagram;
  established: Event;
}

/** Brings a call up; nothing waits to be taken afterwards. */
export function callUp(options: CallUpOptions = {}): CallUp {
  const { direction, sessionExpires, headers, body, dial, ...rest } = options;
  const connected = connect(rest);
  const timer: Headers = sessionExpires ? { "Session-Expires": sessionExpires, Supported: "timer" } : {};
  const parts = { headers: { ...timer, ...headers }, body: body ?? sdp() };
  const made = direction === "incoming" ? comeIn(connected, parts) : goOut(connected, parts, dial);
  const established = connected.phone.event("call.established");
  connected.phone.forgetsEvents();
  connected.peer.expectsNothing();
  return { ...connected, ...made, established };
}

type Made = Omit<CallUp, keyof Connected | "established">;

function goOut({ phone, peer }: Connected, parts: Parts, dial?: string): Made {
  phone.dials(dial ?? peer.uri);
  const invite = peer.expects("INVITE");
  const accepted = peer.replies(invite, 200, parts);
  const ack = peer.expects("ACK");
  return { invite, accepted, ack, dialog: peer.dialog(invite, accepted) };
}

function comeIn({ phone, peer }: Connected, parts: Parts): Made {
  const invite = peer.invites(parts);
  phone.event("call.incoming");
  peer.takesAll(); // 100 and 180
  phone.answers();
  const accepted = peer.expects(200);
  const dialog = peer.dialog(invite, accepted);
  return { invite, accepted, dialog, ack: peer.acks(dialog) };
}

function isTargetRefresh(method: string): boolean {
  return method === "INVITE" || method === "UPDATE";
}

function isThat(datagram: Datagram, what: string | number): boolean {
  if (typeof what === "number") return datagram.status === what;
  return datagram.status === 0 && datagram.method === what;
}

function stamp(now: number): string {
  return `${now}`.padStart(9);
}
