// Whom a certificate speaks for (RFC 5922 §7.1), from the lines in which a host hands it over (docs/abi.md):
// `verified` or `unverified REASON`, then `URI:...`, `DNS:...`, `IP:...` and `CN:...`.

import {
  byteAt,
  EMPTY,
  equalsIgnoringCase,
  indexOf,
  size,
  Slice,
  startsWithIgnoringCase,
  tail,
  w,
} from "../bytes/slice";
import { before, behind } from "../message/grammar";
import { isNumeric } from "./address";

const LINE_END: u8 = 10;
const DOT: u8 = 0x2e;

/** A trusted certificate has signed it. */
export function isVerified(names: Slice): bool {
  return equalsIgnoringCase(before(names, LINE_END), w("verified"));
}

/** Why it is not; EMPTY where nobody said, or there is no certificate. */
export function reasonOf(names: Slice): Slice {
  const line = before(names, LINE_END);
  const word = w("unverified ");
  return startsWithIgnoringCase(line, word) ? tail(line, size(word)) : EMPTY;
}

/**
 * It speaks for that name or address. Of its names those of one kind count: the SIP URIs, or without one the DNS
 * names, or without any alternative name the common name. Deviates from RFC 5922 §7.2: `*` may stand for the whole
 * left-most label, because certificates in the field use it.
 */
export function speaksFor(names: Slice, name: Slice): bool {
  if (isNumeric(name)) return hasName(names, w("IP:"), name);
  if (hasDomain(names)) return hasName(names, w("URI:sip:"), name);
  const isAlternative = hasLine(names, w("DNS:")) || hasLine(names, w("IP:")) || hasLine(names, w("URI:"));
  return hasName(names, isAlternative ? w("DNS:") : w("CN:"), name);
}

/** A SIP URI without user: one with a user is a person's. */
function hasDomain(names: Slice): bool {
  for (let rest = names; size(rest); rest = behind(rest, LINE_END)) {
    const line = before(rest, LINE_END);
    if (startsWithIgnoringCase(line, w("URI:sip:")) && indexOf(line, 0x40) < 0) return true;
  }
  return false;
}

function hasLine(names: Slice, prefix: Slice): bool {
  for (let rest = names; size(rest); rest = behind(rest, LINE_END)) {
    if (startsWithIgnoringCase(rest, prefix)) return true;
  }
  return false;
}

/** A line of that kind covers the name. */
function hasName(names: Slice, prefix: Slice, name: Slice): bool {
  for (let rest = names; size(rest); rest = behind(rest, LINE_END)) {
    const line = before(rest, LINE_END);
    if (startsWithIgnoringCase(line, prefix) && covers(tail(line, size(prefix)), name)) return true;
  }
  return false;
}

/** `*.example.com` covers `a.example.com`, and neither `example.com` nor `a.b.example.com`. */
function covers(entry: Slice, name: Slice): bool {
  const isWild = size(entry) > 2 && byteAt(entry, 0) == 0x2a && byteAt(entry, 1) == DOT;
  if (!isWild || isNumeric(name)) return size(entry) > 0 && equalsIgnoringCase(entry, name);
  const label = indexOf(name, DOT);
  return label > 0 && equalsIgnoringCase(tail(entry, 1), tail(name, label));
}
