// a=rtpmap: payload SP encoding "/" rate [ "/" channels ], a=fmtp: payload SP parameters (RFC 8866 §6.6, §6.15)

import { reserve } from "../bytes/arena";
import { decimal, EMPTY, size, Slice, w } from "../bytes/slice";
import { before, behind, isToken } from "../message/grammar";
import { parameter } from "../message/parameters";
import { putByte, putNumber } from "../output/output";
import { Attributes } from "./attributes";
import { firstWord, rest } from "./lines";
import { beginAttribute, endAttribute, putWord } from "./put-attribute";


@unmanaged
export class RtpMap {
  encoding: Slice;
  /** Hertz. */
  rate: i32;
  channels: i32;
  payload: i32;
}

export function newRtpMap(): RtpMap {
  return changetype<RtpMap>(reserve(offsetof<RtpMap>()));
}

/** The attribute's value. */
export function parseRtpMap(value: Slice, out: RtpMap): bool {
  out.payload = <i32>decimal(firstWord(value), 127);
  out.encoding = before(rest, 0x2f);
  const clock = behind(rest, 0x2f);
  out.rate = <i32>decimal(before(clock, 0x2f), i32.MAX_VALUE);
  const channels = behind(clock, 0x2f);
  out.channels = size(channels) == 0 ? 1 : <i32>decimal(channels, 255);
  return out.payload >= 0 && isToken(out.encoding) && out.rate > 0 && out.channels > 0;
}

export function putRtpMap(map: RtpMap): void {
  beginAttribute(w("rtpmap"));
  putNumber(map.payload);
  putWord(map.encoding);
  putByte(0x2f);
  putNumber(map.rate);
  if (map.channels != 1) {
    putByte(0x2f);
    putNumber(map.channels);
  }
  endAttribute();
}

/** The format parameters of that payload type, as they stand; EMPTY without any. */
export function formatParameters(all: Attributes, lines: Slice, payload: i32): Slice {
  all.open(lines);
  while (all.nextNamed(w("fmtp"))) {
    if (decimal(firstWord(all.value), 127) == payload) return rest;
  }
  return EMPTY;
}

/** One of them by name, `annexb=no; mode=20`: as `parameter`. */
export function formatParameter(parameters: Slice, name: Slice): Slice {
  return parameter(parameters, name);
}
