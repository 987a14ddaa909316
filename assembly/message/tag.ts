// The tag of From and To (RFC 3261 §19.3): with Call-ID it names a dialog.

import { EMPTY, Slice, w } from "../bytes/slice";
import { Header } from "./header";
import { Message } from "./message";
import { NameAddr, parseNameAddr } from "./name-addr";
import { parameter } from "./parameters";

const address = changetype<NameAddr>(memory.data(offsetof<NameAddr>(), 8));

/** Of the From or To header field; EMPTY if there is none, or nothing readable. */
export function tagOf(m: Message, header: Header): Slice {
  if (m.isChecked) return header == Header.From ? m.from.tag : m.to.tag;
  return parseNameAddr(m.header(header), address) ? parameter(address.params, w("tag")) : EMPTY;
}
