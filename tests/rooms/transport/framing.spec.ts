// Messages in a stream that is cut anywhere: each comes out once, whole, as the parser reads it.

import { reserve } from "../../../assembly/bytes/arena";
import { blocksInUse, openBlocks } from "../../../assembly/bytes/blocks";
import { between, EMPTY, end, equals, size, slice, Slice, start, w } from "../../../assembly/bytes/slice";
import { ParseFault } from "../../../assembly/message/fault";
import { Message, newMessage, openMessage, parseMessage } from "../../../assembly/message/message";
import {
  closeInput,
  cutFault,
  cutMessage,
  Framing,
  isPinged,
  nextMessage,
  openInput,
} from "../../../assembly/transport/framing";
import { openTestArena } from "../support/arena";

const FIRST = "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\nContent-Length: 0\r\n\r\n";
const SECOND = "MESSAGE sip:a@b SIP/2.0\r\nX: a\r\n\tb\r\nCONTENT-LENGTH :\r\n 7\r\nY:\r\n\r\nbo\r\n\rdy";
const THIRD = "SIP/2.0 200 OK\nl:3\nLength: 9\nContent-Lengths: 5\n\nabc";

let f: Framing = changetype<Framing>(0);
let message: Message = changetype<Message>(0);
let copy: usize = 0;
let count = 0;
let pings = 0;

function open(): void {
  openTestArena();
  openBlocks(256 * 1024);
  openMessage();
  message = newMessage();
  f = changetype<Framing>(reserve(offsetof<Framing>()));
  copy = reserve(128 * 1024);
  count = 0;
  pings = 0;
}

function bytes(text: string): Slice {
  const at = reserve(text.length);
  for (let i = 0; i < text.length; i++) store<u8>(at + i, <u8>text.charCodeAt(i));
  return slice(at, text.length);
}

/** The chunk as the framing gets it: it may be written over. */
function bring(chunk: Slice): void {
  memory.copy(copy, start(chunk), size(chunk));
  expect(openInput(f, slice(copy, size(chunk)))).toBe(true);
}

/** Takes what is whole: it must be these, in turn, and be read to its end by the parser. */
function takeAll(expected: Slice[]): void {
  while (nextMessage(f)) {
    expect(<i32>cutFault).toBe(<i32>ParseFault.None);
    expect(equals(cutMessage, expected[count % expected.length])).toBe(true);
    expect(size(message.body) >= 0).toBe(true);
    parseMessage(message, cutMessage);
    expect(end(message.body)).toBe(end(cutMessage));
    expect(<i32>message.fault).toBe(<i32>ParseFault.None);
    count++;
  }
  if (isPinged) pings++;
  expect(closeInput(f)).toBe(true);
}

/** What is wrong with the first message of the text; None where it is whole. */
function faultIn(text: string): i32 {
  f = changetype<Framing>(reserve(offsetof<Framing>()));
  bring(bytes(text));
  const isThere = nextMessage(f);
  expect(isThere).toBe(true);
  return cutFault;
}

describe("messages of a stream", () => {
  beforeEach(open);

  it("come out whole wherever it is cut once", () => {
    const expected = [bytes(FIRST), bytes(SECOND), bytes(THIRD)];
    const stream = bytes(FIRST + SECOND + "\r\n" + THIRD);
    for (let at: i32 = 0; at <= size(stream); at++) {
      bring(slice(start(stream), at));
      takeAll(expected);
      bring(between(start(stream) + at, end(stream)));
      takeAll(expected);
      expect(count).toBe(3 * (at + 1));
      expect(blocksInUse()).toBe(0);
    }
    expect(pings).toBe(0);
  });

  it("come out whole wherever it is cut twice", () => {
    const short = "A sip:a SIP/2.0\r\nl :\r\n 2\r\n\r\n\r\n";
    const expected = [bytes(short), bytes("SIP/2.0 200 \nL:1\n\nx")];
    const stream = bytes(short + "SIP/2.0 200 \nL:1\n\nx");
    let rounds = 0;
    for (let a: i32 = 0; a <= size(stream); a++) {
      for (let b = a; b <= size(stream); b++) {
        bring(slice(start(stream), a));
        takeAll(expected);
        bring(slice(start(stream) + a, b - a));
        takeAll(expected);
        bring(between(start(stream) + b, end(stream)));
        takeAll(expected);
        rounds++;
      }
    }
    expect(count).toBe(2 * rounds);
    expect(blocksInUse()).toBe(0);
  });

  it("come out whole byte by byte", () => {
    const expected = [bytes(FIRST), bytes(SECOND), bytes(THIRD)];
    const stream = bytes(FIRST + SECOND + THIRD);
    for (let p = start(stream); p < end(stream); p++) {
      bring(slice(p, 1));
      takeAll(expected);
    }
    expect(count).toBe(3);
    expect(blocksInUse()).toBe(0);
  });

  it("are kept while they are not whole, and nothing else is", () => {
    bring(bytes("\r\n\r\nOPT"));
    takeAll([]);
    expect(size(f.input)).toBe(3);
    bring(EMPTY);
    takeAll([]);
    expect(size(f.input)).toBe(3);
  });
});

