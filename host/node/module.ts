// The module: loading it, calling it, reading what it says, and putting it back after a trap.
//
// One mutation, then drain: every method that changes something is followed by `drain()`, and what it
// said is lost with the next call. Times are milliseconds of one monotonic clock. A method that answers a
// number answers a handle > 0, 0 for done, or a negative Status.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { type Counter, RecordKind, Status } from "./abi.js";
import {
  type Address,
  type Event,
  type OutputRecord,
  readRecord,
  trapEvent,
  type Verdict,
} from "./records.js";
import type { Secrets } from "./secrets.js";
import { SettingsHash } from "./settings-hash.js";

/** The shipped module, seen from build/js/host/node. */
export const MODULE_FILE = fileURLToPath(new URL("../../../ringlet.wasm", import.meta.url));

type Export = (...words: number[]) => number;

/** The end of memory, where the host puts its input: it is no state (docs/abi.md). */
const WINDOW_BYTES = 65_536;
/** Rollback is on up to 1 MiB of state, unless the host says otherwise: a copy takes longer than most calls above it. */
const MOST_SAVED_BYTES = (1 << 20) + WINDOW_BYTES;

const ACCOUNTS = 16;

/** Memory grows by so much. */
const PAGE_BYTES = 65_536;

/** A module that this host can't run, with the reason. */
export class UnfitModule extends Error {}

/** Compiles a module and refuses it, before anything of it has run, unless it is one of ours. */
export function compileModule(bytes: BufferSource = readFileSync(MODULE_FILE)): WebAssembly.Module {
  // Node 20 may wait forever at its end for a function that was being optimized because it had become hot.
  // Without this tiering everything is optimized at the start.
  setFlagsFromString("--no-wasm-dynamic-tiering");
  const module = new WebAssembly.Module(bytes);
  const imports = WebAssembly.Module.imports(module);
  if (imports.length > 0)
    throw new UnfitModule(`the module wants imports: ${imports[0]?.module}.${imports[0]?.name}`);
  const names = WebAssembly.Module.exports(module).map((entry) => entry.name);
  if (!names.includes("sip_abi_1")) throw new UnfitModule("the module does not speak version 1 of the ABI");
  sources.set(module, bytes);
  return module;
}

const sources = new WeakMap<WebAssembly.Module, BufferSource>();

/** SHA-256 of a module that was compiled here, in hexadecimal digits: a state fits no other. */
export function moduleHash(module: WebAssembly.Module): string {
  const bytes = sources.get(module) ?? new Uint8Array(0);
  return createHash("sha256")
    .update(
      ArrayBuffer.isView(bytes)
        ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
        : new Uint8Array(bytes),
    )
    .digest("hex");
}

/** Everything that the module knows, at one moment: linear memory, and its globals in the order of the exports. */
export interface Snapshot {
  memory: Uint8Array;
  globals: (number | bigint)[];
}

export interface ModuleOptions {
  /**
   * Save the state before every call, so that a trap costs one datagram and not the phone. Without it: on up to a
   * megabyte of state, off where the copy would cost more than the calls: with a hundred thousand transactions.
   */
  guarded?: boolean;
}

/** Sees every call that changes something, and what it said, as both cross the boundary (recording.ts). */
export interface Observer {
  /** Before the call: its words in the order of the ABI, with the lengths of the pieces where the ABI has them. */
  calling(name: string, words: number[], pieces: Uint8Array[]): void;
  /** `null`: it trapped. */
  answered(result: number | null): void;
  /** A record lies at this address, until the next call. */
  said(memory: ArrayBuffer, address: number): void;
  /** Everything is read. */
  drained(): void;
  /** It knows something else now, and nothing of before. */
  adopted(): void;
}

/** A global of 64 bits takes a BigInt, one of 32 a number. */
function fitting(global: WebAssembly.Global, value: number | bigint): number | bigint {
  return typeof global.value === "bigint" ? BigInt(value) : Number(value);
}

export class RingletModule {
  /** When `tick` is due, as the last drain said; -1 for never. */
  deadline = -1;
  observer: Observer | null = null;
  /** Ticks trap again and again: nothing helps but a new instance. */
  isBroken = false;

  private readonly memory: WebAssembly.Memory;
  private readonly functions: Record<string, Export> = {};
  private readonly globals: WebAssembly.Global[] = [];
  private readonly saved: Snapshot = { memory: new Uint8Array(0), globals: [] };
  private readonly faults: Event[] = [];
  private readonly guarded: boolean | undefined;
  private readonly provisioning = new SettingsHash();
  /** The tick before the present one trapped. */
  private hasTickTrapped = false;

