// comment = "(" *( ctext / quoted-pair / comment ) ")"   (RFC 3261 §25.1), in Retry-After, User-Agent, Server

import { end, Slice, start } from "../bytes/slice";

/** Length of the comment at the beginning, its parentheses included; 0 if there is none, or it does not end. */
export function commentLength(s: Slice): i32 {
  const stop = end(s);
  let depth = 0;
  for (let p = start(s); p < stop; p++) {
    const byte = load<u8>(p);
    if (byte == 0x28) depth++;
    else if (byte == 0x29) depth--;
    else if (byte == 0x5c) p++;
    if (depth == 0) return byte == 0x29 ? <i32>(p + 1 - start(s)) : 0;
  }
  return 0;
}
