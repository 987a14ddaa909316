// Where a REGISTER goes: the targets of the server, or those of the first outbound proxy and then of the second,
// one after the other, and our own address on the flow to each.

import {
  hopNumber,
  proxyHost,
  proxyPort,
  searchFor,
  serverHost,
  serverPort,
  serverWanted,
  SERVERS,
} from "../account/servers";
import { replace } from "../account/way";
import { release } from "../bytes/blocks";
import { EMPTY, isPresent, size, Slice } from "../bytes/slice";
import { hopHost, hopPort, hopWanted, readHop } from "../dialog/next-hop";
import { Question } from "../output/abi-numbers";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { flowTo } from "../transport/connection";
import {
  endSearch,
  findSearch,
  Found,
  goOn,
  hasMore,
  nextTarget,
  Search,
  skipQuestion,
  Wanted,
} from "../transport/destination";
import { findFlow } from "../transport/flow";
import { ask, forgetQuery } from "../transport/query";
import { forgetRedirect, Registration } from "./registration";

/** How long a host may take to answer. */
const LOOKUP_MS: i64 = 10_000;

/** Begins with the first target. */
export function firstHop(r: Registration): Found {
  r.proxy = isPresent(proxyHost(r.account, 1)) ? 1 : isPresent(proxyHost(r.account, 2)) ? 2 : 0;
  r.isAway = false;
  return search(r) ? locate(r) : Found.No;
}

/** The target behind the present one, be it of the second proxy. */
export function nextHop(r: Registration): Found {
  r.isAway = true;
  const s = findSearch(r.search);
  const found = s ? settle(r, s, nextTarget(s)) : Found.No;
  return found == Found.No ? nextProxy(r) : found;
}

function nextProxy(r: Registration): Found {
  if (isPresent(r.redirect) || r.proxy != 1 || !isPresent(proxyHost(r.account, 2))) return Found.No;
  r.proxy = 2;
  return search(r) ? locate(r) : Found.No;
}

/** Goes on with a search that an answer, or a connection, was missing for. */
export function locate(r: Registration): Found {
  const s = findSearch(r.search);
  const found = s ? settle(r, s, goOn(s)) : Found.No;
  return found == Found.No ? nextProxy(r) : found;
}

/** The answer to the open question is overdue. */
export function locateWithout(r: Registration): Found {
  // Our own address is what can't be done without, and a connection has its own limit.
  if (r.query) return Found.No;
  const s = findSearch(r.search);
  if (s) skipQuestion(s);
  return locate(r);
}

/** The host's answer to where we are: an address, EMPTY for none. */
export function takeLocalAddress(r: Registration, answer: Slice): Found {
  r.query = 0;
  r.due.stop();
  r.localAddress = replace(r.localAddress, answer);
  return size(answer) ? Found.Yes : nextHop(r);
}

/** True while other targets may be left: then this one is not waited for as long. */
export function hasOther(r: Registration): bool {
  const s = findSearch(r.search);
  if (s && hasMore(s)) return true;
  return r.proxy == 1 && isPresent(proxyHost(r.account, 2));
}

/** No other target is wanted any more. */
export function stopSearching(r: Registration): void {
  const s = findSearch(r.search);
  if (s) endSearch(s);
  r.search = 0;
  forgetQuery(r.query);
  r.query = 0;
}

/** What the setting of a server says, or of the proxy in front of it. */
export function hopSetting(r: Registration, ofProxy: Key, ofServer: Key): i32 {
  return hopNumber(ofProxy, ofServer, r.account, r.server, r.proxy);
}

/** The account has a second server that is tried when this one fails. */
export function hasBackup(r: Registration): bool {
  const isSuccessive = number(Key.RedundancyType, r.account) == 1;
  return isSuccessive && r.server < SERVERS && isPresent(serverHost(r.account, SERVERS));
}

function search(r: Registration): bool {
  stopSearching(r);
  const account = r.account;
  const wanted = <Wanted>serverWanted(account, r.server);
  if (isPresent(r.redirect)) return readHop(r.redirect) && begin(r, hopHost, hopPort, hopWanted(wanted));
  if (r.proxy) return begin(r, proxyHost(account, r.proxy), proxyPort(account, r.proxy), wanted);
  return begin(r, serverHost(account, r.server), serverPort(account, r.server), wanted);
}

function begin(r: Registration, host: Slice, port: i32, wanted: Wanted): bool {
  const s = searchFor(r.account, r.handle, host, port, wanted);
  if (s) r.search = s.handle;
  return s != null;
}

/** The first of the search's targets, from the present one on, that there is a flow to. */
function settle(r: Registration, s: Search, first: Found): Found {
  let found = first;
  while (found == Found.Yes && !take(r, s)) found = nextTarget(s);
  if (found == Found.Wait) r.due.arm(Timer.Resolve, nowMs() + LOOKUP_MS);
  return found == Found.Yes ? locateOurselves(r) : found;
}

function take(r: Registration, s: Search): bool {
  const flow = flowTo(s.transport, s.address, s.port, s.serverName);
  if (!flow) return false;
  r.flow = flow.handle;
  r.address = replace(r.address, s.address);
  r.port = s.port;
  return isPresent(r.address);
}

/** Our address on the flow. A connection knows it when it is open. */
function locateOurselves(r: Registration): Found {
  const flow = findFlow(r.flow);
  if (!flow) return Found.No;
  if (flow.isOpen && !flow.isWildcard) {
    r.localAddress = replace(r.localAddress, flow.localAddress);
    return isPresent(r.localAddress) ? Found.Yes : Found.No;
  }
  if (flow.isOpen) {
    r.query = ask(Question.LocalAddress, r.address, r.handle);
    if (!r.query) return Found.No;
    r.due.arm(Timer.Resolve, nowMs() + LOOKUP_MS);
  }
  return Found.Wait;
}

/** The hop is of no use any more; a redirection that led there neither. */
export function forgetHop(r: Registration): void {
  stopSearching(r);
  forgetRedirect(r);
  release(r.address);
  r.address = EMPTY;
  r.flow = 0;
}
