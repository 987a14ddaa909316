// The REGISTER that we send (RFC 3261 §10.2, RFC 5626 §4.2): its rows, and the transaction that carries it.

import { viaHost } from "../account/public-address";
import { putNamed } from "../account/address-of-record";
import { putContactUri } from "../account/contact";
import { authName, password } from "../account/credentials";
import { putServerUri, serverNumber, useAccountTimers, writeProxyRoute } from "../account/servers";
import { putCredentials } from "../auth/attempts";
import { keep } from "../bytes/blocks";
import { equals, isPresent, size, Slice, w } from "../bytes/slice";
import { putToken } from "../crypto/random";
import { branch, putVia } from "../dialog/in-dialog-request";
import { Method } from "../message/method";
import { putBody, putNumberHeader } from "../message/write";
import { mark, put, putByte, putLine, putNumber, rewind, written } from "../output/output";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { createClient, destroy, findTransaction, limitTimeout } from "../transaction/transaction";
import { Flow, findFlow } from "../transport/flow";
import { hasBackup, hasOther, hopSetting } from "./hop";
import { writeInstance } from "./instance";
import { Purpose, Registration } from "./registration";

const CALL_ID_BYTES: i32 = 12;
const TAG_BYTES: i32 = 8;

/** Sends one to the hop that was found; false if it could not even be kept. */
export function sendRegister(r: Registration, purpose: Purpose): bool {
  const flow = findFlow(r.flow);
  if (!flow || !keepIdentifiers(r)) return false;
  r.asked = purpose == Purpose.Register ? expiresWanted(r) : 0;
  r.cseq++;
  const from = mark();
  writeRegister(r, flow, purpose);
  useAccountTimers(r.account);
  const t = createClient(
    written(from),
    Method.Register,
    branch,
    r.cseq,
    r.flow,
    flow.isReliable,
    r.address,
    r.port,
    r.handle,
    purpose,
    nowMs(),
  );
  if (!t) return false;
  r.transaction = t.handle;
  if (purpose != Purpose.Unregister && (hasOther(r) || hasBackup(r))) limitTimeout(t, nowMs() + patience(r));
  return true;
}

/** Nobody waits for its answer any more. */
export function forgetTransaction(r: Registration): void {
  const t = findTransaction(r.transaction);
  if (t && t.owner == r.handle) destroy(t);
  r.transaction = 0;
}

/**
 * How long a target is waited for that is not the last: until it would be sent once more often than retry_counts
 * says (RFC 3261 §17.1.2.2: T1, doubled up to T2).
 */
function patience(r: Registration): i64 {
  const t2 = <i64>number(Key.TimerT2, r.account);
  let interval = <i64>number(Key.TimerT1, r.account);
  let total = interval;
  for (let sent = hopSetting(r, Key.ProxyRetryCounts, Key.ServerRetryCounts); sent > 1; sent--) {
    interval = min(interval << 1, t2);
    total += interval;
  }
  return total;
}

function expiresWanted(r: Registration): i64 {
  return max(<i64>serverNumber(Key.ServerExpires, r.account, r.server), r.leastExpires);
}

/** One Call-ID for all, so that the registrar sees in which order they were sent (§10.2). */
function keepIdentifiers(r: Registration): bool {
  if (isPresent(r.callId) && isPresent(r.fromTag)) return true;
  const from = mark();
  putToken(CALL_ID_BYTES);
  r.callId = keep(written(from));
  rewind(from);
  putToken(TAG_BYTES);
  r.fromTag = keep(written(from));
  rewind(from);
  return isPresent(r.callId) && isPresent(r.fromTag);
}

function writeRegister(r: Registration, flow: Flow, purpose: Purpose): void {
  put(w("REGISTER "));
  const uri = writeRequestUri(r);
  put(w(" SIP/2.0\r\n"));
  putVia(flow.transport, flow, viaHost(r.account, r.localAddress));
  put(w("Max-Forwards: 70\r\n"));
  if (r.proxy && !isPresent(r.redirect)) writeProxyRoute(r.account, r.proxy);
  put(w("From: "));
  putNamed(r.account, r.localAddress, r.server);
  put(w(";tag="));
  put(r.fromTag);
  put(w("\r\nTo: "));
  putNamed(r.account, r.localAddress, r.server);
  put(w("\r\nCall-ID: "));
  put(r.callId);
  put(w("\r\nCSeq: "));
  putNumber(r.cseq);
  put(w(" REGISTER\r\n"));
  putContacts(r, flow, purpose);
  putNumberHeader(w("Expires"), r.asked);
  putSupported(r);
  put(w("User-Agent: Ringlet\r\n"));
  putCredentials(r.attempts, Method.Register, uri, authName(r.account), password(r.account), 0);
  putBody(0, 0);
}

/** The server without a user (§10.2), or where a 3xx has led. */
function writeRequestUri(r: Registration): Slice {
  const from = mark();
  if (isPresent(r.redirect)) put(r.redirect);
  else putServerUri(r.account, r.server);
  return written(from);
}

function putContacts(r: Registration, flow: Flow, purpose: Purpose): void {
  put(w("Contact: "));
  if (purpose == Purpose.Clear) put(w("*"));
  else {
    put(w("<"));
    const uri = purpose == Purpose.Unregister && size(r.bound) ? putAgain(r.bound) : writeBinding(r, flow);
    putByte(0x3e);
    putContactParameters(r);
    if (r.asked == 0) put(w(";expires=0"));
    else putLeftBinding(r, uri);
  }
  putLine();
}

function putAgain(uri: Slice): Slice {
  put(uri);
  return uri;
}

/**
 * Removes the binding of an address that is ours no longer. With an instance it is replaced (RFC 5626 §6): a registrar
 * that goes by the instance would remove the new one too.
 */
function putLeftBinding(r: Registration, uri: Slice): void {
  if (showsInstance(r) || !size(r.bound) || equals(r.bound, uri)) return;
  put(w(", <"));
  put(r.bound);
  put(w(">;expires=0"));
}

/** The URI that is bound, at the cursor. */
export function writeBinding(r: Registration, flow: Flow): Slice {
  const from = mark();
  putContactUri(r.way, flow, r.localAddress);
  if (usesOutbound(r)) put(w(";ob"));
  return written(from);
}

function putContactParameters(r: Registration): void {
  if (!showsInstance(r)) return;
  put(w(';+sip.instance="'));
  writeInstance();
  put(w('"'));
  if (!usesOutbound(r)) return;
  put(w(";reg-id="));
  putNumber(r.server);
}

function putSupported(r: Registration): void {
  const from = mark();
  putOption(from, w("path"), number(Key.PathEnable, r.account) != 0);
  putOption(from, w("outbound"), usesOutbound(r));
  putOption(from, w("gruu"), number(Key.GruuEnable, r.account) != 0);
  if (mark() != from) putLine();
}

function putOption(from: usize, tag: Slice, isOn: bool): void {
  if (!isOn) return;
  put(mark() == from ? w("Supported: ") : w(", "));
  put(tag);
}

export function usesOutbound(r: Registration): bool {
  return !r.lacksOutbound && number(Key.OutboundEnable, r.account) != 0;
}

/** RFC 5626 §4.2 and RFC 5627 §4.1 need it too. */
function showsInstance(r: Registration): bool {
  const account = r.account;
  return (
    number(Key.InstanceIdEnable, account) != 0 || number(Key.GruuEnable, account) != 0 || usesOutbound(r)
  );
}
