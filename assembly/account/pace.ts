// When the next REGISTER or SUBSCRIBE is due: after success, after failure, and after being told to wait.

import { randomBelow } from "../crypto/random";

const SECOND: i64 = 1000;
/** A registrar that grants less is not asked more often than this. */
const LEAST_REFRESH_MS: i64 = 5_000;
/** Time for 64*T1 of tries and a little more, before a long binding ends. */
const MARGIN_SECONDS: i64 = 60;
/** Of the lifetime, for longer ones. */
const MARGIN_PERCENT: i64 = 5;
/** Tries follow each other no faster, whatever the settings say. */
const LEAST_RETRY_MS: i64 = 5_000;
/** Where only max_time is 0 (RFC 5626 §4.5). */
const USUAL_MOST_SECONDS: i64 = 1800;
/** First wait after a wrong password and the like; it doubles up to the second number. */
const LASTING_SECONDS: i64 = 300;
const MOST_LASTING_SECONDS: i64 = 3600;

/**
 * From the 2xx to the refresh, in ms. With an overlap that many seconds before the end, exactly. By our own rule
 * (overlap -1) at half of a short binding, 60 s or 5 % before the end of a longer one, and up to a tenth earlier,
 * so that phones that were switched on together do not stay together.
 */
export function refreshWait(granted: i64, overlap: i64): i64 {
  if (overlap > 0 && overlap < granted) return max((granted - overlap) * SECOND, LEAST_REFRESH_MS);
  const margin = min(granted / 2, max(MARGIN_SECONDS, (granted * MARGIN_PERCENT) / 100));
  const latest = (granted - margin) * SECOND;
  return max(latest - randomWait(latest / 10), LEAST_REFRESH_MS);
}

/**
 * The wait after `failures` tries in a row that came to nothing, in ms. With a min_time the growing one of
 * RFC 5626 §4.5: min(max_time, min_time * 2^failures), of which 50 to 100 %. Else always `interval`.
 */
export function retryWait(failures: i32, interval: i64, minTime: i64, maxTime: i64): i64 {
  if (minTime <= 0) return max(interval * SECOND, LEAST_RETRY_MS);
  return max(growing(failures, minTime, maxTime > 0 ? maxTime : USUAL_MOST_SECONDS), LEAST_RETRY_MS);
}

/** The wait after a refusal that will be repeated until somebody changes something, in ms. */
export function lastingWait(failures: i32): i64 {
  return growing(failures - 1, LASTING_SECONDS, MOST_LASTING_SECONDS);
}

/** The server has said how long, in seconds: not less, and not all phones at once when it is over. */
export function toldWait(seconds: i64): i64 {
  return seconds * SECOND + randomWait(seconds * (SECOND / 10) + SECOND);
}

/** From the start of the phone to the first REGISTER: sip.reg_surge_prevention, in ms. */
export function surgeWait(seconds: i64): i64 {
  return randomWait(seconds * SECOND);
}

function growing(doublings: i32, base: i64, most: i64): i64 {
  const upper = min(most, base << min(max(doublings, 0), 20)) * SECOND;
  return upper - randomWait(upper / 2);
}

/** 0 to `most`. */
function randomWait(most: i64): i64 {
  return <i64>randomBelow(<u32>min(most, <i64>0x7fffffff) + 1);
}
