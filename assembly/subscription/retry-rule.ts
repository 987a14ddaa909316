// Whether a subscription that ended, or could not be had, is tried again: by the reason of its last NOTIFY
// (RFC 6665 §4.1.3), or by the answer to SUBSCRIBE (§4.1.2.1, §4.1.2.2).

import { Slice, w } from "../bytes/slice";
import { hasWord } from "../message/token-list";

export const enum Retry {
  /** At once, though not over and over. */
  Now = 0,
  /** After Retry-After, or after a wait that grows. */
  Later,
  /** After a long wait that grows: somebody has to change something first. */
  Seldom,
  Never,
}

/** Of a terminated NOTIFY. A reason that nobody knows, and none, count as `probation` and `giveup` do. */
export function retryAfterReason(reason: Slice): Retry {
  if (hasWord(w("deactivated,timeout"), reason)) return Retry.Now;
  return hasWord(w("rejected,noresource,invariant"), reason) ? Retry.Never : Retry.Later;
}

/** Of a SUBSCRIBE that was refused, or met silence (408) or no way to be sent (0). */
export function retryAfterStatus(status: i32): Retry {
  if (status == 481) return Retry.Now;
  const isPassing = status == 0 || status == 408 || status == 480 || status == 486 || status == 491;
  return isPassing || (status >= 500 && status < 600 && status != 501) ? Retry.Later : Retry.Seldom;
}

/** This answer to a refresh ends the subscription; after any other it lasts as long as was said before (§4.1.2.2). */
export function endsSubscription(status: i32): bool {
  if (status >= 480 && status <= 485) return true;
  switch (status) {
    case 404:
    case 405:
    case 410:
    case 416:
    case 489:
    case 501:
    case 604:
      return true;
    default:
      return false;
  }
}
