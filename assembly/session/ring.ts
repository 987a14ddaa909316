// An INVITE that begins a call with us (RFC 3261 §13.3.1): judged by the agent, it rings here.

import { viaHost } from "../account/public-address";
import { writeContact } from "../account/contact";
import { EMPTY, isPresent, size, Slice, w } from "../bytes/slice";
import { keep } from "../bytes/blocks";
import { putToken, randomBits } from "../crypto/random";
import { keepAddress, releaseDialog, takeDialog } from "../dialog/dialog";
import { establishAsCallee, keepIdentity, uriOf } from "../dialog/establish";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { putBody } from "../message/write";
import { Status } from "../output/abi-numbers";
import { mark, rewind, written } from "../output/output";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { beginResponse, sendResponse } from "../transaction/response";
import { findTransaction, Transaction } from "../transaction/transaction";
import { Found } from "../transport/destination";
import { findFlow } from "../transport/flow";
import { answerCall } from "./answer";
import { endCall } from "./bye";
import { sayAutoAnswer } from "./auto-answer";
import { Call, callAt, callPlaces, CallState, isBusyBeside, releaseCall } from "./call";
import { sayDiverted, sayIncoming, Side } from "./call-events";
import { setHold } from "./change";
import { EndRule } from "./end-rule";
import { noteFocus } from "./focus";
import { Forward, forwardAfterMs, isForwarding, sendForward, writeForward } from "./forward";
import { partyDisplay, partyUri } from "./caller";
import { writeHistory } from "./diversion";
import { locateOurselves } from "./locate";
import { sdpOf } from "./media";
import { takePlace } from "./replaces";
import { awaitPrack, judgeReliable, prepareRinging, putReliable } from "./prack";
import { putAbilities } from "./request";
import { takePort } from "./rtp-ports";
import { reply } from "./reply";

/** A proxy gives up on an INVITE that is silent for three minutes: one provisional each minute (§13.3.1.1). */
const PROVISIONAL_MS: i64 = 60_000;

/**
 * Takes the call up to ringing. 0, or the status that the caller has to answer, with the call given back:
 * 486 when no port for media is left, 500 without memory.
 */
export function ringIn(call: Call, t: Transaction, m: Message, sequence: u32): i32 {
  const hasMedia = !isPresent(call.bodyType);
  if (hasMedia) call.rtpPort = takePort(number(Key.MinRtpPort), number(Key.MaxRtpPort));
  if (hasMedia && call.rtpPort == 0) return refuse(call, 486);
  if (!makeDialog(call, t, m, sequence)) return refuse(call, 500);
  call.remoteUri = keep(partyUri);
  const sdp = sdpOf(m);
  call.remoteSdp = keep(sdp);
  if (isPresent(call.remoteSdp) != size(sdp) > 0) return refuse(call, 500);
  call.invite = t.handle;
  call.inviteSequence = sequence;
  call.sdpId = <u64>(randomBits() >>> 1);
  call.sdpVersion = call.sdpId;
  judgeReliable(call, m);
  sayIncoming(call, partyUri, partyDisplay, uriOf(m, Header.To));
  noteFocus(call, m);
  sayDiverted(call);
  if (call.mayForward) keepHistory(call, m);
  const flow = findFlow(call.flow);
  ring(call, flow ? locateOurselves(call, flow, t.address) : Found.No);
  return 0;
}

// For a forward that comes when the message is gone.
function keepHistory(call: Call, m: Message): void {
  const at = mark();
  call.history = keep(writeHistory(m));
  rewind(at);
}

function refuse(call: Call, status: i32): i32 {
  releaseCall(call);
  return status;
}

function makeDialog(call: Call, t: Transaction, m: Message, sequence: u32): bool {
  const d = takeDialog(call.handle, t.flow);
  if (!d) return false;
  call.flow = t.flow;
  const at = mark();
  putToken(8);
  const tag = written(at);
  // Where the INVITE came from, until the target's name is known.
  const ok = keepAddress(d, t.address, t.port) && establishAsCallee(d, m, tag, sequence);
  rewind(at);
  if (ok) call.dialog = d;
  else releaseDialog(d);
  return ok;
}

