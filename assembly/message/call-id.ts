// callid = word [ "@" word ]   (RFC 3261 §20.8, §25.1): compared byte by byte.

import { end, indexOf, size, Slice, start, tail, w } from "../bytes/slice";
import { before, Class, isOf } from "./grammar";

/** As the grammar has it. Received ones are taken with more in them, as long as they have no blank. */
export function isCallId(s: Slice): bool {
  const local = before(s, 0x40);
  return isWord(local) && (size(local) == size(s) || isWord(tail(s, size(local) + 1)));
}

/** word: token, and some separators besides. */
function isWord(s: Slice): bool {
  for (let p = start(s); p < end(s); p++) {
    const byte = load<u8>(p);
    if (!isOf(byte, Class.Token) && indexOf(w('()<>:\\"/[]?{}'), byte) < 0) return false;
  }
  return size(s) > 0;
}
