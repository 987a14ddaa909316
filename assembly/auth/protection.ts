// qop, the quality of protection (RFC 7616 §3.3): which of those that a challenge offers we use.

import { size, Slice, w } from "../bytes/slice";
import { hasWord } from "../message/token-list";

export const enum Protection {
  /** As RFC 2069 had it: the challenge has no qop, or an empty one. */
  None = 0,
  /** The request line. */
  Auth,
  /** The body too. */
  AuthInt,
  /** Only such as we do not know. */
  Unknown,
}

/** auth before auth-int: gateways on the way that write addresses into an SDP would break the other. */
export function protectionOf(qop: Slice): Protection {
  if (size(qop) == 0) return Protection.None;
  if (hasWord(qop, w("auth"))) return Protection.Auth;
  return hasWord(qop, w("auth-int")) ? Protection.AuthInt : Protection.Unknown;
}

/** Its name in credentials; not for None and Unknown. */
export function protectionName(protection: Protection): Slice {
  return protection == Protection.Auth ? w("auth") : w("auth-int");
}
