// Headers that stand in a URI, `sip:...?Replaces=...`: what of them goes into the INVITE that calls it (RFC 3261 §19.1.5).

import { equalsIgnoringCase, size, Slice, w } from "../bytes/slice";
import { putUnescaped } from "../message/components";
import { before, behind, isToken } from "../message/grammar";
import { Header, headerOf } from "../message/header";
import { nameOf, valueOf } from "../message/parameters";
import { DialogName, parseReplaces } from "../message/replaces";
import { mark, put, putLine, written } from "../output/output";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";

const dialog = changetype<DialogName>(memory.data(offsetof<DialogName>(), 8));

/**
 * Writes their lines at the output cursor: Replaces, and those that mean nothing to us, are harmless. Any other is left
 * out; where the phone's own user wants it (`isOurs`) it is refused instead, and who does not know Replaces shall not ring
 * (RFC 5359 §2.16). False for what is refused, a control byte, and a Replaces that names no dialog.
 */
export function putUriHeaders(headers: Slice, account: i32, isOurs: bool): bool {
  for (let rest = headers; size(rest) > 0; rest = behind(rest, 0x26)) {
    const one = before(rest, 0x26);
    const name = nameOf(one);
    const id = headerOf(name);
    if (!mayCarry(id, name, account)) {
      // What it may ask for is said with Replaces anyway.
      if (isOurs && id != Header.Require) return false;
      continue;
    }
    put(name);
    put(w(": "));
    const value = mark();
    if (!putUnescaped(valueOf(one))) return false;
    if (id == Header.Replaces) {
      if (!parseReplaces(written(value), dialog)) return false;
      if (isOurs) put(w("\r\nRequire: replaces"));
    }
    putLine();
  }
  return true;
}

function mayCarry(id: Header, name: Slice, account: i32): bool {
  if (id == Header.Replaces) return number(Key.ReplacesEnable, account) != 0;
  return id == Header.Other && isToken(name) && !equalsIgnoringCase(name, w("body"));
}
