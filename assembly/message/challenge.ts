// A challenge of WWW-Authenticate or Proxy-Authenticate (RFC 3261 §20.44, RFC 7616 §3.3), and the
// parameters of credentials, which have the same form: scheme LWS name=value *( "," name=value )

import { reserve } from "../bytes/arena";
import { EMPTY, equalsIgnoringCase, size, Slice, w } from "../bytes/slice";
import { nextParameter, openScheme, parameterName, parameterText } from "./auth-parameters";
import { unquote } from "./parameters";

/** Values without their quotes, escapes as they are; EMPTY where there is none. */
@unmanaged
export class Challenge {
  scheme: Slice;
  realm: Slice;
  nonce: Slice;
  opaque: Slice;
  algorithm: Slice;
  qop: Slice;
  stale: bool;
  /** The user's name may travel as a hash (RFC 7616 §3.4.4). */
  userhash: bool;
}

export function newChallenge(): Challenge {
  return changetype<Challenge>(reserve(offsetof<Challenge>()));
}

/** False without a scheme or with a broken parameter. Missing commas are tolerated. */
export function parseChallenge(value: Slice, out: Challenge): bool {
  memory.fill(changetype<usize>(out), 0, offsetof<Challenge>());
  out.scheme = openScheme(value);
  if (size(out.scheme) == 0) return false;
  while (nextParameter()) {
    if (parameterText == EMPTY || size(parameterName) == 0) return false;
    takeInto(out, parameterName, unquote(parameterText));
  }
  return true;
}

/** The value of one parameter, without its quotes; EMPTY if there is none. */
export function credential(value: Slice, name: Slice): Slice {
  openScheme(value);
  while (nextParameter()) {
    if (parameterText == EMPTY) return EMPTY;
    if (equalsIgnoringCase(parameterName, name)) return unquote(parameterText);
  }
  return EMPTY;
}

function takeInto(out: Challenge, name: Slice, value: Slice): void {
  if (equalsIgnoringCase(name, w("realm"))) out.realm = value;
  else if (equalsIgnoringCase(name, w("nonce"))) out.nonce = value;
  else if (equalsIgnoringCase(name, w("opaque"))) out.opaque = value;
  else if (equalsIgnoringCase(name, w("algorithm"))) out.algorithm = value;
  else if (equalsIgnoringCase(name, w("qop"))) out.qop = value;
  else if (equalsIgnoringCase(name, w("stale"))) out.stale = equalsIgnoringCase(value, w("true"));
  else if (equalsIgnoringCase(name, w("userhash"))) out.userhash = equalsIgnoringCase(value, w("true"));
}
