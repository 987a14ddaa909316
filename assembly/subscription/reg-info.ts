// What a registrar tells of registrations (RFC 3680 §5): for each contact of each address of record its state, and
// what has led to it.

import { EMPTY, equals, Slice, w } from "../bytes/slice";
import { EventKind } from "../output/abi-numbers";
import { beginEvent, endEvent, mark, numberField, textField, written } from "../output/output";
import { putUnescaped } from "../xml/escapes";
import { attribute, name, nextTag, openXml, Tag, text } from "../xml/reader";
import { isWhole } from "./dialog-info";

/** Says `reg` for each contact, and for an address that has none. What is no such document says nothing. */
export function readRegInfo(account: i32, document: Slice): void {
  if (!isWhole(document)) return;
  openXml(document);
  nextTag();
  if (!equals(name, w("reginfo"))) return;
  let aor: Slice = EMPTY;
  let state: Slice = EMPTY;
  let isEmpty = false;
  let contactState: Slice = EMPTY;
  let event: Slice = EMPTY;
  for (let tag = nextTag(); tag > Tag.End; tag = nextTag()) {
    if (equals(name, w("registration"))) {
      if (tag == Tag.Close && isEmpty) say(account, aor, state, EMPTY, EMPTY, EMPTY);
      isEmpty = true;
      aor = attribute(w("aor"));
      state = attribute(w("state"));
    } else if (tag == Tag.Open && equals(name, w("contact"))) {
      contactState = attribute(w("state"));
      event = attribute(w("event"));
    } else if (tag == Tag.Open && equals(name, w("uri"))) {
      isEmpty = false;
      say(account, aor, state, text, contactState, event);
    }
  }
}

function say(account: i32, aor: Slice, state: Slice, uri: Slice, contactState: Slice, event: Slice): void {
  const from = mark();
  putUnescaped(uri);
  const contact = written(from);
  if (!beginEvent(EventKind.Reg, w("reg"))) return;
  numberField(w("account"), account);
  textField(w("aor"), aor);
  textField(w("state"), state);
  textField(w("contact"), contact);
  textField(w("contact_state"), contactState);
  textField(w("event"), event);
  endEvent();
}
