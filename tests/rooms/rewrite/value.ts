// Header fields that hold anything but addresses.

import { Slice } from "../../../assembly/bytes/slice";
import { putRange } from "../../../assembly/message/accept";
import { AnswerMode, parseAnswerMode, putAnswerMode } from "../../../assembly/message/answer-mode";
import {
  AuthenticationInfo,
  parseAuthenticationInfo,
  putAuthenticationInfo,
} from "../../../assembly/message/authentication-info";
import { isCallId } from "../../../assembly/message/call-id";
import { Challenge, parseChallenge } from "../../../assembly/message/challenge";
import {
  ContentDisposition,
  parseContentDisposition,
  putContentDisposition,
} from "../../../assembly/message/content-disposition";
import { ContentType, parseContentType, putContentType } from "../../../assembly/message/content-type";
import { Credentials, parseCredentials, putCredentials } from "../../../assembly/message/credentials";
import { CSeq, parseCSeq, putCSeq } from "../../../assembly/message/cseq";
import { parseDate, putDate } from "../../../assembly/message/date";
import { Event, parseEvent, putEvent } from "../../../assembly/message/event";
import { Header } from "../../../assembly/message/header";
import { putChallenge } from "../../../assembly/message/put-challenge";
import { qOf } from "../../../assembly/message/q-value";
import { newRAck, parseRAck, putRAck, RAck } from "../../../assembly/message/rack";
import { parseReason, putReason, Reason } from "../../../assembly/message/reason";
import { putReferSub, wantsReferSubscription } from "../../../assembly/message/refer-to";
import {
  DialogName,
  parseReplaces,
  parseTargetDialog,
  putReplaces,
  putTargetDialog,
} from "../../../assembly/message/replaces";
import { parseRetryAfter, putRetryAfter, RetryAfter } from "../../../assembly/message/retry-after";
import { beginRow, endRow, putNumberRow, putRow } from "../../../assembly/message/row";
import {
  parseSessionExpires,
  putSessionExpires,
  SessionExpires,
} from "../../../assembly/message/session-expires";
import {
  parseSubscriptionState,
  putSubscriptionState,
  SubscriptionState,
} from "../../../assembly/message/subscription-state";
import { frontOf, parametersOf } from "../../../assembly/message/valued";
import { parseVia, Via } from "../../../assembly/message/via";
import { putVia } from "../../../assembly/message/via-parameters";
import { parseWarning, putWarning, Warning } from "../../../assembly/message/warning";
import { decimal } from "../../../assembly/bytes/slice";
import { areParameters } from "../../../assembly/message/parameters";
import { Outcome } from "./header";

const via = changetype<Via>(memory.data(offsetof<Via>(), 8));
const cseq = changetype<CSeq>(memory.data(offsetof<CSeq>(), 8));
const event = changetype<Event>(memory.data(offsetof<Event>(), 8));
const reason = changetype<Reason>(memory.data(offsetof<Reason>(), 8));
const warning = changetype<Warning>(memory.data(offsetof<Warning>(), 8));
const dialog = changetype<DialogName>(memory.data(offsetof<DialogName>(), 8));
const challenge = changetype<Challenge>(memory.data(offsetof<Challenge>(), 8));
const credentials = changetype<Credentials>(memory.data(offsetof<Credentials>(), 8));
const mode = changetype<AnswerMode>(memory.data(offsetof<AnswerMode>(), 8));
const later = changetype<RetryAfter>(memory.data(offsetof<RetryAfter>(), 8));
const interval = changetype<SessionExpires>(memory.data(offsetof<SessionExpires>(), 8));
const subscription = changetype<SubscriptionState>(memory.data(offsetof<SubscriptionState>(), 8));
const contentType = changetype<ContentType>(memory.data(offsetof<ContentType>(), 8));
const disposition = changetype<ContentDisposition>(memory.data(offsetof<ContentDisposition>(), 8));
const proof = changetype<AuthenticationInfo>(memory.data(offsetof<AuthenticationInfo>(), 8));
let rack: RAck = changetype<RAck>(0);

export function openValues(): void {
  rack = newRAck();
}

