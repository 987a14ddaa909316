// The message and sdp rooms compiled alone, for tests/torture: a message in, the same message out, every
// header field of it read into its typed form and written from there.
//
// A header field is written where its first row stood, an element a row. What a typed reader refuses is
// written as it came and counted, so that nothing is passed over in silence.

import { arenaTop, growTo, openArena } from "../../../assembly/bytes/arena";
import { end, size, Slice, slice, start } from "../../../assembly/bytes/slice";
import { openAnswers } from "./answer";
import { bodyIsRead, openBodies, rewrittenBody } from "./body";
import { Header, headerName, HEADERS } from "../../../assembly/message/header";
import { Message, newMessage, openMessage, parseMessage } from "../../../assembly/message/message";
import { newUri, parseUri, Uri } from "../../../assembly/message/uri";
import { putRequestLine, putUri } from "../../../assembly/message/put-uri";
import { putHeader, putStatusLine } from "../../../assembly/message/write";
import { putContentLength } from "../../../assembly/message/content-encoding";
import {
  clearOutput,
  mark,
  openOutput,
  put,
  putLine,
  rewind,
  written,
} from "../../../assembly/output/output";
import { kept } from "./kept";
import { openReaders, Outcome, rewriteHeader } from "./header";

export { answerIsLikeOffer } from "./answer";

const MOST_BYTES: usize = 65536;

let message: Message = changetype<Message>(0);
let uri: Uri = changetype<Uri>(0);
let output: Slice = 0;
let outcomes: usize = memory.data(256);

export function open(): void {
  openArena(__heap_base);
  openMessage();
  openOutput();
  openReaders();
  openBodies();
  openAnswers();
  message = newMessage();
  uri = newUri();
  growTo(arenaTop() + MOST_BYTES);
}

/** Where to put that many bytes: they end at the last byte of memory, as in the shipped module. */
export function input(bytes: usize): usize {
  return ((<usize>memory.size()) << 16) - bytes;
}

/** False if the parser refuses it; else it is written. */
export function rewrite(at: usize, length: i32): bool {
  const m = message;
  clearOutput();
  if (!parseMessage(m, slice(at, length))) return false;
  memory.fill(outcomes, 0, 256);
  const body = rewrittenBody(m);
  const from = mark();
  putStartLine(m);
  for (let i = 0; i < m.count; i++) {
    const h = m.id(i);
    if (h == Header.Other) putHeader(m.name(i), m.value(i));
    else if (h == Header.ContentLength) putContentLength(size(body));
    else if (m.first(h) == i) store<u8>(outcomes + h, rewriteHeader(m, h));
  }
  putLine();
  put(body);
  output = written(from);
  return true;
}

/** What became of the header field with that number: 0 if there is none. */
export function outcome(h: i32): u8 {
  return load<u8>(outcomes + h);
}

/** Its name as a Slice; 0 behind the last. */
export function nameOf(h: i32): Slice {
  return h < HEADERS ? headerName(<Header>h) : 0;
}

/** False if the body is of a type that has a reader, which refused it. */
export function bodyIsGood(): bool {
  return bodyIsRead;
}

export function outputStart(): usize {
  return start(output);
}

export function outputEnd(): usize {
  return end(output);
}

function putStartLine(m: Message): void {
  if (!m.isRequest) return putStatusLine(m.status, m.reason);
  let text = m.uri;
  store<u8>(outcomes, Outcome.Refused);
  if (parseUri(m.uri, uri)) {
    const from = mark();
    putUri(uri);
    text = kept(written(from));
    rewind(from);
    store<u8>(outcomes, Outcome.Typed);
  }
  putRequestLine(m.methodText, text);
}
