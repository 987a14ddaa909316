// Our offer (RFC 3264 §5, §8): one audio stream.

import { EMPTY } from "../bytes/slice";
import { Codec } from "./codec";
import { CodecList } from "./codec-list";
import { LocalMedia } from "./local-media";
import { SessionDescription } from "./session-description";
import { putOffered } from "./srtp";
import { writeRefused, writeSessionLines, writeStream } from "./write";

const LIST: usize = memory.data(32);

/**
 * Writes the offer at the output cursor: our stream where it stood in the description of ours that is in force, and
 * what was refused there once more (RFC 3264 §8: no line goes away).
 */
export function writeOffer(local: LocalMedia, last: SessionDescription): void {
  const list = changetype<CodecList>(LIST);
  list.clearCodecs();
  for (let i = 0; i < local.codecCount; i++) list.addCodec(local.codec(i), local.payload(i));
  if (local.dtmfPayload) list.addCodec(Codec.TelephoneEvent, local.dtmfPayload);
  writeSessionLines(local, EMPTY);
  const place = last.stream;
  for (let i = 0; i < last.mediaCount; i++) {
    if (i == place) writeOurs(local, list);
    else writeRefused(last.media(i));
  }
  if (place < 0) writeOurs(local, list);
}

function writeOurs(local: LocalMedia, list: CodecList): void {
  writeStream(local, list, local.ptime, local.direction, local.isSavp);
  if (local.srtp) putOffered(local);
}
