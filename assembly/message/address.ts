// Header fields that are name-addr with parameters and nothing more: From, To, Route, Record-Route,
// Path, Service-Route, Refer-To, P-Asserted-Identity, P-Preferred-Identity, P-Called-Party-ID.

import { byteAt, end, isBlank, isPresent, size, Slice, start, w } from "../bytes/slice";
import { put, putByte } from "../output/output";
import { Class, isOf } from "./grammar";
import { Header } from "./header";
import { Elements } from "./list";
import { NameAddr, parseNameAddr } from "./name-addr";
import { parameter } from "./parameters";
import { putQuotedAgain } from "./quoted";
import { beginRow, endRow } from "./row";

/** Goes on to the next element that can be read; the others are passed over. */
export function nextAddress(all: Elements, out: NameAddr): bool {
  while (all.next()) {
    if (parseNameAddr(all.element, out)) return true;
  }
  return false;
}

/** The tag of a From or To; EMPTY without one (RFC 2543). */
export function tagOf(address: NameAddr): Slice {
  return parameter(address.params, w("tag"));
}

/** A whole row: the same display name, URI and parameters, byte for byte. */
export function putAddressRow(h: Header, address: NameAddr): void {
  beginRow(h);
  putNameAddr(address);
  put(address.params);
  endRow();
}

/** [ display-name ] "<" addr-spec ">", the parameters left out. Nothing for an Alert-Info that has only parameters. */
export function putNameAddr(address: NameAddr): void {
  if (!isPresent(address.uri)) return;
  if (size(address.display) > 0) {
    putDisplay(address.display);
    putByte(32);
  }
  putByte(0x3c);
  put(address.uri);
  putByte(0x3e);
}

/** As it stands if it has quotes or is made of tokens; what needs quotes and has none gets them. */
function putDisplay(display: Slice): void {
  if (byteAt(display, 0) == 0x22 || isPlain(display)) put(display);
  else putQuotedAgain(display);
}

/** display-name = *( token LWS ) */
function isPlain(display: Slice): bool {
  const stop = end(display);
  let p = start(display);
  while (p < stop && (isOf(load<u8>(p), Class.Token) || isBlank(load<u8>(p)))) p++;
  return p == stop;
}
