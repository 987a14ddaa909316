// Content-Type = type "/" subtype *( ";" param )   (RFC 3261 §20.15); the ranges of Accept have the same form.

import { reserve } from "../bytes/arena";
import { equalsIgnoringCase, Slice, trim, w } from "../bytes/slice";
import { put, putByte } from "../output/output";
import { before, behind, isToken } from "./grammar";
import { Header } from "./header";
import { areParameters, parameter, unquote } from "./parameters";
import { beginRow, endRow } from "./row";
import { frontOf, parametersOf } from "./valued";


@unmanaged
export class ContentType {
  type: Slice;
  subtype: Slice;
  params: Slice;
}

export function newContentType(): ContentType {
  return changetype<ContentType>(reserve(offsetof<ContentType>()));
}

export function parseContentType(value: Slice, out: ContentType): bool {
  const front = frontOf(value);
  out.type = trim(before(front, 0x2f));
  out.subtype = trim(behind(front, 0x2f));
  out.params = parametersOf(value);
  return isToken(out.type) && isToken(out.subtype) && areParameters(out.params);
}

export function putContentType(t: ContentType): void {
  beginRow(Header.ContentType);
  put(t.type);
  putByte(0x2f);
  put(t.subtype);
  put(t.params);
  endRow();
}

/** The value names that type, `application/sdp`, in any case and with whatever parameters. */
export function isContentType(value: Slice, type: Slice): bool {
  return equalsIgnoringCase(frontOf(value), type);
}

/** Without its quotes; EMPTY without one. */
export function boundaryOf(value: Slice): Slice {
  return unquote(parameter(parametersOf(value), w("boundary")));
}
