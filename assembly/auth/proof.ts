// What a request and its user bring to the answer of a challenge.

import { reserve } from "../bytes/arena";
import { Slice } from "../bytes/slice";

/** Plain text, without escapes. */
@unmanaged
export class Proof {
  method: Slice;
  /** The Request-URI, as it stands in the request. */
  uri: Slice;
  user: Slice;
  password: Slice;
  body: Slice;
  /** Of the client, as long as the nonce lasts. */
  cnonce: Slice;
  /** nc: how often this nonce was used, in 8 hexadecimal digits. */
  count: Slice;
}

export function newProof(): Proof {
  return changetype<Proof>(reserve(offsetof<Proof>()));
}
