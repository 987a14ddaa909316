// Diversion = name-addr *( ";" ( reason / counter / limit / privacy / screen / param ) )   (RFC 5806 §5)

import { reserve } from "../bytes/arena";
import { decimal, Slice, w } from "../bytes/slice";
import { NameAddr, newNameAddr, parseNameAddr } from "./name-addr";
import { parameter, unquote } from "./parameters";

/** putAddressRow writes its address with all it came with. */
@unmanaged
export class Diversion {
  /** Who diverted the call. */
  address: NameAddr;
  /** `no-answer`, `user-busy` ..., without quotes; EMPTY without one. */
  reason: Slice;
  privacy: Slice;
  screen: Slice;
  /** How often; 1 if it does not say so. */
  counter: i32;
  /** -1 without one. */
  limit: i32;
}

export function newDiversion(): Diversion {
  const out = changetype<Diversion>(reserve(offsetof<Diversion>()));
  out.address = newNameAddr();
  return out;
}

/** One element; the topmost is the last diversion. */
export function parseDiversion(element: Slice, out: Diversion): bool {
  const isAddress = parseNameAddr(element, out.address);
  const params = out.address.params;
  out.reason = unquote(parameter(params, w("reason")));
  out.privacy = unquote(parameter(params, w("privacy")));
  out.screen = unquote(parameter(params, w("screen")));
  const counter = <i32>decimal(parameter(params, w("counter")), 99);
  out.counter = counter < 0 ? 1 : counter;
  out.limit = <i32>decimal(parameter(params, w("limit")), 99);
  return isAddress;
}
