// Answer-Mode and Priv-Answer-Mode = value *( ";" ( "require" / param ) )   (RFC 5373 §4)

import { reserve } from "../bytes/arena";
import { equalsIgnoringCase, isPresent, Slice, w } from "../bytes/slice";
import { put } from "../output/output";
import { Header } from "./header";
import { parameter } from "./parameters";
import { putFlag, putOtherParameters } from "./put-parameters";
import { beginRow, endRow } from "./row";
import { frontOf, isValuedToken, parametersOf } from "./valued";


@unmanaged
export class AnswerMode {
  /** As written. */
  value: Slice;
  params: Slice;
  /** Answer without the user. */
  isAuto: bool;
  isManual: bool;
  /** Rather refuse than do otherwise. */
  isRequired: bool;
}

export function newAnswerMode(): AnswerMode {
  return changetype<AnswerMode>(reserve(offsetof<AnswerMode>()));
}

export function parseAnswerMode(value: Slice, out: AnswerMode): bool {
  out.value = frontOf(value);
  out.params = parametersOf(value);
  out.isAuto = equalsIgnoringCase(out.value, w("Auto"));
  out.isManual = equalsIgnoringCase(out.value, w("Manual"));
  out.isRequired = isPresent(parameter(out.params, w("require")));
  return isValuedToken(value);
}

/** Header.AnswerMode or PrivAnswerMode. */
export function putAnswerMode(h: Header, mode: AnswerMode): void {
  beginRow(h);
  put(mode.value);
  putFlag(w("require"), mode.isRequired);
  putOtherParameters(mode.params, w("require"));
  endRow();
}
