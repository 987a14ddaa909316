// warning-value = 3DIGIT SP agent SP quoted-string   (RFC 3261 §20.43)

import { reserve } from "../bytes/arena";
import { byteAt, decimal, end, size, Slice, start, tail, trim } from "../bytes/slice";
import { put, putByte, putNumber } from "../output/output";
import { before, skipQuoted } from "./grammar";
import { Header } from "./header";
import { unquote } from "./parameters";
import { putQuotedAgain } from "./quoted";
import { beginRow, endRow } from "./row";


@unmanaged
export class Warning {
  /** hostport or pseudonym of who warns. */
  agent: Slice;
  /** Without its quotes, escapes as they are. */
  text: Slice;
  code: i32;
}

export function newWarning(): Warning {
  return changetype<Warning>(reserve(offsetof<Warning>()));
}

/** One element. */
export function parseWarning(element: Slice, out: Warning): bool {
  const code = before(element, 32);
  const rest = trim(tail(element, size(code)));
  out.code = <i32>decimal(code, 999);
  out.agent = before(rest, 32);
  const text = trim(tail(rest, size(out.agent)));
  out.text = unquote(text);
  return size(code) == 3 && out.code >= 100 && size(out.agent) > 0 && isQuotedString(text);
}

/** A whole row. */
export function putWarning(warning: Warning): void {
  beginRow(Header.Warning);
  putNumber(warning.code);
  putByte(32);
  put(warning.agent);
  putByte(32);
  putQuotedAgain(warning.text);
  endRow();
}

function isQuotedString(s: Slice): bool {
  return size(s) > 1 && byteAt(s, 0) == 0x22 && skipQuoted(start(s), end(s)) == end(s);
}
