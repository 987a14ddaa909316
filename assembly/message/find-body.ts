// The first body of a type, wherever it stands: the message's own, or a part of it (RFC 5621 §5).

import { reserve } from "../bytes/arena";
import { EMPTY, Slice, w } from "../bytes/slice";
import { isContentType } from "./content-type";
import { DEEPEST, Multipart, newMultipart, nextPart, openMultipart, openNested } from "./multipart";


@unmanaged
export class BodySearch {
  /** What was found. */
  content: Slice;
  contentType: Slice;
  /** EMPTY for the message's own body. */
  head: Slice;
  levels: usize; // one Multipart for each depth

  level(depth: i32): Multipart {
    return changetype<Multipart>(<usize>load<u32>(this.levels + <usize>(depth - 1) * 4));
  }
}

export function newBodySearch(): BodySearch {
  const search = changetype<BodySearch>(reserve(offsetof<BodySearch>()));
  search.levels = reserve(<usize>DEEPEST * 4);
  for (let i: usize = 0; i < <usize>DEEPEST; i++) {
    store<u32>(search.levels + i * 4, <u32>changetype<usize>(newMultipart()));
  }
  return search;
}

/** False if there is none down to the deepest permitted part. */
export function findBody(search: BodySearch, contentType: Slice, body: Slice, wanted: Slice): bool {
  if (isContentType(contentType, wanted)) return found(search, contentType, EMPTY, body);
  let depth = openMultipart(search.level(1), contentType, body) ? 1 : 0;
  while (depth > 0) {
    const level = search.level(depth);
    if (!nextPart(level)) {
      depth--;
      continue;
    }
    const type = level.field(w("Content-Type"));
    if (isContentType(type, wanted)) return found(search, type, level.head, level.content);
    if (depth < DEEPEST && openNested(search.level(depth + 1), level)) depth++;
  }
  return false;
}

function found(search: BodySearch, type: Slice, head: Slice, content: Slice): bool {
  search.contentType = type;
  search.head = head;
  search.content = content;
  return true;
}
