// hi-entry = name-addr *( ";" ( index / rc / mp / np / param ) )   (RFC 7044 §5; RFC 4244 §4.1 without rc, mp, np)
//
// Reason and Privacy are headers of the URI. An entry that can't be read is one that nobody looks into.

import { reserve } from "../bytes/arena";
import { EMPTY, end, isDigit, isPresent, Slice, start, w } from "../bytes/slice";
import { component } from "./components";
import { behind } from "./grammar";
import { NameAddr, newNameAddr, parseNameAddr } from "./name-addr";
import { parameter } from "./parameters";

/** How the target came about. */
export const enum HistoryTarget {
  /** Not said. */
  None = 0,
  /** rc: the Request-URI changed, the user did not. */
  Contact = 1,
  /** mp: mapped to another user. */
  Mapped = 2,
  /** np: nothing changed. */
  Same = 3,
}

/** putAddressRow writes its address with all it came with. */
@unmanaged
export class HistoryEntry {
  address: NameAddr;
  /** `1.2.1`; EMPTY without one. */
  index: Slice;
  /** The entry from which the target came: the value of rc, mp or np. */
  targetIndex: Slice;
  /** Escaped as they stand in the URI; EMPTY without one. */
  reason: Slice;
  privacy: Slice;
  target: HistoryTarget;
}

export function newHistoryEntry(): HistoryEntry {
  const out = changetype<HistoryEntry>(reserve(offsetof<HistoryEntry>()));
  out.address = newNameAddr();
  return out;
}

/** One element; false if it can't be read, or its index is none. */
export function parseHistoryEntry(element: Slice, out: HistoryEntry): bool {
  const isAddress = parseNameAddr(element, out.address);
  const params = out.address.params;
  const headers = behind(out.address.uri, 0x3f);
  out.index = parameter(params, w("index"));
  out.reason = component(headers, w("Reason"));
  out.privacy = component(headers, w("Privacy"));
  takeTarget(params, out);
  return isAddress && isIndex(out.index) && isIndex(out.targetIndex);
}

function takeTarget(params: Slice, out: HistoryEntry): void {
  out.target = HistoryTarget.None;
  out.targetIndex = EMPTY;
  take(parameter(params, w("rc")), HistoryTarget.Contact, out);
  take(parameter(params, w("mp")), HistoryTarget.Mapped, out);
  take(parameter(params, w("np")), HistoryTarget.Same, out);
}

function take(value: Slice, target: HistoryTarget, out: HistoryEntry): void {
  if (!isPresent(value) || out.target != HistoryTarget.None) return;
  out.target = target;
  out.targetIndex = value;
}

/** 1*DIGIT *( "." 1*DIGIT ), or nothing at all. */
function isIndex(s: Slice): bool {
  let isBehindDigit = !isPresent(s);
  for (let p = start(s); p < end(s); p++) {
    const byte = load<u8>(p);
    if (!isDigit(byte) && (byte != 0x2e || !isBehindDigit)) return false;
    isBehindDigit = byte != 0x2e;
  }
  return isBehindDigit;
}
