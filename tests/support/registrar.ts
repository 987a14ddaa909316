// A registrar for scripts: the peer at 192.0.2.20 takes the registrations of a phone.

import {
  connect,
  type Connected,
  type ConnectOptions,
  type Datagram,
  type Headers,
  type Peer,
} from "./scripted-peer.js";

export const SERVER = "192.0.2.20";

/** A phone whose account 1 registers at the peer; its first REGISTER waits to be taken. */
export function registers(options: ConnectOptions = {}): Connected {
  const config = `account.1.sip_server.1.address = ${SERVER}\n${options.config ?? ""}`;
  return connect({ ...options, config, registers: true });
}

export interface RegisteredOptions extends ConnectOptions {
  /** Granted in the Contact row. */
  expires?: number;
  /** Of the 2xx. */
  headers?: Headers;
}

/** The same, and the peer has said 200. */
export function registered(options: RegisteredOptions = {}): Connected & { first: Datagram } {
  const { expires, headers, ...rest } = options;
  const all = registers(rest);
  const first = all.peer.expects("REGISTER");
  grants(all.peer, first, expires, headers);
  return { ...all, first };
}

/** Says 200 with the binding that was asked for. */
export function grants(peer: Peer, request: Datagram, expires = 3600, headers: Headers = {}): Datagram {
  const contact = `<${bindingOf(request)}>;expires=${expires}`;
  return peer.replies(request, 200, { headers: { Contact: contact, ...headers }, from: request.address });
}

/** The URI that a REGISTER binds. */
export function bindingOf(request: Datagram): string {
  return /<([^>]*)>/.exec(request.header("Contact"))?.[1] ?? "";
}
