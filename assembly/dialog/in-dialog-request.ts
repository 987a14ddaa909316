// A request inside a dialog (RFC 3261 §12.2.1.1), mostly copied from the dialog's kept lines.

import { EMPTY, Slice, tail, w } from "../bytes/slice";
import { putToken } from "../crypto/random";
import { Method, methodName } from "../message/method";
import { putHeader } from "../message/write";
import { Counter, Transport } from "../output/abi-numbers";
import { count } from "../output/counters";
import { mark, put, putByte, putLine, putNumber, written } from "../output/output";
import { putHost } from "../transport/address";
import { Flow, transportName } from "../transport/flow";
import { Dialog, flowOf } from "./dialog";
import { aim } from "./next-hop";
import { lineSize } from "./route-set";

/** Branch of the Via written last: the key of its transaction. */
export let branch: Slice = EMPTY;

/**
 * Writes the start line and Via, Max-Forwards, Route, From, To, Call-ID and CSeq; more headers and a
 * body follow. Answers the mark.
 */
export function beginRequest(d: Dialog, method: Method, sequence: u32): usize {
  // A name of the next hop may have been looked up since the last request.
  if (d.isConfirmed && method != Method.Ack) aim(d);
  // It may have to be asked for, which is said before any text begins.
  const flow = flowOf(d);
  const from = mark();
  put(methodName(method));
  putByte(0x20);
  put(requestUri(d));
  put(w(" SIP/2.0\r\n"));
  putVia(d.transport, flow, d.localAddress);
  put(w("Max-Forwards: 70\r\n"));
  putRoutes(d);
  putHeader(w("From"), d.local);
  putHeader(w("To"), d.remote);
  putHeader(w("Call-ID"), d.callId);
  put(w("CSeq: "));
  putNumber(sequence);
  putByte(0x20);
  put(methodName(method));
  putLine();
  return from;
}

/** A strict router wants to find itself in the Request-URI. */
export function requestUri(d: Dialog): Slice {
  return d.isStrict ? d.firstRoute : d.target;
}

/** The topmost Via of any request of ours; notes its branch. */
export function putVia(transport: Transport, flow: Flow | null, host: Slice): void {
  put(w("Via: SIP/2.0/"));
  put(transportName(transport));
  putByte(0x20);
  putHost(host);
  // A connection that is not open yet has no port, and answers come back on it anyhow.
  if (flow && flow.localPort) {
    putByte(0x3a);
    putNumber(flow.localPort);
  }
  // RFC 3581: the answer comes back to the port that we send from, whatever stands between.
  put(w(";rport;branch="));
  const start = mark();
  put(w("z9hG4bK"));
  putToken(10);
  branch = written(start);
  putLine();
}

// A strict router finds itself in the Request-URI, and the target at the end of Route (§12.2.1.1).
function putRoutes(d: Dialog): void {
  if (!d.isStrict) return put(d.routes);
  put(tail(d.routes, lineSize(d.routes)));
  put(w("Route: <"));
  put(d.target);
  put(w(">\r\n"));
}

/** The next CSeq number of ours. */
export function nextSequence(d: Dialog): u32 {
  count(Counter.Changes);
  return ++d.localSequence;
}

/**
 * False for a request that is older than one before it (§12.2.2). The newest may come once more after its
 * transaction has ended: peers with a T1 above ours repeat it for longer than we remember.
 */
export function acceptSequence(d: Dialog, sequence: u32, method: Method): bool {
  const isAgain = <i64>sequence == d.remoteSequence && method == d.remoteMethod;
  if (<i64>sequence <= d.remoteSequence && !isAgain) return false;
  count(Counter.Changes);
  d.remoteMethod = method;
  d.remoteSequence = sequence;
  return true;
}
