// Header rows of one message in another.

import { Slice } from "../bytes/slice";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { putHeader } from "../message/write";

/** Writes every such row, in order, byte for byte. */
export function putRows(m: Message, header: Header, name: Slice): void {
  for (let row = m.find(header); row >= 0; row = m.find(header, row + 1)) putHeader(name, m.value(row));
}
