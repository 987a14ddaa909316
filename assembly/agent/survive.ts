// A saved state was put into a fresh instance: the phone goes on where it was, but the sockets are gone, and so may be
// the media, and what happened since it was saved nobody remembers.

import { skipUses } from "../auth/attempts";
import { EMPTY } from "../bytes/slice";
import { seedKeys } from "../crypto/media-key";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { registrationAt, REGISTRATIONS } from "../registration/registration";
import { anyCallAt, callPlaces, CallState } from "../session/call";
import { renewKeys } from "../session/change";
import { EndRule } from "../session/end-rule";
import { hangUp } from "../session/session";
import { flowAt, flowClosed, flowPlaces, sayListen } from "../transport/flow";
import { askAgain } from "../transport/query";
import { receiveFlowLoss } from "./transport-failure";

/**
 * More numbers than can have been used since: the host saves before a request of a dialog leaves, and of a registration
 * whenever its state changes; between two states it is sent for at most five challenges and three other answers.
 */
const SKIPPED: u32 = 10;

/** A call resumes only with its media; one that is not answered has none yet. */
export function survive(isMediaAlive: bool): void {
  openAgain();
  askAgain();
  seedKeys(EMPTY);
  for (let place: u32 = 0; place < REGISTRATIONS; place++) {
    const r = registrationAt(place);
    skipUses(r.attempts, SKIPPED);
    r.cseq += SKIPPED;
    // That the phone was switched off is not the flow's fault.
    r.lostFlows = 0;
  }
  for (let place = 0; place < callPlaces(); place++) {
    const call = anyCallAt(place);
    if (!call) continue;
    skipUses(call.attempts, SKIPPED);
    const d = call.dialog;
    if (d) d.localSequence += SKIPPED;
    const isKeyed = number(Key.Srtp, call.account) != 0;
    if (!isMediaAlive || call.state < CallState.Accepted || (isKeyed && !renewKeys(call)))
      hangUp(call, EndRule.MediaLost);
  }
  loseConnections();
}

/** Sockets are bound again. Nobody finds the connections from now on. */
function openAgain(): void {
  for (let place: u32 = 0; place < flowPlaces(); place++) {
    const flow = flowAt(place);
    if (!flow) continue;
    if (!flow.isConnection) sayListen(flow);
    else flow.peerPort = flow.reusePort = 0;
  }
}

/** But for those that were asked for just now, which have a port. */
function loseConnections(): void {
  for (let place: u32 = 0; place < flowPlaces(); place++) {
    const flow = flowAt(place);
    if (!flow || !flow.isConnection || flow.peerPort) continue;
    const handle = flow.handle;
    flowClosed(flow);
    receiveFlowLoss(handle);
  }
}
