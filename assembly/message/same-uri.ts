// When two URIs are equivalent (RFC 3261 §19.1.4).

import { equals, equalsIgnoringCase, isPresent, size, Slice, tail, w } from "../bytes/slice";
import { Comparing, sameEscaped } from "./escapes";
import { before, behind } from "./grammar";
import { firstParameter, nameOf, otherParameters, valueOf } from "./parameters";
import { sameTel } from "./tel";
import { MOST_PARAMETERS } from "./valued";
import { parseUri, Scheme, Uri, uriParameter } from "./uri";

const left = changetype<Uri>(memory.data(offsetof<Uri>(), 8));
const right = changetype<Uri>(memory.data(offsetof<Uri>(), 8));

/** The user parts are the same once unescaped. */
export function sameUser(a: Slice, b: Slice): bool {
  return sameEscaped(a, b, Comparing.Plain);
}

/** tel URIs as RFC 3966 §4 says, other schemes byte by byte; what is no URI is the same as nothing. */
export function sameUri(a: Slice, b: Slice): bool {
  if (!parseUri(a, left) || !parseUri(b, right) || left.scheme != right.scheme) return false;
  if (left.scheme == Scheme.Tel) return sameTel(tail(a, 4), tail(b, 4));
  if (left.scheme == Scheme.Unknown) return equals(a, b);
  return (
    sameUserInfo() &&
    equalsIgnoringCase(left.host, right.host) &&
    left.port == right.port &&
    matchesParameters(left, right) &&
    matchesParameters(right, left) &&
    hasComponents(left.headers, right.headers) &&
    hasComponents(right.headers, left.headers)
  );
}

function sameUserInfo(): bool {
  return (
    isPresent(left.password) == isPresent(right.password) &&
    sameEscaped(left.user, right.user, Comparing.Uri) &&
    sameEscaped(left.password, right.password, Comparing.Uri)
  );
}

/** What `a` says and `b` does not contradict, or must say as well. */
function matchesParameters(a: Uri, b: Uri): bool {
  let allowed = MOST_PARAMETERS;
  for (let rest = a.params; size(rest) > 0; rest = otherParameters(rest)) {
    if (allowed-- == 0) return false;
    const one = firstParameter(rest);
    const there = uriParameter(b, nameOf(one));
    if (isPresent(there) ? !same(valueOf(one), there) : mustBeInBoth(nameOf(one))) return false;
  }
  return true;
}

/** The list of the section; transport comes from its examples. */
function mustBeInBoth(name: Slice): bool {
  return (
    equalsIgnoringCase(name, w("user")) ||
    equalsIgnoringCase(name, w("ttl")) ||
    equalsIgnoringCase(name, w("method")) ||
    equalsIgnoringCase(name, w("maddr")) ||
    equalsIgnoringCase(name, w("transport"))
  );
}

/** Each `name=value` of `a` is in `b`, in whatever order. */
function hasComponents(a: Slice, b: Slice): bool {
  let allowed = MOST_PARAMETERS;
  for (let rest = a; size(rest) > 0; rest = behind(rest, 0x26)) {
    if (allowed-- == 0 || !hasComponent(before(rest, 0x26), b)) return false;
  }
  return true;
}

function hasComponent(one: Slice, all: Slice): bool {
  for (let rest = all; size(rest) > 0; rest = behind(rest, 0x26)) {
    if (same(one, before(rest, 0x26))) return true;
  }
  return false;
}

function same(a: Slice, b: Slice): bool {
  return sameEscaped(a, b, Comparing.UriIgnoringCase);
}
