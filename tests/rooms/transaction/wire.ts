// What the specs of this room share: a fresh room, messages from text, and what was sent.

import { reserve } from "../../../assembly/bytes/arena";
import { blocksInUse, openBlocks } from "../../../assembly/bytes/blocks";
import { slice, Slice, w } from "../../../assembly/bytes/slice";
import { openRandom, seedRandom } from "../../../assembly/crypto/random";
import { Message, newMessage, openMessage, parseMessage } from "../../../assembly/message/message";
import { Method } from "../../../assembly/message/method";
import { clearOutput, openOutput, pollRecord } from "../../../assembly/output/output";
import { armedDeadlines, Deadline, openDeadlines } from "../../../assembly/time/deadlines";
import { Timer } from "../../../assembly/time/timer";
import {
  createClient,
  createServer,
  DEADLINES_PER_TRANSACTION,
  openTransactions,
  Transaction,
  transactionsInUse,
  useTimers,
} from "../../../assembly/transaction/transaction";
import { openFlows } from "../../../assembly/transport/flow";
import { openTestArena } from "../support/arena";

export const NOW: i64 = 1000;
const INPUT_BYTES = 64 * 1024;

let message: Message = changetype<Message>(0);
let input: usize = 0;

export function openRoom(count: u32 = 8, blocks: u32 = 256 * 1024): void {
  openTestArena();
  openBlocks(blocks);
  openDeadlines(count * DEADLINES_PER_TRANSACTION);
  openFlows(0, 0);
  openOutput();
  openMessage();
  openRandom();
  seedRandom(w("0123456789abcdef0123456789abcdef"));
  openTransactions(count);
  message = newMessage();
  input = reserve(INPUT_BYTES);
  useTimers(500, 4000, 5000);
}

/** The text, with CRLF for each line end, where received bytes lie. */
export function bytesOf(text: string, at: usize = input): Slice {
  let p = at;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) == 10) store<u8>(p++, 13);
    store<u8>(p++, <u8>text.charCodeAt(i));
  }
  return slice(at, <i32>(p - at));
}

/** Parses; the one message of the specs, good until the next. */
export function read(text: string): Message {
  parseMessage(message, bytesOf(text));
  return message;
}

export function request(
  method: string,
  branch: string = "z9hG4bK1",
  to: string = "",
  more: string = "",
): string {
  return (
    method +
    " sip:bob@example.com SIP/2.0\nVia: SIP/2.0/UDP client.example.com:5070;branch=" +
    branch +
    "\nMax-Forwards: 70\nFrom: Alice <sip:alice@example.com>;tag=a1\nTo: Bob <sip:bob@example.com>" +
    to +
    "\nCall-ID: c1@example.com\nCSeq: 7 " +
    (method == "ACK" ? "ACK" : method) +
    "\n" +
    more +
    "Content-Length: 0\n\n"
  );
}

export function response(
  status: i32,
  method: string,
  branch: string = "z9hG4bK1",
  cseq: string = "7",
): string {
  return (
    "SIP/2.0 " +
    status.toString() +
    " Words\nVia: SIP/2.0/UDP client.example.com:5070;branch=" +
    branch +
    "\nFrom: Alice <sip:alice@example.com>;tag=a1\nTo: Bob <sip:bob@example.com>;tag=b1\nCall-ID: c1@example.com\nCSeq: " +
    cseq +
    " " +
    method +
    "\nContent-Length: 0\n\n"
  );
}

/** A client transaction of branch z9hG4bK1 and CSeq 7 toward 192.0.2.9:5099 over flow 3, owner 77, purpose 5. */
export function client(method: Method, isReliable: bool, text: string = ""): Transaction | null {
  const name = method == Method.Invite ? "INVITE" : "OPTIONS";
  const bytes = bytesOf(text == "" ? request(name) : text);
  return createClient(bytes, method, w("z9hG4bK1"), 7, 3, isReliable, w("192.0.2.9"), 5099, 77, 5, NOW);
}

/** A server transaction for the request, received from 192.0.2.1:6000 over flow 3. */
export function server(text: string, isReliable: bool = false, isUrgent: bool = false): Transaction | null {
  return createServer(read(text), 3, isReliable, w("192.0.2.1"), 6000, isUrgent, NOW);
}

/** All that was sent since the last time, each message's first line, with "|" between them. */
export function sent(): string {
  let said = "";
  for (let record = pollRecord(); record; record = pollRecord()) {
    const text = textOf(record);
    said += (said == "" ? "" : "|") + text.substring(0, text.indexOf("\r\n"));
  }
  clearOutput();
  return said;
}

/** The first message that was sent since the last time, whole, with \n for CRLF. */
export function sentText(): string {
  const record = pollRecord();
  const text = record ? textOf(record) : "";
  clearOutput();
  return text.split("\r\n").join("\n");
}

/** "flow address:port" of the first message that was sent since the last time. */
export function sentTo(): string {
  const record = pollRecord();
  if (!record) return "";
  const address = String.UTF8.decodeUnsafe(<usize>load<u32>(record, 12), <usize>load<u32>(record, 16));
  const to = load<u32>(record, 8).toString() + " " + address + ":" + load<u32>(record, 20).toString();
  clearOutput();
  return to;
}

function textOf(record: usize): string {
  return String.UTF8.decodeUnsafe(<usize>load<u32>(record, 24), <usize>load<u32>(record, 28));
}

/** "A+500" for a deadline that is armed, "" otherwise; ms from `now`. */
export function armed(deadline: Deadline, now: i64): string {
  if (deadline.place == 0) return "";
  return letter(deadline.timer) + "+" + (deadline.when - now).toString();
}

/** Both deadlines: "A+500 B+32000". */
export function timers(t: Transaction, now: i64): string {
  return (armed(t.retransmit, now) + " " + armed(t.timeout, now)).trim();
}

export function letter(timer: Timer): string {
  switch (timer) {
    case Timer.None:
      return "end";
    case Timer.A:
      return "A";
    case Timer.B:
      return "B";
    case Timer.D:
      return "D";
    case Timer.E:
      return "E";
    case Timer.F:
      return "F";
    case Timer.G:
      return "G";
    case Timer.H:
      return "H";
    case Timer.I:
      return "I";
    case Timer.J:
      return "J";
    case Timer.K:
      return "K";
    case Timer.L:
      return "L";
    case Timer.M:
      return "M";
    case Timer.Trying:
      return "100";
    default:
      return "?";
  }
}

/** Nothing is left behind: no transaction, no kept byte, no deadline. */
export function expectNothingLeft(): void {
  expect(transactionsInUse()).toBe(0);
  expect(blocksInUse()).toBe(0);
  expect(armedDeadlines()).toBe(0);
}
