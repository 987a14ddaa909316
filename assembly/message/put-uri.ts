// Writing a URI from its parts: the same bytes as it came with, unless a part was changed on purpose.
// A URI that is kept is written as its `whole`.

import { isPresent, Slice, w } from "../bytes/slice";
import { put, putByte, putNumber } from "../output/output";
import { before } from "./grammar";
import { putOtherParameters } from "./put-parameters";
import { Scheme, Uri } from "./uri";

export function putUri(u: Uri): void {
  if (u.scheme == Scheme.Unknown) return put(u.whole);
  putFront(u);
  put(u.params);
  if (!isPresent(u.headers)) return;
  putByte(0x3f);
  put(u.headers);
}

/** As a Request-URI: without headers and without a method parameter (RFC 3261 §19.1.5). */
export function putRequestUri(u: Uri): void {
  if (u.scheme == Scheme.Unknown) return put(u.whole);
  putFront(u);
  putOtherParameters(u.params, w("method"));
}

/** Request-Line = Method SP Request-URI SP SIP-Version CRLF */
export function putRequestLine(method: Slice, uri: Slice): void {
  put(method);
  putByte(32);
  put(uri);
  put(w(" SIP/2.0\r\n"));
}

/** Everything in front of the parameters. */
function putFront(u: Uri): void {
  put(before(u.whole, 0x3a));
  putByte(0x3a);
  put(u.user);
  if (u.scheme == Scheme.Tel) return;
  if (isPresent(u.password)) {
    putByte(0x3a);
    put(u.password);
  }
  if (isPresent(u.user)) putByte(0x40);
  put(u.host);
  if (u.port == 0) return;
  putByte(0x3a);
  putNumber(u.port);
}
