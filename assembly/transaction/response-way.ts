// The way back on a stream (RFC 3261 §18.2.2): the connection on which the request came, and where that is gone
// another one to where it came from, at the port of its Via.

import { Transport } from "../output/abi-numbers";
import { flowTo } from "../transport/connection";
import { findFlow } from "../transport/flow";
import { topVia } from "./top-via";
import { Transaction } from "./transaction";

const SIP_PORT: i32 = 5060;
const SIPS_PORT: i32 = 5061;

/** Notes it for a request that came on a connection; its topmost Via was read. */
export function noteWay(t: Transaction): void {
  const flow = findFlow(t.flow);
  t.transport = flow ? flow.transport : Transport.Tcp;
  const usual = t.transport == Transport.Tls ? SIPS_PORT : SIP_PORT;
  t.sentByPort = topVia.port > 0 ? topVia.port : usual;
}

/** Before a response is sent: there is a connection, unless nothing can be done. */
export function reachPeer(t: Transaction): void {
  if (!t.isReliable || !t.isServer || findFlow(t.flow)) return;
  const flow = flowTo(t.transport, t.address, t.sentByPort, t.address);
  if (!flow) return;
  t.flow = flow.handle;
  t.port = t.sentByPort;
}
