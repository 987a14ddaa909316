// Header field names, long and compact, in any case (RFC 3261 §7.3.1, §7.3.3).

import { findByte, HIGHS, ONES } from "../bytes/scan";
import { between, size, Slice, start, tail, w } from "../bytes/slice";
import { allOf, before, Class, firstWord, otherWords } from "./grammar";

/** In the order in which openHeaders enters the names. The first nine are the ones that check.ts looks into. */
export const enum Header {
  Other = 0,
  Via,
  From,
  To,
  Contact,
  CSeq,
  CallId,
  MaxForwards,
  Route,
  RecordRoute,
  ContentLength,
  ContentType,
  Require,
  Supported,
  Unsupported,
  Allow,
  Accept,
  SessionExpires,
  MinSE,
  RetryAfter,
  Reason,
  ContentDisposition,
  ContentEncoding,
  WwwAuthenticate,
  ProxyAuthenticate,
  Authorization,
  ProxyAuthorization,
  AuthenticationInfo,
  Warning,
  UserAgent,
  Server,
  Expires,
  MinExpires,
  Date,
  Event,
  AllowEvents,
  SubscriptionState,
  ProxyRequire,
  ReferTo,
  ReferredBy,
  ReferSub,
  Replaces,
  TargetDialog,
  RSeq,
  RAck,
  Path,
  ServiceRoute,
  AlertInfo,
  CallInfo,
  AnswerMode,
  PrivAnswerMode,
  Diversion,
  HistoryInfo,
  RemotePartyId,
  PAssertedIdentity,
  PPreferredIdentity,
  PCalledPartyId,
  PEarlyMedia,
  Privacy,
  Subject,
  Identity,
  SessionId,
  InfoPackage,
  RecvInfo,
  Join,
  AcceptEncoding,
  AcceptLanguage,
  AcceptContact,
  RejectContact,
  RequestDisposition,
  FlowTimer,
  SipETag,
  SipIfMatch,
  MimeVersion,
  Timestamp,
  Priority,
  Organization,
}

/** How many ids there are, Other included. */
export const HEADERS = 77;
/** Names and their compact forms. */
const ENTRIES = 128;
// entry = three words of the name in lower case with zeros behind it, id (u64)
const ENTRY_BYTES = 32;
const SECOND = 8;
const THIRD = 16;
const ID = 24;
/** No known name is longer: what is, is not looked for. */
const LONGEST: usize = 24;
const BUCKETS: u64 = 256;
const BITS_5: u64 = 0x2020202020202020;
const COLONS: u64 = 0x3a3a3a3a3a3a3a3a;

const NAMES: usize = memory.data(HEADERS * 8, 8); // one Slice for each Header
const ENTRY_TABLE: usize = memory.data(ENTRIES * ENTRY_BYTES, 8);
const BUCKET_TABLE: usize = memory.data(256); // the number of an entry, 0 for none; a full one sends on to the next
/** A name that can't be read as whole words where it stands. */
const COPY: usize = memory.data(24, 8);

let entries: u32 = 0;

export function openHeaders(): void {
  entries = 0;
  memory.fill(BUCKET_TABLE, 0, <usize>BUCKETS);
  let next: u32 = 1;
  next = enterAll(w("Via v,From f,To t,Contact m,CSeq,Call-ID i,Max-Forwards,Route,Record-Route"), next);
  next = enterAll(w("Content-Length l,Content-Type c,Require,Supported k,Unsupported,Allow,Accept"), next);
  next = enterAll(w("Session-Expires x,Min-SE,Retry-After,Reason,Content-Disposition"), next);
  next = enterAll(w("Content-Encoding e,WWW-Authenticate,Proxy-Authenticate,Authorization"), next);
  next = enterAll(w("Proxy-Authorization,Authentication-Info,Warning,User-Agent,Server,Expires"), next);
  next = enterAll(w("Min-Expires,Date,Event o,Allow-Events u,Subscription-State,Proxy-Require"), next);
  next = enterAll(w("Refer-To r,Referred-By b,Refer-Sub,Replaces,Target-Dialog,RSeq,RAck,Path"), next);
  next = enterAll(w("Service-Route,Alert-Info,Call-Info,Answer-Mode,Priv-Answer-Mode,Diversion"), next);
  next = enterAll(w("History-Info,Remote-Party-ID,P-Asserted-Identity,P-Preferred-Identity"), next);
  next = enterAll(w("P-Called-Party-ID,P-Early-Media,Privacy,Subject s,Identity y,Session-ID"), next);
  next = enterAll(w("Info-Package,Recv-Info,Join,Accept-Encoding,Accept-Language"), next);
  next = enterAll(w("Accept-Contact a,Reject-Contact j,Request-Disposition d,Flow-Timer,SIP-ETag"), next);
  next = enterAll(w("SIP-If-Match,MIME-Version,Timestamp,Priority,Organization"), next);
  assert(next == HEADERS);
}

