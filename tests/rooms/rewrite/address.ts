// Header fields that hold addresses: the URI is read and written too, where it is one.

import { Slice } from "../../../assembly/bytes/slice";
import { putAddressRow } from "../../../assembly/message/address";
import { parseInfo } from "../../../assembly/message/call-info";
import { Contact, newContact, parseContact, putContact } from "../../../assembly/message/contact";
import { Diversion, newDiversion, parseDiversion } from "../../../assembly/message/diversion";
import { Header } from "../../../assembly/message/header";
import { HistoryEntry, newHistoryEntry, parseHistoryEntry } from "../../../assembly/message/history-info";
import { NameAddr, newNameAddr, parseNameAddr } from "../../../assembly/message/name-addr";
import { putUri } from "../../../assembly/message/put-uri";
import { newReferTo, parseReferTo, ReferTo } from "../../../assembly/message/refer-to";
import {
  newRemotePartyId,
  parseRemotePartyId,
  RemotePartyId,
} from "../../../assembly/message/remote-party-id";
import { parseRoute } from "../../../assembly/message/route";
import { newUri, parseUri, Uri } from "../../../assembly/message/uri";
import { mark, rewind, written } from "../../../assembly/output/output";
import { Outcome } from "./header";
import { kept } from "./kept";

let address: NameAddr = changetype<NameAddr>(0);
let uri: Uri = changetype<Uri>(0);
let contact: Contact = changetype<Contact>(0);
let diversion: Diversion = changetype<Diversion>(0);
let entry: HistoryEntry = changetype<HistoryEntry>(0);
let refer: ReferTo = changetype<ReferTo>(0);
let party: RemotePartyId = changetype<RemotePartyId>(0);

export function openAddresses(): void {
  address = newNameAddr();
  uri = newUri();
  contact = newContact();
  diversion = newDiversion();
  entry = newHistoryEntry();
  refer = newReferTo();
  party = newRemotePartyId();
}

/** Text for a header field that holds no address. */
export function rewriteAddress(h: Header, value: Slice): Outcome {
  switch (h) {
    case Header.From:
    case Header.To:
    case Header.ReferredBy:
    case Header.PAssertedIdentity:
    case Header.PPreferredIdentity:
    case Header.PCalledPartyId:
      return putIf(parseNameAddr(value, address), h, address);
    case Header.Route:
    case Header.RecordRoute:
    case Header.Path:
    case Header.ServiceRoute:
      return putIf(parseRoute(value, address, uri), h, address);
    case Header.ReferTo:
      return putIf(parseReferTo(value, refer), h, refer.address);
    case Header.Diversion:
      return putIf(parseDiversion(value, diversion), h, diversion.address);
    case Header.HistoryInfo:
      return putIf(parseHistoryEntry(value, entry), h, entry.address);
    case Header.RemotePartyId:
      return putIf(parseRemotePartyId(value, party), h, party.address);
    case Header.AlertInfo:
    case Header.CallInfo:
      return putIf(parseInfo(value, address), h, address);
    case Header.Contact:
      return rewriteContact(value);
    default:
      return Outcome.Text;
  }
}

function putIf(isGood: bool, h: Header, read: NameAddr): Outcome {
  if (!isGood || !rewriteUri(read)) return Outcome.Refused;
  putAddressRow(h, read);
  return Outcome.Typed;
}

function rewriteContact(value: Slice): Outcome {
  if (!parseContact(value, contact)) return Outcome.Refused;
  if (!contact.isStar && !rewriteUri(contact.address)) return Outcome.Refused;
  putContact(contact);
  return Outcome.Typed;
}

/** In place of the URI the same one, written from its parts. True for none at all, as in `;info=x`. */
function rewriteUri(read: NameAddr): bool {
  if (read.uri == 0) return true;
  if (!parseUri(read.uri, uri)) return false;
  const from = mark();
  putUri(uri);
  read.uri = kept(written(from));
  rewind(from);
  return true;
}
