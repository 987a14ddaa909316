// What a 2xx to REGISTER grants: the lifetime of our binding, the way back (Service-Route), a GRUU.

import { replace } from "../account/way";
import { EMPTY, equals, equalsIgnoringCase, size, Slice, w } from "../bytes/slice";
import { Contact, newContact, parseContact, publicGruu } from "../message/contact";
import { expires } from "../message/expires";
import { Header } from "../message/header";
import { Elements } from "../message/list";
import { Message } from "../message/message";
import { parseUri, sameUser, Uri, uriParameter } from "../message/uri";
import { mark, put, putLine, rewind, written } from "../output/output";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { Flow } from "../transport/flow";
import { writeInstance } from "./instance";
import { usesOutbound, writeBinding } from "./register";
import { Registration } from "./registration";

/** A registrar's list of bindings and of routes is read no further. */
const MOST_ELEMENTS: i32 = 64;

const elements = changetype<Elements>(memory.data(offsetof<Elements>(), 8));
let contact: Contact = changetype<Contact>(0);
const uri = changetype<Uri>(memory.data(offsetof<Uri>(), 8));

export function openBindings(): void {
  contact = newContact();
}

/**
 * Seconds for which our binding lives: what stands in its row of Contact, else in Expires, else what we asked for
 * (§10.2.4). 0 if the registrar lists it as gone.
 */
export function readBinding(r: Registration, m: Message, flow: Flow): i64 {
  const from = mark();
  const bound = writeBinding(r, flow);
  const instance = writeInstance();
  let isFound: bool = false;
  let rows = 0;
  elements.open(m, Header.Contact);
  while (!isFound && rows < MOST_ELEMENTS && elements.next()) {
    if (!parseContact(elements.element, contact) || contact.isStar) continue;
    rows++;
    isFound = isOurs(r, bound, instance);
  }
  rewind(from);
  // The only binding is ours, even if something on the way has rewritten it.
  const row = isFound || rows == 1 ? contact.expires : -1;
  keepGruu(r, isFound);
  if (row >= 0) return row;
  const whole = expires(m);
  return whole >= 0 ? whole : r.asked;
}

/** By +sip.instance and reg-id where both are said (RFC 5626 §4.2.1), or by the URI. */
function isOurs(r: Registration, bound: Slice, instance: Slice): bool {
  if (size(contact.instance) && equalsIgnoringCase(contact.instance, instance)) {
    if (!usesOutbound(r) || contact.regId == <i64>r.server) return true;
  }
  return isSameBinding(contact.address.uri, bound);
}

/** RFC 3261 §19.1.4 for a URI like ours: of its parameters only transport has to be the same. */
function isSameBinding(a: Slice, b: Slice): bool {
  if (!parseUri(a, uri)) return false;
  const user = uri.user;
  const host = uri.host;
  const port = uri.port;
  const transport = uriParameter(uri, w("transport"));
  return (
    parseUri(b, uri) &&
    port == uri.port &&
    sameUser(user, uri.user) &&
    equalsIgnoringCase(host, uri.host) &&
    equalsIgnoringCase(transport, uriParameter(uri, w("transport")))
  );
}

function keepGruu(r: Registration, isFound: bool): void {
  const wanted = isFound && number(Key.GruuEnable, r.account) != 0;
  const gruu = wanted ? publicGruu(contact) : EMPTY;
  r.way.gruu = replace(r.way.gruu, gruu);
}

/** Keeps Service-Route as the Route lines of the account's later requests (RFC 3608 §5). */
export function keepServiceRoute(r: Registration, m: Message): void {
  const from = mark();
  let count = 0;
  elements.open(m, Header.ServiceRoute);
  while (count++ < MOST_ELEMENTS && elements.next()) {
    put(w("Route: "));
    put(elements.element);
    putLine();
  }
  const routes = written(from);
  if (!equals(routes, r.way.serviceRoute)) r.way.serviceRoute = replace(r.way.serviceRoute, routes);
  rewind(from);
}
