// Two descriptions, field by field.

import { equals } from "../../../assembly/bytes/slice";
import { MediaDescription } from "../../../assembly/sdp/media-description";
import { SessionDescription } from "../../../assembly/sdp/session-description";

export function sameDescription(a: SessionDescription, b: SessionDescription): bool {
  if (!equals(a.origin, b.origin) || !equals(a.timing, b.timing) || a.mediaCount != b.mediaCount)
    return false;
  for (let i = 0; i < a.mediaCount; i++) {
    if (!sameMedia(a.media(i), b.media(i))) return false;
  }
  return sameStream(a.session, b.session);
}

function sameMedia(a: MediaDescription, b: MediaDescription): bool {
  return (
    equals(a.type, b.type) &&
    equals(a.proto, b.proto) &&
    equals(a.formats, b.formats) &&
    a.port == b.port &&
    sameStream(a, b)
  );
}

/** What may also stand in front of the first section. */
function sameStream(a: MediaDescription, b: MediaDescription): bool {
  return (
    equals(a.address, b.address) &&
    a.isIPv6 == b.isIPv6 &&
    a.direction == b.direction &&
    a.ptime == b.ptime &&
    a.maxPtime == b.maxPtime
  );
}
