// Subscription-State = state *( ";" ( reason / expires / retry-after / param ) )   (RFC 6665 §4.1.3, §8.2.3)

import { reserve } from "../bytes/arena";
import { decimal, equalsIgnoringCase, Slice, w } from "../bytes/slice";
import { put } from "../output/output";
import { Header } from "./header";
import { parameter } from "./parameters";
import { putNumberParameter, putOtherParameters, putParameter } from "./put-parameters";
import { beginRow, endRow } from "./row";
import { frontOf, isValuedToken, parametersOf } from "./valued";

export const enum Substate {
  /** Treated as one that goes on (§8.2.3 permits others). */
  Other = 0,
  Active = 1,
  Pending = 2,
  Terminated = 3,
}


@unmanaged
export class SubscriptionState {
  /** As written. */
  value: Slice;
  /** `deactivated`, `noresource` ...; EMPTY without one. */
  reason: Slice;
  params: Slice;
  /** Seconds; -1 without one. */
  expires: i64;
  retryAfter: i64;
  state: Substate;
}

export function newSubscriptionState(): SubscriptionState {
  return changetype<SubscriptionState>(reserve(offsetof<SubscriptionState>()));
}

export function parseSubscriptionState(value: Slice, out: SubscriptionState): bool {
  out.value = frontOf(value);
  out.state = substateOf(out.value);
  out.params = parametersOf(value);
  out.reason = parameter(out.params, w("reason"));
  out.expires = decimal(parameter(out.params, w("expires")));
  out.retryAfter = decimal(parameter(out.params, w("retry-after")));
  return isValuedToken(value);
}

export function putSubscriptionState(s: SubscriptionState): void {
  beginRow(Header.SubscriptionState);
  put(s.value);
  putParameter(w("reason"), s.reason);
  putNumberParameter(w("expires"), s.expires);
  putNumberParameter(w("retry-after"), s.retryAfter);
  putOtherParameters(s.params, w("reason,expires,retry-after"));
  endRow();
}

function substateOf(value: Slice): Substate {
  if (equalsIgnoringCase(value, w("active"))) return Substate.Active;
  if (equalsIgnoringCase(value, w("pending"))) return Substate.Pending;
  return equalsIgnoringCase(value, w("terminated")) ? Substate.Terminated : Substate.Other;
}
