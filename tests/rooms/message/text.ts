// Messages written line by line into memory of their own, where parsing may unfold them.

import { reserve } from "../../../assembly/bytes/arena";
import { between, size, Slice, start, w } from "../../../assembly/bytes/slice";
import { Message, newMessage, parseMessage } from "../../../assembly/message/message";

let from: usize = 0;
let at: usize = 0;

export function begin(): void {
  from = reserve(32768);
  at = from;
}

export function raw(s: Slice): void {
  memory.copy(at, start(s), <usize>size(s));
  at += <usize>size(s);
}

export function byte(b: u8): void {
  store<u8>(at++, b);
}

/** One line and its CRLF. */
export function line(s: Slice): void {
  raw(s);
  raw(w("\r\n"));
}

export function text(): Slice {
  return between(from, at);
}

/** A copy that parsing may change. */
export function copied(s: Slice): Slice {
  begin();
  raw(s);
  return text();
}

/** What was written, parsed. */
export function parsed(): Message {
  const m = newMessage();
  parseMessage(m, text());
  return m;
}

/** An INVITE without its last header lines, to be ended by `line(w(""))`. */
export function beginInvite(): void {
  begin();
  line(w("INVITE sip:bob@example.com SIP/2.0"));
  line(w("Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK776asdhds;rport"));
  line(w("Max-Forwards: 70"));
  line(w("To: Bob <sip:bob@example.com>"));
  line(w("From: Alice <sip:alice@example.org>;tag=1928301774"));
  line(w("Call-ID: a84b4c76e66710@192.0.2.1"));
  line(w("CSeq: 314159 INVITE"));
}
