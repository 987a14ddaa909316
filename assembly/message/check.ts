// Whether a message is one that the rest of the phone can work with: what RFC 3261 §8.1.1 makes
// mandatory is there once and well formed, and no list is longer than anybody needs.

import { decimal, equals, indexOf, isPresent, size, Slice, start, w } from "../bytes/slice";
import { parseCSeq } from "./cseq";
import { faultOf, faultStatus, ParseFault } from "./fault";
import { Header } from "./header";
import { Elements, newElements } from "./list";
import { Message } from "./message";
import { NameAddr, newNameAddr, parseNameAddr } from "./name-addr";
import { newUri, parseUri, Uri } from "./uri";
import { parseVia } from "./via";

const MOST_VIAS = 70;
const MOST_CONTACTS = 32;
const MOST_ROUTES = 32;

let elements: Elements = changetype<Elements>(0);
let address: NameAddr = changetype<NameAddr>(0);
let uri: Uri = changetype<Uri>(0);

export function openCheck(): void {
  elements = newElements();
  address = newNameAddr();
  uri = newUri();
}

/** 0, or the status to answer a parsed request with; then `fault` says why. */
export function checkRequest(m: Message): i32 {
  checkCommon(m);
  if (m.fault == ParseFault.None) {
    checkRequestUri(m);
    if (!equals(m.cseq.methodText, m.methodText)) {
      m.note(ParseFault.MethodMismatch, start(m.header(Header.CSeq)));
    }
    checkMaxForwards(m);
    checkAddresses(m, Header.Route, MOST_ROUTES);
    checkAddresses(m, Header.RecordRoute, MOST_ROUTES);
    checkContacts(m);
  }
  return faultStatus(m.fault);
}

/** False if a parsed response is to be dropped, which has one Via or is not ours (§8.1.3.3). */
export function checkResponse(m: Message): bool {
  checkCommon(m);
  elements.open(m, Header.Via);
  elements.next();
  if (elements.next()) m.note(faultOf(ParseFault.TooMany, Header.Via), start(elements.element));
  countElements(m, Header.Contact, MOST_CONTACTS);
  countElements(m, Header.RecordRoute, MOST_ROUTES);
  return m.fault == ParseFault.None;
}

function checkCommon(m: Message): void {
  if (m.fault != ParseFault.None) return;
  checkVias(m);
  if (isSingle(m, Header.From)) checkAddress(m, Header.From, m.header(Header.From), m.from, m.fromUri);
  if (isSingle(m, Header.To)) checkAddress(m, Header.To, m.header(Header.To), m.to, m.toUri);
  if (isSingle(m, Header.CallId)) checkCallId(m, m.header(Header.CallId));
  if (isSingle(m, Header.CSeq)) {
    const value = m.header(Header.CSeq);
    if (!parseCSeq(value, m.cseq)) noteBad(m, Header.CSeq, value);
  }
  m.isChecked = m.fault == ParseFault.None;
}

function noteBad(m: Message, h: Header, value: Slice): void {
  m.note(faultOf(ParseFault.Bad, h), start(value));
}

/** One row has that id; otherwise the fault is noted. */
function isSingle(m: Message, h: Header): bool {
  const row = m.first(h);
  if (row < 0) {
    m.note(faultOf(ParseFault.Missing, h), start(m.bytes));
    return false;
  }
  const second = m.find(h, row + 1);
  if (second >= 0) m.note(faultOf(ParseFault.Repeated, h), start(m.name(second)));
  return second < 0;
}

/** The topmost, which says where the response goes, is looked into; the others are counted. */
function checkVias(m: Message): void {
  let count = 0;
  for (elements.open(m, Header.Via); elements.next(); count++) {
    if (count == 0 && !isTopVia(m, elements.element)) noteBad(m, Header.Via, elements.element);
  }
  if (count == 0) m.note(faultOf(ParseFault.Missing, Header.Via), start(m.bytes));
  noteCount(m, Header.Via, count, MOST_VIAS);
}

/** A branch that is the magic cookie and nothing else is unique to nobody (RFC 4475 §3.2.1). */
function isTopVia(m: Message, element: Slice): bool {
  return parseVia(element, m.via) && !equals(m.via.branch, w("z9hG4bK"));
}

function noteCount(m: Message, h: Header, count: i32, most: i32): void {
  if (count > most) m.note(faultOf(ParseFault.TooMany, h), start(m.name(m.find(h))));
}

function checkAddress(m: Message, h: Header, value: Slice, address: NameAddr, uri: Uri): void {
  if (!parseNameAddr(value, address) || !parseUri(address.uri, uri)) noteBad(m, h, value);
}

function checkAddresses(m: Message, h: Header, most: i32): void {
  let count = 0;
  for (elements.open(m, h); elements.next(); count++) checkAddress(m, h, elements.element, address, uri);
  noteCount(m, h, count, most);
}

function countElements(m: Message, h: Header, most: i32): void {
  let count = 0;
  for (elements.open(m, h); elements.next();) count++;
  noteCount(m, h, count, most);
}

/** A refresh with a Contact that can't be read keeps the target that was there; elsewhere it is refused. */
function checkContacts(m: Message): void {
  if (isPresent(m.to.tag)) return countElements(m, Header.Contact, MOST_CONTACTS);
  if (!equals(m.header(Header.Contact), w("*"))) checkAddresses(m, Header.Contact, MOST_CONTACTS);
}

/** callid = word [ "@" word ]: any of its bytes may come, but no blank. */
function checkCallId(m: Message, value: Slice): void {
  if (size(value) == 0 || indexOf(value, 32) >= 0 || indexOf(value, 9) >= 0) noteBad(m, Header.CallId, value);
}

/** Header components are forbidden here (§19.1.1) and would become headers of their own. */
function checkRequestUri(m: Message): void {
  if (!parseUri(m.uri, m.requestUri) || isPresent(m.requestUri.headers))
    m.note(ParseFault.BadRequestUri, start(m.uri));
}

/** Mandatory, but RFC 2543 did not know it. */
function checkMaxForwards(m: Message): void {
  if (m.find(Header.MaxForwards) < 0 || !isSingle(m, Header.MaxForwards)) return;
  const value = m.header(Header.MaxForwards);
  if (decimal(value, 255) < 0) noteBad(m, Header.MaxForwards, value);
}
