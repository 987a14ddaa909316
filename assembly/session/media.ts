// Offer and answer of a call (RFC 3264): what is kept, what is said of it, and its o= version.

import {
  EMPTY,
  equals,
  isPresent,
  size,
  slice,
  Slice,
  start,
  startsWithIgnoringCase,
  w,
} from "../bytes/slice";
import { keep, release } from "../bytes/blocks";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { EventKind } from "../output/abi-numbers";
import {
  endEvent,
  mark,
  numberField,
  put,
  putByte,
  putNumber,
  rewind,
  secretField,
  textField,
  written,
} from "../output/output";
import { writeAnswer, readAnswer } from "../sdp/answer";
import { Codec, codecName, codecRate, usualPayload } from "../sdp/codec";
import { directionName } from "../sdp/direction";
import { Direction, LocalMedia, newLocalMedia, Srtp } from "../sdp/local-media";
import { NegotiatedMedia, newNegotiatedMedia } from "../sdp/negotiated-media";
import { writeOffer } from "../sdp/offer";
import { Crypto } from "../sdp/crypto";
import { findCrypto, mine, theirs } from "../sdp/srtp";
import { newSessionDescription, parseSdp, SessionDescription } from "../sdp/session-description";
import { Key } from "../settings/keys";
import { codecOrder, number, text } from "../settings/settings";
import { isIPv6 } from "../transport/address";
import { beginCallEvent, Call } from "./call";

/** The outcome of a body that the peer sent. */
export const enum MediaVerdict {
  Agreed,
  /** No codec or stream that both can do: 488. */
  NothingFits,
  /** No SDP that could be read: 400. */
  Unreadable,
  NoMemory,
}

const MOST_CODECS: i32 = <i32>Codec.TelephoneEvent;

let local: LocalMedia = changetype<LocalMedia>(0);
let remote: SessionDescription = changetype<SessionDescription>(0);
let agreed: NegotiatedMedia = changetype<NegotiatedMedia>(0);

export function openMedia(): void {
  local = newLocalMedia();
  remote = newSessionDescription();
  agreed = newNegotiatedMedia();
}

/** The SDP of a message; EMPTY if its body is something else, or missing. */
export function sdpOf(m: Message): Slice {
  return isSdp(m) ? m.body : EMPTY;
}

/** A body without Content-Type counts as SDP: there is nothing else that a session could mean. */
export function isSdp(m: Message): bool {
  const type = m.header(Header.ContentType);
  return size(m.body) > 0 && (!isPresent(type) || startsWithIgnoringCase(type, w("application/sdp")));
}

/** What the account's settings and the call's state let us do. */
function describe(call: Call, version: u64, hold: bool): void {
  describeAccount(call.account);
  const preset = text(Key.MediaAddress);
  local.address = call.mediaPort ? call.mediaAddress : size(preset) ? preset : call.localAddress;
  local.isIPv6 = isIPv6(local.address);
  local.port = <u16>(call.mediaPort ? call.mediaPort : call.rtpPort);
  local.sessionId = call.sdpId;
  local.version = version;
  local.isSavp = call.mediaIsSaid ? call.isSavp : local.srtp == Srtp.Compulsory;
  local.keyName = ((<u64>call.number) << 32) | call.keyEpoch;
  local.holds2543 = hold && number(Key.Rfc2543Hold) != 0;
  const isInactive = !local.holds2543 && number(Key.HoldInactive, call.account) != 0;
  local.direction = !hold ? Direction.SendRecv : isInactive ? Direction.Inactive : Direction.SendOnly;
}

function describeAccount(account: i32): void {
  local.ptime = number(Key.Ptime, account);
  local.dtmfPayload = number(Key.DtmfPayload, account);
  local.srtp = number(Key.Srtp, account);
  local.clearCodecs();
  for (let place = 0; place < MOST_CODECS; place++) {
    const codec = codecOrder(account, place);
    // The settings may have given its number to the digits.
    if (codec >= 0 && usualPayload(codec) != local.dtmfPayload) local.addUsual(codec);
  }
}

/**
 * Makes our offer into `proposedSdp`. The same content as the SDP in force keeps its o= line, so that a
 * refresh is seen as one (RFC 3264 §8, RFC 4028 §7.4). False without memory.
 */
export function makeOffer(call: Call): bool {
  describe(call, call.localVersion, call.wantsHold);
  const from = mark();
  parseSdp(call.localSdp, remote);
  writeOffer(local, remote);
  let offer = written(from);
  if (!equals(offer, call.localSdp)) {
    rewind(from);
    local.version = ++call.sdpVersion;
    writeOffer(local, remote);
    offer = written(from);
  }
  const kept = keep(offer);
  rewind(from);
  call.movesMedia = false;
  return isPresent(kept) && propose(call, kept, local.version, call.wantsHold);
}

/** Offers what is in force once more, to the octet; after a restart it is known no more (renewKeys). */
export function repeatOffer(call: Call): bool {
  if (!isPresent(call.localSdp)) return makeOffer(call);
  const kept = keep(call.localSdp);
  return isPresent(kept) && propose(call, kept, call.localVersion, call.isHolding);
}

function propose(call: Call, kept: Slice, version: u64, hold: bool): bool {
  release(call.proposedSdp);
  call.proposedSdp = kept;
  call.proposedVersion = version;
  call.offersHold = hold;
  return true;
}

/** Our offer came to nothing: what was in force stays. */
export function withdrawOffer(call: Call): void {
  release(call.proposedSdp);
  call.proposedSdp = EMPTY;
}

