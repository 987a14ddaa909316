// A multipart body, part by part (RFC 2046 §5.1, RFC 5621 §4). Only lines are looked for, nothing is
// copied, and what is cut short ends where its bytes end.
//
// body = [ preamble line-end ] *( "--" boundary line-end part line-end ) "--" boundary "--" [ epilogue ]

import { reserve } from "../bytes/arena";
import {
  between,
  byteAt,
  EMPTY,
  end,
  indexOf,
  size,
  Slice,
  start,
  startsWithIgnoringCase,
  w,
} from "../bytes/slice";
import { boundaryOf } from "./content-type";
import { Class, isOf, skipBlanks } from "./grammar";
import { contentOf, headOf, nextLine, partField } from "./part";

/** A part of a part of a part of a body may be multipart, but hold no more of them. */
export const DEEPEST: i32 = 4;
const LONGEST_BOUNDARY: i32 = 70;

/** `openMultipart`, then `nextPart` while it is true; `part` and its pieces are the current one. */
@unmanaged
export class Multipart {
  boundary: Slice;
  body: Slice;
  preamble: Slice;
  /** Once isClosed. */
  epilogue: Slice;
  /** Head and content with the empty line between them. */
  part: Slice;
  head: Slice;
  content: Slice;
  /** Where the next part begins; 0 if there is none. */
  next: usize;
  /** 1 for the body of a message. */
  depth: i32;
  /** The closing delimiter was there: nothing is missing. */
  isClosed: bool;

  /** A field of the current part; EMPTY without one. */
  field(name: Slice): Slice {
    return partField(this.head, name);
  }
}

export function newMultipart(): Multipart {
  return changetype<Multipart>(reserve(offsetof<Multipart>()));
}

let delimiterStart: usize = 0;
let delimiterEnd: usize = 0;
let isClosing: bool = false;

/** False if the type is not multipart, has no usable boundary or is nested too deep. It may have no part. */
export function openMultipart(out: Multipart, contentType: Slice, body: Slice, depth: i32 = 1): bool {
  memory.fill(changetype<usize>(out), 0, offsetof<Multipart>());
  out.boundary = boundaryOf(contentType);
  out.body = body;
  out.depth = depth;
  if (depth > DEEPEST || !startsWithIgnoringCase(contentType, w("multipart/")) || !isBoundary(out.boundary)) {
    return false;
  }
  const isThere = findDelimiter(out, start(body));
  out.preamble = between(start(body), isThere ? delimiterStart : end(body));
  if (isThere) takeDelimiter(out);
  return true;
}

/** The current part of another one as a multipart body. */
export function openNested(out: Multipart, outer: Multipart): bool {
  return openMultipart(out, outer.field(w("Content-Type")), outer.content, outer.depth + 1);
}

export function nextPart(out: Multipart): bool {
  const from = out.next;
  out.part = EMPTY;
  if (from == 0) return false;
  out.next = 0;
  const isEnded = findDelimiter(out, from);
  out.part = between(from, isEnded ? delimiterStart : end(out.body));
  out.head = headOf(out.part);
  out.content = contentOf(out.part);
  if (isEnded) takeDelimiter(out);
  return true;
}

function takeDelimiter(out: Multipart): void {
  out.isClosed = isClosing;
  if (isClosing) out.epilogue = between(delimiterEnd, end(out.body));
  else if (delimiterEnd < end(out.body)) out.next = delimiterEnd;
}

/** The first delimiter line at or after the line that begins at `from`. */
function findDelimiter(out: Multipart, from: usize): bool {
  const stop = end(out.body);
  for (let p = from; p < stop; p = nextLine(p, stop)) {
    if (!isDelimiter(out.boundary, p, stop)) continue;
    delimiterStart = frontOfLineEnd(p, from);
    return true;
  }
  return false;
}

/** "--" boundary [ "--" ] blanks line-end, or the end of the body; sets where it ends and whether it closes. */
function isDelimiter(boundary: Slice, p: usize, stop: usize): bool {
  const n = <usize>size(boundary);
  if (stop - p < n + 2 || load<u16>(p) != 0x2d2d) return false;
  if (memory.compare(p + 2, start(boundary), n) != 0) return false;
  p += n + 2;
  isClosing = stop - p >= 2 && load<u16>(p) == 0x2d2d;
  p = skipBlanks(isClosing ? p + 2 : p, stop);
  delimiterEnd = nextLine(p, stop);
  return p == stop || load<u8>(p) == 10 || (load<u8>(p) == 13 && p + 1 < stop && load<u8>(p + 1) == 10);
}

/** The line end in front of a delimiter belongs to it, but nothing in front of `from` does. */
function frontOfLineEnd(p: usize, from: usize): usize {
  if (p > from && load<u8>(p - 1) == 10) p--;
  if (p > from && load<u8>(p - 1) == 13) p--;
  return p;
}

/** 0*69bchars bcharsnospace */
function isBoundary(s: Slice): bool {
  const n = size(s);
  if (n == 0 || n > LONGEST_BOUNDARY || byteAt(s, n - 1) == 32) return false;
  for (let p = start(s); p < end(s); p++) {
    const byte = load<u8>(p);
    if (!isOf(byte, Class.Host) && indexOf(w("'()+,/:=? "), byte) < 0) return false;
  }
  return true;
}
