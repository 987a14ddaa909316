// The INVITE that we send (RFC 3261 §13.2): place it, follow its responses, end up with one dialog.

import { EMPTY, isPresent, Slice, w } from "../bytes/slice";
import { putIdentity } from "../account/address-of-record";
import { writeContact } from "../account/contact";
import { routesOf, wayOf } from "../account/way";
import { keep } from "../bytes/blocks";
import { putToken, randomBits } from "../crypto/random";
import { keepAddress, keepLines, keepTarget, takeDialog } from "../dialog/dialog";
import { keepIdentity } from "../dialog/establish";
import { aim } from "../dialog/next-hop";
import { readFirstRoute } from "../dialog/route-set";
import { Method } from "../message/method";
import { mark, put, putByte, rewind, written } from "../output/output";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { Found } from "../transport/destination";
import { endCall } from "./bye";
import { Call, CallState } from "./call";
import { sayOutgoing, Side } from "./call-events";
import { EndRule } from "./end-rule";
import { locate } from "./locate";
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
export function proceed(call: Call, found: Found): void {
  if (found == Found.Wait) return;
  if (found == Found.No) return endCall(call, Side.Local, 503, EndRule.NotLocated);
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
    keepLines(
      d,
      callId,
      localTag,
      EMPTY,
      writeFrom(call, localTag),
      writeTo(call),
      routesOf(wayOf(call.account)),
    ) &&
    keepTarget(d, writeTarget(call)) &&
    keepAddress(d, call.hopAddress, call.hopPort) &&
    keepIdentity(d, call.localAddress, writeContact(call.account, call.flow, call.localAddress));
  rewind(from);
  readFirstRoute(d);
  return ok;
}

function writeFrom(call: Call, tag: Slice): Slice {
  const from = mark();
  putIdentity(call.account, call.localAddress);
  put(w(";tag="));
  put(tag);
  return written(from);
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
