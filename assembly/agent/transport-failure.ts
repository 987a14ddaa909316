// A packet could not leave, or came back as unreachable (RFC 3261 §18.4): whoever waits for its answer
// need not wait any longer. Rare, so a walk over the table is good enough.

import { equals, Slice } from "../bytes/slice";
import { receiveConnection } from "../session/session";
import { registrationFlowLost } from "../registration/registrations";
import { nowMs } from "../time/clock";
import { returnToUdp } from "../transaction/large-request";
import { transactionAt, transactionPlaces } from "../transaction/table";
import { State, Transaction } from "../transaction/transaction";
import { report } from "./tick";

/** Fails every request of ours to that address which has no answer at all yet. */
export function receiveSendFailure(flow: u32, address: Slice, port: i32): void {
  for (let place: u32 = 0; place < transactionPlaces(); place++) {
    const t = transactionAt(place);
    if (!t || t.isServer || !isUnanswered(t)) continue;
    if (t.flow != flow || t.port != port || !equals(t.address, address)) continue;
    report(t, t.transportFailed(nowMs()));
  }
}

/** Fails every request that waits on a flow which is gone, and tells who waits for the flow itself. */
export function receiveFlowLoss(flow: u32): void {
  receiveConnection(flow, false);
  for (let place: u32 = 0; place < transactionPlaces(); place++) {
    const t = transactionAt(place);
    if (!t || t.isServer || !t.isOpen || t.flow != flow) continue;
    if (!returnToUdp(t)) report(t, t.transportFailed(nowMs()));
  }
  registrationFlowLost(flow);
}

function isUnanswered(t: Transaction): bool {
  return t.state == State.Calling || t.state == State.Trying;
}
