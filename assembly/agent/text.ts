// MESSAGE that arrives (RFC 3428 §7): text for the user, in a dialog or not.

import { EMPTY, end, isPresent, size, Slice, start, w } from "../bytes/slice";
import { isContentType } from "../message/content-type";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { NameAddr, parseNameAddr } from "../message/name-addr";
import { unquote } from "../message/parameters";
import { EventKind } from "../output/abi-numbers";
import { beginEvent, endEvent, numberField, put, textField } from "../output/output";
import { endReply, reply } from "../session/reply";
import { beginResponse } from "../transaction/response";
import { Transaction } from "../transaction/transaction";
import { accountOf, mayCall } from "./account";
import { hasUnknownScheme, isEncoded, refuseExtensions, respondWith } from "./refuse";

const from = changetype<NameAddr>(memory.data(offsetof<NameAddr>(), 8));

/** More is not shown to anybody. */
const MOST_TEXT: i32 = 8192;

/** `account` 0: outside of any dialog, it belongs to whom its Request-URI means. */
export function receiveText(t: Transaction, m: Message, account: i32): void {
  if (hasUnknownScheme(m)) return respondWith(t, 416, EMPTY);
  const by = account ? account : accountOf(m.uri, t.address);
  if (!by) return respondWith(t, 404, EMPTY);
  if (!account && !mayCall(by, t.address)) return respondWith(t, 403, EMPTY);
  if (refuseExtensions(t, m, false, by)) return;
  if (!isText(m)) return refuseText(t);
  if (size(m.body) > MOST_TEXT) return respondWith(t, 413, EMPTY);
  reply(t, 200, EMPTY);
  say(by, m);
}

/** A body that can be shown. */
export function isText(m: Message): bool {
  const type = m.header(Header.ContentType);
  const isPlain = !isPresent(type) || isContentType(type, w("text/plain"));
  return isPlain && !isEncoded(m) && isUtf8(m.body);
}

/** 415 with what we would read. */
function refuseText(t: Transaction): void {
  const at = beginResponse(t, 415, EMPTY, EMPTY);
  put(w("Accept: text/plain\r\nAccept-Encoding: identity\r\n"));
  endReply(t, at, 415);
}

/** Lead bytes have the bytes behind them that they announce (RFC 3629 §3); NUL is no text. */
function isUtf8(s: Slice): bool {
  const stop = end(s);
  let wanted = 0;
  for (let p = start(s); p < stop; p++) {
    const byte = load<u8>(p);
    const isTail = (byte & 0xc0) == 0x80;
    if (isTail != wanted > 0 || byte > 0xf4 || !byte) return false;
    if (isTail) wanted--;
    else if (byte >= 0xc2) wanted = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
    else if (byte >= 0x80) return false;
  }
  return !wanted;
}

function say(account: i32, m: Message): void {
  const isReadable = parseNameAddr(m.header(Header.From), from);
  if (!beginEvent(EventKind.MessageReceived, w("message.received"))) return;
  numberField(w("account"), account);
  textField(w("from"), isReadable ? from.uri : EMPTY);
  textField(w("display"), isReadable ? unquote(from.display) : EMPTY);
  textField(w("text"), m.body);
  endEvent();
}
