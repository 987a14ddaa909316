// 3xx to our INVITE: the call goes on to the Contact with the highest q (RFC 3261 §8.1.3.4).

import { beginAttempts } from "../auth/attempts";
import { byteAt, EMPTY, isPresent, size, Slice, w } from "../bytes/slice";
import { Header } from "../message/header";
import { Elements, newElements } from "../message/list";
import { Message } from "../message/message";
import { NameAddr, newNameAddr, parseNameAddr } from "../message/name-addr";
import { parameter } from "../message/parameters";
import { newUri, parseUri, Scheme, Uri, withoutHeaders } from "../message/uri";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { endCall } from "./bye";
import { Call } from "./call";
import { Side } from "./call-events";
import { EndRule } from "./end-rule";
import { retarget } from "./invite";

/** A loop of redirections ends here. */
const MOST_REDIRECTS: i32 = 5;
const WHOLE: i32 = 1000;

let contacts: Elements = changetype<Elements>(0);
let address: NameAddr = changetype<NameAddr>(0);
let uri: Uri = changetype<Uri>(0);

export function openRedirects(): void {
  contacts = newElements();
  address = newNameAddr();
  uri = newUri();
}

export function isRedirect(call: Call, m: Message): bool {
  const status = m.status;
  const isOne = status == 300 || status == 301 || status == 302;
  return isOne && number(Key.FollowRedirect, call.account) != 0;
}

export function followRedirect(call: Call, m: Message): void {
  const target = bestContact(m);
  if (!isPresent(target)) return endCall(call, Side.Remote, m.status, EndRule.PeerRefused, m.reason);
  if (++call.redirects > MOST_REDIRECTS) {
    return endCall(call, Side.Local, m.status, EndRule.TooManyRedirects);
  }
  beginAttempts(call.attempts);
  retarget(call, target);
}

function bestContact(m: Message): Slice {
  let best: Slice = EMPTY;
  let bestQ = -1;
  contacts.open(m, Header.Contact);
  while (contacts.next()) {
    if (!parseNameAddr(contacts.element, address) || !parseUri(address.uri, uri)) continue;
    if (uri.scheme != Scheme.Sip) continue;
    const q = thousandths(parameter(address.params, w("q")));
    if (q <= bestQ) continue;
    bestQ = q;
    best = withoutHeaders(uri);
  }
  return best;
}

/** qvalue = 0[.ddd] | 1[.000]; absent or odd counts as 1. */
function thousandths(q: Slice): i32 {
  if (size(q) < 1 || byteAt(q, 0) != 0x30) return WHOLE;
  let value = 0;
  let scale = 100;
  for (let i = 2; i < size(q) && scale > 0; i++, scale /= 10) {
    const digit = <i32>byteAt(q, i) - 0x30;
    if (digit < 0 || digit > 9) return WHOLE;
    value += digit * scale;
  }
  return value;
}
