// The servers of an account and the proxies in front of them, each numbered 1 or 2, as the settings name them.

import { isPresent, Slice, w } from "../bytes/slice";
import { mark, put, putByte, putNumber, written } from "../output/output";
import { Key } from "../settings/keys";
import { number, text } from "../settings/settings";
import { permitTcp } from "../transaction/large-request";
import { useTimers } from "../transaction/transaction";
import { putHost } from "../transport/address";
import { Search, SIP_PORT, SIPS_PORT, startSearch, Wanted } from "../transport/destination";

export const SERVERS: i32 = 2;

/** T1, T2 and T4 of the account for the transactions that come next, and whether size alone may move them to TCP. */
export function useAccountTimers(account: i32): void {
  useTimers(number(Key.TimerT1, account), number(Key.TimerT2, account), number(Key.TimerT4, account));
  permitTcp(number(Key.UdpToTcp, account) != 0 && !isTransportPinned(account));
}

/** A port in the settings says that UDP is meant there, and that nobody has to listen on the same one of TCP. */
function isTransportPinned(account: i32): bool {
  if (isPresent(proxyHost(account, 1))) return proxyPort(account, 1) != 0;
  return isPresent(serverHost(account, 1)) && serverPort(account, 1) != 0;
}

/** A key with a twin for the second server. */
function twin(key: Key, place: i32): Key {
  return <Key>(<i32>key + place - 1);
}

/** Name or address of a server; EMPTY if the account has none there. */
export function serverHost(account: i32, server: i32): Slice {
  return text(twin(Key.SipServerAddress, server), account);
}

/** 0: DNS tells it. */
export function serverPort(account: i32, server: i32): i32 {
  return number(twin(Key.SipServerPort, server), account);
}

/** 0 UDP, 1 TCP, 2 TLS, 3 what DNS says. */
export function serverWanted(account: i32, server: i32): i32 {
  return number(twin(Key.ServerTransport, server), account);
}

/** The server as a URI without a user. */
export function putServerUri(account: i32, server: i32): void {
  put(w("sip:"));
  putHost(serverHost(account, server));
  const port = serverPort(account, server);
  const isTls = serverWanted(account, server) == Wanted.Tls;
  if (!port || port == (isTls ? SIPS_PORT : SIP_PORT)) return;
  putByte(0x3a);
  putNumber(port);
}

/** What a key of a server says: the key of the first is given. */
export function serverNumber(key: Key, account: i32, server: i32): i32 {
  return number(twin(key, server), account);
}

/** What a key of a proxy says, or the server's where the proxy's says -1. */
export function hopNumber(ofProxy: Key, ofServer: Key, account: i32, server: i32, proxy: i32): i32 {
  const own = proxy ? number(twin(ofProxy, proxy), account) : -1;
  return own >= 0 ? own : number(twin(ofServer, server), account);
}

/** Name or address of an outbound proxy; EMPTY if there is none, or it is switched off. */
export function proxyHost(account: i32, proxy: i32): Slice {
  return number(Key.OutboundProxyEnable, account) ? text(twin(Key.OutboundProxyAddress, proxy), account) : 0;
}

export function proxyPort(account: i32, proxy: i32): i32 {
  return number(twin(Key.OutboundProxyPort, proxy), account);
}

/** Whether the account has somewhere to register at all. */
export function hasServer(account: i32): bool {
  return isPresent(serverHost(account, 1)) || isPresent(serverHost(account, 2));
}

/** Begins to look for a server as the account's settings of DNS want it; null without memory. */
export function searchFor(account: i32, owner: u32, host: Slice, port: i32, wanted: Wanted): Search | null {
  const naptrBuild = number(Key.NaptrBuild, account) != 0;
  const usesCache = number(Key.DnsCacheType, account) != 0;
  return startSearch(owner, host, port, wanted, naptrBuild, usesCache);
}

/** An outbound proxy is a route that is there before any dialog (RFC 3261 §8.1.2). Of size 0 without one. */
export function writeProxyRoute(account: i32, proxy: i32): Slice {
  const from = mark();
  const host = proxyHost(account, proxy);
  if (!isPresent(host)) return written(from);
  put(w("Route: <sip:"));
  putHost(host);
  const port = proxyPort(account, proxy);
  if (port) {
    putByte(0x3a);
    putNumber(port);
  }
  put(w(";lr>\r\n"));
  return written(from);
}
