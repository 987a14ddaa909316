// Route, Record-Route (RFC 3261 §20.34, §20.30), Path (RFC 3327) and Service-Route (RFC 3608): lists of
// name-addr that a request travels along. They are kept and sent on byte for byte.

import { isPresent, Slice, w } from "../bytes/slice";
import { put, putByte } from "../output/output";
import { Header } from "./header";
import { NameAddr, parseNameAddr } from "./name-addr";
import { beginRow, endRow } from "./row";
import { parseUri, Uri, uriParameter } from "./uri";

/** One element; false if it can't be read, or its URI can't be sent to. */
export function parseRoute(element: Slice, address: NameAddr, uri: Uri): bool {
  return parseNameAddr(element, address) && parseUri(address.uri, uri);
}

/** The proxy leaves the Request-URI alone (§16.12); without `lr` it is a strict router of RFC 2543. */
export function isLoose(route: Uri): bool {
  return isPresent(uriParameter(route, w("lr")));
}

/** The flow of this registration ends at that edge (RFC 5626 §5.1). */
export function isOutbound(path: Uri): bool {
  return isPresent(uriParameter(path, w("ob")));
}

/** A row with one URI in brackets, which is there for its parameters' sake. */
export function putRoute(h: Header, uri: Slice): void {
  beginRow(h);
  putByte(0x3c);
  put(uri);
  putByte(0x3e);
  endRow();
}
