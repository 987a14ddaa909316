// Accept, Accept-Encoding, Accept-Language: ranges with a weight (RFC 3261 §20.1-§20.3)

import {
  byteAt,
  equals,
  equalsIgnoringCase,
  size,
  Slice,
  slice,
  start,
  startsWithIgnoringCase,
  w,
} from "../bytes/slice";
import { put } from "../output/output";
import { Header } from "./header";
import { Elements } from "./list";
import { Message } from "./message";
import { putOtherParameters } from "./put-parameters";
import { putQ, qOf } from "./q-value";
import { frontOf, parametersOf } from "./valued";

/**
 * How welcome that media type, encoding or language is, 0..1000: what the most exact range says, 0 if
 * none fits. -1 if there is no such field, which means something else for each of the three.
 */
export function quality(all: Elements, m: Message, h: Header, wanted: Slice): i32 {
  if (m.find(h) < 0) return -1;
  let best = 0;
  let q = 0;
  all.open(m, h);
  while (all.next()) {
    const exactness = fits(frontOf(all.element), wanted);
    if (exactness <= best) continue;
    best = exactness;
    q = qOf(parametersOf(all.element));
  }
  return q;
}

/** One range with its parameters: an element of the list, whose row is begun by the caller. */
export function putRange(range: Slice, q: i32, params: Slice): void {
  put(range);
  putQ(q);
  putOtherParameters(params, w("q"));
}

/** 3 for the thing itself, 2 for `audio/*` or the language without its country, 1 for any, 0 for others. */
function fits(range: Slice, wanted: Slice): i32 {
  if (equalsIgnoringCase(range, wanted)) return 3;
  if (equals(range, w("*")) || equals(range, w("*/*"))) return 1;
  const n = size(range);
  if (n > 2 && byteAt(range, n - 1) == 0x2a && byteAt(range, n - 2) == 0x2f) {
    return startsWithIgnoringCase(wanted, slice(start(range), n - 1)) ? 2 : 0;
  }
  return n > 0 && n < size(wanted) && byteAt(wanted, n) == 0x2d && startsWithIgnoringCase(wanted, range)
    ? 2
    : 0;
}
