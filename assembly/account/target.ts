// What a person dials, or an administrator enters, as a URI.

import { end, indexOf, isPresent, size, Slice, start, w } from "../bytes/slice";
import { putEscape } from "../message/components";
import { parseUri, Scheme, Uri, uriParameter } from "../message/uri";
import { mark, put, putByte, written } from "../output/output";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { putHost } from "../transport/address";
import { serverHost } from "./servers";
import { wayOf } from "./way";

const uri = changetype<Uri>(memory.data(offsetof<Uri>(), 8));

/** "2002" becomes sip:2002@server; a URI stays as it is, but for `;user=phone` where the account wants it. */
export function writeTargetUri(account: i32, target: Slice): Slice {
  const from = mark();
  if (indexOf(target, 0x3a) >= 0) put(target);
  else {
    put(w("sip:"));
    putDialled(target);
    const server = serverHost(account, wayOf(account).server);
    if (indexOf(target, 0x40) < 0 && size(server)) {
      putByte(0x40);
      putHost(server);
    }
  }
  if (number(Key.EnableUserEqualPhone, account) && lacksUser(written(from))) put(w(";user=phone"));
  return written(from);
}

/** What can't stand in a user (RFC 3261 §25.1), and people dial all the same: `#` of a service code, letters beyond ASCII. */
function putDialled(target: Slice): void {
  const stop = end(target);
  for (let p = start(target); p < stop; p++) {
    const byte = load<u8>(p);
    if (byte > 127 || (byte == 0x23 && number(Key.PoundAsEscape))) putEscape(byte);
    else putByte(byte);
  }
}

/** A sip URI that does not say yet what its user is. */
function lacksUser(target: Slice): bool {
  if (!parseUri(target, uri) || uri.scheme != Scheme.Sip) return false;
  // Behind its headers no parameter can stand.
  return !isPresent(uriParameter(uri, w("user"))) && !isPresent(uri.headers);
}
