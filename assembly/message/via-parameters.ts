// What a Via says beside the fields of `Via`: ttl, maddr (RFC 3261 §20.42), alias (RFC 5923 §6),
// keep (RFC 6223 §4). And a Via written back, as it came or with the sender's address in it.

import { decimal, isPresent, Slice, w } from "../bytes/slice";
import { put, putByte, putNumber } from "../output/output";
import { Header } from "./header";
import { parameter } from "./parameters";
import { putNumberParameter, putOtherParameters, putParameter } from "./put-parameters";
import { beginRow, endRow } from "./row";
import { Via } from "./via";

/** 0..255; -1 without one. */
export function ttlOf(via: Via): i32 {
  return <i32>decimal(parameter(via.params, w("ttl")), 255);
}

/** EMPTY without one. */
export function maddrOf(via: Via): Slice {
  return parameter(via.params, w("maddr"));
}

/** The connection may be used for requests in the other direction. */
export function hasAlias(via: Via): bool {
  return isPresent(parameter(via.params, w("alias")));
}

/** Seconds between keep-alives; 0 where they are offered, or asked for without a number; -1 without `keep`. */
export function keepOf(via: Via): i64 {
  const value = parameter(via.params, w("keep"));
  if (!isPresent(value)) return -1;
  const seconds = decimal(value);
  return seconds < 0 ? 0 : seconds;
}

/** A whole row with every parameter as it stood. */
export function putVia(via: Via): void {
  beginVia(via);
  put(via.params);
  endRow();
}

/**
 * The same with what the receiver of a request adds (RFC 3261 §18.2.1, RFC 3581 §4): rport is filled in
 * if it was asked for, and then `received` is always there. What stood in `received` is not believed.
 */
export function putReceivedVia(via: Via, sender: Slice, port: i32): void {
  beginVia(via);
  putOtherParameters(via.params, w("received,rport"));
  putParameter(w("received"), sender);
  if (isPresent(via.rport)) putNumberParameter(w("rport"), port);
  endRow();
}

function beginVia(via: Via): void {
  beginRow(Header.Via);
  put(w("SIP/2.0/"));
  put(via.transport);
  putByte(32);
  put(via.host);
  if (via.port == 0) return;
  putByte(0x3a);
  putNumber(via.port);
}
