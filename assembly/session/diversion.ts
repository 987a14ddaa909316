// How a call came here past others: Diversion (RFC 5806) and History-Info (RFC 7044; RFC 4244 as Teams writes it).
// What can't be read is passed over, and never harms the call.

import { serverHost } from "../account/servers";
import { decimal, EMPTY, equals, equalsIgnoringCase, isPresent, Slice, w } from "../bytes/slice";
import { putUnescaped } from "../message/components";
import { nextAddress } from "../message/address";
import { before } from "../message/grammar";
import { Header } from "../message/header";
import { HistoryEntry, newHistoryEntry, parseHistoryEntry } from "../message/history-info";
import { Elements } from "../message/list";
import { Message } from "../message/message";
import { NameAddr } from "../message/name-addr";
import { parameter, unquote } from "../message/parameters";
import { parseReason, Reason } from "../message/reason";
import { hasWord } from "../message/token-list";
import { parseUri, sameUser, Uri } from "../message/uri";
import { phraseIn } from "../message/write";
import { mark, put, putLine, rewind, written } from "../output/output";
import { putRows } from "../transaction/copy-rows";
import { Key } from "../settings/keys";
import { number, text } from "../settings/settings";

/** A call that was diverted so often goes no further. */
const MOST_DIVERSIONS: i32 = 5;
const MOST_COUNTED: i64 = 99;

const all = changetype<Elements>(memory.data(offsetof<Elements>(), 8));
const address = changetype<NameAddr>(memory.data(offsetof<NameAddr>(), 8));
const uri = changetype<Uri>(memory.data(offsetof<Uri>(), 8));
const reason = changetype<Reason>(memory.data(offsetof<Reason>(), 8));
let entry: HistoryEntry = changetype<HistoryEntry>(0);

/** What readDiversions found: who diverted the call last, why, how often that was done; one of them was us. */
export let diverter: Slice = EMPTY;
export let diverterReason: Slice = EMPTY;
export let diversions: i32 = 0;
let wasUs: bool = false;

export function openDiversions(): void {
  entry = newHistoryEntry();
}

export function readDiversions(m: Message, account: i32): void {
  diverter = EMPTY;
  diversions = 0;
  wasUs = false;
  all.open(m, Header.Diversion);
  while (nextAddress(all, address)) {
    // The newest is the topmost.
    if (!isPresent(diverter)) note(address.uri, unquote(parameter(address.params, w("reason"))));
    const counter = decimal(parameter(address.params, w("counter")), MOST_COUNTED);
    see(m, account, address.uri, <i32>max<i64>(counter, 1));
  }
  if (diversions) return;
  all.open(m, Header.HistoryInfo);
  while (all.next()) {
    if (!parseHistoryEntry(all.element, entry) || !isPresent(entry.reason)) continue;
    const target = before(entry.address.uri, 0x3f);
    note(target, causeOf(entry.reason));
    see(m, account, target, 1);
  }
}

function note(by: Slice, why: Slice): void {
  diverter = by;
  diverterReason = why;
}

function see(m: Message, account: i32, by: Slice, times: i32): void {
  diversions += times;
  if (isOurs(account, by, m.requestUri.host)) wasUs = true;
}

/** SIP%3Bcause%3D486, in the words of Diversion (RFC 4458 §2). */
function causeOf(escaped: Slice): Slice {
  const from = mark();
  const isText = putUnescaped(escaped);
  const isReason = parseReason(written(from), reason);
  rewind(from);
  const known = w(
    "302unconditional,404unknown,408no-answer,480deflection,486user-busy,487deflection,503unavailable",
  );
  return isText && isReason ? phraseIn(known, reason.cause) : EMPTY;
}

/** The URI is that of the account. `ours`: how others write our address. */
export function isOurs(account: i32, one: Slice, ours: Slice): bool {
  if (!parseUri(one, uri) || !sameUser(uri.user, text(Key.UserName, account))) return false;
  return (
    equalsIgnoringCase(uri.host, ours) ||
    equalsIgnoringCase(uri.host, serverHost(account, 1)) ||
    equalsIgnoringCase(uri.host, serverHost(account, 2))
  );
}

/** It may be diverted once more; readDiversions was here. */
export function mayDivert(): bool {
  return !wasUs && diversions < MOST_DIVERSIONS;
}

/**
 * What a 302 says behind its Contact: by what mapping it came about, and the entries of the request (RFC 7044 §9.4,
 * §10.4), with the line end of Contact; of size 0 where the caller does not want to know.
 */
export function writeHistory(m: Message): Slice {
  const from = mark();
  let last: Slice = EMPTY;
  let isUs: bool = false;
  all.open(m, Header.HistoryInfo);
  while (all.next()) {
    if (!parseHistoryEntry(all.element, entry) || !isPresent(entry.index)) continue;
    last = entry.index;
    isUs = equals(before(entry.address.uri, 0x3f), m.uri);
  }
  const isSilent = !isPresent(last) && !supportsHistory(m);
  if (isSilent || !number(Key.FwdDiversion)) return written(from);
  put(w(";mp="));
  putIndex(last, isUs);
  putLine();
  putRows(m, Header.HistoryInfo, w("History-Info"));
  if (isUs) return written(from);
  // On behalf of the one who sent it here (§9.1).
  put(w("History-Info: <"));
  put(m.uri);
  put(w(">;index="));
  putIndex(last, false);
  putLine();
  return written(from);
}

/** 1, that of the last entry, or 0 behind it where one is missing (§10.3). */
function putIndex(last: Slice, isWhole: bool): void {
  put(isPresent(last) ? last : w("1"));
  if (isPresent(last) && !isWhole) put(w(".0"));
}

function supportsHistory(m: Message): bool {
  for (let row = m.find(Header.Supported); row >= 0; row = m.find(Header.Supported, row + 1)) {
    if (hasWord(m.value(row), w("histinfo"))) return true;
  }
  return false;
}
