// SUBSCRIBE (RFC 6665 §4.1.2) and MESSAGE (RFC 3428 §4): the way to the server that the account is registered at, their
// rows, and the transaction that carries them.

import { putIdentity } from "../account/address-of-record";
import { writeContact } from "../account/contact";
import { authName, password } from "../account/credentials";
import { viaHost } from "../account/public-address";
import { SERVERS, useAccountTimers } from "../account/servers";
import { routesOf, Way, wayTo } from "../account/way";
import { putCredentials } from "../auth/attempts";
import { EMPTY, size, Slice, w } from "../bytes/slice";
import { putToken } from "../crypto/random";
import { Dialog, flowOf, keepHop, keepLines, keepTarget, takeDialog } from "../dialog/dialog";
import { keepIdentity } from "../dialog/establish";
import { beginRequest, branch, nextSequence, requestUri } from "../dialog/in-dialog-request";
import { readFirstRoute } from "../dialog/route-set";
import { Method } from "../message/method";
import { putBody, putHeader, putNumberHeader } from "../message/write";
import { mark, put, putByte, rewind, written } from "../output/output";
import { nowMs } from "../time/clock";
import { createClient } from "../transaction/transaction";
import { putPackage } from "./package";
import { forgetDialog, Subscription } from "./subscription";

const CALL_ID_BYTES: i32 = 12;
const TAG_BYTES: i32 = 8;

/** The next server after the one in use where the account is registered; 0 if there is none. */
export function nextServer(s: Subscription): i32 {
  for (let i = 0; i < SERVERS; i++) {
    const server = ((s.server + i) % SERVERS) + 1;
    if (wayTo(s.account, server).isRegistered) return server;
  }
  return 0;
}

/** A dialog without a remote tag yet, from which the first request is written; false without memory. */
export function openDialog(s: Subscription, way: Way): bool {
  forgetDialog(s);
  const d = takeDialog(s.handle, way.flow);
  if (!d) return false;
  s.dialog = d;
  const from = mark();
  const contact = writeContact(s.account, way.flow, way.localAddress);
  const ok =
    keepHop(d, way.transport, way.address, way.port, way.serverName) &&
    keepIdentity(d, viaHost(s.account, way.localAddress), contact) &&
    keepTarget(d, s.target) &&
    keepFirstLines(s, d, way);
  rewind(from);
  readFirstRoute(d);
  return ok;
}

function keepFirstLines(s: Subscription, d: Dialog, way: Way): bool {
  const callId = writeToken(CALL_ID_BYTES);
  const tag = writeToken(TAG_BYTES);
  const local = mark();
  putIdentity(s.account, way.localAddress);
  put(w(";tag="));
  put(tag);
  const from = written(local);
  const remote = mark();
  putByte(0x3c);
  put(s.target);
  putByte(0x3e);
  return keepLines(d, callId, tag, EMPTY, from, written(remote), routesOf(way));
}

function writeToken(bytes: i32): Slice {
  const from = mark();
  putToken(bytes);
  return written(from);
}

/** Sends the next request of the dialog; false if it could not even be kept. */
export function sendRequest(s: Subscription, seconds: i64): bool {
  const d = s.dialog!;
  const method = s.isMessage ? Method.Message : Method.Subscribe;
  const sequence = nextSequence(d);
  const from = beginRequest(d, method, sequence);
  const key = branch;
  if (!s.isMessage) putWish(s, d, seconds);
  put(w("User-Agent: Ringlet\r\n"));
  putCredentials(s.attempts, method, requestUri(d), authName(s.account), password(s.account), s.text);
  putBody(w("text/plain;charset=UTF-8"), s.text);
  const request = written(from);
  const flow = flowOf(d);
  if (!flow || !size(request)) return false;
  useAccountTimers(s.account);
  const t = createClient(
    request,
    method,
    key,
    sequence,
    d.flow,
    flow.isReliable,
    d.address,
    d.port,
    s.handle,
    0,
    nowMs(),
  );
  if (!t) return false;
  s.transaction = t.handle;
  s.asked = seconds;
  s.sentMs = nowMs();
  s.awaitsNotify = !s.isMessage;
  return true;
}

function putWish(s: Subscription, d: Dialog, seconds: i64): void {
  putHeader(w("Contact"), d.contact);
  putHeader(w("Event"), s.event);
  putPackage(s.event);
  putNumberHeader(w("Expires"), seconds);
}
