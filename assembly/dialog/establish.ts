// A dialog from the message that makes it (RFC 3261 §12.1).

import { EMPTY, equals, isPresent, Slice, w } from "../bytes/slice";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { tagOf } from "../message/tag";
import { NameAddr, parseNameAddr } from "../message/name-addr";
import { parseUri, Scheme, Uri, withoutHeaders } from "../message/uri";
import { mark, put, rewind, written } from "../output/output";
import {
  Dialog,
  DialogState,
  keepHop,
  keepLines,
  keepTarget,
  releaseDialog,
  replaced,
  takeDialog,
} from "./dialog";
import { aim } from "./next-hop";
import { isRouteSetWhole, readFirstRoute, writeRoutes } from "./route-set";

const address = changetype<NameAddr>(memory.data(offsetof<NameAddr>(), 8));
const contactUri = changetype<Uri>(memory.data(offsetof<Uri>(), 8));

/** URI of a From, To or Contact header; EMPTY if it can't be read. */
export function uriOf(m: Message, header: Header): Slice {
  return parseNameAddr(m.header(header), address) ? address.uri : EMPTY;
}

/**
 * As callee: from the request that we are about to answer with `localTag` (§12.1.1); or from the NOTIFY to a SUBSCRIBE of
 * ours, whose To bears our tag already (RFC 6665 §4.4.1).
 */
export function establishAsCallee(d: Dialog, m: Message, localTag: Slice, sequence: u32): bool {
  const from = mark();
  put(m.header(Header.To));
  if (!isPresent(tagOf(m, Header.To))) {
    put(w(";tag="));
    put(localTag);
  }
  const local = written(from);
  const routes = writeRoutes(m, false);
  const callId = m.header(Header.CallId);
  const ok = keepLines(d, callId, localTag, tagOf(m, Header.From), local, m.header(Header.From), routes);
  rewind(from);
  if (!ok) return false;
  d.state = DialogState.Early;
  d.remoteSequence = sequence;
  readFirstRoute(d);
  takeTarget(d, m);
  // RFC 2543 had dialogs without Contact: then the caller's own URI has to do.
  if (!isPresent(d.target) && parseUri(uriOf(m, Header.From), contactUri)) {
    keepTarget(d, withoutHeaders(contactUri));
  }
  return isRouteSetWhole && isPresent(d.target) && aim(d);
}

/** As caller: from the response to our INVITE, early or confirmed by its status (§12.1.2). */
export function establishAsCaller(d: Dialog, m: Message): bool {
  const from = mark();
  const routes = writeRoutes(m, true);
  const local = m.header(Header.From);
  const remote = m.header(Header.To);
  const remoteTag = tagOf(m, Header.To);
  const ok = keepLines(d, m.header(Header.CallId), tagOf(m, Header.From), remoteTag, local, remote, routes);
  rewind(from);
  if (!ok) return false;
  d.state = m.status >= 200 ? DialogState.Confirmed : DialogState.Early;
  readFirstRoute(d);
  takeTarget(d, m);
  return aim(d);
}

/**
 * The Contact becomes the remote target. One that can't be read leaves the target as it was: proxies that
 * hide the topology have broken it in the field.
 */
export function takeTarget(d: Dialog, m: Message): void {
  if (!m.hasContact) return;
  const scheme = m.contactUri.scheme;
  if (scheme == Scheme.Sip || scheme == Scheme.Sips) keepTarget(d, withoutHeaders(m.contactUri));
}

/** Takes over a target refresh (§12.2): the new Contact, and the way to it. */
export function refreshTarget(d: Dialog, m: Message): void {
  takeTarget(d, m);
  aim(d);
}

/** Another dialog of the same INVITE, from a response with a tag of its own; null if it can't be made. */
export function forkDialog(from: Dialog, call: u32, m: Message, sequence: u32): Dialog | null {
  const d = takeDialog(call, from.flow);
  if (!d) return null;
  const ok =
    keepTarget(d, from.target) &&
    keepHop(d, from.transport, from.address, from.port, from.serverName) &&
    keepIdentity(d, from.localAddress, from.contact) &&
    establishAsCaller(d, m);
  if (!ok) {
    releaseDialog(d);
    return null;
  }
  d.localSequence = sequence;
  return d;
}

/** Keeps how we show ourselves in this dialog: our address, and the value of our Contact. */
export function keepIdentity(d: Dialog, localAddress: Slice, contact: Slice): bool {
  d.localAddress = replaced(d.localAddress, localAddress);
  d.contact = replaced(d.contact, contact);
  return equals(d.localAddress, localAddress) && equals(d.contact, contact);
}
