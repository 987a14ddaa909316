// Why a registration failed: the rule's id and its words, for the people who must find out.

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
  switch (rule) {
    case FailureRule.NotLocated:
      return w("RFC3263-not-located");
    case FailureRule.NoAnswer:
      return w("RFC3261-17.1.2-timeout");
    case FailureRule.TransportFailed:
      return w("RFC3261-8.1.3.1-transport");
    case FailureRule.NoCredentials:
      return w("RFC3261-22-no-credentials");
    case FailureRule.CredentialsRefused:
      return w("RFC3261-22-credentials");
    case FailureRule.Forbidden:
      return w("RFC3261-10.3-forbidden");
    case FailureRule.UnknownUser:
      return w("RFC3261-10.3-unknown");
    case FailureRule.TooBrief:
      return w("RFC3261-10.2.8-interval");
    case FailureRule.Redirected:
      return w("RFC3261-8.1.3.4-redirects");
    case FailureRule.Unavailable:
      return w("RFC3261-21.5-server");
    case FailureRule.Refused:
      return w("RFC3261-10.2-refused");
    case FailureRule.NoBinding:
      return w("RFC3261-10.2.4-no-binding");
    case FailureRule.FlowLost:
      return w("RFC5626-4.5-flow");
    case FailureRule.Fault:
      return w("fault");
    default:
      return w("capacity-memory");
  }
}

export function failureWords(rule: FailureRule): Slice {
  switch (rule) {
    case FailureRule.NotLocated:
      return w("no address found for the server");
    case FailureRule.NoAnswer:
      return w("the server does not answer");
    case FailureRule.TransportFailed:
      return w("the server can't be reached");
    case FailureRule.NoCredentials:
      return w("the server wants a password, and none is set");
    case FailureRule.CredentialsRefused:
      return w("user name or password refused");
    case FailureRule.Forbidden:
      return w("the server does not let this user register");
    case FailureRule.UnknownUser:
      return w("the server does not know this user");
    case FailureRule.TooBrief:
      return w("no registration interval suits the server");
    case FailureRule.Redirected:
      return w("redirected too often");
    case FailureRule.Unavailable:
      return w("the server is out of order");
    case FailureRule.Refused:
      return w("the server refused the registration");
    case FailureRule.NoBinding:
      return w("the server does not list our contact");
    case FailureRule.FlowLost:
      return w("the connection to the server is lost again and again");
    case FailureRule.Fault:
      return w("an error of the phone");
    default:
      return w("no memory for another message");
  }
}
