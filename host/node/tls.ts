// TLS: connecting, and listening for connections; our certificate is shown, and the peer's asked for, on both sides.
//
// No certificate is refused here: whom to trust is decided by the module, which is told what the certificate says
// (host/node/certificate.ts).

import { isIP, type Socket } from "node:net";
import { connect, createServer, type SecureContextOptions, type TLSSocket } from "node:tls";
import type { Address } from "./records.js";
import { Listener, pathTo } from "./tcp.js";

/** Our certificate and key, and those whose signature counts; all PEM. */
export type Credentials = Pick<SecureContextOptions, "cert" | "key" | "ca">;

/** A peer that has not introduced itself after so long is given up. */
const HANDSHAKE_MS = 5000;

const PROMISE = { minVersion: "TLSv1.2", rejectUnauthorized: false } as const;

/** Whoever we reach is told `name`, where it is one: an address is not for the server name indication (RFC 6066 §3). */
export function connectTls(to: Address, name: string, from: string, credentials: Credentials): TLSSocket {
  const servername = name.replace(/\.$/, "");
  const shown = servername === "" || isIP(servername) > 0 ? {} : { servername };
  return connect({
    ...pathTo(to, from),
    ...credentials,
    ...PROMISE,
    ...shown,
    // The name is the module's business too.
    checkServerIdentity: () => undefined,
  });
}

export function listenTls(
  local: Address,
  credentials: Credentials,
  accepted: (socket: TLSSocket) => void,
  broken: (error: Error) => void,
): Promise<Listener> {
  const server = createServer({
    ...credentials,
    ...PROMISE,
    requestCert: true,
    handshakeTimeout: HANDSHAKE_MS,
  });
  /** Those that have not introduced themselves yet; they end with the listener. */
  const unknown = new Map<string, Socket>();
  server.on("connection", (socket: Socket) => {
    const key = keyOf(socket);
    unknown.set(key, socket);
    socket.on("close", () => unknown.delete(key));
  });
  server.on("secureConnection", (socket) => {
    unknown.delete(keyOf(socket));
    accepted(socket);
  });
  return Listener.listen(server, local, broken, () => {
    for (const socket of unknown.values()) socket.destroy();
  });
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
