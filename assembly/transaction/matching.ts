// Which transaction a message belongs to (RFC 3261 §17.1.3, §17.2.3, §9.2, §8.2.2.2).
//
// A key is a keyed 64-bit fingerprint of everything that must be equal:
//   response            branch, method of CSeq
//   request             branch, sent-by, method; ACK counts as INVITE
//   the same, RFC 2543  Request-URI, From tag, Call-ID, CSeq number, topmost Via, method; To tag unless INVITE
//   merged request      From tag, Call-ID, CSeq number, method, where there is no To tag
// CSeq numbers are compared besides, in the clear.

import { EMPTY, end, isPresent, lower, size, Slice, start } from "../bytes/slice";
import { sipHash } from "../crypto/sip-hash";
import { CSeq, parseCSeq } from "../message/cseq";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { Method, methodName } from "../message/method";
import { NameAddr, parseNameAddr } from "../message/name-addr";
import { Via } from "../message/via";
import { tagOf } from "../message/tag";
import { firstByKey, firstByMergeKey } from "./table";
import { hasCookie, openTopVia, readTopVia, topVia } from "./top-via";
import { Transaction } from "./transaction";

const cseq = changetype<CSeq>(memory.data(offsetof<CSeq>(), 8));
const address = changetype<NameAddr>(memory.data(offsetof<NameAddr>(), 8));

export function openMatching(): void {
  openTopVia();
}

/** The client transaction that a response answers. */
export function findClient(m: Message): Transaction | null {
  readTopVia(m);
  readCSeq(m);
  return find(clientKey(topVia.branch, cseq.methodText), false);
}

/** The server transaction of a request that came before, or of the INVITE that an ACK acknowledges. */
export function findServer(m: Message): Transaction | null {
  if (m.method != Method.Ack) return find(serverKey(m, m.methodText), true);
  const t = find(serverKey(m, methodName(Method.Invite)), true);
  if (!t || hasCookie()) return t;
  // By RFC 2543 the key of an ACK says nothing of the To tag: another UA's response may be meant.
  return t.toTag == 0 || t.toTag == tagKey(m, Header.To) ? t : null;
}

/** The INVITE that a CANCEL wants to end. */
export function findInviteToCancel(m: Message): Transaction | null {
  return find(serverKey(m, methodName(Method.Invite)), true);
}

/** The same request came another way before, most likely because a proxy forked it: 482. */
export function isMerged(m: Message): bool {
  const mergeKey = mergeKeyOf(m);
  if (mergeKey == 0) return false;
  const key = serverKey(m, m.methodText);
  let t = firstByMergeKey(mergeKey);
  while (t && (t.mergeKey != mergeKey || t.key == key)) t = t.nextByMergeKey;
  return t != null;
}

/** Notes in a server transaction what its request is known by. The topmost Via stays read. */
export function identify(t: Transaction, m: Message): void {
  t.method = m.method;
  t.mergeKey = mergeKeyOf(m);
  t.toTag = tagKey(m, Header.To);
  // Where To can't be read, nothing may be appended to it either.
  t.hasToTag = t.toTag != 0 || !parseNameAddr(m.header(Header.To), address);
  t.key = serverKey(m, m.methodText);
  t.cseq = cseq.number;
}

export function clientKey(branch: Slice, methodText: Slice): u64 {
  return sipHash(methodText, sipHash(branch));
}

/** Fingerprint of a tag, never 0; 0 without one. */
export function fingerprintOf(tag: Slice): u64 {
  return size(tag) > 0 ? sipHash(tag) | 1 : 0;
}

function find(key: u64, isServer: bool): Transaction | null {
  let t = firstByKey(key);
  while (t && !(t.key == key && t.cseq == cseq.number && t.isServer == isServer)) t = t.nextByKey;
  return t;
}

function serverKey(m: Message, methodText: Slice): u64 {
  readTopVia(m);
  readCSeq(m);
  if (hasCookie()) return sipHash(methodText, sipHash(topVia.branch, sentBy(topVia)));
  let key = sipHash(m.uri, <u64>cseq.number);
  key = sipHash(tagOf(m, Header.From), key);
  key = sipHash(m.header(Header.CallId), key);
  key = sipHash(topVia.whole, key);
  const isInvite = m.method == Method.Invite || m.method == Method.Ack || m.method == Method.Cancel;
  if (!isInvite) key = sipHash(tagOf(m, Header.To), key);
  return sipHash(methodText, key);
}

/** FNV-1a over host, in lower case, and port: what sipHash then keys. */
function sentBy(via: Via): u64 {
  let sum: u64 = 0xcbf29ce484222325 ^ (<u64>via.port);
  const stop = end(via.host);
  for (let p = start(via.host); p < stop; p++) sum = (sum ^ (<u64>lower(load<u8>(p)))) * 0x100000001b3;
  return sum;
}

/** 0 for a request that can't be merged. */
function mergeKeyOf(m: Message): u64 {
  if (m.method == Method.Ack || m.method == Method.Cancel || isPresent(tagOf(m, Header.To))) return 0;
  readCSeq(m);
  let key = sipHash(tagOf(m, Header.From), <u64>cseq.number);
  key = sipHash(m.header(Header.CallId), key);
  return sipHash(m.methodText, key) | 1;
}

function readCSeq(m: Message): void {
  if (m.isChecked) {
    cseq.number = m.cseq.number;
    cseq.methodText = m.cseq.methodText;
    return;
  }
  if (parseCSeq(m.header(Header.CSeq), cseq)) return;
  cseq.number = 0;
  cseq.methodText = EMPTY;
}

function tagKey(m: Message, header: Header): u64 {
  return fingerprintOf(tagOf(m, header));
}
