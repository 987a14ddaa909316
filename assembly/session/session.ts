// What happens to a call from outside: a response, a time-out, a deadline, an answer from the host.

import { wayTo } from "../account/way";
import { EMPTY, Slice } from "../bytes/slice";
import { Message } from "../message/message";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { Timer } from "../time/timer";
import { destroy, findTransaction, Transaction } from "../transaction/transaction";
import { findSearch, Found, Search, skipQuestion } from "../transport/destination";
import { acceptAgain, ackTimedOut } from "./answer";
import { endCall, sendByeAfterChange, sendByeAgain, sendByeNow } from "./bye";
import { Call, callAt, callPlaces, CallState, releaseCall } from "./call";
import { sayEnded, Side } from "./call-events";
import { cancelCall } from "./cancel";
import { changeIsSilent, changeTimedOut, isAsking, receiveChangeResponse, retryChange } from "./change";
import { digitsFailed, receiveDigitResponse } from "./digits";
import { EndRule } from "./end-rule";
import { goesElsewhere, moveOn, tryElsewhere } from "./fail-over";
import { proceed } from "./invite";
import { isChallenge, receiveInviteResponse } from "./invite-response";
import { locate, takeLocalAddress } from "./locate";
import { endReport, receiveReportResponse } from "./received-refer";
import { receiveReferResponse, transferFailed } from "./refer";
import { expireSession, refreshSession } from "./refresh";
import { receivePrackResponse, ringAgain } from "./prack";
import { noteChallenge, Purpose } from "./request";
import { answerByItself, forwardUnanswered, rejectCall, ring, sendRinging } from "./ring";

/** A response that its client transaction passes up. */
export function receiveCallResponse(call: Call, t: Transaction, m: Message): void {
  switch (<Purpose>t.purpose) {
    case Purpose.Invite:
      return receiveInviteResponse(call, m, t.cseq);
    case Purpose.Change:
    case Purpose.ChangeLeft:
      return receiveChangeResponse(call, t, m);
    case Purpose.Bye:
      return receiveByeResponse(call, m);
    case Purpose.Refer:
      return receiveReferResponse(call, m);
    case Purpose.Notify:
      return receiveReportResponse(call, m);
    case Purpose.Prack:
      return receivePrackResponse(call, m);
    case Purpose.Info:
      return receiveDigitResponse(call, m);
  }
}

function receiveByeResponse(call: Call, m: Message): void {
  if (m.status < 200) return;
  if (isChallenge(m) && noteChallenge(call, m)) sendByeAgain(call);
  else releaseCall(call);
}

/** No final response (408), or not to be sent at all (0): RFC 3261 §8.1.3.1. */
export function callRequestFailed(call: Call, purpose: Purpose, status: i32): void {
  switch (purpose) {
    case Purpose.Invite:
      if (call.state >= CallState.Up) return;
      if (call.wantsEnd) return endCall(call, Side.Local, 487, EndRule.UserCancelled);
      if (status) return endCall(call, Side.Remote, 408, EndRule.NoAnswerFromPeer);
      return tryElsewhere(call, null, 503, EndRule.TransportFailed, EMPTY);
    case Purpose.Change:
      return changeTimedOut(call, status);
    case Purpose.Bye:
      if (goesElsewhere(call, null)) sendByeAgain(call);
      else releaseCall(call);
      return;
    case Purpose.Refer:
      return transferFailed(call, status ? status : 503);
    case Purpose.Notify:
      return endReport(call);
    case Purpose.Info:
      return digitsFailed(call, status ? status : 503);
  }
}

/** A deadline of the call has passed. */
export function fireCall(call: Call, timer: Timer): void {
  switch (timer) {
    case Timer.Refresh:
      return refreshSession(call);
    case Timer.SessionExpiry:
      return expireSession(call);
    case Timer.Accept:
      return acceptAgain(call);
    case Timer.Reliable:
      return ringAgain(call);
    case Timer.AcceptTimeout:
      return ackTimedOut(call);
    case Timer.Provisional:
      return sendRinging(call);
    case Timer.Ringing:
      return rejectCall(call, number(Key.NoAnswerCode), EndRule.RingTimeout);
    case Timer.Forward:
      return forwardUnanswered(call);
    case Timer.Answer:
      return answerByItself(call);
    case Timer.Ringback:
      return ringbackTimedOut(call);
    case Timer.Glare:
    case Timer.Retry:
      return retryChange(call);
    case Timer.Resolve:
      return locationTimedOut(call);
    case Timer.Change:
      return patienceIsOver(call);
    case Timer.Silence:
      return meetSilence(call);
    case Timer.Transfer:
      return transferFailed(call, 408);
  }
}

