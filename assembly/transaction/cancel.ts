// CANCEL of an INVITE of ours (RFC 3261 §9.1).

import { EMPTY, size, Slice } from "../bytes/slice";
import { Method } from "../message/method";
import { startClient } from "./client";
import { createClient } from "./create";
import { writeHopRequest } from "./hop-request";
import { readKept } from "./kept-message";
import { readTopVia, topVia } from "./top-via";
import { State, Transaction, TransactionKind } from "./transaction";

/**
 * Sends a CANCEL in a transaction of its own. False, and nothing is sent, unless the INVITE has had a
 * provisional response and no final one, or if there is no room. `lines`: more headers, or EMPTY.
 */
export function sendCancel(t: Transaction, owner: u32, purpose: i32, lines: Slice, now: i64): bool {
  if (t.kind != TransactionKind.InviteClient || t.state != State.Proceeding) return false;
  const bytes = writeHopRequest(t, Method.Cancel, EMPTY, lines);
  if (size(bytes) == 0) return false;
  readTopVia(readKept(t));
  const branch = topVia.branch;
  const method = Method.Cancel;
  const c = createClient(
    bytes,
    method,
    branch,
    t.cseq,
    t.flow,
    t.isReliable,
    t.address,
    t.port,
    owner,
    purpose,
    now,
  );
  if (!c) return false;
  // It keeps the INVITE's time, not that of whoever asked last.
  c.t1 = t.t1;
  c.t2 = t.t2;
  c.t4 = t.t4;
  startClient(c, now);
  return true;
}
