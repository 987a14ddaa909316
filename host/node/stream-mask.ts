// What connections bring, with `*` over the secrets in it: where a message is cut, its beginning decides.

import type { RingletModule } from "./module.js";

/** The module ends a connection whose messages are longer. */
const LONGEST_MESSAGE_BYTES = 65_535;

/** So much is looked at together: an unfinished message and this still fit into the window. */
const PART_BYTES = 2_048;

export class StreamMask {
  /** What is still no whole message, by flow; `null` where that has become too long. */
  private readonly unfinished = new Map<number, Buffer | null>();

  constructor(private readonly module: RingletModule) {}

  /** The next bytes of the connection `flow` without their secrets. */
  shown(flow: number, bytes: Uint8Array): Buffer {
    const parts: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += PART_BYTES)
      parts.push(this.part(flow, Buffer.from(bytes.subarray(at, at + PART_BYTES))));
    return Buffer.concat(parts);
  }

  /** The connection is over. */
  forget(flow: number): void {
    this.unfinished.delete(flow);
  }

  private part(flow: number, bytes: Buffer): Buffer {
    const before = this.unfinished.get(flow);
    // Nobody reads it any more.
    if (before === null) return Buffer.alloc(bytes.length, "*");
    let rest = Buffer.concat([before ?? Buffer.alloc(0), bytes]);
    const whole = this.module.mask(rest).shown;
    for (let size = this.firstSize(rest); size > 0; size = this.firstSize(rest)) rest = rest.subarray(size);
    this.unfinished.set(flow, rest.length > LONGEST_MESSAGE_BYTES ? null : Buffer.from(rest));
    return whole.subarray(whole.length - bytes.length);
  }

  private firstSize(bytes: Buffer): number {
    return bytes.length === 0 ? 0 : this.module.mask(bytes).size;
  }
}
