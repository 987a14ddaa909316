// The one way in for messages: parse, match a transaction, match a dialog, and hand over.
//
// A retransmission ends at its transaction. Everything is judged before anything changes.

import { EMPTY, isPresent, Slice, w } from "../bytes/slice";
import { Dialog, findDialog, matchDialog, releaseDialog } from "../dialog/dialog";
import { acceptSequence } from "../dialog/in-dialog-request";
import { Kind, kindOf } from "../handle/pool";
import { checkRequest, checkResponse } from "../message/check";
import { CSeq, parseCSeq } from "../message/cseq";
import { faultReason, ParseFault } from "../message/fault";
import { Header } from "../message/header";
import { Message, newMessage, parseMessage } from "../message/message";
import { Method } from "../message/method";
import { parameter } from "../message/parameters";
import { tagOf } from "../message/tag";
import { Counter } from "../output/abi-numbers";
import { keepOpen } from "../probe/keep-alive";
import { findProbe } from "../probe/probe";
import { receiveProbeResponse } from "../probe/question";
import { receiveStun } from "../probe/stun-client";
import { findRegistration } from "../registration/registration";
import { receiveRegisterResponse } from "../registration/response";
import { receiveAck } from "../session/answer";
import { Call, CallState, findCall } from "../session/call";
import { receiveBye } from "../session/bye";
import { receiveInfo } from "../session/digits";
import { receiveCancel } from "../session/cancel";
import { receiveRefer } from "../session/received-refer";
import { receivePrack } from "../session/prack";
import { receiveReInvite, receiveUpdate } from "../session/received-change";
import { receiveCallResponse, tendAwaiting } from "../session/session";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { receiveNotify } from "../subscription/notify";
import { receiveSubscribeResponse } from "../subscription/response";
import { tendSubscriptions } from "../subscription/subscribe";
import { findSubscription, Subscription } from "../subscription/subscription";
import { nowMs } from "../time/clock";
import {
  createServer,
  findClient,
  findInviteToCancel,
  findServer,
  isMerged,
  Transaction,
  Verdict,
} from "../transaction/transaction";
import { tagOfResponse } from "../transaction/kept-message";
import { noteAlias } from "../transport/connection";
import { Flow, FlowKind } from "../transport/flow";
import { isStun } from "../transport/stun";
import { isGoingOff } from "./command";
import { receiveControl } from "./control";
import { count } from "../output/counters";
import { judge } from "./judge";
import { receiveInvite } from "./receive-invite";
import { answerOptions } from "./options";
import { canBeRefused, refuseExtensions, refuseMethod, respondWith } from "./refuse";
import { registerWhenReady } from "./start";
import { receiveCallNotify, receiveLooseNotify } from "./notify";
import { receiveStrayResponse } from "./stray";
import { receiveText } from "./text";
import { reply } from "../session/reply";

/** RFC 3261 §19.1.2. */
const SIPS_PORT: i32 = 5061;

let message: Message = changetype<Message>(0);
const cseq = changetype<CSeq>(memory.data(offsetof<CSeq>(), 8));

export function openReceive(): void {
  message = newMessage();
}

/** A datagram, of SIP or of STUN. */
export function receiveDatagram(flow: Flow, address: Slice, port: i32, bytes: Slice): void {
  if (!isStun(bytes)) return receiveMessage(flow, address, port, bytes, ParseFault.None);
  count(Counter.Received);
  if (receiveStun(flow.handle, bytes)) registerWhenReady();
  else count(Counter.Dropped);
}

/**
 * A message, from `address` (text) and `port`: a datagram, or what was cut out of a stream; `fault`: what was wrong there, before
 * all else.
 */
export function receiveMessage(flow: Flow, address: Slice, port: i32, bytes: Slice, fault: ParseFault): void {
  count(Counter.Received);
  const m = message;
  const isWhole = parseMessage(m, bytes) && fault == ParseFault.None;
  if (fault != ParseFault.None) m.fault = fault;
  if (m.isRequest) receiveRequest(flow, address, port, m);
  else if (isWhole && checkResponse(m)) receiveResponse(m);
  else count(Counter.Dropped);
}

// ---- responses ----

