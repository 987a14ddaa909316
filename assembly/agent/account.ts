// Which account a request belongs to, and whether its sender may call us at all.

import { proxyHost, proxyPort, serverHost, serverPort, SERVERS, serverWanted } from "../account/servers";
import { isRegisteredAt } from "../account/way";
import { size, Slice } from "../bytes/slice";
import { parseUri, sameUser, Scheme, Uri } from "../message/uri";
import { ACCOUNTS, Key } from "../settings/keys";
import { number, text } from "../settings/settings";
import { leadsTo, prefetch, Wanted } from "../transport/destination";

const uri = changetype<Uri>(memory.data(offsetof<Uri>(), 8));

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

/** The address is one of the account's servers or outbound proxies, or that of its registration. */
export function isFromServer(account: i32, source: Slice): bool {
  if (isRegisteredAt(account, source)) return true;
  for (let y = 1; y <= SERVERS; y++) {
    if (isAt(serverHost(account, y), serverPort(account, y), account, y, source)) return true;
    if (isAt(proxyHost(account, y), proxyPort(account, y), account, y, source)) return true;
  }
  return false;
}

function isAt(host: Slice, port: i32, account: i32, server: i32, source: Slice): bool {
  return size(host) > 0 && leadsTo(host, port, wantedAt(account, server), buildsNaptr(account), source);
}

function wantedAt(account: i32, server: i32): Wanted {
  return <Wanted>serverWanted(account, server);
}

function buildsNaptr(account: i32): bool {
  return number(Key.NaptrBuild, account) != 0;
}

/**
 * sip.trust_ctrl: only the server may call. features.direct_ip_call_enable = 0: nobody may who calls past
 * the server.
 */
export function mayCall(account: i32, source: Slice): bool {
  if (!number(Key.TrustCtrl, account) && number(Key.DirectIpCallEnable)) return true;
  return isFromServer(account, source);
}

/** Asks for the addresses of all servers with names, to know their calls when they come. */
export function askForServers(): void {
  for (let account = 1; account <= ACCOUNTS; account++) {
    if (!isEnabled(account)) continue;
    for (let y = 1; y <= SERVERS; y++) {
      askFor(serverHost(account, y), serverPort(account, y), account, y);
      askFor(proxyHost(account, y), proxyPort(account, y), account, y);
    }
  }
}

function askFor(host: Slice, port: i32, account: i32, server: i32): void {
  if (size(host)) prefetch(host, port, wantedAt(account, server), buildsNaptr(account));
}
