// Keeps the NAT before a registered account open (account.X.nat.udp_update_enable): something goes to its server over
// the flow of the registration, again and again. An answer is welcome, and may show that our address is another one
// now; that there is none, or which, ends nothing.

import { learnAddress } from "../account/contact";
import { Way } from "../account/way";
import { w } from "../bytes/slice";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { Transport } from "../output/abi-numbers";
import { sayBytes } from "../output/output";
import { registrationOf } from "../registration/registration";
import { renewAccount } from "../registration/registrations";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { nowMs } from "../time/clock";
import { Timer } from "../time/timer";
import { limitTimeout } from "../transaction/transaction";
import { findFlow } from "../transport/flow";
import { Probe, probeOf, Purpose } from "./probe";
import { sendProbe } from "./request";

/** The values of nat.udp_update_enable. */
const enum Kind {
  None = 0,
  /** An empty line twice, which no server takes for a message (RFC 5626 §3.5.1). */
  Lines,
  Options,
  Notify,
}

/** The account has a binding at that server: its NAT is kept open from now on. */
export function keepOpen(way: Way): void {
  const p = probeOf(way);
  if (way.isRegistered && !p.keepAlive.isArmed(Timer.KeepAlive)) armKeepAlive(p);
}

function armKeepAlive(p: Probe): void {
  p.keepAlive.arm(Timer.KeepAlive, nowMs() + periodMs(p));
}

function periodMs(p: Probe): i64 {
  return <i64>number(Key.NatUpdateTime, p.way.account) * 1000;
}

/** It is time again. Without a binding it ends; the next one begins it anew. */
export function fireKeepAlive(p: Probe): void {
  const way = p.way;
  const kind = <Kind>number(Key.NatUpdateEnable, way.account);
  if (!way.isRegistered || kind == Kind.None) return;
  armKeepAlive(p);
  if (way.transport != Transport.Udp) return;
  if (kind == Kind.Lines) sayBytes(way.flow, way.address, way.port, w("\r\n\r\n"));
  else sendKeepAlive(p, kind == Kind.Options ? Method.Options : Method.Notify);
}

function sendKeepAlive(p: Probe, method: Method): void {
  const way = p.way;
  const flow = findFlow(way.flow);
  const r = registrationOf(way.account, way.server);
  if (!flow) return;
  const t = sendProbe(p, method, Purpose.KeepAlive, flow, way.address, way.port, r.localAddress);
  // Before the next one.
  if (t) limitTimeout(t, nowMs() + periodMs(p));
}

/** The answer to a probe over the flow of the registration: the server has seen where it came from. */
export function learnFrom(p: Probe, m: Message): void {
  const way = p.way;
  const flow = findFlow(way.flow);
  const r = registrationOf(way.account, way.server);
  if (!way.isRegistered || !flow) return;
  if (learnAddress(way, flow, r.localAddress, m.via)) renewAccount(way.account);
}
