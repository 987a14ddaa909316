// A final answer without a body, now.

import { Slice } from "../bytes/slice";
import { nowMs } from "../time/clock";
import { respond } from "../transaction/response";
import { Transaction } from "../transaction/transaction";

/** `tag` is ours, EMPTY where no dialog begins or stands. */
export function reply(t: Transaction, status: i32, tag: Slice): void {
  respond(t, status, tag, nowMs());
}
