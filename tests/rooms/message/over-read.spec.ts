// Every typed reader gets every example, cut at every byte and with every byte changed in turn, flush against
// the end of memory: reading one byte behind it would trap.

import { size, slice, Slice, start, w } from "../../../assembly/bytes/slice";
import { AnswerMode, newAnswerMode, parseAnswerMode } from "../../../assembly/message/answer-mode";
import {
  AuthenticationInfo,
  newAuthenticationInfo,
  parseAuthenticationInfo,
} from "../../../assembly/message/authentication-info";
import { isCallId } from "../../../assembly/message/call-id";
import { parseInfo } from "../../../assembly/message/call-info";
import { Challenge, newChallenge, parseChallenge } from "../../../assembly/message/challenge";
import { Contact, newContact, parseContact } from "../../../assembly/message/contact";
import {
  ContentDisposition,
  newContentDisposition,
  parseContentDisposition,
} from "../../../assembly/message/content-disposition";
import { ContentType, newContentType, parseContentType } from "../../../assembly/message/content-type";
import { Credentials, newCredentials, parseCredentials } from "../../../assembly/message/credentials";
import { CSeq, newCSeq, parseCSeq } from "../../../assembly/message/cseq";
import { parseDate } from "../../../assembly/message/date";
import { Diversion, newDiversion, parseDiversion } from "../../../assembly/message/diversion";
import { Event, newEvent, parseEvent } from "../../../assembly/message/event";
import { featureMethods } from "../../../assembly/message/feature";
import { HistoryEntry, newHistoryEntry, parseHistoryEntry } from "../../../assembly/message/history-info";
import { Multipart, newMultipart, nextPart, openMultipart } from "../../../assembly/message/multipart";
import { NameAddr, newNameAddr } from "../../../assembly/message/name-addr";
import { privacyOf } from "../../../assembly/message/privacy";
import { parseQ } from "../../../assembly/message/q-value";
import { newRAck, parseRAck, RAck } from "../../../assembly/message/rack";
import { newReason, parseReason, Reason } from "../../../assembly/message/reason";
import { newReferTo, parseReferTo, ReferTo } from "../../../assembly/message/refer-to";
import {
  newRemotePartyId,
  parseRemotePartyId,
  RemotePartyId,
} from "../../../assembly/message/remote-party-id";
import {
  DialogName,
  newDialogName,
  parseReplaces,
  parseTargetDialog,
} from "../../../assembly/message/replaces";
import { newRetryAfter, parseRetryAfter, RetryAfter } from "../../../assembly/message/retry-after";
import {
  newSessionExpires,
  parseSessionExpires,
  SessionExpires,
} from "../../../assembly/message/session-expires";
import {
  newSubscriptionState,
  parseSubscriptionState,
  SubscriptionState,
} from "../../../assembly/message/subscription-state";
import { newTelNumber, parseTel, TelNumber } from "../../../assembly/message/tel";
import { sameUri } from "../../../assembly/message/uri";
import { newVia, parseVia, Via } from "../../../assembly/message/via";
import { newWarning, parseWarning, Warning } from "../../../assembly/message/warning";
import { atEdge } from "../support/edge";
import { openRows } from "./rows";

let answerMode: AnswerMode = changetype<AnswerMode>(0);
let info: AuthenticationInfo = changetype<AuthenticationInfo>(0);
let challenge: Challenge = changetype<Challenge>(0);
let contact: Contact = changetype<Contact>(0);
let disposition: ContentDisposition = changetype<ContentDisposition>(0);
let contentType: ContentType = changetype<ContentType>(0);
let credentials: Credentials = changetype<Credentials>(0);
let cseq: CSeq = changetype<CSeq>(0);
let diversion: Diversion = changetype<Diversion>(0);
let event: Event = changetype<Event>(0);
let entry: HistoryEntry = changetype<HistoryEntry>(0);
let parts: Multipart = changetype<Multipart>(0);
let address: NameAddr = changetype<NameAddr>(0);
let rack: RAck = changetype<RAck>(0);
let reason: Reason = changetype<Reason>(0);
let refer: ReferTo = changetype<ReferTo>(0);
let party: RemotePartyId = changetype<RemotePartyId>(0);
let dialog: DialogName = changetype<DialogName>(0);
let retry: RetryAfter = changetype<RetryAfter>(0);
let session: SessionExpires = changetype<SessionExpires>(0);
let subscription: SubscriptionState = changetype<SubscriptionState>(0);
let tel: TelNumber = changetype<TelNumber>(0);
let via: Via = changetype<Via>(0);
let warning: Warning = changetype<Warning>(0);

