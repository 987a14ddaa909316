// Messages that wait (RFC 3842 §3.5): lines `Messages-Waiting: yes`, `Message-Account: sip:...`, and for each class
// `Voice-Message: NEW/OLD [ (URGENT NEW/OLD) ]`.

import { decimal, equalsIgnoringCase, Slice, w } from "../bytes/slice";
import { behind, leadingDigits } from "../message/grammar";
import { partField } from "../message/part";
import { EventKind } from "../output/abi-numbers";
import { beginEvent, endEvent, numberField, textField } from "../output/output";

/** Says `mwi`, unless that is no such document. */
export function readMessageSummary(account: i32, document: Slice): void {
  const waiting = partField(document, w("Messages-Waiting"));
  const isWaiting = equalsIgnoringCase(waiting, w("yes"));
  if (!isWaiting && !equalsIgnoringCase(waiting, w("no"))) return;
  const voice = partField(document, w("Voice-Message"));
  if (!beginEvent(EventKind.MessageWaiting, w("mwi"))) return;
  numberField(w("account"), account);
  numberField(w("waiting"), isWaiting ? 1 : 0);
  numberField(w("new"), countAt(voice));
  numberField(w("old"), countAt(behind(voice, 0x2f)));
  textField(w("mailbox"), partField(document, w("Message-Account")));
  endEvent();
}

/** -1 where it is not said. */
function countAt(text: Slice): i64 {
  return decimal(leadingDigits(text), 0x7fffffff);
}
