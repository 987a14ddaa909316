// What the specs of this room share: texts put together line by line, and our side of the stream.

import { openTestArena } from "../support/arena";
export { atEdge as atTheEdge } from "../support/edge";
import { end, size, Slice, slice, start, w } from "../../../assembly/bytes/slice";
import { mark, openOutput, put, putLine, rewind, written } from "../../../assembly/output/output";
import { writeAnswer } from "../../../assembly/sdp/answer";
import { Codec } from "../../../assembly/sdp/codec";
import { LocalMedia, newLocalMedia } from "../../../assembly/sdp/local-media";
import { NegotiatedMedia, newNegotiatedMedia } from "../../../assembly/sdp/negotiated-media";
import {
  newSessionDescription,
  parseSdp,
  SessionDescription,
} from "../../../assembly/sdp/session-description";

export let ours: LocalMedia = changetype<LocalMedia>(0);
export let theirs: SessionDescription = changetype<SessionDescription>(0);
export let chosen: NegotiatedMedia = changetype<NegotiatedMedia>(0);
let from: usize = 0;

/** A phone at 192.0.2.1:11780 with PCMA, PCMU, G722, G729 and digits. */
export function openBench(): void {
  openTestArena();
  openOutput();
  ours = newLocalMedia();
  theirs = newSessionDescription();
  chosen = newNegotiatedMedia();
  ours.address = w("192.0.2.1");
  ours.port = 11780;
  ours.sessionId = 7;
  ours.version = 3;
  ours.dtmfPayload = 101;
  ours.addUsual(Codec.Pcma);
  ours.addUsual(Codec.Pcmu);
  ours.addUsual(Codec.G722);
  ours.addUsual(Codec.G729);
}

/** Starts the peer's text, at 198.51.100.7. */
export function begin(): void {
  beginWith(w("v=0\r\no=peer 1 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0"));
}

/** Starts the text that our answer should be. */
export function beginOurs(): void {
  beginWith(w("v=0\r\no=- 7 3 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0"));
}

export function beginWith(lines: Slice): void {
  from = mark();
  add(lines);
}

export function add(line: Slice): void {
  put(line);
  putLine();
}

export function done(): Slice {
  return written(from);
}

/** Reads the text that was put together. */
export function read(): bool {
  return parseSdp(done(), theirs);
}

/** Our answer to it, taken back from the output; "488" if there is none, "400" if the offer can't be read. */
export function answer(): string {
  if (!read()) return "400";
  const from = mark();
  if (!writeAnswer(theirs, ours, chosen)) {
    return mark() == from ? "488" : "488 and bytes left behind";
  }
  const said = text(written(from));
  rewind(from);
  return said;
}

export function text(s: Slice): string {
  return String.UTF8.decodeUnsafe(start(s), <usize>size(s));
}

export function expected(): string {
  return text(done());
}

/** Same text, with the byte at `index` replaced; in place. */
export function replaceByte(s: Slice, index: i32, byte: u8): void {
  assert(start(s) + <usize>index < end(s));
  store<u8>(start(s) + <usize>index, byte);
}
