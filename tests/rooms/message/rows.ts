// Rows that were written, and messages with one row more.

import { equals, size, slice, Slice, start, w } from "../../../assembly/bytes/slice";
import { behind } from "../../../assembly/message/grammar";
import { Message, openMessage } from "../../../assembly/message/message";
import { mark, openOutput, written } from "../../../assembly/output/output";
import { openTestArena } from "../support/arena";
import { beginInvite, line, parsed } from "./text";

let from: usize = 0;

/** At the start of each test. */
export function openRows(): void {
  openTestArena();
  openMessage();
  openOutput();
  from = mark();
}

/** What was written since the last such question is exactly this. */
export function wrote(expected: Slice): bool {
  const text = written(from);
  from = mark();
  return equals(text, expected);
}

/** The value of the one row that was written since: to be parsed again. */
export function writtenValue(): Slice {
  const row = written(from);
  from = mark();
  const value = behind(row, 32);
  return slice(start(value), size(value) - 2);
}

export function withRow(row: Slice): Message {
  beginInvite();
  line(row);
  line(w(""));
  return parsed();
}

/** The same, to see what is where with two rows. */
export function withRows(one: Slice, other: Slice): Message {
  beginInvite();
  line(one);
  line(other);
  line(w(""));
  return parsed();
}