/** Our own address is known, or never will be. */
export function ring(call: Call, found: Found): void {
  if (found == Found.Wait) return;
  const t = findTransaction(call.invite);
  const d = call.dialog!;
  if (!t) return endCall(call, Side.Local, 408, EndRule.NoAnswerFromPeer);
  const at = mark();
  const ok =
    found == Found.Yes &&
    keepIdentity(
      d,
      viaHost(call.account, call.localAddress),
      writeContact(call.account, call.flow, call.localAddress),
    );
  rewind(at);
  if (!ok) {
    reply(t, 500, d.localTag);
    return endCall(call, Side.Local, 500, EndRule.NotLocated);
  }
  call.state = CallState.Ringing;
  if (call.replaces) return takePlace(call);
  if (isPresent(call.bodyType)) {
    answerCall(call);
    return;
  }
  const after = call.answersAfter;
  if (after >= 0) sayAutoAnswer(call);
  if (after == 0) return answerByItself(call);
  sendRinging(call);
  if (after < 0) return limitRinging(call, 0);
  call.guard.arm(Timer.Answer, nowMs() + <i64>after * 1000);
}

/** As the caller, or the setting, wants it; with another call only if that may be put on hold for it. */
export function answerByItself(call: Call): void {
  if (isBusyBeside(call)) {
    if (!call.isIntercom || !number(Key.IntercomBarge)) return limitRinging(call, 0);
    for (let place = 0; place < callPlaces(); place++) {
      const other = callAt(place);
      if (other && other.isUp && !other.wantsHold) setHold(other, true);
    }
  }
  answerCall(call);
}

/** The user has so long, until the call is forwarded, or over. `spent`: it has rung so long already, ms. */
function limitRinging(call: Call, spent: i64): void {
  const forwards = call.mayForward && isForwarding(call.account, Forward.NoAnswer);
  const limit = <i64>number(Key.RingingTimeout) * 1000;
  const forwardAfter = forwardAfterMs(call.account);
  if (forwards && (!limit || forwardAfter < limit)) call.guard.arm(Timer.Forward, nowMs() + forwardAfter);
  else if (limit) call.guard.arm(Timer.Ringing, nowMs() + limit - spent);
}

/** Nobody answers: it goes where the settings say now, or rings on. */
export function forwardUnanswered(call: Call): void {
  const t = findTransaction(call.invite);
  const target = writeForward(call.account, Forward.NoAnswer, call.localAddress);
  call.mayForward = false;
  if (!t || !size(target)) return limitRinging(call, forwardAfterMs(call.account));
  sendOn(call, t, Forward.NoAnswer, target);
}

function sendOn(call: Call, t: Transaction, kind: Forward, target: Slice): void {
  const tag = call.dialog!.localTag;
  sendForward(t, tag, call.account, kind, target, call.history, call.localAddress);
  endCall(call, Side.Local, 302, EndRule.Forwarded, target);
}

/** A call that rings here goes to `target`. */
export function deflectCall(call: Call, target: Slice): Status {
  const t = findTransaction(call.invite);
  if (!call.isRingingIn || !t) return Status.WrongState;
  sendOn(call, t, Forward.Deflected, target);
  return Status.Ok;
}

/** 180, and once more each minute. */
export function sendRinging(call: Call): void {
  const t = findTransaction(call.invite);
  if (!t) return;
  const d = call.dialog!;
  prepareRinging(call);
  const at = beginResponse(t, 180, EMPTY, d.localTag);
  putAbilities(call, d);
  if (call.isReliable) putReliable(call);
  putBody(w("application/sdp"), call.awaitsAnswer ? call.proposedSdp : EMPTY);
  sendResponse(t, at, 180, nowMs());
  if (call.isReliable) awaitPrack(call, t);
  else armProvisional(call);
}

/** The next 180 is due in a minute. */
export function armProvisional(call: Call): void {
  call.pace.arm(Timer.Provisional, nowMs() + PROVISIONAL_MS);
}

/** The user, or a timer, does not want it: answered with `status`. */
export function rejectCall(call: Call, status: i32, rule: EndRule): void {
  const t = findTransaction(call.invite);
  if (t) reply(t, status, call.dialog!.localTag);
  endCall(call, Side.Local, status, rule);
}
