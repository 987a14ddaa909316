// What offer and answer agreed on: where and how the phone's media engine sends.

import { reserve } from "../bytes/arena";
import { EMPTY, Slice } from "../bytes/slice";
import { Codec } from "./codec";
import { Direction } from "./direction";


@unmanaged
export class NegotiatedMedia {
  /** Where we send to, inside the parsed description; EMPTY when there is no stream. */
  address: Slice;
  /** 0 when there is no stream. */
  port: i32;
  codec: Codec;
  /** The number that we send with: the peer's, should the two sides number a codec differently. */
  payload: i32;
  /** The payload type of telephone-event; 0 for none. */
  dtmfPayload: i32;
  /** Milliseconds of a packet that we send. */
  ptime: i32;
  /** Ours. */
  direction: Direction;
  /** The peer wants none of the media that we would send. */
  isHeld: bool;
  isIPv6: bool;
  /** SRTP, by the keys in srtp.ts. */
  isSecure: bool;
  /** The line's profile is RTP/SAVP. */
  isSavp: bool;
}

export function newNegotiatedMedia(): NegotiatedMedia {
  const chosen = changetype<NegotiatedMedia>(reserve(offsetof<NegotiatedMedia>()));
  clearNegotiated(chosen);
  return chosen;
}

/** No stream. */
export function clearNegotiated(chosen: NegotiatedMedia): void {
  memory.fill(changetype<usize>(chosen), 0, offsetof<NegotiatedMedia>());
  chosen.address = EMPTY;
  chosen.codec = Codec.Unknown;
}
