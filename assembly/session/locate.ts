// From the wish to call somebody to a target to send to, and our own address toward it.
//
// Targets in order (RFC 3263 §4.3): where the account is registered, those of its first server or outbound
// proxy, those of the second. Those that are kept out are tried only if there were no others. Names, our own
// address and a connection need the host: the call is Locating until they are here.

import {
  hasServer,
  hopNumber,
  proxyHost,
  proxyPort,
  searchFor,
  serverHost,
  serverPort,
  SERVERS,
  serverWanted,
  writeProxyRoute,
} from "../account/servers";
import { awaitWay, routesOf, wayTo } from "../account/way";
import { EMPTY, isPresent, size, Slice } from "../bytes/slice";
import { keep, release } from "../bytes/blocks";
import { replaced } from "../dialog/dialog";
import { hopHost, hopPort, hopWanted, readHop } from "../dialog/next-hop";
import { Question, Transport } from "../output/abi-numbers";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { silenceMs } from "../transaction/silence";
import { isBarred } from "../transport/barred";
import { flowTo } from "../transport/connection";
import { bar, findSearch, Found, nextTarget, Wanted } from "../transport/destination";
import { Flow } from "../transport/flow";
import { ask } from "../transport/query";
import { Call, stopSearching } from "./call";
import { leaveInvite } from "./fail-over";

/** How long a host may take to answer. */
const LOOKUP_MS: i64 = 10_000;
/** Nothing is left: both servers were searched, and again for those that are kept out. */
const LAST_PLACE: i32 = SERVERS * 2;

/** Finds target, flow and our own address for the next INVITE, as far as they are known now. */
export function locate(call: Call): Found {
  let found = call.isAimed ? reach(call) : Found.No;
  while (found == Found.No) {
    found = findTarget(call);
    if (found != Found.Yes) break;
    found = reach(call);
  }
  return found;
}

function findTarget(call: Call): Found {
  if ((!call.place || call.awaitedWay) && takeWay(call)) return Found.Yes;
  let found = Found.No;
  do {
    const s = findSearch(call.search);
    if (!s) continue;
    found = nextTarget(s);
    if (found == Found.Wait) call.guard.arm(Timer.Resolve, nowMs() + LOOKUP_MS);
    if (found == Found.Yes) takeTarget(call, s.transport, s.address, s.port, s.serverName);
  } while (found == Found.No && searchNext(call));
  return found == Found.No ? awaitRegistration(call) : found;
}

/** Where the account is registered: that node knows us. */
function takeWay(call: Call): bool {
  for (let server = 1; server <= SERVERS; server++) {
    const way = wayTo(call.account, server);
    if (!way.isRegistered || isBarred(way.transport, way.address, way.port)) continue;
    takeTarget(call, way.transport, way.address, way.port, way.serverName);
    call.way = server;
    return true;
  }
  return false;
}

function takeTarget(call: Call, transport: Transport, address: Slice, port: i32, serverName: Slice): void {
  leaveInvite(call);
  call.isAimed = true;
  call.way = 0;
  call.hopTransport = transport;
  call.hopAddress = replaced(call.hopAddress, address);
  call.hopPort = port;
  call.hopName = replaced(call.hopName, serverName);
  release(call.localAddress);
  call.localAddress = EMPTY;
}

/** The target is not worth another try until then: `locate` finds the next one. */
export function leaveTarget(call: Call, until: i64): void {
  if (call.isAimed) bar(call.hopTransport, call.hopAddress, call.hopPort, until);
  call.isAimed = false;
}

/** No: it stays at the target that was left last. */
export function stayAtTarget(call: Call): void {
  if (call.isAimed || !isPresent(call.hopAddress)) return;
  bar(call.hopTransport, call.hopAddress, call.hopPort, 0);
  call.isAimed = true;
}

// ---- servers ----

/** Begins to search the server that comes next; false when none is left. */
function searchNext(call: Call): bool {
  const s = findSearch(call.search);
  if (s && s.hasPassed) call.hasPassed = true;
  stopSearching(call);
  const last = call.hasPassed && !isPresent(call.hopAddress) ? LAST_PLACE : SERVERS;
  while (call.place < last) {
    call.place++;
    const server = serverOf(call);
    if (maySearch(call, server) && searchServer(call, server)) return true;
  }
  return false;
}

function serverOf(call: Call): i32 {
  return call.place > SERVERS ? call.place - SERVERS : max(call.place, 1);
}

/** The outbound proxies stand in for the servers; without any of them it is the host of the URI itself. */
function searchServer(call: Call, server: i32): bool {
  const account = call.account;
  const wanted = <Wanted>serverWanted(account, server);
  if (hasProxy(account)) return search(call, proxyHost(account, server), proxyPort(account, server), wanted);
  if (hasServer(account))
    return search(call, serverHost(account, server), serverPort(account, server), wanted);
  return server == 1 && searchUri(call, call.remoteUri);
}