function receiveResponse(m: Message): void {
  const t = findClient(m);
  if (!t) return count(Counter.Stray);
  const verdict = t.receiveResponse(m, nowMs());
  if (verdict != Verdict.Pass) return;
  const owner = t.owner;
  if (kindOf(owner) == Kind.Dialog) return receiveForkResponse(owner, m);
  const registration = findRegistration(owner);
  if (registration) {
    receiveRegisterResponse(registration, t, m);
    tendAwaiting();
    tendSubscriptions(registration.account);
    return keepOpen(registration.way);
  }
  const probe = findProbe(owner);
  if (probe) return receiveProbeResponse(probe, t, m);
  const subscription = findSubscription(owner);
  if (subscription) return receiveSubscribeResponse(subscription, t, m);
  const call = findCall(owner);
  if (call) receiveCallResponse(call, t, m);
  else receiveStrayResponse(t, m);
}

/** The BYE of a fork that lost is answered, however: that was all. */
function receiveForkResponse(owner: u32, m: Message): void {
  const d = findDialog(owner);
  if (d && m.status >= 200) releaseDialog(d);
}

// ---- requests ----

function receiveRequest(flow: Flow, address: Slice, port: i32, m: Message): void {
  const status = checkRequest(m);
  if (status) return refuseUnreadable(flow, address, port, m, status);
  if (flow.kind == FlowKind.Incoming) learnAlias(flow, m);
  const known = findServer(m);
  if (known) return receiveKnown(known, m);
  parseCSeq(m.header(Header.CSeq), cseq);
  if (m.method == Method.Ack) return receiveLooseAck(m);
  const isInside = isPresent(tagOf(m, Header.To));
  // What is in progress is never refused for capacity: that is what the urgent places are for. A tag alone
  // does not earn one, or whoever invents tags would fill them.
  const isUrgent = m.method == Method.Cancel || (isInside && dialogOf(m) != null);
  const merged = !isInside && m.method != Method.Cancel && isMerged(m);
  const t = createServer(m, flow.handle, flow.isReliable, address, port, isUrgent, nowMs());
  if (!t) return count(Counter.NoRoom);
  if (merged) reply(t, 482, EMPTY);
  // Only an INVITE may replace anything (RFC 3891 §3).
  else if (m.method != Method.Invite && m.first(Header.Replaces) >= 0) reply(t, 400, EMPTY);
  else if (m.method == Method.Cancel) receiveCancelRequest(t, m);
  else if (isInside) receiveInside(t, m);
  else receiveOutside(t, m);
}

/** The peer takes requests on this connection as if it were one to its own address (RFC 5923 §8.2). */
function learnAlias(flow: Flow, m: Message): void {
  const isOffered = isPresent(parameter(m.via.params, w("alias")));
  if (isOffered) noteAlias(flow, m.via.port ? m.via.port : SIPS_PORT);
}

// A request that can't be read is answered where its Via and the rest say to whom; an ACK never is.
function refuseUnreadable(flow: Flow, address: Slice, port: i32, m: Message, status: i32): void {
  count(Counter.Refused);
  if (!canBeRefused(m)) return;
  const known = findServer(m);
  if (known) return receiveKnown(known, m);
  const t = createServer(m, flow.handle, flow.isReliable, address, port, false, nowMs());
  if (t) respondWith(t, status, faultReason(m.fault));
}

function receiveKnown(t: Transaction, m: Message): void {
  // The ACK to a 2xx comes this way from a peer that gave it the branch of its INVITE.
  if (t.receiveRequest(m, nowMs()) != Verdict.Pass || m.method != Method.Ack) return;
  parseCSeq(m.header(Header.CSeq), cseq);
  receiveLooseAck(m);
}

/** The ACK to a 2xx belongs to no transaction, only to a dialog (RFC 3261 §13.2.2.4). */
function receiveLooseAck(m: Message): void {
  const d = dialogOf(m);
  const call = d ? findCall(d.call) : null;
  if (call) receiveAck(call, m, cseq.number);
  else count(Counter.Stray);
}

function dialogOf(m: Message): Dialog | null {
  const callId = m.header(Header.CallId);
  const tag = tagOf(m, Header.To);
  const d = matchDialog(callId, tag, tagOf(m, Header.From));
  if (d || m.method != Method.Notify) return d;
  // The first NOTIFY makes the dialog, be it before the 2xx to SUBSCRIBE (RFC 6665 §4.4.1).
  const fresh = matchDialog(callId, tag, EMPTY);
  return fresh && findSubscription(fresh.call) ? fresh : null;
}

