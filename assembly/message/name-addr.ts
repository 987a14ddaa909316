// name-addr = [ display-name ] "<" addr-spec ">", or an addr-spec alone, and the parameters of the
// header field behind it: From, To, Contact, Route, Record-Route, Refer-To and their kin.

import { reserve } from "../bytes/arena";
import { findByte } from "../bytes/scan";
import { between, EMPTY, end, indexOf, Slice, start, trim } from "../bytes/slice";
import { Class, skip, skipFolded, skipQuoted } from "./grammar";
import { takenName, takenValue, takeParameter } from "./parameters";

const TAG: u64 = 0x676174; // as takenName has it


@unmanaged
export class NameAddr {
  /** With its quotes, if it has any; EMPTY or of size 0 without one. */
  display: Slice;
  /** What stands between `<` and `>`: parseUri says whether it is a URI. */
  uri: Slice;
  /** Of the header field, with the `;` in front. */
  params: Slice;
  /** One of the parameters; EMPTY without it. */
  tag: Slice;
}

export function newNameAddr(): NameAddr {
  return changetype<NameAddr>(reserve(offsetof<NameAddr>()));
}

/** One element of a header value; false if quotes, angle brackets or parameters are not well formed. */
export function parseNameAddr(element: Slice, out: NameAddr): bool {
  const s = trim(element);
  const p = start(s);
  const stop = end(s);
  out.display = EMPTY;
  out.uri = EMPTY;
  out.params = EMPTY;
  out.tag = EMPTY;
  if (p == stop) return false;
  if (load<u8>(p) == 0x22) {
    const quote = skipQuoted(p, stop);
    const opening = skipFolded(quote, stop);
    return quote != 0 && opening < stop && load<u8>(opening) == 0x3c && takeNameAddr(p, opening, stop, out);
  }
  // Deviates from §25.1: an unquoted display name may hold more than tokens and blanks.
  const opening = skip(p, stop, Class.Display);
  const isNameAddr = opening < stop && load<u8>(opening) == 0x3c;
  return isNameAddr ? takeNameAddr(p, opening, stop, out) : takeAddrSpec(p, stop, out);
}

function takeNameAddr(p: usize, opening: usize, stop: usize, out: NameAddr): bool {
  const closing = findByte(opening, stop, 0x3e);
  if (closing == stop) return false;
  out.display = trim(between(p, opening));
  out.uri = between(opening + 1, closing);
  return takeParameters(skipFolded(closing + 1, stop), stop, out);
}

/** Everything behind the first `;` belongs to the header; `?` and `,` would need brackets (§20). */
function takeAddrSpec(p: usize, stop: usize, out: NameAddr): bool {
  const semicolon = findByte(p, stop, 0x3b);
  const uri = between(p, semicolon);
  out.uri = trim(uri);
  return takeParameters(semicolon, stop, out) && indexOf(uri, 0x3f) < 0 && indexOf(uri, 0x2c) < 0;
}

function takeParameters(from: usize, stop: usize, out: NameAddr): bool {
  let p = from;
  out.params = between(from, stop);
  while (p && p < stop) {
    p = takeParameter(p, stop, p == from);
    if (takenName == TAG && out.tag == EMPTY) out.tag = takenValue;
  }
  return p == stop;
}
