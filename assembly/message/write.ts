// Writing the parts of a message at the output cursor.

import { decimal, EMPTY, size, Slice, slice, start, tail, w } from "../bytes/slice";
import { put, putLine, putNumber } from "../output/output";
import { firstWord, otherWords } from "./grammar";

/** `Name: value` and the line end. */
export function putHeader(name: Slice, value: Slice): void {
  put(name);
  put(w(": "));
  put(value);
  putLine();
}

export function putNumberHeader(name: Slice, value: i64): void {
  put(name);
  put(w(": "));
  putNumber(value);
  putLine();
}

/** Content-Type if there is a body, Content-Length, the empty line and the body: the end of a message. */
export function putBody(contentType: Slice, body: Slice): void {
  if (size(body) > 0) putHeader(w("Content-Type"), contentType);
  putNumberHeader(w("Content-Length"), size(body));
  putLine();
  put(body);
}

/** With the usual phrase if `reason` is of size 0. */
export function putStatusLine(status: i32, reason: Slice): void {
  put(w("SIP/2.0 "));
  putNumber(status);
  put(w(" "));
  put(size(reason) > 0 ? reason : reasonPhrase(status));
  putLine();
}

/** The phrase of RFC 3261 §21 and its extensions, for what a phone says; for any other status that of its class. */
export function reasonPhrase(status: i32): Slice {
  const phrase = phraseOf(status);
  return size(phrase) > 0 ? phrase : phraseOf(status - (status % 100));
}

function phraseOf(status: i32): Slice {
  return phraseIn(phrases(), status);
}

/** Behind the three digits of the word that begins with the number; EMPTY without such a word. */
export function phraseIn(all: Slice, status: i32): Slice {
  for (let words = all; size(words) > 0; words = otherWords(words)) {
    if (decimal(slice(start(words), 3)) == status) return tail(firstWord(words), 3);
  }
  return EMPTY;
}

function phrases(): Slice {
  return w(
    "100Trying,180Ringing,183Session Progress,200OK,202Accepted,300Multiple Choices,301Moved Permanently,302Moved Temporarily,400Bad Request,403Forbidden,404Not Found,405Method Not Allowed,406Not Acceptable,408Request Timeout,413Request Entity Too Large,414Request-URI Too Long,415Unsupported Media Type,416Unsupported URI Scheme,420Bad Extension,421Extension Required,422Session Interval Too Small,423Interval Too Brief,433Anonymity Disallowed,469Bad Info Package,480Temporarily Unavailable,481Call/Transaction Does Not Exist,482Loop Detected,483Too Many Hops,486Busy Here,487Request Terminated,488Not Acceptable Here,489Bad Event,491Request Pending,500Server Internal Error,501Not Implemented,503Service Unavailable,505Version Not Supported,513Message Too Large,600Busy Everywhere,603Decline",
  );
}
