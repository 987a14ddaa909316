// From the wish to call somebody to an address to send to, and our own address toward it.
//
// Both may need a question to the host; the call is Locating until the answers are here.

import { EMPTY, isPresent, size, Slice } from "../bytes/slice";
import { keep, release } from "../bytes/blocks";
import { hopHost, hopPort, hopWanted, readHop } from "../dialog/next-hop";
import { Question } from "../output/abi-numbers";
import { Key } from "../settings/keys";
import { number, text } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { isIPv6 } from "../transport/address";
import { findSearch, Found, goOn, Search, startSearch, Wanted } from "../transport/destination";
import { Flow, flowToward } from "../transport/flow";
import { ask } from "../transport/query";
import { Call } from "./call";

/** How long a host may take to answer. */
const LOOKUP_MS: i64 = 10_000;

/** Finds address, port, flow and our own address for the first INVITE, as far as they are known now. */
export function locate(call: Call): Found {
  if (!call.search && !search(call)) return Found.No;
  const s = findSearch(call.search);
  if (!s) return Found.No;
  const found = goOn(s);
  if (found == Found.Wait) call.guard.arm(Timer.Resolve, nowMs() + LOOKUP_MS);
  return found == Found.Yes ? takeTarget(call, s) : found;
}

function takeTarget(call: Call, s: Search): Found {
  const flow = flowToward(isIPv6(s.address));
  if (!flow) return Found.No;
  call.flow = flow.handle;
  release(call.hopAddress);
  call.hopAddress = keep(s.address);
  call.hopPort = s.port;
  return isPresent(call.hopAddress) ? locateOurselves(call, flow, call.hopAddress) : Found.No;
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

/** By the outbound proxy, or the account's server, or to the host of the URI itself. */
function search(call: Call): bool {
  const account = call.account;
  const proxy = text(Key.OutboundProxyAddress, account);
  const server = text(Key.SipServerAddress, account);
  const wanted = <Wanted>number(Key.ServerTransport, account);
  if (number(Key.OutboundProxyEnable, account) && isPresent(proxy))
    return begin(call, proxy, number(Key.OutboundProxyPort, account), wanted);
  if (isPresent(server)) return begin(call, server, number(Key.SipServerPort, account), wanted);
  return readHop(call.remoteUri) && begin(call, hopHost, hopPort, hopWanted(Wanted.Udp));
}

function begin(call: Call, host: Slice, port: i32, wanted: Wanted): bool {
  const s = startSearch(
    call.handle,
    host,
    port,
    wanted,
    number(Key.NaptrBuild, call.account) != 0,
    number(Key.DnsCacheType, call.account) != 0,
  );
  if (s) call.search = s.handle;
  return s != null;
}

/** The host's answer to where we are: an address, EMPTY for none. */
export function takeLocalAddress(call: Call, answer: Slice): Found {
  call.query = 0;
  call.guard.stop();
  release(call.localAddress);
  call.localAddress = keep(answer);
  return isPresent(call.localAddress) ? Found.Yes : Found.No;
}
