// Session-Expires = delta-seconds *( ";" ( refresher=uac / refresher=uas / generic-param ) ), and
// Min-SE = delta-seconds *( ";" generic-param )   (RFC 4028 §4, §5)

import { reserve } from "../bytes/arena";
import { byteAt, decimal, equalsIgnoringCase, isPresent, size, Slice, tail, trim, w } from "../bytes/slice";
import { putNumber } from "../output/output";
import { leadingDigits } from "./grammar";
import { Header } from "./header";
import { Message } from "./message";
import { areParameters, parameter } from "./parameters";
import { putParameter } from "./put-parameters";
import { beginRow, endRow, putNumberRow } from "./row";

/** Relative to the request in which it stands, or which the response answers. */
export const enum RefresherParam {
  None = 0,
  Uac = 1,
  Uas = 2,
}


@unmanaged
export class SessionExpires {
  seconds: i64;
  refresher: RefresherParam;
}

export function newSessionExpires(): SessionExpires {
  return changetype<SessionExpires>(reserve(offsetof<SessionExpires>()));
}

/** False for what is to be treated as absent: no number from 1 to 2**32-1, or a bad parameter. */
export function parseSessionExpires(value: Slice, out: SessionExpires): bool {
  out.seconds = secondsOf(value);
  out.refresher = RefresherParam.None;
  if (out.seconds <= 0) return false;
  const params = paramsOf(value);
  const refresher = parameter(params, w("refresher"));
  if (equalsIgnoringCase(refresher, w("uac"))) out.refresher = RefresherParam.Uac;
  if (equalsIgnoringCase(refresher, w("uas"))) out.refresher = RefresherParam.Uas;
  if (size(params) > 0 && byteAt(params, size(params) - 1) == 0x3b) return false;
  return !isPresent(refresher) || out.refresher != RefresherParam.None;
}

/** Seconds; -1 if there is none, or none that is well formed. */
export function minSE(m: Message): i64 {
  return secondsOf(m.header(Header.MinSE));
}

/** -1 if it is no number with well-formed parameters behind it. */
function secondsOf(value: Slice): i64 {
  return areParameters(paramsOf(value)) ? decimal(leadingDigits(value)) : -1;
}

function paramsOf(value: Slice): Slice {
  return trim(tail(value, size(leadingDigits(value))));
}

/** A whole row; without a refresher where there is none. */
export function putSessionExpiresRow(value: SessionExpires): void {
  beginRow(Header.SessionExpires);
  putNumber(value.seconds);
  if (value.refresher == RefresherParam.Uac) putParameter(w("refresher"), w("uac"));
  if (value.refresher == RefresherParam.Uas) putParameter(w("refresher"), w("uas"));
  endRow();
}

export function putMinSE(seconds: i64): void {
  putNumberRow(Header.MinSE, seconds);
}
