// The hash algorithms of digest authentication (RFC 7616 §6.1, RFC 8760 §2.1), and hashing with one of them.
//
// Known here: MD5 and SHA-256. Another one is a number, a name and a line in each switch.

import { equalsIgnoringCase, isPresent, slice, Slice, w } from "../bytes/slice";
import { MD5_BYTES, md5Add, md5Begin, md5End } from "../crypto/md5";
import { SHA256_BYTES, sha256Add, sha256Begin, sha256End } from "../crypto/sha256";

export const enum Algorithm {
  Unknown = 0,
  Md5,
  Sha256,
}

/** Room for the longest digest, in bytes. */
export const LONGEST_DIGEST: i32 = 32;

/** Of the algorithm parameter; without one it is MD5 (RFC 7616 §3.3). */
export function algorithmOf(name: Slice): Algorithm {
  if (!isPresent(name) || equalsIgnoringCase(name, w("MD5"))) return Algorithm.Md5;
  if (equalsIgnoringCase(name, w("SHA-256"))) return Algorithm.Sha256;
  return Algorithm.Unknown;
}

let current: Algorithm = Algorithm.Unknown;

export function hashBegin(algorithm: Algorithm): void {
  current = algorithm;
  if (algorithm == Algorithm.Md5) md5Begin();
  else sha256Begin();
}

export function hashAdd(bytes: Slice): void {
  if (current == Algorithm.Md5) md5Add(bytes);
  else sha256Add(bytes);
}

/** The digest, written to `out`. */
export function hashEnd(out: usize): Slice {
  if (current == Algorithm.Md5) {
    md5End(out);
    return slice(out, MD5_BYTES);
  }
  sha256End(out);
  return slice(out, SHA256_BYTES);
}
