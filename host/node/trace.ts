// Messages for whoever wants to look at them, without the secrets in them; and a message as `--trace` shows it:
// a line with time, direction and peer, then the message, set in.

import type { RingletModule } from "./module.js";
import type { Address } from "./records.js";

/** A message as it passed the socket, but with its secrets overwritten. */
export interface Traced {
  direction: "sent" | "received";
  peer: Address;
  local: Address;
  bytes: Uint8Array;
}

/** Where a message passed; a connection has a peer of its own. */
interface Socket {
  local: Address;
  peer?: Address;
}

/** The module ends a connection whose messages are longer. */
const LONGEST_MESSAGE_BYTES = 65_535;

/** Finds whole messages in what connections bring, and has their secrets overwritten; the module knows both. */
export class Tracer {
  /** What is still no whole message; null where that has become too long. */
  private readonly unfinished = new Map<number, { socket: Socket; bytes: Buffer | null }>();

  constructor(
    private readonly module: Pick<RingletModule, "mask">,
    private readonly tell: (traced: Traced) => void,
  ) {}

  sent(socket: Socket, to: Address, bytes: Uint8Array): void {
    this.show("sent", socket, to, this.module.mask(bytes).shown);
  }

  received(flow: number, socket: Socket, from: Address, bytes: Uint8Array): void {
    if (!socket.peer) return this.show("received", socket, from, this.module.mask(bytes).shown);
    const before = this.unfinished.get(flow)?.bytes;
    if (before !== null) this.receivePart(flow, socket, Buffer.concat([before ?? Buffer.alloc(0), bytes]));
  }

  /** The flow is closed: what it left unfinished is shown as it is. */
  close(flow: number): void {
    const left = this.unfinished.get(flow);
    this.unfinished.delete(flow);
    if (left?.bytes) this.showUnfinished(left.socket, left.bytes);
  }

  private receivePart(flow: number, socket: Socket, bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      const { shown, size } = this.module.mask(rest);
      if (size === 0) break;
      this.show("received", socket, NOBODY, shown.subarray(0, size));
      rest = rest.subarray(size);
    }
    const isTooLong = rest.length > LONGEST_MESSAGE_BYTES;
    if (isTooLong) this.showUnfinished(socket, rest);
    this.unfinished.set(flow, { socket, bytes: isTooLong ? null : rest });
  }

  private showUnfinished(socket: Socket, bytes: Buffer): void {
    if (bytes.length > 0) this.show("received", socket, NOBODY, this.module.mask(bytes).shown);
  }

  private show(direction: Traced["direction"], socket: Socket, other: Address, bytes: Uint8Array): void {
    this.tell({ direction, peer: socket.peer ?? other, local: socket.local, bytes });
  }
}

const NOBODY: Address = { address: "", port: 0 };

/** trace 2030-01-01T10:00:00.000Z sent 192.0.2.1:5060 312 bytes, and below it `  | line` for each line. */
export function readableTrace(traced: Traced, time: Date): string {
  const { direction, peer, bytes } = traced;
  const head = `trace ${time.toISOString()} ${direction} ${addressText(peer)} ${bytes.length} bytes`;
  return [head, ...messageLines(bytes)].join("\n");
}

/** Its lines, set in. */
export function messageLines(bytes: Uint8Array): string[] {
  const lines = messageText(bytes)
    .replace(/(\r?\n)+$/, "")
    .split(/\r?\n/);
  return lines.map((line) => `  | ${printable(line)}`);
}

/** {"event":"trace","time":...,"direction":"sent","peer":...,"local":...,"message":...} */
export function jsonTrace(traced: Traced, time: Date): string {
  return JSON.stringify({
    event: "trace",
    time: time.toISOString(),
    direction: traced.direction,
    peer: addressText(traced.peer),
    local: addressText(traced.local),
    message: messageText(traced.bytes),
  });
}

export function addressText({ address, port }: Address): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function messageText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}

/** A peer must not be able to command the terminal. */
function printable(line: string): string {
  return line.replace(/\p{Cc}/gu, (c) =>
    c === "\t" ? c : `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
