// INFO. DTMF digits, as application/dtmf-relay or application/dtmf; those in RTP are the phone's own to send. And the
// documents of a dialog without media.
//
// A request for each digit or document, and the next one when it is answered: none overtakes another.

import { beginAttempts } from "../auth/attempts";
import {
  EMPTY,
  indexOf,
  equalsIgnoringCase,
  decimal,
  end,
  isPresent,
  size,
  slice,
  Slice,
  start,
  trim,
  w,
} from "../bytes/slice";
import { keep, keepMore, release } from "../bytes/blocks";
import { isContentType } from "../message/content-type";
import { before, behind } from "../message/grammar";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { putBody } from "../message/write";
import { EventKind, Status } from "../output/abi-numbers";
import {
  beginEvent,
  endEvent,
  mark,
  numberField,
  put,
  putLine,
  putNumber,
  textField,
  written,
} from "../output/output";
import { line, readLine } from "../sdp/lines";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { beginResponse, sendResponse } from "../transaction/response";
import { Transaction } from "../transaction/transaction";
import { endCall } from "./bye";
import { Call } from "./call";
import { sayNotice, Side } from "./call-events";
import { EndRule } from "./end-rule";
import { isChallenge } from "./invite-response";
import { reply } from "./reply";
import { noteChallenge, Purpose, send, sequenceOf } from "./request";

/** Bits of account.X.dtmf.type; neither: as tones in the voice. */
const enum Way {
  Rtp = 1,
  Info = 2,
}

const MOST_DIGITS: i32 = 32;
const MOST_WAITING: i32 = 96;

/** Sends them as the account's settings say: by INFO, or call.digits has the phone do it. */
export function sendDigits(call: Call, digits: Slice): Status {
  if (!areDigits(digits)) return Status.BadArgument;
  if (!call.isUp) return Status.WrongState;
  const way = number(Key.DtmfType, call.account);
  if (way & Way.Info && !enqueue(call, digits)) return Status.Full;
  if (way != Way.Info && beginEvent(EventKind.CallDigits, w("call.digits"), call.handle, call.number)) {
    textField(w("digits"), digits);
    numberField(w("rtp"), way & Way.Rtp);
    endEvent();
  }
  return Status.Ok;
}

function areDigits(s: Slice): bool {
  for (let i = 0; i < size(s); i++) {
    if (indexOf(w("0123456789*#ABCDabcd"), load<u8>(start(s) + i)) < 0) return false;
  }
  return size(s) > 0 && size(s) <= MOST_DIGITS;
}

function enqueue(call: Call, digits: Slice): bool {
  const isFirst = !isPresent(call.digits);
  if (size(call.digits) > MOST_WAITING) return false;
  const kept = isFirst ? keep(digits) : keepMore(call.digits, digits);
  if (!isPresent(kept)) return false;
  call.digits = kept;
  if (isFirst) begin(call);
  return true;
}

/** A document of a dialog without media; the next one has to wait until call.digits is empty. */
export function sendInfo(call: Call, document: Slice): void {
  call.digits = keep(document);
  if (isPresent(call.digits)) begin(call);
}

function begin(call: Call): void {
  beginAttempts(call.attempts);
  sendNext(call);
}

function sendNext(call: Call): void {
  const d = call.dialog!;
  const from = mark();
  const isWhole = isPresent(call.bodyType);
  const isRelay = !isWhole && number(Key.DtmfInfoType, call.account) == 1;
  if (isRelay) put(w("Signal="));
  put(isWhole ? call.digits : slice(start(call.digits) + call.digitsSent, 1));
  if (isRelay) {
    put(w("\r\nDuration="));
    putNumber(number(Key.DtmfDuration));
    putLine();
  }
  if (!send(call, d, Method.Info, sequenceOf(d), written(from), Purpose.Info)) digitsFailed(call, 503);
}

export function receiveDigitResponse(call: Call, m: Message): void {
  if (m.status < 200 || !call.isUp) return;
  if (m.status < 300) {
    if (++call.digitsSent < size(call.digits) && !isPresent(call.bodyType)) sendNext(call);
    else forget(call);
  } else if (isChallenge(m) && noteChallenge(call, m)) sendNext(call);
  else digitsFailed(call, m.status);
}

/** Those that wait are not sent either; a document counts as told. */
export function digitsFailed(call: Call, status: i32): void {
  forget(call);
  if (!call.isUp) return;
  sayNotice(call, w("dtmf"), status);
  // The other side knows the dialog no more, or is not there (RFC 5057 §5.1); talking goes on as long as it can.
  if (status == 481 || (status == 408 && isPresent(call.bodyType)))
    endCall(call, Side.Local, status, EndRule.DialogGone);
}

function forget(call: Call): void {
  release(call.digits);
  call.digits = EMPTY;
  call.digitsSent = 0;
}

/** INFO of the peer in a call: a digit, or nothing that we know (RFC 6086 §4.2.2). */
export function receiveInfo(call: Call, t: Transaction, m: Message): void {
  const type = m.header(Header.ContentType);
  const isRelay = isContentType(type, w("application/dtmf-relay"));
  if (isPresent(m.header(Header.InfoPackage))) return refuse(call, t, 469, w("Recv-Info:\r\n"));
  if (!size(m.body)) return reply(t, 200, call.dialog!.localTag);
  if (!isRelay && !isContentType(type, w("application/dtmf")))
    return refuse(call, t, 415, w("Accept: application/dtmf-relay, application/dtmf\r\n"));
  const digit = isRelay ? valueIn(m.body, w("signal")) : trim(m.body);
  const isDigit = size(digit) == 1 && areDigits(digit);
  reply(t, !isDigit ? 400 : call.isUp ? 200 : 403, call.dialog!.localTag);
  if (!isDigit || !call.isUp) return;
  if (!beginEvent(EventKind.CallDtmf, w("call.dtmf"), call.handle, call.number)) return;
  textField(w("digit"), digit);
  numberField(w("duration"), max(decimal(valueIn(m.body, w("duration"))), 0));
  endEvent();
}

/** Of a line `name = value`; EMPTY without one. */
function valueIn(body: Slice, name: Slice): Slice {
  const stop = end(body);
  let p = start(body);
  while (p != 0 && p < stop) {
    p = readLine(p, stop);
    if (equalsIgnoringCase(trim(before(line, 0x3d)), name)) return trim(behind(line, 0x3d));
  }
  return EMPTY;
}

function refuse(call: Call, t: Transaction, status: i32, why: Slice): void {
  const at = beginResponse(t, status, EMPTY, call.dialog!.localTag);
  put(why);
  putBody(EMPTY, EMPTY);
  sendResponse(t, at, status, nowMs());
}
