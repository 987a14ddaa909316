// What the phone's application orders: everything is checked before anything changes.

import { decimal, EMPTY, indexOf, isPresent, Slice, w } from "../bytes/slice";
import { keep } from "../bytes/blocks";
import { parseUri, Scheme, Uri, withoutHeaders } from "../message/uri";
import { hasServer } from "../account/servers";
import { writeTargetUri } from "../account/target";
import { EventKind, Status } from "../output/abi-numbers";
import { beginEvent, endEvent, mark, put, rewind, written } from "../output/output";
import { ACCOUNTS, Key } from "../settings/keys";
import { number, text } from "../settings/settings";
import { endProbing } from "../probe/review";
import { areAllIdle, registerAccount, unregisterAccount, unregisterAll } from "../registration/registrations";
import { answerCall } from "../session/answer";
import {
  anyCallAt,
  Call,
  callAt,
  callNumbered,
  callPlaces,
  callsInUse,
  CallState,
  findCall,
  newestCall,
  releaseCall,
  takeCall,
  Transfer,
} from "../session/call";
import { isListed } from "../session/caller";
import { sayState } from "../session/call-events";
import { joinAt, leaveToOthers, startConference } from "../session/conference";
import { transferCall } from "../session/refer";
import { moveMedia, setHold } from "../session/change";
import { sendDigits } from "../session/digits";
import { EndRule } from "../session/end-rule";
import { placeCall } from "../session/invite";
import { putUriHeaders } from "../session/uri-headers";
import { hangUp } from "../session/session";
import { rejectCall } from "../session/ring";
import { areNoneLeft, unsubscribeAll } from "../subscription/subscribe";
import { isNumeric } from "../transport/address";
import { isEnabled, lowestAccount } from "./account";

const uri = changetype<Uri>(memory.data(offsetof<Uri>(), 8));
let isOff: bool = false;
let isStoppedSaid: bool = false;

export function openCommands(): void {
  isOff = false;
  isStoppedSaid = false;
}

/** The phone was told to stop: no call begins any more. */
export function isGoingOff(): bool {
  return isOff;
}

/**
 * Calls a URI, or a number at the account's server. Answers the call's handle, or a negative Status:
 * BadArgument for what is neither or has headers that a call can't carry, NoSuchThing for an account that is not enabled, Full.
 */
export function call(account: i32, target: Slice): i32 {
  const isEmergency = isEmergencyNumber(target);
  let by = account ? account : lowestAccount();
  if (isEmergency && !(isEnabled(by) && hasServer(by))) by = accountWithServer(by);
  if (!isEnabled(by)) return Status.NoSuchThing;
  if (isOff) return Status.WrongState;
  const from = mark();
  const uriText = writeTargetUri(by, target);
  const status = checkTarget(by, uriText, true);
  const handle = status == Status.Ok ? place(by, isEmergency) : status;
  if (handle < 0) rewind(from);
  return handle;
}

/** Calls what `checkTarget` has read. */
function place(account: i32, isEmergency: bool): i32 {
  const lines = mark();
  if (!putUriHeaders(uri.headers, account, true)) return Status.BadArgument;
  const fresh = takeCall(account, true, isEmergency);
  if (!fresh) return Status.Full;
  const handle = fresh.handle;
  fresh.isEmergency = isEmergency;
  fresh.referredLines = keep(written(lines));
  if (placeCall(fresh, withoutHeaders(uri))) return handle;
  releaseCall(fresh);
  return Status.Full;
}

function isEmergencyNumber(target: Slice): bool {
  const from = mark();
  if (indexOf(target, 0x3a) < 0) put(w("tel:"));
  put(target);
  const isOne = isListed(text(Key.EmergencyNumbers), written(from));
  rewind(from);
  return isOne;
}

/** Any that can place an emergency call, or else the lowest. */
function accountWithServer(other: i32): i32 {
  for (let account = 1; account <= ACCOUNTS; account++) {
    if (isEnabled(account) && hasServer(account)) return account;
  }
  return isEnabled(other) ? other : lowestAccount();
}

export function checkTarget(account: i32, target: Slice, mayHaveHeaders: bool = false): Status {
  if (!parseUri(target, uri) || (isPresent(uri.headers) && !mayHaveHeaders)) return Status.BadArgument;
  if (uri.scheme == Scheme.Tel) return hasServer(account) ? Status.Ok : Status.BadArgument;
  // A number without a server to know it by: no host has digits alone (RFC 3261 §25.1).
  if (uri.scheme != Scheme.Sip || decimal(uri.host) >= 0) return Status.BadArgument;
  if (!hasServer(account) && !number(Key.DirectIpCallEnable)) return Status.WrongState;
  return Status.Ok;
}

export function answer(handle: u32): Status {
  const c = visible(handle);
  return c ? answerCall(c) : Status.NoSuchThing;
}

/** `status` 0 takes features.normal_refuse_code. */
export function reject(handle: u32, status: i32): Status {
  const c = visible(handle);
  if (!c) return Status.NoSuchThing;
  if (status && (status < 300 || status > 699)) return Status.BadArgument;
  if (c.state != CallState.Ringing) return Status.WrongState;
  rejectCall(c, status ? status : number(Key.NormalRefuseCode), EndRule.UserRejected);
  return Status.Ok;
}

