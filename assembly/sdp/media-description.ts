// One section of a session description: an m= line and what follows it (RFC 8866 §5.14).
//
// The part in front of the first m= line is kept in the same form: what it says holds for every
// section that does not say otherwise.

import {
  between,
  byteAt,
  decimal,
  EMPTY,
  equals,
  indexOf,
  isPresent,
  size,
  slice,
  Slice,
  start,
  tail,
  trim,
  w,
} from "../bytes/slice";
import { Direction, directionNamed } from "./direction";
import { firstWord, rest } from "./lines";

/** Milliseconds; a longer packet is nobody's wish (RFC 3551 §4.2 has 200 as the most to accept). */
const LONGEST_PTIME: i64 = 200;


@unmanaged
export class MediaDescription {
  /** "audio", "video", "image" ... as written. */
  type: Slice;
  /** "RTP/AVP" ... as written. */
  proto: Slice;
  /** The formats behind the proto, blank between them. */
  formats: Slice;
  /** The lines after the m= line, unread: rtpmap, fmtp and all that is not known here. */
  lines: Slice;
  /** The c= line that holds here; EMPTY if there is none that we understand. */
  address: Slice;
  /** 0 = refused, or not wanted any more. */
  port: i32;
  direction: Direction;
  /** Milliseconds; 0 if absent, or not believable. */
  ptime: i32;
  maxPtime: i32;
  isIPv6: bool;

  /** The address says "send nothing": hold as before RFC 3264 (RFC 3264 §8.4, RFC 6157 §5). */
  get isUnspecified(): bool {
    for (let i = 0; i < size(this.address); i++) {
      const byte = byteAt(this.address, i);
      if (byte != 0x30 && byte != 0x2e && byte != 0x3a) return false;
    }
    return isPresent(this.address);
  }

  /** What the section's owner wants, hold by address included. */
  get wish(): Direction {
    return this.isUnspecified ? <Direction>(this.direction & Direction.SendOnly) : this.direction;
  }
}

/**
 * m= media SP port ["/" count] SP proto SP formats. False if one of the first three is missing or the
 * port is no port. A line without formats is unusual but can be refused in place, so it is let through.
 */
export function readMedia(value: Slice, into: MediaDescription): bool {
  into.type = firstWord(value);
  const ports = firstWord(rest);
  const slash = indexOf(ports, 0x2f);
  into.port = <i32>decimal(slash < 0 ? ports : slice(start(ports), slash), 65535);
  into.proto = firstWord(rest);
  into.formats = rest;
  return into.port >= 0 && size(into.proto) > 0;
}

/** c= "IN" SP ("IP4" | "IP6") SP address ["/" ttl or count]. What is not of this form has no address. */
export function readConnection(value: Slice, into: MediaDescription): void {
  into.address = EMPTY;
  if (!equals(firstWord(value), w("IN"))) return;
  const type = firstWord(rest);
  into.isIPv6 = equals(type, w("IP6"));
  if (!into.isIPv6 && !equals(type, w("IP4"))) return;
  const address = firstWord(rest);
  const slash = indexOf(address, 0x2f);
  const n = slash < 0 ? size(address) : slash;
  if (n > 0) into.address = slice(start(address), n);
}

/** a= name [":" value], where the section or the whole description is concerned. */
export function readAttribute(attribute: Slice, into: MediaDescription): void {
  const name = attributeName(attribute);
  const direction = directionNamed(name);
  if (direction >= 0) into.direction = direction;
  else if (equals(name, w("ptime"))) into.ptime = packetTime(attribute);
  else if (equals(name, w("maxptime"))) into.maxPtime = packetTime(attribute);
}

export function attributeName(attribute: Slice): Slice {
  const colon = indexOf(attribute, 0x3a);
  return colon < 0 ? attribute : between(start(attribute), start(attribute) + colon);
}

/** EMPTY if it has none. */
export function attributeValue(attribute: Slice): Slice {
  const colon = indexOf(attribute, 0x3a);
  return colon < 0 ? EMPTY : trim(tail(attribute, colon + 1));
}

function packetTime(attribute: Slice): i32 {
  const ms = <i32>decimal(attributeValue(attribute), LONGEST_PTIME);
  return ms < 0 ? 0 : ms;
}