  constructor(module: WebAssembly.Module = compileModule(), options: ModuleOptions = {}) {
    const instance = new WebAssembly.Instance(module, {});
    this.guarded = options.guarded;
    this.memory = instance.exports["memory"] as WebAssembly.Memory;
    for (const [name, value] of Object.entries(instance.exports)) {
      if (value instanceof WebAssembly.Global) this.globals.push(value);
      else if (typeof value === "function") this.functions[name] = value as Export;
    }
  }

  // ---- order of life: init, provision..., start ----

  /** `seed`: at least 32 secret bytes. */
  init(seed: Uint8Array): number {
    return this.change("sip_init", [seed], (length) => [length]);
  }

  /** Mixes more entropy in. */
  seed(bytes: Uint8Array): number {
    return this.change("sip_seed", [bytes], (length) => [length]);
  }

  /** The text of one configuration file; a later layer, 0..15, lies above an earlier one; 16: what `exportLocal` wrote. */
  provision(text: string | Uint8Array, layer: number): number {
    return this.change("sip_provision", [text], (length) => [length, layer]);
  }

  /** The files that a boot file names for this model, in order. */
  boot(text: string | Uint8Array, model: string): string[] {
    const status = this.change("sip_boot", [text, model], (length, modelLength) => [length, modelLength]);
    if (status < 0) throw new RangeError(`boot file: ${Status[status]}`);
    return this.targets();
  }

  /** The files that the boot file of the last call names. */
  targets(): string[] {
    const targets: string[] = [];
    for (;;) {
      const address = this.call("sip_boot_next");
      const record = address > 0 ? readRecord(this.memory.buffer, address) : null;
      if (record?.kind !== RecordKind.Value) return targets;
      this.observer?.said(this.memory.buffer, address);
      targets.push(record.value);
    }
  }

  start(now: number): number {
    return this.change("sip_start", [], () => [now]);
  }

  // ---- what the network brings ----

  flowOpened(flow: number, local: Address, peer: Address, names: string, now: number): number {
    return this.change("sip_flow_opened", [local.address, peer.address, names], (a, b, c) => [
      flow,
      a,
      local.port,
      b,
      peer.port,
      c,
      now,
    ]);
  }

  /** A connection came in on a listening flow: the handle of its flow. */
  accepted(listener: number, local: Address, peer: Address, names: string, now: number): number {
    return this.change("sip_accepted", [local.address, peer.address, names], (a, b, c) => [
      listener,
      a,
      local.port,
      b,
      peer.port,
      c,
      now,
    ]);
  }

  flowClosed(flow: number, now: number): number {
    return this.change("sip_flow_closed", [], () => [flow, now]);
  }

  /** Of a connection: the next part of the stream, from nobody. */
  receive(flow: number, from: Address, bytes: Uint8Array, now: number): number {
    return this.change("sip_receive", [from.address, bytes], (a, b) => [flow, a, from.port, b, now]);
  }

  /** The network said that this address can't be reached. */
  sendFailed(flow: number, to: Address, now: number): number {
    return this.change("sip_send_failed", [to.address], (length) => [flow, length, to.port, now]);
  }

  /** `answer`: one record a line (resolve.ts); empty when nothing was found. */
  resolved(query: number, answer: string, now: number): number {
    return this.change("sip_resolved", [answer], (length) => [query, length, now]);
  }

  /** A tick that traps can't be left out: whoever owns the deadline that is due ends instead. */
  tick(now: number): number {
    const wasTrapped = this.hasTickTrapped;
    const status = this.change("sip_tick", [], () => [now]);
    this.hasTickTrapped = this.faults.length > 0;
    if (!this.hasTickTrapped) return status;
    if (!wasTrapped) this.endDue(now);
    this.isBroken = wasTrapped || this.faults.length > 1;
    return status;
  }

  /** Ends whoever owns the deadline that is due. */
  endDue(now: number): number {
    return this.change("sip_end_due", [], () => [now]);
  }

  /** After `adopt`: sockets are asked for again, and calls end unless their media are still there. */
  survived(isMediaAlive: boolean, now: number): number {
    return this.change("sip_survived", [], () => [isMediaAlive ? 1 : 0, now]);
  }

  // ---- what the user wants ----

  /** Calls; account 0 is the lowest enabled one. Answers the handle of the call. */
  dial(account: number, uri: string, now: number): number {
    return this.change("sip_call", [uri], (length) => [account, length, now]);
  }

