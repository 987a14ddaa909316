// Keeping the session alive (RFC 4028 §10): when our refresh is due, when the call is given up.

import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { Method } from "../message/method";
import { Counter } from "../output/abi-numbers";
import { count } from "../output/counters";
import { endCall } from "./bye";
import { Call, CallState, Change } from "./call";
import { Side } from "./call-events";
import { isAsking, startChange } from "./change";
import { EndRule } from "./end-rule";
import { RefreshMethod } from "./refresh-method";
import { attemptsUntilMs, expiryMs, isRunning, mayAttempt, Refresher, refreshMethod } from "./session-timer";

/** After every 2xx that may have changed it: one side waits for its turn, the other for the end. */
export function armSessionTimers(call: Call): void {
  count(Counter.Changes);
  const t = call.timer;
  call.refresh.stop();
  call.expiry.stop();
  call.refreshIsDue = false;
  if (!isRunning(t)) return;
  if (t.refresher == Refresher.Local) {
    call.refresh.arm(Timer.Refresh, t.refreshAtMs);
    call.expiry.arm(Timer.SessionExpiry, attemptsUntilMs(t) + 1);
  } else {
    call.expiry.arm(Timer.SessionExpiry, expiryMs(t));
  }
}

/** Our refresh is due. While another request of ours is open it waits, and that one may make it needless. */
export function refreshSession(call: Call): void {
  if (!isRunning(call.timer) || call.timer.refresher != Refresher.Local) return;
  if (call.state != CallState.Up || call.change != Change.None) {
    call.refreshIsDue = true;
    return;
  }
  call.refreshIsDue = false;
  // Waking up late, after suspend: either there is still time for an attempt, or it is over.
  if (!mayAttempt(call.timer, nowMs())) return giveUp(call);
  call.changedMethod = false;
  call.changeTries = 0;
  startChange(call, Change.Refresh, methodFor(call));
}

/** The method of the setting; `auto` looks at what the peer allows. An UPDATE that was refused was the last. */
function methodFor(call: Call): Method {
  if (call.refreshMethod == RefreshMethod.Auto) return refreshMethod(call.timer);
  const isUpdate = call.refreshMethod == RefreshMethod.Update && !call.timer.updateWasRefused;
  return isUpdate ? Method.Update : Method.Invite;
}

/** The interval is over: BYE, unless our last attempt is still running, which has a bound of its own. */
export function expireSession(call: Call): void {
  if (!isRunning(call.timer)) return;
  if (call.timer.refresher == Refresher.Local) {
    if (isAsking(call)) return;
    return giveUp(call);
  }
  endCall(call, Side.Local, 408, EndRule.SessionExpired);
}

export function giveUp(call: Call): void {
  endCall(call, Side.Local, 408, EndRule.RefreshTooLate);
}
