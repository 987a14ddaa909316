// Codecs with their payload types, most wanted first: what an m= line lists.

import { Codec, usualPayload } from "./codec";

const MOST_CODECS: i32 = 8;

/** codecs, payloads = one byte for each entry, the first lowest. */
@unmanaged
export class CodecList {
  codecs: u64;
  payloads: u64;
  codecCount: i32;

  clearCodecs(): void {
    this.codecs = 0;
    this.payloads = 0;
    this.codecCount = 0;
  }

  /** Puts it behind the others, with its usual payload type. */
  addUsual(codec: Codec): void {
    this.addCodec(codec, usualPayload(codec));
  }

  /**
   * Puts it behind the others, with that payload type. A codec that is there already, or one too many, or without a
   * payload type of 0..127, is left out.
   */
  addCodec(codec: Codec, payload: i32): void {
    const count = this.codecCount;
    if (count == MOST_CODECS || <u32>payload > 127 || this.hasCodec(codec)) return;
    this.codecs |= (<u64>codec) << (count * 8);
    this.payloads |= (<u64>payload) << (count * 8);
    this.codecCount = count + 1;
  }

  codec(index: i32): Codec {
    return <Codec>(<u8>(this.codecs >>> (index * 8)));
  }

  payload(index: i32): i32 {
    return <i32>(<u8>(this.payloads >>> (index * 8)));
  }

  hasCodec(codec: Codec): bool {
    for (let i = 0; i < this.codecCount; i++) {
      if (this.codec(i) == codec) return true;
    }
    return false;
  }
}
