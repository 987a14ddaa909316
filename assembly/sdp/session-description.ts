// A session description as it was received (RFC 8866): one reused object of slices into its bytes.
//
// Lenient where a phone can be: s= and t= may be missing, lines may stand in any order behind v=, types
// of line that mean nothing to us are passed over, so are empty lines. Strict where the answer depends
// on it: v=0 comes first and only once, an o= line is there, every m= line has media, port and proto,
// and no byte is a control.

import { reserve } from "../bytes/arena";
import { between, EMPTY, end, equals, size, Slice, start, w } from "../bytes/slice";
import { Direction } from "./direction";
import { line, lineType, lineValue, readLine } from "./lines";
import { MediaDescription, readAttribute, readConnection, readMedia } from "./media-description";

/** A description with more m= lines is refused. */
export const MOST_MEDIA: i32 = 16;


@unmanaged
export class SessionDescription {
  bytes: Slice;
  /** The value of o=. */
  origin: Slice;
  /** The value of the first t=; EMPTY if there is none. */
  timing: Slice;
  mediaCount: i32;
  /** Where reading stopped, counted from the first byte; only when parseSdp answers false. */
  faultOffset: i32;
  hasVersion: bool;
  rows: usize;

  media(index: i32): MediaDescription {
    return changetype<MediaDescription>(this.rows + <usize>index * offsetof<MediaDescription>());
  }

  /** The first line that has a port; -1 if none is wanted. */
  get stream(): i32 {
    let place = 0;
    while (place < this.mediaCount && this.media(place).port == 0) place++;
    return place < this.mediaCount ? place : -1;
  }

  /** What stands in front of the first m= line. */
  get session(): MediaDescription {
    return this.media(MOST_MEDIA);
  }

  /** The part that a line read now belongs to. */
  get section(): MediaDescription {
    return this.media(this.mediaCount ? this.mediaCount - 1 : MOST_MEDIA);
  }
}

export function newSessionDescription(): SessionDescription {
  const out = changetype<SessionDescription>(reserve(offsetof<SessionDescription>()));
  out.rows = reserve(<usize>(MOST_MEDIA + 1) * offsetof<MediaDescription>());
  return out;
}

/** Reads a description in one pass; false sets faultOffset. Nothing is allocated or copied. */
export function parseSdp(bytes: Slice, out: SessionDescription): bool {
  clear(bytes, out);
  const stop = end(bytes);
  let p = start(bytes);
  while (p < stop) {
    const next = readLine(p, stop);
    if (next == 0 || !takeLine(out, next)) {
      out.faultOffset = <i32>((next == 0 ? end(line) : p) - start(bytes));
      return false;
    }
    p = next;
  }
  out.faultOffset = size(bytes);
  return size(out.origin) > 0;
}

function clear(bytes: Slice, out: SessionDescription): void {
  out.bytes = bytes;
  out.origin = EMPTY;
  out.timing = EMPTY;
  out.mediaCount = 0;
  out.hasVersion = false;
  memory.fill(changetype<usize>(out.session), 0, offsetof<MediaDescription>());
  out.session.direction = Direction.SendRecv;
}

function takeLine(out: SessionDescription, next: usize): bool {
  if (size(line) == 0) return true;
  const value = lineValue(line);
  const type = lineType(line);
  if (type == 0) return false;
  if (!out.hasVersion || type == 0x76) return takeVersion(out, type, value);
  switch (type) {
    case 0x6d: // m
      return openSection(out, value, next);
    case 0x63: // c
      readConnection(value, out.section);
      break;
    case 0x61: // a
      readAttribute(value, out.section);
      break;
    case 0x6f: // o
      out.origin = value;
      break;
    case 0x74: // t; more of them, for a session at several times, make no sense in a call
      if (size(out.timing) == 0) out.timing = value;
  }
  if (out.mediaCount) out.section.lines = between(start(out.section.lines), next);
  return true;
}

function takeVersion(out: SessionDescription, type: u8, value: Slice): bool {
  if (out.hasVersion) return false;
  out.hasVersion = type == 0x76 && equals(value, w("0"));
  return out.hasVersion;
}

/** A new section starts with what holds for the whole description. */
function openSection(out: SessionDescription, value: Slice, next: usize): bool {
  if (out.mediaCount == MOST_MEDIA) return false;
  const section = out.media(out.mediaCount++);
  memory.copy(changetype<usize>(section), changetype<usize>(out.session), offsetof<MediaDescription>());
  section.lines = between(next, next);
  return readMedia(value, section);
}