/**
 * The 200 says only that there was something to cancel; the INVITE itself is answered with 487. Both have the
 * same To tag, also when the INVITE was answered before (§9.2).
 */
function receiveCancelRequest(t: Transaction, m: Message): void {
  const invite = findInviteToCancel(m);
  if (!invite) return reply(t, 481, EMPTY);
  const call = findCall(invite.owner);
  const d = call ? call.dialog : null;
  reply(t, 200, d ? d.localTag : tagOfResponse(invite));
  if (call) receiveCancel(call, m);
}

/** A request with a To tag: it belongs to a dialog, or is answered with 481 (§12.2.2). */
function receiveInside(t: Transaction, m: Message): void {
  const d = dialogOf(m);
  const subscription = d ? findSubscription(d.call) : null;
  if (subscription) return receiveInSubscription(subscription, t, m);
  const call = d ? findCall(d.call) : null;
  if (!d || !call) return reply(t, 481, EMPTY);
  t.owner = call.handle;
  if (!acceptSequence(d, cseq.number, m.method)) return reply(t, 500, EMPTY);
  // Our BYE has ended the dialog, even if the peer has not heard of it (RFC 3261 §15.1.1).
  if (call.state == CallState.Ending && m.method != Method.Bye) return reply(t, 481, d.localTag);
  if (refuseExtensions(t, m, call.timer.isEnabled, call.account)) return;
  const isControl = isPresent(call.bodyType);
  // Nobody talks there, so nobody has accepted anybody.
  if (isControl && (m.method == Method.Refer || m.method == Method.Notify)) return reply(t, 403, d.localTag);
  if (isControl && m.method == Method.Info) return receiveControl(call, t, m);
  switch (m.method) {
    case Method.Bye:
      return receiveBye(call, t, m);
    case Method.Invite:
      if (d == call.dialog) return receiveReInvite(call, t, m, cseq.number);
      return reply(t, 481, d.localTag);
    case Method.Update:
      return receiveUpdate(call, d, t, m, cseq.number);
    case Method.Prack:
      return receivePrack(call, d, t, m);
    case Method.Options:
      return answerOptions(t, m, call.account, d.localTag);
    case Method.Refer:
      return receiveReferInside(call, t, m);
    case Method.Notify:
      return receiveCallNotify(call, t, m);
    case Method.Message:
      return receiveText(t, m, call.account);
    case Method.Info:
      return receiveInfo(call, t, m);
    default:
      refuseMethod(t, m, call.account);
  }
}

/** The user has accepted this call, and with it what the other side does there. */
function receiveReferInside(call: Call, t: Transaction, m: Message): void {
  if (!number(Key.ReferEnable, call.account)) return refuseMethod(t, m, call.account);
  if (isGoingOff()) return reply(t, 603, EMPTY);
  receiveRefer(call, t, m, cseq.number);
}

/** In the dialog of a subscription of ours nothing but NOTIFY is to be expected. */
function receiveInSubscription(s: Subscription, t: Transaction, m: Message): void {
  const tag = s.dialog!.localTag;
  if (refuseExtensions(t, m, false, s.account)) return;
  if (m.method == Method.Notify) receiveNotify(s, t, m, cseq.number);
  else if (m.method == Method.Options) answerOptions(t, m, s.account, tag);
  else refuseMethod(t, m, s.account);
}

/** A request outside any dialog (§8.2). */
function receiveOutside(t: Transaction, m: Message): void {
  switch (m.method) {
    case Method.Invite:
      return receiveInvite(t, m, cseq.number);
    case Method.Options:
      return answerOptions(t, m, 0, EMPTY);
    case Method.Notify:
      return receiveLooseNotify(t, m);
    case Method.Message:
      return receiveText(t, m, 0);
    case Method.Bye:
    case Method.Update:
    case Method.Info:
    case Method.Prack:
      // These make sense in a dialog only, and none of ours is meant (§12.2.2, RFC 6665 §4.1.3).
      return reply(t, 481, EMPTY);
    case Method.Refer:
      // Nobody may have us call somebody unless the user talks to him.
      return reply(t, 403, EMPTY);
    default:
      refuseMethod(t, m, 0);
  }
}

/** What receiveMessage would do, for `ringlet parse`; nothing is sent. */
export function judgeMessage(bytes: Slice): void {
  judge(message, bytes);
}
