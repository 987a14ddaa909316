// Non-INVITE client transaction (RFC 3261 §17.1.2): any other request of ours.
//
//        send request        E: send it again, wait twice as long, T2 at most
//              |               |
//              v      1xx      |
//           Trying ---------> Proceeding     E: send it again, wait T2
//             | |                | |
//             | +---- 200-699 ---+-|-------> Completed ---- K ----> gone
//             |                    |
//             +---- F, failure ----+-------> Terminated
//
// Responses are passed on until Completed, which absorbs them.

import { Message } from "../message/message";
import { Timer } from "../time/timer";
import { terminate } from "./table";
import { expire, retransmit, startRetransmitting, State, Transaction, Verdict } from "./transaction";

export function startClient(t: Transaction, now: i64): void {
  enter(t, State.Trying, now, Verdict.Absorb);
}

export function receiveClientResponse(t: Transaction, m: Message, now: i64): Verdict {
  if (t.state > State.Proceeding) return Verdict.Absorb;
  return enter(t, m.status < 200 ? State.Proceeding : State.Completed, now, Verdict.Pass);
}

export function fireClient(t: Transaction, timer: Timer, now: i64): Verdict {
  switch (timer) {
    case Timer.E:
      if (t.state == State.Proceeding) t.interval = t.t2;
      return retransmit(t, Timer.E, t.t2, now);
    case Timer.F:
      return enter(t, State.Terminated, now, Verdict.TimedOut);
    default:
      return expire(t);
  }
}

/** Completed sends nothing, so that nothing of it can fail. */
export function clientFailed(t: Transaction, now: i64): Verdict {
  if (t.state > State.Proceeding) return Verdict.Absorb;
  return enter(t, State.Terminated, now, Verdict.Failed);
}

function enter(t: Transaction, next: State, now: i64, verdict: Verdict): Verdict {
  t.state = next;
  switch (next) {
    case State.Trying:
      startRetransmitting(t, Timer.E, now);
      t.timeout.arm(Timer.F, now + t.patience);
      break;
    case State.Completed:
      t.retransmit.stop();
      t.timeout.arm(Timer.K, t.isReliable ? now : now + t.t4);
      break;
    case State.Terminated:
      terminate(t, now);
      break;
  }
  return verdict;
}
