// An arrow of a state machine as one row: what an input does in a state. Every pair of both must have one.

import { Timer } from "../../../assembly/time/timer";
import { findTransaction, State, Transaction, Verdict } from "../../../assembly/transaction/transaction";
import { NOW, sent, timers } from "./wire";

/** What a transaction may be handed; timers follow as TIMER + Timer. */
export const enum Input {
  Provisional = 0,
  Success,
  Failure,
  /** A second INVITE, or other request. */
  Request,
  Ack,
  TransportFailure,
  /** The 1xx, 2xx, 300-699 of the core. */
  SendProvisional,
  SendSuccess,
  SendFailure,
}
export const TIMER = 16;

const seen = new StaticArray<bool>(2 * 8 * 64);
let rows = 0;

export function openArrows(): void {
  for (let i = 0; i < seen.length; i++) seen[i] = false;
  rows = 0;
}

/** Notes that there is a row for this pair; no pair may have two. */
export function mark(isReliable: bool, state: State, input: i32): void {
  const place = ((isReliable ? 8 : 0) + <i32>state) * 64 + input;
  assert(!seen[place], "two rows for one arrow");
  seen[place] = true;
  rows++;
}

export function rowCount(): i32 {
  return rows;
}

/** Everything that the input left behind. `timers`: relative to NOW; "gone" for a transaction given back. */
export function outcome(t: Transaction, handle: u32, verdict: Verdict): string {
  const state = findTransaction(handle) ? stateName(t.state) : "gone";
  const left = findTransaction(handle) ? timers(t, NOW) : "";
  return state + ", " + verdictName(verdict) + ", [" + sent() + "], " + left;
}

/** True if the timer can't pass in the state that t is in. */
export function isNotArmed(t: Transaction, timer: Timer): bool {
  return !t.retransmit.isArmed(timer) && !t.timeout.isArmed(timer);
}

export function stateName(state: State): string {
  switch (state) {
    case State.Calling:
      return "Calling";
    case State.Trying:
      return "Trying";
    case State.Proceeding:
      return "Proceeding";
    case State.Accepted:
      return "Accepted";
    case State.Completed:
      return "Completed";
    case State.Confirmed:
      return "Confirmed";
    default:
      return "Terminated";
  }
}

function verdictName(verdict: Verdict): string {
  switch (verdict) {
    case Verdict.Absorb:
      return "absorb";
    case Verdict.Pass:
      return "pass";
    case Verdict.Acknowledged:
      return "acknowledged";
    case Verdict.TimedOut:
      return "timed out";
    case Verdict.Failed:
      return "failed";
    default:
      return "gone";
  }
}
