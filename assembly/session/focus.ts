// The other side of a call is the focus of a conference (RFC 4579 §5.2): its Contact says isfocus.

import { isPresent, w } from "../bytes/slice";
import { Message } from "../message/message";
import { parameter } from "../message/parameters";
import { EventKind } from "../output/abi-numbers";
import { endEvent, textField } from "../output/output";
import { beginCallEvent, Call } from "./call";

/** A message has made its Contact the target of the call: said once for each change. */
export function noteFocus(call: Call, m: Message): void {
  if (!m.hasContact) return;
  const isFocus = isPresent(parameter(m.contact.params, w("isfocus")));
  if (isFocus == call.isFocus) return;
  call.isFocus = isFocus;
  if (isFocus) call.isConference = true;
  if (!beginCallEvent(call, EventKind.CallFocus, w("call.focus"))) return;
  textField(w("uri"), isFocus ? call.dialog!.target : 0);
  endEvent();
}
