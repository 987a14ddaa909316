// The requests by which servers are asked whether they are there: OPTIONS (RFC 3261 §11.1), and NOTIFY where that is
// what keeps a NAT open. Each stands alone, outside of any dialog.

import { viaHost } from "../account/public-address";
import { putIdentity } from "../account/address-of-record";
import { putPhoneContact } from "../account/contact";
import { putServerUri, useAccountTimers, writeProxyRoute } from "../account/servers";
import { Slice, w } from "../bytes/slice";
import { putToken } from "../crypto/random";
import { branch, putVia } from "../dialog/in-dialog-request";
import { Method, methodName } from "../message/method";
import { putBody } from "../message/write";
import { mark, put, putByte, putLine, written } from "../output/output";
import { putAllow, putSupported } from "../session/request";
import { nowMs } from "../time/clock";
import { createClient, Transaction } from "../transaction/transaction";
import { Flow } from "../transport/flow";
import { Probe, Purpose } from "./probe";

const CALL_ID_BYTES: i32 = 12;
const TAG_BYTES: i32 = 8;

/** Sends one to an address; null when it could not even be kept. */
export function sendProbe(
  p: Probe,
  method: Method,
  purpose: Purpose,
  flow: Flow,
  address: Slice,
  port: i32,
  ourAddress: Slice,
): Transaction | null {
  const from = mark();
  writeProbe(p, method, flow, ourAddress);
  useAccountTimers(p.way.account);
  return createClient(
    written(from),
    method,
    branch,
    1,
    flow.handle,
    flow.isReliable,
    address,
    port,
    p.handle,
    purpose,
    nowMs(),
  );
}

function writeProbe(p: Probe, method: Method, flow: Flow, ourAddress: Slice): void {
  const way = p.way;
  put(methodName(method));
  putByte(0x20);
  putServerUri(way.account, way.server);
  put(w(" SIP/2.0\r\n"));
  putVia(flow.transport, flow, viaHost(way.account, ourAddress));
  put(w("Max-Forwards: 70\r\n"));
  if (way.proxy) writeProxyRoute(way.account, way.proxy);
  put(w("From: "));
  putIdentity(way.account, ourAddress);
  put(w(";tag="));
  putToken(TAG_BYTES);
  put(w("\r\nTo: <"));
  putServerUri(way.account, way.server);
  put(w(">\r\nCall-ID: "));
  putToken(CALL_ID_BYTES);
  put(w("\r\nCSeq: 1 "));
  put(methodName(method));
  put(w("\r\nContact: "));
  putPhoneContact(way, flow, ourAddress);
  putLine();
  if (method == Method.Notify) put(w("Event: keep-alive\r\n"));
  else {
    putAllow(way.account);
    put(w("Accept: application/sdp\r\n"));
  }
  putSupported(false);
  putBody(0, 0);
}
