// Connections come, bring messages, and go (RFC 3261 §18.3, RFC 5626 §3.5.1).

import { SERVERS } from "../account/servers";
import { wayTo } from "../account/way";
import { probeFlowOpened } from "../probe/question";
import { registrationFlowOpened } from "../registration/registrations";
import { EMPTY, size, Slice, w } from "../bytes/slice";
import { dialogPlaces, flowOfDialog } from "../dialog/dialog";
import { ParseFault } from "../message/fault";
import { Status, Transport } from "../output/abi-numbers";
import { hasRoom, mark, put, sayBytes, written } from "../output/output";
import { receiveConnection } from "../session/session";
import { subscriptionFlowOpened } from "../subscription/locate";
import { ACCOUNTS, Key } from "../settings/keys";
import { number } from "../settings/settings";
import { Timer } from "../time/timer";
import { isVerified, reasonOf, speaksFor } from "../transport/certificate";
import {
  accept,
  closeQuietest,
  connected,
  isFullOfIncoming,
  isIdle,
  keepsTooMuch,
  readOn,
  watch,
} from "../transport/connection";
import { closeFlow, findFlow, Flow, FlowKind, forgetUsers, useFlow } from "../transport/flow";
import { notePong, ping } from "../transport/ping";
import {
  closeInput,
  cutFault,
  cutMessage,
  isPinged,
  nextMessage,
  openInput,
  untaken,
} from "../transport/framing";
import { receiveMessage } from "./receive";
import { sayFault } from "./start";
import { receiveFlowLoss } from "./transport-failure";

/** A connection came in: its handle, or Full. */
export function acceptConnection(
  listener: Flow,
  local: Slice,
  localPort: i32,
  peer: Slice,
  peerPort: i32,
  names: Slice,
): i32 {
  if (isFullOfIncoming()) {
    findUsers();
    if (!closeQuietest()) return Status.Full;
  }
  const flow = accept(listener, local, localPort, peer, peerPort, names);
  return flow ? flow.handle : Status.Full;
}

/** Notes on which flows dialogs and registrations live. */
function findUsers(): void {
  forgetUsers();
  for (let place: u32 = 0; place < dialogPlaces(); place++) useFlow(flowOfDialog(place));
  for (let account = 1; account <= ACCOUNTS; account++) {
    for (let server = 1; server <= SERVERS; server++) {
      const way = wayTo(account, server);
      if (way.isRegistered) useFlow(way.flow);
    }
  }
}

/** The connection that we asked for is there; `names`: of the certificate that it showed. */
export function receiveConnected(flow: Flow, local: Slice, localPort: i32, names: Slice): Status {
  if (flow.isOpen) return Status.WrongState;
  if (!mayTrust(flow, names)) dropConnection(flow);
  else if (!connected(flow, local, localPort)) return Status.Full;
  else goOn(flow.handle);
  return Status.Ok;
}

/** Whoever waits for the connection. */
function goOn(flow: u32): void {
  receiveConnection(flow, true);
  registrationFlowOpened(flow);
  probeFlowOpened(flow);
  subscriptionFlowOpened(flow);
}

/** security.trust_certificates and security.cn_validation; says why not. */
function mayTrust(flow: Flow, names: Slice): bool {
  if (flow.transport != Transport.Tls) return true;
  if (number(Key.TrustCertificates) && !isVerified(names))
    return distrust(flow, w(" is not trusted: "), reasonOf(names));
  if (!number(Key.CnValidation) || speaksFor(names, flow.serverName)) return true;
  return distrust(flow, w(" is for another name"), EMPTY);
}

function distrust(flow: Flow, what: Slice, reason: Slice): bool {
  const from = mark();
  put(w("the certificate of "));
  put(flow.serverName);
  put(what);
  put(reason);
  sayFault(written(from));
  return false;
}

/** Closes it: whoever waits on it waits no longer. */
export function dropConnection(flow: Flow): void {
  const handle = flow.handle;
  closeFlow(flow);
  receiveFlowLoss(handle);
}

// ---- what it brings ----

/** Some bytes of the stream, cut anywhere. */
export function receiveStream(flow: Flow, chunk: Slice): void {
  const handle = flow.handle;
  let left = chunk;
  let hasMessage = false;
  do {
    if (!openInput(flow.framing, left)) return dropConnection(flow);
    left = untaken;
    if (receiveMessages(flow)) hasMessage = true;
    if (!findFlow(handle)) return;
    if (isPinged) sayBytes(handle, flow.peerAddress, flow.peerPort, w("\r\n"));
    if (!closeInput(flow.framing) || keepsTooMuch(flow)) return dropConnection(flow);
  } while (size(left));
  notePong(flow, hasMessage);
  watch(flow, hasMessage);
  if (!hasRoom()) readOn(flow);
}

/** Everything that is whole, as long as there is room to answer it. True if anything was. */
function receiveMessages(flow: Flow): bool {
  const handle = flow.handle;
  let hasMessage = false;
  while (hasRoom() && nextMessage(flow.framing)) {
    const fault = cutFault;
    receiveMessage(flow, flow.peerAddress, flow.peerPort, cutMessage, fault);
    if (!findFlow(handle)) break;
    hasMessage = true;
    if (fault == ParseFault.None) continue;
    // Nobody knows where the next message begins.
    dropConnection(flow);
    break;
  }
  return hasMessage;
}

// ---- time ----

export function fireFlow(handle: u32, timer: Timer): void {
  const flow = findFlow(handle);
  if (!flow) return;
  if (timer == Timer.Idle) findUsers();
  if (timer == Timer.Input) receiveStream(flow, EMPTY);
  else if (timer == Timer.Idle && flow.kind == FlowKind.Outgoing && flow.isInUse) ping(flow);
  else if (timer != Timer.Idle || isIdle(flow)) dropConnection(flow);
}
