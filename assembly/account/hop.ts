// The first hop of requests that leave outside of a registration: the proxy of the account, or its server, or without one the
// host of a URI; then our own address toward it. The host is asked for what is not known.

import { replace, Way } from "./way";
import { hasServer, proxyHost, proxyPort, searchFor, serverHost, serverPort, serverWanted } from "./servers";
import { reserve } from "../bytes/arena";
import { EMPTY, isPresent, size, Slice } from "../bytes/slice";
import { hopHost, hopPort, hopWanted, readHop } from "../dialog/next-hop";
import { Question } from "../output/abi-numbers";
import { nowMs } from "../time/clock";
import { Deadline } from "../time/deadlines";
import { Timer } from "../time/timer";
import { flowTo } from "../transport/connection";
import { endSearch, findSearch, Found, goOn, Wanted } from "../transport/destination";
import { ask, forgetQuery } from "../transport/query";

/** How long a host may take to answer, and a connection to be there. */
const LOOKUP_MS: i64 = 10_000;


@unmanaged
export class Hop extends Way {
  /** Its owner's; Timer.Resolve while something is awaited. */
  due: Deadline;
  search: u32;
  query: u32;
}

export function newHop(due: Deadline): Hop {
  const hop = changetype<Hop>(reserve(offsetof<Hop>()));
  hop.due = due;
  return hop;
}

/** Begins anew; `seekHop` tells how far it is. `uri`: whose host is meant where the account has no server. */
export function searchHop(hop: Hop, account: i32, server: i32, uri: Slice, takesBarred: bool): void {
  forgetHop(hop);
  hop.due.arm(Timer.Resolve, nowMs() + LOOKUP_MS);
  hop.account = account;
  let host = proxyHost(account, 1);
  let port = proxyPort(account, 1);
  let wanted = <Wanted>serverWanted(account, server);
  if (!isPresent(host)) {
    host = serverHost(account, server);
    port = serverPort(account, server);
    if (!hasServer(account) && readHop(uri)) {
      host = hopHost;
      port = hopPort;
      wanted = hopWanted(Wanted.Udp);
    }
  }
  const s = searchFor(account, hop.due.owner, host, port, wanted);
  if (!s) return;
  s.takesBarred = takesBarred;
  hop.search = s.handle;
}

/** Yes: everything is known. Called once more when a lookup has an answer, or a connection is there; Wait if nobody waits. */
export function seekHop(hop: Hop): Found {
  if (!hop.due.isArmed(Timer.Resolve)) return Found.Wait;
  const s = findSearch(hop.search);
  if (!s) return Found.No;
  const found = goOn(s);
  if (found != Found.Yes) return found;
  const flow = flowTo(s.transport, s.address, s.port, s.serverName);
  hop.address = replace(hop.address, s.address);
  hop.serverName = replace(hop.serverName, s.serverName);
  hop.transport = s.transport;
  hop.port = s.port;
  hop.flow = flow ? flow.handle : 0;
  if (!flow) return Found.No;
  if (!flow.isOpen || hop.query) return Found.Wait;
  if (!flow.isWildcard) return takeHopAddress(hop, flow.localAddress);
  hop.query = ask(Question.LocalAddress, hop.address, hop.due.owner);
  return hop.query ? Found.Wait : Found.No;
}

/** Our own address toward it; EMPTY if the host knows none. */
export function takeHopAddress(hop: Hop, address: Slice): Found {
  if (!hop.due.isArmed(Timer.Resolve)) return Found.Wait;
  hop.query = 0;
  hop.localAddress = replace(hop.localAddress, address);
  return size(hop.localAddress) ? Found.Yes : Found.No;
}

export function forgetHop(hop: Hop): void {
  const s = findSearch(hop.search);
  if (s) endSearch(s);
  hop.search = 0;
  forgetQuery(hop.query);
  hop.query = 0;
  hop.localAddress = replace(hop.localAddress, EMPTY);
}
