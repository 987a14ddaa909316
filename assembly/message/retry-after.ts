// Retry-After = delta-seconds [ comment ] *( ";" param )   (RFC 3261 §20.33)

import { byteAt, decimal, isBlank, size, Slice, tail } from "../bytes/slice";
import { leadingDigits } from "./grammar";
import { Header } from "./header";
import { Message } from "./message";

/** Seconds; -1 if there is none, or none that is a number. */
export function retryAfter(m: Message): i64 {
  const value = m.header(Header.RetryAfter);
  const digits = leadingDigits(value);
  return endsNumber(tail(value, size(digits))) ? decimal(digits) : -1;
}

function endsNumber(rest: Slice): bool {
  if (size(rest) == 0) return true;
  const byte = byteAt(rest, 0);
  return isBlank(byte) || byte == 0x28 || byte == 0x3b;
}
