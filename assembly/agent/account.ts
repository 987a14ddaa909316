// Which account a request belongs to, and whether its sender may call us at all.

import { equals, equalsIgnoringCase, isPresent, size, Slice } from "../bytes/slice";
import { newUri, parseUri, sameUser, Scheme, Uri } from "../message/uri";
import { Question } from "../output/abi-numbers";
import { ACCOUNTS, Key } from "../settings/keys";
import { number, text } from "../settings/settings";
import { isNumeric, withoutBrackets } from "../transport/address";
import { knownAddress } from "../transport/known-names";
import { ask } from "../transport/query";

let uri: Uri = changetype<Uri>(0);

export function openAccounts(): void {
  uri = newUri();
}

export function isEnabled(account: i32): bool {
  return account >= 1 && account <= ACCOUNTS && number(Key.Enable, account) != 0;
}

/** The lowest enabled account; 0 if there is none. */
export function lowestAccount(): i32 {
  for (let account = 1; account <= ACCOUNTS; account++) {
    if (isEnabled(account)) return account;
  }
  return 0;
}

/**
 * The account that a Request-URI means: by its user, or without a user the lowest, since such a call is for
 * the phone itself. Among several with that user the one whose server it comes from. 0 for none: 404.
 */
export function accountOf(requestUri: Slice, source: Slice): i32 {
  if (!parseUri(requestUri, uri)) return 0;
  if (!size(uri.user)) return uri.scheme == Scheme.Tel ? 0 : lowestAccount();
  let found = 0;
  for (let account = ACCOUNTS; account >= 1; account--) {
    if (!isEnabled(account) || !sameUser(uri.user, text(Key.UserName, account))) continue;
    if (found && isFromServer(found, source) && !isFromServer(account, source)) continue;
    found = account;
  }
  return found;
}

/** The address is that of the account's server or outbound proxy. */
export function isFromServer(account: i32, source: Slice): bool {
  if (isAddressOf(text(Key.SipServerAddress, account), source)) return true;
  const proxy = text(Key.OutboundProxyAddress, account);
  return number(Key.OutboundProxyEnable, account) != 0 && isAddressOf(proxy, source);
}

function isAddressOf(server: Slice, source: Slice): bool {
  if (!size(server)) return false;
  const host = withoutBrackets(server);
  if (isNumeric(host)) return equalsIgnoringCase(host, source);
  return equals(knownAddress(host), source);
}

/**
 * sip.trust_ctrl: only the server may call. features.direct_ip_call_enable = 0: nobody may who calls past
 * the server.
 */
export function mayCall(account: i32, source: Slice): bool {
  if (isFromServer(account, source)) return true;
  return !number(Key.TrustCtrl, account) && number(Key.DirectIpCallEnable) != 0;
}

/** Asks for the addresses of all servers with names, to know their calls when they come. */
export function askForServers(): void {
  for (let account = 1; account <= ACCOUNTS; account++) {
    if (!isEnabled(account)) continue;
    askFor(text(Key.SipServerAddress, account));
    if (number(Key.OutboundProxyEnable, account)) askFor(text(Key.OutboundProxyAddress, account));
  }
}

function askFor(server: Slice): void {
  const host = withoutBrackets(server);
  if (size(host) && !isNumeric(host) && !isPresent(knownAddress(host))) ask(Question.A, host, 0);
}

/** Do not disturb, by the phone's switch or by the account's (features.dnd_mode). */
export function mayNotDisturb(account: i32): bool {
  if (!number(Key.DndAllow)) return false;
  const isOn = number(Key.DndMode) ? number(Key.DndEnable, account) : number(Key.PhoneDndEnable);
  return isOn != 0;
}
