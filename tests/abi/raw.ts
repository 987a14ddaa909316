// The exports as they are, without host/node: for what a host of ours would never do.

import { RecordKind } from "../../host/node/abi.js";
import { compileModule } from "../../host/node/module.js";

export const SHIPPED = compileModule();

export const SEED = Buffer.alloc(32, 0x5a);
export const LOCAL = "192.0.2.1";
export const PEER = "192.0.2.2";

export const CONFIG = `ringlet.bind.address = ${LOCAL}
account.1.enable = 1
account.1.user_name = alice
account.1.session_timer.enable = 1
account.1.session_timer.expires = 90
`;

/** One record, as it lies in memory. */
export interface RawRecord {
  kind: number;
  address: number;
  bytes: number;
  /** The words behind kind and length. */
  words: number[];
}

export class Raw {
  readonly memory: WebAssembly.Memory;
  /** name -> global */
  readonly globals = new Map<string, WebAssembly.Global>();
  private readonly functions: Record<string, (...words: number[]) => number> = {};

  constructor(module: WebAssembly.Module = SHIPPED) {
    const instance = new WebAssembly.Instance(module, {});
    this.memory = instance.exports["memory"] as WebAssembly.Memory;
    for (const [name, value] of Object.entries(instance.exports)) {
      if (value instanceof WebAssembly.Global) this.globals.set(name, value);
      else if (typeof value === "function") this.functions[name] = value as (...words: number[]) => number;
    }
  }

  /** Initialised and provisioned, not started. */
  static ready(config = ""): Raw {
    const raw = new Raw();
    raw.put(SEED);
    raw.call("sip_init", SEED.length);
    raw.call("sip_provision", raw.put(CONFIG + config), 0);
    return raw;
  }

  /** Started, with its socket open. */
  static started(config = ""): { raw: Raw; flow: number } {
    const raw = Raw.ready(config);
    raw.call("sip_start", 0);
    const flow = raw.poll().find(({ kind }) => kind === RecordKind.Listen)?.words[0] ?? 0;
    const length = raw.put(LOCAL);
    raw.call("sip_flow_opened", flow, length, 5060, 0, 0, 0, 0);
    raw.poll();
    return { raw, flow };
  }

  call(name: string, ...words: number[]): number {
    const wanted = this.functions[name];
    if (!wanted) throw new Error(`no export ${name}`);
    return wanted(...words);
  }

  /** Puts the pieces into the window, one behind the other; answers their length together. */
  put(...pieces: (string | Uint8Array)[]): number {
    const bytes = Buffer.concat(pieces.map((piece) => Buffer.from(piece as string)));
    if (bytes.length === 0) return 0;
    const at = this.call("sip_input", bytes.length);
    if (at < 0) throw new Error(`the window is too small for ${bytes.length}: ${at}`);
    new Uint8Array(this.memory.buffer, at, bytes.length).set(bytes);
    return bytes.length;
  }

  /** A datagram from the peer. */
  receive(flow: number, datagram: string | Uint8Array, now: number): number {
    const length = Buffer.byteLength(datagram);
    this.put(PEER, datagram);
    return this.call("sip_receive", flow, PEER.length, 5060, length, now);
  }

  /** Every record, until there is none. */
  poll(): RawRecord[] {
    const records: RawRecord[] = [];
    for (let address = this.call("sip_poll"); address !== 0; address = this.call("sip_poll"))
      records.push(this.record(address));
    return records;
  }

  /** The bytes of a slice: two words of a record. */
  text(offset: number | undefined, length: number | undefined): string {
    return Buffer.from(this.memory.buffer, (offset ?? 0) >>> 0, (length ?? 0) >>> 0).toString("latin1");
  }

  /** Texts of all Send records. */
  sends(records: RawRecord[]): string[] {
    return records
      .filter(({ kind }) => kind === RecordKind.Send)
      .map(({ words }) => this.text(words[4], words[5]));
  }

  /** Moment of the Wake record; undefined without one. */
  wake(records: RawRecord[]): number | undefined {
    const record = records.find(({ kind }) => kind === RecordKind.Wake);
    return record && new DataView(this.memory.buffer).getFloat64(record.address + 8, true);
  }

  get size(): number {
    return this.memory.buffer.byteLength;
  }

  private record(address: number): RawRecord {
    const view = new DataView(this.memory.buffer);
    const bytes = view.getUint32(address + 4, true);
    const words: number[] = [];
    for (let at = address + 8; at + 4 <= address + bytes; at += 4) words.push(view.getInt32(at, true));
    return { kind: view.getUint32(address, true), address, bytes, words };
  }
}

/** An INVITE of the peer for us. */
export function inviteOf(callId: string, user = "alice"): string {
  return request("INVITE", callId, 1, `sip:${user}@${LOCAL}`, "", SDP);
}

const SDP = `v=0\r\no=- 1 1 IN IP4 ${PEER}\r\ns=-\r\nc=IN IP4 ${PEER}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n`;

/** Any request of the peer; `toTag` where it is in a dialog. */
export function request(
  method: string,
  callId: string,
  sequence: number,
  uri: string,
  toTag: string,
  body = "",
): string {
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${PEER};branch=z9hG4bK${callId}${method}${sequence}`,
    "Max-Forwards: 70",
    `From: <sip:bob@${PEER}>;tag=${callId}`,
    `To: <sip:alice@${LOCAL}>${toTag && `;tag=${toTag}`}`,
    `Call-ID: ${callId}`,
    `CSeq: ${sequence} ${method}`,
    `Contact: <sip:bob@${PEER}>`,
    "Supported: timer",
    ...(body ? ["Content-Type: application/sdp"] : []),
    `Content-Length: ${body.length}`,
    "",
    body,
  ].join("\r\n");
}
