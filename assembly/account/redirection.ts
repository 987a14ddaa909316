// Where a 3xx leads: the Contact with the highest q (RFC 3261 §8.1.3.4).

import { EMPTY, Slice } from "../bytes/slice";
import { Contact, newContact, parseContact } from "../message/contact";
import { Header } from "../message/header";
import { Elements, newElements } from "../message/list";
import { Message } from "../message/message";
import { newUri, parseUri, Scheme, Uri, withoutHeaders } from "../message/uri";

let contacts: Elements = changetype<Elements>(0);
let contact: Contact = changetype<Contact>(0);
let uri: Uri = changetype<Uri>(0);

export function openRedirections(): void {
  contacts = newElements();
  contact = newContact();
  uri = newUri();
}

/** Its sip URI without headers; EMPTY if there is none. */
export function bestContact(m: Message): Slice {
  let best: Slice = EMPTY;
  let bestQ = -1;
  contacts.open(m, Header.Contact);
  while (contacts.next()) {
    if (!parseContact(contacts.element, contact) || !parseUri(contact.address.uri, uri)) continue;
    if (uri.scheme != Scheme.Sip || contact.q <= bestQ) continue;
    bestQ = contact.q;
    best = withoutHeaders(uri);
  }
  return best;
}
