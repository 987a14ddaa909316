// What only the INVITE that begins a call says: who we are to the network, and how it came here.

import { putIdentity } from "../account/address-of-record";
import { hasServer } from "../account/servers";
import { size, w } from "../bytes/slice";
import { putHeader } from "../message/write";
import { put } from "../output/output";
import { Key } from "../settings/keys";
import { number, text } from "../settings/settings";
import { Call } from "./call";
import { BY_FROM } from "./caller";
import { Reliable } from "./prack";

/** Our identity does not stand in From (RFC 3323 §4.1). */
export function hidesUs(account: i32): bool {
  return number(Key.AnonymousCall, account) != 0 && !number(Key.AnonymousServerOnly, account);
}

export function putInviteHeaders(call: Call): void {
  const account = call.account;
  if (number(Key.Reliable, account) == Reliable.Required) put(w("Require: 100rel\r\n"));
  put(call.history);
  if (hidesUs(account)) {
    // For the server alone: another phone would show it.
    if (hasServer(account)) {
      put(w("P-Preferred-Identity: "));
      putIdentity(account, call.localAddress);
      put(w("\r\n"));
    }
    // RFC 7044 §10.1.1: the history has to be hidden with the rest.
    put(size(call.history) ? w("Privacy: id;history\r\n") : w("Privacy: id\r\n"));
  }
  const alert = text(Key.AlertInfo, account);
  if (size(alert)) putHeader(w("Alert-Info"), alert);
  if (number(Key.CpSource, account) == BY_FROM) put(w("Supported: from-change\r\n"));
}
