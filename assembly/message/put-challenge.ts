// Writing a challenge (RFC 7616 §3.3, RFC 8760 §2.4): one row for each algorithm, the one preferred first.

import { w } from "../bytes/slice";
import { put, putByte } from "../output/output";
import { beginParameters, putPair, putQuotedPair } from "./auth-parameters";
import { Challenge } from "./challenge";
import { Header } from "./header";
import { beginRow, endRow } from "./row";

/** Header.WwwAuthenticate or ProxyAuthenticate. */
export function putChallenge(h: Header, challenge: Challenge): void {
  beginRow(h);
  putChallengeValue(challenge);
  endRow();
}

/** What stands behind the name. */
export function putChallengeValue(challenge: Challenge): void {
  put(challenge.scheme);
  putByte(32);
  beginParameters();
  putQuotedPair(w("realm"), challenge.realm);
  putQuotedPair(w("nonce"), challenge.nonce);
  putQuotedPair(w("opaque"), challenge.opaque);
  if (challenge.stale) putPair(w("stale"), w("true"));
  putPair(w("algorithm"), challenge.algorithm);
  putQuotedPair(w("qop"), challenge.qop);
  if (challenge.userhash) putPair(w("userhash"), w("true"));
}
