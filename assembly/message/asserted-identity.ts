// P-Asserted-Identity and P-Preferred-Identity: one or two name-addr, one of them a SIP URI and one a
// telephone number (RFC 3325 §9.1, §9.2; RFC 5876 permits more)

import { nextAddress } from "./address";
import { Header } from "./header";
import { Elements } from "./list";
import { Message } from "./message";
import { NameAddr } from "./name-addr";
import { parseUri, Scheme, Uri } from "./uri";

/** The first identity with that scheme; SIP stands for SIPS as well. False without one. */
export function findIdentity(
  all: Elements,
  m: Message,
  h: Header,
  scheme: Scheme,
  address: NameAddr,
  uri: Uri,
): bool {
  all.open(m, h);
  while (nextAddress(all, address)) {
    if (!parseUri(address.uri, uri)) continue;
    if (uri.scheme == scheme || (scheme == Scheme.Sip && uri.scheme == Scheme.Sips)) return true;
  }
  return false;
}