function hasProxy(account: i32): bool {
  return size(proxyHost(account, 1)) > 0 || size(proxyHost(account, 2)) > 0;
}

function searchUri(call: Call, uri: Slice): bool {
  return readHop(uri) && search(call, hopHost, hopPort, hopWanted(Wanted.Udp));
}

function search(call: Call, host: Slice, port: i32, wanted: Wanted): bool {
  const account = call.account;
  const s = searchFor(account, call.handle, host, port, wanted);
  if (!s) return false;
  s.takesBarred = call.place > SERVERS;
  call.search = s.handle;
  return true;
}

/** The targets of this URI, and no others, come next: it was redirected there. */
export function locateUri(call: Call, uri: Slice): Found {
  stopSearching(call);
  call.place = LAST_PLACE;
  call.isAimed = false;
  return searchUri(call, uri) ? locate(call) : Found.No;
}

/** Route lines on the way to the present target. Of size 0 for none. */
export function routesToTarget(call: Call): Slice {
  const account = call.account;
  return call.way ? routesOf(wayTo(account, call.way)) : writeProxyRoute(account, serverOf(call));
}

/** How long silence lasts before the next target is tried, ms. */
export function patienceMs(call: Call, ofProxy: Key, ofServer: Key, cap: i32): i64 {
  const sends = setting(call, ofProxy, ofServer, serverOf(call));
  return silenceMs(sends, number(Key.TimerT1, call.account), cap);
}

/** Of a server, or of the proxy in front of it. */
function setting(call: Call, ofProxy: Key, ofServer: Key, server: i32): i32 {
  const proxy = size(proxyHost(call.account, server)) ? server : 0;
  return hopNumber(ofProxy, ofServer, call.account, server, proxy);
}

// ---- servers that want us registered first ----

/** Once a call has left a server, the setting of the next one says whether it may come unregistered. */
function maySearch(call: Call, server: i32): bool {
  if (call.isEmergency || !wantsRegistration(call, server)) return true;
  const isAlone =
    setting(call, Key.ProxyOnlyRegistered, Key.ServerOnlyRegistered, server) == 1 &&
    setting(call, Key.ProxyFailbackMode, Key.ServerFailbackMode, server) > 0;
  return !isAlone && wayTo(call.account, server).isRegistered;
}

function wantsRegistration(call: Call, server: i32): bool {
  const account = call.account;
  const isFailover = server == SERVERS || wayTo(account, SERVERS).isRegistered;
  if (!isFailover || !number(Key.RegisterEnable, account) || !size(serverHost(account, server))) return false;
  return setting(call, Key.ProxyRegisterOnEnable, Key.ServerRegisterOnEnable, server) == 1;
}

/** Nothing is left but such a server: the agent sees to it that we register there. */
function awaitRegistration(call: Call): Found {
  if (call.awaitedWay) return Found.No;
  for (let server = 1; server <= SERVERS; server++) {
    const way = wayTo(call.account, server);
    if (way.isRegistered || !wantsRegistration(call, server)) continue;
    awaitWay(way);
    call.awaitedWay = server;
    call.guard.arm(Timer.Resolve, nowMs() + LOOKUP_MS);
    return Found.Wait;
  }
  return Found.No;
}

// ---- flow and our own address ----

function reach(call: Call): Found {
  const flow = flowTo(call.hopTransport, call.hopAddress, call.hopPort, call.hopName);
  call.isAimed = flow != null;
  if (!flow) return Found.No;
  call.flow = flow.handle;
  return flow.isOpen ? locateOurselves(call, flow, call.hopAddress) : Found.Wait;
}

/** Our address on the flow, as a packet from there to `peer` shows it. */
export function locateOurselves(call: Call, flow: Flow, peer: Slice): Found {
  if (isPresent(call.localAddress)) return Found.Yes;
  if (flow.isWildcard) return askOurselves(call, peer);
  call.localAddress = keep(flow.localAddress);
  return isPresent(call.localAddress) ? Found.Yes : Found.No;
}

function askOurselves(call: Call, peer: Slice): Found {
  call.query = ask(Question.LocalAddress, peer, call.handle);
  if (!call.query) return Found.No;
  call.guard.arm(Timer.Resolve, nowMs() + LOOKUP_MS);
  return Found.Wait;
}

/** The host's answer to where we are: an address, EMPTY for none. */
export function takeLocalAddress(call: Call, answer: Slice): Found {
  call.query = 0;
  call.guard.stop();
  release(call.localAddress);
  call.localAddress = keep(answer);
  return isPresent(call.localAddress) ? Found.Yes : Found.No;
}
