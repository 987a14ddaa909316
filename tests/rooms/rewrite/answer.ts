// Our answer to an offer of the corpora, read again: line for line that of the offer (RFC 3264 §6).

import { equals, slice, w } from "../../../assembly/bytes/slice";
import { mark, rewind, written } from "../../../assembly/output/output";
import { writeAnswer } from "../../../assembly/sdp/answer";
import { Codec } from "../../../assembly/sdp/codec";
import { LocalMedia, newLocalMedia } from "../../../assembly/sdp/local-media";
import { NegotiatedMedia, newNegotiatedMedia } from "../../../assembly/sdp/negotiated-media";
import {
  newSessionDescription,
  parseSdp,
  SessionDescription,
} from "../../../assembly/sdp/session-description";

export const enum Answered {
  Unreadable = 0,
  /** 488. */
  Refused = 1,
  Same = 2,
  /** A line is missing, or is another one. */
  Different = 3,
}

let ours: LocalMedia = changetype<LocalMedia>(0);
let offer: SessionDescription = changetype<SessionDescription>(0);
let answer: SessionDescription = changetype<SessionDescription>(0);
let chosen: NegotiatedMedia = changetype<NegotiatedMedia>(0);

export function openAnswers(): void {
  ours = newLocalMedia();
  offer = newSessionDescription();
  answer = newSessionDescription();
  chosen = newNegotiatedMedia();
  ours.port = 11780;
  ours.dtmfPayload = 101;
  ours.addUsual(Codec.Pcma);
  ours.addUsual(Codec.Pcmu);
  ours.addUsual(Codec.G722);
  ours.addUsual(Codec.G729);
}

export function answerIsLikeOffer(at: usize, length: i32): Answered {
  if (!parseSdp(slice(at, length), offer)) return Answered.Unreadable;
  ours.isIPv6 = offer.mediaCount > 0 && offer.media(0).isIPv6;
  ours.address = ours.isIPv6 ? w("2001:db8::1") : w("192.0.2.1");
  const from = mark();
  if (!writeAnswer(offer, ours, chosen)) return Answered.Refused;
  const isLike = parseSdp(written(from), answer) && isAnswer();
  rewind(from);
  return isLike ? Answered.Same : Answered.Different;
}

function isAnswer(): bool {
  if (answer.mediaCount != offer.mediaCount) return false;
  let streams = 0;
  for (let i = 0; i < offer.mediaCount; i++) {
    const is = answer.media(i);
    const was = offer.media(i);
    if (!equals(is.type, was.type) || !equals(is.proto, was.proto)) return false;
    if (is.port == 0 && !equals(is.formats, was.formats)) return false;
    if (is.port != 0) streams++;
  }
  return streams <= 1 && (streams == 1) == (chosen.port != 0);
}
