// Our offer (RFC 3264 §5): one audio stream.

import { EMPTY } from "../bytes/slice";
import { Codec } from "./codec";
import { CodecList } from "./codec-list";
import { LocalMedia } from "./local-media";
import { putOffered } from "./srtp";
import { writeSessionLines, writeStream } from "./write";

const LIST: usize = memory.data(32);

/** Writes the offer at the output cursor. */
export function writeOffer(local: LocalMedia): void {
  const list = changetype<CodecList>(LIST);
  list.clearCodecs();
  for (let i = 0; i < local.codecCount; i++) list.addCodec(local.codec(i), local.payload(i));
  if (local.dtmfPayload) list.addCodec(Codec.TelephoneEvent, local.dtmfPayload);
  writeSessionLines(local, EMPTY);
  writeStream(local, list, local.ptime, local.direction, local.isSavp);
  if (local.srtp) putOffered(local);
}
