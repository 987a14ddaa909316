// The route set (RFC 3261 §12.1): the proxies that asked to stay in the path, as ready Route lines.

import { EMPTY, isPresent, size, Slice, slice, start, w } from "../bytes/slice";
import { mark, put, putLine, written } from "../output/output";
import { Elements, newElements } from "../message/list";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { NameAddr, newNameAddr, parseNameAddr } from "../message/name-addr";
import { newUri, parseUri, Uri, uriParameter } from "../message/uri";
import { Dialog } from "./dialog";

/** Longest route set of one dialog; the message room permits no more rows either. */
const MOST_ROUTES: i32 = 32;

let elements: Elements = changetype<Elements>(0);
let address: NameAddr = changetype<NameAddr>(0);
let uri: Uri = changetype<Uri>(0);

export function openRouteSets(): void {
  elements = newElements();
  address = newNameAddr();
  uri = newUri();
}

/**
 * Writes Route lines from Record-Route at the cursor and answers the mark; the caller rewinds. The
 * callee keeps the order (§12.1.1), the caller reverses it (§12.1.2).
 */
export function writeRoutes(m: Message, isCaller: bool): Slice {
  const from = mark();
  if (isCaller) {
    for (let i = countRoutes(m) - 1; i >= 0; i--) putRoute(routeAt(m, i));
  } else {
    elements.open(m, Header.RecordRoute);
    while (elements.next()) putRoute(elements.element);
  }
  return written(from);
}

function putRoute(route: Slice): void {
  put(w("Route: "));
  put(route);
  putLine();
}

function countRoutes(m: Message): i32 {
  let n = 0;
  elements.open(m, Header.RecordRoute);
  while (n < MOST_ROUTES && elements.next()) n++;
  return n;
}

function routeAt(m: Message, index: i32): Slice {
  elements.open(m, Header.RecordRoute);
  while (index-- >= 0 && elements.next());
  return elements.element;
}

/** Reads the first of the dialog's kept Route lines. */
export function readFirstRoute(d: Dialog): void {
  d.firstRoute = EMPTY;
  d.isStrict = false;
  if (size(d.routes) == 0) return;
  if (!parseNameAddr(routeValue(d.routes), address) || !parseUri(address.uri, uri)) return;
  d.firstRoute = address.uri;
  d.isStrict = !isPresent(uriParameter(uri, w("lr")));
}

/** Value of the first "Route: value CRLF" line. */
function routeValue(lines: Slice): Slice {
  return slice(start(lines) + 7, lineSize(lines) - 9);
}

/** Octets of the first line, its CRLF included. */
export function lineSize(lines: Slice): i32 {
  let n = 0;
  while (load<u8>(start(lines) + n) != 10) n++;
  return n + 1;
}
