// INVITE client transaction (RFC 3261 §17.1.1 with RFC 6026 §7.2): our INVITE.
//
//            send INVITE                        A: send INVITE again, wait twice as long
//                 |                                       |
//                 v          1xx                          |
//             Calling -------------> Proceeding        (Calling)
//               | | \                 | |
//   B, failure  | |  +------ 2xx -----+-|------> Accepted ---- M ----> gone
//   Terminated <+ |                     |           2xx: pass
//                 +------ 300-699 ------+------> Completed --- D ----> gone
//                         send ACK                  300-699: send ACK again
//
// Responses are passed on but for what Accepted and Completed absorb. The ACK to a 2xx is the core's.

import { Message } from "../message/message";
import { Timer } from "../time/timer";
import { acknowledge } from "./ack";
import { terminate } from "./table";
import { expire, resend, retransmit, startRetransmitting, State, Transaction, Verdict } from "./transaction";

/** Timer D is at least this long, whatever T1 is (RFC 6026 §8.4): the peer's T1 is not known. */
const SHORTEST_D_MS: i64 = 32000;

export function startInviteClient(t: Transaction, now: i64): void {
  enter(t, State.Calling, now, Verdict.Absorb);
}

export function receiveInviteResponse(t: Transaction, m: Message, now: i64): Verdict {
  switch (t.state) {
    case State.Calling:
    case State.Proceeding:
      if (m.status >= 300) acknowledge(t, m);
      return enter(t, stateAfter(m.status), now, Verdict.Pass);
    case State.Accepted:
      return m.status >= 200 && m.status < 300 ? Verdict.Pass : Verdict.Absorb;
    case State.Completed:
      if (m.status >= 300) resend(t);
      return Verdict.Absorb;
    default:
      return Verdict.Absorb;
  }
}

function stateAfter(status: i32): State {
  if (status < 200) return State.Proceeding;
  return status < 300 ? State.Accepted : State.Completed;
}

export function fireInviteClient(t: Transaction, timer: Timer, now: i64): Verdict {
  switch (timer) {
    case Timer.A:
      return retransmit(t, Timer.A, i32.MAX_VALUE, now);
    case Timer.B:
      return enter(t, State.Terminated, now, Verdict.TimedOut);
    default:
      return expire(t);
  }
}

/** Accepted sends nothing, so that nothing of it can fail. */
export function inviteClientFailed(t: Transaction, now: i64): Verdict {
  if (t.state >= State.Accepted && t.state != State.Completed) return Verdict.Absorb;
  return enter(t, State.Terminated, now, Verdict.Failed);
}

function enter(t: Transaction, next: State, now: i64, verdict: Verdict): Verdict {
  t.state = next;
  t.retransmit.stop();
  t.timeout.stop();
  switch (next) {
    case State.Calling:
      startRetransmitting(t, Timer.A, now);
      t.timeout.arm(Timer.B, now + t.patience);
      break;
    case State.Accepted:
      // The INVITE stays: the 2xx of another fork may come when the call is over (agent/stray.ts).
      t.timeout.arm(Timer.M, now + t.patience);
      break;
    case State.Completed:
      t.timeout.arm(Timer.D, t.isReliable ? now : now + max(t.patience, SHORTEST_D_MS));
      break;
    case State.Terminated:
      terminate(t, now);
      break;
  }
  return verdict;
}
