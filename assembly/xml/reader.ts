// A reader of small XML documents from the network: elements, attributes and text, tag after tag. Nothing is copied and
// nothing is expanded. One document at a time, read within one call into the module.
//
//   openXml(document);
//   while (nextTag() > Tag.End) ...     Open: name, text, attribute(...), depth; Close: name, depth
//
// Refused: a DTD, CDATA, more than MOST_DEPTH elements in each other, tags that do not close each other, a second root, an end before
// the root has closed. Comments and processing instructions are skipped. Prefixes are not looked up: names are local names.

import { findByte } from "../bytes/scan";
import { between, byteAt, EMPTY, end, equals, indexOf, isBlank, size, Slice } from "../bytes/slice";
import { slice, start, startsWithIgnoringCase, tail, trim, w } from "../bytes/slice";

/** Elements in each other. */
export const MOST_DEPTH: i32 = 16;

export const enum Tag {
  /** It can't be read, from here on. */
  Fault = 0,
  /** Nothing comes any more, and all of it could be read. */
  End,
  /** An element begins. */
  Open,
  /** An element ends; an empty one too. */
  Close,
}

/** Of the element that begins or ends, without its prefix. */
export let name: Slice = EMPTY;
/** Of the element that begins: what stands before the next tag, without blanks around it, escapes as they are. */
export let text: Slice = EMPTY;
/** How many elements are open: the one that begins is among them, the one that ends is not. */
export let depth: i32 = 0;

/** Of the element that begins, as they stand there. */
let attributes: Slice = EMPTY;
/** Whole names of the open elements, a Slice each. */
const open: usize = memory.data(MOST_DEPTH * 8, 8);
/** What is not read yet; `at` is 0 behind a fault. */
let at: usize = 0;
let stop: usize = 0;
/** The tag that was read last ends its element too. */
let isEmpty: bool = false;
let hasRoot: bool = false;

/** Begins to read; the bytes have to stay where they are until the last tag. */
export function openXml(document: Slice): void {
  at = start(document);
  stop = end(document);
  depth = 0;
  isEmpty = false;
  hasRoot = false;
}

/** Reads on up to the end of the next tag. */
export function nextTag(): Tag {
  if (isEmpty) return closeElement();
  while (at) {
    const p = findByte(at, stop, 0x3c);
    if (p == stop) break;
    const rest = between(p + 1, stop);
    if (startsWithIgnoringCase(rest, w("!--"))) at = behind(p + 4, w("-->"));
    else if (startsWithIgnoringCase(rest, w("?"))) at = behind(p + 2, w("?>"));
    else return startsWithIgnoringCase(rest, w("/")) ? readEnd(p + 2) : readStart(p + 1);
  }
  const isWhole = at && hasRoot && !depth;
  at = 0;
  return isWhole ? Tag.End : Tag.Fault;
}

/** The address behind the first such word; 0 without one. */
function behind(p: usize, word: Slice): usize {
  const n = <usize>size(word);
  for (; p + n <= stop; p++) {
    p = findByte(p, stop, byteAt(word, 0));
    if (p + n <= stop && equals(slice(p, <i32>n), word)) return p + n;
  }
  return 0;
}

function readStart(p: usize): Tag {
  const whole = nameAt(p);
  const from = end(whole);
  p = behindAttributes(from);
  isEmpty = p < stop && load<u8>(p) == 0x2f;
  const close = isEmpty ? p + 1 : p;
  const isGood = p && size(whole) && close < stop && load<u8>(close) == 0x3e;
  if (!isGood || depth == MOST_DEPTH || (hasRoot && !depth)) return fail();
  attributes = between(from, p);
  store<u64>(open + (depth++ << 3), whole);
  hasRoot = true;
  name = localName(whole);
  at = close + 1;
  text = isEmpty ? EMPTY : trim(between(at, findByte(at, stop, 0x3c)));
  return Tag.Open;
}

function readEnd(p: usize): Tag {
  const whole = nameAt(p);
  p = skipBlanks(end(whole));
  if (!depth || p == stop || load<u8>(p) != 0x3e || !equals(whole, innermost())) return fail();
  at = p + 1;
  return closeElement();
}

function closeElement(): Tag {
  isEmpty = false;
  name = localName(innermost());
  depth--;
  return Tag.Close;
}

function innermost(): Slice {
  return load<u64>(open + ((depth - 1) << 3));
}

function fail(): Tag {
  at = 0;
  isEmpty = false;
  return Tag.Fault;
}

function localName(whole: Slice): Slice {
  return tail(whole, indexOf(whole, 0x3a) + 1);
}

/** Bytes up to a blank or a mark; which of them XML permits in a name does not matter here. */
function nameAt(p: usize): Slice {
  let q = p;
  while (q < stop && !isBlank(load<u8>(q)) && indexOf(w("<>/=!?&\"'"), load<u8>(q)) < 0) q++;
  return between(p, q);
}

function skipBlanks(p: usize): usize {
  while (p < stop && isBlank(load<u8>(p))) p++;
  return p;
}

// ---- attributes ----

let foundName: Slice = EMPTY;
let foundValue: Slice = EMPTY;

/** Address of the ">" or "/" behind all attributes; 0 if one is not well formed. */
function behindAttributes(p: usize): usize {
  while (true) {
    const q = skipBlanks(p);
    if (q == stop) return 0;
    const byte = load<u8>(q);
    if (byte == 0x3e || byte == 0x2f) return q;
    // They are kept apart by blanks.
    p = q == p ? 0 : takeAttribute(q);
    if (!p) return 0;
  }
}

/** The address behind the attribute at p, 0 if it is none. */
function takeAttribute(p: usize): usize {
  foundName = nameAt(p);
  p = skipBlanks(end(foundName));
  if (!size(foundName) || p == stop || load<u8>(p) != 0x3d) return 0;
  p = skipBlanks(p + 1);
  if (p == stop) return 0;
  const quote = load<u8>(p);
  if (quote != 0x22 && quote != 0x27) return 0;
  const q = findByte(p + 1, stop, quote);
  foundValue = between(p + 1, q);
  return q == stop || indexOf(foundValue, 0x3c) >= 0 ? 0 : q + 1;
}

/**
 * Of the element that begins: escapes as they are; EMPTY without one. The name has to be as it stands there, prefix
 * and all.
 */
export function attribute(wanted: Slice): Slice {
  const last = end(attributes);
  let p = skipBlanks(start(attributes));
  while (p < last) {
    p = takeAttribute(p);
    if (equals(foundName, wanted)) return foundValue;
    p = skipBlanks(p);
  }
  return EMPTY;
}
