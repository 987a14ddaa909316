// What a transaction keeps, read once more: the INVITE that it sent, or the response that it repeats.

import { EMPTY, isPresent, Slice } from "../bytes/slice";
import { Header } from "../message/header";
import { Message, newMessage, parseMessage } from "../message/message";
import { tagOf } from "../message/tag";
import { Transaction } from "./transaction";

let kept: Message = changetype<Message>(0);

export function openKeptMessage(): void {
  kept = newMessage();
}

/** Good until the next call. */
export function readKept(t: Transaction): Message {
  parseMessage(kept, t.message);
  return kept;
}

/** Server: the To tag of its newest response; EMPTY while there is none. */
export function tagOfResponse(t: Transaction): Slice {
  return isPresent(t.message) ? tagOf(readKept(t), Header.To) : EMPTY;
}
