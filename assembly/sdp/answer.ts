// The answer, ours and the peer's (RFC 3264 §6, §7).
//
// A phone plays one stream. Ours is the first audio line with keys for SRTP, or else over RTP/AVP, as the account
// wants, that has a codec in common; every other line is refused where it stands, so that the count and the order
// stay the offer's.

import { end, equals, equalsIgnoringCase, isPresent, Slice, start, w } from "../bytes/slice";
import { Codec, DEFAULT_PTIME, frameOfIlbc } from "./codec";
import { CodecList } from "./codec-list";
import { Direction, reversed } from "./direction";
import { line, lineType, readLine } from "./lines";
import { LocalMedia, Srtp } from "./local-media";
import { MediaDescription } from "./media-description";
import { clearNegotiated, NegotiatedMedia } from "./negotiated-media";
import { attributeIn, Attributes } from "./attributes";
import { clearPayloadTypes, commonCodecs, knowOurs } from "./payload-types";
import { formatParameter, formatParameters } from "./rtpmap";
import { SessionDescription } from "./session-description";
import { findCrypto, putOurs, takesOurs, theirs } from "./srtp";
import { writeRefused, writeSessionLines, writeStream } from "./write";

const COMMON: usize = memory.data(32);
const attributes = changetype<Attributes>(memory.data(offsetof<Attributes>(), 8));

/**
 * Writes our answer at the output cursor and says in `chosen` what came of it. False, and nothing
 * written, if streams are offered of which we can take none: 488. An offer that has no stream, or only
 * lines of port 0, asks for nothing: it is answered line by line, and chosen.port is 0 (RFC 3264 §5).
 */
export function writeAnswer(offer: SessionDescription, local: LocalMedia, chosen: NegotiatedMedia): bool {
  clearNegotiated(chosen);
  const common = changetype<CodecList>(COMMON);
  let taken = local.srtp != Srtp.Off ? firstUsable(offer, local, common, true) : -1;
  chosen.isSecure = taken >= 0;
  if (taken < 0 && local.srtp != Srtp.Compulsory) taken = firstUsable(offer, local, common, false);
  if (taken < 0 && offer.stream >= 0) return false;
  writeSessionLines(local, offer.timing); // t= is the offer's (RFC 3264 §6)
  for (let i = 0; i < offer.mediaCount; i++) {
    const media = offer.media(i);
    if (i != taken) {
      writeRefused(media);
      continue;
    }
    settle(media, local, common, chosen);
    const ptime = chosen.codec == Codec.Ilbc ? chosen.ptime : shorter(local.ptime, media.maxPtime);
    writeStream(local, common, ptime, chosen.direction, chosen.isSavp);
    if (chosen.isSecure) putOurs(local, theirs.tag, theirs.suite);
  }
  return true;
}

/**
 * Reads the peer's answer to `offer`, one of writeOffer. False if it has not as many lines, or ours
 * is refused, or none of its formats was offered, or its key is none to ours; `chosen` then says that there is no
 * stream.
 */
export function readAnswer(
  answer: SessionDescription,
  local: LocalMedia,
  offer: Slice,
  chosen: NegotiatedMedia,
): bool {
  clearNegotiated(chosen);
  const place = answer.stream;
  if (place < 0 || answer.mediaCount != countSections(offer)) return false;
  const media = answer.media(place);
  const common = changetype<CodecList>(COMMON);
  clearPayloadTypes();
  knowOurs(local);
  const isSecure: bool = local.srtp != Srtp.Off && isPresent(attributeIn(media.lines, w("crypto")));
  if (!isPossible(media, local, isSecure) || !commonCodecs(media, local, common)) return false;
  if (isSecure ? !takesOurs(media.lines, offer) : local.isSavp || local.srtp == Srtp.Compulsory) return false;
  chosen.isSecure = isSecure;
  settle(media, local, common, chosen);
  // An answer that takes nothing because we send nothing holds nobody.
  chosen.isHeld = chosen.isHeld && (local.direction & Direction.SendOnly) != 0;
  return true;
}

/** -1 if there is none; else `common` has its codecs. */
function firstUsable(offer: SessionDescription, local: LocalMedia, common: CodecList, isSecure: bool): i32 {
  for (let i = 0; i < offer.mediaCount; i++) {
    clearPayloadTypes();
    const media = offer.media(i);
    if (!isPossible(media, local, isSecure) || !commonCodecs(media, local, common)) continue;
    if (!isSecure || findCrypto(media.lines, theirs, -1)) return i;
  }
  return -1;
}

/** An audio line over RTP, to an address that we can reach from ours; SRTP may be announced by its keys alone. */
function isPossible(media: MediaDescription, local: LocalMedia, isSecure: bool): bool {
  return (
    media.port != 0 &&
    equalsIgnoringCase(media.type, w("audio")) &&
    (equalsIgnoringCase(media.proto, w("RTP/AVP")) || (isSecure && isSavp(media))) &&
    isPresent(media.address) &&
    (media.isIPv6 == local.isIPv6 || media.isUnspecified)
  );
}

function isSavp(media: MediaDescription): bool {
  return equalsIgnoringCase(media.proto, w("RTP/SAVP"));
}

/** How many m= lines that is. */
function countSections(text: Slice): i32 {
  const stop = end(text);
  let count = 0;
  let p = start(text);
  while (p != 0 && p < stop) {
    p = readLine(p, stop);
    if (lineType(line) == 0x6d) count++;
  }
  return count;
}

function settle(
  media: MediaDescription,
  local: LocalMedia,
  common: CodecList,
  chosen: NegotiatedMedia,
): void {
  chosen.address = media.address;
  chosen.isIPv6 = media.isIPv6;
  chosen.isSavp = isSavp(media);
  chosen.port = media.port;
  chosen.direction = <Direction>(reversed(media.wish) & local.direction);
  chosen.isHeld = (media.wish & Direction.RecvOnly) == 0;
  const ptime = media.ptime ? media.ptime : local.ptime ? local.ptime : DEFAULT_PTIME;
  chosen.ptime = shorter(ptime, media.maxPtime);
  for (let i = common.codecCount; i > 0; i--) {
    const codec = common.codec(i - 1);
    if (codec == Codec.TelephoneEvent) chosen.dtmfPayload = common.payload(i - 1);
    else {
      chosen.codec = codec;
      chosen.payload = common.payload(i - 1);
    }
  }
  if (chosen.codec == Codec.Ilbc) agreeOnFrame(media, local, chosen);
}

/** One side that wants 30 ms has them, and who says nothing wants them (RFC 3952 §5). */
function agreeOnFrame(media: MediaDescription, local: LocalMedia, chosen: NegotiatedMedia): void {
  const theirs = formatParameter(formatParameters(attributes, media.lines, chosen.payload), w("mode"));
  const is20 = equals(theirs, w("20")) && frameOfIlbc(local.ptime) == 20;
  const frame = is20 ? 20 : 30;
  if (chosen.ptime % frame) chosen.ptime = frame;
}

/** At most `most`, where that is not 0. */
function shorter(ptime: i32, most: i32): i32 {
  return most != 0 && most < ptime ? most : ptime;
}
