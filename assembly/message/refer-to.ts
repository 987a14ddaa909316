// Refer-To: whom to call, and what to put into the request besides (RFC 3515 §2.1, RFC 3891 §6.2).
// Referred-By: who says so (RFC 3892 §3). Refer-Sub: whether to tell how it went (RFC 4488 §4).

import { reserve } from "../bytes/arena";
import { equalsIgnoringCase, size, Slice, w } from "../bytes/slice";
import { mark, put, putByte, rewind, written } from "../output/output";
import { component, putEscaped, putUnescaped } from "./components";
import { Header } from "./header";
import { Method, methodOf } from "./method";
import { NameAddr, newNameAddr, parseNameAddr } from "./name-addr";
import { parameter, unquote } from "./parameters";
import { beginRow, endRow, putRow } from "./row";
import { newUri, parseUri, Uri, uriParameter } from "./uri";
import { frontOf, isValuedToken } from "./valued";


@unmanaged
export class ReferTo {
  address: NameAddr;
  uri: Uri;
  /** INVITE where the URI does not name another one. */
  method: Method;
}

export function newReferTo(): ReferTo {
  const out = changetype<ReferTo>(reserve(offsetof<ReferTo>()));
  out.address = newNameAddr();
  out.uri = newUri();
  return out;
}

/** False if it can't be read or its URI is none. */
export function parseReferTo(value: Slice, out: ReferTo): bool {
  if (!parseNameAddr(value, out.address) || !parseUri(out.address.uri, out.uri)) return false;
  const method = uriParameter(out.uri, w("method"));
  out.method = size(method) > 0 ? methodOf(method) : Method.Invite;
  return true;
}

/**
 * A header that the URI wants in the request, such as Replaces, without its escapes at the output
 * cursor; of size 0, and nothing written, without one or if it holds a control byte.
 */
export function writeReferredHeader(refer: ReferTo, name: Slice): Slice {
  const from = mark();
  if (!putUnescaped(component(refer.uri.headers, name))) rewind(from);
  return written(from);
}

/** The whole row; `replaces` is the value of a Replaces that the call is to carry, EMPTY for none. */
export function putReferTo(uri: Slice, replaces: Slice): void {
  beginRow(Header.ReferTo);
  putByte(0x3c);
  put(uri);
  if (size(replaces) > 0) {
    put(w("?Replaces="));
    putEscaped(replaces);
  }
  putByte(0x3e);
  endRow();
}

/** The Content-ID of the token that proves a Referred-By, without quotes; EMPTY without one. */
export function referredByToken(address: NameAddr): Slice {
  return unquote(parameter(address.params, w("cid")));
}

/** False only if the value says so: no NOTIFY is wanted. */
export function wantsReferSubscription(value: Slice): bool {
  return !isValuedToken(value) || !equalsIgnoringCase(frontOf(value), w("false"));
}

export function putReferSub(wants: bool): void {
  putRow(Header.ReferSub, wants ? w("true") : w("false"));
}
