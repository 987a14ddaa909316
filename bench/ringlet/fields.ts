// The message room compiled alone, for the benchmark: a message in, the compared fields out.
//
// The code is the one that the phone runs for a message from the network: parseMessage, checkRequest or
// checkResponse, and the typed parsers, each of which validates what it reads. Nothing else of the phone
// is in here, and nothing of this is in the shipped module.

import { arenaTop, growTo, openArena, reserve } from "../../assembly/bytes/arena";
import { decimal, end, Slice, slice, start } from "../../assembly/bytes/slice";
import { checkRequest, checkResponse } from "../../assembly/message/check";
import { Header } from "../../assembly/message/header";
import { nextComma, nextElement } from "../../assembly/message/list";
import { Message, newMessage, openMessage, parseMessage } from "../../assembly/message/message";
import { NameAddr, newNameAddr, takeAddress } from "../../assembly/message/name-addr";
import {
  newSessionExpires,
  parseSessionExpires,
  SessionExpires,
} from "../../assembly/message/session-expires";
import { newUri, Uri } from "../../assembly/message/uri";
import { newVia, takeVia, Via } from "../../assembly/message/via";

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

function takeLists(m: Message): bool {
  fields.viaCount = takeVias(m);
  fields.contactCount = takeContacts(m);
  fields.routeCount = takeHosts(m, Header.Route, ROUTES);
  fields.recordRouteCount = takeHosts(m, Header.RecordRoute, RECORD_ROUTES);
  return fields.viaCount > 0 && fields.contactCount >= 0 && fields.routeCount >= 0 && fields.recordRouteCount >= 0;
}

/** How many; -1 if one is bad. The checks have read the topmost. */
function takeVias(m: Message): i64 {
  let n = 0;
  for (let row = m.first(Header.Via); row >= 0; row = m.behind(row)) {
    const stop = end(m.value(row));
    for (let p = nextElement(start(m.value(row)), stop); p < stop && n < MOST; n++) {
      const via = n == 0 ? m.via : other;
      p = n == 0 ? end(via.whole) : takeVia(p, stop, via);
      if (p == 0) return -1;
      const place = changetype<usize>(fields) + VIAS + n * 24;
      store<u64>(place, via.branch);
      store<u64>(place, via.host, 8);
      store<i64>(place, via.port, 16);
      p = nextElement(p, stop);
    }
  }
  return n;
}

/** How many; -1 if one is bad. The checks have read the first. */
function takeContacts(m: Message): i64 {
  let n = 0;
  for (let row = m.first(Header.Contact); row >= 0; row = m.behind(row)) {
    const stop = end(m.value(row));
    for (let p = nextElement(start(m.value(row)), stop); p < stop && n < MOST; n++) {
      const isKept = n == 0 && m.hasContact;
      p = isKept ? nextComma(end(m.contact.uri), stop) : takeAddress(p, stop, address, uri);
      if (p == 0) return -1;
      const read = isKept ? m.contactUri : uri;
      const place = changetype<usize>(fields) + CONTACTS + n * 16;
      store<u64>(place, read.user);
      store<u64>(place, read.host, 8);
      p = nextElement(p, stop);
    }
  }
  return n;
}

/** How many; -1 if one is bad. */
function takeHosts(m: Message, h: Header, list: usize): i64 {
  let n = 0;
  for (let row = m.first(h); row >= 0; row = m.behind(row)) {
    const stop = end(m.value(row));
    for (let p = nextElement(start(m.value(row)), stop); p < stop && n < MOST; n++) {
      p = takeAddress(p, stop, address, uri);
      if (p == 0) return -1;
      store<u64>(changetype<usize>(fields) + list + n * 8, uri.host);
      p = nextElement(p, stop);
    }
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
