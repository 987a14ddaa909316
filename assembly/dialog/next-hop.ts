// Where a request of a dialog goes: the first route, or else the remote target (RFC 3261 §8.1.2).

import { EMPTY, equals, equalsIgnoringCase, isPresent, size, Slice, w } from "../bytes/slice";
import { parseUri, Scheme, Uri, uriParameter } from "../message/uri";
import { withoutBrackets } from "../transport/address";
import {
  bar,
  endSearch,
  Found,
  goOn,
  nextTarget,
  prefetch,
  Search,
  startSearch,
  Wanted,
} from "../transport/destination";
import { Dialog, keepHop } from "./dialog";

const uri = changetype<Uri>(memory.data(offsetof<Uri>(), 8));

/** Host and port of the last `readHop`; port 0 where the URI names none. */
export let hopHost: Slice = EMPTY;
export let hopPort: i32 = 0;
let hopTransport: Slice = EMPTY;

/** Reads host (maddr before host), port and transport of a sip or sips URI; false for anything else. */
export function readHop(text: Slice): bool {
  if (!parseUri(text, uri) || (uri.scheme != Scheme.Sip && uri.scheme != Scheme.Sips)) return false;
  const maddr = uriParameter(uri, w("maddr"));
  hopHost = withoutBrackets(size(maddr) ? maddr : uri.host);
  hopPort = uri.port;
  hopTransport = uri.scheme == Scheme.Sips ? w("tls") : uriParameter(uri, w("transport"));
  return size(hopHost) > 0;
}

/** The transport that the URI asks for; without a wish, or with one that is none of ours, the usual one. */
export function hopWanted(usual: Wanted): Wanted {
  if (equalsIgnoringCase(hopTransport, w("udp"))) return Wanted.Udp;
  if (equalsIgnoringCase(hopTransport, w("tcp"))) return Wanted.Tcp;
  return equalsIgnoringCase(hopTransport, w("tls")) ? Wanted.Tls : usual;
}

/**
 * Turns the dialog toward its next hop. Of a name with several targets the present one stays while it is one
 * of them. A name that was never looked up leaves the address as it is, which is where the peer's last message
 * came from, and is asked for, so that the next request knows. A number of RFC 3966 names no host and leaves it
 * too. False if there is no address.
 */
export function aim(d: Dialog): bool {
  if (readHopOf(d) && !isStillOne(d)) takeFirst(d);
  return isPresent(d.address);
}

/**
 * The present target does not answer, or does not want to: the dialog goes on by another one of the next hop's
 * name, and this one is kept out until then. False, with all as it was, where there is none.
 */
export function aimElsewhere(d: Dialog, until: i64): bool {
  if (!readHopOf(d)) return false;
  bar(d.transport, d.address, d.port, until);
  if (takeFirst(d)) return true;
  bar(d.transport, d.address, d.port, 0);
  return false;
}

function readHopOf(d: Dialog): bool {
  return readHop(isPresent(d.firstRoute) ? d.firstRoute : d.target);
}

/** The present target is one of those that the next hop's name leads to. */
function isStillOne(d: Dialog): bool {
  const s = searchHop(d);
  if (!s) return false;
  let found = goOn(s);
  while (found == Found.Yes && !isAt(d, s)) found = nextTarget(s);
  endSearch(s);
  return found == Found.Yes;
}

function isAt(d: Dialog, s: Search): bool {
  return s.port == d.port && s.transport == d.transport && equals(s.address, d.address);
}

function takeFirst(d: Dialog): bool {
  const s = searchHop(d);
  if (!s) return false;
  const found = goOn(s);
  const wanted = wantedFor(d);
  const isTaken = found == Found.Yes && keepHop(d, s.transport, s.address, s.port, s.serverName);
  endSearch(s);
  if (found == Found.Wait) prefetch(hopHost, hopPort, wanted, false);
  return isTaken;
}

// A request can't wait: what was answered some day has to do.
function searchHop(d: Dialog): Search | null {
  const s = startSearch(0, hopHost, hopPort, wantedFor(d), false);
  if (s) s.takesStale = true;
  return s;
}

/** Without a wish of the URI it is the transport that the dialog has. */
function wantedFor(d: Dialog): Wanted {
  return hopWanted(<Wanted>(d.transport - 1));
}
