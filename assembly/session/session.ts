// What happens to a call from outside: a response, a time-out, a deadline, an answer from the host.

import { EMPTY, Slice } from "../bytes/slice";
import { Message } from "../message/message";
import { Question } from "../output/abi-numbers";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { Timer } from "../time/timer";
import { destroy, findTransaction, Transaction } from "../transaction/transaction";
import { forgetQuery } from "../transport/query";
import { acceptAgain, ackTimedOut } from "./answer";
import { endCall, sendByeAgain } from "./bye";
import { Call, CallState, releaseCall } from "./call";
import { sayEnded, Side } from "./call-events";
import { cancelCall } from "./cancel";
import { changeTimedOut, receiveChangeResponse, retryChange } from "./change";
import { EndRule } from "./end-rule";
import { proceed } from "./invite";
import { isChallenge, receiveInviteResponse } from "./invite-response";
import { Located, locate, takeLookup } from "./locate";
import { expireSession, refreshSession } from "./refresh";
import { noteChallenge, Purpose } from "./request";
import { rejectCall, ring, sendRinging } from "./ring";

/** A response that its client transaction passes up. */
export function receiveCallResponse(call: Call, t: Transaction, m: Message): void {
  switch (<Purpose>t.purpose) {
    case Purpose.Invite:
      return receiveInviteResponse(call, m, t.cseq);
    case Purpose.Change:
      return receiveChangeResponse(call, t, m);
    case Purpose.Bye:
      return receiveByeResponse(call, m);
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
      return endCall(call, Side.Local, 503, EndRule.TransportFailed);
    case Purpose.Change:
      return changeTimedOut(call, status);
    case Purpose.Bye:
      return releaseCall(call);
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
    case Timer.AcceptTimeout:
      return ackTimedOut(call);
    case Timer.Provisional:
      return sendRinging(call);
    case Timer.Ringing:
      return rejectCall(call, 480, EndRule.RingTimeout);
    case Timer.Ringback:
      return ringbackTimedOut(call);
    case Timer.Glare:
    case Timer.Retry:
      return retryChange(call);
    case Timer.Resolve:
      return locationTimedOut(call);
    case Timer.Change:
      return patienceIsOver(call);
  }
}

function ringbackTimedOut(call: Call): void {
  endByUser(call, 408, EndRule.RingbackTimeout);
}

function locationTimedOut(call: Call): void {
  forgetQuery(call.query);
  call.query = 0;
  goOn(call, Located.No);
}

// In Cancelling: the peer has not even answered the INVITE after CANCEL, so it is gone (§9.1).
function patienceIsOver(call: Call): void {
  if (call.state == CallState.Up) return changeTimedOut(call, 408);
  const t = findTransaction(call.invite);
  if (t) destroy(t);
  releaseCall(call);
}

/** The host's answer to a lookup of the call. */
export function receiveLookup(call: Call, question: Question, name: Slice, answer: Slice): void {
  const found = takeLookup(call, question, name, answer);
  goOn(call, found == Located.Yes && call.isOutgoing ? locate(call) : found);
}

function goOn(call: Call, located: Located): void {
  if (call.isOutgoing) proceed(call, located);
  else ring(call, located);
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
      return endCall(call, Side.Local, 200, rule);
  }
}

// For the user it is over now; CANCEL, and BYE if the 2xx is already under way, are the phone's business.
function endByUser(call: Call, status: i32, rule: EndRule): void {
  sayEnded(call, Side.Local, status, rule, EMPTY);
  cancelCall(call);
}
