// TCP: connecting, and listening for connections.

import { connect, createServer, isIP, type Server, Socket } from "node:net";
import type { Address } from "./records.js";

/** A program is not worth more connections than this; the module has a limit of its own, below. */
export const MOST_CONNECTIONS = 1024;

/** A socket on its way to `to`, an address and never a name; `from` is the local address, blank for any. */
export function connectTcp(to: Address, from: string): Socket {
  return connect(pathTo(to, from));
}

/** What a connection needs to know, for TLS too. Throws for what is no address: it would be looked up. */
export function pathTo(to: Address, from: string): { host: string; port: number; localAddress?: string } {
  const family = isIP(to.address);
  if (family === 0) throw new Error(`"${to.address}" is no address`);
  const path = { host: to.address, port: to.port };
  return isIP(from) === family ? { ...path, localAddress: from } : path;
}

/** A socket that listens. */
export class Listener {
  private isOpen = true;

  private constructor(
    private readonly server: Server,
    broken: (error: Error) => void,
    private readonly closed: () => void,
  ) {
    server.maxConnections = MOST_CONNECTIONS;
    server.on("error", (error) => {
      if (!this.isOpen) return;
      this.close();
      broken(error);
    });
  }

  /** Binds; an empty address means every IPv4 address, port 0 any free port. Rejects when it can't. */
  static listen(
    server: Server,
    local: Address,
    broken: (error: Error) => void,
    closed = () => {},
  ): Promise<Listener> {
    const host = local.address || "0.0.0.0";
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host, port: local.port, ipv6Only: true, exclusive: true }, () => {
        server.off("error", reject);
        resolve(new Listener(server, broken, closed));
      });
    });
  }

  get local(): Address {
    const bound = this.server.address();
    return typeof bound === "object" && bound !== null
      ? { address: bound.address, port: bound.port }
      : { address: "", port: 0 };
  }

  /** Nothing can be sent here. */
  send(): void {}

  /** Takes no more connections; those that it has taken stay. */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.server.close();
    this.closed();
  }
}

export function listenTcp(
  local: Address,
  accepted: (socket: Socket) => void,
  broken: (error: Error) => void,
): Promise<Listener> {
  return Listener.listen(createServer(accepted), local, broken);
}
