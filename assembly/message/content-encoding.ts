// Content-Encoding = content-coding *( "," content-coding )   (RFC 3261 §20.12), and the length of a body

import { w } from "../bytes/slice";
import { Header } from "./header";
import { Elements } from "./list";
import { Message } from "./message";
import { numberIn } from "./number";
import { putNumberRow } from "./row";
import { countOthers } from "./token-list";

/** The body is packed in no way that would have to be undone. */
export function isPlainBody(all: Elements, m: Message): bool {
  return countOthers(all, m, Header.ContentEncoding, w("identity")) == 0;
}

/** Bytes; ABSENT or MALFORMED if it is negative. */
export function contentLength(m: Message): i64 {
  return numberIn(m, Header.ContentLength, i32.MAX_VALUE);
}

export function putContentLength(bytes: i32): void {
  putNumberRow(Header.ContentLength, bytes);
}
