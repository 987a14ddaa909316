// The topmost Via of a message: where a transaction is recognized by and answered to.

import { byteAt, size, Slice, slice, startsWithIgnoringCase, start, w } from "../bytes/slice";
import { Header } from "../message/header";
import { Elements } from "../message/list";
import { Message } from "../message/message";
import { parseVia, Via } from "../message/via";

/** What readTopVia read; all of it empty after it answered false. */
export let topVia: Via = changetype<Via>(0);
/** The row in which it stands, -1 without one. */
export let topRow: i32 = -1;

/** For a message that the checks refused. */
const own = changetype<Via>(memory.data(offsetof<Via>(), 8));
const elements = changetype<Elements>(memory.data(offsetof<Elements>(), 8));

export function openTopVia(): void {
  topVia = own;
}

/** False if there is none, or nothing readable. */
export function readTopVia(m: Message): bool {
  elements.open(m, Header.Via);
  const isThere = elements.next();
  topRow = elements.row;
  topVia = m.isChecked ? m.via : own;
  if (m.isChecked || (isThere && parseVia(elements.element, topVia))) return true;
  memory.fill(changetype<usize>(topVia), 0, offsetof<Via>());
  if (isThere) topVia.whole = elements.element;
  return false;
}

/** The branch is unique, as RFC 3261 wants it; an older peer's is not. */
export function hasCookie(): bool {
  return startsWithIgnoringCase(topVia.branch, w("z9hG4bK"));
}

/** Without the brackets of IPv6. */
export function bareHost(host: Slice): Slice {
  const isBracketed = size(host) > 1 && byteAt(host, 0) == 0x5b;
  return isBracketed ? slice(start(host) + 1, size(host) - 2) : host;
}
