// Retry-After = delta-seconds [ comment ] *( ";" param )   (RFC 3261 §20.33)

import { reserve } from "../bytes/arena";
import { byteAt, decimal, EMPTY, isBlank, size, slice, Slice, start, tail, trim, w } from "../bytes/slice";
import { put, putByte, putNumber } from "../output/output";
import { commentLength } from "./comment";
import { leadingDigits } from "./grammar";
import { Header } from "./header";
import { Message } from "./message";
import { areParameters, parameter } from "./parameters";
import { putNumberParameter, putOtherParameters } from "./put-parameters";
import { beginRow, endRow } from "./row";


@unmanaged
export class RetryAfter {
  /** Without its parentheses; EMPTY without one. */
  comment: Slice;
  params: Slice;
  seconds: i64;
  /** Seconds for which one will be reachable from then on; -1 if it is not said. */
  duration: i64;
}

export function newRetryAfter(): RetryAfter {
  return changetype<RetryAfter>(reserve(offsetof<RetryAfter>()));
}

/** All that it says. False if it is not well formed; `retryAfter` then may still find the number. */
export function parseRetryAfter(value: Slice, out: RetryAfter): bool {
  const digits = leadingDigits(value);
  const rest = trim(tail(value, size(digits)));
  const n = commentLength(rest);
  out.seconds = decimal(digits);
  out.comment = n == 0 ? EMPTY : slice(start(rest) + 1, n - 2);
  out.params = trim(tail(rest, n));
  out.duration = decimal(parameter(out.params, w("duration")));
  return out.seconds >= 0 && areParameters(out.params);
}

export function putRetryAfter(value: RetryAfter): void {
  beginRow(Header.RetryAfter);
  putNumber(value.seconds);
  if (value.comment != EMPTY) {
    put(w(" ("));
    put(value.comment);
    putByte(0x29);
  }
  putNumberParameter(w("duration"), value.duration);
  putOtherParameters(value.params, w("duration"));
  endRow();
}

/** Seconds; -1 if there is none, or none that is a number. */
export function retryAfter(m: Message): i64 {
  const value = m.header(Header.RetryAfter);
  const digits = leadingDigits(value);
  return endsNumber(tail(value, size(digits))) ? decimal(digits) : -1;
}

function endsNumber(rest: Slice): bool {
  if (size(rest) == 0) return true;
  const byte = byteAt(rest, 0);
  return isBlank(byte) || byte == 0x28 || byte == 0x3b;
}
