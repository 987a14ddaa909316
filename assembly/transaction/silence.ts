// How long silence lasts before the next target is tried (RFC 3263 §4.3), where one waits.

/**
 * Milliseconds in which a request would be sent `sends` times and remain unanswered, over UDP; the same is
 * waited over other transports. `cap`: longest wait between two (T2), 0 for an INVITE.
 */
export function silenceMs(sends: i32, t1: i32, cap: i32): i64 {
  let all: i64 = 0;
  let wait: i64 = t1;
  for (let i = 0; i < max(sends, 1); i++, wait <<= 1) all += cap ? min(wait, <i64>cap) : wait;
  return all;
}
