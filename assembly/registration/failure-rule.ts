// Why a registration failed: the rule's id and its words, for the people who must find out.

import { idOf, lineAt, wordsOf } from "../bytes/lines";
import { Slice, w } from "../bytes/slice";

export const enum FailureRule {
  None = 0,
  NotLocated,
  NoAnswer,
  TransportFailed,
  NoCredentials,
  CredentialsRefused,
  Forbidden,
  UnknownUser,
  TooBrief,
  Redirected,
  Unavailable,
  Refused,
  NoBinding,
  FlowLost,
  NoMemory,
  /** A deadline of it could not be run (docs/abi.md, "Faults"). */
  Fault,
}

/** The rule that a final answer other than 2xx stands for. */
export function ruleOf(status: i32): FailureRule {
  switch (status) {
    case 401:
    case 407:
      return FailureRule.CredentialsRefused;
    case 403:
      return FailureRule.Forbidden;
    case 404:
      return FailureRule.UnknownUser;
    case 408:
      return FailureRule.NoAnswer;
    case 423:
      return FailureRule.TooBrief;
    default:
      if (status < 400) return FailureRule.Redirected;
      return status >= 500 && status < 600 ? FailureRule.Unavailable : FailureRule.Refused;
  }
}

/** Another hop may do what this one does not (RFC 3263 §4.3). The others would say the same. */
export function mayMoveOn(rule: FailureRule): bool {
  switch (rule) {
    case FailureRule.NotLocated:
    case FailureRule.NoAnswer:
    case FailureRule.TransportFailed:
    case FailureRule.Unavailable:
    case FailureRule.FlowLost:
      return true;
    default:
      return false;
  }
}

/** Somebody has to change a setting or an account: asking often does not help. */
export function isLasting(rule: FailureRule): bool {
  switch (rule) {
    case FailureRule.NoCredentials:
    case FailureRule.CredentialsRefused:
    case FailureRule.Forbidden:
    case FailureRule.UnknownUser:
      return true;
    default:
      return false;
  }
}

/** Short and stable: scripts may compare it. */
export function failureId(rule: FailureRule): Slice {
  return idOf(lineOf(rule));
}

export function failureWords(rule: FailureRule): Slice {
  return wordsOf(lineOf(rule));
}

/** In the order of FailureRule: the id, a colon, the words. */
function lineOf(rule: FailureRule): Slice {
  return lineAt(
    w(`none:
RFC3263-not-located:no address found for the server
RFC3261-17.1.2-timeout:the server does not answer
RFC3261-8.1.3.1-transport:the server can't be reached
RFC3261-22-no-credentials:the server wants a password, and none is set
RFC3261-22-credentials:user name or password refused
RFC3261-10.3-forbidden:the server does not let this user register
RFC3261-10.3-unknown:the server does not know this user
RFC3261-10.2.8-interval:no registration interval suits the server
RFC3261-8.1.3.4-redirects:redirected too often
RFC3261-21.5-server:the server is out of order
RFC3261-10.2-refused:the server refused the registration
RFC3261-10.2.4-no-binding:the server does not list our contact
RFC5626-4.5-flow:the connection to the server is lost again and again
capacity-memory:no memory for another message
fault:an error of the phone`),
    rule,
  );
}
