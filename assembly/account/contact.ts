// The Contact of an account: where its user is reached now (RFC 3261 §8.1.1.8).

import { isPresent, size, Slice, w } from "../bytes/slice";
import { mark, put, putByte, putNumber, written } from "../output/output";
import { Transport } from "../output/abi-numbers";
import { Key } from "../settings/keys";
import { text } from "../settings/settings";
import { putHost } from "../transport/address";
import { Flow, findFlow } from "../transport/flow";
import { putUser } from "./address-of-record";
import { wayOf } from "./way";

/**
 * Value of a Contact: <sip:user@address:port;transport=...>. `ourAddress` is that of the flow toward the peer. On the
 * flow of a registration the address that the registrar granted, or `ob` (RFC 5627 §4.4, RFC 5626 §4.3).
 */
export function writeContact(account: i32, flow: u32, ourAddress: Slice): Slice {
  const from = mark();
  const way = wayOf(account);
  const isOnWay = way.isRegistered && way.flow == flow;
  putByte(0x3c);
  if (isOnWay && size(way.gruu)) put(way.gruu);
  else putContactUri(account, findFlow(flow), ourAddress);
  if (isOnWay && way.usesOutbound && !size(way.gruu)) put(w(";ob"));
  putByte(0x3e);
  return written(from);
}

export function putContactUri(account: i32, flow: Flow | null, ourAddress: Slice): void {
  put(w("sip:"));
  putUser(account);
  const name = text(Key.PublicName, account);
  putHost(isPresent(name) ? name : ourAddress);
  if (!flow) return;
  putByte(0x3a);
  putNumber(flow.localPort);
  if (flow.transport == Transport.Tcp) put(w(";transport=tcp"));
  else if (flow.transport == Transport.Tls) put(w(";transport=tls"));
}