/** The peer answered our offer. `early`: it may still change with the 2xx. */
export function takeAnswer(call: Call, body: Slice, early: bool = false): MediaVerdict {
  if (!parseSdp(body, remote)) return MediaVerdict.Unreadable;
  describe(call, 0, call.offersHold);
  const offer = isPresent(call.proposedSdp) ? call.proposedSdp : call.localSdp;
  if (!readAnswer(remote, local, offer, agreed)) return MediaVerdict.NothingFits;
  if (early) {
    sayMedia(call, true);
    return MediaVerdict.Agreed;
  }
  if (isPresent(call.proposedSdp)) {
    release(call.localSdp);
    call.localSdp = call.proposedSdp;
    call.localVersion = call.proposedVersion;
    call.proposedSdp = EMPTY;
  }
  return keepRemote(call, body, call.offersHold);
}

/**
 * Answers the peer's offer: the answer is then `localSdp`. An offer that says what the last one said gets
 * the same answer to the octet, its o= version included (RFC 3264 §8).
 */
export function answerOffer(call: Call, body: Slice, early: bool = false): MediaVerdict {
  if (!parseSdp(body, remote)) return MediaVerdict.Unreadable;
  const from = mark();
  describe(call, call.localVersion, call.wantsHold);
  if (!writeAnswer(remote, local, agreed)) return MediaVerdict.NothingFits;
  let answer = written(from);
  if (!equals(answer, call.localSdp)) {
    rewind(from);
    local.version = ++call.sdpVersion;
    writeAnswer(remote, local, agreed);
    answer = written(from);
  }
  const kept = keep(answer);
  rewind(from);
  if (!isPresent(kept)) return MediaVerdict.NoMemory;
  release(call.localSdp);
  call.localSdp = kept;
  call.localVersion = local.version;
  call.movesMedia = false;
  if (agreed.isSecure) findCrypto(kept, mine, theirs.tag);
  return keepRemote(call, body, call.wantsHold, early);
}

/** What an answer to the offer would come to, without giving it, on a flow of that address family. */
export function canAnswer(account: i32, wantsIPv6: bool, body: Slice): MediaVerdict {
  if (!parseSdp(body, remote)) return MediaVerdict.Unreadable;
  const from = mark();
  describeAccount(account);
  local.isIPv6 = wantsIPv6;
  local.address = EMPTY;
  const fits = writeAnswer(remote, local, agreed);
  rewind(from);
  return fits ? MediaVerdict.Agreed : MediaVerdict.NothingFits;
}

function keepRemote(call: Call, body: Slice, hold: bool, early: bool = false): MediaVerdict {
  const isRekeyed = agreed.isSecure && call.saidKey != beginOf(mine);
  const isNews = isRekeyed || !call.mediaIsSaid || !equals(call.remoteSdp, body) || hold != call.isHolding;
  call.isHolding = hold;
  call.isSavp = agreed.isSavp;
  if (!isNews) return MediaVerdict.Agreed;
  const kept = keep(body);
  if (!isPresent(kept)) return MediaVerdict.NoMemory;
  // `agreed` may point into what is released here.
  sayMedia(call, early);
  release(call.remoteSdp);
  call.remoteSdp = kept;
  return MediaVerdict.Agreed;
}

/** Tells the phone's media where to send and what (call.media), and before it by which keys (call.keys). */
function sayMedia(call: Call, early: bool): void {
  if (agreed.isSecure) sayKeys(call);
  if (!early) {
    call.mediaIsSaid = true;
    keepMediaLine(call);
  }
  if (!beginCallEvent(call, EventKind.CallMedia, w("call.media"))) return;
  textField(w("address"), agreed.address);
  numberField(w("port"), agreed.port);
  textField(w("codec"), codecName(agreed.codec));
  numberField(w("payload"), agreed.payload);
  numberField(w("rate"), codecRate(agreed.codec));
  numberField(w("dtmf"), agreed.dtmfPayload);
  numberField(w("ptime"), agreed.ptime);
  textField(w("direction"), directionName(agreed.direction));
  textField(w("local.address"), local.address);
  numberField(w("local.port"), local.port);
  numberField(w("early"), early ? 1 : 0);
  if (agreed.isSecure) textField(w("srtp"), theirs.suite);
  endEvent();
}

function sayKeys(call: Call): void {
  call.saidKey = beginOf(mine);
  if (!beginCallEvent(call, EventKind.CallKeys, w("call.keys"))) return;
  textField(w("suite"), theirs.suite);
  secretField(w("local.key"), keyOf(mine));
  secretField(w("remote.key"), keyOf(theirs));
  numberField(w("remote.lifetime"), theirs.lifetime);
  textField(w("remote.mki"), theirs.mki);
  numberField(w("remote.mki_length"), theirs.mkiLength);
  endEvent();
}

/** Enough to know a key of ours by. */
function beginOf(crypto: Crypto): u64 {
  return load<u64>(start(crypto.key));
}

/** With `inline:`, by which a host finds it in memory. */
function keyOf(crypto: Crypto): Slice {
  return slice(start(crypto.key) - 7, size(crypto.key) + 7);
}

// What was agreed, in one line for call.established: "PCMA 192.0.2.7:11780 sendrecv".
function keepMediaLine(call: Call): void {
  const from = mark();
  put(codecName(agreed.codec));
  putByte(0x20);
  put(agreed.address);
  putByte(0x3a);
  putNumber(agreed.port);
  putByte(0x20);
  put(directionName(agreed.direction));
  if (agreed.isSecure) put(w(" srtp"));
  release(call.mediaLine);
  call.mediaLine = keep(written(from));
  rewind(from);
}
