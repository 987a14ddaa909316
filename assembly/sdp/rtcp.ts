// a=rtcp: port [ SP "IN" SP ( "IP4" / "IP6" ) SP address ]   (RFC 3605 §2.1); a=rtcp-mux is a flag (RFC 5761)

import { reserve } from "../bytes/arena";
import { decimal, EMPTY, equals, isPresent, size, Slice, w } from "../bytes/slice";
import { put, putNumber } from "../output/output";
import { attributeIn } from "./attributes";
import { firstWord, rest } from "./lines";
import { MediaDescription } from "./media-description";
import { beginAttribute, endAttribute, putWord } from "./put-attribute";


@unmanaged
export class RtcpAddress {
  /** EMPTY where that of the stream holds. */
  address: Slice;
  port: i32;
  isIPv6: bool;
}

export function newRtcpAddress(): RtcpAddress {
  return changetype<RtcpAddress>(reserve(offsetof<RtcpAddress>()));
}

/** The attribute's value. */
export function parseRtcp(value: Slice, out: RtcpAddress): bool {
  out.port = <i32>decimal(firstWord(value), 65535);
  out.address = EMPTY;
  out.isIPv6 = false;
  if (size(rest) == 0) return out.port >= 0;
  if (!equals(firstWord(rest), w("IN"))) return false;
  const type = firstWord(rest);
  out.address = rest;
  out.isIPv6 = equals(type, w("IP6"));
  return out.port >= 0 && (out.isIPv6 || equals(type, w("IP4"))) && size(out.address) > 0;
}

export function putRtcp(rtcp: RtcpAddress): void {
  beginAttribute(w("rtcp"));
  putNumber(rtcp.port);
  if (size(rtcp.address) > 0) {
    put(rtcp.isIPv6 ? w(" IN IP6") : w(" IN IP4"));
    putWord(rtcp.address);
  }
  endAttribute();
}

/** Where the peer takes RTCP: as it says, on the stream's own port if both are mixed, or on the next one. */
export function rtcpPort(media: MediaDescription, out: RtcpAddress): i32 {
  if (isPresent(attributeIn(media.lines, w("rtcp-mux")))) return media.port;
  return parseRtcp(attributeIn(media.lines, w("rtcp")), out) ? out.port : media.port + 1;
}
