// The INVITE that we send (RFC 3261 §13.2): place it, follow its responses, end up with one dialog.

import { viaHost } from "../account/public-address";
import { EMPTY, equals, isPresent, Slice, w } from "../bytes/slice";
import { putIdentity } from "../account/address-of-record";
import { writeContact } from "../account/contact";
import { hasServer } from "../account/servers";
import { keep } from "../bytes/blocks";
import { putToken, randomBits } from "../crypto/random";
import { Dialog, keepHop, keepLines, keepTarget, takeDialog } from "../dialog/dialog";
import { keepIdentity } from "../dialog/establish";
import { readFirstRoute } from "../dialog/route-set";
import { Method } from "../message/method";
import { mark, put, putByte, rewind, written } from "../output/output";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { Found } from "../transport/destination";
import { endCall } from "./bye";
import { Call, CallState } from "./call";
import { sayOutgoing, Side } from "./call-events";
import { EndRule } from "./end-rule";
import { isInviteOpen } from "./fail-over";
import { hidesUs } from "./invite-headers";
import { locate, locateUri, patienceMs, routesToTarget, stayAtTarget } from "./locate";
import { makeOffer } from "./media";
import { Purpose, send, sequenceOf } from "./request";
import { takePort } from "./rtp-ports";
import { resetCallTimer } from "./call-timer";

/** Starts an outgoing call to a URI; the caller has checked the account and the URI. */
export function placeCall(call: Call, uri: Slice): bool {
  call.remoteUri = keep(uri);
  call.isTrusted = hasServer(call.account);
  call.rtpPort = takePort(number(Key.MinRtpPort), number(Key.MaxRtpPort));
  if (!isPresent(call.remoteUri) || call.rtpPort == 0) return false;
  call.sdpId = <u64>(randomBits() >>> 1);
  call.sdpVersion = call.sdpId;
  resetCallTimer(call, true);
  sayOutgoing(call);
  call.endStatus = 503;
  call.endRule = EndRule.NotLocated;
  proceed(call, locate(call));
  return true;
}

/** The lookups went on, or ended. */
export function proceed(call: Call, found: Found): void {
  if (found == Found.Wait) return;
  if (found == Found.No) return remainWithoutTarget(call);
  const ready = call.dialog ? turnDialog(call) : prepareDialog(call);
  if (!ready) return endCall(call, Side.Local, 500, EndRule.NoMemory);
  sendInvite(call);
}

// One that is silent may still answer.
function remainWithoutTarget(call: Call): void {
  if (isInviteOpen(call)) return stayAtTarget(call);
  const by = call.endRule == EndRule.PeerRefused ? Side.Remote : Side.Local;
  endCall(call, by, call.endStatus, call.endRule);
}

/** The dialog that our INVITE is written from: it has no remote tag yet. */
function prepareDialog(call: Call): bool {
  const d = takeDialog(call.handle, call.flow, call.isEmergency);
  if (!d) return false;
  call.dialog = d;
  const from = mark();
  putToken(12);
  const callId = written(from);
  const tagFrom = mark();
  putToken(8);
  const localTag = written(tagFrom);
  const ok = writeLines(call, d, callId, localTag) && keepTarget(d, call.remoteUri);
  rewind(from);
  return ok && aimDialog(call, d) && makeOffer(call);
}

/** The same dialog, but to another target: a new way, and what depends on our address there. */
function turnDialog(call: Call): bool {
  const d = call.dialog!;
  const isHere = equals(d.localAddress, call.localAddress);
  return writeLines(call, d, d.callId, d.localTag) && aimDialog(call, d) && (isHere || makeOffer(call));
}

function aimDialog(call: Call, d: Dialog): bool {
  const from = mark();
  const contact = writeContact(call.account, call.flow, call.localAddress);
  d.flow = call.flow;
  const ok =
    keepHop(d, call.hopTransport, call.hopAddress, call.hopPort, call.hopName) &&
    keepIdentity(d, viaHost(call.account, call.localAddress), contact);
  rewind(from);
  return ok;
}

function writeLines(call: Call, d: Dialog, callId: Slice, tag: Slice): bool {
  const from = mark();
  const ok = keepLines(d, callId, tag, EMPTY, writeFrom(call, tag), writeTo(call), routesToTarget(call));
  rewind(from);
  readFirstRoute(d);
  return ok;
}

function writeFrom(call: Call, tag: Slice): Slice {
  const from = mark();
  if (hidesUs(call.account)) put(w('"Anonymous" <sip:anonymous@anonymous.invalid>'));
  else putIdentity(call.account, call.localAddress);
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

/** Sends the INVITE for the first time. */
function sendInvite(call: Call): void {
  const d = call.dialog!;
  call.inviteSequence = sequenceOf(d);
  const t = send(
    call,
    d,
    Method.Invite,
    call.inviteSequence,
    call.proposedSdp,
    Purpose.Invite,
    call.referredLines,
  );
  if (!t) return endCall(call, Side.Local, 503, EndRule.TransportFailed);
  call.invite = t.handle;
  call.state = CallState.Calling;
  const patience = patienceMs(call, Key.ProxyInviteRetryCounts, Key.ServerInviteRetryCounts, 0);
  call.guard.arm(Timer.Silence, nowMs() + patience);
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
  putToken(8);
  writeLines(call, d, d.callId, written(from));
  rewind(from);
}

/** Turns the INVITE to another target (§8.1.3.4): Request-URI and way change, the dialog's names stay. */
export function retarget(call: Call, uri: Slice): void {
  const d = call.dialog!;
  if (!keepTarget(d, uri)) return endCall(call, Side.Local, 500, EndRule.NoMemory);
  if (isPresent(d.firstRoute)) return sendInvite(call);
  call.state = CallState.Locating;
  proceed(call, locateUri(call, uri));
}
