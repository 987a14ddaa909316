// The session timer's policy from the settings of the call's account, read once when the call begins.

import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { Call } from "./call";
import { RefreshMethod } from "./refresh-method";
import { resetTimer } from "./session-timer";

export function resetCallTimer(call: Call, isOutgoing: bool): void {
  const account = call.account;
  const mayUpdate = number(Key.SessionTimerAllowUpdate, account) != 0;
  const method = mayUpdate ? number(Key.SessionTimerRefreshMethod, account) : <i32>RefreshMethod.ReInvite;
  call.refreshMethod = <RefreshMethod>method;
  resetTimer(
    call.timer,
    number(Key.SessionTimerEnable, account) != 0,
    number(Key.SessionTimerExpires, account),
    number(Key.SessionTimerMinSe, account),
    number(Key.SessionTimerRefresher, account) == 1,
    number(Key.SessionTimerPeerWithoutTimer, account) == 1,
    true,
    number(Key.SessionTimerExpiryGrace, account),
    isOutgoing,
  );
}
