// A question that only the host can answer: an address of a name, or our own address toward one.

import { EMPTY, equalsIgnoringCase, isPresent, Slice } from "../bytes/slice";
import { keep, release } from "../bytes/blocks";
import { Kind, openPool, Pool, Pooled } from "../handle/pool";
import { Question, RecordKind } from "../output/abi-numbers";
import { beginRecord, endRecord, reference, word } from "../output/output";


@unmanaged
export class Query extends Pooled {
  question: Question;
  /** Handle of the call or search that waits for the answer; 0 for none. */
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

/** Asks, and answers the query's handle; 0 when too many questions are open already. */
export function ask(question: Question, name: Slice, owner: u32): u32 {
  const kept = keep(name);
  const query = isPresent(kept) ? queries.take() : null;
  if (!query) {
    release(kept);
    return 0;
  }
  query.question = question;
  query.owner = owner;
  query.name = kept;
  sayQuery(query);
  return query.handle;
}

function sayQuery(query: Query): void {
  if (!beginRecord(RecordKind.Resolve)) return;
  word(query.handle);
  word(query.question);
  reference(query.name);
  endRecord();
}

/** Asks everything once more that has no answer yet. */
export function askAgain(): void {
  for (let i: u32 = 0; i < queries.reached; i++) {
    if (queries.isUsed(i)) sayQuery(queries.at(i));
  }
}

/** True while such a question is open. */
export function isAsked(question: Question, name: Slice): bool {
  for (let i: u32 = 0; i < queries.reached; i++) {
    if (!queries.isUsed(i)) continue;
    const query = queries.at(i);
    if (query.question == question && equalsIgnoringCase(query.name, name)) return true;
  }
  return false;
}

export function closeQuery(query: Query): void {
  release(query.name);
  query.name = EMPTY;
  queries.give(query);
}

/** Gives up waiting: a late answer then finds nothing. */
export function forgetQuery(handle: u32): void {
  const query = queries.find(handle);
  if (query) closeQuery(query);
}
