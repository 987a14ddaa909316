// setting.rejected: a line, or a set, that was not taken as it stands, and what is permitted there.
//
// A file of another model has hundreds of keys that this phone does not know: when the output runs
// short the rest is only counted, and a last event says how many.

import { EMPTY, size, slice, Slice, start, w } from "../bytes/slice";
import { EventKind } from "../output/abi-numbers";
import {
  beginEvent,
  endEvent,
  hasRoom,
  mark,
  numberField,
  put,
  putNumber,
  textField,
  written,
} from "../output/output";

/** As much of a line without `=` as is shown. */
const SHOWN_BYTES: i32 = 80;

let layer: i32 = 0;
let line: i32 = 0;
let untold: i32 = 0;

/** What comes is about this layer. */
export function beginRejections(ofLayer: i32): void {
  layer = ofLayer;
  line = 0;
  untold = 0;
}

/** The line that is being read, from 1; 0 where there are no lines. */
export function atLine(number: i32): void {
  line = number;
}

/** Whether the next rejection can be told. It counts those that can't. */
export function canTell(): bool {
  if (hasRoom()) return true;
  untold++;
  return false;
}

/** Tells one; ask canTell first. */
export function tell(key: Slice, permitted: Slice): void {
  if (!beginEvent(EventKind.SettingRejected, w("setting.rejected"))) return;
  numberField(w("layer"), layer);
  numberField(w("line"), line);
  textField(w("key"), size(key) > SHOWN_BYTES ? slice(start(key), SHOWN_BYTES) : key);
  textField(w("permitted"), permitted);
  endEvent();
}

export function reject(key: Slice, permitted: Slice): void {
  if (canTell()) tell(key, permitted);
}

/** Says how many could not be told. */
export function endRejections(): void {
  if (untold == 0) return;
  const from = mark();
  putNumber(untold);
  put(w(" more"));
  line = 0;
  tell(EMPTY, written(from));
}
