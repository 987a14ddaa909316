// Whether a connection that we have opened still leads anywhere (RFC 5626 §3.5.1): an empty line twice when nothing came
// for a while, which also keeps the NATs on the way open. The peer answers with one, or does not know that it should;
// but one that has answered, or has promised to, and does so no more, is gone.

import { w } from "../bytes/slice";
import { sayBytes } from "../output/output";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { Flow } from "./flow";
import { hasLineEnd } from "./framing";

/** As long as nobody says otherwise (RFC 5626 §4.4.1). */
const PING_MS: i64 = 95_000;
const PONG_MS: i64 = 10_000;

/** A dialog or a registration lives on it, and it was silent for that long. */
export function ping(flow: Flow): void {
  sayBytes(flow.handle, flow.peerAddress, flow.peerPort, w("\r\n\r\n"));
  flow.isPinged = true;
  if (flow.answersPings) flow.deadline.arm(Timer.Pong, nowMs() + PONG_MS);
  else flow.deadline.arm(Timer.Idle, nowMs() + pingMs(flow));
}

export function pingMs(flow: Flow): i64 {
  return flow.pingMs ? flow.pingMs : PING_MS;
}

/** Some bytes came: line ends in front of everything else are the answer to a ping. */
export function notePong(flow: Flow, hasMessage: bool): void {
  if (!flow.isPinged || !(hasLineEnd || hasMessage)) return;
  flow.isPinged = false;
  if (hasMessage) return;
  flow.answersPings = true;
  // Two answers are no ping.
  flow.framing.lineEnds = 0;
}

/** The registrar's Flow-Timer: it takes a flow for dead that was silent so long, and answers pings. -1 for none. */
export function promisePongs(flow: Flow, seconds: i64): void {
  if (seconds <= 0) return;
  flow.answersPings = true;
  // §4.4.1: after 80 to 100 % of it.
  flow.pingMs = seconds * 800;
}
