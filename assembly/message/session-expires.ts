// Session-Expires = delta-seconds *( ";" ( refresher=uac / refresher=uas / generic-param ) ), and
// Min-SE = delta-seconds *( ";" generic-param )   (RFC 4028 §4, §5)

import { reserve } from "../bytes/arena";
import {
  between,
  byteAt,
  decimal,
  end,
  equalsIgnoringCase,
  isPresent,
  size,
  Slice,
  start,
  tail,
  trim,
  w,
} from "../bytes/slice";
import { putNumber } from "../output/output";
import { leadingDigits, skipFolded } from "./grammar";
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

// ";refresher=uac" as two words that overlap, in memory and in lower case.
const PLAIN_BYTES: usize = 14;
const REFRESHER: u64 = 0x687365726665723b; // ";refresh"
const SHER_UAC: u64 = 0x6361753d72656873; // "sher=uac"
const SHER_UAS: u64 = 0x7361753d72656873;
/** Setting bit 5 makes letters small; of ";" and "=" it must not make others. */
const LETTERS: u64 = 0x2020202020202000;
const LETTERS_UA: u64 = 0x2020200020202020;


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
  const digits = leadingDigits(value);
  out.seconds = decimal(digits);
  if (out.seconds <= 0) return false;
  const params = between(skipFolded(end(digits), end(value)), end(value));
  out.refresher = refresherOf(start(params), end(params));
  return size(params) == 0 || out.refresher != RefresherParam.None || areOtherParameters(params, out);
}

/** Of what nearly everybody writes: that one parameter, without a blank. */
function refresherOf(p: usize, stop: usize): RefresherParam {
  const isPlain = stop - p == PLAIN_BYTES && (load<u64>(p) | LETTERS) == REFRESHER;
  if (!isPlain) return RefresherParam.None;
  const who = load<u64>(p, 6) | LETTERS_UA;
  if (who == SHER_UAC) return RefresherParam.Uac;
  return who == SHER_UAS ? RefresherParam.Uas : RefresherParam.None;
}

/** In any order, with blanks and with others. */
function areOtherParameters(params: Slice, out: SessionExpires): bool {
  if (!areParameters(params) || byteAt(params, size(params) - 1) == 0x3b) return false;
  const refresher = parameter(params, w("refresher"));
  if (equalsIgnoringCase(refresher, w("uac"))) out.refresher = RefresherParam.Uac;
  if (equalsIgnoringCase(refresher, w("uas"))) out.refresher = RefresherParam.Uas;
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

/** A whole row; without a parameter for `None`. */
export function putSessionExpires(seconds: i64, refresher: RefresherParam): void {
  beginRow(Header.SessionExpires);
  putNumber(seconds);
  if (refresher == RefresherParam.Uac) putParameter(w("refresher"), w("uac"));
  if (refresher == RefresherParam.Uas) putParameter(w("refresher"), w("uas"));
  endRow();
}

/** A whole row. */
export function putMinSE(seconds: i64): void {
  putNumberRow(Header.MinSE, seconds);
}
