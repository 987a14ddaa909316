// name-addr = [ display-name ] "<" addr-spec ">", or an addr-spec alone, and the parameters of the
// header field behind it: From, To, Contact, Route, Record-Route, Refer-To and their kin.

import { reserve } from "../bytes/arena";
import { findByte } from "../bytes/scan";
import { between, byteAt, EMPTY, end, indexOf, size, Slice, start, trim } from "../bytes/slice";
import { Class, skip, skipFolded, skipQuoted } from "./grammar";
import { takenName, takenValue, takeParameter, takeValue } from "./parameters";
import { parseUri, takeUri, Uri } from "./uri";

const TAG: u64 = 0x676174; // as takenName has it
const TAG_IS: u32 = 0x3d676174; // "tag=" in memory


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
  const stop = end(element);
  const opening = takeDisplay(start(element), stop, out);
  const behind = opening ? takeBracketed(opening, stop, out) : takeAddrSpec(start(element), stop, out);
  return behind != 0 && behind == stop;
}

/** Whatever stands between the brackets. */
function takeBracketed(opening: usize, stop: usize, out: NameAddr): usize {
  const closing = findByte(opening, stop, 0x3e);
  out.uri = between(opening + 1, closing);
  return closing < stop ? takeParameters(closing + 1, stop, out) : 0;
}

/**
 * Takes the element that begins at p and its URI: the address of the comma behind it, or stop; 0 if either of
 * them is not well formed.
 */
export function takeAddress(p: usize, stop: usize, out: NameAddr, uri: Uri): usize {
  const opening = takeDisplay(p, stop, out);
  if (opening == 0) {
    const behind = takeAddrSpec(p, stop, out);
    return parseUri(out.uri, uri) ? behind : 0;
  }
  const closing = takeUri(opening + 1, stop, uri);
  if (closing == 0 || closing == stop || load<u8>(closing) != 0x3e) return 0;
  out.uri = uri.whole;
  return takeParameters(closing + 1, stop, out);
}

/** Takes [ display-name ] and answers where the "<" behind it stands; 0 if there is none. */
function takeDisplay(from: usize, stop: usize, out: NameAddr): usize {
  out.display = EMPTY;
  out.tag = EMPTY;
  const p = skipFolded(from, stop);
  if (p < stop && load<u8>(p) == 0x3c) return p;
  const isQuoted = p < stop && load<u8>(p) == 0x22;
  // Deviates from §25.1: an unquoted display name may hold more than tokens and blanks.
  const opening = isQuoted ? behindQuoted(p, stop) : skip(p, stop, Class.Display);
  if (opening == stop || load<u8>(opening) != 0x3c) return 0;
  out.display = trim(between(p, opening));
  return opening;
}

/** Address behind the quoted-string at p and the blanks behind that; stop if it has no end. */
function behindQuoted(p: usize, stop: usize): usize {
  const behind = skipQuoted(p, stop);
  return behind ? skipFolded(behind, stop) : stop;
}

/** Everything behind the first `;` belongs to the header; `?` and `,` would need brackets (§20). */
function takeAddrSpec(p: usize, stop: usize, out: NameAddr): usize {
  const comma = findByte(p, stop, 0x2c);
  const semicolon = findByte(p, comma, 0x3b);
  out.uri = trim(between(p, semicolon));
  const isSpec = size(out.uri) > 0 && byteAt(out.uri, 0) != 0x22 && indexOf(out.uri, 0x3f) < 0;
  return isSpec ? takeParameters(semicolon, stop, out) : 0;
}

/** Up to the end of the element. */
function takeParameters(from: usize, stop: usize, out: NameAddr): usize {
  const first = skipFolded(from, stop);
  let p = first;
  while (p < stop && load<u8>(p) == 0x3b) {
    // Nearly always a tag: it needs no scan of its name.
    const isTag = p + 5 < stop && (load<u32>(p, 1) | 0x202020) == TAG_IS;
    p = isTag ? takeValue(skipFolded(p + 5, stop), stop) : takeParameter(p, stop, p == first);
    if (p == 0) return 0;
    if ((isTag || takenName == TAG) && out.tag == EMPTY) out.tag = takenValue;
  }
  out.params = p == stop ? between(first, stop) : trim(between(first, p));
  return p == stop || load<u8>(p) == 0x2c ? p : 0;
}
