// What the module says, as typed values: one type for each kind of record (docs/abi.md, "Records").
//
// Everything in a record here is a copy: it stays good after the next call into the module.

import { EventKind, FieldType, Question, RecordKind, Status, Transport } from "./abi.js";

/** Where a datagram comes from or goes to; the address is text, without brackets. */
export interface Address {
  address: string;
  port: number;
}

/** Hand these bytes to the socket of this flow. */
export interface Send {
  kind: RecordKind.Send;
  flow: number;
  to: Address;
  bytes: Buffer;
}

/** Bind a socket and answer with the address that it got. */
export interface Listen {
  kind: RecordKind.Listen;
  flow: number;
  transport: Transport;
  local: Address;
  /** The mark of every packet (RFC 2474). Node can't set it: hosts that can do. */
  dscp: number;
}

/** Connect; over TLS to whoever has this name. */
export interface Open {
  kind: RecordKind.Open;
  flow: number;
  transport: Transport;
  to: Address;
  name: string;
  dscp: number;
}

export interface Close {
  kind: RecordKind.Close;
  flow: number;
}

/** Ask the network's name service. */
export interface Resolve {
  kind: RecordKind.Resolve;
  query: number;
  question: Question;
  name: string;
}

/** A field named `media.address` is found as `fields.media.address`. */
export interface Fields {
  [name: string]: string | number | Fields;
}

/** Something for the application of the phone. */
export interface Event {
  kind: RecordKind.Event;
  event: EventKind;
  name: string;
  /** The handle of the call for commands; 0 where the event belongs to none. */
  call: number;
  /** The number of the call for people: 1, 2, ...; 0 for none. */
  number: number;
  fields: Fields;
  /** Names of fields with keys, `local.key`: for the phone's media, never to be shown or stored. Absent without any. */
  secrets?: string[];
}

/** Milliseconds of the host's clock; -1: nothing is waited for. */
export interface Wake {
  kind: RecordKind.Wake;
  deadline: number;
}

/** A setting. */
export interface Value {
  kind: RecordKind.Value;
  key: string;
  value: string;
}

/** What the module would do with a datagram: 0 accept, -1 drop, or the status of an answer. */
export interface Verdict {
  kind: RecordKind.Verdict;
  status: number;
  offset: number;
  reason: string;
}

export type OutputRecord = Send | Listen | Open | Close | Resolve | Event | Wake | Value | Verdict;

/** Reads the record at `address`; null for a kind that this host does not know. */
export function readRecord(memory: ArrayBuffer, address: number): OutputRecord | null {
  return new RecordReader(memory, address).read();
}

/** Takes the words of one record in order. */
class RecordReader {
  private readonly view: DataView;
  private readonly record: number;
  private at: number;

  constructor(
    private readonly memory: ArrayBuffer,
    address: number,
  ) {
    this.view = new DataView(memory);
    this.record = address;
    this.at = address + 8;
  }

  read(): OutputRecord | null {
    const kind: RecordKind = this.view.getInt32(this.record, true);
    switch (kind) {
      case RecordKind.Send:
        return { kind, flow: this.word(), to: this.address(), bytes: this.bytes() };
      case RecordKind.Listen:
        return { kind, flow: this.word(), transport: this.word(), local: this.address(), dscp: this.word() };
      case RecordKind.Open:
        return {
          kind,
          flow: this.word(),
          transport: this.word(),
          to: this.address(),
          name: this.text(),
          dscp: this.word(),
        };
      case RecordKind.Close:
        return { kind, flow: this.word() };
      case RecordKind.Resolve:
        return { kind, query: this.word(), question: this.word(), name: this.text() };
      case RecordKind.Event:
        return this.event(kind);
      case RecordKind.Wake:
        return { kind, deadline: this.view.getFloat64(this.at, true) };
      case RecordKind.Value:
        return { kind, key: this.text(), value: this.text() };
      case RecordKind.Verdict:
        return { kind, status: this.word(), offset: this.word(), reason: this.text() };
      default:
        return null;
    }
  }

  private event(kind: RecordKind.Event): Event {
    const event = this.word();
    const name = this.text();
    const call = this.word();
    const number = this.word();
    const fields: Fields = {};
    const secrets: string[] = [];
    for (let left = this.word(); left > 0; left--) this.field(fields, secrets);
    return { kind, event, name, call, number, fields, ...(secrets.length > 0 && { secrets }) };
  }

  private field(fields: Fields, secrets: string[]): void {
    const name = this.text();
    const type: FieldType = this.word();
    setField(fields, name, type === FieldType.Number ? this.longNumber() : this.text());
    if (type === FieldType.Secret) secrets.push(name);
  }

  private word(): number {
    this.at += 4;
    return this.view.getInt32(this.at - 4, true);
  }

  private longNumber(): number {
    this.at += 8;
    return Number(this.view.getBigInt64(this.at - 8, true));
  }

  private bytes(): Buffer {
    const offset = this.word() >>> 0;
    const length = this.word() >>> 0;
    return Buffer.from(Buffer.from(this.memory, offset, length));
  }

  private text(): string {
    return this.bytes().toString("utf8");
  }

  private address(): Address {
    return { address: this.text(), port: this.word() };
  }
}

function setField(fields: Fields, name: string, value: string | number): void {
  const dot = name.indexOf(".");
  if (dot < 0) {
    fields[name] = value;
    return;
  }
  const outer = name.slice(0, dot);
  const present = fields[outer];
  const inner = typeof present === "object" ? present : {};
  fields[outer] = inner;
  setField(inner, name.slice(dot + 1), value);
}

/** A record like those of the module, for what only the host can notice. */
export function faultEvent(what: string): Event {
  return {
    kind: RecordKind.Event,
    event: EventKind.Fault,
    name: "fault",
    call: 0,
    number: 0,
    fields: { what },
  };
}

/** The input that trapped: its export, and FNV-1a of that name and the pieces, by which two reports are told apart. */
export function trapEvent(name: string, words: string, pieces: Uint8Array[]): Event {
  const event = faultEvent(`${name}: ${words}`);
  Object.assign(event.fields, { export: name, input: hashOf(Buffer.from(name), ...pieces) });
  return event;
}

/** FNV-1a with 64 bits, in hexadecimal digits. */
function hashOf(...pieces: Uint8Array[]): string {
  let hash = 0xcbf29ce484222325n;
  for (const piece of pieces)
    for (const byte of piece) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, "0");
}

/** "NoSuchThing" -> "no such thing", for messages. */
export function statusText(status: number): string {
  const name = Status[status] ?? `status ${status}`;
  return name
    .replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
    .toLowerCase();
}
