// Numeric addresses: hosts hand them over as text and get them back as text.
//
// IPv4 = four decimals; IPv6 as in RFC 4291 §2.2, without brackets here. A name is neither.

import { byteAt, equalsIgnoringCase, indexOf, size, Slice, slice, start, w } from "../bytes/slice";
import { isIPv4Address, isIPv6Address } from "../message/host";
import { put, putByte } from "../output/output";

/** The family of what is known to be an address. */
export function isIPv6(address: Slice): bool {
  return indexOf(address, 0x3a) >= 0;
}

/** True for an address that needs no lookup. */
export function isNumeric(host: Slice): bool {
  return isIPv4Address(host) || isIPv6Address(host);
}

/** `[::1]` of a URI as `::1`; anything else unchanged. */
export function withoutBrackets(host: Slice): Slice {
  const n = size(host);
  if (n > 2 && byteAt(host, 0) == 0x5b) return slice(start(host) + 1, n - 2);
  return host;
}

/** The address as a URI or Via writes it: IPv6 in brackets. */
export function putHost(address: Slice): void {
  if (!isIPv6(address)) return put(address);
  putByte(0x5b);
  put(address);
  putByte(0x5d);
}

/** Bound to every interface: packets leave from an address that only the system knows. */
export function isWildcard(address: Slice): bool {
  return equalsIgnoringCase(address, w("0.0.0.0")) || equalsIgnoringCase(address, w("::"));
}
