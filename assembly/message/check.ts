// Whether a message is one that the rest of the phone can work with: what RFC 3261 §8.1.1 makes
// mandatory is there once and well formed, and no list is longer than anybody needs.

import { findBlank } from "../bytes/scan";
import { byteAt, decimal, EMPTY, end, equals, isPresent, size, Slice, start, w } from "../bytes/slice";
import { parseCSeq } from "./cseq";
import { faultOf, faultStatus, ParseFault } from "./fault";
import { Header } from "./header";
import { elementsFrom, nextComma, nextElement } from "./list";
import { Message } from "./message";
import { NameAddr, takeAddress } from "./name-addr";
import { parseUri, Uri } from "./uri";
import { takeVia } from "./via";

const MOST_VIAS = 70;
const MOST_CONTACTS = 32;
const MOST_ROUTES = 32;

const address = changetype<NameAddr>(memory.data(offsetof<NameAddr>(), 8));
const uri = changetype<Uri>(memory.data(offsetof<Uri>(), 8));

/** 0, or the status to answer a parsed request with; then `fault` says why. */
export function checkRequest(m: Message): i32 {
  checkCommon(m);
  if (m.fault == ParseFault.None) {
    checkRequestUri(m);
    if (!equals(m.cseq.methodText, m.methodText)) {
      m.note(ParseFault.MethodMismatch, start(m.header(Header.CSeq)));
    }
    checkMaxForwards(m);
    checkRoutes(m, Header.Route);
    checkRoutes(m, Header.RecordRoute);
    checkContacts(m, !isPresent(m.to.tag));
  }
  return faultStatus(m.fault);
}

/** False if a parsed response is to be dropped, which has one Via or is not ours (§8.1.3.3). */
export function checkResponse(m: Message): bool {
  checkCommon(m);
  countElements(m, Header.Via, 1);
  countElements(m, Header.RecordRoute, MOST_ROUTES);
  checkContacts(m, false);
  return m.fault == ParseFault.None;
}

function checkCommon(m: Message): void {
  if (m.fault != ParseFault.None) return;
  checkVias(m);
  checkAddress(m, Header.From, m.from, m.fromUri);
  checkAddress(m, Header.To, m.to, m.toUri);
  checkCallId(m);
  checkCSeq(m);
  m.isChecked = m.fault == ParseFault.None;
}

function noteBad(m: Message, h: Header): void {
  m.note(faultOf(ParseFault.Bad, h), start(m.header(h)));
}

/** The value of the one row with that id; otherwise EMPTY, and the fault is noted. */
function single(m: Message, h: Header): Slice {
  const row = m.first(h);
  return row >= 0 && m.behind(row) < 0 ? m.value(row) : noteNotSingle(m, h, row);
}

function noteNotSingle(m: Message, h: Header, row: i32): Slice {
  if (row < 0) m.note(faultOf(ParseFault.Missing, h), start(m.bytes));
  else m.note(faultOf(ParseFault.Repeated, h), start(m.name(m.behind(row))));
  return EMPTY;
}

/** The topmost, which says where the response goes, is looked into; the others are counted. */
function checkVias(m: Message): void {
  let count = 0;
  for (let row = m.first(Header.Via); row >= 0; row = m.behind(row)) {
    const stop = end(m.value(row));
    let p = start(m.value(row));
    if (count == 0) {
      p = nextElement(p, stop);
      if (p == stop) continue;
      p = takeTopVia(m, p, stop);
      count = 1;
    }
    count += elementsFrom(p, stop);
  }
  if (count == 0) m.note(faultOf(ParseFault.Missing, Header.Via), start(m.bytes));
  noteCount(m, Header.Via, count, MOST_VIAS);
}

