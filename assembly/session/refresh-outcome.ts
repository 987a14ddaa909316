// What the answer to a session refresh means for the session, and what comes next (RFC 4028 §10).
//
// Dead is said of the dialog (RFC 5057 Table 2, RFC 3261 §12.2.1.2); everything else leaves the session
// alive until its expiry, and nothing but a 2xx moves that.

import { randomBelow } from "../crypto/random";
import { Method } from "../message/method";

/** Between two tries after 500, 502, 503 and 504 without Retry-After. */
export const SPACED_RETRY_MS: i64 = 10_000;
/** So many tries more. */
const MOST_SPACED: i32 = 2;
/** In place of a status: the connection broke. A time-out counts as 408 (RFC 3261 §8.1.3.1). */
export const TRANSPORT_FAILED: i32 = 0;

export const enum Outcome {
  /** The 2xx decides: receiveTimerSuccess. */
  Renewed = 1,
  /** BYE now. */
  Dead,
  /** No UPDATE was ever answered: one re-INVITE now. */
  FallBackToInvite,
  /** Again with credentials. */
  Authenticate,
  /** receiveTooSmall says whether again. */
  RaiseInterval,
  /** Again after glareDelayMs. */
  WaitGlare,
  /** Again after retryDelayMs. */
  RetryAfter,
  /** Again after SPACED_RETRY_MS. */
  RetrySpaced,
  /** Connect anew, or the next target, and again with a new branch. */
  Reconnect,
  /** The peer has no UPDATE: note it in the timer, re-INVITE now. */
  NoUpdateReinvite,
  /** Once with the other method now. */
  TryOtherMethod,
  /** No repeat of the same; BYE when the interval is over. */
  ByeAtDeadline,
}

/**
 * status: of the final answer; 408 for a time-out, TRANSPORT_FAILED.
 * spacedTries: how often RetrySpaced was the outcome of this refresh before.
 * mayFallBack: the setting update_fallback is on, no UPDATE was ever answered, a whole INVITE fits.
 * mayTryOther: another form of refresh is left that was not tried in this refresh.
 */
export function refreshOutcome(
  status: i32,
  method: Method,
  hasRetryAfter: bool,
  spacedTries: i32,
  mayFallBack: bool,
  mayTryOther: bool,
): Outcome {
  if (status >= 200 && status < 300) return Outcome.Renewed;
  switch (status) {
    case TRANSPORT_FAILED:
      return Outcome.Reconnect;
    case 408:
      return method == Method.Update && mayFallBack ? Outcome.FallBackToInvite : Outcome.Dead;
    case 404:
    case 410:
    case 416:
    case 481:
    case 482:
    case 484:
    case 485:
    case 604:
      return Outcome.Dead;
    case 401:
    case 407:
      return Outcome.Authenticate;
    case 422:
      return Outcome.RaiseInterval;
    case 491:
      return Outcome.WaitGlare;
    case 500:
    case 503:
      return hasRetryAfter ? Outcome.RetryAfter : spaced(spacedTries);
    case 502:
    case 504:
      return spaced(spacedTries);
    case 405:
    case 501:
      return method == Method.Update ? Outcome.NoUpdateReinvite : Outcome.ByeAtDeadline;
    case 420:
    case 488:
    case 606:
      return mayTryOther ? Outcome.TryOtherMethod : Outcome.ByeAtDeadline;
    default:
      return Outcome.ByeAtDeadline;
  }
}

function spaced(tries: i32): Outcome {
  return tries < MOST_SPACED ? Outcome.RetrySpaced : Outcome.ByeAtDeadline;
}

/** After 491, in steps of 10 ms: 2.1 to 4 s for the owner of the Call-ID, else up to 2 s (RFC 3261 §14.1). */
export function glareDelayMs(ownsCallId: bool): i32 {
  return ownsCallId ? 2100 + 10 * <i32>randomBelow(191) : 10 * <i32>randomBelow(201);
}

/** Retry-After in ms; at least a second, so that "0" is no tight loop. */
export function retryDelayMs(retryAfterSeconds: i64): i64 {
  return max<i64>(retryAfterSeconds, 1) * 1000;
}
