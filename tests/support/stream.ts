// A connection between the phone and its scripted peer: what has no Via, or comes in pieces.

import assert from "node:assert/strict";
import { Transport } from "../../host/node/abi.js";
import type { Address, Open } from "./instance.js";
import { type Connected, PEER, PHONE, type Wire } from "./scripted-peer.js";

export interface StreamOptions {
  transport?: Transport.Tcp | Transport.Tls;
  /** The peer's end: an address with a port of the moment. */
  from?: Address;
  /** Lines of its certificate. */
  names?: string;
}

export class Stream {
  constructor(
    private readonly wire: Wire,
    readonly flow: number,
    readonly transport: Transport,
  ) {}

  /** Bytes, cut anywhere. */
  brings(bytes: string | Uint8Array): void {
    this.wire.stream(this.flow, bytes);
  }

  /** The connection is gone. */
  breaks(): void {
    this.wire.take(this.wire.instance.flowClosed(this.flow, this.wire.now));
  }

  /** The phone has said Close. */
  get isClosed(): boolean {
    return this.wire.closed.includes(this.flow);
  }

  /** How many line ends the phone has sent on any connection since the last question. */
  takesLineEnds(): string[] {
    return this.wire.lineEnds.splice(0);
  }
}

/** The peer connects: the handle of the flow, or a negative Status. */
export function tryToConnect({ wire }: Connected, options: StreamOptions = {}): number {
  const transport = options.transport ?? Transport.Tcp;
  const from = options.from ?? { address: PEER.address, port: 40_000 };
  const said = wire.instance.accepted(transport, wire.instance.local, from, options.names ?? "", wire.now);
  wire.take(said);
  return said.handle;
}

/** The peer connects, and says from now on what it says over this connection. */
export function come(connected: Connected, options: StreamOptions = {}): Stream {
  const handle = tryToConnect(connected, options);
  assert.ok(handle > 0, `the phone refused the connection: ${handle}`);
  const stream = new Stream(connected.wire, handle, options.transport ?? Transport.Tcp);
  connected.peer.stream = stream;
  return stream;
}

/** The next connection that the phone asks for. */
export function asked({ wire }: Connected): Open {
  return wire.opens.shift() ?? wire.fail("the phone asked for no connection");
}

/** The connection that the phone asked for is there. */
export function open(connected: Connected, names = "", wanted = asked(connected)): Stream {
  const { wire, peer } = connected;
  const local = { address: PHONE.address, port: 50_000 };
  wire.take(wire.instance.opened(wanted.flow, local, wanted.to, names, wire.now));
  const stream = new Stream(wire, wanted.flow, wanted.transport);
  peer.stream = stream;
  return stream;
}

/** Nobody is there. */
export function refuse(connected: Connected, wanted = asked(connected)): void {
  const { wire } = connected;
  wire.take(wire.instance.flowClosed(wanted.flow, wire.now));
}