  answer(call: number, now: number): number {
    return this.change("sip_answer", [], () => [call, now]);
  }

  /** status 0: as the settings say. */
  reject(call: number, status: number, now: number): number {
    return this.change("sip_reject", [], () => [call, status, now]);
  }

  hangup(call: number, now: number): number {
    return this.change("sip_hangup", [], () => [call, now]);
  }

  hold(call: number, now: number): number {
    return this.change("sip_hold", [], () => [call, now]);
  }

  resume(call: number, now: number): number {
    return this.change("sip_resume", [], () => [call, now]);
  }

  /** Sends the other side on to a URI or number. */
  transfer(call: number, uri: string, now: number): number {
    return this.change("sip_transfer", [uri], (length) => [call, length, now]);
  }

  /** The same to the other side of another call. */
  transferTo(call: number, other: number, now: number): number {
    return this.change("sip_transfer_to", [], () => [call, other, now]);
  }

  dtmf(call: number, digits: string, now: number): number {
    return this.change("sip_dtmf", [digits], (length) => [call, length, now]);
  }

  media(call: number, address: string, port: number, now: number): number {
    return this.change("sip_media", [address], (length) => [call, length, port, now]);
  }

  /** Joins two calls. */
  conference(call: number, other: number, now: number): number {
    return this.change("sip_conference", [], () => [call, other, now]);
  }

  /** account 0: the lowest enabled one. */
  register(account: number, now: number): number {
    return this.change("sip_register", [], () => [account, now]);
  }

  unregister(account: number, now: number): number {
    return this.change("sip_unregister", [], () => [account, now]);
  }

  /** Answers the handle by which it is given up again. */
  subscribe(account: number, eventPackage: string, uri: string, now: number): number {
    return this.change("sip_subscribe", [eventPackage, uri], (a, b) => [account, a, b, now]);
  }

  unsubscribe(subscription: number, now: number): number {
    return this.change("sip_unsubscribe", [], () => [subscription, now]);
  }

  /** Answers the handle that the answer is told with. */
  message(account: number, uri: string, text: string, now: number): number {
    return this.change("sip_message", [uri, text], (a, b) => [account, a, b, now]);
  }

  /** The events `call.state` of the next drain tell of every call. */
  list(now: number): number {
    return this.change("sip_list", [], () => [now]);
  }

  /** Hangs everything up; the event `phone.stopped` comes when nothing is pending. */
  stop(now: number): number {
    return this.change("sip_stop", [], () => [now]);
  }

  /** The handle of call `number` (0: the newest); `ringing`: among those that ring here. */
  find(number: number, ringing: boolean): number {
    return this.call("sip_find", number, ringing ? 1 : 0);
  }

  set(key: string, value: string, now: number): number {
    return this.change("sip_set", [key, value], (a, b) => [a, b, now]);
  }

  /** The setting's value as text, or a negative Status. */
  get(key: string): string | Status {
    const status = this.change("sip_get", [key], (length) => [length]);
    return status < 0 ? status : this.value();
  }

  /** Before the start: the passwords by their keys, as they were provisioned. Nobody who looks on is told. */
  passwords(): Secrets {
    const { observer } = this;
    this.observer = null;
    const secrets: Secrets = new Map();
    for (let account = 1; account <= ACCOUNTS; account++) {
      const key = `account.${account}.password`;
      const value = this.get(key);
      if (typeof value === "string" && value !== "") secrets.set(key, value);
    }
    this.observer = observer;
    return secrets;
  }

  /** What was set at run time, as the text of a configuration file for the host to store. */
  exportLocal(): string | Status {
    const status = this.change("sip_export", [], () => []);
    return status < 0 ? status : this.value();
  }

  private value(): string | Status {
    const value = this.drain().find((record) => record.kind === RecordKind.Value);
    return value?.value ?? Status.UnknownKey;
  }

  /** How often something happened since the start. */
  counter(which: Counter): number {
    return this.call("sip_counter", which);
  }

  /** What an idle phone that owns every address would do with this datagram. */
  judge(bytes: Uint8Array): Verdict {
    const status = this.change("sip_judge", [bytes], (length) => [length]);
    const verdict = this.drain().find((record) => record.kind === RecordKind.Verdict);
    if (!verdict) throw new Error(`sip_judge: ${Status[status] ?? status}`);
    return verdict;
  }

