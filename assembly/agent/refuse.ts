// Requests that are refused for what they are (RFC 3261 §8.2.1 to §8.2.3), each with the header that tells why.

import { EMPTY, equalsIgnoringCase, isPresent, size, Slice, startsWithIgnoringCase, w } from "../bytes/slice";
import { Header } from "../message/header";
import { Elements, listHas } from "../message/list";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { parameter } from "../message/parameters";
import { parseUri, Scheme, Uri } from "../message/uri";
import { put, putLine } from "../output/output";
import { isSdp } from "../session/media";
import { Reliable } from "../session/prack";
import { putAllow } from "../session/request";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { beginResponse } from "../transaction/response";
import { Transaction } from "../transaction/transaction";
import { endReply } from "../session/reply";

const tags = changetype<Elements>(memory.data(offsetof<Elements>(), 8));
const uri = changetype<Uri>(memory.data(offsetof<Uri>(), 8));

/** A final answer without a body; `reason` of size 0 takes the usual phrase. */
export function respondWith(t: Transaction, status: i32, reason: Slice): void {
  const at = beginResponse(t, status, reason, EMPTY);
  endReply(t, at, status);
}

/** What can't be read can still be answered if it says to whom; an ACK never is. */
export function canBeRefused(m: Message): bool {
  return (
    m.method != Method.Ack &&
    size(m.header(Header.Via)) > 0 &&
    m.find(Header.From) >= 0 &&
    m.find(Header.To) >= 0 &&
    m.find(Header.CallId) >= 0 &&
    m.find(Header.CSeq) >= 0
  );
}

/** The Request-URI is of a scheme that nobody here knows: 416 (§8.2.2.1). */
export function hasUnknownScheme(m: Message): bool {
  return parseUri(m.uri, uri) && uri.scheme == Scheme.Unknown;
}

/** 405 for a method that we know and do not do, 501 for one that nobody has heard of (§21.5.2). */
export function refuseMethod(t: Transaction, m: Message, account: i32): void {
  const status = m.method == Method.Other ? 501 : 405;
  const at = beginResponse(t, status, EMPTY, EMPTY);
  putAllow(account);
  endReply(t, at, status);
}

/** True, answered with 420, if the request requires an extension that we do not have (§8.2.2.3). */
export function refuseExtensions(t: Transaction, m: Message, hasTimer: bool, account: i32): bool {
  if (m.method == Method.Cancel || !countUnsupported(m, hasTimer, account)) return false;
  const at = beginResponse(t, 420, EMPTY, EMPTY);
  put(w("Unsupported: "));
  let isFirst = true;
  tags.open(m, Header.Require);
  while (tags.next()) {
    if (isSupported(tags.element, hasTimer, account)) continue;
    if (!isFirst) put(w(", "));
    put(tags.element);
    isFirst = false;
  }
  putLine();
  endReply(t, at, 420);
  return true;
}

/** Extensions that the message requires and we do not have. */
export function countUnsupported(m: Message, hasTimer: bool, account: i32): i32 {
  let n = 0;
  tags.open(m, Header.Require);
  while (tags.next()) {
    if (!isSupported(tags.element, hasTimer, account)) n++;
  }
  return n;
}

function isSupported(tag: Slice, hasTimer: bool, account: i32): bool {
  return (
    !size(tag) ||
    equalsIgnoringCase(tag, w("replaces")) ||
    equalsIgnoringCase(tag, w("norefersub")) ||
    (hasTimer && equalsIgnoringCase(tag, w("timer"))) ||
    (number(Key.Reliable, account) != 0 && equalsIgnoringCase(tag, w("100rel")))
  );
}

/** True, answered with 421, if the account's calls ring reliably or not at all and this one can't (RFC 3262 §3). */
export function refuseUnreliable(t: Transaction, m: Message, account: i32): bool {
  if (
    number(Key.Reliable, account) != Reliable.Required ||
    hasTag(m, Header.Supported) ||
    hasTag(m, Header.Require)
  )
    return false;
  const at = beginResponse(t, 421, EMPTY, EMPTY);
  put(w("Require: 100rel\r\n"));
  endReply(t, at, 421);
  return true;
}

function hasTag(m: Message, h: Header): bool {
  return listHas(m, h, w("100rel"));
}

/** The body can't be left unread: 415 (§8.2.3). Optional handling, and no body, is always fine. */
export function hasForeignBody(m: Message): bool {
  if (size(m.body) == 0) return false;
  if (isEncoded(m)) return true;
  if (isSdp(m) || isControl(m)) return false;
  const disposition = m.header(Header.ContentDisposition);
  return !isOptional(disposition);
}

/** What steers the phone (agent/control.ts), where the setting permits it. */
export function isControl(m: Message): bool {
  return (
    number(Key.CstaControl) != 0 &&
    size(m.body) > 0 &&
    startsWithIgnoringCase(m.header(Header.ContentType), w("application/csta+xml"))
  );
}

export function isEncoded(m: Message): bool {
  const encoding = m.header(Header.ContentEncoding);
  return size(encoding) > 0 && !equalsIgnoringCase(encoding, w("identity"));
}

function isOptional(disposition: Slice): bool {
  return isPresent(disposition) && equalsIgnoringCase(parameter(disposition, w("handling")), w("optional"));
}

/** Accept is there, and no session description among what it lists: 406 (§20.1). */
export function refusesSdp(m: Message): bool {
  if (m.find(Header.Accept) < 0 || isControl(m)) return false;
  tags.open(m, Header.Accept);
  while (tags.next()) {
    if (isSdpRange(tags.element)) return false;
  }
  return true;
}

function isSdpRange(range: Slice): bool {
  return (
    startsWithIgnoringCase(range, w("application/sdp")) ||
    startsWithIgnoringCase(range, w("application/*")) ||
    startsWithIgnoringCase(range, w("*/*"))
  );
}

/** 415 with what we would read. */
export function refuseBody(t: Transaction): void {
  const at = beginResponse(t, 415, EMPTY, EMPTY);
  if (number(Key.CstaControl)) put(w("Accept: application/csta+xml\r\n"));
  put(w("Accept: application/sdp\r\nAccept-Encoding: identity\r\n"));
  endReply(t, at, 415);
}
