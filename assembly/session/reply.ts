// A final answer without a body, now.

import { EMPTY, Slice } from "../bytes/slice";
import { putBody } from "../message/write";
import { nowMs } from "../time/clock";
import { respond, sendResponse } from "../transaction/response";
import { Transaction } from "../transaction/transaction";

/** `tag` is ours, EMPTY where no dialog begins or stands. */
export function reply(t: Transaction, status: i32, tag: Slice): void {
  respond(t, status, tag, nowMs());
}

/** Ends the response that was begun at the mark: it has no body. */
export function endReply(t: Transaction, at: usize, status: i32): void {
  putBody(EMPTY, EMPTY);
  sendResponse(t, at, status, nowMs());
}
