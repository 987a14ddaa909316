// A boot file: which provisioning files to fetch, in which order.
//
// include        = [ "[" model *( "," model ) "]" ] "include:config" ( DQUOTE target DQUOTE | "<" target ">" )
// overwrite_mode = "overwrite_mode" "=" ( "0" | "1" )
// Everything else, the header among it, is skipped: a boot file holds no settings.

import {
  byteAt,
  equalsIgnoringCase,
  EMPTY,
  indexOf,
  size,
  slice,
  Slice,
  start,
  startsWithIgnoringCase,
  tail,
  trim,
  w,
} from "../bytes/slice";
import { afterByte, afterFirstLine, beforeByte, firstLine, withoutMark } from "./lines";

let rest: Slice = EMPTY;
let model: Slice = EMPTY;
let mode: i32 = 1;

/**
 * Starts reading. `ownModel` is the phone's short name (T46U), for lines that are meant for some models only;
 * the text must stay where it is until the last nextInclude. False if it holds NUL.
 */
export function openBoot(text: Slice, ownModel: Slice): bool {
  rest = EMPTY;
  model = ownModel;
  mode = 1;
  if (indexOf(text, 0) >= 0) return false;
  rest = withoutMark(text);
  readMode();
  return true;
}

/** 1: a blank or absent key goes back to its default; 0: it keeps its value. */
export function overwriteMode(): i32 {
  return mode;
}

/** The next file to fetch, as it is written; EMPTY after the last. */
export function nextInclude(): Slice {
  while (size(rest) > 0) {
    const target = includeOf(nextLine());
    if (size(target) > 0) return target;
  }
  return EMPTY;
}

/** overwrite_mode counts wherever it stands; the last line wins. */
function readMode(): void {
  const whole = rest;
  while (size(rest) > 0) {
    const line = nextLine();
    if (!equalsIgnoringCase(trim(beforeByte(line, 0x3d)), w("overwrite_mode"))) continue;
    const value = trim(afterByte(line, 0x3d));
    if (size(value) == 1 && byteAt(value, 0) - 48 < 2) mode = byteAt(value, 0) - 48;
  }
  rest = whole;
}

function nextLine(): Slice {
  const line = firstLine(rest);
  rest = afterFirstLine(rest);
  return line;
}

/** The target of an include line that is meant for us, or EMPTY. */
function includeOf(line: Slice): Slice {
  let what = line;
  if (size(line) > 0 && byteAt(line, 0) == 0x5b) {
    if (!namesModel(beforeByte(tail(line, 1), 0x5d))) return EMPTY;
    what = trim(afterByte(line, 0x5d));
  }
  if (!startsWithIgnoringCase(what, w("include:config"))) return EMPTY;
  return targetOf(trim(tail(what, 14)));
}

function namesModel(models: Slice): bool {
  if (size(model) == 0) return false;
  for (let list = models; size(list) > 0; list = afterByte(list, 0x2c)) {
    if (equalsIgnoringCase(trim(beforeByte(list, 0x2c)), model)) return true;
  }
  return false;
}

/** The inside of "..." or <...>; it must end in .cfg. */
function targetOf(quoted: Slice): Slice {
  if (size(quoted) < 2) return EMPTY;
  const open = byteAt(quoted, 0);
  if (open != 0x22 && open != 0x3c) return EMPTY;
  const inside = tail(quoted, 1);
  const close = indexOf(inside, open == 0x22 ? 0x22 : 0x3e);
  if (close < 0) return EMPTY;
  const target = trim(slice(start(inside), close));
  const isConfig = size(target) > 4 && equalsIgnoringCase(tail(target, size(target) - 4), w(".cfg"));
  return isConfig ? target : EMPTY;
}
