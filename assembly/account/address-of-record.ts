// The address of record of an account (RFC 3261 §6): sip:user@server, by which others know its user.

import { end, indexOf, isDigit, lower, size, Slice, start, w } from "../bytes/slice";
import { putEscape } from "../message/components";
import { isEscape } from "../message/escapes";
import { putQuoted } from "../message/quoted";
import { put, putByte } from "../output/output";
import { Key } from "../settings/keys";
import { number, text } from "../settings/settings";
import { putHost } from "../transport/address";
import { serverHost } from "./servers";
import { wayOf } from "./way";

/** What stands in From, but for its tag: as the server knows us that the account is registered at. */
export function putIdentity(account: i32, ourAddress: Slice): void {
  putNamed(account, ourAddress, wayOf(account).server);
}

/** `"display" <address of record>`. `ourAddress` where there is no server. */
export function putNamed(account: i32, ourAddress: Slice, server: i32): void {
  const display = text(Key.DisplayName, account);
  if (size(display)) {
    // The administrator's text: quotes and backslashes in it are escaped.
    putQuoted(display);
    putByte(0x20);
  }
  putByte(0x3c);
  putAddressOfRecord(account, ourAddress, server);
  putByte(0x3e);
}

function putAddressOfRecord(account: i32, ourAddress: Slice, server: i32): void {
  put(w("sip:"));
  putUser(account);
  const host = serverHost(account, server);
  putHost(size(host) ? host : ourAddress);
  if (number(Key.EnableUserEqualPhone, account)) put(w(";user=phone"));
}

/** `user@`, or nothing. */
export function putUser(account: i32): void {
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
    else putEscape(byte);
  }
}

function isUserByte(byte: u8): bool {
  if (isDigit(byte) || lower(byte) - 97 < 26) return true;
  return indexOf(w("-_.!~*'()&=+$,;?/"), byte) >= 0;
}
