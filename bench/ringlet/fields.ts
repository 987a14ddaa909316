// The message room compiled alone, for the benchmark: a message in, the compared fields out.
//
// The code is the one that the phone runs for a message from the network: parseMessage, checkRequest or
// checkResponse, and the typed parsers, each of which validates what it reads. Nothing else of the phone
// is in here, and nothing of this is in the shipped module.

import "../../assembly/abort/index";
import { arenaTop, growTo, openArena, reserve } from "../../assembly/bytes/arena";
import { decimal, Slice, slice } from "../../assembly/bytes/slice";
import { checkRequest, checkResponse } from "../../assembly/message/check";
import { Header } from "../../assembly/message/header";
import { Elements, newElements } from "../../assembly/message/list";
import { Message, newMessage, openMessage, parseMessage } from "../../assembly/message/message";
import { NameAddr, newNameAddr, parseNameAddr } from "../../assembly/message/name-addr";
import {
  newSessionExpires,
  parseSessionExpires,
  SessionExpires,
} from "../../assembly/message/session-expires";
import { newUri, parseUri, Uri } from "../../assembly/message/uri";
import { newVia, parseVia, Via } from "../../assembly/message/via";

/** The most elements of one header field that are handed out. */
const MOST = 8;
const MOST_BYTES = 65536;

/**
 * What was read, as a row of u64 that both hosts of the benchmark know (lane-ringlet.c, ringlet.mjs): slices,
 * and numbers with -1 for "none".
 */
@unmanaged
class Fields {
  method: Slice;
  status: i64;
  uriHost: Slice;
  fromTag: Slice;
  fromUser: Slice;
  fromHost: Slice;
  toTag: Slice;
  toUser: Slice;
  toHost: Slice;
  callId: Slice;
  cseq: i64;
  cseqMethod: Slice;
  sessionExpires: i64;
  contentLength: i64;
  bodyLength: i64;
  viaCount: i64;
  contactCount: i64;
  routeCount: i64;
  recordRouteCount: i64;
}

// Behind it the lists: MOST x (branch, host, port), MOST x (user, host), MOST x host, MOST x host.
const VIAS = offsetof<Fields>();
const CONTACTS = VIAS + MOST * 24;
const ROUTES = CONTACTS + MOST * 16;
const RECORD_ROUTES = ROUTES + MOST * 8;
const BYTES = RECORD_ROUTES + MOST * 8;

let fields: Fields = changetype<Fields>(0);
let message: Message = changetype<Message>(0);
let elements: Elements = changetype<Elements>(0);
let other: Via = changetype<Via>(0);
let address: NameAddr = changetype<NameAddr>(0);
let uri: Uri = changetype<Uri>(0);
let interval: SessionExpires = changetype<SessionExpires>(0);

/** Makes the tables; answers the address of the fields. */
export function open(): usize {
  openArena(__heap_base);
  openMessage();
  fields = changetype<Fields>(reserve(BYTES));
  message = newMessage();
  elements = newElements();
  other = newVia();
  address = newNameAddr();
  uri = newUri();
  interval = newSessionExpires();
  growTo(arenaTop() + MOST_BYTES);
  return changetype<usize>(fields);
}

/** Where to put that many bytes: they end at the last byte of memory, as in the shipped module. */
export function input(bytes: usize): usize {
  return ((<usize>memory.size()) << 16) - bytes;
}

/** False if the message is refused, by the parser, the checks or a typed parser. */
export function parse(at: usize, length: i32): bool {
  const m = message;
  if (!parseMessage(m, slice(at, length))) return false;
  if (m.isRequest ? checkRequest(m) != 0 : !checkResponse(m)) return false;
  fields.method = m.methodText;
  fields.status = m.status;
  fields.uriHost = 0;
  if (m.isRequest) fields.uriHost = m.requestUri.host;
  takeIdentity(m);
  return takeLists(m) && takeLengths(m);
}

/** The checks have read these and keep them. */
function takeIdentity(m: Message): void {
  fields.fromTag = m.from.tag;
  fields.fromUser = m.fromUri.user;
  fields.fromHost = m.fromUri.host;
  fields.toTag = m.to.tag;
  fields.toUser = m.toUri.user;
  fields.toHost = m.toUri.host;
  fields.callId = m.header(Header.CallId);
  fields.cseq = m.cseq.number;
  fields.cseqMethod = m.cseq.methodText;
}

function takeAddress(element: Slice): bool {
  return parseNameAddr(element, address) && parseUri(address.uri, uri);
}

function takeLists(m: Message): bool {
  if (!takeVias(m) || !takeContacts(m)) return false;
  fields.routeCount = takeHosts(m, Header.Route, ROUTES);
  fields.recordRouteCount = takeHosts(m, Header.RecordRoute, RECORD_ROUTES);
  return fields.routeCount >= 0 && fields.recordRouteCount >= 0;
}

function takeVias(m: Message): bool {
  let n = 0;
  for (elements.open(m, Header.Via); elements.next() && n < MOST; n++) {
    const via = n == 0 ? m.via : other;
    if (n > 0 && !parseVia(elements.element, via)) return false;
    const place = changetype<usize>(fields) + VIAS + n * 24;
    store<u64>(place, via.branch);
    store<u64>(place, via.host, 8);
    store<i64>(place, via.port, 16);
  }
  fields.viaCount = n;
  return true;
}

function takeContacts(m: Message): bool {
  let n = 0;
  for (elements.open(m, Header.Contact); elements.next() && n < MOST; n++) {
    if (!takeAddress(elements.element)) return false;
    const place = changetype<usize>(fields) + CONTACTS + n * 16;
    store<u64>(place, uri.user);
    store<u64>(place, uri.host, 8);
  }
  fields.contactCount = n;
  return true;
}

/** How many; -1 if one is bad. */
function takeHosts(m: Message, h: Header, list: usize): i64 {
  let n = 0;
  for (elements.open(m, h); elements.next() && n < MOST; n++) {
    if (!takeAddress(elements.element)) return -1;
    store<u64>(changetype<usize>(fields) + list + n * 8, uri.host);
  }
  return n;
}

function takeLengths(m: Message): bool {
  fields.sessionExpires = -1;
  if (m.find(Header.SessionExpires) >= 0) {
    if (!parseSessionExpires(m.header(Header.SessionExpires), interval)) return false;
    fields.sessionExpires = interval.seconds;
  }
  fields.contentLength = decimal(m.header(Header.ContentLength));
  fields.bodyLength = <i64>(m.body >>> 32);
  return true;
}
