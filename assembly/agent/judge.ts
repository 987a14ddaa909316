// What an idle phone that owns every Request-URI would do with a message: `ringlet parse`.
//
// Nothing is answered and nothing is kept; the same checks as in receive.ts, in the same order.

import { isPresent, size, Slice, start, w } from "../bytes/slice";
import { checkRequest, checkResponse } from "../message/check";
import { faultReason } from "../message/fault";
import { Header } from "../message/header";
import { Message, parseMessage } from "../message/message";
import { Method } from "../message/method";
import { reasonPhrase } from "../message/write";
import { RecordKind } from "../output/abi-numbers";
import { beginRecord, endRecord, reference, word } from "../output/output";
import { canAnswer, MediaVerdict, sdpOf } from "../session/media";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { isKnownEvent } from "./notify";
import { canBeRefused, countUnsupported, hasForeignBody, hasUnknownScheme, refusesSdp } from "./refuse";
import { isText } from "./text";

/** Verdict of a message that is taken. */
const ACCEPT: i32 = 0;
/** Verdict of a message that gets no answer. */
const DROP: i32 = -1;
/** The account whose settings judge. */
const ACCOUNT: i32 = 1;

/** Says a Verdict record: status (0 accept, -1 drop), octet, reason. */
export function judge(m: Message, bytes: Slice): void {
  const isWhole = parseMessage(m, bytes);
  if (!m.isRequest) {
    const isTaken = isWhole && checkResponse(m);
    return say(m, isTaken ? ACCEPT : DROP, isTaken ? w("a response") : faultReason(m.fault));
  }
  const status = checkRequest(m);
  if (status) return say(m, canBeRefused(m) ? status : DROP, faultReason(m.fault));
  judgeRequest(m);
}

function judgeRequest(m: Message): void {
  switch (m.method) {
    case Method.Invite:
      return judgeInvite(m);
    case Method.Options:
      if (judgeScheme(m) && judgeExtensions(m)) say(m, ACCEPT, w("a request"));
      return;
    case Method.Ack:
      return say(m, ACCEPT, w("a request"));
    case Method.Bye:
    case Method.Cancel:
    case Method.Update:
    case Method.Info:
    case Method.Prack:
      // An idle phone has no call that could be meant.
      return refuse(m, 481, m.header(Header.CallId));
    case Method.Notify:
      return refuse(m, isKnownEvent(m) ? 481 : 489, m.header(Header.Event));
    case Method.Message:
      if (!judgeScheme(m) || !judgeExtensions(m)) return;
      if (!isText(m)) return refuse(m, 415, m.header(Header.ContentType));
      return say(m, ACCEPT, w("a request"));
    case Method.Refer:
      return refuse(m, 403, m.methodText);
    case Method.Other:
      return refuse(m, 501, m.methodText);
    default:
      return refuse(m, 405, m.methodText);
  }
}

function judgeInvite(m: Message): void {
  if (!judgeScheme(m) || !judgeExtensions(m)) return;
  // An idle phone has no call whose place could be taken (RFC 3891 §3).
  if (size(m.header(Header.Replaces))) return refuse(m, 481, m.header(Header.Replaces));
  if (hasForeignBody(m)) return refuse(m, 415, m.header(Header.ContentType));
  if (refusesSdp(m)) return refuse(m, 406, m.header(Header.Accept));
  const sdp = sdpOf(m);
  let verdict = size(sdp) ? canAnswer(ACCOUNT, false, sdp) : MediaVerdict.Agreed;
  if (verdict == MediaVerdict.NothingFits) verdict = canAnswer(ACCOUNT, true, sdp);
  if (verdict == MediaVerdict.Unreadable) return refuse(m, 400, sdp);
  if (verdict == MediaVerdict.NothingFits) return refuse(m, 488, sdp);
  say(m, ACCEPT, w("a request"));
}

function judgeScheme(m: Message): bool {
  if (!hasUnknownScheme(m)) return true;
  refuse(m, 416, m.uri);
  return false;
}

function judgeExtensions(m: Message): bool {
  if (!countUnsupported(m, number(Key.SessionTimerEnable, ACCOUNT) != 0, ACCOUNT)) return true;
  refuse(m, 420, m.header(Header.Require));
  return false;
}

function refuse(m: Message, status: i32, where: Slice): void {
  m.faultOffset = isPresent(where) ? <i32>(start(where) - start(m.bytes)) : 0;
  say(m, status, reasonPhrase(status));
}

function say(m: Message, status: i32, reason: Slice): void {
  if (!beginRecord(RecordKind.Verdict)) return;
  word(status);
  word(m.faultOffset);
  reference(reason);
  endRecord();
}
