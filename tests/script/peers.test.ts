// A call with each system of tests/peers, both ways, of two hours: it is refreshed as that system does it, and lives.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { System } from "../peers/peer.js";
import { SYSTEMS } from "../peers/systems.js";
import { callUp, type CallUp, sdp } from "../support/scripted-peer.js";

const TWO_HOURS = 7_200_000;

/** The system answers what the phone asks in the call. */
function answerAll(system: System, { peer }: CallUp): void {
  for (const request of peer.takesAll()) {
    if (request.status || request.method === "ACK") continue;
    assert.notEqual(request.method, "BYE", `${system.name}: the phone hung up`);
    const status = system.answers[request.method] ?? 200;
    const isTimed = status === 200 && request.has("Session-Expires");
    const timer = isTimed ? { "Session-Expires": request.header("Session-Expires"), Require: "timer" } : {};
    const body = request.method === "INVITE" ? sdp() : "";
    peer.replies(request, status, { headers: { ...timer }, body });
  }
}

function refresh(system: System, { peer, dialog }: CallUp): void {
  const isInvite = system.refreshes === "INVITE";
  peer.requests(dialog, system.refreshes, { headers: system.refresh, body: isInvite ? sdp() : "" });
  const accepted = peer.expects(200);
  assert.match(accepted.header("Session-Expires"), /^1800;refresher=uac$/);
  if (isInvite) peer.acks(dialog);
}

for (const system of SYSTEMS) {
  for (const direction of ["incoming", "outgoing"] as const) {
    test(`${system.name}, ${direction}: two hours`, () => {
      const headers = direction === "incoming" ? system.invite : system.accepts;
      const call = callUp({ direction, config: system.config, headers });
      let next = system.refreshes === "never" ? Infinity : system.refreshesAfter * 1000;
      for (let at = 1000; at <= TWO_HOURS; at += 1000) {
        call.runTo(at);
        answerAll(system, call);
        if (at < next) continue;
        refresh(system, call);
        next += system.refreshesAfter * 1000;
      }
      call.phone.saysNothing("call.ended");
      call.phone.hangsUp();
      call.peer.expects("BYE");
    });
  }
}
