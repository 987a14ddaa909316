// What an offer and an answer have in common on the wire: our lines, always in the same order, so that
// the same LocalMedia gives the same bytes.

import { between, EMPTY, end, size, Slice, start, w } from "../bytes/slice";
import { put, putByte, putLine, putNumber } from "../output/output";
import { Codec, codecClock, codecName, codecParameters } from "./codec";
import { CodecList } from "./codec-list";
import { Direction, directionName } from "./direction";
import { LocalMedia } from "./local-media";
import { MediaDescription } from "./media-description";

/** v=, o=, s=, c=, t=. */
export function writeSessionLines(local: LocalMedia, timing: Slice): void {
  put(w("v=0\r\no=- "));
  putId(local.sessionId);
  putId(local.version);
  putAddress(local, local.address);
  put(w("\r\ns=-\r\nc="));
  putAddress(local, !local.holds2543 ? local.address : local.isIPv6 ? w("::") : w("0.0.0.0"));
  put(w("\r\nt="));
  put(size(timing) ? timing : w("0 0"));
  putLine();
}

/** The m= line of our one stream and its attributes. */
export function writeStream(
  local: LocalMedia,
  list: CodecList,
  ptime: i32,
  direction: Direction,
  isSavp: bool,
): void {
  put(w("m=audio "));
  putNumber(local.port);
  put(isSavp ? w(" RTP/SAVP") : w(" RTP/AVP"));
  for (let i = 0; i < list.codecCount; i++) {
    putByte(32);
    putNumber(list.payload(i));
  }
  putLine();
  for (let i = 0; i < list.codecCount; i++) putFormat(list.codec(i), list.payload(i), ptime);
  if (ptime) {
    put(w("a=ptime:"));
    putNumber(ptime);
    putLine();
  }
  put(w("a="));
  put(directionName(direction));
  putLine();
}

/** The line as it was offered, but for its port (RFC 3264 §6: "MUST be set to zero"). */
export function writeRefused(media: MediaDescription): void {
  put(w("m="));
  put(media.type);
  put(w(" 0 "));
  put(between(start(media.proto), end(media.formats)));
  putLine();
}

/** 63 bits at most, for those who read it as a signed number. */
function putId(id: u64): void {
  putNumber(<i64>(id & 0x7fffffffffffffff));
  putByte(32);
}

function putAddress(local: LocalMedia, address: Slice): void {
  put(local.isIPv6 ? w("IN IP6 ") : w("IN IP4 "));
  put(address);
}

/** Its rtpmap, also where the number alone would do (RFC 3264 §5.1), and its fmtp. */
function putFormat(codec: Codec, payload: i32, ptime: i32): void {
  put(w("a=rtpmap:"));
  putNumber(payload);
  putByte(32);
  put(codecName(codec));
  put(codecClock(codec));
  putLine();
  const parameters = codecParameters(codec, ptime);
  if (parameters == EMPTY) return;
  put(w("a=fmtp:"));
  putNumber(payload);
  putByte(32);
  put(parameters);
  putLine();
}
