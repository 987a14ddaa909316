// One header row as it is written: the long name, a colon, the value, a line end (RFC 3261 §7.3).

import { Slice, w } from "../bytes/slice";
import { put, putLine, putNumber } from "../output/output";
import { Header, headerName } from "./header";

/** The name and its colon; the value and `endRow` follow. */
export function beginRow(h: Header): void {
  put(headerName(h));
  put(w(": "));
}

export function endRow(): void {
  putLine();
}

/** A value that is text already: a Call-ID, a list of tokens, a product, whatever is kept raw. */
export function putRow(h: Header, value: Slice): void {
  beginRow(h);
  put(value);
  endRow();
}

export function putNumberRow(h: Header, value: i64): void {
  beginRow(h);
  putNumber(value);
  endRow();
}
