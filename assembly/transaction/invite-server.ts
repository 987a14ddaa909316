// INVITE server transaction (RFC 3261 §17.2.1 with RFC 6026 §7.1): the peer's INVITE.
//
//             INVITE        200 ms without a response: 100
//                |           1xx sent
//                v          INVITE: send the newest response again
//           Proceeding
//             |    |
//         2xx |    +-- 300-699 ---> Completed ---- ACK ----> Confirmed ---- I ----> gone
//             v                        |  G: send it again, wait twice as long, T2 at most
//         Accepted -- L --> gone       |  INVITE: send it again
//      2xx again: send it              +-- H --> Terminated
//      ACK: pass
//
// A failure of the transport ends none of them (RFC 6026). Repeating the 2xx is the core's.

import { EMPTY } from "../bytes/slice";
import { release } from "../bytes/blocks";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { Timer } from "../time/timer";
import { terminate } from "./table";
import { expire, resend, retransmit, startRetransmitting, State, Transaction, Verdict } from "./transaction";

/** The core has this long before 100 goes out for it (§17.2.1). */
const TRYING_MS: i64 = 200;

export function startInviteServer(t: Transaction, now: i64): void {
  t.state = State.Proceeding;
  t.retransmit.arm(Timer.Trying, now + TRYING_MS);
}

export function receiveInviteRequest(t: Transaction, m: Message, now: i64): Verdict {
  if (m.method == Method.Ack) return receiveAck(t, now);
  if (t.state == State.Proceeding || t.state == State.Completed) resend(t);
  return Verdict.Absorb;
}

function receiveAck(t: Transaction, now: i64): Verdict {
  switch (t.state) {
    case State.Accepted:
      // An ACK of RFC 2543, which has no branch of its own (RFC 6026 §6).
      return Verdict.Pass;
    case State.Completed:
      enterInviteServer(t, State.Confirmed, now);
      return Verdict.Acknowledged;
    default:
      return Verdict.Absorb;
  }
}

/** The state that sending such a response leads to; Terminated if it may not be sent. */
export function inviteStateAfter(t: Transaction, status: i32): State {
  const isSuccess = status >= 200 && status < 300;
  if (t.state == State.Accepted && isSuccess) return State.Accepted;
  if (t.state != State.Proceeding) return State.Terminated;
  if (isSuccess) return State.Accepted;
  return status < 200 ? State.Proceeding : State.Completed;
}

export function fireInviteServer(t: Transaction, timer: Timer, now: i64): Verdict {
  switch (timer) {
    case Timer.G:
      return retransmit(t, Timer.G, t.t2, now);
    case Timer.H:
      enterInviteServer(t, State.Terminated, now);
      return Verdict.TimedOut;
    default:
      return expire(t);
  }
}

export function enterInviteServer(t: Transaction, next: State, now: i64): void {
  const isSame = t.state == next;
  t.state = next;
  t.retransmit.stop();
  switch (next) {
    case State.Accepted:
      if (!isSame) t.timeout.arm(Timer.L, now + t.patience);
      break;
    case State.Completed:
      startRetransmitting(t, Timer.G, now);
      t.timeout.arm(Timer.H, now + t.patience);
      break;
    case State.Confirmed:
      // The response stays: a CANCEL that was overtaken takes its tag from there. Another one won't be written.
      release(t.head);
      t.head = EMPTY;
      t.recordRoutes = EMPTY;
      t.timeout.arm(Timer.I, t.isReliable ? now : now + t.t4);
      break;
    case State.Terminated:
      terminate(t, now);
      break;
  }
}
