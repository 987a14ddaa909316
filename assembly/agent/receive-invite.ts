// An INVITE outside any dialog: what has to be true before the phone rings (RFC 3261 §8.2, §13.3.1).

import { isRegisteredAt } from "../account/way";
import { EMPTY, size, Slice, w } from "../bytes/slice";
import { Message } from "../message/message";
import { Key } from "../settings/keys";
import { number, text } from "../settings/settings";
import { isForbidden, judgeAnswer } from "../session/auto-answer";
import { Call, countCalls, releaseCall, takeCall } from "../session/call";
import { isAnonymous, isListed, partyUri, readCaller } from "../session/caller";
import { mayDivert, readDiversions, writeHistory } from "../session/diversion";
import { Forward, reasonOf, sayTurnedAway, sendForward, writeForward } from "../session/forward";
import { canAnswer, MediaVerdict, sdpOf } from "../session/media";
import { refuseMedia, respondTimer } from "../session/received-change";
import { findReplaced, replaced } from "../session/replaces";
import { hasServer, useAccountTimers } from "../account/servers";
import { ringIn } from "../session/ring";
import { judgeTimerRequest } from "../session/timer-answer";
import { resetCallTimer } from "../session/call-timer";
import { Transaction } from "../transaction/transaction";
import { isIPv6 } from "../transport/address";
import { mayNotDisturb } from "../account/do-not-disturb";
import { accountOf, isFromServer, mayCall } from "./account";
import { isGoingOff } from "./command";
import { takeControl } from "./control";
import {
  hasForeignBody,
  hasUnknownScheme,
  isControl,
  refuseBody,
  refuseExtensions,
  refuseUnreliable,
  refusesSdp,
  respondWith,
} from "./refuse";

export function receiveInvite(t: Transaction, m: Message, sequence: u32): void {
  if (hasUnknownScheme(m)) return respondWith(t, 416, EMPTY);
  const account = accountOf(m.uri, t.address);
  if (!account) return respondWith(t, 404, EMPTY);
  if (!mayCall(account, t.address)) return respondWith(t, 403, EMPTY);
  const hasTimer = number(Key.SessionTimerEnable, account) != 0;
  if (refuseExtensions(t, m, hasTimer, account)) return;
  if (refuseUnreliable(t, m, account)) return;
  if (hasForeignBody(m)) return refuseBody(t);
  if (refusesSdp(m)) return respondWith(t, 406, EMPTY);
  if (isGoingOff()) return respondWith(t, 480, EMPTY);
  const isTrusted = isFromServer(account, t.address);
  readCaller(m, account, isTrusted);
  readDiversions(m, account);
  if (isControl(m)) {
    const control = takeControl(t, m, account);
    if (control) begin(control, t, m, sequence);
    return;
  }
  const status = judgeReplaces(m, account, isTrusted);
  if (status) return respondWith(t, status, EMPTY);
  if (replaced) return takeOver(t, m, sequence, account, isTrusted);
  if (isAnonymous && number(Key.RejectAnonymous, account))
    return turnAway(t, account, number(Key.AnonymousResponseCode), w("anonymous"));
  const mayForward =
    mayDivert() && !(number(Key.FwdEmergency) && isListed(text(Key.FwdEmergencyNumbers), partyUri));
  if (mayForward && forward(t, m, account, Forward.Always)) return;
  if (
    mayNotDisturb(account) &&
    !(number(Key.DndEmergency) && isListed(text(Key.DndEmergencyNumbers), partyUri))
  )
    return turnAway(t, account, number(Key.DndRefuseCode), w("dnd"));
  let call: Call | null = null;
  if (!isBusy()) call = takeCall(account, false);
  if (call) {
    call.isTrusted = isTrusted;
    call.mayForward = mayForward;
    return begin(call, t, m, sequence);
  }
  if (mayForward && forward(t, m, account, Forward.Busy)) return;
  turnAway(t, account, 486, w("busy"));
}

function turnAway(t: Transaction, account: i32, status: i32, why: Slice): void {
  respondWith(t, status, EMPTY);
  sayTurnedAway(account, status, why, EMPTY);
}

/** False where the settings forward no such calls, or to ourselves. */
function forward(t: Transaction, m: Message, account: i32, kind: Forward): bool {
  const target = writeForward(account, kind, m.requestUri.host);
  if (!size(target)) return false;
  const history = writeHistory(m);
  sendForward(t, EMPTY, account, kind, target, history, m.requestUri.host);
  sayTurnedAway(account, 302, reasonOf(kind), target);
  return true;
}

/** The dialog's names alone are proof where there is no server to vouch for anybody. */
function judgeReplaces(m: Message, account: i32, isTrusted: bool): i32 {
  const status = findReplaced(m);
  return replaced && hasServer(account) && !isTrusted ? 403 : status;
}

/** The new call is answered at once in place of one that stands: nobody is disturbed, and nobody is busy. */
function takeOver(t: Transaction, m: Message, sequence: u32, account: i32, isTrusted: bool): void {
  const call = takeCall(account, false, true);
  if (!call) return respondWith(t, 486, EMPTY);
  call.isTrusted = isTrusted;
  call.replaces = replaced!.handle;
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
  judgeAnswer(call, m, isRegisteredAt(call.account, t.address), !call.isTrusted);
  if (isForbidden) {
    respondWith(t, 403, EMPTY);
    return releaseCall(call);
  }
  const refused = ringIn(call, t, m, sequence);
  if (refused) respondWith(t, refused, EMPTY);
}