/** Text for a header field without a typed form. */
export function rewriteValue(h: Header, value: Slice): Outcome {
  switch (h) {
    case Header.Via:
      if (!parseVia(value, via)) return Outcome.Refused;
      putVia(via);
      return Outcome.Typed;
    case Header.CSeq:
      if (!parseCSeq(value, cseq)) return Outcome.Refused;
      putCSeq(cseq.number, cseq.methodText);
      return Outcome.Typed;
    case Header.CallId:
      if (!isCallId(value)) return Outcome.Refused;
      putRow(h, value);
      return Outcome.Typed;
    case Header.MaxForwards:
    case Header.Expires:
    case Header.MinExpires:
    case Header.FlowTimer:
    case Header.RSeq:
      if (decimal(value) < 0) return Outcome.Refused;
      putNumberRow(h, decimal(value));
      return Outcome.Typed;
    case Header.Date:
      if (parseDate(value) < 0) return Outcome.Refused;
      putDate(parseDate(value));
      return Outcome.Typed;
    case Header.RAck:
      if (!parseRAck(value, rack)) return Outcome.Refused;
      putRAck(rack);
      return Outcome.Typed;
    case Header.ReferSub:
      putReferSub(wantsReferSubscription(value));
      return Outcome.Typed;
    case Header.Accept:
    case Header.AcceptEncoding:
    case Header.AcceptLanguage:
      return rewriteRange(h, value);
    case Header.WwwAuthenticate:
    case Header.ProxyAuthenticate:
    case Header.Authorization:
    case Header.ProxyAuthorization:
    case Header.AuthenticationInfo:
      return rewriteProof(h, value);
    default:
      return rewriteValued(h, value);
  }
}

/** value *( ";" param ) */
function rewriteValued(h: Header, value: Slice): Outcome {
  switch (h) {
    case Header.Event:
      if (!parseEvent(value, event)) return Outcome.Refused;
      putEvent(event);
      return Outcome.Typed;
    case Header.Reason:
      if (!parseReason(value, reason)) return Outcome.Refused;
      putReason(reason);
      return Outcome.Typed;
    case Header.Warning:
      if (!parseWarning(value, warning)) return Outcome.Refused;
      putWarning(warning);
      return Outcome.Typed;
    case Header.Replaces:
    case Header.Join:
      if (!parseReplaces(value, dialog)) return Outcome.Refused;
      putReplaces(h, dialog);
      return Outcome.Typed;
    case Header.TargetDialog:
      if (!parseTargetDialog(value, dialog)) return Outcome.Refused;
      putTargetDialog(dialog);
      return Outcome.Typed;
    case Header.AnswerMode:
    case Header.PrivAnswerMode:
      if (!parseAnswerMode(value, mode)) return Outcome.Refused;
      putAnswerMode(h, mode);
      return Outcome.Typed;
    case Header.RetryAfter:
      if (!parseRetryAfter(value, later)) return Outcome.Refused;
      putRetryAfter(later);
      return Outcome.Typed;
    case Header.SessionExpires:
      if (!parseSessionExpires(value, interval)) return Outcome.Refused;
      putSessionExpires(interval.seconds, interval.refresher);
      return Outcome.Typed;
    case Header.SubscriptionState:
      if (!parseSubscriptionState(value, subscription)) return Outcome.Refused;
      putSubscriptionState(subscription);
      return Outcome.Typed;
    case Header.ContentType:
      if (!parseContentType(value, contentType)) return Outcome.Refused;
      putContentType(contentType);
      return Outcome.Typed;
    case Header.ContentDisposition:
      if (!parseContentDisposition(value, disposition)) return Outcome.Refused;
      putContentDisposition(disposition);
      return Outcome.Typed;
    default:
      return Outcome.Text;
  }
}

function rewriteProof(h: Header, value: Slice): Outcome {
  switch (h) {
    case Header.WwwAuthenticate:
    case Header.ProxyAuthenticate:
      if (!parseChallenge(value, challenge)) return Outcome.Refused;
      putChallenge(h, challenge);
      return Outcome.Typed;
    case Header.AuthenticationInfo:
      if (!parseAuthenticationInfo(value, proof)) return Outcome.Refused;
      putAuthenticationInfo(proof);
      return Outcome.Typed;
    default:
      if (!parseCredentials(value, credentials)) return Outcome.Refused;
      putCredentials(h, credentials);
      return Outcome.Typed;
  }
}

function rewriteRange(h: Header, value: Slice): Outcome {
  const params = parametersOf(value);
  if (!areParameters(params)) return Outcome.Refused;
  beginRow(h);
  putRange(frontOf(value), qOf(params), params);
  endRow();
  return Outcome.Typed;
}
