// A request for the next hop about an INVITE of ours: the ACK to 300-699 (RFC 3261 §17.1.1.3) and CANCEL
// (§9.1). Nearly all of it stands in the kept INVITE, which is read once more.

import { putRows } from "./copy-rows";
import { isPresent, Slice, w } from "../bytes/slice";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { Method, methodName } from "../message/method";
import { putBody, putHeader } from "../message/write";
import { mark, put, putByte, putLine, putNumber, written } from "../output/output";
import { readKept } from "./kept-message";
import { Transaction } from "./transaction";

/** Writes it at the cursor; `to` EMPTY: To as in the INVITE; `lines`: more headers. Of size 0 if it does not fit. */
export function writeHopRequest(t: Transaction, method: Method, to: Slice, lines: Slice): Slice {
  const invite = readKept(t);
  const from = mark();
  put(methodName(method));
  putByte(0x20);
  put(invite.uri);
  put(w(" SIP/2.0\r\n"));
  putHeader(w("Via"), invite.header(Header.Via));
  put(w("Max-Forwards: 70\r\n"));
  putRows(invite, Header.Route, w("Route"));
  putHeader(w("From"), invite.header(Header.From));
  putHeader(w("To"), isPresent(to) ? to : invite.header(Header.To));
  putHeader(w("Call-ID"), invite.header(Header.CallId));
  put(w("CSeq: "));
  putNumber(t.cseq);
  putByte(0x20);
  put(methodName(method));
  putLine();
  if (method == Method.Ack) putCredentialsOf(invite);
  // What the INVITE supports its CANCEL supports too: every request but ACK says `timer` (RFC 4028 §7.1).
  else putRows(invite, Header.Supported, w("Supported"));
  put(lines);
  putBody(0, 0);
  return written(from);
}

/** Nobody can challenge an ACK: it carries what its INVITE did (§22.1). */
export function putCredentialsOf(invite: Message): void {
  putRows(invite, Header.Authorization, w("Authorization"));
  putRows(invite, Header.ProxyAuthorization, w("Proxy-Authorization"));
}
