// Contact = "*" / name-addr *( ";" ( q / expires / feature tag / param ) )   (RFC 3261 §20.10), with what
// outbound and GRUU add (RFC 5626 §4.1, RFC 5627 §11).

import { reserve } from "../bytes/arena";
import { byteAt, decimal, isPresent, size, Slice, w } from "../bytes/slice";
import { putByte } from "../output/output";
import { putNameAddr } from "./address";
import { Header } from "./header";
import { NameAddr, newNameAddr, parseNameAddr } from "./name-addr";
import { parameter, unquote } from "./parameters";
import { putNumberParameter, putOtherParameters, putQuotedParameter } from "./put-parameters";
import { FULL, putQ, qOf } from "./q-value";
import { beginRow, endRow } from "./row";

/** What an expires that can't be read stands for, in seconds (RFC 3261 §20.10). */
const MALFORMED_EXPIRES: i64 = 3600;


@unmanaged
export class Contact {
  /** Nothing in it for `*`. */
  address: NameAddr;
  /** `<urn:uuid:...>` with its angle brackets, without quotes; EMPTY without one. */
  instance: Slice;
  /** Seconds; -1 where only the Expires header field counts. */
  expires: i64;
  /** -1 without one. */
  regId: i64;
  /** Thousandths. */
  q: i32;
  isStar: bool;
}

export function newContact(): Contact {
  const contact = changetype<Contact>(reserve(offsetof<Contact>()));
  contact.address = newNameAddr();
  clear(contact);
  return contact;
}

/** One element. False if it is neither `*` nor a name-addr. */
export function parseContact(element: Slice, out: Contact): bool {
  clear(out);
  out.isStar = size(element) == 1 && byteAt(element, 0) == 0x2a;
  if (out.isStar) return true;
  if (!parseNameAddr(element, out.address)) return false;
  const params = out.address.params;
  out.q = qOf(params);
  out.expires = expiresOf(params);
  out.instance = unquote(parameter(params, w("+sip.instance")));
  out.regId = decimal(parameter(params, w("reg-id")));
  return true;
}

/** A whole row. */
export function putContact(contact: Contact): void {
  beginRow(Header.Contact);
  if (contact.isStar) putByte(0x2a);
  else {
    const params = contact.address.params;
    putNameAddr(contact.address);
    putQ(contact.q);
    putNumberParameter(w("expires"), contact.expires);
    putQuotedParameter(w("+sip.instance"), contact.instance);
    putNumberParameter(w("reg-id"), contact.regId);
    putOtherParameters(params, w("q,expires,+sip.instance,reg-id"));
  }
  endRow();
}

/** The address that a registrar made for this contact, without quotes; EMPTY without one. */
export function publicGruu(contact: Contact): Slice {
  return unquote(parameter(contact.address.params, w("pub-gruu")));
}

export function temporaryGruu(contact: Contact): Slice {
  return unquote(parameter(contact.address.params, w("temp-gruu")));
}

function clear(contact: Contact): void {
  const address = contact.address;
  memory.fill(changetype<usize>(address), 0, offsetof<NameAddr>());
  memory.fill(changetype<usize>(contact), 0, offsetof<Contact>());
  contact.address = address;
  contact.expires = -1;
  contact.regId = -1;
  contact.q = FULL;
}

function expiresOf(params: Slice): i64 {
  const value = parameter(params, w("expires"));
  if (!isPresent(value)) return -1;
  const seconds = decimal(value);
  return seconds < 0 ? MALFORMED_EXPIRES : seconds;
}
