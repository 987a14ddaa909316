// OPTIONS, inside a dialog or not: what we can do (RFC 3261 §11.2).

import { EMPTY, Slice, w } from "../bytes/slice";
import { Message } from "../message/message";
import { put, putByte, putNumber } from "../output/output";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { putAllow, putSupported } from "../session/request";
import { beginResponse } from "../transaction/response";
import { Transaction } from "../transaction/transaction";
import { putHost } from "../transport/address";
import { findFlow } from "../transport/flow";
import { accountOf } from "./account";
import { hasUnknownScheme, refuseExtensions, respondWith } from "./refuse";
import { endReply } from "../session/reply";

/** The status is the one that an INVITE would get (§11.2), as far as it depends on whom it is for. */
export function answerOptions(t: Transaction, m: Message, account: i32, tag: Slice): void {
  if (!account && hasUnknownScheme(m)) return respondWith(t, 416, EMPTY);
  const by = account ? account : accountOf(m.uri, t.address);
  if (!by) return respondWith(t, 404, EMPTY);
  const hasTimer = number(Key.SessionTimerEnable, by) != 0;
  if (refuseExtensions(t, m, hasTimer, by)) return;
  const at = beginResponse(t, 200, EMPTY, tag);
  putContact(t);
  putAllow(by);
  put(w("Accept: application/sdp\r\n"));
  putSupported(hasTimer, number(Key.Reliable, by) != 0);
  endReply(t, at, 200);
}

// Bound to every interface, we can't say at once by which address the sender reaches us: then without.
function putContact(t: Transaction): void {
  const flow = findFlow(t.flow);
  if (!flow || flow.isWildcard) return;
  put(w("Contact: <sip:"));
  putHost(flow.localAddress);
  putByte(0x3a);
  putNumber(flow.localPort);
  put(w(">\r\n"));
}