describe("what is no message", () => {
  beforeEach(open);

  it("has no Content-Length, two, or a bad one", () => {
    const head = "OPTIONS sip:a@b SIP/2.0\r\n";
    expect(faultIn(head + "\r\n")).toBe(ParseFault.BadContentLength);
    expect(faultIn(head + "l: 0\r\nContent-Length: 0\r\n\r\n")).toBe(ParseFault.BadContentLength);
    expect(faultIn(head + "l: -1\r\n\r\n")).toBe(ParseFault.BadContentLength);
    expect(faultIn(head + "l: 1 1\r\n\r\n")).toBe(ParseFault.BadContentLength);
    expect(faultIn(head + "l: 99999999999\r\n\r\n")).toBe(ParseFault.BadContentLength);
    expect(faultIn(head + "l:\r\n\r\n")).toBe(ParseFault.BadContentLength);
    expect(faultIn(head + " l: 0\r\n\r\n")).toBe(ParseFault.BadContentLength);
    expect(faultIn(head + "X: a\r\n l: 0\r\n\r\n")).toBe(ParseFault.BadContentLength);
    expect(faultIn(head + "l: 0\r\n\r\n")).toBe(ParseFault.None);
  });

  it("has a body of more than 64 KiB, which need not have come", () => {
    const head = "OPTIONS sip:a@b SIP/2.0\r\nl: ";
    expect(faultIn(head + "65536\r\n\r\n")).toBe(ParseFault.BodyTooLong);
    expect(faultIn(head + "2147483647\r\n\r\n")).toBe(ParseFault.BodyTooLong);
    expect(faultIn(head + "65500\r\n\r\n")).toBe(ParseFault.BodyTooLong);
    f = changetype<Framing>(reserve(offsetof<Framing>()));
    bring(bytes(head + "65499\r\n\r\n"));
    expect(nextMessage(f)).toBe(false);
  });

  it("has a header of more than 16 KiB, ended or not", () => {
    const row = "X: " + "x".repeat(4000) + "\r\n";
    const head = "OPTIONS sip:a@b SIP/2.0\r\n" + row + row + row + row;
    bring(bytes(head));
    expect(nextMessage(f)).toBe(false);
    expect(closeInput(f)).toBe(true);
    bring(bytes(row));
    expect(nextMessage(f)).toBe(true);
    expect(<i32>cutFault).toBe(<i32>ParseFault.HeaderTooLong);
    expect(faultIn(head + row + "l: 0\r\n\r\n")).toBe(ParseFault.HeaderTooLong);
    expect(size(cutMessage)).toBe(16 * 1024);
  });
});

describe("line ends between messages", () => {
  beforeEach(open);

  it("are a ping only as CR LF CR LF, cut anywhere", () => {
    const ping = bytes("\r\n\r\n");
    for (let at: i32 = 0; at <= 4; at++) {
      bring(slice(start(ping), at));
      takeAll([]);
      bring(between(start(ping) + at, end(ping)));
      takeAll([]);
    }
    expect(pings).toBe(5);
    bring(bytes("\n\n\r\r"));
    takeAll([]);
    bring(bytes("\r\n" + FIRST + "\r\n"));
    takeAll([bytes(FIRST)]);
    expect(pings).toBe(5);
    expect(count).toBe(1);
  });
});

describe("memory", () => {
  beforeEach(open);

  it("that is used up is said, and nothing is lost track of", () => {
    openBlocks(64 * 1024);
    const large = bytes("x".repeat(60000));
    f.headSize = 1;
    f.lengths = 1;
    f.bodySize = 65000;
    bring(large);
    expect(nextMessage(f)).toBe(false);
    expect(closeInput(f)).toBe(true);
    const other = changetype<Framing>(reserve(offsetof<Framing>()));
    expect(openInput(other, w("OPTIONS"))).toBe(true);
    expect(nextMessage(other)).toBe(false);
    expect(closeInput(other)).toBe(false);
    expect(size(other.input)).toBe(0);
  });
});
