// What every response to a request repeats of it (RFC 3261 §8.2.6.2): all Via rows with the topmost one
// stamped, Record-Route (§12.1.1), From, Call-ID, CSeq, Timestamp (§8.2.6.1), and To, to which a tag
// may be appended. Values stay byte for byte as they came.

import { keep } from "../bytes/blocks";
import { between, end, equalsIgnoringCase, isPresent, size, Slice, slice, start, w } from "../bytes/slice";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { putHeader } from "../message/write";
import { mark, put, putByte, putLine, putNumber, rewind, written } from "../output/output";
import { putRows } from "./copy-rows";
import { bareHost, topRow, topVia } from "./top-via";
import { Transaction } from "./transaction";

const DEFAULT_PORT = 5060;

/** Where responses go over UDP: the port that was asked for (RFC 3581), or the one of sent-by (§18.2.2). */
export function replyPort(sourcePort: i32): i32 {
  // maddr is ignored: it would let anybody aim our responses at a third party.
  if (isPresent(topVia.rport)) return sourcePort;
  return topVia.port > 0 ? topVia.port : DEFAULT_PORT;
}

/** Keeps the head of the responses to m, whose topmost Via was read; false without Via or memory. */
export function keepHead(t: Transaction, m: Message, source: Slice, sourcePort: i32): bool {
  if (topRow < 0) return false;
  const from = mark();
  putVias(m, source, sourcePort);
  const routes = size(written(from));
  putRows(m, Header.RecordRoute, w("Record-Route"));
  const behindRoutes = size(written(from));
  putHeader(w("From"), m.header(Header.From));
  putHeader(w("Call-ID"), m.header(Header.CallId));
  putHeader(w("CSeq"), m.header(Header.CSeq));
  putRows(m, Header.Timestamp, w("Timestamp"));
  put(w("To: "));
  put(m.header(Header.To));
  if (routes && behindRoutes) t.head = keep(written(from));
  rewind(from);
  t.recordRoutes = slice(start(t.head) + routes, behindRoutes - routes);
  return isPresent(t.head);
}

function putVias(m: Message, source: Slice, sourcePort: i32): void {
  for (let row = m.find(Header.Via); row >= 0; row = m.find(Header.Via, row + 1)) {
    if (row == topRow) putStamped(m.value(row), source, sourcePort);
    else putHeader(w("Via"), m.value(row));
  }
}

/** The row of the topmost Via, with where the request really came from (§18.2.1, RFC 3581 §4). */
function putStamped(row: Slice, source: Slice, sourcePort: i32): void {
  const rport = topVia.rport;
  const received = topVia.received;
  const isFirst = start(received) < start(rport);
  put(w("Via: "));
  let from = start(row);
  if (isPresent(received) && isFirst) from = putReceived(from, source);
  if (isPresent(rport)) from = putPort(from, sourcePort);
  if (isPresent(received) && !isFirst) from = putReceived(from, source);
  if (needsReceived(source)) {
    put(between(from, end(topVia.whole)));
    put(w(";received="));
    put(source);
    from = end(topVia.whole);
  }
  put(between(from, end(row)));
  putLine();
}

function needsReceived(source: Slice): bool {
  if (!isPresent(topVia.host) || isPresent(topVia.received)) return false;
  return isPresent(topVia.rport) || !equalsIgnoringCase(bareHost(topVia.host), source);
}

/** A value that the peer wrote there is not believed. */
function putReceived(from: usize, source: Slice): usize {
  return putValue(from, topVia.received, source);
}

function putPort(from: usize, port: i32): usize {
  const end = putValue(from, topVia.rport, 0);
  putNumber(port);
  return end;
}

/** What stands before the value of a parameter, its `=`, and another value; answers where to go on. */
function putValue(from: usize, old: Slice, value: Slice): usize {
  put(between(from, start(old)));
  if (load<u8>(start(old) - 1) != 0x3d && size(old) == 0) putByte(0x3d);
  put(value);
  return end(old);
}
