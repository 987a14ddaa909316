// What comes back for our INVITE (RFC 3261 §13.2.2): provisional, success, failure, and the forks of each.

import { noteAuthenticationInfo } from "../auth/attempts";
import { size } from "../bytes/slice";
import { Dialog, DialogState, matchDialog } from "../dialog/dialog";
import { establishAsCaller, forkDialog } from "../dialog/establish";
import { isRouteSetWhole } from "../dialog/route-set";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { tagOf } from "../message/tag";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { findTransaction, fingerprintOf } from "../transaction/transaction";
import { endCall, sendBye, sendByeOfFork } from "./bye";
import { Call, CallState, releaseForks, stopSearching } from "./call";
import { sayEstablished, sayRinging, Side } from "./call-events";
import { cancelNow } from "./cancel";
import { continueWith } from "./change";
import { inherit, settle, takeEarlyAnswer } from "./early-media";
import { EndRule } from "./end-rule";
import { tryElsewhere } from "./fail-over";
import { resendInvite } from "./invite";
import { stayAtTarget } from "./locate";
import { MediaVerdict, sdpOf } from "./media";
import { noteParty } from "./party";
import { tellReferrer } from "./received-refer";
import { acknowledgeRinging, isReliable } from "./prack";
import { followRedirect, isRedirect } from "./redirect";
import { armSessionTimers } from "./refresh";
import { acknowledge, acknowledgeAgain, noteChallenge } from "./request";
import { receiveTimerSuccess, receiveTooSmall, TooSmall } from "./timer-request";

/** A response to the INVITE `sequence`. */
export function receiveInviteResponse(call: Call, m: Message, sequence: u32): void {
  if (m.status < 200) receiveProvisional(call, m, sequence);
  else if (m.status < 300) receiveSuccess(call, m, sequence);
  else receiveFailure(call, m, sequence);
}

function receiveProvisional(call: Call, m: Message, sequence: u32): void {
  if (call.state == CallState.Cancelling) {
    // Only now may the CANCEL leave (§9.1).
    if (call.wantsEnd) cancelNow(call);
    return;
  }
  if (call.state == CallState.Calling) startRingback(call);
  if (m.status == 100) return;
  const fork = joinFork(call, m, sequence);
  const reliable = isReliable(call, m);
  if (reliable && !acknowledgeRinging(call, fork, m)) return;
  sayRinging(call, m.status);
  noteParty(call, call.dialog!, m);
  tellReferrer(call, m.status);
  takeEarlyAnswer(call, fork, sdpOf(m), reliable);
}

function startRingback(call: Call): void {
  call.state = CallState.Proceeding;
  call.guard.stop();
  stayAtTarget(call);
  const seconds = number(Key.RingbackTimeout);
  if (seconds) call.guard.arm(Timer.Ringback, nowMs() + <i64>seconds * 1000);
}

/**
 * Each To tag is an early dialog of its own (§12.1). Where no dialog is free the fork simply has to wait
 * for its 2xx.
 */
function joinFork(call: Call, m: Message, sequence: u32): Dialog | null {
  const tag = tagOf(m, Header.To);
  if (!size(tag)) return null;
  const known = matchDialog(m.header(Header.CallId), tagOf(m, Header.From), tag);
  if (known) return known;
  const fork = forkDialog(call.dialog!, call.handle, m, sequence);
  if (!fork) return null;
  fork.nextFork = call.forks;
  call.forks = fork;
  return fork;
}

function receiveSuccess(call: Call, m: Message, sequence: u32): void {
  const d = call.dialog!;
  if (d.isConfirmed) return receiveLateSuccess(call, d, m, sequence);
  call.guard.stop();
  stopSearching(call);
  const fork = matchDialog(m.header(Header.CallId), tagOf(m, Header.From), tagOf(m, Header.To));
  if (fork && fork != d) inherit(d, fork);
  releaseForks(call);
  if (!establishAsCaller(d, m)) return endCall(call, Side.Local, 500, EndRule.NoMemory);
  const isRouted = isRouteSetWhole;
  rememberTag(call, m);
  noteAuthenticationInfo(call.attempts, m);
  receiveTimerSuccess(call.timer, m, sequence, true, nowMs());
  acknowledge(call, d, sequence, 0);
  call.state = CallState.Up;
  // CANCEL came too late, or was never sent (§9.1): the call is up, so it is hung up.
  if (call.wantsEnd) return sendBye(call, call.endRule, call.endStatus);
  // A proxy that wants to see every request would not see ours.
  if (!isRouted) return endCall(call, Side.Local, 400, EndRule.BadRoute);
  if (!takeFinalAnswer(call, m)) return;
  armSessionTimers(call);
  sayEstablished(call);
  noteParty(call, d, m);
  continueWith(call);
}

// When the call has been and gone, its 2xx may come once more: agent/stray.ts.
function rememberTag(call: Call, m: Message): void {
  const t = findTransaction(call.invite);
  if (t) t.toTag = fingerprintOf(tagOf(m, Header.To));
}

function takeFinalAnswer(call: Call, m: Message): bool {
  if (settle(call, call.dialog!, sdpOf(m)) == MediaVerdict.Agreed) return true;
  endCall(call, Side.Local, 488, EndRule.BadAnswer);
  return false;
}

/** The 2xx once more, or the 2xx of another fork: ACK, and BYE to that one (§13.2.2.4). */
function receiveLateSuccess(call: Call, d: Dialog, m: Message, sequence: u32): void {
  const known = matchDialog(m.header(Header.CallId), tagOf(m, Header.From), tagOf(m, Header.To));
  if (known == d) {
    if (d.ackSequence == sequence) acknowledgeAgain(d);
  } else if (known) acknowledgeAgain(known);
  else sendByeOfFork(call, m, sequence);
}

function receiveFailure(call: Call, m: Message, sequence: u32): void {
  // A fork may be up already: the failure of the rest changes nothing.
  if (call.dialog!.state == DialogState.Confirmed) return;
  call.guard.stop();
  releaseForks(call);
  if (call.state == CallState.Cancelling) return endCall(call, Side.Local, m.status, EndRule.UserCancelled);
  if (isChallenge(m)) {
    if (noteChallenge(call, m)) return resendInvite(call);
    return endCall(call, Side.Remote, m.status, EndRule.CredentialsRefused, m.reason);
  }
  if (m.status == 422) {
    if (receiveTooSmall(call.timer, m, true) != TooSmall.GiveUp) return resendInvite(call, true);
    return endCall(call, Side.Remote, 422, EndRule.TooSmallInterval, m.reason);
  }
  if (isRedirect(call, m)) return followRedirect(call, m);
  if (m.status == 503 || call.isEmergency)
    return tryElsewhere(call, m, m.status, EndRule.PeerRefused, m.reason);
  endCall(call, Side.Remote, m.status, EndRule.PeerRefused, m.reason);
}

export function isChallenge(m: Message): bool {
  return m.status == 401 || m.status == 407;
}
