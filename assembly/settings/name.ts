// Names as written in files and commands: which key, of which account, in which spelling.
//
// name = [ "static." ] key | "account." X "." key | "account." X ".codec." Y "." ( enable | ... )

import {
  decimal,
  end,
  equalsIgnoringCase,
  indexOf,
  isDigit,
  byteAt,
  size,
  slice,
  Slice,
  start,
  startsWithIgnoringCase,
  tail,
  w,
} from "../bytes/slice";
import { put, putByte, putNumber } from "../output/output";
import { ACCOUNTS, FIRST_ACCOUNT_KEY, Key, SLOTS } from "./keys";
import { findRow, isMainName, putRowName, rowOf } from "./rows";

const VOICE_MAIL = w("voice_mail.number.");

export const enum Lookup {
  Found,
  Unknown,
  /** The account is no number, or there is no such account. */
  NoSuchAccount,
  /** The same of a slot of the old codec list. */
  NoSuchSlot,
}

let key: Key = Key.End;
let account: i32 = 0;
let isOld: bool = false;

/** What the last `lookUp` found. */
export function foundKey(): Key {
  return key;
}

/** 0 for a key of the phone. */
export function foundAccount(): i32 {
  return account;
}

/** Whether a newer spelling exists, which wins where one file has both. */
export function foundOldName(): bool {
  return isOld;
}

export function lookUp(name: Slice): Lookup {
  account = 0;
  if (startsWithIgnoringCase(name, w("account."))) return lookUpAccount(tail(name, 8));
  if (startsWithIgnoringCase(name, VOICE_MAIL)) return lookUpVoiceMail(tail(name, size(VOICE_MAIL)));
  // Since V81 some names begin with `static.`; the bare ones remain valid.
  isOld = !startsWithIgnoringCase(name, w("static."));
  const row = findRow(isOld ? name : tail(name, 7), false);
  if (!row) return Lookup.Unknown;
  key = row.key;
  return Lookup.Found;
}

/** The one key of an account that is written the other way round. */
function lookUpVoiceMail(number: Slice): Lookup {
  account = <i32>decimal(number, ACCOUNTS);
  key = Key.VoiceMail;
  isOld = false;
  return account > 0 ? Lookup.Found : Lookup.NoSuchAccount;
}

function lookUpAccount(rest: Slice): Lookup {
  account = indexBeforeDot(rest, ACCOUNTS);
  if (account < 0) return Lookup.NoSuchAccount;
  const name = tail(rest, indexOf(rest, 0x2e) + 1);
  if (isSlot(name)) return lookUpSlot(tail(name, 6));
  const row = findRow(name, true);
  if (!row) return Lookup.Unknown;
  key = row.key;
  isOld = !isMainName(row);
  return Lookup.Found;
}

function isSlot(name: Slice): bool {
  return size(name) > 6 && startsWithIgnoringCase(name, w("codec.")) && isDigit(byteAt(name, 6));
}

function lookUpSlot(rest: Slice): Lookup {
  const slot = indexBeforeDot(rest, SLOTS);
  if (slot < 0) return Lookup.NoSuchSlot;
  const name = tail(rest, indexOf(rest, 0x2e) + 1);
  isOld = false;
  for (let family = <i32>Key.CodecSlotEnable; family < <i32>Key.End; family += SLOTS) {
    if (!equalsIgnoringCase(name, rowOf(<Key>family).name)) continue;
    key = <Key>(family + slot - 1);
    return Lookup.Found;
  }
  return Lookup.Unknown;
}

/** The number 1..most before the first dot, or -1. */
function indexBeforeDot(text: Slice, most: i32): i32 {
  const dot = indexOf(text, 0x2e);
  if (dot < 0) return -1;
  const index = <i32>decimal(slice(start(text), dot), most);
  return index > 0 ? index : -1;
}

/** All names are written in lower case; anything else is found too, but is worth a word. */
export function hasCapitals(name: Slice): bool {
  const stop = end(name);
  for (let p = start(name); p < stop; p++) {
    if (load<u8>(p) - 65 < 26) return true;
  }
  return false;
}

/** Writes the key's name in full. */
export function putName(key: Key, account: i32): void {
  if (key == Key.VoiceMail) {
    put(VOICE_MAIL);
    return putNumber(account);
  }
  if (<i32>key >= FIRST_ACCOUNT_KEY) {
    put(w("account."));
    putNumber(account);
    putByte(0x2e);
  }
  if (key >= Key.CodecSlotEnable) {
    put(w("codec."));
    putNumber(((<i32>key - <i32>Key.CodecSlotEnable) % SLOTS) + 1);
    putByte(0x2e);
  }
  putRowName(rowOf(key));
}