/** The id of a name, or Header.Other. */
export function headerOf(name: Slice): Header {
  const n = <usize>size(name);
  if (n == 0 || n > LONGEST || !allOf(name, Class.Token)) return Header.Other;
  copyName(name);
  return idOf(load<u64>(COPY), load<u64>(COPY, SECOND), load<u64>(COPY, THIRD));
}

/**
 * Takes the name at p that goes up to a colon: its id (upper 32 bits) and the address of the colon (lower 32 bits).
 * Both are 0 for a name that is longer than those that are known. The line may not hold control bytes.
 */
export function takeName(p: usize, limit: usize): u64 {
  if (p + 8 > limit) return takeLastName(p, limit);
  let colon = firstColon(load<u64>(p));
  const first = (load<u64>(p) | BITS_5) & below(colon);
  let second: u64 = 0;
  let third: u64 = 0;
  let at = p;
  if (colon == 0) {
    at = p + SECOND;
    if (at + 8 > limit) return takeLastName(p, limit);
    colon = firstColon(load<u64>(at));
    second = (load<u64>(at) | BITS_5) & below(colon);
    if (colon == 0) {
      at = p + THIRD;
      if (at + 8 > limit) return takeLastName(p, limit);
      colon = firstColon(load<u64>(at));
      third = (load<u64>(at) | BITS_5) & below(colon);
      if (colon == 0) return 0;
    }
  }
  return ((<u64>idOf(first, second, third)) << 32) | (<u64>at + (ctz(colon) >>> 3));
}

/** The same near the end of what may be read. */
function takeLastName(p: usize, limit: usize): u64 {
  const colon = findByte(p, limit, 0x3a);
  return colon == limit ? 0 : ((<u64>headerOf(between(p, colon))) << 32) | (<u64>colon);
}

/** The high bit of the first byte that is a colon; 0 without one. */
// @ts-ignore: decorator
@inline
function firstColon(word: u64): u64 {
  const differs = word ^ COLONS;
  const same = (differs - ONES) & ~differs & HIGHS;
  return same & (0 - same);
}

/** All bits of the bytes before the one whose high bit is given; of all bytes for none. */
// @ts-ignore: decorator
@inline
function below(high: u64): u64 {
  return (high >>> 7) - 1;
}

/** The long form; EMPTY for Other. */
export function headerName(header: Header): Slice {
  return load<u64>(NAMES + header * 8);
}

/** Setting bit 5 makes letters small and changes no other byte of a name but control bytes. */
// @ts-ignore: decorator
@inline
function idOf(first: u64, second: u64, third: u64): Header {
  let bucket = hash(first, second, third);
  while (true) {
    const entry = <usize>load<u8>(BUCKET_TABLE + <usize>bucket) * ENTRY_BYTES + ENTRY_TABLE;
    if (load<u64>(entry) == first && load<u64>(entry, SECOND) == second && load<u64>(entry, THIRD) == third) {
      return <Header>load<u32>(entry, ID);
    }
    if (entry == ENTRY_TABLE) return Header.Other;
    bucket = (bucket + 1) & (BUCKETS - 1);
  }
}

// @ts-ignore: decorator
@inline
function hash(first: u64, second: u64, third: u64): u64 {
  return ((first + second * 31 + third * 17) * 0x9e3779b97f4a7c15) >>> 56;
}

/** Enters comma-separated names, each alone or with its compact form, and answers the next free id. */
function enterAll(words: Slice, first: u32): u32 {
  let h = first;
  for (; size(words) > 0; h++) {
    const entry = firstWord(words);
    const name = before(entry, 32);
    store<u64>(NAMES + h * 8, name);
    enter(name, h);
    if (size(name) != size(entry)) enter(tail(entry, size(name) + 1), h);
    words = otherWords(words);
  }
  return h;
}

function enter(name: Slice, h: u32): void {
  copyName(name);
  const entry = ENTRY_TABLE + ++entries * ENTRY_BYTES;
  memory.copy(entry, COPY, LONGEST);
  store<u64>(entry, h, ID);
  let bucket = hash(load<u64>(COPY), load<u64>(COPY, SECOND), load<u64>(COPY, THIRD));
  while (load<u8>(BUCKET_TABLE + <usize>bucket)) bucket = (bucket + 1) & (BUCKETS - 1);
  store<u8>(BUCKET_TABLE + <usize>bucket, <u8>entries);
}

function copyName(name: Slice): void {
  memory.fill(COPY, 0, LONGEST);
  const n = <usize>size(name);
  for (let i: usize = 0; i < n; i++) store<u8>(COPY + i, load<u8>(start(name) + i) | 0x20);
}
