// An INVITE outside any dialog: what has to be true before the phone rings (RFC 3261 §8.2, §13.3.1).

import { EMPTY, size } from "../bytes/slice";
import { Message } from "../message/message";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { Call, countCalls, releaseCall, takeCall } from "../session/call";
import { canAnswer, MediaVerdict, sdpOf } from "../session/media";
import { refuseMedia, respondTimer } from "../session/received-change";
import { useAccountTimers } from "../account/servers";
import { ringIn } from "../session/ring";
import { judgeTimerRequest } from "../session/timer-answer";
import { resetCallTimer } from "../session/call-timer";
import { Transaction } from "../transaction/transaction";
import { isIPv6 } from "../transport/address";
import { accountOf, mayCall, mayNotDisturb } from "./account";
import { isGoingOff } from "./command";
import {
  hasForeignBody,
  hasUnknownScheme,
  refuseBody,
  refuseExtensions,
  refusesSdp,
  respondWith,
} from "./refuse";

export function receiveInvite(t: Transaction, m: Message, sequence: u32): void {
  if (hasUnknownScheme(m)) return respondWith(t, 416, EMPTY);
  const account = accountOf(m.uri, t.address);
  if (!account) return respondWith(t, 404, EMPTY);
  if (!mayCall(account, t.address)) return respondWith(t, 403, EMPTY);
  const hasTimer = number(Key.SessionTimerEnable, account) != 0;
  if (refuseExtensions(t, m, hasTimer)) return;
  if (hasForeignBody(m)) return refuseBody(t);
  if (refusesSdp(m)) return respondWith(t, 406, EMPTY);
  if (isGoingOff()) return respondWith(t, 480, EMPTY);
  if (mayNotDisturb(account)) return respondWith(t, number(Key.DndRefuseCode), EMPTY);
  if (isBusy()) return respondWith(t, 486, EMPTY);
  const call = takeCall(account, false);
  if (!call) return respondWith(t, 486, EMPTY);
  begin(call, t, m, sequence);
}

/** A second call is presented only with call waiting. */
function isBusy(): bool {
  return countCalls() > 0 && !number(Key.CallWaitingEnable);
}

function begin(call: Call, t: Transaction, m: Message, sequence: u32): void {
  useAccountTimers(call.account);
  resetCallTimer(call, false);
  t.owner = call.handle;
  const status = judgeTimerRequest(call.timer, m, true);
  if (status) {
    respondTimer(call.timer, t, status, EMPTY);
    return releaseCall(call);
  }
  const sdp = sdpOf(m);
  const verdict = size(sdp) ? canAnswer(call.account, isIPv6(t.address), sdp) : MediaVerdict.Agreed;
  if (verdict != MediaVerdict.Agreed) {
    refuseMedia(t, verdict, EMPTY);
    return releaseCall(call);
  }
  const refused = ringIn(call, t, m, sequence);
  if (refused) respondWith(t, refused, EMPTY);
}
