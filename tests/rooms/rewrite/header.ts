// One header field read into its typed form and written from it, an element a row.

import { Slice } from "../../../assembly/bytes/slice";
import { allowedMethods, putAllow } from "../../../assembly/message/allow";
import { Header } from "../../../assembly/message/header";
import { Elements, newElements } from "../../../assembly/message/list";
import { Message } from "../../../assembly/message/message";
import { Privacy, privacyIn, putPrivacy } from "../../../assembly/message/privacy";
import { putRow } from "../../../assembly/message/row";
import { minSE, putMinSE } from "../../../assembly/message/session-expires";
import { areTokens, putOthers } from "../../../assembly/message/token-list";
import { openAddresses, rewriteAddress } from "./address";
import { openValues, rewriteValue } from "./value";

export const enum Outcome {
  None = 0,
  Typed = 1,
  /** There is no typed form: the value is kept as text. */
  Text = 2,
  /** A value, or one of its elements, was refused by its reader and is written as it came. */
  Refused = 3,
}

let elements: Elements = changetype<Elements>(0);

export function openReaders(): void {
  elements = newElements();
  openAddresses();
  openValues();
}

/** Every row of that header field. */
export function rewriteHeader(m: Message, h: Header): Outcome {
  switch (h) {
    case Header.Allow:
      putAllow(allowedMethods(m));
      return Outcome.Typed;
    case Header.Privacy:
      return rewritePrivacy(m);
    case Header.MinSE:
      return rewriteMinSE(m);
    case Header.Require:
    case Header.Supported:
    case Header.Unsupported:
    case Header.ProxyRequire:
    case Header.AllowEvents:
    case Header.ContentEncoding:
    case Header.RecvInfo:
      return rewriteTokens(m, h);
    default:
      return isList(h) ? rewriteElements(m, h) : rewriteRows(m, h);
  }
}

function rewritePrivacy(m: Message): Outcome {
  const bits = privacyIn(m);
  if (bits & Privacy.Other) return asTheyCame(m, Header.Privacy);
  putPrivacy(bits);
  return Outcome.Typed;
}

function rewriteMinSE(m: Message): Outcome {
  const seconds = minSE(m);
  if (seconds < 0) return asTheyCame(m, Header.MinSE);
  putMinSE(seconds);
  return Outcome.Typed;
}

function rewriteTokens(m: Message, h: Header): Outcome {
  if (!areTokens(elements, m, h)) return asTheyCame(m, h);
  // An empty list is a row without elements.
  if (!putOthers(elements, m, h, 0, h)) putRow(h, 0);
  return Outcome.Typed;
}

/** A list without elements is an empty row. */
function rewriteElements(m: Message, h: Header): Outcome {
  let outcome = Outcome.None;
  for (elements.open(m, h); elements.next();) outcome = worse(outcome, rewriteOne(h, elements.element));
  if (outcome != Outcome.None) return outcome;
  putRow(h, 0);
  return Outcome.Typed;
}

function rewriteRows(m: Message, h: Header): Outcome {
  let outcome = Outcome.Typed;
  for (let row = m.find(h); row >= 0; row = m.find(h, row + 1)) {
    outcome = worse(outcome, rewriteOne(h, m.value(row)));
  }
  return outcome;
}

function rewriteOne(h: Header, value: Slice): Outcome {
  let outcome = rewriteAddress(h, value);
  if (outcome == Outcome.Text) outcome = rewriteValue(h, value);
  if (outcome != Outcome.Typed) putRow(h, value);
  return outcome;
}

function worse(a: Outcome, b: Outcome): Outcome {
  return a > b ? a : b;
}

function asTheyCame(m: Message, h: Header): Outcome {
  for (let row = m.find(h); row >= 0; row = m.find(h, row + 1)) putRow(h, m.value(row));
  return Outcome.Refused;
}

/** Of those that do not get here through rewriteTokens. */
function isList(h: Header): bool {
  switch (h) {
    case Header.Via:
    case Header.Contact:
    case Header.Route:
    case Header.RecordRoute:
    case Header.Path:
    case Header.ServiceRoute:
    case Header.Accept:
    case Header.AcceptEncoding:
    case Header.AcceptLanguage:
    case Header.AlertInfo:
    case Header.CallInfo:
    case Header.Diversion:
    case Header.HistoryInfo:
    case Header.PAssertedIdentity:
    case Header.PPreferredIdentity:
    case Header.Reason:
    case Header.Warning:
      return true;
    default:
      return false;
  }
}