  /**
   * The bytes with `*` over the secrets in them, for people to look at; and how many of them are the first message,
   * 0 while that is not whole: behind it more may stand in a stream.
   */
  mask(bytes: Uint8Array): { shown: Buffer; size: number } {
    if (bytes.length === 0) return { shown: Buffer.alloc(0), size: 0 };
    try {
      if (this.hand([bytes]) < 0) return { shown: Buffer.from("(too long)"), size: 0 };
      const size = this.call("sip_mask", bytes.length);
      const at = this.call("sip_input", bytes.length) >>> 0;
      return { shown: Buffer.from(Buffer.from(this.memory.buffer, at, bytes.length)), size };
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      return { shown: Buffer.from("(unreadable)"), size: bytes.length };
    }
  }

  // ---- what it says ----

  /** Everything that the last call said, in order. */
  drain(): OutputRecord[] {
    const records: OutputRecord[] = this.faults.splice(0);
    for (;;) {
      const address = this.call("sip_poll");
      if (address === 0) break;
      const record = readRecord(this.memory.buffer, address);
      if (record === null) continue;
      this.observer?.said(this.memory.buffer, address);
      records.push(record);
      if (record.kind !== RecordKind.Wake) continue;
      this.deadline = record.deadline;
      break;
    }
    this.observer?.drained();
    return records;
  }

  /** The hash of everything that it was provisioned with before its start (docs/state.md). */
  get settingsHash(): string {
    return this.provisioning.digest;
  }

  /** Bytes of linear memory. */
  get size(): number {
    return this.memory.buffer.byteLength;
  }

  // ---- the work ----

  /** Hands the inputs over one behind the other and calls `name` with what `words` makes of their lengths. */
  private change(
    name: string,
    inputs: (string | Uint8Array)[],
    words: (...lengths: number[]) => number[],
  ): number {
    const pieces = inputs.map((input) => (typeof input === "string" ? Buffer.from(input, "utf8") : input));
    return this.feed(name, words(...pieces.map((piece) => piece.length)), pieces);
  }

  /** The call `name` with its words in the order of the ABI, the lengths of the pieces among them. */
  feed(name: string, words: number[], pieces: Uint8Array[]): number {
    this.observer?.calling(name, words, pieces);
    this.provisioning.note(name, words, pieces);
    const isGuarded = this.guarded ?? this.size <= MOST_SAVED_BYTES;
    if (isGuarded) this.save();
    try {
      const refused = this.hand(pieces);
      const result = refused < 0 ? refused : this.call(name, ...words);
      this.observer?.answered(result);
      return result;
    } catch (error) {
      if (isTrap(error)) this.observer?.answered(null);
      if (!isGuarded || !isTrap(error)) throw error;
      this.putBack(this.saved);
      this.faults.push(trapEvent(name, error.message, pieces));
      return Status.WrongState;
    }
  }

  /** Copies the pieces into the input window; a negative Status when they do not fit. */
  private hand(pieces: Uint8Array[]): number {
    const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (total === 0) return 0;
    let at = this.call("sip_input", total);
    if (at < 0) return at;
    for (const piece of pieces) {
      new Uint8Array(this.memory.buffer, at >>> 0, piece.length).set(piece);
      at += piece.length;
    }
    return 0;
  }

  private call(name: string, ...words: number[]): number {
    const wanted = this.functions[name];
    if (!wanted) throw new UnfitModule(`the module has no ${name}`);
    return wanted(...words);
  }

  /** A copy of everything that the module knows. */
  snapshot(): Snapshot {
    const memory = new Uint8Array(this.memory.buffer).slice();
    return { memory, globals: this.globals.map((global) => global.value as number | bigint) };
  }

  /** Makes this instance know that and nothing else; it was taken of the very same module. */
  adopt(snapshot: Snapshot): void {
    this.putBack(snapshot);
    this.observer?.adopted();
  }

  private putBack({ memory, globals }: Snapshot): void {
    if (globals.length !== this.globals.length)
      throw new RangeError(`${globals.length} globals, the module has ${this.globals.length}`);
    const missing = memory.length - this.size;
    if (missing > 0) this.memory.grow(missing / PAGE_BYTES);
    const present = new Uint8Array(this.memory.buffer);
    present.set(memory);
    // Memory never shrinks.
    present.fill(0, memory.length);
    this.globals.forEach((global, i) => (global.value = fitting(global, globals[i] ?? 0)));
  }

  private save(): void {
    const present = new Uint8Array(this.memory.buffer);
    if (this.saved.memory.length !== present.length) this.saved.memory = new Uint8Array(present.length);
    this.saved.memory.set(present);
    this.saved.globals = this.globals.map((global) => global.value as number | bigint);
  }
}

/** A stack that has overflowed is a RangeError. */
function isTrap(error: unknown): error is Error {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}
