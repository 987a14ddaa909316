// A bad path between phones and a server: a UDP relay that loses, delays and reorders by seed.
//
// To the server it is a NAT: each phone has a port of its own there, and what comes back to that port goes to the phone.

import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { Random } from "./random.js";

const LOOPBACK = "127.0.0.1";

export interface Path {
  /** Of each direction, 0 to 1. */
  loss?: number;
  /** Milliseconds; each datagram draws its own delay, so that later ones pass earlier ones. */
  leastDelay?: number;
  mostDelay?: number;
}

export interface Tally {
  carried: number;
  lost: number;
  /** Left after one that had come later. */
  overtaken: number;
}

export class Relay {
  readonly tally: Tally = { carried: 0, lost: 0, overtaken: 0 };
  /** A change counts from the next datagram on. */
  path: Required<Path>;

  private readonly outside = new Map<number, Promise<Socket>>();
  private readonly delayed = new Set<NodeJS.Timeout>();
  private came = 0;
  private newestLeft = 0;
  private isOpen = true;

  private constructor(
    private readonly inside: Socket,
    private readonly server: number,
    path: Path,
    private readonly random: Random,
  ) {
    this.path = { loss: 0, leastDelay: 0, mostDelay: 0, ...path };
    inside.on("message", (bytes, from) => void this.receiveInside(bytes, from));
  }

  /** From a port of its own to the server's port and back. */
  static async start(server: number, seed: number, path: Path = {}): Promise<Relay> {
    return new Relay(await bound(), server, path, new Random(seed));
  }

  /** Where phones send to. */
  get port(): number {
    return this.inside.address().port;
  }

  async end(): Promise<void> {
    this.isOpen = false;
    for (const timeout of this.delayed) clearTimeout(timeout);
    this.inside.close();
    for (const socket of await Promise.all(this.outside.values())) socket.close();
  }

  private async receiveInside(bytes: Buffer, { port }: RemoteInfo): Promise<void> {
    let outside = this.outside.get(port);
    if (!outside) {
      outside = this.openOutside(port);
      this.outside.set(port, outside);
    }
    const socket = await outside;
    this.carry(() => socket.send(bytes, this.server, LOOPBACK));
  }

  private async openOutside(phone: number): Promise<Socket> {
    const socket = await bound();
    socket.on("message", (bytes) => this.carry(() => this.inside.send(bytes, phone, LOOPBACK)));
    return socket;
  }

  private carry(send: () => void): void {
    const number = ++this.came;
    if (this.random.chance(this.path.loss)) {
      this.tally.lost++;
      return;
    }
    const delay = this.random.between(this.path.leastDelay, this.path.mostDelay);
    const timeout = setTimeout(() => {
      this.delayed.delete(timeout);
      if (!this.isOpen) return;
      this.tally.carried++;
      if (number < this.newestLeft) this.tally.overtaken++;
      this.newestLeft = Math.max(this.newestLeft, number);
      send();
    }, delay);
    this.delayed.add(timeout);
  }
}

function bound(): Promise<Socket> {
  const socket = createSocket("udp4");
  // A port that nobody listens on any more: the datagram is lost, as on any path.
  socket.on("error", () => {});
  return new Promise((resolve) => socket.bind(0, LOOPBACK, () => resolve(socket)));
}
