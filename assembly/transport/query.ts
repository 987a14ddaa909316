// A question that only the host can answer: an address of a name, or our own address toward one.

import { EMPTY, isPresent, Slice } from "../bytes/slice";
import { keep, release } from "../bytes/blocks";
import { Kind, openPool, Pool, Pooled } from "../handle/pool";
import { Question, RecordKind } from "../output/abi-numbers";
import { beginRecord, endRecord, reference, word } from "../output/output";

@unmanaged
export class Query extends Pooled {
  question: Question;
  /** Handle of the call, or number of the account, that waits for the answer. */
  owner: u32;
  /** Kept: what was asked. */
  name: Slice;
}

let queries: Pool<Query> = changetype<Pool<Query>>(0);

export function openQueries(count: u32): void {
  queries = openPool<Query>(Kind.Query, count);
}

export function findQuery(handle: u32): Query | null {
  return queries.find(handle);
}

/** Asks; false when too many questions are open already. */
export function ask(question: Question, name: Slice, owner: u32): bool {
  const kept = keep(name);
  const query = isPresent(kept) ? queries.take() : null;
  if (!query) {
    release(kept);
    return false;
  }
  query.question = question;
  query.owner = owner;
  query.name = kept;
  if (beginRecord(RecordKind.Resolve)) {
    word(query.handle);
    word(question);
    reference(kept);
    endRecord();
  }
  return true;
}

export function closeQuery(query: Query): void {
  release(query.name);
  query.name = EMPTY;
  queries.give(query);
}

/** Forgets what an owner asked: a late answer then finds nothing. */
export function forgetQueries(owner: u32): void {
  for (let i: u32 = 0; i < queries.count; i++) {
    if (queries.isUsed(i) && queries.at(i).owner == owner) closeQuery(queries.at(i));
  }
}
