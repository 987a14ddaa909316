// The ACK to a 300-699 response (RFC 3261 §17.1.1.3).

import { keep, release } from "../bytes/blocks";
import { EMPTY, size } from "../bytes/slice";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { sayBytes } from "../output/output";
import { writeHopRequest } from "./hop-request";
import { Transaction } from "./transaction";

/** Sends it and keeps it instead of the INVITE, for when the response comes again. */
export function acknowledge(t: Transaction, m: Message): void {
  const bytes = writeHopRequest(t, Method.Ack, m.header(Header.To), EMPTY);
  release(t.message);
  t.message = EMPTY;
  if (size(bytes) == 0) return;
  t.message = keep(bytes);
  sayBytes(t.flow, t.address, t.port, bytes);
}
