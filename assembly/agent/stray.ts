// A 2xx to an INVITE whose call is over: the other side now has a call that nobody here wants.
//
// It is acknowledged and hung up (RFC 3261 §13.2.2.4), as a late fork is, from what the response itself says.

import { EMPTY, w } from "../bytes/slice";
import { releaseDialog, takeDialog } from "../dialog/dialog";
import { establishAsCaller, keepIdentity } from "../dialog/establish";
import { beginRequest, branch, nextSequence } from "../dialog/in-dialog-request";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { tagOf } from "../message/tag";
import { putBody } from "../message/write";
import { sayBytes, written } from "../output/output";
import { Counter } from "../output/abi-numbers";
import { Purpose } from "../session/request";
import { nowMs } from "../time/clock";
import { createClient, fingerprintOf, Transaction } from "../transaction/transaction";
import { findFlow } from "../transport/flow";
import { count } from "./counters";

/** A response whose transaction has no owner any more. */
export function receiveStrayResponse(t: Transaction, m: Message): void {
  if (!isUnwantedCall(t, m)) return count(Counter.Stray);
  const flow = findFlow(t.flow);
  const d = flow ? takeDialog(0, t.flow) : null;
  if (!flow || !d) return count(Counter.NoRoom);
  if (!establishAsCaller(d, m) || !keepIdentity(d, flow.localAddress, w("-"))) return releaseDialog(d);
  d.localSequence = t.cseq;
  const ack = beginRequest(d, Method.Ack, t.cseq);
  putBody(EMPTY, EMPTY);
  sayBytes(d.flow, d.address, d.port, written(ack));
  const sequence = nextSequence(d);
  const bye = beginRequest(d, Method.Bye, sequence);
  const key = branch;
  putBody(EMPTY, EMPTY);
  const bytes = written(bye);
  const client = createClient(
    bytes,
    Method.Bye,
    key,
    sequence,
    d.flow,
    flow.isReliable,
    d.address,
    d.port,
    d.handle,
    Purpose.ByeFork,
    nowMs(),
  );
  if (!client) releaseDialog(d);
}

// The 2xx to a re-INVITE, or once more that of a call which has been and gone, needs nothing: a BYE was there.
function isUnwantedCall(t: Transaction, m: Message): bool {
  if (<Purpose>t.purpose != Purpose.Invite || m.status < 200 || m.status >= 300) return false;
  return t.toTag == 0 || t.toTag != fingerprintOf(tagOf(m, Header.To));
}
