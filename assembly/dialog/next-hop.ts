// Where a request of a dialog goes: the first route, or else the remote target (RFC 3261 §8.1.2).

import { EMPTY, isPresent, size, Slice, w } from "../bytes/slice";
import { newUri, parseUri, Scheme, Uri, uriParameter } from "../message/uri";
import { Question } from "../output/abi-numbers";
import { isNumeric, withoutBrackets } from "../transport/address";
import { knownAddress } from "../transport/known-names";
import { ask } from "../transport/query";
import { Dialog, keepAddress } from "./dialog";

export const SIP_PORT: i32 = 5060;

let uri: Uri = changetype<Uri>(0);

/** Host and port of the last `readHop`. */
export let hopHost: Slice = EMPTY;
export let hopPort: i32 = 0;

export function openNextHops(): void {
  uri = newUri();
}

/** Reads host (maddr before host) and port of a sip or sips URI; false for anything else. */
export function readHop(text: Slice): bool {
  if (!parseUri(text, uri) || (uri.scheme != Scheme.Sip && uri.scheme != Scheme.Sips)) return false;
  const maddr = uriParameter(uri, w("maddr"));
  hopHost = withoutBrackets(size(maddr) ? maddr : uri.host);
  hopPort = uri.port ? uri.port : SIP_PORT;
  return true;
}

/**
 * Turns the dialog toward its next hop. A name that was never looked up leaves the address as it is,
 * which is where the peer's last message came from, and is asked for, so that the next request knows. A number
 * of RFC 3966 names no host and leaves it too. False if there is no address.
 */
export function aim(d: Dialog): bool {
  if (!readHop(isPresent(d.firstRoute) ? d.firstRoute : d.target)) return isPresent(d.address);
  if (isNumeric(hopHost)) return keepAddress(d, hopHost, hopPort);
  const known = knownAddress(hopHost);
  if (isPresent(known)) return keepAddress(d, known, hopPort);
  ask(Question.A, hopHost, 0);
  return isPresent(d.address);
}
