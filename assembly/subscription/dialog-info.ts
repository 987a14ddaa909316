// The calls of somebody else, for a busy lamp (RFC 4235). A document tells all of them, or what has changed; what a
// subscription has heard of calls that go on is kept in rows, so that one lamp stands for all calls of its entity.
//
// row = hash of the entity | hash of the dialog's id | rank

import { lineAt } from "../bytes/lines";
import { decimal, EMPTY, equals, Slice, w } from "../bytes/slice";
import { sipHash } from "../crypto/sip-hash";
import { wordIndex } from "../message/token-list";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { attribute, depth, name, nextTag, openXml, Tag, text } from "../xml/reader";
import { forgetLamp, Lamp, sayLamp } from "./lamp";
import { MOST_ROWS, ROW_BYTES, Subscription } from "./subscription";

/** What a lamp shows of several calls: the one of the highest rank. */
const enum Rank {
  /** No call, or one that is over. */
  None = 0,
  Trying,
  Proceeding,
  Confirmed,
  /** It rings: that is what somebody may want to pick up. */
  Early,
}

const lamp = changetype<Lamp>(memory.data(offsetof<Lamp>(), 8));
/** The dialog that is read. */
const next = changetype<Lamp>(memory.data(offsetof<Lamp>(), 8));
let nextId: Slice = EMPTY;

/** Every tag can be read, so that half a document changes nothing. */
export function isWhole(document: Slice): bool {
  openXml(document);
  let tag = nextTag();
  while (tag > Tag.End) tag = nextTag();
  return tag == Tag.End;
}

/**
 * Says `lamp` for the document's entity; what is no such document changes nothing. `isOfList`: one of several in a NOTIFY, whose versions do not count.
 * Behind a gap the subscription `needsAll`.
 */
export function readDialogInfo(account: i32, s: Subscription | null, document: Slice, isOfList: bool): void {
  if (!isWhole(document)) return;
  openXml(document);
  nextTag();
  if (!equals(name, w("dialog-info"))) return;
  const isAll = !equals(attribute(w("state")), w("partial"));
  if (s && !isOfList && !takeVersion(s, decimal(attribute(w("version"))), isAll)) return;
  const entity = attribute(w("entity"));
  const key = <u32>sipHash(entity);
  if (s && isAll) forgetRows(s, key);
  forgetLamp(lamp);
  let best = Rank.None;
  let tag = nextTag();
  for (; tag > Tag.End; tag = nextTag()) {
    if (tag == Tag.Open) readElement();
    else if (depth == 1) {
      const rank = rankOf(next.state);
      if (s) keepRow(s, key, <u32>sipHash(nextId), rank);
      if (rank > best) {
        best = rank;
        memory.copy(changetype<usize>(lamp), changetype<usize>(next), offsetof<Lamp>());
      }
    }
  }
  sayBest(account, s, key, entity, best, isOfList);
}

/** A call that was heard of before may count for more than those in this document. */
function sayBest(
  account: i32,
  s: Subscription | null,
  key: u32,
  entity: Slice,
  best: Rank,
  isOfList: bool,
): void {
  const kept = s ? bestRow(s, key) : Rank.None;
  if (kept > best) {
    forgetLamp(lamp);
    lamp.state = nameOf(kept);
  } else if (best == Rank.None) lamp.state = w("idle");
  sayLamp(account, entity, lamp, isOfList);
}

/** The document follows the one before, or does not need it (RFC 4235 §4.3). */
function takeVersion(s: Subscription, version: i64, isAll: bool): bool {
  const isNext = s.version >= 0 && version == s.version + 1;
  if (isAll || isNext) {
    s.version = version;
    return true;
  }
  if (version <= s.version) return false;
  s.version = -1;
  s.needsAll = true;
  return false;
}

function readElement(): void {
  switch (depth) {
    case 2:
      forgetLamp(next);
      nextId = attribute(w("id"));
      next.callId = attribute(w("call-id"));
      next.localTag = attribute(w("local-tag"));
      next.remoteTag = attribute(w("remote-tag"));
      next.direction = attribute(w("direction"));
      return;
    case 3:
      if (equals(name, w("state"))) next.state = text;
      next.isRemote = equals(name, w("remote"));
      return;
    case 4:
      if (!next.isRemote) return;
      if (equals(name, w("identity"))) {
        next.remote = text;
        next.display = attribute(w("display"));
      } else if (equals(name, w("target"))) next.target = attribute(w("uri"));
  }
}

function rankOf(state: Slice): Rank {
  return <Rank>(wordIndex(w("trying,proceeding,confirmed,early"), state) + 1);
}

function nameOf(rank: Rank): Slice {
  return lineAt(w("trying\nproceeding\nconfirmed\nearly"), rank - 1);
}

// ---- rows ----

function rowAt(s: Subscription, index: i32): usize {
  return s.rows + <usize>(index * ROW_BYTES);
}

/** A call of rank None leaves no row; without room it is not remembered. */
function keepRow(s: Subscription, entity: u32, id: u32, rank: Rank): void {
  let index = 0;
  while (index < s.rowCount && !isRow(rowAt(s, index), entity, id)) index++;
  if (rank == Rank.None) return dropRow(s, index);
  if (index == MOST_ROWS) return;
  const row = rowAt(s, index);
  store<u32>(row, entity);
  store<u32>(row, id, 4);
  store<u32>(row, rank, 8);
  s.rowCount = max(s.rowCount, index + 1);
}

function isRow(row: usize, entity: u32, id: u32): bool {
  return load<u32>(row) == entity && load<u32>(row, 4) == id;
}

function dropRow(s: Subscription, index: i32): void {
  if (index < s.rowCount) memory.copy(rowAt(s, index), rowAt(s, --s.rowCount), ROW_BYTES);
}

/** All calls of the entity. */
function forgetRows(s: Subscription, entity: u32): void {
  for (let index = s.rowCount; index > 0; index--) {
    if (load<u32>(rowAt(s, index - 1)) == entity) dropRow(s, index - 1);
  }
}

function bestRow(s: Subscription, entity: u32): Rank {
  let best = Rank.None;
  for (let index = 0; index < s.rowCount; index++) {
    const row = rowAt(s, index);
    if (load<u32>(row) == entity) best = max(best, <Rank>load<u32>(row, 8));
  }
  return best;
}

// ---- lists (RFC 4662 §5) ----

/**
 * Reads what a list says of its members: whoever it can't watch has a lamp that is `unknown`. False, if it is to be asked
 * for as a whole again before its parts count.
 */
export function readList(s: Subscription, document: Slice): bool {
  if (!isWhole(document)) return true;
  openXml(document);
  nextTag();
  const isAll = !equals(attribute(w("fullState")), w("false"));
  const version = decimal(attribute(w("version")));
  if (number(Key.BlfListVersion) && !takeVersion(s, version, isAll)) return false;
  let uri: Slice = EMPTY;
  for (let tag = nextTag(); tag > Tag.End; tag = nextTag()) {
    if (tag != Tag.Open) continue;
    if (equals(name, w("resource"))) uri = attribute(w("uri"));
    else if (equals(name, w("instance")) && equals(attribute(w("state")), w("terminated")))
      sayUnknown(s, uri);
  }
  return true;
}

function sayUnknown(s: Subscription, uri: Slice): void {
  forgetRows(s, <u32>sipHash(uri));
  forgetLamp(lamp);
  lamp.state = w("unknown");
  sayLamp(s.account, uri, lamp, true);
}
