// The other side becomes somebody else, or says who it is: connected identity (RFC 4916, RFC 3325).

import { equals, isPresent, Slice, w } from "../bytes/slice";
import { Dialog, keepLines, replaced } from "../dialog/dialog";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { EventKind } from "../output/abi-numbers";
import { endEvent, textField } from "../output/output";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { beginCallEvent, Call } from "./call";
import { noteFocus } from "./focus";
import { BY_FROM, BY_NETWORK, partyDisplay, partyUri, readReached } from "./caller";

/** What was dialled stays what is shown. */
const DIALLED: i32 = 1;

/** As far as we know now. */
export function partyOf(call: Call): Slice {
  return isPresent(call.party) ? call.party : call.remoteUri;
}

/** A response to our INVITE, or a request in the dialog: tells whom the call is with, where that is news. */
export function noteParty(call: Call, d: Dialog, m: Message): void {
  if (call.isUp) noteFocus(call, m);
  let source = number(Key.CpSource, call.account);
  // Nobody dialled a call that came in.
  if (source == DIALLED && !call.isOutgoing)
    source = number(Key.CidSource, call.account) ? BY_NETWORK : BY_FROM;
  if (source == BY_FROM && m.isRequest) followFrom(d, m);
  if (!readReached(m, source, call.isTrusted) || equals(partyUri, partyOf(call))) return;
  call.party = replaced(call.party, partyUri);
  if (!beginCallEvent(call, EventKind.CallIdentity, w("call.identity"))) return;
  textField(w("uri"), partyUri);
  textField(w("display"), partyDisplay);
  endEvent();
}

/** The new From is the To of what we send from now on (RFC 4916 §4.3). */
function followFrom(d: Dialog, m: Message): void {
  const from = m.header(Header.From);
  if (!equals(from, d.remote)) keepLines(d, d.callId, d.localTag, d.remoteTag, d.local, from, d.routes);
}
