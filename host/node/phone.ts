// A phone: the module with sockets, a clock, names and entropy.
//
//     const phone = new Phone({ configs: [{ name: "phone.cfg", text: readFileSync("phone.cfg") }] });
//     phone.on("event", (event) => console.log(event.name, event.number, event.fields));
//     await phone.start();
//     const call = phone.call("...");        // a handle, or a negative Status
//     ...
//     await phone.close();                   // hangs up first
//
// What the phone does is decided in the module; here it is only carried out. Commands answer a handle > 0,
// Status.Ok, or a negative Status (`statusText` puts it into words).

import { randomBytes, randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { EventKind, RecordKind, Status } from "./abi.js";
import { Alarm, Clock } from "./clock.js";
import { readCredentials } from "./credentials.js";
import { type FlowEvents, Flows } from "./flows.js";
import { compileModule, moduleHash, RingletModule } from "./module.js";
import {
  type Address,
  type Event,
  faultEvent,
  type Listen,
  type OutputRecord,
  type Send,
  statusText,
} from "./records.js";
import type { Resolve } from "./records.js";
import { Recorder } from "./recording.js";
import { Names } from "./resolve.js";
import { UnusableState } from "./state-file.js";
import { StateStore } from "./state-store.js";
import type { Credentials } from "./tls.js";
import { type Traced, Tracer } from "./trace.js";

export { EventKind, Status } from "./abi.js";
export { type Address, type Event, type Fields, statusText } from "./records.js";
export type { Traced } from "./trace.js";

/** A configuration file; one whose name ends in .boot names others. */
export interface ConfigFile {
  /** For messages about its lines, and for `readIncluded`. */
  name: string;
  text: string | Uint8Array;
}

export interface PhoneOptions {
  /** In this order: a later file overrides an earlier one. At most 16. */
  configs?: ConfigFile[];
  /** What `exportLocal` answered the last time: above all files, as if it were set now. */
  local?: string;
  /** Where to listen, instead of what the files say. */
  bind?: string;
  /** The name of the phone's model, for lines of a boot file that are meant for some models only. */
  model?: string;
  /** Reads a file that a boot file names. */
  readIncluded?: (target: string, boot: ConfigFile) => ConfigFile;
  /** Where the files of certificates are that the settings name by a relative path; the working directory when absent. */
  folder?: string;
  /** Name servers to ask, each `ADDRESS` or `ADDRESS:PORT`, instead of those of the system. */
  nameServers?: string[];
  /** 32 secret bytes; from the system's source of entropy when absent. */
  seed?: Uint8Array;
  /** Record everything from the beginning: `recording` answers it. */
  isRecorded?: boolean;
  /** Telephone numbers in it are replaced by others. */
  hidesNumbers?: boolean;
  /** A module compiled before, when many phones run in one program. */
  module?: WebAssembly.Module;
  /** After a trap the state from before the call is put back: docs/state.md. "auto" when absent. */
  rollback?: "auto" | "on" | "off";
  /** The phone keeps its state in this file, and goes on from it when it was killed (docs/state.md). */
  state?: string;
  /** The media of the calls in that file are still there; calls without media are ended. */
  mediaSurvived?: boolean;
}

interface PhoneEvents {
  /** Everything that the module tells: `phone.ready`, `call.incoming`, ... (docs/abi.md, "Events"). */
  event: [Event];
  /** Every message, for those who want to look. */
  trace: [Traced];
  /** The state file is of no use: why. The phone starts afresh, and a `fault` event says so too. */
  refused: [string];
}

/** Start failed: a file is not usable, or an address is not free. */
export class StartError extends Error {}

/** How long `close` waits for the other side to agree that the calls are over. */
const CLOSE_MS = 4000;
/** For names and for the keys of media. */
const SEED_BYTES = 64;

/** The layer of what was set at run time (docs/abi.md). */
const LOCAL_LAYER = 16;
const ACCOUNTS = 16;

/** An instance that does not help is not followed by the next one at once. */
const RELOAD_PAUSE_MS = 1000;

/** What a module shows instead of a password. */
const HIDDEN = "********";

const GUARDED = { auto: undefined, on: true, off: false };

export class Phone extends EventEmitter<PhoneEvents> {
  private module: RingletModule;
  private readonly compiled: WebAssembly.Module;
  private readonly clock = new Clock();
  private readonly alarm = new Alarm(this.clock, () =>
    this.perform(() => this.module.tick(this.clock.now())),
  );
  private readonly flows = new Flows(this.flowEvents());
  private readonly names: Names;
  private readonly tracer: Tracer;
  private recorder: Recorder | null = null;
  private readonly layers: string[] = [];
  /** How the module was provisioned, to do it once more. */
  private readonly steps: (() => number)[] = [];
  private store: StateStore | undefined;
  /** Ports by what was asked for, so that sockets can be bound where they were. */
  private readonly ports = new Map<string, number>();
  private reloadedAt = -RELOAD_PAUSE_MS;
  private reloading: NodeJS.Timeout | undefined;
  /** Sockets being bound, and why some could not be. Not every machine has IPv6: one socket is enough. */
  private readonly opening = new Set<Promise<void>>();
  private readonly refused: NodeJS.ErrnoException[] = [];
  private readonly pending: OutputRecord[] = [];
  private isCarrying = false;
  private isClosed = false;

  constructor(private readonly options: PhoneOptions = {}) {
    super();
    this.compiled = options.module ?? compileModule();
    this.module = this.instance();
    this.names = new Names(options.nameServers);
    this.tracer = new Tracer({ mask: (bytes) => this.module.mask(bytes) }, (traced) =>
      this.emit("trace", traced),
    );
  }

  private instance(): RingletModule {
    const guarded = GUARDED[this.options.rollback ?? "auto"];
    const module = new RingletModule(this.compiled, guarded === undefined ? {} : { guarded });
    if (this.options.isRecorded) this.recorder = this.recorderOf(module);
    return module;
  }

  /** A new instance is a new recording. */
  private recorderOf(module: RingletModule): Recorder {
    const notes = [`began ${new Date().toISOString()}, by a clock of ${Math.round(this.clock.now())} ms`];
    const hidesNumbers = this.options.hidesNumbers === true;
    return new Recorder(module, { hash: moduleHash(this.compiled), notes, hidesNumbers });
  }

  /** Reads the configuration and opens the sockets. Rejects with a StartError that says what is in the way. */
  async start(): Promise<void> {
    try {
      await this.open();
    } catch (error) {
      this.release();
      throw error;
    }
  }

  private async open(): Promise<void> {
    this.must(
      this.perform(() => this.module.init(this.options.seed ?? randomBytes(SEED_BYTES))),
      "start",
    );
    for (const file of this.options.configs ?? []) this.configure(file);
    if (this.options.local !== undefined)
      this.provision({ name: "local", text: this.options.local }, LOCAL_LAYER);
    const { bind } = this.options;
    if (bind !== undefined)
      this.must(
        this.step(() => this.set("ringlet.bind.address", bind)),
        "bind",
      );
    this.store = this.openStore();
    this.nameInstance();
    this.flows.options = {
      credentials: this.credentials(),
      from: this.text("ringlet.bind.address"),
    };
    const { store } = this;
    // Until the sockets are there the file stays as it is: they may belong to another phone.
    this.store = undefined;
    if (store && this.restore(store)) await this.goOn();
    else
      this.must(
        this.perform(() => this.module.start(this.clock.now())),
        "start",
      );
    while (this.opening.size > 0) await Promise.all(this.opening);
    this.store = store;
    this.save();
    const fatal = this.refused.filter((error) => this.flows.size === 0 || error.code === "EADDRINUSE");
    if (fatal.length > 0) throw new StartError(fatal.map((error) => error.message).join("; "));
  }

  /** The instance ID outlasts a new instance of the module: without one in the settings the host draws it. */
  private nameInstance(): void {
    if (this.text("ringlet.instance_id") !== "" || this.layers.length >= LOCAL_LAYER) return;
    this.provision({ name: "host", text: `ringlet.instance_id = urn:uuid:${randomUUID()}\n` });
  }

  // ---- a state that survives ----

  private openStore(): StateStore | undefined {
    const { state } = this.options;
    if (state === undefined) return undefined;
    return new StateStore(state, this.clock, {
      module: moduleHash(this.compiled),
      settings: this.module.settingsHash,
      secrets: this.module.passwords(),
    });
  }

  private restore(store: StateStore): boolean {
    try {
      return store.restore(this.module);
    } catch (error) {
      if (!(error instanceof UnusableState) && !isOfFileSystem(error)) throw error;
      const words = `${this.options.state}: ${error.message}; the phone starts afresh`;
      this.emit("refused", words);
      this.tell(faultEvent(words));
      return false;
    }
  }

  /** What it says waits for the sockets, as does what falls due meanwhile. */
  private async goOn(): Promise<void> {
    this.isCarrying = true;
    this.must(
      this.perform(() => this.module.seed(randomBytes(SEED_BYTES))),
      "resume",
    );
    this.must(
      this.perform(() => this.module.survived(this.options.mediaSurvived === true, this.clock.now())),
      "resume",
    );
    const said = this.pending.splice(0);
    for (const record of said) {
      if (record.kind === RecordKind.Listen) this.track(this.listen(record));
      else this.pending.push(record);
    }
    while (this.opening.size > 0) await Promise.all(this.opening);
    this.isCarrying = false;
    this.list();
  }

  /** Before anything leaves that the file must know of. */
  private save(): void {
    try {
      this.store?.keep(this.module);
    } catch (error) {
      this.pending.push(faultEvent(`${this.options.state}: ${(error as Error).message}`));
    }
  }

  /**
   * Ticks trap again and again: a new instance takes over, with the same settings, ports and instance ID. Calls end;
   * the registrars see bindings renewed.
   */
  private reload(): void {
    const wait = this.reloadedAt + RELOAD_PAUSE_MS - this.clock.now();
    if (wait > 0) {
      this.reloading ??= setTimeout(() => this.reload(), wait);
      return;
    }
    this.reloading = undefined;
    this.reloadedAt = this.clock.now();
    this.tell(faultEvent("the module is loaded anew"));
    const local = this.module.exportLocal();
    this.endCalls();
    this.carryOut();
    this.flows.closeAll();
    this.module = this.instance();
    this.perform(() => this.module.init(randomBytes(SEED_BYTES)));
    for (const step of this.steps) step();
    if (typeof local === "string") this.perform(() => this.module.provision(local, LOCAL_LAYER));
    const settle = this.hurryRegistrations(typeof local === "string" ? local : "");
    this.perform(() => this.module.start(this.clock.now()));
    void Promise.all(this.opening).then(settle);
  }

  /** The old instance can still do what is no tick. */
  private endCalls(): void {
    for (let call = this.find(); call > 0; call = this.find())
      if (this.module.hangup(call, this.clock.now()) < 0) return;
      else this.pending.push(...this.module.drain());
  }

  /** No wait before the first registration, and nothing is removed by it. Answers what takes that back. */
  private hurryRegistrations(local: string): () => void {
    const accounts = Array.from({ length: ACCOUNTS }, (_, i) => `account.${i + 1}.unregister_on_reboot`);
    const changed = ["sip.reg_surge_prevention", ...accounts]
      .map((key) => ({ key, value: this.text(key) }))
      .filter(({ value }) => value !== "0" && value !== "");
    for (const { key } of changed) this.set(key, "0");
    // A blank value lets that of the files count again.
    return () =>
      changed.forEach(({ key, value }) => this.set(key, local.includes(`\n${key} = `) ? value : ""));
  }

  // ---- the end ----

  /** Hangs everything up, waits for at most four seconds until that is through, and closes the sockets. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    // In the middle of its end a phone is nothing to go on with.
    this.store?.remove();
    this.store = undefined;
    await new Promise<void>((resolve) => {
      const timeout = setTimeout(resolve, CLOSE_MS);
      this.on("event", (event) => {
        if (event.event !== EventKind.PhoneStopped) return;
        clearTimeout(timeout);
        // What was said with the event is still on its way into the socket.
        setImmediate(resolve);
      });
      this.perform(() => this.module.stop(this.clock.now()));
    });
    this.release();
  }

  // ---- commands ----

  /** account 0: the lowest enabled one. Answers the call's handle. */
  call(uri: string, account = 0): number {
    return this.perform(() => this.module.dial(account, uri, this.clock.now()));
  }

  answer(call: number): number {
    return this.perform(() => this.module.answer(call, this.clock.now()));
  }

  /** status 0: the one that the settings say. */
  reject(call: number, status = 0): number {
    return this.perform(() => this.module.reject(call, status, this.clock.now()));
  }

  hangup(call: number): number {
    return this.perform(() => this.module.hangup(call, this.clock.now()));
  }

  hold(call: number): number {
    return this.perform(() => this.module.hold(call, this.clock.now()));
  }

  resume(call: number): number {
    return this.perform(() => this.module.resume(call, this.clock.now()));
  }

  /** Sends the other side on to a URI or number. */
  transfer(call: number, uri: string): number {
    return this.perform(() => this.module.transfer(call, uri, this.clock.now()));
  }

  /** The same to the other side of another call, which may still ring there. */
  transferTo(call: number, other: number): number {
    return this.perform(() => this.module.transferTo(call, other, this.clock.now()));
  }

  /** Digits of DTMF; the event `call.digits` says when the phone is to send them itself. */
  dtmf(call: number, digits: string): number {
    return this.perform(() => this.module.dtmf(call, digits, this.clock.now()));
  }

  /** Takes the media of a call at that address from now on. */
  media(call: number, address: string, port: number): number {
    return this.perform(() => this.module.media(call, address, port, this.clock.now()));
  }

  /** Joins two calls; the event `call.conference` says when they are to be mixed. */
  conference(call: number, other: number): number {
    return this.perform(() => this.module.conference(call, other, this.clock.now()));
  }

  /** account 0: the lowest enabled one. */
  register(account = 0): number {
    return this.perform(() => this.module.register(account, this.clock.now()));
  }

  unregister(account = 0): number {
    return this.perform(() => this.module.unregister(account, this.clock.now()));
  }

  /** Watches something; `subscription.active` and what it brings follow. Answers the handle for `unsubscribe`. */
  subscribe(eventPackage: string, uri: string, account = 0): number {
    return this.perform(() => this.module.subscribe(account, eventPackage, uri, this.clock.now()));
  }

  unsubscribe(subscription: number): number {
    return this.perform(() => this.module.unsubscribe(subscription, this.clock.now()));
  }

  /** Sends a text; `message.answered` says how it went. */
  message(uri: string, text: string, account = 0): number {
    return this.perform(() => this.module.message(account, uri, text, this.clock.now()));
  }

  /** One event `call.state` for each call. */
  list(): number {
    return this.perform(() => this.module.list(this.clock.now()));
  }

  /** The handle of call `number`; 0 means the newest, of those that ring here if `ringing`. */
  find(number = 0, ringing = false): number {
    return this.module.find(number, ringing);
  }

  set(key: string, value: string): number {
    const answer = this.perform(() => this.module.set(key, value, this.clock.now()));
    if (this.store && this.get(key) === HIDDEN) this.store.learn(key, value.trim());
    return answer;
  }

  /** The setting's value, or a negative Status. */
  get(key: string): string | Status {
    return this.module.get(key);
  }

  /** What was set at run time, as a configuration file: store it, and give it as `local` the next time. */
  exportLocal(): string | Status {
    return this.module.exportLocal();
  }

  /** What went in and came out so far, as a file for `ringlet replay` (docs/recording.md); "" where nothing is recorded. */
  recording(): string {
    return this.recorder?.text() ?? "";
  }

  // ---- configuration ----

  private configure(file: ConfigFile): void {
    if (!file.name.endsWith(".boot")) return this.provision(file);
    for (const target of this.boot(file)) {
      if (!this.options.readIncluded) throw new StartError(`${file.name}: nobody reads ${target}`);
      this.provision(this.options.readIncluded(target, file));
    }
  }

  private boot(file: ConfigFile): string[] {
    const { text } = file;
    try {
      this.steps.push(() => this.module.boot(text, this.options.model ?? "").length);
      return this.module.boot(text, this.options.model ?? "");
    } catch (error) {
      throw error instanceof RangeError ? new StartError(`${file.name}: ${error.message}`) : error;
    }
  }

  private provision(file: ConfigFile, layer = this.layers.length): void {
    this.layers[layer] = file.name;
    const work = () => this.perform(() => this.module.provision(file.text, layer));
    // What was set at run time is asked of the old instance.
    this.must(layer === LOCAL_LAYER ? work() : this.step(work), file.name);
  }

  /** Does it, now and once more should the module be loaded anew. */
  private step(work: () => number): number {
    this.steps.push(work);
    return work();
  }

  private credentials(): Credentials {
    try {
      return readCredentials((key) => this.text(key), this.options.folder ?? ".");
    } catch (error) {
      throw new StartError((error as Error).message);
    }
  }

  private text(key: string): string {
    const value = this.get(key);
    return typeof value === "string" ? value : "";
  }

  private must(status: number, what: string): void {
    if (status < 0) throw new StartError(`${what}: ${statusText(status)}`);
  }

  // ---- one mutation, then drain ----

  private perform(change: () => number): number {
    if (this.isClosed) return Status.WrongState;
    const answer = change();
    this.pending.push(...this.module.drain());
    this.save();
    this.alarm.arm(this.module.isBroken ? -1 : this.module.deadline);
    this.carryOut();
    if (this.module.isBroken) this.reload();
    return answer;
  }

  /** A listener may give the next command: what that says waits until the present records are through. */
  private carryOut(): void {
    if (this.isCarrying) return;
    this.isCarrying = true;
    try {
      for (let record = this.pending.shift(); record; record = this.pending.shift()) this.carry(record);
    } finally {
      this.isCarrying = false;
    }
  }

  private carry(record: OutputRecord): void {
    switch (record.kind) {
      case RecordKind.Send:
        return this.send(record);
      case RecordKind.Event:
        return this.tell(record);
      case RecordKind.Listen:
        return this.track(this.listen(record));
      case RecordKind.Resolve:
        return void this.ask(record);
      case RecordKind.Open:
        return this.flows.open(record);
      case RecordKind.Close:
        return this.closeFlow(record.flow);
      default:
    }
  }

  private send({ flow, to, bytes }: Send): void {
    const found = this.flows.find(flow);
    if (!found) return;
    if (this.isTraced) this.tracer.sent(found, to, bytes);
    this.flows.send(flow, to, bytes);
  }

  /** The module knows layers by number; people know files by name. */
  private tell(event: Event): void {
    const layer = event.fields["layer"];
    const file = typeof layer === "number" ? this.layers[layer - 1] : undefined;
    if (event.event === EventKind.SettingRejected && file !== undefined) event.fields["file"] = file;
    this.emit("event", event);
  }

  private async ask(record: Resolve): Promise<void> {
    const answer = await this.names.answer(record.question, record.name);
    this.perform(() => this.module.resolved(record.query, answer, this.clock.now()));
  }

  // ---- sockets ----

  private track(work: Promise<void>): void {
    this.opening.add(work);
    void work.finally(() => this.opening.delete(work));
  }

  private async listen(record: Listen): Promise<void> {
    const { transport, local } = record;
    const what = `${transport} ${local.address}`;
    if (local.port === 0) local.port = this.ports.get(what) ?? 0;
    try {
      await this.flows.listen(record);
      this.ports.set(what, this.flows.find(record.flow)?.local.port ?? 0);
    } catch (error) {
      this.refused.push(error as NodeJS.ErrnoException);
      this.perform(() => this.module.flowClosed(record.flow, this.clock.now()));
    }
  }

  private flowEvents(): FlowEvents {
    return {
      opened: (flow, local, peer, names) =>
        this.perform(() => this.module.flowOpened(flow, local, peer, names, this.clock.now())),
      accepted: (listening, local, peer, names, take) =>
        this.perform(() => {
          const flow = this.module.accepted(listening, local, peer, names, this.clock.now());
          if (flow > 0) take(flow);
          return flow;
        }),
      received: (flow, from, bytes) => this.receive(flow, from, bytes),
      sendFailed: (flow, to) => this.perform(() => this.module.sendFailed(flow, to, this.clock.now())),
      closed: (flow, peer, error) => this.lose(flow, peer, error),
    };
  }

  private receive(flow: number, from: Address, bytes: Uint8Array): void {
    if (this.isClosed) return;
    const found = this.flows.find(flow);
    if (found && this.isTraced) this.tracer.received(flow, found, from, bytes);
    this.perform(() => this.module.receive(flow, from, bytes, this.clock.now()));
  }

  private get isTraced(): boolean {
    return this.listenerCount("trace") > 0;
  }

  private lose(flow: number, { address, port }: Address, error?: Error): void {
    if (this.isClosed) return;
    if (error) this.tell(faultEvent(`socket${address && ` to ${address} port ${port}`}: ${error.message}`));
    this.tracer.close(flow);
    this.perform(() => this.module.flowClosed(flow, this.clock.now()));
  }

  private closeFlow(flow: number): void {
    this.tracer.close(flow);
    this.flows.close(flow);
  }

  private release(): void {
    this.isClosed = true;
    clearTimeout(this.reloading);
    this.alarm.arm(-1);
    this.flows.release();
    this.names.release();
  }
}

function isOfFileSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error;
}
