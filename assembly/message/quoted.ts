// quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE   (RFC 3261 §25.1)

import { byteAt, end, size, Slice, start } from "../bytes/slice";
import { putByte } from "../output/output";
import { unquote } from "./parameters";

const QUOTE: u8 = 0x22;
const BACKSLASH: u8 = 0x5c;

/** Plain text in quotes: quotes and backslashes in it are escaped. */
export function putQuoted(text: Slice): void {
  putByte(QUOTE);
  const stop = end(text);
  for (let p = start(text); p < stop; p++) putInside(load<u8>(p));
  putByte(QUOTE);
}

/** What `unquote` took out of quotes, in quotes again: its pairs stay, what stood outside quotes is escaped. */
export function putQuotedAgain(inside: Slice): void {
  putByte(QUOTE);
  const stop = end(inside);
  for (let p = start(inside); p < stop; p++) {
    if (load<u8>(p) == BACKSLASH && p + 1 < stop) {
      putByte(BACKSLASH);
      putByte(load<u8>(++p));
    } else putInside(load<u8>(p));
  }
  putByte(QUOTE);
}

/** What a quoted string means: without its quotes and with every pair resolved. Other text as it is. */
export function putMeaning(s: Slice): void {
  const inside = unquote(s);
  const stop = end(inside);
  const isQuoted = size(inside) != size(s);
  for (let p = start(inside); p < stop; p++) {
    if (isQuoted && load<u8>(p) == BACKSLASH && p + 1 < stop) p++;
    putByte(load<u8>(p));
  }
}

export function isQuoted(s: Slice): bool {
  return size(s) > 1 && byteAt(s, 0) == QUOTE;
}

function putInside(byte: u8): void {
  if (byte == QUOTE || byte == BACKSLASH) putByte(BACKSLASH);
  putByte(byte);
}
