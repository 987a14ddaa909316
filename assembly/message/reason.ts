// One reason of a Reason header field: protocol *( ";" cause=… / text="…" / param )   (RFC 3326 §2)

import { reserve } from "../bytes/arena";
import { decimal, size, Slice, tail, trim, w } from "../bytes/slice";
import { before, isToken } from "./grammar";
import { areParameters, parameter, unquote } from "./parameters";


@unmanaged
export class Reason {
  /** `SIP`, `Q.850`, … */
  protocol: Slice;
  /** Without its quotes; EMPTY if there is none. */
  text: Slice;
  /** 0 if there is none. */
  cause: i32;
}

export function newReason(): Reason {
  return changetype<Reason>(reserve(offsetof<Reason>()));
}

export function parseReason(element: Slice, out: Reason): bool {
  const front = before(element, 0x3b);
  const params = tail(element, size(front));
  out.protocol = trim(front);
  out.text = unquote(parameter(params, w("text")));
  const cause = decimal(parameter(params, w("cause")), 999);
  out.cause = cause < 0 ? 0 : <i32>cause;
  return isToken(out.protocol) && areParameters(params);
}
