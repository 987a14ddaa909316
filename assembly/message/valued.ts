// value *( ";" param ): the shape of Event, Subscription-State, Content-Disposition, Replaces, Accept
// and many others (RFC 3261 §25.1).

import { Slice, size, tail, trim } from "../bytes/slice";
import { before, isToken } from "./grammar";
import { areParameters } from "./parameters";

/** Who sends more of them in one URI wants to cost us time: it is the same as no other. */
export const MOST_PARAMETERS: i32 = 64;

/** What stands in front of the first `;`. */
export function frontOf(element: Slice): Slice {
  return trim(before(element, 0x3b));
}

/** The parameters, with the `;` in front; of size 0 without any. */
export function parametersOf(element: Slice): Slice {
  return tail(element, size(before(element, 0x3b)));
}

/** A token, and parameters that are well formed. */
export function isValuedToken(element: Slice): bool {
  return isToken(frontOf(element)) && areParameters(parametersOf(element));
}
