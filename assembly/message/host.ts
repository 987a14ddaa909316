// host [":" port] of URIs and Via (RFC 3261 §25.1, with the IPv6 grammar of RFC 5954).

import {
  between,
  byteAt,
  decimal,
  end,
  indexOf,
  size,
  slice,
  Slice,
  start,
  tail,
  trim,
} from "../bytes/slice";
import { before, behind, Class, skip } from "./grammar";

/** Length of the host at the beginning, the brackets of IPv6 included; 0 if there is none. */
export function hostLength(s: Slice): i32 {
  if (size(s) == 0) return 0;
  if (byteAt(s, 0) != 0x5b) return <i32>(skip(start(s), end(s), Class.Host) - start(s));
  const closing = indexOf(s, 0x5d);
  return closing > 0 && isIPv6Address(slice(start(s) + 1, closing - 1)) ? closing + 1 : 0;
}

/** What follows the host: 0 for nothing, 1..65535 behind a colon, -1 for anything else. */
export function portOf(behindHost: Slice): i32 {
  const s = trim(behindHost);
  if (size(s) == 0) return 0;
  const port = byteAt(s, 0) == 0x3a ? <i32>decimal(trim(tail(s, 1)), 65535) : -1;
  return port > 0 ? port : -1;
}

/** Four decimals up to 255. */
export function isIPv4Address(s: Slice): bool {
  let rest = s;
  for (let left = 3; left > 0; left--) {
    if (!isIPv4Part(before(rest, 0x2e))) return false;
    rest = behind(rest, 0x2e);
  }
  return isIPv4Part(rest);
}

function isIPv4Part(s: Slice): bool {
  return size(s) <= 3 && decimal(s, 255) >= 0;
}

/** IPv6address of RFC 5954 §4.1, without brackets. */
export function isIPv6Address(s: Slice): bool {
  const stop = end(s);
  let p = start(s);
  let groups = 0;
  let most = 8;
  if (size(s) >= 2 && byteAt(s, 0) == 0x3a && byteAt(s, 1) == 0x3a) {
    most = 7;
    p += 2;
    if (p == stop) return true;
  }
  while (true) {
    const behindGroup = skip(p, stop, Class.Hex);
    if (behindGroup < stop && load<u8>(behindGroup) == 0x2e) {
      return isFull(groups + 2, most) && isIPv4Address(between(p, stop));
    }
    if (behindGroup == p || behindGroup - p > 4 || ++groups > most) return false;
    if (behindGroup == stop) return isFull(groups, most);
    if (load<u8>(behindGroup) != 0x3a) return false;
    p = behindGroup + 1;
    if (p == stop) return false;
    if (load<u8>(p) == 0x3a) {
      if (most == 7 || groups > 7) return false;
      most = 7;
      p++;
      if (p == stop) return true;
    }
  }
}

/** "::" stands for one group at least, so that up to seven may be written beside it. */
function isFull(groups: i32, most: i32): bool {
  return most == 8 ? groups == 8 : groups <= 7;
}
