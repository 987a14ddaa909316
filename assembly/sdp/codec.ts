// The codecs of the phone, and how SDP names them (RFC 3551 §6, RFC 3952, RFC 7587, RFC 4733).
//
// All but Opus run on a clock of 8000 Hz and one channel; G.722 samples at 16 kHz, but its clock is
// written as 8000 (RFC 3551 §4.5.2).

import { lineAt } from "../bytes/lines";
import { EMPTY, equals, equalsIgnoringCase, size, slice, Slice, start, tail, w } from "../bytes/slice";

export const enum Codec {
  Pcmu = 0,
  Pcma = 1,
  G722 = 2,
  G729 = 3,
  Ilbc = 4,
  Opus = 5,
  /** DTMF digits: travels beside a codec, never alone. */
  TelephoneEvent = 6,
  /** Anything that the phone can't speak. */
  Unknown = 7,
}

/** The payload type of telephone-event in our offers, unless a setting says otherwise. */
export const DEFAULT_DTMF_PAYLOAD: i32 = 101;
/** How long a packet is when nobody says: milliseconds (RFC 3551 §4.2). */
export const DEFAULT_PTIME: i32 = 20;

/** The encoding name of its rtpmap; EMPTY for Unknown. */
export function codecName(codec: Codec): Slice {
  return codec < Codec.Unknown
    ? lineAt(w("PCMU\nPCMA\nG722\nG729\niLBC\nopus\ntelephone-event"), codec)
    : EMPTY;
}

/** Its clock in Hz, as an rtpmap states it. */
export function codecRate(codec: Codec): i32 {
  return codec == Codec.Opus ? 48000 : 8000;
}

/** The same behind the encoding name, with the channels. */
export function codecClock(codec: Codec): Slice {
  return codec == Codec.Opus ? w("/48000/2") : w("/8000");
}

/** Milliseconds of a frame of iLBC where packets are that long (RFC 3952 §3). */
export function frameOfIlbc(ptime: i32): i32 {
  return ptime != 0 && ptime % 30 == 0 ? 30 : 20;
}

/** The format parameters that we state with it, in packets of so many milliseconds; EMPTY for none. */
export function codecParameters(codec: Codec, ptime: i32): Slice {
  switch (codec) {
    case Codec.G729:
      return w("annexb=no"); // absent would mean yes (RFC 4856 §2.1.9)
    case Codec.Ilbc:
      return frameOfIlbc(ptime) == 20 ? w("mode=20") : w("mode=30");
    case Codec.Opus:
      return w("useinbandfec=1");
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
      if (equals(clock, codecClock(codec)) || equals(clock, w("/8000/1"))) return codec;
    }
  }
  return Codec.Unknown;
}

/** The first codec whose payload type is a matter of agreement. */
export const FIRST_DYNAMIC: i32 = <i32>Codec.Ilbc;

/** The payload type of our offers: one that needs no rtpmap, or the one that phones give it; -1 for telephone-event. */
export function usualPayload(codec: Codec): i32 {
  switch (codec) {
    case Codec.Pcmu:
      return 0;
    case Codec.Pcma:
      return 8;
    case Codec.G722:
      return 9;
    case Codec.G729:
      return 18;
    case Codec.Ilbc:
      return 106;
    case Codec.Opus:
      return 107;
    default:
      return -1;
  }
}