beforeEach(() => {
  openRows();
  answerMode = newAnswerMode();
  info = newAuthenticationInfo();
  challenge = newChallenge();
  contact = newContact();
  disposition = newContentDisposition();
  contentType = newContentType();
  credentials = newCredentials();
  cseq = newCSeq();
  diversion = newDiversion();
  event = newEvent();
  entry = newHistoryEntry();
  parts = newMultipart();
  address = newNameAddr();
  rack = newRAck();
  reason = newReason();
  refer = newReferTo();
  party = newRemotePartyId();
  dialog = newDialogName();
  retry = newRetryAfter();
  session = newSessionExpires();
  subscription = newSubscriptionState();
  tel = newTelNumber();
  via = newVia();
  warning = newWarning();
});

function readAll(s: Slice): void {
  parseAnswerMode(s, answerMode);
  parseAuthenticationInfo(s, info);
  parseChallenge(s, challenge);
  parseContact(s, contact);
  parseContentDisposition(s, disposition);
  parseContentType(s, contentType);
  parseCredentials(s, credentials);
  parseCSeq(s, cseq);
  parseDiversion(s, diversion);
  parseEvent(s, event);
  parseHistoryEntry(s, entry);
  parseInfo(s, address);
  parseRAck(s, rack);
  parseReason(s, reason);
  parseReferTo(s, refer);
  parseRemotePartyId(s, party);
  parseReplaces(s, dialog);
  parseTargetDialog(s, dialog);
  parseRetryAfter(s, retry);
  parseSessionExpires(s, session);
  parseSubscriptionState(s, subscription);
  parseTel(s, tel);
  parseVia(s, via);
  parseWarning(s, warning);
  parseDate(s);
  parseQ(s);
  isCallId(s);
  privacyOf(s);
  featureMethods(s);
  sameUri(s, s);
  openMultipart(parts, w("multipart/mixed;boundary=b"), s);
  while (nextPart(parts)) parts.field(w("Content-Type"));
}

/** Cut at every byte; then each byte in turn as a quote, a backslash, a bracket, a blank, a percent and NUL. */
function hurt(example: Slice): void {
  for (let n = 0; n <= size(example); n++) readAll(atEdge(slice(start(example), n)));
  const bytes = w('"\\<>%;,= :@?\r\n\0');
  for (let i = 0; i < size(example); i++) {
    for (let j = 0; j < size(bytes); j++) {
      const s = atEdge(example);
      store<u8>(start(s) + <usize>i, load<u8>(start(bytes) + <usize>j));
      readAll(s);
    }
  }
}

describe("no reader reads behind its text", () => {
  it("of addresses", () => {
    hurt(w('"A \\" B" <sip:a%20b:c@[::1]:5060;lr;x=%41?R=%3d&y=z>;tag=1;x="y\\;"'));
    hurt(w("Bob <tel:+1-2;ext=3>;q=0.5;expires=3600;reg-id=1"));
    hurt(w('sip:a@b ; +sip.instance="<urn:x>"'));
  });

  it("of tokens and parameters", () => {
    hurt(w('active;reason=x;expires=1;retry-after=2;a="b\\""'));
    hurt(w("c@d;to-tag=1;from-tag=2;early-only;local-tag=3"));
    hurt(w('Digest realm="a\\"b",nonce=c== ,qop="auth", nc=1'));
    hurt(w("SIP/2.0/UDP [::1]:5060;branch=z9hG4bK;rport;ttl=1"));
  });

  it("of numbers and texts", () => {
    hurt(w('399 a.b:5 "x \\" y"'));
    hurt(w("120 (a (b) \\) c);duration=5"));
    hurt(w("1 2 INVITE"));
    hurt(w("Sat, 13 Nov 2010 23:29:00 GMT"));
    hurt(w("1800;refresher=uas"));
  });

  it("of bodies", () => {
    hurt(w("x\r\n--b \r\nContent-Type: a\r\n b\r\n\r\ny\r\n--b--\r\n"));
  });
});
