// Non-INVITE server transaction (RFC 3261 §17.2.2 with RFC 4320): any other request of the peer.
//
//        request
//           |      when the peer's Timer E has grown to T2: send 100
//           v                             |
//        Trying --------------------------+---> Proceeding
//           |                                       |      request: send the 100 again
//           +------------- 200-699 -----------------+------> Completed ---- J ----> gone
//                                                     request: send the response again
//
// RFC 4320 §4.1 leaves no provisional response but that 100, which goes out without being asked for,
// and §4.2 no 408. Where the core never answers, J runs from the start: by then the peer has given up.

import { Timer } from "../time/timer";
import { allowRecycling, terminate } from "./table";
import { expire, resend, State, Transaction, Verdict } from "./transaction";

export function startServer(t: Transaction, now: i64): void {
  t.state = State.Trying;
  t.retransmit.arm(Timer.Trying, now + untilT2(t));
  t.timeout.arm(Timer.J, now + t.patience);
}

/** How long Timer E of the peer takes to be set to T2, if its timers are ours: 3.5 s by default. */
function untilT2(t: Transaction): i64 {
  let waited = t.t1;
  for (let interval = t.t1 << 1; interval < t.t2; interval <<= 1) waited += interval;
  return waited;
}

/** A retransmission of the request. */
export function receiveServerRequest(t: Transaction): Verdict {
  if (t.state == State.Proceeding || t.state == State.Completed) resend(t);
  return Verdict.Absorb;
}

/** The state that sending such a response leads to; Terminated if it may not be sent. */
export function serverStateAfter(t: Transaction, status: i32): State {
  if (t.state > State.Proceeding || status == 408) return State.Terminated;
  return status < 200 ? State.Terminated : State.Completed;
}

export function fireServer(t: Transaction): Verdict {
  return expire(t);
}

/** Trying has sent nothing, so that nothing of it can fail. */
export function serverFailed(t: Transaction, now: i64): Verdict {
  if (t.state != State.Proceeding && t.state != State.Completed) return Verdict.Absorb;
  enterServer(t, State.Terminated, now);
  return Verdict.Failed;
}

export function enterServer(t: Transaction, next: State, now: i64): void {
  t.state = next;
  t.retransmit.stop();
  switch (next) {
    case State.Completed:
      allowRecycling(t);
      t.timeout.arm(Timer.J, t.isReliable ? now : now + t.patience);
      break;
    case State.Terminated:
      terminate(t, now);
      break;
  }
}
