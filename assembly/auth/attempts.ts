// The challenges that a call or a registration has met, and its answers to them (RFC 3261 §22, RFC 7616).
//
//   401, 407: noteChallenge       true: send the request once more
//   any request: putCredentials   answers to all that were met, so that the next one needs no second try
//   2xx: noteAuthenticationInfo   the nonce for the next one
//   a new request: beginAttempts

import { reserve } from "../bytes/arena";
import { keep, release } from "../bytes/blocks";
import { between, EMPTY, end, equals, isPresent, size, slice, Slice, start } from "../bytes/slice";
import { AuthenticationInfo, parseAuthenticationInfo } from "../message/authentication-info";
import { Challenge, parseChallenge } from "../message/challenge";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { Method, methodName } from "../message/method";
import { hexDigit, mark, put, rewind, written } from "../output/output";
import { isSession } from "./algorithm";
import { isAnswerable, writeCredentials } from "./credentials";
import {
  behind,
  cnonceOf,
  countUse,
  findRow,
  isOfProxy,
  putRow,
  readRow,
  setTries,
  triesOf,
  wholeRow,
} from "./met";
import { Proof } from "./proof";

/** Proxies on one way, each with a realm of its own: a request that is challenged more often is given up. */
const MOST_CHALLENGES: i32 = 5;
/** Realms that are kept, and looked at in one response; where there are more, those of the newest response stay. */
const MOST_REALMS: i32 = 8;


@unmanaged
export class Attempts {
  /** Rows of met.ts. Kept. */
  met: Slice;
  /** How often the request that is open was challenged. */
  challenges: i32;
}

const challenge = changetype<Challenge>(memory.data(offsetof<Challenge>(), 8));
const known = changetype<Challenge>(memory.data(offsetof<Challenge>(), 8));
const info = changetype<AuthenticationInfo>(memory.data(offsetof<AuthenticationInfo>(), 8));
const proof = changetype<Proof>(memory.data(offsetof<Proof>(), 8));
/** Of the nonce count that is written. */
const digits = memory.data(8);

/** For an object that lives in a pool: made once, with it. */
export function newAttempts(): Attempts {
  return changetype<Attempts>(reserve(offsetof<Attempts>()));
}

/** Forgets all challenges: the next request carries no credentials. */
export function forgetChallenges(a: Attempts): void {
  release(a.met);
  a.met = EMPTY;
  a.challenges = 0;
}

/** A new request, not the same once more. */
export function beginAttempts(a: Attempts): void {
  a.challenges = 0;
}

// ---- a challenge ----

/**
 * Notes the challenges of a 401 or 407: of each realm the topmost that we can answer (RFC 8760 §2.4), servers'
 * and proxies' alike, because a proxy that forked joins what it got (RFC 3261 §16.7). True if the request is worth
 * sending once more: one of them can be answered, and the last answer to none of them was simply wrong.
 */
export function noteChallenge(a: Attempts, m: Message, hasCredentials: bool): bool {
  if (!hasCredentials || a.challenges == MOST_CHALLENGES) return false;
  const from = mark();
  const isMet = meet(a, m, Header.WwwAuthenticate, from) && meet(a, m, Header.ProxyAuthenticate, from);
  const fresh = between(from, mark());
  const isWorthIt = isMet && size(fresh) > 0 && keepBeside(a, fresh);
  rewind(from);
  if (isWorthIt) a.challenges++;
  return isWorthIt;
}

/** Writes rows for the challenges of that name. False if one says that our credentials are wrong. */
function meet(a: Attempts, m: Message, header: Header, from: usize): bool {
  const isProxy = header == Header.ProxyAuthenticate;
  for (let row = m.find(header); row >= 0; row = m.find(header, row + 1)) {
    if (!parseChallenge(m.value(row), challenge) || !isAnswerable(challenge)) continue;
    const fresh = between(from, mark());
    if (findRow(fresh, isProxy, challenge.realm, known) || countRows(fresh) == MOST_REALMS) continue;
    const before = findRow(a.met, isProxy, challenge.realm, known);
    const tries = before && a.challenges ? triesOf(before) : 0;
    if (!mayRetry(tries, challenge.stale, before != 0 && equals(known.nonce, challenge.nonce))) return false;
    putRow(challenge, isProxy, tries + 1);
  }
  return true;
}

