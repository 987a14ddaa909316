// Every socket of a phone under the handle that the module gave it: a UDP socket, a connection, or a socket that
// listens for connections.

import type { TLSSocket } from "node:tls";
import type { Socket } from "node:net";
import { Transport } from "./abi.js";
import { certificateLines } from "./certificate.js";
import { Connection } from "./connection.js";
import type { Address, Listen, Open } from "./records.js";
import { connectTcp, listenTcp } from "./tcp.js";
import { connectTls, type Credentials, listenTls } from "./tls.js";
import { UdpSocket } from "./udp.js";

/** What flows tell; each of these is one call into the module, and its drain. */
export interface FlowEvents {
  /** `names`: what the peer's certificate says (certificate.ts), empty without TLS. Negative: nobody wants it. */
  opened(flow: number, local: Address, peer: Address, names: string): number;
  /** A connection came in. `take` is told its handle before anything that the module says about it is carried out. */
  accepted(
    listening: number,
    local: Address,
    peer: Address,
    names: string,
    take: (flow: number) => void,
  ): void;
  received(flow: number, from: Address, bytes: Uint8Array): void;
  /** The network refused to carry a datagram to this address. */
  sendFailed(flow: number, to: Address): void;
  /** It could not be opened, broke, or was ended by the peer: then without an error. */
  closed(flow: number, peer: Address, error?: Error): void;
}

interface Flow {
  local: Address;
  /** Of a connection. */
  peer?: Address;
  send(to: Address, bytes: Uint8Array): void;
  close(): void;
}

export interface FlowOptions {
  credentials: Credentials;
  /** The local address of connections that we make; blank for what the system chooses. */
  from: string;
}

export const NOBODY: Address = { address: "", port: 0 };

export class Flows {
  /** For TLS, and for connections; known when the settings are. */
  options: FlowOptions = { credentials: {}, from: "" };

  private readonly flows = new Map<number, Flow>();
  private isReleased = false;

  constructor(private readonly events: FlowEvents) {}

  get size(): number {
    return this.flows.size;
  }

  find(flow: number): Readonly<Flow> | undefined {
    return this.flows.get(flow);
  }

  // ---- sockets that are bound ----

  /** Binds and says `opened`; rejects when it can't. */
  async listen({ flow, transport, local }: Listen): Promise<void> {
    const socket = await this.bind(flow, transport, local);
    if (this.isReleased) return socket.close();
    this.flows.set(flow, socket);
    this.events.opened(flow, socket.local, NOBODY, "");
  }

  private bind(flow: number, transport: Transport, local: Address): Promise<Flow> {
    const broken = (error: Error) => this.lose(flow, NOBODY, error);
    switch (transport) {
      case Transport.Udp:
        return UdpSocket.bind(local, {
          received: (from, bytes) => this.events.received(flow, from, bytes),
          sendFailed: (to) => this.events.sendFailed(flow, to),
          broken,
        });
      case Transport.Tcp:
        return listenTcp(local, (socket) => this.accept(flow, socket, ""), broken);
      case Transport.Tls:
        return listenTls(local, this.options.credentials, (socket) => this.acceptTls(flow, socket), broken);
      default:
        return Promise.reject(new Error(`transport ${String(transport)} is unknown`));
    }
  }

  private acceptTls(listening: number, socket: TLSSocket): void {
    this.accept(listening, socket, certificateLines(socket));
  }

  private accept(listening: number, socket: Socket, names: string): void {
    // One that has no address any more has gone before it was looked at.
    const isWanted = this.flows.has(listening) && socket.remoteAddress !== undefined;
    if (!isWanted) return void socket.destroy();
    let taken = 0;
    const connection = this.connection(socket, () => taken);
    this.events.accepted(listening, connection.local, connection.peer, names, (flow) => {
      taken = flow;
      this.flows.set(flow, connection);
      connection.release();
    });
    if (taken === 0) connection.close();
  }

  // ---- connections that we make ----

  /** Says `opened` or `closed`, later. */
  open(record: Open): void {
    const { flow, transport, to } = record;
    try {
      const socket = this.connect(record);
      const connection = this.connection(socket, () => flow, to);
      this.flows.set(flow, connection);
      const isTls = transport === Transport.Tls;
      socket.once(isTls ? "secureConnect" : "connect", () =>
        this.opened(flow, connection, isTls ? certificateLines(socket as TLSSocket) : ""),
      );
    } catch (error) {
      setImmediate(() => this.isReleased || this.events.closed(flow, to, error as Error));
    }
  }

  private connect({ transport, to, name }: Open): Socket {
    const { credentials, from } = this.options;
    if (transport === Transport.Tcp) return connectTcp(to, from);
    if (transport === Transport.Tls) return connectTls(to, name, from, credentials);
    throw new Error(`transport ${String(transport)} makes no connections`);
  }

  private opened(flow: number, connection: Connection, names: string): void {
    if (this.flows.get(flow) !== connection) return;
    const answer = this.events.opened(flow, connection.local, connection.peer, names);
    if (answer < 0) this.close(flow);
    else connection.release();
  }

  /** `flow` is asked later: one that came in has no handle yet. */
  private connection(socket: Socket, flow: () => number, to?: Address): Connection {
    const connection: Connection = new Connection(socket, {
      received: (bytes) => this.events.received(flow(), NOBODY, bytes),
      over: (error) => this.lose(flow(), to ?? connection.peer, error),
    });
    return connection;
  }

  // ---- all of them ----

  send(flow: number, to: Address, bytes: Uint8Array): void {
    this.flows.get(flow)?.send(to, bytes);
  }

  /** After what was sent has left; `closed` is not said of it. */
  close(flow: number): void {
    this.flows.get(flow)?.close();
    this.flows.delete(flow);
  }

  /** Closes everything, and what is still being opened. */
  release(): void {
    this.isReleased = true;
    this.closeAll();
  }

  closeAll(): void {
    for (const flow of [...this.flows.keys()]) this.close(flow);
  }

  private lose(flow: number, peer: Address, error?: Error): void {
    if (this.flows.delete(flow)) this.events.closed(flow, peer, error);
  }
}
