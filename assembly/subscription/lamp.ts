// A busy lamp, as the phone's application is told of it: who, what they do, with whom, and what to call to pick it up.

import { EMPTY, equals, isPresent, size, Slice, w } from "../bytes/slice";
import { putEscaped } from "../message/components";
import { parseUri, Uri } from "../message/uri";
import { EventKind } from "../output/abi-numbers";
import { beginEvent, endEvent, mark, numberField, put, rewind, textField, written } from "../output/output";
import { Key } from "../settings/keys";
import { number, text } from "../settings/settings";
import { putUnescaped } from "../xml/escapes";

const parsed = changetype<Uri>(memory.data(offsetof<Uri>(), 8));

/** What a document says of one call, escapes of XML and all. */
@unmanaged
export class Lamp {
  /** `trying`, `proceeding`, `early`, `confirmed`, `terminated` as RFC 4235 §3.7.1 has them; `idle`. */
  state: Slice;
  /** Of the call: `initiator` or `recipient` is who the lamp stands for. */
  direction: Slice;
  callId: Slice;
  localTag: Slice;
  remoteTag: Slice;
  /** URI of the other side, and its name. */
  remote: Slice;
  display: Slice;
  /** Where the other side is reached. */
  target: Slice;
  /** The element that is read is of the other side. */
  isRemote: bool;
}

export function forgetLamp(lamp: Lamp): void {
  memory.fill(changetype<usize>(lamp), 0, offsetof<Lamp>());
}

/** `isOfList`: of a list of lamps, which has a code of its own. */
export function sayLamp(account: i32, entity: Slice, lamp: Lamp, isOfList: bool): void {
  const from = mark();
  const uri = unescaped(entity);
  const remote = unescaped(lamp.remote);
  const display = unescaped(lamp.display);
  const callId = unescaped(lamp.callId);
  const pickup = writePickup(account, uri, remote, callId, lamp, isOfList);
  if (!beginEvent(EventKind.Lamp, w("lamp"))) return rewind(from);
  numberField(w("account"), account);
  textField(w("uri"), uri);
  textField(w("state"), lamp.state);
  textField(w("direction"), lamp.direction);
  textField(w("remote"), remote);
  textField(w("display"), display);
  textField(w("call_id"), callId);
  textField(w("local_tag"), lamp.localTag);
  textField(w("remote_tag"), lamp.remoteTag);
  textField(w("pickup"), pickup);
  endEvent();
}

function unescaped(s: Slice): Slice {
  const from = mark();
  putUnescaped(s);
  return written(from);
}

// ---- pickup ----

/** What is to be called to take the call over; EMPTY where nothing rings, or the settings say nothing. */
function writePickup(
  account: i32,
  uri: Slice,
  remote: Slice,
  callId: Slice,
  lamp: Lamp,
  isOfList: bool,
): Slice {
  const from = mark();
  if (!equals(lamp.state, w("early")) || !equals(lamp.direction, w("recipient"))) return EMPTY;
  const isNamed = size(callId) > 0 && size(lamp.localTag) > 0 && size(lamp.remoteTag) > 0;
  if (number(Key.DialoginfoPickup, account)) {
    if (isNamed) putReplacing(remote, callId, lamp);
  } else putCode(account, uri, isOfList);
  return size(written(from)) ? written(from) : EMPTY;
}

/** The caller is called, in place of the one who does not answer (RFC 5359 §2.16): the tags are as the caller sees them. */
function putReplacing(remote: Slice, callId: Slice, lamp: Lamp): void {
  if (isPresent(lamp.target)) putUnescaped(lamp.target);
  else put(remote);
  put(w("?Replaces="));
  putEscaped(callId);
  put(w("%3Bto-tag%3D"));
  putEscaped(lamp.remoteTag);
  put(w("%3Bfrom-tag%3D"));
  putEscaped(lamp.localTag);
  put(w("%3Bearly-only"));
}

/** `*8` for 2002 is `*82002`. */
function putCode(account: i32, uri: Slice, isOfList: bool): void {
  let code = text(isOfList ? Key.BlfListCode : Key.PickupCode, account);
  if (!isPresent(code)) code = text(Key.PhonePickupCode);
  if (!isPresent(code) || !parseUri(uri, parsed)) return;
  put(code);
  if (!number(Key.PickupOnlySendCode)) put(parsed.user);
}
