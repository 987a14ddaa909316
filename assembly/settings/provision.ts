// A provisioning file: lines of `key = value`, as dirty as real ones are.
//
// file    = [ BOM ] *( line EOL )              EOL = LF or CRLF
// line    = blank | comment | key "=" value    blanks around key and value do not count
// comment = "#" *any                           only at the start of a line: passwords contain `#`
// The header `#!version:1.0.0.1` is a comment to us, and may be missing. Nothing in a line can fail the
// file; what is not taken is told (rejected.ts).

import { byteAt, indexOf, size, Slice, trim, w } from "../bytes/slice";
import { Status } from "../output/abi-numbers";
import { assign } from "./assign";
import { afterByte, afterFirstLine, beforeByte, firstLine, withoutMark } from "./lines";
import { atLine, beginRejections, endRejections, reject } from "./rejected";
import { clearFiles, LOCAL_LAYER } from "./store";

export const MOST_FILE_BYTES: i32 = 256 * 1024;

let keepsOnBlank: bool = false;

/**
 * Before the files of a provisioning. With overwrite_mode 1 everything that earlier files said is
 * forgotten and a blank value is the default; with 0 what files leave out or blank keeps its value.
 * What was set at run time stays in either case.
 */
export function beginProvisioning(overwriteMode: i32 = 1): void {
  keepsOnBlank = overwriteMode == 0;
  if (!keepsOnBlank) clearFiles();
}

/**
 * Takes one file. Layers 1..16 are files, of which the higher wins; LOCAL_LAYER is the file that
 * `writeLocal` wrote. Unreadable and TooLarge change nothing; bad lines are events, and the rest counts.
 */
export function provision(text: Slice, layer: i32): Status {
  if (layer < 1 || layer > LOCAL_LAYER) return Status.BadArgument;
  if (size(text) > MOST_FILE_BYTES) return Status.TooLarge;
  if (indexOf(text, 0) >= 0) return Status.Unreadable;
  beginRejections(layer);
  takeLines(layer, withoutMark(text));
  endRejections();
  return Status.Ok;
}

function takeLines(layer: i32, text: Slice): void {
  let rest = text;
  for (let number = 1; size(rest) > 0; number++) {
    atLine(number);
    takeLine(layer, firstLine(rest));
    rest = afterFirstLine(rest);
  }
}

function takeLine(layer: i32, line: Slice): void {
  if (size(line) == 0 || byteAt(line, 0) == 0x23) return;
  if (indexOf(line, 0x3d) < 0) reject(line, w("no = on this line"));
  else assign(layer, trim(beforeByte(line, 0x3d)), trim(afterByte(line, 0x3d)), keepsOnBlank);
}
