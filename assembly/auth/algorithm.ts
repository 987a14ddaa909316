// The hash algorithms of digest authentication (RFC 7616 §6.1, RFC 8760 §2.1), and hashing with one of them.

import { equalsIgnoringCase, isPresent, size, slice, Slice, start, tail, w } from "../bytes/slice";
import { MD5_BYTES, md5Add, md5Begin, md5End } from "../crypto/md5";
import { SHA256_BYTES, sha256Add, sha256Begin, sha256End } from "../crypto/sha256";
import { SHA512_256_BYTES, sha512256Add, sha512256Begin, sha512256End } from "../crypto/sha512-256";

export const enum Algorithm {
  Unknown = 0,
  Md5,
  Sha256,
  Sha512256,
}

/** Room for the longest digest, in bytes. */
export const LONGEST_DIGEST: i32 = 32;

/** Bytes of "-sess". */
const SUFFIX: i32 = 5;

/** Of the algorithm parameter, a session's or not; without one it is MD5 (RFC 7616 §3.3). */
export function algorithmOf(name: Slice): Algorithm {
  if (!isPresent(name)) return Algorithm.Md5;
  const base = isSession(name) ? slice(start(name), size(name) - SUFFIX) : name;
  if (equalsIgnoringCase(base, w("MD5"))) return Algorithm.Md5;
  if (equalsIgnoringCase(base, w("SHA-256"))) return Algorithm.Sha256;
  if (equalsIgnoringCase(base, w("SHA-512-256"))) return Algorithm.Sha512256;
  return Algorithm.Unknown;
}

/** The password is hashed together with the nonces: MD5-sess and its like (RFC 7616 §3.4.2). */
export function isSession(name: Slice): bool {
  return size(name) > SUFFIX && equalsIgnoringCase(tail(name, size(name) - SUFFIX), w("-sess"));
}

let current: Algorithm = Algorithm.Unknown;

export function hashBegin(algorithm: Algorithm): void {
  current = algorithm;
  if (algorithm == Algorithm.Md5) md5Begin();
  else if (algorithm == Algorithm.Sha256) sha256Begin();
  else sha512256Begin();
}

export function hashAdd(bytes: Slice): void {
  if (current == Algorithm.Md5) md5Add(bytes);
  else if (current == Algorithm.Sha256) sha256Add(bytes);
  else sha512256Add(bytes);
}

/** The digest, written to `out`. */
export function hashEnd(out: usize): Slice {
  if (current == Algorithm.Md5) {
    md5End(out);
    return slice(out, MD5_BYTES);
  }
  if (current == Algorithm.Sha256) {
    sha256End(out);
    return slice(out, SHA256_BYTES);
  }
  sha512256End(out);
  return slice(out, SHA512_256_BYTES);
}
