// name "=" ( token / quoted-string ), with commas between them: what challenges, credentials and
// Authentication-Info are made of (RFC 3261 §25.1, RFC 7616). Missing commas are tolerated.

import { between, EMPTY, end, isBlank, isPresent, size, Slice, start, w } from "../bytes/slice";
import { put } from "../output/output";
import { Class, skip, skipBlanks, skipQuoted } from "./grammar";
import { unquote } from "./parameters";
import { putQuotedAgain } from "./quoted";
import { wordIndex } from "./token-list";

/** Of the parameter that `nextParameter` went on to. */
export let parameterName: Slice = EMPTY;
/** With its quotes, if it has any; EMPTY if there is no `=` or a quote does not end. */
export let parameterText: Slice = EMPTY;

let cursor: usize = 0;
let stop: usize = 0;

/** Begins with a scheme, which it answers; of size 0 if there is none. */
export function openScheme(value: Slice): Slice {
  openParameters(value);
  cursor = skip(cursor, stop, Class.Token);
  return between(start(value), cursor);
}

/** Begins with a parameter. */
export function openParameters(value: Slice): void {
  cursor = start(value);
  stop = end(value);
}

/** True if another one follows, well formed or not. */
export function nextParameter(): bool {
  while (cursor < stop && (load<u8>(cursor) == 0x2c || isBlank(load<u8>(cursor)))) cursor++;
  if (cursor == stop) return false;
  const from = cursor;
  cursor = skip(from, stop, Class.Token);
  parameterName = between(from, cursor);
  parameterText = takeValue();
  return true;
}

/**
 * Reads all that follow into the slices at `fields`, one for each of `names` in their order, without quotes.
 * False at a broken one; those of other names are passed over.
 */
export function takeParameters(fields: usize, names: Slice): bool {
  while (nextParameter()) {
    if (parameterText == EMPTY || size(parameterName) == 0) return false;
    const index = wordIndex(names, parameterName);
    if (index >= 0) store<u64>(fields + <usize>index * 8, unquote(parameterText));
  }
  return true;
}

/** A `=` and a quoted string or unquoted text behind it; EMPTY if they are not there. */
function takeValue(): Slice {
  const equal = skipBlanks(cursor, stop);
  if (equal == stop || load<u8>(equal) != 0x3d) return EMPTY;
  const from = skipBlanks(equal + 1, stop);
  const isQuoted = from < stop && load<u8>(from) == 0x22;
  cursor = isQuoted ? skipQuoted(from, stop) : unquotedEnd(from);
  return cursor ? between(from, cursor) : EMPTY;
}

/** Up to a blank or comma: more than a token, because base64 comes without quotes too. */
function unquotedEnd(from: usize): usize {
  let p = from;
  while (p < stop && load<u8>(p) != 0x2c && !isBlank(load<u8>(p))) p++;
  return p;
}

// ---- writing ----

let isFirst: bool = true;

/** Before the first parameter of a row. */
export function beginParameters(): void {
  isFirst = true;
}

/** `name="inside"`; nothing for EMPTY. The inside has its escapes, as reading leaves it. */
export function putQuotedPair(name: Slice, inside: Slice): void {
  if (!isPresent(inside)) return;
  beginPair(name);
  putQuotedAgain(inside);
}

/** `name=token`; nothing for EMPTY. */
export function putPair(name: Slice, token: Slice): void {
  if (!isPresent(token)) return;
  beginPair(name);
  put(token);
}

export function beginPair(name: Slice): void {
  if (!isFirst) put(w(", "));
  isFirst = false;
  put(name);
  put(w("="));
}
