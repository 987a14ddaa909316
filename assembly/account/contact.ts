// The Contact of an account: where its user is reached now (RFC 3261 §8.1.1.8).

import { decimal, equals, size, Slice, w } from "../bytes/slice";
import { Via } from "../message/via";
import { mark, put, putByte, putNumber, rewind, written } from "../output/output";
import { Transport } from "../output/abi-numbers";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { isNumeric, putHost, withoutBrackets } from "../transport/address";
import { Flow, findFlow } from "../transport/flow";
import { putUser } from "./address-of-record";
import { findPublicAddress, publicHost, publicPort } from "./public-address";
import { replace, Way, wayOf } from "./way";

const MOST_PORT: i64 = 65535;

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
  else putContactUri(way, findFlow(flow), ourAddress);
  if (isOnWay && way.usesOutbound && !size(way.gruu)) put(w(";ob"));
  putByte(0x3e);
  return written(from);
}

/** The URI alone, as the server at the end of the way is to know it. */
export function putContactUri(way: Way, flow: Flow | null, ourAddress: Slice): void {
  put(w("sip:"));
  putUser(way.account);
  putPlace(way, flow, ourAddress);
}

/** Value of the Contact of the phone itself, without any user. */
export function putPhoneContact(way: Way, flow: Flow, ourAddress: Slice): void {
  put(w("<sip:"));
  putPlace(way, flow, ourAddress);
  putByte(0x3e);
}

function putPlace(way: Way, flow: Flow | null, ourAddress: Slice): void {
  findPublicAddress(way, flow, ourAddress);
  putHost(publicHost);
  if (!flow) return;
  putByte(0x3a);
  putNumber(publicPort);
  if (flow.transport == Transport.Tcp) put(w(";transport=tcp"));
  else if (flow.transport == Transport.Tls) put(w(";transport=tls"));
}

/**
 * Takes from the Via of a response how the server saw our request (RFC 3581 §4), where nat.rport wants it. True if
 * that makes the Contact another one.
 */
export function learnAddress(way: Way, flow: Flow, ourAddress: Slice, via: Via): bool {
  const seen = withoutBrackets(size(via.received) ? via.received : via.host);
  const port = decimal(via.rport, MOST_PORT);
  if (!number(Key.NatRport, way.account) || port <= 0 || !isNumeric(seen)) return false;
  const from = mark();
  putContactUri(way, flow, ourAddress);
  const before = written(from);
  const behind = mark();
  way.publicAddress = replace(way.publicAddress, seen);
  // A connection comes from a port where nobody listens.
  way.publicPort = flow.isReliable ? flow.localPort : <i32>port;
  way.publicFlow = flow.handle;
  putContactUri(way, flow, ourAddress);
  const isOther = !equals(before, written(behind));
  rewind(from);
  return isOther;
}