/** A branch that is the magic cookie and nothing else is unique to nobody (RFC 4475 §3.2.1). */
function takeTopVia(m: Message, p: usize, stop: usize): usize {
  const behind = takeVia(p, stop, m.via);
  if (behind != 0 && !equals(m.via.branch, w("z9hG4bK"))) return behind;
  m.note(faultOf(ParseFault.Bad, Header.Via), p);
  return stop;
}

function noteCount(m: Message, h: Header, count: i32, most: i32): void {
  if (count > most) m.note(faultOf(ParseFault.TooMany, h), start(m.name(m.first(h))));
}

function checkAddress(m: Message, h: Header, address: NameAddr, uri: Uri): void {
  const value = single(m, h);
  const isBad = isPresent(value) && takeAddress(start(value), end(value), address, uri) != end(value);
  if (isBad) noteBad(m, h);
}

/** Each is read, and none is kept. */
function checkRoutes(m: Message, h: Header): void {
  let count = 0;
  for (let row = m.first(h); row >= 0; row = m.behind(row)) {
    const stop = end(m.value(row));
    for (let p = nextElement(start(m.value(row)), stop); p < stop; p = nextElement(p, stop)) {
      const behind = takeAddress(p, stop, address, uri);
      if (behind == 0) return m.note(faultOf(ParseFault.Bad, h), p);
      p = behind;
      count++;
    }
  }
  noteCount(m, h, count, MOST_ROUTES);
}

function countElements(m: Message, h: Header, most: i32): void {
  let count = 0;
  for (let row = m.first(h); row >= 0; row = m.behind(row)) {
    count += elementsFrom(start(m.value(row)), end(m.value(row)));
  }
  noteCount(m, h, count, most);
}

/**
 * The first one is kept. One that can't be read is a fault where `isStrict`: in a response, or in a refresh, it
 * leaves the target that was there.
 */
function checkContacts(m: Message, isStrict: bool): void {
  if (isStar(m.header(Header.Contact))) return;
  let count = 0;
  for (let row = m.first(Header.Contact); row >= 0; row = m.behind(row)) {
    const stop = end(m.value(row));
    for (let p = nextElement(start(m.value(row)), stop); p < stop; p = nextElement(p, stop)) {
      const behind = count == 0 ? takeFirstContact(m, p, stop) : takeAddress(p, stop, address, uri);
      if (behind == 0 && isStrict) return m.note(faultOf(ParseFault.Bad, Header.Contact), p);
      p = behind ? behind : nextComma(p, stop);
      count++;
    }
  }
  noteCount(m, Header.Contact, count, MOST_CONTACTS);
}

function isStar(contact: Slice): bool {
  return size(contact) == 1 && byteAt(contact, 0) == 0x2a;
}

function takeFirstContact(m: Message, p: usize, stop: usize): usize {
  const behind = takeAddress(p, stop, m.contact, m.contactUri);
  m.hasContact = behind != 0;
  return behind;
}

/** callid = word [ "@" word ]: any of its bytes may come, but no blank. */
function checkCallId(m: Message): void {
  const value = single(m, Header.CallId);
  const isBad = isPresent(value) && (size(value) == 0 || findBlank(start(value), end(value)) != end(value));
  if (isBad) noteBad(m, Header.CallId);
}

function checkCSeq(m: Message): void {
  const value = single(m, Header.CSeq);
  if (isPresent(value) && !parseCSeq(value, m.cseq)) noteBad(m, Header.CSeq);
}

/** Header components are forbidden here (§19.1.1) and would become headers of their own. */
function checkRequestUri(m: Message): void {
  if (!parseUri(m.uri, m.requestUri) || isPresent(m.requestUri.headers))
    m.note(ParseFault.BadRequestUri, start(m.uri));
}

/** Mandatory, but RFC 2543 did not know it. */
function checkMaxForwards(m: Message): void {
  if (m.first(Header.MaxForwards) < 0) return;
  const value = single(m, Header.MaxForwards);
  if (isPresent(value) && decimal(value, 255) < 0) noteBad(m, Header.MaxForwards);
}
