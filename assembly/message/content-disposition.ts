// Content-Disposition = type *( ";" ( handling / param ) )   (RFC 3261 §20.11, RFC 5621 §8)

import { reserve } from "../bytes/arena";
import { equalsIgnoringCase, Slice, w } from "../bytes/slice";
import { put } from "../output/output";
import { isContentType } from "./content-type";
import { Header } from "./header";
import { parameter } from "./parameters";
import { putOtherParameters, putParameter } from "./put-parameters";
import { beginRow, endRow } from "./row";
import { frontOf, isValuedToken, parametersOf } from "./valued";


@unmanaged
export class ContentDisposition {
  /** `session`, `render`, `icon` ... */
  type: Slice;
  /** As written; EMPTY without one. */
  handling: Slice;
  params: Slice;
  /** What does not understand the body may go on without it. */
  isOptional: bool;
}

export function newContentDisposition(): ContentDisposition {
  return changetype<ContentDisposition>(reserve(offsetof<ContentDisposition>()));
}

export function parseContentDisposition(value: Slice, out: ContentDisposition): bool {
  out.type = frontOf(value);
  out.params = parametersOf(value);
  out.handling = parameter(out.params, w("handling"));
  out.isOptional = equalsIgnoringCase(out.handling, w("optional"));
  return isValuedToken(value);
}

export function putContentDisposition(d: ContentDisposition): void {
  beginRow(Header.ContentDisposition);
  put(d.type);
  putParameter(w("handling"), d.handling);
  putOtherParameters(d.params, w("handling"));
  endRow();
}

/** What a body without the field is for (§20.11). */
export function defaultDisposition(contentType: Slice): Slice {
  return isContentType(contentType, w("application/sdp")) ? w("session") : w("render");
}
