// Which codec a payload type stands for, in one section of a description (RFC 3551 §6, RFC 8866 §6.6).
//
// The rtpmap lines are read once into a table of 128 bytes, so that a hostile list of formats costs no
// more than its length.

import { decimal, size, Slice, w } from "../bytes/slice";
import { Attributes } from "./attributes";
import { Codec, codecOfEncoding, FIRST_DYNAMIC, usualPayload } from "./codec";
import { CodecList } from "./codec-list";
import { firstWord, rest } from "./lines";
import { LocalMedia } from "./local-media";
import { MediaDescription } from "./media-description";

const PAYLOADS: usize = 128;
const codecs: usize = memory.data(128);
const all = changetype<Attributes>(memory.data(offsetof<Attributes>(), 8));

/** Forgets the last section: only the static numbers are known. */
export function clearPayloadTypes(): void {
  memory.fill(codecs, <u8>Codec.Unknown, PAYLOADS);
  for (let codec = 0; codec < FIRST_DYNAMIC; codec++) map(usualPayload(codec), codec);
}

/** Our own numbers: an answer that uses them may leave out what they mean. */
export function knowOurs(local: LocalMedia): void {
  for (let i = 0; i < local.codecCount; i++) map(local.payload(i), local.codec(i));
  if (<u32>(local.dtmfPayload - 1) < 127) map(local.dtmfPayload, Codec.TelephoneEvent);
}

/**
 * The section's formats that we speak too, in the section's order and with its numbers. A format that
 * is no number of 0..127 is passed over. False if no codec for voice is among them.
 */
export function commonCodecs(media: MediaDescription, local: LocalMedia, into: CodecList): bool {
  readMaps(media.lines);
  into.clearCodecs();
  let hasVoice = false;
  let formats = media.formats;
  while (size(formats) > 0) {
    const payload = payloadOf(firstWord(formats));
    formats = rest;
    const codec = payload < 0 ? Codec.Unknown : <Codec>load<u8>(codecs + payload);
    if (!isOurs(codec, local)) continue;
    into.addCodec(codec, payload);
    if (codec != Codec.TelephoneEvent) hasVoice = true;
  }
  return hasVoice;
}

function isOurs(codec: Codec, local: LocalMedia): bool {
  return codec == Codec.TelephoneEvent ? local.dtmfPayload != 0 : local.hasCodec(codec);
}

/** Reads a=rtpmap: payload SP encoding, wherever it stands. */
function readMaps(lines: Slice): void {
  all.open(lines);
  while (all.nextNamed(w("rtpmap"))) {
    const payload = payloadOf(firstWord(all.value));
    if (payload >= 0) map(payload, codecOfEncoding(rest));
  }
}

/** -1 if it is none. */
function payloadOf(text: Slice): i32 {
  return <i32>decimal(text, <i64>PAYLOADS - 1);
}

function map(payload: i32, codec: Codec): void {
  store<u8>(codecs + payload, codec);
}