/** The request that is open was sent as often as the settings want it sent to one target. */
function meetSilence(call: Call): void {
  if (call.state == CallState.Calling) moveOn(call);
  else if (call.state == CallState.Up) changeIsSilent(call);
  else if (call.state == CallState.Ending && goesElsewhere(call, null)) sendByeAgain(call);
}

function ringbackTimedOut(call: Call): void {
  endByUser(call, 408, EndRule.RingbackTimeout);
}

// The search may have another way to go; our own address is what can't be done without.
function locationTimedOut(call: Call): void {
  const s = findSearch(call.search);
  const mayGoOn = s != null && call.query == 0;
  goOn(call, mayGoOn ? locateWithout(call, s!) : Found.No);
}

function locateWithout(call: Call, s: Search): Found {
  skipQuestion(s);
  return locate(call);
}

// In Cancelling: the peer has not even answered the INVITE after CANCEL, so it is gone (§9.1).
function patienceIsOver(call: Call): void {
  if (call.state == CallState.Up || isAsking(call)) return changeTimedOut(call, 408);
  const t = findTransaction(call.invite);
  if (t) destroy(t);
  releaseCall(call);
}

/** A timer of the call could not be run: the call ends without it. */
export function endFaulty(call: Call): void {
  if (call.isOver) patienceIsOver(call);
  else hangUp(call, EndRule.Fault);
}

/** The host has said what our own address is; EMPTY for none. */
export function receiveLocalAddress(call: Call, answer: Slice): void {
  const found = takeLocalAddress(call, answer);
  goOn(call, found == Found.Yes && call.isOutgoing ? locate(call) : found);
}

/** The search of the call can go on; unless the call has been heard of meanwhile. */
export function receiveTargets(call: Call): void {
  if (call.isAimed) return;
  call.guard.stop();
  goOn(call, locate(call));
}

/** Calls that have left every other server go on when the account is registered at the one that they wait for. */
export function tendAwaiting(): void {
  for (let place = 0; place < callPlaces(); place++) {
    const call = callAt(place);
    if (call && call.awaitedWay && !call.isAimed && wayTo(call.account, call.awaitedWay).isRegistered)
      receiveTargets(call);
  }
}

/** A connection is there, or will not come: the calls that wait for it go on, there or elsewhere. */
export function receiveConnection(flow: u32, isOpen: bool): void {
  for (let place = 0; place < callPlaces(); place++) {
    const call = callAt(place);
    if (!call || call.flow != flow || call.state != CallState.Locating) continue;
    if (isOpen) goOn(call, locate(call));
    else tryElsewhere(call, null, 503, EndRule.TransportFailed, EMPTY);
  }
}

function goOn(call: Call, found: Found): void {
  if (call.isOutgoing) proceed(call, found);
  else ring(call, found);
}

/** The user hangs up, or the phone goes off, whatever the state of the call. */
export function hangUp(call: Call, rule: EndRule): void {
  const isUser = rule == EndRule.UserHungUp;
  const refused = isUser ? EndRule.UserRejected : rule;
  const cancelled = isUser ? EndRule.UserCancelled : rule;
  switch (call.state) {
    case CallState.Ringing:
      return rejectCall(call, isUser ? number(Key.NormalRefuseCode) : 480, refused);
    case CallState.Locating:
      if (call.isOutgoing) return endCall(call, Side.Local, 487, cancelled);
      return rejectCall(call, 480, refused);
    case CallState.Calling:
    case CallState.Proceeding:
      return endByUser(call, 487, cancelled);
    case CallState.Accepted:
      // The callee may not send BYE before the ACK (§15).
      call.wantsEnd = true;
      return sayEnded(call, Side.Local, 200, rule, EMPTY);
    case CallState.Up:
      // A phone that goes off has no time to wait.
      if (isUser && isAsking(call)) return sendByeAfterChange(call, rule, 200);
      return endCall(call, Side.Local, 200, rule);
    case CallState.Ending:
      if (isAsking(call)) sendByeNow(call);
  }
}

// For the user it is over now; CANCEL, and BYE if the 2xx is already under way, are the phone's business.
function endByUser(call: Call, status: i32, rule: EndRule): void {
  sayEnded(call, Side.Local, status, rule, EMPTY);
  cancelCall(call, rule, status);
}
