// Where a 3xx leads: the Contact with the highest q (RFC 3261 §8.1.3.4).

import { EMPTY, Slice } from "../bytes/slice";
import { Contact, newContact, parseContact } from "../message/contact";
import { Header } from "../message/header";
import { Elements } from "../message/list";
import { Message } from "../message/message";
import { parseUri, Scheme, Uri, withoutHeaders } from "../message/uri";

const contacts = changetype<Elements>(memory.data(offsetof<Elements>(), 8));
let contact: Contact = changetype<Contact>(0);
const uri = changetype<Uri>(memory.data(offsetof<Uri>(), 8));

export function openRedirections(): void {
  contact = newContact();
}

/** Header parameters of what bestContact found. */
export let bestParams: Slice = EMPTY;

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
    bestParams = contact.address.params;
  }
  return best;
}
