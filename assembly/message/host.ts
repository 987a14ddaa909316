// host [":" port] of URIs and Via (RFC 3261 §25.1, with the IPv6 grammar of RFC 5954).

import { between, byteAt, decimal, end, isDigit, size, Slice, start } from "../bytes/slice";
import { findByte } from "../bytes/scan";
import { before, behind, Class, skip } from "./grammar";

/** What takePort took. */
export let takenPort: i32 = 0;

/** Address behind the host that begins at p, the brackets of IPv6 included; p if there is none. */
// @ts-ignore: decorator
@inline
export function skipHost(p: usize, stop: usize): usize {
  return p == stop || load<u8>(p) != 0x5b ? skip(p, stop, Class.Host) : skipReference(p, stop);
}

/** IPv6reference = "[" IPv6address "]" */
function skipReference(p: usize, stop: usize): usize {
  const closing = findByte(p, stop, 0x5d);
  return closing < stop && isIPv6Address(between(p + 1, closing)) ? closing + 1 : p;
}

/** Address behind the digits of a port, 1 to 65535, that is then in `takenPort`; 0 if there is none. */
export function takePort(p: usize, stop: usize): usize {
  let port = 0;
  for (; p < stop && isDigit(load<u8>(p)); p++) {
    port = port * 10 + <i32>(load<u8>(p) - 48);
    if (port > 65535) return 0;
  }
  takenPort = port;
  return port ? p : 0;
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
