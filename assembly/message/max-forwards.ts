// Max-Forwards = 1*DIGIT, 0..255   (RFC 3261 §20.22)

import { Header } from "./header";
import { Message } from "./message";
import { numberIn } from "./number";
import { putNumberRow } from "./row";

/** What a request begins with (§8.1.1.6). */
export const MAX_FORWARDS: i32 = 70;

/** ABSENT or MALFORMED if it is negative. */
export function maxForwards(m: Message): i32 {
  return <i32>numberIn(m, Header.MaxForwards, 255);
}

export function putMaxForwards(hops: i32): void {
  putNumberRow(Header.MaxForwards, hops);
}
