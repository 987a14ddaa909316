// Expires and Min-Expires = delta-seconds   (RFC 3261 §20.19, §20.23), Flow-Timer (RFC 5626 §11)

import { Header } from "./header";
import { Message } from "./message";
import { numberIn } from "./number";
import { putNumberRow } from "./row";

/** Seconds; ABSENT or MALFORMED if it is negative. */
export function expires(m: Message): i64 {
  return numberIn(m, Header.Expires);
}

export function minExpires(m: Message): i64 {
  return numberIn(m, Header.MinExpires);
}

/** How long a registrar waits for a keep-alive. */
export function flowTimer(m: Message): i64 {
  return numberIn(m, Header.FlowTimer);
}

export function putExpires(seconds: i64): void {
  putNumberRow(Header.Expires, seconds);
}

export function putMinExpires(seconds: i64): void {
  putNumberRow(Header.MinExpires, seconds);
}