/**
 * `tries`: how often this request answered a challenge of this realm before. `isStale` and `isSameNonce` are of the
 * challenge that came now: isSameNonce is true if our last answer used that very nonce.
 *
 * Rejected credentials are not tried again, unless only the nonce was too old (RFC 3261 §22.1), and that once: a
 * server whose nonces are always stale would keep us busy for ever.
 */
export function mayRetry(tries: i32, isStale: bool, isSameNonce: bool): bool {
  if (tries == 0) return true;
  return tries == 1 && isStale && !isSameNonce;
}

/** Keeps what came now, behind the rows of the realms that were content or not asked, as far as there is room. */
function keepBeside(a: Attempts, fresh: Slice): bool {
  const from = mark();
  if (countRows(a.met) + countRows(fresh) <= MOST_REALMS) putOthers(a, fresh);
  put(fresh);
  return keepRows(a, from);
}

function putOthers(a: Attempts, fresh: Slice): void {
  for (let row = start(a.met); row < end(a.met); row = behind(row)) {
    if (!readRow(row, challenge) || findRow(fresh, isOfProxy(row), challenge.realm, known)) continue;
    if (a.challenges == 0) setTries(row, 0);
    put(wholeRow(row));
  }
}

function countRows(rows: Slice): i32 {
  let count = 0;
  for (let row = start(rows); row < end(rows); row = behind(row)) count++;
  return count;
}

/** Keeps the rows written since `from` in place of those before; false, and nothing changed, without room. */
function keepRows(a: Attempts, from: usize): bool {
  const rows = keep(written(from));
  if (!isPresent(rows)) return false;
  release(a.met);
  a.met = rows;
  return true;
}

// ---- what a 2xx says ----

/** Takes the nonce for the next request from Authentication-Info (RFC 7616 §3.5). */
export function noteAuthenticationInfo(a: Attempts, m: Message): void {
  const value = m.header(Header.AuthenticationInfo);
  if (!isPresent(value) || !parseAuthenticationInfo(value, info) || !size(info.nextNonce)) return;
  const changed = rowOfInfo(a.met);
  // The key of a session is made of its first nonce; some servers take the newest. A stale nonce is understood by both.
  if (!changed || !readRow(changed, challenge) || isSession(challenge.algorithm)) return;
  challenge.nonce = info.nextNonce;
  const from = mark();
  for (let row = start(a.met); row < end(a.met); row = behind(row)) {
    if (row == changed) putRow(challenge, false, triesOf(row));
    else put(wholeRow(row));
  }
  keepRows(a, from);
  rewind(from);
}

/** The server's row that it speaks of: that of the cnonce if it says one, else the newest; 0 for none. */
function rowOfInfo(rows: Slice): usize {
  let found: usize = 0;
  for (let row = start(rows); row < end(rows); row = behind(row)) {
    if (!isOfProxy(row) && (!isPresent(info.cnonce) || equals(info.cnonce, cnonceOf(row)))) found = row;
  }
  return found;
}

// ---- credentials ----

/** Writes a line of credentials for every challenge that was met. `uri` is the Request-URI. */
export function putCredentials(
  a: Attempts,
  method: Method,
  uri: Slice,
  user: Slice,
  password: Slice,
  body: Slice,
): void {
  proof.method = methodName(method);
  proof.uri = uri;
  proof.user = user;
  proof.password = password;
  proof.body = body;
  for (let row = start(a.met); row < end(a.met); row = behind(row)) {
    if (!readRow(row, challenge)) continue;
    proof.cnonce = cnonceOf(row);
    proof.count = countInDigits(countUse(row));
    writeCredentials(challenge, isOfProxy(row), proof);
  }
}

/** Goes on counting behind uses that nobody remembers. */
export function skipUses(a: Attempts, uses: u32): void {
  for (let row = start(a.met); row < end(a.met); row = behind(row)) countUse(row, uses);
}

/** nc-value = 8LHEX */
function countInDigits(count: u32): Slice {
  for (let i: u32 = 0; i < 8; i++) store<u8>(digits + i, hexDigit((<u8>(count >>> (28 - 4 * i))) & 15));
  return slice(digits, 8);
}
