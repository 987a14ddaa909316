// A transfer that we ask for (RFC 3515, RFC 5589): REFER in the call, NOTIFY says how it goes.
//
//   None -> Waiting -> Asking --2xx--> Accepted --NOTIFY 2xx--> both calls end
//              \          \               \
//               +----------+---------------+--anything else--> None: the call is as it was

import { noteAuthenticationInfo, beginAttempts } from "../auth/attempts";
import { putIdentity } from "../account/address-of-record";
import { hasServer } from "../account/servers";
import {
  decimal,
  EMPTY,
  equals,
  indexOf,
  isPresent,
  size,
  slice,
  Slice,
  start,
  startsWithIgnoringCase,
  w,
} from "../bytes/slice";
import { keep, release } from "../bytes/blocks";
import { putEscaped } from "../message/components";
import { Event, parseEvent } from "../message/event";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { putReferSub, wantsReferSubscription } from "../message/refer-to";
import { frontOf } from "../message/valued";
import { mark, put, putLine, written } from "../output/output";
import { EventKind, Status } from "../output/abi-numbers";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { Transaction } from "../transaction/transaction";
import { endCall } from "./bye";
import { Call, callAt, callPlaces, CallState, Change, findCall, Transfer } from "./call";
import { sayNotice, sayNumber, Side } from "./call-events";
import { EndRule } from "./end-rule";
import { isChallenge } from "./invite-response";
import { tellReferrer } from "./received-refer";
import { reply } from "./reply";
import { noteChallenge, Purpose, send, sequenceOf } from "./request";

/** Longer than anybody lets it ring there without a word. */
const NEWS_MS: i64 = 300_000;

const event = changetype<Event>(memory.data(offsetof<Event>(), 8));

/**
 * Sends the other side on: to `uri`, or to the other end of the call `other`, which may still ring there. WrongState
 * while the call is not up, or such a transfer is under way.
 */
export function transferCall(call: Call, uri: Slice, other: u32): Status {
  if (!call.isUp || call.transfer != Transfer.None) return Status.WrongState;
  release(call.referTo);
  call.referTo = keep(uri);
  if (!other && !isPresent(call.referTo)) return Status.Full;
  call.transferTo = other;
  call.transfer = Transfer.Waiting;
  beginAttempts(call.attempts);
  goOnTransferring(call);
  return Status.Ok;
}

/** A transfer that waits: for its turn, or for an answer to the other call. */
export function goOnTransferring(call: Call): void {
  if (call.transfer != Transfer.Waiting || call.state != CallState.Up) return;
  const other = findCall(call.transferTo);
  const isGone = call.transferTo != 0 && (!other || other.isOver);
  if (isGone) return transferFailed(call, 487);
  if (call.change == Change.None && (!other || other.isUp)) ask(call);
}

/** A call is up (200) or over: whoever waits for that hears of it. */
export function noteOutcome(call: Call, status: i32): void {
  tellReferrer(call, status);
  for (let place = 0; place < callPlaces(); place++) {
    const one = callAt(place);
    if (one && one.transferTo == call.handle) goOnTransferring(one);
  }
}

function ask(call: Call): void {
  const d = call.dialog!;
  call.referSequence = sequenceOf(d);
  call.transfer = Transfer.Asking;
  const lines = mark();
  put(w("Refer-To: <"));
  const other = findCall(call.transferTo);
  if (other) putOtherEnd(other);
  else put(call.referTo);
  put(w(">\r\nReferred-By: "));
  putIdentity(call.account, call.localAddress);
  putLine();
  if (!number(Key.ReferSubEnable, call.account)) putReferSub(false);
  if (!send(call, d, Method.Refer, call.referSequence, EMPTY, Purpose.Refer, written(lines)))
    transferFailed(call, 503);
}

