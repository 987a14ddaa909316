// One assignment, `name = value`, from a file or a command: found, checked, stored or rejected.

import { lineAt } from "../bytes/lines";
import { equals, size, Slice, w } from "../bytes/slice";
import { Status } from "../output/abi-numbers";
import { mark, put, written } from "../output/output";
import { foundAccount, foundKey, foundOldName, hasCapitals, Lookup, lookUp, putName } from "./name";
import { canTell, reject, tell } from "./rejected";
import { isTextual, Row, rowOf } from "./rows";
import {
  clearCell,
  LOCAL_LAYER,
  markAt,
  OLD_NAME,
  planeOf,
  storeNumber,
  storeText,
  WAS_RESET,
} from "./store";
import { numberRead, putPermitted, putValue, Reading, readValue } from "./value";

const LAYER_BITS: u8 = 31;

/**
 * Takes the value for the layer, or says what is permitted and leaves everything as it was.
 * A blank value takes the layer's value back, or does nothing when `keepsOnBlank`.
 */
export function assign(layer: i32, name: Slice, value: Slice, keepsOnBlank: bool): Status {
  const lookup = lookUp(name);
  if (lookup != Lookup.Found) {
    reject(name, unknownWords(lookup));
    return Status.UnknownKey;
  }
  if (hasCapitals(name)) tellSpelling(name);
  if (isOverruled(layer)) return Status.Ok;
  if (size(value) == 0) {
    if (!keepsOnBlank) blank(layer);
    return Status.Ok;
  }
  return take(layer, name, value);
}

/** For a Lookup other than Found. */
function unknownWords(lookup: Lookup): Slice {
  return lineAt(w("unknown key\naccounts 1..16\ncodecs 1..16"), lookup - 1);
}

/** At run time the last set counts, under whichever name. */
function isOldName(layer: i32): bool {
  return layer != LOCAL_LAYER && foundOldName();
}

/** Whether a later file, or the newer spelling in the same file, has spoken already. */
function isOverruled(layer: i32): bool {
  const present = markAt(planeOf(layer), foundKey(), foundAccount());
  const by = <i32>(present & LAYER_BITS);
  return by > layer || (by == layer && isOldName(layer) && !(present & OLD_NAME));
}

/** Back to the default; but a blank in one spelling leaves the value that the same file has in another. */
function blank(layer: i32): void {
  const plane = planeOf(layer);
  const present = markAt(plane, foundKey(), foundAccount());
  const isSameFile = <i32>(present & LAYER_BITS) == layer;
  if (isSameFile && ((present & OLD_NAME) != 0) != isOldName(layer)) return;
  clearCell(plane, foundKey(), foundAccount());
}

function take(layer: i32, name: Slice, value: Slice): Status {
  const row = rowOf(foundKey());
  const by = (<u8>layer) | (isOldName(layer) ? OLD_NAME : 0);
  const plane = planeOf(layer);
  if (equals(value, w("%NULL%"))) {
    storeNumber(plane, foundKey(), foundAccount(), by | WAS_RESET, 0);
    return Status.Ok;
  }
  const reading = readValue(row, value);
  if (reading != Reading.Taken) tellValue(name, row, reading);
  if (reading == Reading.Rejected) return Status.BadValue;
  if (isTextual(row)) storeText(plane, foundKey(), foundAccount(), by, value);
  else storeNumber(plane, foundKey(), foundAccount(), by, numberRead());
  return Status.Ok;
}

function tellValue(name: Slice, row: Row, reading: Reading): void {
  if (!canTell()) return;
  const from = mark();
  putPermitted(row);
  if (reading == Reading.Clamped) {
    put(w(", taken as "));
    putValue(row, numberRead());
  }
  tell(name, written(from));
}

function tellSpelling(name: Slice): void {
  if (!canTell()) return;
  const from = mark();
  put(w("read as "));
  putName(foundKey(), foundAccount());
  tell(name, written(from));
}
