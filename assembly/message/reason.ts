// One reason of a Reason header field: protocol *( ";" cause=… / text="…" / param )   (RFC 3326 §2)

import { reserve } from "../bytes/arena";
import { decimal, equalsIgnoringCase, isPresent, size, Slice, tail, trim, w } from "../bytes/slice";
import { put } from "../output/output";
import { before, isToken } from "./grammar";
import { Header } from "./header";
import { Elements } from "./list";
import { Message } from "./message";
import { areParameters, parameter, unquote } from "./parameters";
import { putNumberParameter } from "./put-parameters";
import { putQuotedAgain } from "./quoted";
import { beginRow, endRow } from "./row";


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

/** The first of several reasons that speaks of that protocol: `SIP`, `Q.850`. One that can't be read is passed over. */
export function findReason(all: Elements, m: Message, protocol: Slice, out: Reason): bool {
  all.open(m, Header.Reason);
  while (all.next()) {
    if (parseReason(all.element, out) && equalsIgnoringCase(out.protocol, protocol)) return true;
  }
  return false;
}

/** A whole row. */
export function putReason(reason: Reason): void {
  beginRow(Header.Reason);
  put(reason.protocol);
  if (reason.cause > 0) putNumberParameter(w("cause"), reason.cause);
  if (isPresent(reason.text)) {
    put(w(";text="));
    putQuotedAgain(reason.text);
  }
  endRow();
}
