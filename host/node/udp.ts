// UDP sockets: one for each flow that the module wants to listen on.

import { createSocket, type Socket } from "node:dgram";
import type { Address } from "./records.js";

export interface UdpEvents {
  received(from: Address, bytes: Uint8Array): void;
  /** The network refused to carry a datagram to this address. */
  sendFailed(to: Address): void;
  /** The socket broke after it had been bound. */
  broken(error: Error): void;
}

/** A burst of calls must not be lost while the program does something else; the system may grant less. */
const RECEIVE_BUFFER_BYTES = 1 << 21;

export class UdpSocket {
  private isOpen = true;

  private constructor(
    private readonly socket: Socket,
    private readonly events: UdpEvents,
  ) {
    socket.on("message", (bytes, from) => events.received({ address: from.address, port: from.port }, bytes));
    socket.on("error", (error) => this.fail(error));
  }

  /** Binds; an empty address means every IPv4 address, port 0 any free port. Rejects when it can't. */
  static bind(local: Address, events: UdpEvents): Promise<UdpSocket> {
    const isIPv6 = local.address.includes(":");
    const socket = createSocket({ type: isIPv6 ? "udp6" : "udp4", ipv6Only: isIPv6 });
    return new Promise((resolve, reject) => {
      socket.once("error", reject);
      socket.bind({ address: local.address || "0.0.0.0", port: local.port, exclusive: true }, () => {
        socket.off("error", reject);
        enlarge(socket);
        resolve(new UdpSocket(socket, events));
      });
    });
  }

  get local(): Address {
    const { address, port } = this.socket.address();
    return { address, port };
  }

  send(to: Address, bytes: Uint8Array): void {
    if (!this.isOpen) return;
    this.socket.send(bytes, to.port, to.address, (error) => {
      if (error && this.isOpen) this.events.sendFailed(to);
    });
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.socket.close();
  }

  private fail(error: Error): void {
    if (!this.isOpen) return;
    this.close();
    this.events.broken(error);
  }
}

function enlarge(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The system's own size will do.
  }
}

/** The local address from which packets to `peer` leave; nothing is sent. */
export function localAddressToward(peer: string): Promise<string> {
  const socket = createSocket(peer.includes(":") ? "udp6" : "udp4");
  return new Promise<string>((resolve, reject) => {
    socket.once("error", reject);
    // The port does not matter: connecting a datagram socket only picks a route.
    socket.once("connect", () => resolve(socket.address().address));
    socket.connect(9, peer);
  }).finally(() => socket.close());
}
