// What we are willing to do: our side of an offer or an answer.

import { reserve } from "../bytes/arena";
import { Slice } from "../bytes/slice";
import { CodecList } from "./codec-list";
import { Direction } from "./direction";

export { Direction } from "./direction";

/** account.X.srtp_encryption. */
export const enum Srtp {
  Off = 0,
  /** Where the other side can. */
  Optional,
  Compulsory,
}

/** The codecs are in our order of preference, telephone-event is not among them. */
@unmanaged
export class LocalMedia extends CodecList {
  /** Where we receive, as text. */
  address: Slice;
  sessionId: u64;
  /** Grows by one whenever the description changes (RFC 3264 §8). */
  version: u64;
  direction: Direction;
  /** Milliseconds of a packet; 0 says nothing about it. */
  ptime: i32;
  /** The payload type of telephone-event; 0 for none. */
  dtmfPayload: i32;
  port: u16;
  srtp: Srtp;
  /** Our offers are RTP/SAVP. */
  isSavp: bool;
  /** Of the keys of this call, as long as they are these. */
  keyName: u64;
  isIPv6: bool;
  /** On hold as in RFC 2543: c=0.0.0.0. */
  holds2543: bool;
}

/** Without codecs, without an address: both are the caller's to fill in. */
export function newLocalMedia(): LocalMedia {
  const local = changetype<LocalMedia>(reserve(offsetof<LocalMedia>()));
  local.direction = Direction.SendRecv;
  return local;
}
