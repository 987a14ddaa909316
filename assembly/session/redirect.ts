// 3xx to our INVITE: the call goes on to the Contact with the highest q (RFC 3261 §8.1.3.4).

import { bestContact, bestParams } from "../account/redirection";
import { beginAttempts } from "../auth/attempts";
import { byteAt, isPresent, size, Slice, slice, start, tail, w } from "../bytes/slice";
import { replaced } from "../dialog/dialog";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { parameter } from "../message/parameters";
import { putParameter } from "../message/put-parameters";
import { mark, put, putLine, putNumber, rewind, written } from "../output/output";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { putRows } from "../transaction/copy-rows";
import { endCall } from "./bye";
import { Call } from "./call";
import { Side } from "./call-events";
import { EndRule } from "./end-rule";
import { retarget } from "./invite";

/** A loop of redirections ends here. */
const MOST_REDIRECTS: i32 = 5;

export function isRedirect(call: Call, m: Message): bool {
  const status = m.status;
  const isOne = status == 300 || status == 301 || status == 302;
  return isOne && number(Key.FollowRedirect, call.account) != 0;
}

export function followRedirect(call: Call, m: Message): void {
  const target = bestContact(m);
  if (!isPresent(target)) return endCall(call, Side.Remote, m.status, EndRule.PeerRefused, m.reason);
  if (++call.redirects > MOST_REDIRECTS) {
    return endCall(call, Side.Local, m.status, EndRule.TooManyRedirects);
  }
  beginAttempts(call.attempts);
  if (number(Key.FwdDiversion)) noteHistory(call, m, target);
  retarget(call, target);
}

/**
 * Each target with the status that it answered, and the one that comes next (RFC 7044 §9.3, §10.3, §10.4); what the
 * redirecting side says itself stays (RFC 5806 §5).
 */
function noteHistory(call: Call, m: Message, target: Slice): void {
  const from = mark();
  putRows(m, Header.Diversion, w("Diversion"));
  const old = call.history;
  const index = lastBracket(old);
  if (isPresent(old)) put(slice(start(old), index));
  else {
    put(w("History-Info: <"));
    put(call.dialog!.target);
  }
  // A tel URI has no headers.
  if (isPresent(old) || (byteAt(call.dialog!.target, 0) | 0x20) == 0x73) putCause(m.status);
  put(isPresent(old) ? tail(old, index) : w(">;index=1\r\n"));
  put(w("History-Info: <"));
  put(target);
  put(w(">;index="));
  putNumber(call.redirects + 1);
  putParameter(w("rc"), parameter(bestParams, w("rc")));
  putParameter(w("mp"), parameter(bestParams, w("mp")));
  putLine();
  call.history = replaced(old, written(from));
  rewind(from);
}

/** Index of the ">" of the newest entry. */
function lastBracket(lines: Slice): i32 {
  let index = size(lines) - 1;
  while (index > 0 && byteAt(lines, index) != 0x3e) index--;
  return index;
}

function putCause(status: i32): void {
  put(w("?Reason=SIP%3Bcause%3D"));
  putNumber(status);
}
