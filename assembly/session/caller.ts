// Who is at the other end: From, or what the network asserts of it (RFC 3325), in the order of the settings.

import { EMPTY, equalsIgnoringCase, isPresent, size, Slice, trim, w } from "../bytes/slice";
import { nextAddress } from "../message/address";
import { before, firstWord, otherWords } from "../message/grammar";
import { Header, headerOf } from "../message/header";
import { Elements } from "../message/list";
import { Message } from "../message/message";
import { NameAddr } from "../message/name-addr";
import { parameter, unquote } from "../message/parameters";
import { sameDigits } from "../message/tel";
import { parseUri, Uri } from "../message/uri";
import { Key } from "../settings/keys";
import { number, text } from "../settings/settings";

const all = changetype<Elements>(memory.data(offsetof<Elements>(), 8));
const address = changetype<NameAddr>(memory.data(offsetof<NameAddr>(), 8));
const uri = changetype<Uri>(memory.data(offsetof<Uri>(), 8));

/** What readCaller and readReached found: slices of the message. */
export let partyUri: Slice = EMPTY;
/** Without its quotes. */
export let partyDisplay: Slice = EMPTY;
/** The caller does not say who it is. */
export let isAnonymous: bool = false;

// Orders of header fields, the first one in the lowest three bits: 1 Remote-Party-ID, 2 P-Asserted-Identity,
// 3 P-Preferred-Identity, 4 From, 5 Contact.
const FROM: u32 = 4;
const REACHED: u32 = 2 | (1 << 3);
/** By account.X.cid_source; the last one where sip.cid_source.preference is blank. */
const CALLER = memory.data<u16>([4, 2, 34, 273, 266, 33, 2131]);

/** Who calls. `isTrusted`: what the message asserts may be believed (RFC 3325 §6). */
export function readCaller(m: Message, account: i32, isTrusted: bool): void {
  if (number(Key.CidPpi, account) && readOne(m, Header.PPreferredIdentity)) return;
  if (!hides(m, account) && readBySource(m, number(Key.CidSource, account), isTrusted)) return;
  hide();
}

function hides(m: Message, account: i32): bool {
  const privacy = m.header(Header.Privacy);
  const isWanted = isPresent(parameter(privacy, w("id"))) || isPresent(parameter(privacy, w("user")));
  return isWanted && number(Key.CidPrivacy, account) != 0;
}

function readBySource(m: Message, source: i32, isTrusted: bool): bool {
  let names = text(Key.CidPreference);
  if (source < 6 || !size(names)) return read(m, load<u16>(CALLER + ((<usize>source) << 1)), isTrusted);
  for (; size(names) > 0; names = otherWords(names)) {
    if (readIf(m, headerOf(trim(firstWord(names))), isTrusted)) return true;
  }
  return false;
}

function hide(): void {
  isAnonymous = true;
  partyUri = w("sip:anonymous@anonymous.invalid");
  partyDisplay = w("Anonymous");
}

/** Of account.X.cp_source. */
export const BY_NETWORK: i32 = 0;
export const BY_FROM: i32 = 2;

/** Who was reached, by a number of account.X.cp_source; false where the message does not say, or nobody asks. */
export function readReached(m: Message, source: i32, isTrusted: bool): bool {
  if (source == BY_NETWORK) return read(m, REACHED, isTrusted);
  if (source == 3) return read(m, REACHED | (5 << 6), isTrusted);
  // From of a response is ours.
  return source == BY_FROM && m.isRequest && read(m, FROM, isTrusted);
}

/** The first of these header fields that is there and can be read. */
function read(m: Message, order: u32, isTrusted: bool): bool {
  for (; order; order >>>= 3) {
    const code = order & 7;
    const h = code < FROM ? Header.RemotePartyId + code - 1 : code == FROM ? Header.From : Header.Contact;
    if (readIf(m, h, isTrusted)) return true;
  }
  return false;
}

function readIf(m: Message, h: Header, isTrusted: bool): bool {
  const isAsserted = h == Header.PAssertedIdentity || h == Header.RemotePartyId;
  return h != Header.Other && (isTrusted || !isAsserted) && readOne(m, h);
}

function readOne(m: Message, h: Header): bool {
  all.open(m, h);
  if (!nextAddress(all, address) || !parseUri(address.uri, uri)) return false;
  take(h);
  return true;
}

function take(h: Header): void {
  partyUri = address.uri;
  partyDisplay = unquote(address.display);
  isAnonymous = equalsIgnoringCase(uri.host, w("anonymous.invalid"));
  const privacy = unquote(parameter(address.params, w("privacy")));
  if (h == Header.RemotePartyId && equalsIgnoringCase(privacy, w("full"))) hide();
}

/** The number of the URI is one of those with commas between them; separators in it do not count. */
export function isListed(numbers: Slice, party: Slice): bool {
  if (!parseUri(party, uri) || !size(uri.user)) return false;
  const called = before(uri.user, 0x3b);
  for (let rest = numbers; size(rest) > 0; rest = otherWords(rest)) {
    const one = trim(firstWord(rest));
    if (size(one) && sameDigits(one, called)) return true;
  }
  return false;
}
