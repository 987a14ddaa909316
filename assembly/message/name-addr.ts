// name-addr = [ display-name ] "<" addr-spec ">", or an addr-spec alone, and the parameters of the
// header field behind it: From, To, Contact, Route, Record-Route, Refer-To and their kin.

import { reserve } from "../bytes/arena";
import { EMPTY, end, indexOf, isBlank, size, Slice, slice, start, tail, trim } from "../bytes/slice";
import { before, skipQuoted } from "./grammar";
import { areParameters } from "./parameters";


@unmanaged
export class NameAddr {
  /** With its quotes, if it has any; EMPTY or of size 0 without one. */
  display: Slice;
  /** What stands between `<` and `>`: parseUri says whether it is a URI. */
  uri: Slice;
  /** Of the header field, with the `;` in front. */
  params: Slice;
}

export function newNameAddr(): NameAddr {
  return changetype<NameAddr>(reserve(offsetof<NameAddr>()));
}

/** One element of a header value; false if quotes, angle brackets or parameters are not well formed. */
export function parseNameAddr(element: Slice, out: NameAddr): bool {
  const s = trim(element);
  out.display = EMPTY;
  out.uri = EMPTY;
  out.params = EMPTY;
  if (size(s) == 0) return false;
  const opening = openingBracket(s);
  if (opening == -1) return false;
  return opening == size(s) ? takeAddrSpec(s, out) : takeNameAddr(s, opening, out);
}

/** Index of the `<`; the size if the form is addr-spec; -1 if neither can be. */
function openingBracket(s: Slice): i32 {
  let p = start(s);
  const stop = end(s);
  if (load<u8>(p) == 0x22) {
    p = skipQuoted(p, stop);
    while (p && p < stop && isBlank(load<u8>(p))) p++;
    return p && p < stop && load<u8>(p) == 0x3c ? <i32>(p - start(s)) : -1;
  }
  // Deviates from §25.1: an unquoted display name may hold more than tokens and blanks.
  for (; p < stop; p++) {
    const byte = load<u8>(p);
    if (byte == 0x3c) return <i32>(p - start(s));
    if (byte == 0x22 || byte == 0x2c || byte == 0x3b || byte == 0x3e) break;
  }
  return size(s);
}

function takeNameAddr(s: Slice, opening: i32, out: NameAddr): bool {
  const inside = tail(s, opening + 1);
  const closing = indexOf(inside, 0x3e);
  if (closing < 0) return false;
  out.display = trim(slice(start(s), opening));
  out.uri = slice(start(inside), closing);
  out.params = trim(tail(inside, closing + 1));
  return areParameters(out.params);
}

/** Everything behind the first `;` belongs to the header; `?` and `,` would need brackets (§20). */
function takeAddrSpec(s: Slice, out: NameAddr): bool {
  const uri = before(s, 0x3b);
  out.uri = trim(uri);
  out.params = tail(s, size(uri));
  return indexOf(uri, 0x3f) < 0 && indexOf(uri, 0x2c) < 0 && areParameters(out.params);
}
