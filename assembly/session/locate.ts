// From the wish to call somebody to an address to send to, and our own address toward it.
//
// Both may need a question to the host; the call is Locating until the answers are here.

import { EMPTY, isPresent, size, Slice } from "../bytes/slice";
import { keep, release } from "../bytes/blocks";
import { hopHost, hopPort, readHop, SIP_PORT } from "../dialog/next-hop";
import { Question } from "../output/abi-numbers";
import { Key } from "../settings/keys";
import { number, text } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { isIPv6, isNumeric, withoutBrackets } from "../transport/address";
import { Flow, flowToward } from "../transport/flow";
import { knownAddress, rememberAddress } from "../transport/known-names";
import { ask } from "../transport/query";
import { Call } from "./call";

/** How long a host may take to answer. */
const LOOKUP_MS: i64 = 10_000;

export const enum Located {
  Yes,
  /** The host was asked. */
  Wait,
  No,
}

let host: Slice = EMPTY;
let port: i32 = 0;

/** Finds address, port, flow and our own address for the first INVITE, as far as they are known now. */
export function locate(call: Call): Located {
  if (!isPresent(call.hopAddress)) {
    if (!readTarget(call)) return Located.No;
    const found = addressOf(call);
    if (found != Located.Yes) return found;
  }
  const flow = flowToward(isIPv6(call.hopAddress));
  if (!flow) return Located.No;
  call.flow = flow.handle;
  return locateOurselves(call, flow, call.hopAddress);
}

/** Our address on the flow, as a packet from there to `peer` shows it. */
export function locateOurselves(call: Call, flow: Flow, peer: Slice): Located {
  if (isPresent(call.localAddress)) return Located.Yes;
  if (flow.isWildcard) return wait(call, Question.LocalAddress, peer);
  call.localAddress = keep(flow.localAddress);
  return isPresent(call.localAddress) ? Located.Yes : Located.No;
}

/** The outbound proxy, or the account's server, or the host of the URI itself. */
function readTarget(call: Call): bool {
  const account = call.account;
  const proxy = text(Key.OutboundProxyAddress, account);
  if (number(Key.OutboundProxyEnable, account) && isPresent(proxy)) {
    return target(proxy, number(Key.OutboundProxyPort, account));
  }
  const server = text(Key.SipServerAddress, account);
  if (isPresent(server)) return target(server, number(Key.SipServerPort, account));
  if (!readHop(call.remoteUri)) return false;
  return target(hopHost, hopPort);
}

function target(address: Slice, at: i32): bool {
  host = withoutBrackets(address);
  port = at ? at : SIP_PORT;
  return size(host) > 0;
}

function addressOf(call: Call): Located {
  const known = isNumeric(host) ? host : knownAddress(host);
  if (!isPresent(known)) return wait(call, flowToward(false) ? Question.A : Question.Aaaa, host);
  call.hopAddress = keep(known);
  call.hopPort = port;
  return isPresent(call.hopAddress) ? Located.Yes : Located.No;
}

function wait(call: Call, question: Question, name: Slice): Located {
  call.query = ask(question, name, call.handle);
  if (!call.query) return Located.No;
  call.guard.arm(Timer.Resolve, nowMs() + LOOKUP_MS);
  return Located.Wait;
}

/**
 * The host's answer: `answer` is the first address, EMPTY for none. Goes on with the next question, if
 * there is one.
 */
export function takeLookup(call: Call, question: Question, name: Slice, answer: Slice): Located {
  call.query = 0;
  call.guard.stop();
  if (question == Question.LocalAddress) {
    release(call.localAddress);
    call.localAddress = keep(answer);
    return isPresent(call.localAddress) ? Located.Yes : Located.No;
  }
  if (isPresent(answer)) {
    rememberAddress(name, answer);
    return Located.Yes;
  }
  const asksAgain = question == Question.A && flowToward(true) != null;
  return asksAgain ? wait(call, Question.Aaaa, name) : Located.No;
}
