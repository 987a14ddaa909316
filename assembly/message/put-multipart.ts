// Writing a multipart body (RFC 2046 §5.1): each part behind its delimiter, and the closing delimiter.

import { Slice, w } from "../bytes/slice";
import { put, putLine } from "../output/output";
import { Multipart, nextPart } from "./multipart";

/** A part that is head, empty line and content already. */
export function putPart(boundary: Slice, part: Slice): void {
  putDelimiter(boundary);
  putLine();
  put(part);
  putLine();
}

/** A part of a type; `fields` are more lines of its head, each with its line end. */
export function putTypedPart(boundary: Slice, contentType: Slice, fields: Slice, content: Slice): void {
  putDelimiter(boundary);
  put(w("\r\nContent-Type: "));
  put(contentType);
  putLine();
  put(fields);
  putLine();
  put(content);
  putLine();
}

export function putClosing(boundary: Slice): void {
  putDelimiter(boundary);
  put(w("--\r\n"));
}

/** All that an opened multipart still has. One that was cut short is closed. Preamble and epilogue mean nothing. */
export function putMultipart(parts: Multipart): void {
  while (nextPart(parts)) putPart(parts.boundary, parts.part);
  putClosing(parts.boundary);
}

function putDelimiter(boundary: Slice): void {
  put(w("--"));
  put(boundary);
}
