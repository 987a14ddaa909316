// Event = event-type *( ";" ( id / param ) )   (RFC 6665 §8.2.1). Allow-Events is a list of event-type.

import { reserve } from "../bytes/arena";
import { equals, isPresent, Slice, w } from "../bytes/slice";
import { put } from "../output/output";
import { Header } from "./header";
import { parameter } from "./parameters";
import { putOtherParameters, putParameter } from "./put-parameters";
import { beginRow, endRow } from "./row";
import { frontOf, isValuedToken, parametersOf } from "./valued";


@unmanaged
export class Event {
  /** Package and templates: `dialog`, `presence.winfo`. */
  type: Slice;
  /** EMPTY without one. */
  id: Slice;
  params: Slice;
}

export function newEvent(): Event {
  return changetype<Event>(reserve(offsetof<Event>()));
}

export function parseEvent(value: Slice, out: Event): bool {
  out.type = frontOf(value);
  out.params = parametersOf(value);
  out.id = parameter(out.params, w("id"));
  return isValuedToken(value);
}

export function putEvent(event: Event): void {
  beginRow(Header.Event);
  put(event.type);
  putParameter(w("id"), event.id);
  putOtherParameters(event.params, w("id"));
  endRow();
}

/** One subscription: type and id byte by byte, one without an id is not one with an id. */
export function sameEvent(a: Event, b: Event): bool {
  return equals(a.type, b.type) && isPresent(a.id) == isPresent(b.id) && equals(a.id, b.id);
}
