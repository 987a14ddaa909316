// The route set (RFC 3261 §12.1): the proxies that asked to stay in the path, as ready Route lines.

import { EMPTY, isPresent, size, Slice, slice, start, w } from "../bytes/slice";
import { mark, put, putLine, written } from "../output/output";
import { Elements } from "../message/list";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { NameAddr, parseNameAddr } from "../message/name-addr";
import { parseRoute } from "../message/route";
import { parseUri, Scheme, Uri, uriParameter, withoutHeaders } from "../message/uri";
import { Dialog } from "./dialog";

/** Longest route set of one dialog; the message room permits no more rows either. */
const MOST_ROUTES: i32 = 32;

/** A Slice for each route of the message at hand. */
const routes: usize = memory.data(MOST_ROUTES * 8, 8);

const elements = changetype<Elements>(memory.data(offsetof<Elements>(), 8));
const address = changetype<NameAddr>(memory.data(offsetof<NameAddr>(), 8));
const uri = changetype<Uri>(memory.data(offsetof<Uri>(), 8));

/** No proxy was left out of the route set written last: all of Record-Route could be read. */
export let isRouteSetWhole: bool = true;

/**
 * Writes Route lines from Record-Route at the cursor; the caller rewinds. The callee keeps the order
 * (§12.1.1), the caller reverses it (§12.1.2). What can't be read is left out: Route lines are ours to answer for.
 */
export function writeRoutes(m: Message, isCaller: bool): Slice {
  const from = mark();
  const count = readRoutes(m);
  for (let i = 0; i < count; i++) putRoute(routeAt(isCaller ? count - 1 - i : i));
  return written(from);
}

function putRoute(route: Slice): void {
  put(w("Route: "));
  put(route);
  putLine();
}

/** Notes the elements of Record-Route that can be read, each once; answers how many. */
function readRoutes(m: Message): i32 {
  let count = 0;
  isRouteSetWhole = true;
  elements.open(m, Header.RecordRoute);
  while (count < MOST_ROUTES && elements.next()) {
    if (isRoute(elements.element)) store<u64>(routes + count++ * 8, elements.element);
    else isRouteSetWhole = false;
  }
  return count;
}

/** A proxy that requests can be sent to. */
function isRoute(element: Slice): bool {
  return parseRoute(element, address, uri) && (uri.scheme == Scheme.Sip || uri.scheme == Scheme.Sips);
}

function routeAt(index: i32): Slice {
  return load<u64>(routes + index * 8);
}

/** Reads the first of the dialog's kept Route lines. */
export function readFirstRoute(d: Dialog): void {
  d.firstRoute = EMPTY;
  d.isStrict = false;
  if (size(d.routes) == 0) return;
  if (!parseNameAddr(routeValue(d.routes), address) || !parseUri(address.uri, uri)) return;
  // A strict router's becomes the Request-URI, where headers may not stand (§12.2.1.1).
  d.firstRoute = withoutHeaders(uri);
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
