// Which of the challenges of a 401 or 407 is answered: the topmost that we support (RFC 8760 §2.4).

import { EMPTY, Slice } from "../bytes/slice";
import { Challenge, parseChallenge } from "../message/challenge";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { isAnswerable } from "./credentials";

/** A 407 is a proxy's, and is answered with Proxy-Authorization (RFC 3261 §22.3). */
export function isProxyChallenge(m: Message): bool {
  return m.status == 407;
}

/** Value of the header field that chooseChallenge chose last: what is worth keeping. */
export let chosenValue: Slice = EMPTY;

/** False, and `out` of no use, if the response has no challenge that we can answer. */
export function chooseChallenge(m: Message, out: Challenge): bool {
  const header = isProxyChallenge(m) ? Header.ProxyAuthenticate : Header.WwwAuthenticate;
  for (let row = m.find(header); row >= 0; row = m.find(header, row + 1)) {
    chosenValue = m.value(row);
    if (parseChallenge(chosenValue, out) && isAnswerable(out)) return true;
  }
  return false;
}
