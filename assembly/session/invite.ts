// The INVITE that we send (RFC 3261 §13.2): place it, follow its responses, end up with one dialog.

import { EMPTY, end, indexOf, isDigit, isPresent, lower, size, Slice, slice, start, w } from "../bytes/slice";
import { keep } from "../bytes/blocks";
import { putToken, randomBits } from "../crypto/random";
import { keepAddress, keepLines, keepTarget, takeDialog } from "../dialog/dialog";
import { keepIdentity } from "../dialog/establish";
import { aim } from "../dialog/next-hop";
import { readFirstRoute } from "../dialog/route-set";
import { isEscape } from "../message/escapes";
import { Method } from "../message/method";
import { putQuoted } from "../message/quoted";
import { mark, put, putByte, putHex, putNumber, rewind, written } from "../output/output";
import { Key } from "../settings/keys";
import { number, text } from "../settings/settings";
import { putHost } from "../transport/address";
import { findFlow } from "../transport/flow";
import { endCall } from "./bye";
import { Call, CallState } from "./call";
import { sayOutgoing, Side } from "./call-events";
import { EndRule } from "./end-rule";
import { locate, Located } from "./locate";
import { makeOffer } from "./media";
import { Purpose, send, sequenceOf } from "./request";
import { takePort } from "./rtp-ports";
import { resetCallTimer } from "./call-timer";

/** Starts an outgoing call to a URI; the caller has checked the account and the URI. */
export function placeCall(call: Call, uri: Slice): bool {
  call.remoteUri = keep(uri);
  call.rtpPort = takePort(number(Key.MinRtpPort), number(Key.MaxRtpPort));
  if (!isPresent(call.remoteUri) || call.rtpPort == 0) return false;
  call.sdpId = <u64>(randomBits() >>> 1);
  call.sdpVersion = call.sdpId;
  resetCallTimer(call, true);
  sayOutgoing(call);
  proceed(call, locate(call));
  return true;
}

/** The lookups went on, or ended. */
export function proceed(call: Call, located: Located): void {
  if (located == Located.Wait) return;
  if (located == Located.No) return endCall(call, Side.Local, 503, EndRule.NotLocated);
  if (!prepareDialog(call) || !makeOffer(call)) return endCall(call, Side.Local, 500, EndRule.NoMemory);
  sendInvite(call);
}

/** The dialog that our INVITE is written from: it has no remote tag yet. */
function prepareDialog(call: Call): bool {
  const d = takeDialog(call.handle, call.flow);
  if (!d) return false;
  call.dialog = d;
  const from = mark();
  putToken(12);
  const callId = written(from);
  const tagFrom = mark();
  putToken(8);
  const localTag = written(tagFrom);
  const ok =
    keepLines(d, callId, localTag, EMPTY, writeFrom(call, localTag), writeTo(call), writeProxyRoute(call)) &&
    keepTarget(d, writeTarget(call)) &&
    keepAddress(d, call.hopAddress, call.hopPort) &&
    keepIdentity(d, call.localAddress, writeContact(call));
  rewind(from);
  readFirstRoute(d);
  return ok;
}

function writeFrom(call: Call, tag: Slice): Slice {
  const from = mark();
  const display = text(Key.DisplayName, call.account);
  if (size(display)) {
    // The administrator's text: quotes and backslashes in it are escaped.
    putQuoted(display);
    putByte(0x20);
  }
  put(w("<"));
  putAddressOfRecord(call);
  put(w(">;tag="));
  put(tag);
  return written(from);
}

function putAddressOfRecord(call: Call): void {
  put(w("sip:"));
  putUser(call.account);
  const server = text(Key.SipServerAddress, call.account);
  putHost(size(server) ? server : call.localAddress);
  if (number(Key.EnableUserEqualPhone, call.account)) put(w(";user=phone"));
}

function putUser(account: i32): void {
  const user = text(Key.UserName, account);
  if (!size(user)) return;
  putEscaped(user);
  putByte(0x40);
}

// user = *( unreserved / escaped / user-unreserved ), RFC 3261 §25.1: the rest of the administrator's text
// would end the URI early. A "%" may begin an escape of his own, and else is a byte like others.
function putEscaped(text: Slice): void {
  const stop = end(text);
  for (let p = start(text); p < stop; p++) {
    const byte = load<u8>(p);
    if (byte == 0x25 ? isEscape(p, stop) : isUserByte(byte)) putByte(byte);
    else {
      putByte(0x25);
      putHex(slice(p, 1));
    }
  }
}

function isUserByte(byte: u8): bool {
  if (isDigit(byte) || lower(byte) - 97 < 26) return true;
  return indexOf(w("-_.!~*'()&=+$,;?/"), byte) >= 0;
}

function writeTo(call: Call): Slice {
  const from = mark();
  putByte(0x3c);
  put(call.remoteUri);
  putByte(0x3e);
  return written(from);
}

function writeTarget(call: Call): Slice {
  const from = mark();
  put(call.remoteUri);
  return written(from);
}

// An outbound proxy is a route that is there before the dialog (RFC 3261 §8.1.2).
function writeProxyRoute(call: Call): Slice {
  const proxy = text(Key.OutboundProxyAddress, call.account);
  const from = mark();
  if (!number(Key.OutboundProxyEnable, call.account) || !size(proxy)) return written(from);
  put(w("Route: <sip:"));
  putHost(proxy);
  const port = number(Key.OutboundProxyPort, call.account);
  if (port) {
    putByte(0x3a);
    putNumber(port);
  }
  put(w(";lr>\r\n"));
  return written(from);
}

/** Value of our Contact in this call: <sip:user@address:port>. */
export function writeContact(call: Call): Slice {
  const from = mark();
  put(w("<sip:"));
  putUser(call.account);
  putHost(call.localAddress);
  const flow = findFlow(call.flow);
  if (flow) {
    putByte(0x3a);
    putNumber(flow.localPort);
  }
  putByte(0x3e);
  return written(from);
}

/** Sends the INVITE for the first time. */
function sendInvite(call: Call): void {
  const d = call.dialog!;
  call.inviteSequence = sequenceOf(d);
  const t = send(call, d, Method.Invite, call.inviteSequence, call.proposedSdp, Purpose.Invite);
  if (!t) return endCall(call, Side.Local, 503, EndRule.TransportFailed);
  call.invite = t.handle;
  call.state = CallState.Calling;
}

/**
 * Sends it once more with what a response has taught us: the same Call-ID, From and To, CSeq + 1. After 422
 * a setting may ask for a new From tag (RFC 4028 erratum 1681; §7.3 says to keep it).
 */
export function resendInvite(call: Call, afterTooSmall: bool = false): void {
  if (afterTooSmall && number(Key.SessionTimerNewFromTag, call.account)) renewTag(call);
  sendInvite(call);
}

function renewTag(call: Call): void {
  const d = call.dialog!;
  const from = mark();
  put(d.callId);
  const callId = written(from);
  const tagFrom = mark();
  putToken(8);
  const tag = written(tagFrom);
  const routesFrom = mark();
  put(d.routes);
  const routes = written(routesFrom);
  keepLines(d, callId, tag, EMPTY, writeFrom(call, tag), writeTo(call), routes);
  rewind(from);
  readFirstRoute(d);
}

/** Turns the INVITE to another target (§8.1.3.4): Request-URI and way change, the dialog's names stay. */
export function retarget(call: Call, uri: Slice): bool {
  const d = call.dialog!;
  if (!keepTarget(d, uri)) return false;
  return isPresent(d.firstRoute) || aim(d);
}
