// One connection, over TCP or TLS: bytes out in order, bytes in as they come, and one word when it is over.
//
// What is sent before `release` is held back: the module may send on a connection that is still opening, and may
// not want it any more once it has seen whose certificate the other side shows.

import type { Socket } from "node:net";
import type { Address } from "./records.js";

export interface ConnectionEvents {
  /** At most LONGEST_CHUNK_BYTES at a time, cut anywhere. */
  received(bytes: Uint8Array): void;
  /**
   * The peer ended it, or it broke; with a reason where it could not be made or was given up. Once, and never after
   * `close`.
   */
  over(error?: Error): void;
}

/** What the module takes at once. */
const LONGEST_CHUNK_BYTES = 65_535;
/** A peer that leaves more than this unread is given up. */
const MOST_UNREAD_BYTES = 1 << 20;
/** After `close`: so long may the other side take to read what was sent. */
const LINGER_MS = 2000;

export class Connection {
  private held: Uint8Array[] | null = [];
  private heldBytes = 0;
  private isOver = false;
  // Kept, because a socket that is closed has forgotten them.
  private knownLocal: Address | undefined;
  private knownPeer: Address | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly events: ConnectionEvents,
  ) {
    socket.setNoDelay(true);
    socket.on("data", (bytes) => this.receive(bytes));
    // What breaks later is nothing that anybody could mend.
    socket.on("error", (error) => this.end(this.held ? error : undefined));
    // Half of a connection is of no use to a phone: what is under way is still sent, then it is over.
    socket.on("end", () => this.end(this.held ? new Error("the peer hung up") : undefined));
    socket.on("close", () => this.end());
  }

  get local(): Address {
    const { localAddress, localPort } = this.socket;
    if (localAddress !== undefined) this.knownLocal = addressOf(localAddress, localPort);
    return this.knownLocal ?? addressOf();
  }

  get peer(): Address {
    const { remoteAddress, remotePort } = this.socket;
    if (remoteAddress !== undefined) this.knownPeer = addressOf(remoteAddress, remotePort);
    return this.knownPeer ?? addressOf();
  }

  /** The address is where the connection leads anyway. */
  send(_to: Address, bytes: Uint8Array): void {
    if (this.isOver) return;
    const unread = this.heldBytes + this.socket.writableLength + bytes.length;
    if (unread > MOST_UNREAD_BYTES) return this.giveUp(new Error("the peer does not read"));
    if (!this.held) return void this.socket.write(bytes);
    this.held.push(bytes);
    this.heldBytes += bytes.length;
  }

  /** Lets go what was held back, and whatever is sent from now on. */
  release(): void {
    const held = this.held ?? [];
    this.held = null;
    this.heldBytes = 0;
    if (this.isOver) return;
    for (const bytes of held) this.socket.write(bytes);
  }

  /** Ends it when all that was sent has left; what is still held back is not sent. */
  close(): void {
    if (this.isOver) return;
    this.isOver = true;
    if (this.held) return void this.socket.destroy();
    this.socket.end();
    this.linger();
  }

  private receive(bytes: Buffer): void {
    for (let at = 0; at < bytes.length && !this.isOver; at += LONGEST_CHUNK_BYTES)
      this.events.received(bytes.subarray(at, at + LONGEST_CHUNK_BYTES));
  }

  private giveUp(error: Error): void {
    this.socket.destroy();
    this.end(error);
  }

  private linger(): void {
    if (!this.socket.destroyed) setTimeout(() => this.socket.destroy(), LINGER_MS).unref();
  }

  private end(error?: Error): void {
    if (this.isOver) return;
    this.isOver = true;
    this.linger();
    this.events.over(error);
  }
}

function addressOf(address = "", port = 0): Address {
  return { address, port };
}
