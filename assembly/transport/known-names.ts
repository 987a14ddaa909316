// What the name service said lately: its answers, by question and name, for as long as they may be used.
//
// A dialog's next hop may be a name (its Route or Contact): an ACK or BYE can't wait for a lookup, so an
// answer that has run out still serves there, and wherever the name service fails. The table is small and
// the oldest entry makes room.

import { EMPTY, equalsIgnoringCase, isPresent, size, Slice, tail } from "../bytes/slice";
import { keep, release } from "../bytes/blocks";
import { reserve } from "../bytes/arena";
import { Question } from "../output/abi-numbers";
import { nowMs } from "../time/clock";
import { MOST_RECORDS, nextRecord, openRecords, timeToLive } from "./resource-record";

const ENTRIES: i32 = 48;
/** That there is no answer is believed for so long: it may have been the name service that failed. */
const NO_ANSWER_MS: i64 = 5_000;
/** How long an answer that has run out may serve where there is no other (RFC 8767 §5). */
const STALE_MS: i64 = 86_400_000;
/** A time to live beyond a week is no better than a week (RFC 8767 §4). */
const MOST_SECONDS: i64 = 604_800;


@unmanaged
class KnownName {
  question: Question;
  /** Kept. */
  name: Slice;
  /** Kept; EMPTY for no answer. */
  lines: Slice;
  /** When to ask again. */
  until: i64;
  /** When the lines are worth nothing any more. */
  end: i64;
}

let table: usize = 0;
let next: i32 = 0;

export function openKnownNames(): void {
  table = reserve(<usize>ENTRIES * offsetof<KnownName>());
  next = 0;
}

function at(index: i32): KnownName {
  return changetype<KnownName>(table + <usize>index * offsetof<KnownName>());
}

function find(question: Question, name: Slice): KnownName | null {
  for (let i = 0; i < ENTRIES; i++) {
    const entry = at(i);
    if (entry.question == question && equalsIgnoringCase(entry.name, name)) return entry;
  }
  return null;
}

/** The question need not be asked: `lastLines` answers it. */
export function isKnown(question: Question, name: Slice): bool {
  const entry = find(question, name);
  return entry != null && entry.until > nowMs();
}

/** When the first of the answers about a server has run out; 0 if nothing is known. */
export function knownUntil(server: Slice): i64 {
  let until: i64 = 0;
  for (let i = 0; i < ENTRIES; i++) {
    const entry = at(i);
    if (isPresent(entry.lines) && isBelow(entry.name, server) && (!until || entry.until < until))
      until = entry.until;
  }
  return until;
}

/** The name itself, or one below it: `_sip._udp.example.com` belongs to example.com. */
function isBelow(name: Slice, server: Slice): bool {
  const more = size(name) - size(server);
  return more >= 0 && equalsIgnoringCase(tail(name, more), server);
}

/** The newest answer that there was, however old; EMPTY if none. */
export function lastLines(question: Question, name: Slice): Slice {
  const entry = find(question, name);
  return entry ? entry.lines : EMPTY;
}

/** Keeps an answer, and says what answers now: where there is none, the one before while it may serve. */
export function rememberLines(question: Question, name: Slice, lines: Slice): Slice {
  const seconds = shortestLife(lines);
  const known = find(question, name);
  // One condition in the other: coverage wraps each part of an &&, and then asc no longer sees that known is not null.
  if (known) {
    if (seconds < 0 && nowMs() < known.end) {
      known.until = nowMs() + NO_ANSWER_MS;
      return known.lines;
    }
  }
  const entry = known ? known : renew(question, name);
  if (!entry) return lines;
  release(entry.lines);
  entry.lines = seconds < 0 ? EMPTY : keep(lines);
  entry.until = nowMs() + (seconds < 0 ? NO_ANSWER_MS : seconds * 1000);
  entry.end = isPresent(entry.lines) ? entry.until + STALE_MS : 0;
  return lines;
}

/** Takes the oldest entry's place; null if the name can't be kept. */
function renew(question: Question, name: Slice): KnownName | null {
  const kept = keep(name);
  if (!isPresent(kept)) return null;
  const entry = at(next);
  next = (next + 1) % ENTRIES;
  release(entry.name);
  entry.name = kept;
  entry.question = question;
  return entry;
}

/** Seconds for which the whole answer may be used; -1 for an answer without records. */
function shortestLife(lines: Slice): i64 {
  let shortest: i64 = -1;
  openRecords(lines);
  for (let i = 0; i < MOST_RECORDS && nextRecord(); i++) {
    const seconds = min(timeToLive(), MOST_SECONDS);
    if (shortest < 0 || seconds < shortest) shortest = seconds;
  }
  return shortest;
}
