// The time of the call that is running, as the host told it.
//
// Milliseconds of a monotonic clock that counts suspend. It comes in as f64, because an i64 would be a
// BigInt in JavaScript, and lives inside as i64. It never runs backwards: an older `now` is clamped.

export const NEVER: i64 = i64.MAX_VALUE;

let latest: i64 = 0;

/** False for a time that is no number a clock could show; nothing is changed then. */
export function advanceClock(now: f64): bool {
  if (!(now >= 0 && now < 9007199254740992.0)) return false;
  const ms = <i64>Math.floor(now);
  if (ms > latest) latest = ms;
  return true;
}

/** The present, in ms. */
export function nowMs(): i64 {
  return latest;
}
