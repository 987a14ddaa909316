// The session timer's policy from the settings of the call's account, read once when the call begins.

import { w } from "../bytes/slice";
import { mark, put, putNumber, written } from "../output/output";
import { Key } from "../settings/keys";
import { putName } from "../settings/name";
import { beginRejections, canTell, tell } from "../settings/rejected";
import { number } from "../settings/settings";
import { Call } from "./call";
import { RefreshMethod } from "./refresh-method";
import { resetTimer } from "./session-timer";

export function resetCallTimer(call: Call, isOutgoing: bool): void {
  const account = call.account;
  const mayUpdate = number(Key.SessionTimerAllowUpdate, account) != 0;
  const method = mayUpdate ? number(Key.SessionTimerRefreshMethod, account) : <i32>RefreshMethod.ReInvite;
  call.refreshMethod = <RefreshMethod>method;
  const isEnabled = number(Key.SessionTimerEnable, account) != 0;
  const expires = number(Key.SessionTimerExpires, account);
  const minSE = number(Key.SessionTimerMinSe, account);
  if (isEnabled && expires < minSE) tellRaised(account, minSE);
  resetTimer(
    call.timer,
    isEnabled,
    expires,
    minSE,
    number(Key.SessionTimerRefresher, account) == 1,
    number(Key.SessionTimerPeerWithoutTimer, account) == 1,
    true,
    number(Key.SessionTimerExpiryGrace, account),
    isOutgoing,
  );
}

// Each of the two may be set after the other, so this can only be said when they are used together.
function tellRaised(account: i32, minSE: i32): void {
  beginRejections(0);
  if (!canTell()) return;
  const key = mark();
  putName(Key.SessionTimerExpires, account);
  const name = written(key);
  const from = mark();
  put(w("min_se..7200, taken as "));
  putNumber(minSE);
  tell(name, written(from));
}