export function hangup(handle: u32): Status {
  const c = visible(handle);
  if (!c) return Status.NoSuchThing;
  const other = leaveToOthers(c);
  if (other && transferCall(c, EMPTY, other.handle) == Status.Ok) return Status.Ok;
  hangUp(c, EndRule.UserHungUp);
  return Status.Ok;
}

/** Sends the other side of a call on to a URI, or to a number at the account's server. */
export function transfer(handle: u32, target: Slice): Status {
  const c = visible(handle);
  if (!c) return Status.NoSuchThing;
  const uriText = writeTargetUri(c.account, target);
  let status = checkTarget(c.account, uriText);
  if (status == Status.Ok) status = transferCall(c, uriText, 0);
  return status;
}

/** Sends the other side of a call on to that of another call, which takes our place, or still rings there. */
export function transferTo(handle: u32, otherHandle: u32): Status {
  const c = visible(handle);
  const other = visible(otherHandle);
  if (!c || !other) return Status.NoSuchThing;
  if (c == other) return Status.BadArgument;
  const isRinging = !other.isOutgoing && other.state < CallState.Accepted;
  if (isRinging || other.transfer != Transfer.None) return Status.WrongState;
  if (other.state >= CallState.Accepted || number(Key.SemiAttended))
    return transferCall(c, EMPTY, otherHandle);
  const status = transferCall(c, other.remoteUri, 0);
  if (status == Status.Ok) hangUp(other, EndRule.UserHungUp);
  return status;
}

/** Joins two calls, here or at the server; or one with a conference of the server. */
export function conference(handle: u32, otherHandle: u32): Status {
  const c = visible(handle);
  const other = visible(otherHandle);
  if (!c || !other) return Status.NoSuchThing;
  if (!number(Key.ConfType, c.account)) return startConference(c, other);
  if (c.isConference) return transferTo(otherHandle, handle);
  if (c == other) return Status.BadArgument;
  if (!mayJoin(c) || !mayJoin(other)) return Status.WrongState;
  const focus = call(c.account, text(Key.ConfUri, c.account));
  if (focus < 0) return focus;
  const called = findCall(focus);
  if (called) joinAt(c, other, called);
  return Status.Ok;
}

function mayJoin(c: Call): bool {
  return c.isUp && c.transfer == Transfer.None;
}

export function hold(handle: u32, on: bool): Status {
  const c = visible(handle);
  if (!c) return Status.NoSuchThing;
  if (!c.isUp || c.wantsHold == on) return Status.WrongState;
  setHold(c, on);
  return Status.Ok;
}

/** Digits while a call is up. */
export function dtmf(handle: u32, digits: Slice): Status {
  const c = visible(handle);
  return c ? sendDigits(c, digits) : Status.NoSuchThing;
}

/** Where the phone takes the media of a call. */
export function media(handle: u32, address: Slice, port: i32): Status {
  const c = visible(handle);
  if (!c) return Status.NoSuchThing;
  if (!isNumeric(address) || port < 1 || port > 65535) return Status.BadArgument;
  return moveMedia(c, address, port) ? Status.Ok : Status.Full;
}

/** A call that the user still sees. */
function visible(handle: u32): Call | null {
  const c = findCall(handle);
  return c && !c.isOver ? c : null;
}

/** Handle of the call with that number; number 0 means the newest, `onlyRinging` the newest that rings here. */
export function find(number: u32, onlyRinging: bool): i32 {
  const c = number ? callNumbered(number) : newestCall(onlyRinging);
  return c ? <i32>c.handle : Status.NoSuchThing;
}

/** One call.state event for each call. */
export function list(): void {
  for (let place = 0; place < callPlaces(); place++) {
    const c = callAt(place);
    if (c) sayState(c);
  }
}

/** Registers an account at once, or takes it off its servers until then; 0 stands for the lowest. */
export function register(account: i32, on: bool): Status {
  const by = account ? account : lowestAccount();
  if (!isEnabled(by) || !hasServer(by)) return Status.NoSuchThing;
  if (isOff) return Status.WrongState;
  if (on) registerAccount(by);
  else unregisterAccount(by);
  return Status.Ok;
}

/** Hangs everything up and takes every account off its servers; phone.stopped is said when no answer is awaited any more. */
export function stop(): void {
  isOff = true;
  for (let place = 0; place < callPlaces(); place++) {
    const c = anyCallAt(place);
    if (c) hangUp(c, EndRule.PhoneStopped);
  }
  unsubscribeAll();
  unregisterAll();
  endProbing();
}

/** At the end of every call into the module: says phone.stopped once. */
export function sayStopped(): void {
  if (!isOff || isStoppedSaid || callsInUse() || !areAllIdle() || !areNoneLeft()) return;
  isStoppedSaid = true;
  if (beginEvent(EventKind.PhoneStopped, w("phone.stopped"))) endEvent();
}
