// Bodies: a session description line by line, a multipart body part by part; others stay as they are.

import { EMPTY, end, equals, size, Slice, slice, start, w } from "../../../assembly/bytes/slice";
import { isContentType } from "../../../assembly/message/content-type";
import { Header } from "../../../assembly/message/header";
import { Message } from "../../../assembly/message/message";
import { Multipart, newMultipart, openMultipart } from "../../../assembly/message/multipart";
import { putMultipart } from "../../../assembly/message/put-multipart";
import { put, putByte, putLine, putNumber, mark, rewind, written } from "../../../assembly/output/output";
import { Candidate, parseCandidate, putCandidate } from "../../../assembly/sdp/candidate";
import { Crypto, parseCrypto, putCrypto } from "../../../assembly/sdp/crypto";
import { directionName, directionNamed } from "../../../assembly/sdp/direction";
import { Fingerprint, parseFingerprint, putFingerprint } from "../../../assembly/sdp/fingerprint";
import { line, lineType, lineValue, readLine } from "../../../assembly/sdp/lines";
import {
  attributeName,
  attributeValue,
  MediaDescription,
  readMedia,
} from "../../../assembly/sdp/media-description";
import { putAttribute } from "../../../assembly/sdp/put-attribute";
import { parseRtcp, putRtcp, RtcpAddress } from "../../../assembly/sdp/rtcp";
import { parseRtpMap, putRtpMap, RtpMap } from "../../../assembly/sdp/rtpmap";
import {
  newSessionDescription,
  parseSdp,
  SessionDescription,
} from "../../../assembly/sdp/session-description";
import { Setup, setupName, setupNamed } from "../../../assembly/sdp/setup";
import { sameDescription } from "./same-description";

const BODY: usize = memory.data(65536, 8);
const map = changetype<RtpMap>(memory.data(offsetof<RtpMap>(), 8));
const candidate = changetype<Candidate>(memory.data(offsetof<Candidate>(), 8));
const crypto = changetype<Crypto>(memory.data(offsetof<Crypto>(), 8));
const fingerprint = changetype<Fingerprint>(memory.data(offsetof<Fingerprint>(), 8));
const rtcp = changetype<RtcpAddress>(memory.data(offsetof<RtcpAddress>(), 8));
const media = changetype<MediaDescription>(memory.data(offsetof<MediaDescription>(), 8));

let parts: Multipart = changetype<Multipart>(0);
let received: SessionDescription = changetype<SessionDescription>(0);
let again: SessionDescription = changetype<SessionDescription>(0);

/** False if the last body is of a type that has a reader, which refused it. */
export let bodyIsRead: bool = true;

export function openBodies(): void {
  parts = newMultipart();
  received = newSessionDescription();
  again = newSessionDescription();
}

/** Good until the next call. */
export function rewrittenBody(m: Message): Slice {
  const type = m.header(Header.ContentType);
  bodyIsRead = true;
  if (size(m.body) == 0) return m.body;
  const from = mark();
  if (isContentType(type, w("application/sdp"))) bodyIsRead = rewriteSdp(m.body);
  else if (openMultipart(parts, type, m.body)) putMultipart(parts);
  else return m.body;
  const text = written(from);
  memory.copy(BODY, start(text), <usize>size(text));
  rewind(from);
  return bodyIsRead ? slice(BODY, size(text)) : m.body;
}

/** False if it is refused, or is another one after it was written. */
export function rewriteSdp(body: Slice): bool {
  if (!parseSdp(body, received)) return false;
  const from = mark();
  for (let p = start(body); p < end(body);) {
    p = readLine(p, end(body));
    if (size(line) > 0) putSdpLine(line);
  }
  return parseSdp(written(from), again) && sameDescription(received, again);
}

function putSdpLine(text: Slice): void {
  const type = lineType(text);
  const value = lineValue(text);
  if (type == 0x6d && putMedia(value)) return;
  if (type == 0x61 && putKnown(attributeName(value), attributeValue(value))) return;
  if (type == 0x61) putAttribute(attributeName(value), attributeValue(value));
  else {
    putByte(type);
    putByte(0x3d);
    put(value);
    putLine();
  }
}

function putMedia(value: Slice): bool {
  if (!readMedia(value, media)) return false;
  put(w("m="));
  put(media.type);
  putByte(32);
  putNumber(media.port);
  putByte(32);
  put(media.proto);
  putByte(32);
  put(media.formats);
  putLine();
  return true;
}

/** False, and nothing written, for one without a typed form, or that its reader refuses. */
function putKnown(name: Slice, value: Slice): bool {
  if (equals(name, w("rtpmap")) && parseRtpMap(value, map)) putRtpMap(map);
  else if (equals(name, w("candidate")) && parseCandidate(value, candidate)) putCandidate(candidate);
  else if (equals(name, w("crypto")) && parseCrypto(value, crypto)) putCrypto(crypto);
  else if (equals(name, w("rtcp")) && parseRtcp(value, rtcp)) putRtcp(rtcp);
  else if (equals(name, w("fingerprint")) && parseFingerprint(value, fingerprint))
    putFingerprint(fingerprint);
  else if (equals(name, w("setup")) && setupNamed(value) != Setup.None) {
    putAttribute(name, setupName(setupNamed(value)));
  } else if (directionNamed(name) >= 0) putAttribute(directionName(directionNamed(name)), EMPTY);
  else return false;
  return true;
}
