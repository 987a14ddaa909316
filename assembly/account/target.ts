// What a person dials, or an administrator enters, as a URI.

import { indexOf, isPresent, size, Slice, w } from "../bytes/slice";
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
    put(target);
    const server = serverHost(account, wayOf(account).server);
    if (indexOf(target, 0x40) < 0 && size(server)) {
      putByte(0x40);
      putHost(server);
    }
  }
  if (number(Key.EnableUserEqualPhone, account) && lacksUser(written(from))) put(w(";user=phone"));
  return written(from);
}

/** A sip URI that does not say yet what its user is. */
function lacksUser(target: Slice): bool {
  if (!parseUri(target, uri) || uri.scheme != Scheme.Sip) return false;
  // Behind its headers no parameter can stand.
  return !isPresent(uriParameter(uri, w("user"))) && !isPresent(uri.headers);
}