/** With the names of our dialog as it sees them: the call that comes to it takes our place (RFC 3891 §6.1). */
function putOtherEnd(other: Call): void {
  const d = other.dialog!;
  const uri = other.remoteUri;
  const isByContact = number(Key.ReferToContact, other.account) || other.isFocus || !hasServer(other.account);
  put(isByContact || !size(uri) || indexOf(uri, 0x3f) >= 0 ? d.target : uri);
  // RFC 4579 §5.6: he comes to the conference, and we stay in it.
  if (other.isConference || !number(Key.ReplacesEnable, other.account)) return;
  put(w("?Replaces="));
  putEscaped(d.callId);
  put(w("%3Bto-tag%3D"));
  putEscaped(size(d.remoteTag) ? d.remoteTag : w("0"));
  put(w("%3Bfrom-tag%3D"));
  putEscaped(d.localTag);
}

export function receiveReferResponse(call: Call, m: Message): void {
  if (m.status < 200 || call.transfer != Transfer.Asking || !call.isUp) return;
  if (m.status >= 300) {
    if (isChallenge(m) && noteChallenge(call, m)) return ask(call);
    transferFailed(call, m.status);
    // The other side knows the call no more (RFC 5057 §5.1).
    if (m.status == 481) endCall(call, Side.Local, 481, EndRule.DialogGone);
    return;
  }
  noteAuthenticationInfo(call.attempts, m);
  call.transfer = Transfer.Accepted;
  // Then nobody will tell how it went (RFC 4488 §4).
  if (!wantsReferSubscription(m.header(Header.ReferSub))) return succeed(call, m.status);
  awaitNews(call);
}

function awaitNews(call: Call): void {
  call.news.arm(Timer.Transfer, nowMs() + NEWS_MS);
}

/** How it goes. A NOTIFY for a transfer that is over, or of another package, has no subscription here (RFC 6665 §4.1.3). */
export function receiveReferNotify(call: Call, t: Transaction, m: Message): void {
  const tag = call.dialog!.localTag;
  if (call.transfer < Transfer.Asking || !isOfRefer(call, m)) return reply(t, 481, tag);
  reply(t, 200, tag);
  const status = statusOf(m.body);
  const isLast = equals(frontOf(m.header(Header.SubscriptionState)), w("terminated"));
  if (status >= 300) transferFailed(call, status);
  else if (status >= 200) succeed(call, status);
  // Nobody knows how it ended, and nobody will.
  else if (isLast) transferFailed(call, 0);
  else {
    if (status) sayNumber(call, EventKind.CallTransfer, w("call.transfer"), w("status"), status);
    awaitNews(call);
  }
}

/** Its id is the CSeq of our REFER, and may be left out (RFC 3515 §2.4.6). */
function isOfRefer(call: Call, m: Message): bool {
  if (!parseEvent(m.header(Header.Event), event) || !equals(event.type, w("refer"))) return false;
  return !isPresent(event.id) || decimal(event.id) == call.referSequence;
}

/** Of a body of message/sipfrag: the status line that it begins with; 0 without one. */
function statusOf(body: Slice): i32 {
  if (size(body) < 11 || !startsWithIgnoringCase(body, w("SIP/2.0 "))) return 0;
  return <i32>max(decimal(slice(start(body) + 8, 3)), 0);
}

function succeed(call: Call, status: i32): void {
  const other = findCall(call.transferTo);
  closeTransfer(call);
  sayNumber(call, EventKind.CallTransferred, w("call.transferred"), w("status"), status);
  if (!number(Key.EndWhenTransferred, call.account)) return;
  // The one at its other end has been called anew, and mostly has hung up already.
  if (other && other.isUp && !other.isConference) endCall(other, Side.Local, 200, EndRule.Transferred);
  endCall(call, Side.Local, 200, EndRule.Transferred);
}

/** The call goes on as it was. `status`: 0 where nobody knows. */
export function transferFailed(call: Call, status: i32): void {
  if (call.transfer == Transfer.None) return;
  closeTransfer(call);
  if (!call.isOver) sayNotice(call, w("transfer"), status);
}

function closeTransfer(call: Call): void {
  call.transfer = Transfer.None;
  call.transferTo = 0;
  call.news.stop();
}
