// The settings of the phone, as the other rooms and the host see them.
//
// Effective value: what was set at run time, else what the files say, else the default. All sizes are
// fixed, so the store is there before any file was read.

import { EMPTY, size, Slice, trim, w } from "../bytes/slice";
import { Status } from "../output/abi-numbers";
import { mark, put, putByte, written } from "../output/output";
import { assign } from "./assign";
import { ACCOUNTS, FIRST_ACCOUNT_KEY, Key, TWINS } from "./keys";
import { isTextual, openRows, presetOf, rowOf } from "./rows";
import { foundAccount, foundKey, Lookup, lookUp, putName } from "./name";
import { beginProvisioning } from "./provision";
import { beginRejections, endRejections } from "./rejected";
import {
  effectiveNumber,
  effectiveText,
  isCell,
  isGiven,
  LOCAL_LAYER,
  markAt,
  numberAt,
  openStore,
  Plane,
  textAt,
  WAS_RESET,
} from "./store";
import { putValue } from "./value";

export { beginProvisioning, provision } from "./provision";
export { codecOrder } from "./codec-order";
export { LOCAL_LAYER } from "./store";

let isStarted: bool = false;

export function openSettings(): void {
  openRows();
  openStore();
  beginProvisioning();
  isStarted = false;
}

/** From now on a changed capacity, listen port or bind address waits for the next start. */
export function markStarted(): void {
  isStarted = true;
}

/**
 * The number of a setting: sip.timer_t* in ms, everything else in the unit of its file. Keys of the phone
 * that older firmware had for each account answer for that account, unless the phone-wide one is set.
 */
export function number(key: Key, account: i32 = 0): i32 {
  if (<i32>key < TWINS && !isSet(key)) {
    const twin = <Key>(FIRST_ACCOUNT_KEY + <i32>key);
    const by = key == Key.ListenPort ? firstWithPort() : account;
    if (by > 0) return number(twin, by);
  }
  return isCell(key, account) ? effectiveNumber(key, account) : presetOf(key);
}

/** The text of a setting, at its place in the store; EMPTY when it is blank. */
export function text(key: Key, account: i32 = 0): Slice {
  if (!isCell(key, account)) return EMPTY;
  const value = effectiveText(key, account);
  return size(value) ? value : EMPTY;
}

/** Whether somebody gave it a value, be it the default. */
export function isSet(key: Key, account: i32 = 0): bool {
  return isCell(key, account) && isGiven(key, account);
}

/** The phone has one port: the lowest account with a port of its own decides; 0 for none. */
function firstWithPort(): i32 {
  for (let account = 1; account <= ACCOUNTS; account++) {
    if (isSet(Key.AccountListenPort, account)) return account;
  }
  return 0;
}

/**
 * Sets a value above all files. A blank value takes an earlier set back, so that the files count again;
 * %NULL% sets the default. What is refused changes nothing and is told by an event.
 */
export function setSetting(key: Slice, value: Slice): Status {
  beginRejections(LOCAL_LAYER);
  const status = assign(LOCAL_LAYER, trim(key), trim(value), false);
  endRejections();
  if (status == Status.Ok && isStarted && waitsForStart(foundKey())) return Status.NeedsRestart;
  return status;
}

function waitsForStart(key: Key): bool {
  switch (key) {
    case Key.CapacityCalls:
    case Key.CapacityDialogs:
    case Key.CapacitySubscriptions:
    case Key.CapacityTransactions:
    case Key.ListenPort:
    case Key.AccountListenPort:
    case Key.BindAddress:
    case Key.TlsListenPort:
    case Key.ListenMode:
    case Key.SignalTos:
    case Key.TlsCertificate:
    case Key.TlsKey:
    case Key.TlsTrusted:
      return true;
    default:
      return false;
  }
}

/**
 * The value in force, as it would stand in a file, written at the output cursor. EMPTY for an unknown key;
 * present and of size 0 for a blank one. A password answers `********` once the phone has started: until then the host has
 * just read it.
 */
export function getSetting(name: Slice): Slice {
  if (lookUp(trim(name)) != Lookup.Found) return EMPTY;
  const key = foundKey();
  const account = foundAccount();
  const from = mark();
  if (!isTextual(rowOf(key))) putValue(rowOf(key), number(key, account));
  else if (key == Key.Password && isStarted && isSet(key, account)) put(w("********"));
  else put(text(key, account));
  return written(from);
}

/** Writes what was set at run time as a file, for LOCAL_LAYER at the next start. Passwords are in clear. */
export function writeLocal(): Slice {
  const from = mark();
  put(w("#!version:1.0.0.1\n"));
  for (let key = 0; key < FIRST_ACCOUNT_KEY; key++) writeLine(<Key>key, 0);
  for (let account = 1; account <= ACCOUNTS; account++) {
    for (let key = FIRST_ACCOUNT_KEY; key < <i32>Key.End; key++) writeLine(<Key>key, account);
  }
  return written(from);
}

function writeLine(key: Key, account: i32): void {
  const mark = markAt(Plane.Local, key, account);
  if (mark == 0) return;
  putName(key, account);
  put(w(" = "));
  if (mark & WAS_RESET) put(w("%NULL%"));
  else if (isTextual(rowOf(key))) put(textAt(Plane.Local, key, account));
  else putValue(rowOf(key), numberAt(Plane.Local, key, account));
  putByte(10);
}
