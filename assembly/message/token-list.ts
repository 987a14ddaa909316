// A header field that is a list of tokens: Require, Supported, Unsupported, Proxy-Require, Allow,
// Allow-Events, Content-Encoding, Recv-Info (RFC 3261 §7.3.1). `listHas` and Elements read them.

import { equalsIgnoringCase, size, Slice, trim, w } from "../bytes/slice";
import { put } from "../output/output";
import { firstWord, isToken, otherWords } from "./grammar";
import { Header } from "./header";
import { Elements } from "./list";
import { Message } from "./message";
import { beginRow, endRow } from "./row";

/** One of some comma-separated words is that token, in any case; blanks round it do not count. */
export function hasWord(words: Slice, token: Slice): bool {
  return wordIndex(words, token) >= 0;
}

/** Which one, counted from 0; -1 for none. */
export function wordIndex(words: Slice, token: Slice): i32 {
  let index = 0;
  for (let rest = words; size(rest) > 0; rest = otherWords(rest), index++) {
    if (equalsIgnoringCase(trim(firstWord(rest)), token)) return index;
  }
  return -1;
}

/** Every element is a token; true for no element at all. */
export function areTokens(all: Elements, m: Message, h: Header): bool {
  all.open(m, h);
  while (all.next()) {
    if (!isToken(all.element)) return false;
  }
  return true;
}

/** How many elements are none of the known words. */
export function countOthers(all: Elements, m: Message, h: Header, known: Slice): i32 {
  let count = 0;
  all.open(m, h);
  while (all.next()) {
    if (!hasWord(known, all.element)) count++;
  }
  return count;
}

/**
 * Writes those elements in a row of another name: from Require what goes into Unsupported (§8.2.2.3).
 * False, and nothing written, if there are none.
 */
export function putOthers(all: Elements, m: Message, h: Header, known: Slice, into: Header): bool {
  let count = 0;
  all.open(m, h);
  while (all.next()) {
    if (hasWord(known, all.element)) continue;
    if (count++ == 0) beginRow(into);
    else put(w(", "));
    put(all.element);
  }
  if (count > 0) endRow();
  return count > 0;
}
