// Whether a challenged request is sent once more.

/**
 * `attempts`: how often this request answered a challenge of this realm before. `stale` and `sameNonce`
 * are of the challenge that came now: sameNonce is true if our last answer used that very nonce.
 *
 * Rejected credentials are not tried again, unless only the nonce was too old (RFC 3261 §22.1), and that
 * once: a server whose nonces are always stale would keep us busy for ever.
 */
export function mayRetry(attempts: i32, stale: bool, sameNonce: bool): bool {
  if (attempts == 0) return true;
  return attempts == 1 && stale && !sameNonce;
}
