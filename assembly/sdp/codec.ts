// The codecs of the phone, and how SDP names them (RFC 3551 §6, RFC 4733).
//
// All of them run on a clock of 8000 Hz and one channel; G.722 samples at 16 kHz, but its clock is
// written as 8000 (RFC 3551 §4.5.2).

import { lineAt } from "../bytes/lines";
import { EMPTY, equals, equalsIgnoringCase, size, slice, Slice, start, tail, w } from "../bytes/slice";

export const enum Codec {
  Pcmu = 0,
  Pcma = 1,
  G722 = 2,
  G729 = 3,
  /** DTMF digits: travels beside a codec, never alone. */
  TelephoneEvent = 4,
  /** Anything that the phone can't speak. */
  Unknown = 5,
}

/** The payload type of telephone-event in our offers, unless a setting says otherwise. */
export const DEFAULT_DTMF_PAYLOAD: i32 = 101;
/** How long a packet is when nobody says: milliseconds (RFC 3551 §4.2). */
export const DEFAULT_PTIME: i32 = 20;

/** The encoding name of its rtpmap; EMPTY for Unknown. */
export function codecName(codec: Codec): Slice {
  return codec < Codec.Unknown ? lineAt(w("PCMU\nPCMA\nG722\nG729\ntelephone-event"), codec) : EMPTY;
}

/** Its clock in Hz, as an rtpmap states it. */
// @ts-ignore: decorator
@inline
export function codecRate(_codec: Codec): i32 {
  return 8000;
}

/** The format parameters that we state with it; EMPTY for none. */
export function codecParameters(codec: Codec): Slice {
  switch (codec) {
    case Codec.G729:
      return w("annexb=no"); // absent would mean yes (RFC 4856 §2.1.9)
    case Codec.TelephoneEvent:
      return w("0-16");
    default:
      return EMPTY;
  }
}

/** The codec of an encoding: name "/" clock rate ["/" channels], the name in any case. */
export function codecOfEncoding(encoding: Slice): Codec {
  for (let codec = 0; codec < <i32>Codec.Unknown; codec++) {
    const n = size(codecName(codec));
    if (size(encoding) > n && equalsIgnoringCase(slice(start(encoding), n), codecName(codec))) {
      const clock = tail(encoding, n);
      if (equals(clock, w("/8000")) || equals(clock, w("/8000/1"))) return codec;
    }
  }
  return Codec.Unknown;
}

/** The payload type that needs no rtpmap; -1 for telephone-event, which has none. */
export function staticPayload(codec: Codec): i32 {
  switch (codec) {
    case Codec.Pcmu:
      return 0;
    case Codec.Pcma:
      return 8;
    case Codec.G722:
      return 9;
    case Codec.G729:
      return 18;
    default:
      return -1;
  }
}
