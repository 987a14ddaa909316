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

import { randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import { EventKind, RecordKind, Status } from "./abi.js";
import { Alarm, Clock } from "./clock.js";
import { readCredentials } from "./credentials.js";
import { type FlowEvents, Flows } from "./flows.js";
import { compileModule, RingletModule } from "./module.js";
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
import { Names } from "./resolve.js";
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
  /** A module compiled before, when many phones run in one program. */
  module?: WebAssembly.Module;
}

interface PhoneEvents {
  /** Everything that the module tells: `phone.ready`, `call.incoming`, ... (docs/abi.md, "Events"). */
  event: [Event];
  /** Every message, for those who want to look. */
  trace: [Traced];
}

/** Start failed: a file is not usable, or an address is not free. */
export class StartError extends Error {}

/** How long `close` waits for the other side to agree that the calls are over. */
const CLOSE_MS = 4000;

/** The layer of what was set at run time (docs/abi.md). */
const LOCAL_LAYER = 16;

export class Phone extends EventEmitter<PhoneEvents> {
  private readonly module: RingletModule;
  private readonly clock = new Clock();
  private readonly alarm = new Alarm(this.clock, () =>
    this.perform(() => this.module.tick(this.clock.now())),
  );
  private readonly flows = new Flows(this.flowEvents());
  private readonly names: Names;
  private readonly tracer: Tracer;
  private readonly layers: string[] = [];
  /** Sockets being bound, and why some could not be. Not every machine has IPv6: one socket is enough. */
  private readonly opening = new Set<Promise<void>>();
  private readonly refused: NodeJS.ErrnoException[] = [];
  private readonly pending: OutputRecord[] = [];
  private isCarrying = false;
  private isClosed = false;

  constructor(private readonly options: PhoneOptions = {}) {
    super();
    this.module = new RingletModule(options.module ?? compileModule());
    this.names = new Names(options.nameServers);
    this.tracer = new Tracer(this.module, (traced) => this.emit("trace", traced));
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
      this.perform(() => this.module.init(this.options.seed ?? randomBytes(32))),
      "start",
    );
    for (const file of this.options.configs ?? []) this.configure(file);
    if (this.options.local !== undefined)
      this.provision({ name: "local", text: this.options.local }, LOCAL_LAYER);
    if (this.options.bind !== undefined)
      this.must(this.set("ringlet.bind.address", this.options.bind), "bind");
    this.flows.options = {
      credentials: this.credentials(),
      from: this.text("ringlet.bind.address"),
    };
    this.must(
      this.perform(() => this.module.start(this.clock.now())),
      "start",
    );
    while (this.opening.size > 0) await Promise.all(this.opening);
    const fatal = this.refused.filter((error) => this.flows.size === 0 || error.code === "EADDRINUSE");
    if (fatal.length > 0) throw new StartError(fatal.map((error) => error.message).join("; "));
  }

  /** Hangs everything up, waits for at most four seconds until that is through, and closes the sockets. */
  async close(): Promise<void> {
    if (this.isClosed) return;
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
    return this.perform(() => this.module.set(key, value, this.clock.now()));
  }

  /** The setting's value, or a negative Status. */
  get(key: string): string | Status {
    return this.module.get(key);
  }

  /** What was set at run time, as a configuration file: store it, and give it as `local` the next time. */
  exportLocal(): string | Status {
    return this.module.exportLocal();
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
    try {
      return this.module.boot(file.text, this.options.model ?? "");
    } catch (error) {
      throw error instanceof RangeError ? new StartError(`${file.name}: ${error.message}`) : error;
    }
  }

  private provision(file: ConfigFile, layer = this.layers.length): void {
    this.layers[layer] = file.name;
    this.must(
      this.perform(() => this.module.provision(file.text, layer)),
      file.name,
    );
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
    this.alarm.arm(this.module.deadline);
    this.carryOut();
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
    try {
      await this.flows.listen(record);
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
    this.alarm.arm(-1);
    this.flows.release();
    this.names.release();
  }
}
