// Header field names, long and compact, in any case (RFC 3261 §7.3.1, §7.3.3).

import { reserve } from "../bytes/arena";
import { byteAt, end, size, Slice, start, tail, w } from "../bytes/slice";
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
const BUCKETS: u32 = 256;
const BITS_5: u64 = 0x2020202020202020;

let names: usize = 0; // one Slice for each Header
let compacts: usize = 0; // one byte for each Header: its compact form, or 0
let buckets: usize = 0; // one Header for each bucket; a full one sends on to the next

export function openHeaders(): void {
  names = reserve(HEADERS * 8);
  compacts = reserve(HEADERS);
  buckets = reserve(BUCKETS);
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
  return allOf(name, Class.Token) ? headerAt(start(name), end(name)) : Header.Other;
}

/** The same for the bytes from p up to stop, of which none may be a control byte. */
export function headerAt(p: usize, stop: usize): Header {
  if (p == stop) return Header.Other;
  let bucket = hash(p, stop - p);
  while (true) {
    const h = load<u8>(buckets + (bucket & (BUCKETS - 1)));
    if (h == 0) return Header.Other;
    if (isNameOf(h, p, stop - p)) return <Header>h;
    bucket++;
  }
}

/** The long form; EMPTY for Other. */
export function headerName(header: Header): Slice {
  return load<u64>(names + header * 8);
}

/** Enters comma-separated names, each alone or with its compact form, and answers the next free id. */
function enterAll(words: Slice, first: u32): u32 {
  let h = first;
  for (; size(words) > 0; h++) {
    const entry = firstWord(words);
    const name = before(entry, 32);
    store<u64>(names + h * 8, name);
    enter(name, <u8>h);
    if (size(name) != size(entry)) {
      const compact = tail(entry, size(name) + 1);
      store<u8>(compacts + h, byteAt(compact, 0));
      enter(compact, <u8>h);
    }
    words = otherWords(words);
  }
  return h;
}

function enter(name: Slice, h: u8): void {
  let bucket = hash(start(name), <usize>size(name));
  while (load<u8>(buckets + (bucket & (BUCKETS - 1)))) bucket++;
  store<u8>(buckets + (bucket & (BUCKETS - 1)), h);
}

function isNameOf(h: u8, p: usize, n: usize): bool {
  if (n == 1) return (load<u8>(p) | 0x20) == load<u8>(compacts + h);
  const name = headerName(<Header>h);
  return <usize>size(name) == n && sameName(p, start(name), n);
}

/** n bytes in any case: bit 5 makes no difference to a letter, and of "-" it makes a control byte. */
function sameName(p: usize, q: usize, n: usize): bool {
  if (n >= 8) {
    for (let i: usize = 0; i + 8 < n; i += 8) {
      if ((load<u64>(p + i) ^ load<u64>(q + i)) & ~BITS_5) return false;
    }
    return ((load<u64>(p + n - 8) ^ load<u64>(q + n - 8)) & ~BITS_5) == 0;
  }
  if (n >= 4) {
    const differs = (load<u32>(p) ^ load<u32>(q)) | (load<u32>(p + n - 4) ^ load<u32>(q + n - 4));
    return (differs & ~(<u32>BITS_5)) == 0;
  }
  for (let i: usize = 0; i < n; i++) {
    if ((load<u8>(p + i) ^ load<u8>(q + i)) & 0xdf) return false;
  }
  return true;
}

/** Of the first and last bytes and the length; the same for upper and lower case. */
// @ts-ignore: decorator
@inline
function hash(p: usize, n: usize): u32 {
  let sum: u32 = <u32>(load<u8>(p) | 0x20);
  if (n >= 4) sum = (load<u32>(p) | (<u32>BITS_5)) ^ ((load<u32>(p + n - 4) | (<u32>BITS_5)) >>> 3);
  else if (n > 1) sum += (<u32>(load<u8>(p + n - 1) | 0x20)) << 8;
  return ((sum + <u32>n) * 0x9e3779b1) >>> 24;
}
